/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PUT_H
#define DEED_ARCHIVE_PUT_H

#include "archive/manifest.h"
#include "archive/source.h"

/*
 * Making a deposit: everything but the manifest is brought to every place
 * and made durable there.  Then the caller has the manifest signed and
 * published (archive_publish), which makes the deposit one, and settles.
 *
 *	archive_sweep(a, err)			what killed runs left
 *	archive_put(a, &order, &draft, err)
 *	draft_manifest(draft)			add time, label, checkpoint
 *	... sign, publish ...
 *	archive_settle(a, draft, how)		always
 *
 * Chunks are made by several threads, each with the memory of one chunk and
 * its parity; only the hashing of what they read goes in order.  Random keys:
 * nothing can be resumed, what was begun is removed.
 */

/* A party that can open the deposit; slices are borrowed. */
struct archive_recipient {
	uint8_t certificate[SHA256_SIZE];
	struct slice key_id; /* subjectKeyIdentifier */
	struct slice spki;   /* of the deposit key: RSA or P-256 */
};

struct archive_order {
	const struct archive_input *input;
	size_t input_count;
	const struct archive_recipient *to;
	size_t to_count; /* 1 to MANIFEST_RECIPIENTS */
	unsigned jobs;	 /* threads; 0: one a processor, 4 at most */
};

struct draft;

/* A failure leaves nothing at the places.  *out is settled by the caller. */
enum deed_status archive_put(struct archive *a,
			     const struct archive_order *order,
			     struct draft **out,
			     struct deed_error *err) DEED_MUST_USE;

/* To be completed by the caller. */
struct manifest *draft_manifest(struct draft *d);

/* SHA-256 of input i, of the bytes that were deposited. */
const uint8_t *draft_sha256(const struct draft *d, size_t i);

enum draft_end {
	DRAFT_PUBLISHED, /* its manifest is at every place */
	DRAFT_DISCARDED, /* nothing was logged: remove it from the places */
	DRAFT_UNSURE,	 /* left for archive_sweep, once event_recover has
			  * finished or undone what was logged */
};

/* Free it, after what its end asks for.  NULL does nothing. */
void archive_settle(struct archive *a, struct draft *d, enum draft_end end);

/*
 * Remove what killed runs left: deposits that were begun and have no manifest
 * anywhere.  Call it after event_recover, which finishes what was logged.
 */
enum deed_status archive_sweep(struct archive *a,
			       struct deed_error *err) DEED_MUST_USE;

#endif
