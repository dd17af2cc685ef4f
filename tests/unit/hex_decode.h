/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_HEX_DECODE_H
#define DEED_TESTS_UNIT_HEX_DECODE_H

#include "codec/hex.h"

/* Vectors are written in hexadecimal, of any length: append the octets; false
 * (out as before) for an odd count or a non-digit. */
static inline bool hex_decode(struct slice text, struct buf *out)
{
	uint8_t *at = buf_reserve(out, text.len / 2);

	if (at == NULL || !hex_read(text, at, text.len / 2))
		return false;
	out->len += text.len / 2;
	return true;
}

#endif
