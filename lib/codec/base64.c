/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct slice in, struct buf *out)
{
	uint8_t *to = buf_reserve(out, in.len / 3 * 4 + 4);
	const uint8_t *p = in.data;
	size_t left = in.len;
	uint32_t v;

	if (to == NULL)
		return;
	for (; left >= 3; left -= 3, p += 3, to += 4) {
		v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		to[0] = (uint8_t)alphabet[v >> 18];
		to[1] = (uint8_t)alphabet[v >> 12 & 63];
		to[2] = (uint8_t)alphabet[v >> 6 & 63];
		to[3] = (uint8_t)alphabet[v & 63];
	}
	if (left > 0) {
		v = (uint32_t)p[0] << 16;
		if (left == 2)
			v |= (uint32_t)p[1] << 8;
		to[0] = (uint8_t)alphabet[v >> 18];
		to[1] = (uint8_t)alphabet[v >> 12 & 63];
		to[2] = left == 2 ? (uint8_t)alphabet[v >> 6 & 63] : '=';
		to[3] = '=';
	}
	out->len += (in.len + 2) / 3 * 4;
}

/* 0xff where a <= c <= b, else 0, without a branch. */
static unsigned between(unsigned a, unsigned c, unsigned b)
{
	return ~((c - a) >> 8 | (b - c) >> 8) & 0xff;
}

/* The value of a digit, or 0x100 where it is none, without a table that a
 * cache could betray. */
static unsigned digit(unsigned c)
{
	unsigned known = between('A', c, 'Z') | between('a', c, 'z') |
			 between('0', c, '9') | between('+', c, '+') |
			 between('/', c, '/');
	unsigned value = (between('A', c, 'Z') & (c - 'A')) |
			 (between('a', c, 'z') & (c - 'a' + 26)) |
			 (between('0', c, '9') & (c - '0' + 52)) |
			 (between('+', c, '+') & 62) |
			 (between('/', c, '/') & 63);

	return value | ((~known & 1) << 8);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* No branch on a digit, for private keys come this way: what is wrong is noted
 * and told at the end.  White space and padding are no secret. */
bool base64_decode_into(struct slice text, bool lines, uint8_t *out,
			size_t *len)
{
	uint32_t v = 0;
	unsigned in_group = 0, pads = 0, bad = 0;
	uint8_t *to = out;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (lines && is_blank(c))
			continue;
		if (pads > 0 && c != '=')
			return false;
		if (c == '=') {
			if (in_group < 2)
				return false;
			pads++;
			v <<= 6;
		} else {
			unsigned d = digit(c);

			bad |= d;
			v = v << 6 | (d & 63);
		}
		if (++in_group < 4)
			continue;
		*to++ = (uint8_t)(v >> 16);
		if (pads < 2)
			*to++ = (uint8_t)(v >> 8);
		if (pads < 1)
			*to++ = (uint8_t)v;
		/* Unused bits are zero (RFC 4648 3.5). */
		if ((pads == 1 && (v & 0xff) != 0) ||
		    (pads == 2 && (v & 0xffff) != 0))
			return false;
		if (pads > 0) {
			/* Nothing but blanks may follow. */
			for (i++; i < text.len; i++) {
				if (!lines || !is_blank(text.data[i]))
					return false;
			}
		}
		in_group = 0;
		v = 0;
	}
	*len = (size_t)(to - out);
	return in_group == 0 && (bad & 0x100) == 0;
}

bool base64_decode(struct slice text, struct buf *out)
{
	uint8_t *to = buf_reserve(out, base64_decoded_max(text.len));
	size_t len;

	if (to == NULL)
		return true; /* buf_status tells */
	if (!base64_decode_into(text, false, to, &len))
		return false;
	out->len += len;
	return true;
}

void base32_encode(struct slice in, struct buf *out)
{
	static const char alphabet32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	unsigned count = 0;
	size_t i;

	for (i = 0; i < in.len; i++) {
		bits = bits << 8 | in.data[i];
		for (count += 8; count >= 5; count -= 5)
			buf_byte(out,
				 (uint8_t)alphabet32[bits >> (count - 5) & 31]);
	}
	if (count > 0)
		buf_byte(out, (uint8_t)alphabet32[bits << (5 - count) & 31]);
}
