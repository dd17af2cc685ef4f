/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_UTF8_H
#define DEED_CODEC_UTF8_H

#include "base/buf.h"

/* UTF-8 (RFC 3629): shortest form, no surrogates, up to U+10FFFF. */

bool utf8_valid(struct slice text);

/* The next code point, moving *text behind it; false at the end or where
 * the text is not valid. */
bool utf8_next(struct slice *text, uint32_t *code);

/* Append a code point; what is none (surrogate, over U+10FFFF) is U+FFFD. */
void utf8_put(struct buf *out, uint32_t code);

/*
 * Append text fit for a terminal: invalid octets become U+FFFD, control
 * characters (C0, DEL, C1) and those that turn the direction of writing or
 * break lines (U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069, U+FEFF)
 * become a space.
 */
void utf8_clean(struct slice text, struct buf *out);

/* Characters, invalid octets counting as one each. */
size_t utf8_length(struct slice text);

/* The length of the first whole characters that have max octets or fewer. */
size_t utf8_cut(struct slice text, size_t max);

/* Append UTF-16 big-endian as UTF-8; false (out as before) if it is broken. */
bool utf8_from_utf16be(struct slice text, struct buf *out);

/* Append as UTF-16 big-endian; false (out as before) if not valid UTF-8. */
bool utf8_to_utf16be(struct slice text, struct buf *out);

#endif
