/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_BASE64_H
#define DEED_CODEC_BASE64_H

#include "base/buf.h"

/*
 * Base64 (RFC 4648 4), strict: no white space, padding required, unused bits
 * zero.  PEM's lines are codec/pem.h.  The decoder takes the same time for
 * every digit, since private keys pass through it.
 */

/* Append; no line breaks. */
void base64_encode(struct slice in, struct buf *out);

/* Append the octets; false (out as before) if the text is not strict. */
bool base64_decode(struct slice text, struct buf *out);

/* At most this many octets come of len characters. */
static inline size_t base64_decoded_max(size_t len)
{
	return len / 4 * 3 + 3;
}

/*
 * The same into out, which has room for base64_decoded_max(text.len); with
 * lines, CR, LF, space and tab are skipped (PEM).
 */
bool base64_decode_into(struct slice text, bool lines, uint8_t *out,
			size_t *len);

/* Base32 (RFC 4648 6) without padding, capitals; append. */
void base32_encode(struct slice in, struct buf *out);

#endif
