/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_DIRECTORY_H
#define DEED_ARCHIVE_PLACE_DIRECTORY_H

#include "archive/place/backend.h"

/* What the files of the back end for directories share. */
#define FAN 2 /* digits */
#define DIR_MODE 0700

/* Where no link is followed, a link is as good as nothing. */
bool directory_is_absent(int why);

/* DEED_REMOTE, DEED_DENIED, or what errno says: "cannot WHAT 'PATH'". */
enum deed_status directory_failed(int why, const char *what, const char *path,
				  struct deed_error *err);

/* DEED_REMOTE: nothing of a place is there. */
enum deed_status directory_no_place(const char *where, struct deed_error *err);

enum deed_status directory_not_found(const char *path, struct deed_error *err);

/* As place_probe: older places may lack PLACE_ABOUT. */
bool directory_is_place(const char *where);

/* Two digits: what is in it lies beside it. */
bool directory_is_fan(const char *name);

/* Where a folder lies, or would be made; with folder NULL, where itself. */
enum deed_status directory_folder(const char *where, const char *folder,
				  char **out,
				  struct deed_error *err) DEED_MUST_USE;

/* The same, not NULL, and whether it is there. */
enum deed_status directory_find(const char *where, const char *folder,
				char **out, bool *there,
				struct deed_error *err) DEED_MUST_USE;

/* What of a file a ticket asks for; neither a link nor a pipe put there by
 * somebody is followed. */
enum deed_status directory_read(const char *path, const struct place_ticket *t,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* Each name in a directory; with fan what is in its folders of two digits
 * instead of those. */
enum deed_status directory_list_in(const char *path, bool fan, place_fn *fn,
				   void *arg,
				   struct deed_error *err) DEED_MUST_USE;

/* Each object of a folder and its size. */
enum deed_status directory_sizes(struct place *p, const char *folder,
				 place_walk_fn *fn, void *arg,
				 struct deed_error *err) DEED_MUST_USE;

/* Of struct place_backend; of begin what PLACE_PUT is. */
enum deed_status directory_put(struct place_ticket *t,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status directory_modified(struct place *p, const char *folder,
				    const char *name, int64_t *out,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status directory_walk(struct place *p, const char *after,
				place_walk_fn *fn, void *arg,
				struct deed_error *err) DEED_MUST_USE;

#endif
