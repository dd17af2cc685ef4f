/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_FOLDERS_H
#define DEED_ARCHIVE_FOLDERS_H

#include "archive/archive.h"
#include "archive/object.h"

/*
 * All deposits that any place has, in the order of their folders, and the
 * manifests that places list of each.  Places are read side by side, by pages
 * (place_walk): a store tells a thousand names a request, whatever folders they
 * are in, and no folder is asked for.
 *
 *	folders_new(a, &f, err)
 *	while (folders_next(f, &folder, err) == DEED_OK) ...
 *	folders_free(f)
 *
 * What comes or goes meanwhile may be told or not.  Limits: of a place so many
 * manifests of a folder are told, and what is not in its order, or not named as
 * deed names it, is passed over.
 */
#define FOLDERS_NAMES 2048

struct folders;

struct folders_name {
	struct object_name o;
	uint64_t places; /* that list it: bit i is the archive's i */
};

/* Borrowed until the next. */
struct folders_one {
	const char *folder;
	const struct folders_name
		*name; /* by number, then as places had them */
	size_t count;
	uint64_t listed; /* places that could be listed so far */
};

enum deed_status folders_new(struct archive *a, struct folders **out,
			     struct deed_error *err) DEED_MUST_USE;

/* DEED_NOT_FOUND at the end, err as it was. */
enum deed_status folders_next(struct folders *f, struct folders_one *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Was there a place that could not be read to its end? */
bool folders_unread(const struct folders *f);
void folders_free(struct folders *f);

#endif
