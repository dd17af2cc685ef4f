/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_HEX_H
#define DEED_CODEC_HEX_H

#include "base/buf.h"

/* Hexadecimal, written in lower case, read in either. */

/* Append two digits an octet. */
void hex_encode(struct slice in, struct buf *out);

/* The same into 2 * in.len + 1 characters, with a NUL. */
void hex_text(struct slice in, char *out);

/* Exactly size octets, without memory, whose lack is no fault of the text;
 * false (out undefined) for another count or a non-digit. */
bool hex_read(struct slice text, uint8_t *out, size_t size);

/* The same where one value has one spelling: no capitals. */
bool hex_read_lower(struct slice text, uint8_t *out, size_t size);

/* The value of one digit, or -1. */
extern const int8_t hex_digits[256];
static inline int hex_digit(uint8_t c)
{
	return hex_digits[c];
}

#endif
