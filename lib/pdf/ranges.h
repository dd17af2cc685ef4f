/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_RANGES_H
#define DEED_PDF_RANGES_H

#include "crypto/digest.h"
#include "pdf/input.h"

/*
 * The digests of several ByteRanges in one pass.  All begin at byte 0, so
 * that what they have in common is hashed once: the time is that of the
 * longest first range, and of all second ranges.
 */
struct pdf_range {
	uint64_t first_len;		/* bytes from 0 to the gap */
	uint64_t second_at, second_len; /* after the gap */
	uint8_t digest[DIGEST_MAX];	/* the result */
};

/*
 * Fill in the digest of each range.  whole, if not NULL, gets the digest of
 * the entire input.  Ranges past the end are DEED_MALFORMED.
 */
enum deed_status pdf_digest_ranges(const struct pdf_input *in,
				   enum digest_alg alg,
				   struct pdf_range *ranges, size_t count,
				   uint8_t *whole,
				   struct deed_error *err) DEED_MUST_USE;

#endif
