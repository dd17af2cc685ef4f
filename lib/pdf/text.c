/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/object_internal.h"

#include <stdlib.h>

#include "base/buf.h"

#define REPLACEMENT 0xfffd

/* PDFDocEncoding where it is not ISO 8859-1 (ISO 32000-2 table D.2). */
static const uint16_t low_codes[8] = { 0x2d8, 0x2c7, 0x2c6, 0x2d9,
				       0x2dd, 0x2db, 0x2da, 0x2dc };
static const uint16_t high_codes[33] = {
	0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192,	0x2044, 0x2039,
	0x203a, 0x2212, 0x2030, 0x201e, 0x201c, 0x201d, 0x2018, 0x2019, 0x201a,
	0x2122, 0xfb01, 0xfb02, 0x141,	0x152,	0x160,	0x178,	0x17d,	0x131,
	0x142,	0x153,	0x161,	0x17e,	0xfffd, 0x20ac,
};

/* Where a name is shown, nothing in it may move the cursor or turn what stands
 * beside it. */
static void put_utf8(struct buf *out, uint32_t c)
{
	/* Control characters, line ends and the marks that turn the direction
	 * of text around have no place in a name: those that utf8_clean
	 * takes. */
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e ||
	    c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
		return;
	if (c < 0x80) {
		buf_byte(out, (uint8_t)c);
	} else if (c < 0x800) {
		buf_byte(out, (uint8_t)(0xc0 | c >> 6));
		buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_byte(out, (uint8_t)(0xe0 | c >> 12));
		buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		buf_byte(out, (uint8_t)(0xf0 | c >> 18));
		buf_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

/* Outside of these two ranges PDFDocEncoding is ISO 8859-1, whose codes are
 * those of Unicode. */
static uint32_t from_doc_encoding(uint8_t c)
{
	if (c >= 0x18 && c < 0x20)
		return low_codes[c - 0x18];
	if (c >= 0x80 && c <= 0xa0)
		return high_codes[c - 0x80];
	return c;
}

/* Halves of a pair that stand alone become the replacement character: what
 * comes out is always sound UTF-8.  An odd last byte is dropped. */
static void put_utf16(struct buf *out, struct slice s, bool big)
{
	uint32_t unit, high = 0;
	size_t i;

	for (i = 0; i + 1 < s.len; i += 2) {
		unit = big ? (uint32_t)s.data[i] << 8 | s.data[i + 1]
			   : (uint32_t)s.data[i + 1] << 8 | s.data[i];
		if (high != 0) {
			if (unit >= 0xdc00 && unit < 0xe000) {
				put_utf8(out, 0x10000 +
						      ((high - 0xd800) << 10) +
						      (unit - 0xdc00));
				high = 0;
				continue;
			}
			put_utf8(out, REPLACEMENT);
			high = 0;
		}
		if (unit >= 0xd800 && unit < 0xdc00)
			high = unit;
		else
			put_utf8(out, unit >= 0xdc00 && unit < 0xe000
					      ? REPLACEMENT
					      : unit);
	}
	if (high != 0)
		put_utf8(out, REPLACEMENT);
}

/* One character; how many bytes it takes, 1 for a wrong one. */
static size_t get_utf8(const uint8_t *p, size_t len, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4, i;
	uint32_t c = p[0] & (n == 1 ? 0x7fu : 0xffu >> (n + 1));

	*out = REPLACEMENT;
	if (n > len || (n > 1 && p[0] < 0xc2) || p[0] > 0xf4)
		return 1;
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 1;
	*out = c;
	return n;
}

/* The mark says UTF-8, nobody has checked it: a wrong byte costs one
 * replacement character and is passed over alone. */
static void put_checked_utf8(struct buf *out, struct slice s)
{
	size_t i = 0;
	uint32_t c;

	while (i < s.len) {
		i += get_utf8(s.data + i, s.len - i, &c);
		put_utf8(out, c);
	}
}

/* By the mark, little-endian UTF-16 too, which the standard does not know and
 * readers take. */
char *pdf_text(struct pdf_arena *a, struct slice string)
{
	struct buf out = BUF_INIT;
	struct slice rest;
	char *text = NULL;
	size_t i;

	if (string.len >= 2 && string.data[0] == 0xfe &&
	    string.data[1] == 0xff) {
		rest = slice_of(string.data + 2, string.len - 2);
		put_utf16(&out, rest, true);
	} else if (string.len >= 2 && string.data[0] == 0xff &&
		   string.data[1] == 0xfe) {
		rest = slice_of(string.data + 2, string.len - 2);
		put_utf16(&out, rest, false);
	} else if (string.len >= 3 && !memcmp(string.data, "\xef\xbb\xbf", 3)) {
		rest = slice_of(string.data + 3, string.len - 3);
		put_checked_utf8(&out, rest);
	} else {
		for (i = 0; i < string.len; i++)
			put_utf8(&out, from_doc_encoding(string.data[i]));
	}
	if (buf_status(&out, NULL) == DEED_OK)
		text = pdf_arena_copy(a, out.data, out.len);
	buf_clear(&out);
	return text;
}

/* Hexadecimal where it is UTF-16: its bytes would need escapes. */
struct pdf_object *pdf_new_text(struct pdf_arena *a, const char *utf8)
{
	struct slice s = slice_str(utf8);
	struct pdf_object *o = NULL;
	struct buf out = BUF_INIT;
	bool ascii = true;
	uint32_t c;
	size_t i;

	for (i = 0; i < s.len; i++)
		ascii = ascii && s.data[i] < 0x80;
	if (ascii)
		return pdf_new_string(a, s);
	buf_append(&out, "\xfe\xff", 2);
	for (i = 0; i < s.len;) {
		i += get_utf8(s.data + i, s.len - i, &c);
		if (c >= 0x10000) {
			c -= 0x10000;
			buf_byte(&out, (uint8_t)(0xd8 | c >> 18));
			buf_byte(&out, (uint8_t)(c >> 10));
			c = 0xdc00 | (c & 0x3ff);
		}
		buf_byte(&out, (uint8_t)(c >> 8));
		buf_byte(&out, (uint8_t)c);
	}
	if (buf_status(&out, NULL) == DEED_OK)
		o = pdf_new_hex(a, buf_get(&out));
	buf_clear(&out);
	return o;
}
