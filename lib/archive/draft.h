/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_DRAFT_H
#define DEED_ARCHIVE_DRAFT_H

#include "archive/begun.h"

/* A deposit that is being made, as put.c and draft.c share it. */
struct draft {
	struct manifest *m;
	uint8_t (*sha256)[SHA256_SIZE]; /* of each input */
	uint8_t salt[INDEX_SALT];	/* of the index */
	struct marker *marker;
	struct spread spread;
	uint8_t cms[SHA256_SIZE]; /* of the signed manifest; see draft_what */
	char folder[2 * ARCHIVE_DEPOSIT + 1];
};

/* Copy the hashes of the inputs, all of which were read, and the salt. */
enum deed_status draft_keep_hashes(struct draft *d, const struct source *s,
				   size_t count,
				   struct deed_error *err) DEED_MUST_USE;

#endif
