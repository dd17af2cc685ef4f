/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_BEGUN_H
#define DEED_ARCHIVE_BEGUN_H

#include "archive/put.h"
#include "archive/spread.h"

/* Names of deposits that are being made, as put.c, draft.c and begun.c share
 * them. */
struct marker;

/* What every deposit of one archive_begin has in common. */
struct begun_texts {
	uint8_t readme[SHA256_SIZE];
	uint8_t script[SHA256_SIZE];
};

struct archive *begun_archive(const struct begun *b);
const struct begun_texts *begun_texts(const struct begun *b);

/* Over which places a deposit is spread when it is begun. */
const struct spread *begun_spread(const struct begun *b);

/* A name that stands in a marker, and the marker: held until
 * marker_release. */
enum deed_status begun_name(struct begun *b, uint8_t deposit[ARCHIVE_DEPOSIT],
			    struct marker **out,
			    struct deed_error *err) DEED_MUST_USE;

/* With unsure the marker stays for archive_sweep.  NULL does nothing. */
void marker_release(struct marker *m, bool unsure);

/* Call fn with the folder of each deposit that a process which died had
 * begun, then forget them; not where it fails, or says to keep one. */
typedef enum deed_status begun_fn(void *arg, const char *folder, bool *keep,
				  struct deed_error *err);
enum deed_status begun_left(struct archive *a, begun_fn *fn, void *arg,
			    struct deed_error *err) DEED_MUST_USE;

/* Call fn with the folder of each deposit that anybody has begun and that is
 * not settled, whether its process lives or not.  Nothing is locked. */
typedef enum deed_status begun_folder_fn(void *arg, const char *folder,
					 struct deed_error *err);
enum deed_status begun_folders(const struct archive *a, begun_folder_fn *fn,
			       void *arg, struct deed_error *err) DEED_MUST_USE;

#endif
