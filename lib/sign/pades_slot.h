/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_SLOT_H
#define DEED_SIGN_PADES_SLOT_H

#include "base/buf.h"

/*
 * The place that a signature dictionary keeps for its value: /ByteRange with
 * numbers of ten digits (PDF_INPUT_MAX) and /Contents full of zeros (ISO
 * 32000-2 12.8.1), so that the length of the update is known before what it
 * says.
 */
struct pades_slot {
	size_t range_at, contents_at, contents_len; /* in the body */
};

/* Append both entries to the dictionary that is being written; the value may
 * have max octets. */
void pades_slot_put(struct pades_slot *slot, size_t max, struct buf *body);

/*
 * In the finished tail, where the dictionary's body begins at offset body
 * (pdf_update_offset): write the ByteRange for a document of size octets
 * before it.  The hexadecimal string, < and > included, is tail[*first] to
 * tail[*second].
 */
void pades_slot_range(const struct pades_slot *slot, uint64_t size,
		      uint64_t body, struct buf *tail, uint64_t range[4],
		      size_t *first, size_t *second);

/* What a value may be longer by at the second attempt than at the first, and
 * the attempts: a time-stamp token is not always of one length. */
#define PADES_SLOT_SPARE 128
#define PADES_SLOT_TRIES 3

/* Put the value into its place; *fits is false where it is too long. */
enum deed_status pades_slot_fill(struct slice value, struct buf *tail,
				 size_t first, size_t second, bool *fits,
				 struct deed_error *err) DEED_MUST_USE;

#endif
