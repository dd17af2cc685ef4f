/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_DRAFT_H
#define DEED_ARCHIVE_DRAFT_H

#include "archive/put.h"
#include "base/lock.h"

/* A deposit that is being made, as put.c and draft.c share it. */
struct draft {
	struct manifest *m;
	uint8_t (*sha256)[SHA256_SIZE]; /* of each input */
	struct lock *lock;		/* on marker */
	char *marker;
	char folder[2 * ARCHIVE_DEPOSIT + 1];
};

/* Say, before anything is written, that this deposit has begun. */
enum deed_status draft_mark(struct archive *a, struct draft *d,
			    struct deed_error *err) DEED_MUST_USE;

/* Copy the hashes of the inputs, all of which were read. */
enum deed_status draft_keep_hashes(struct draft *d, const struct source *s,
				   size_t count,
				   struct deed_error *err) DEED_MUST_USE;

#endif
