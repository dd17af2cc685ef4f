/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_DRAFT_H
#define DEED_ARCHIVE_DRAFT_H

#include "archive/begun.h"
#include "archive/flight.h"

/* A deposit that is being made, as put.c and the files of drafts share it. */
struct draft {
	struct manifest *m;
	uint8_t (*sha256)[SHA256_SIZE]; /* of each input */
	uint8_t salt[INDEX_SALT];	/* of the index */
	struct marker *marker;
	struct archive *archive;
	struct flight flight;  /* what goes to the places */
	pthread_mutex_t mutex; /* over spread, while some is under way */
	struct spread spread;
	uint8_t cms[SHA256_SIZE]; /* of the signed manifest; see draft_what */
	char folder[2 * ARCHIVE_DEPOSIT + 1];
};

/* For begun deposits of that archive; freed by archive_settle. */
enum deed_status draft_new(struct archive *a, struct draft **out,
			   struct deed_error *err) DEED_MUST_USE;

/* Does the place of a part get nothing of it?  DEED_OK, or why too few places
 * are left. */
enum deed_status draft_lacks(struct draft *d, unsigned part, bool *lacks,
			     struct deed_error *err) DEED_MUST_USE;

/* The place of a part failed; as spread_fail. */
enum deed_status draft_fail(struct draft *d, unsigned part,
			    const struct deed_error *why,
			    struct deed_error *err);

/* Remove all that the places have in a folder, as far as it goes; but not
 * where it is known that nothing is (by place, or NULL).  Is nothing left? */
bool draft_remove(struct archive *a, const char *folder, const bool *nothing);

/* Copy the hashes of the inputs, all of which were read, and the salt. */
enum deed_status draft_keep_hashes(struct draft *d, const struct source *s,
				   size_t count,
				   struct deed_error *err) DEED_MUST_USE;

#endif
