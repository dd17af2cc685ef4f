/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PUT_H
#define DEED_ARCHIVE_PUT_H

#include "archive/manifest.h"
#include "archive/source.h"

/*
 * Making deposits: everything but the manifests is brought to every place, or
 * to as many as are wanted (archive/spread.h), and made durable there.  Then
 * the caller has the manifests signed and published (archive_publish), which
 * makes the deposits some, and settles.
 *
 *	archive_sweep(a, recover, arg, err)	what killed runs left
 *	archive_begin(a, 2, 0, &begun, err)
 *	archive_put(begun, &order, &draft, err)	for each, in any thread
 *	draft_manifest(draft)			add time, label, checkpoint
 *	archive_sync(a, drafts, count)		once for all
 *	draft_status(draft, err)		have enough places each?
 *	... sign, publish at draft_what ...
 *	archive_settle(a, draft, how)		always, each
 *	archive_end(begun)			always
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
	bool pack; /* the inputs behind the first are documents of a pack */
};

struct draft;

/*
 * Deposits that are being made.  Before the first is, their random names
 * stand in a file that archive_sweep finds, ARCHIVE_TOGETHER in each, locked
 * while one of them is not settled; and README and script lie at every place,
 * not yet durable.
 */
#define ARCHIVE_TOGETHER 100
struct begun;

/* count: how many there will be, at most; for the first file.  min_places:
 * as spread_open, which fails for it.  The archive stays open until
 * archive_end.  NULL does nothing there. */
enum deed_status archive_begin(struct archive *a, size_t count,
			       size_t min_places, struct begun **out,
			       struct deed_error *err) DEED_MUST_USE;
void archive_end(struct begun *b);

/* Not durable before archive_sync.  A failure leaves nothing at the places.
 * *out is settled by the caller.  For any thread. */
enum deed_status archive_put(struct begun *b, const struct archive_order *order,
			     struct draft **out,
			     struct deed_error *err) DEED_MUST_USE;

/* To be completed by the caller. */
struct manifest *draft_manifest(struct draft *d);

/* Make durable what was written to the places, each of them once.  One that
 * cannot counts as having nothing of these deposits. */
void archive_sync(struct archive *a, struct draft *const drafts[],
		  size_t count);

/* Have enough places all of it?  Else why the last of those that failed did. */
enum deed_status draft_status(const struct draft *d,
			      struct deed_error *err) DEED_MUST_USE;

/* Append what archive_publish is to be told of its manifest, whose SHA-256 is
 * cms. */
void draft_what(struct draft *d, const uint8_t cms[SHA256_SIZE],
		struct buf *what);

/* After that: the names of the places that have not all of it, which are the
 * archive's; how many. */
size_t draft_lacking(const struct draft *d, const struct archive *a,
		     const char *name[ARCHIVE_PLACES_MAX]);

/* SHA-256 of input i, of the bytes that were deposited, and those of the inputs
 * behind it; and the salt of their index, INDEX_SALT bytes. */
const uint8_t *draft_sha256(const struct draft *d, size_t i);
const uint8_t *draft_salt(const struct draft *d);

enum draft_end {
	DRAFT_PUBLISHED, /* its manifest is at the places */
	DRAFT_DISCARDED, /* nothing was logged: remove it from the places */
	DRAFT_UNSURE,	 /* left for archive_sweep, once event_recover has
			  * finished or undone what was logged */
};

/* Free it, after what its end asks for.  NULL does nothing. */
void archive_settle(struct archive *a, struct draft *d, enum draft_end end);

/*
 * Remove what killed runs left: deposits that were begun and have no manifest
 * anywhere.  While places are away what they may have of them is remembered;
 * where so many are that a manifest could lie at those alone, nothing is
 * removed.  recover, which is event_recover, finishes what was logged; it is
 * called when the process of such a deposit has ended, and before its manifest
 * is looked for: a run that is killed in between has it logged, and no
 * manifest yet.
 */
typedef enum deed_status archive_recover_fn(void *arg, struct deed_error *err);
enum deed_status archive_sweep(struct archive *a, archive_recover_fn *recover,
			       void *arg, struct deed_error *err) DEED_MUST_USE;

#endif
