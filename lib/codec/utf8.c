/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/utf8.h"

#define REPLACEMENT 0xfffd

/* Octets of a sequence by its first, 0 where none begins so. */
static unsigned sequence_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

bool utf8_next(struct slice *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *p = text->data;
	unsigned len, i;
	uint32_t c;

	if (text->len == 0)
		return false;
	len = sequence_length(p[0]);
	if (len == 0 || len > text->len)
		return false;
	c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return false;
	*text = slice_of(p + len, text->len - len);
	*code = c;
	return true;
}

bool utf8_valid(struct slice text)
{
	uint32_t code;

	while (text.len > 0) {
		if (!utf8_next(&text, &code))
			return false;
	}
	return true;
}

void utf8_put(struct buf *out, uint32_t c)
{
	uint8_t b[4];

	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = REPLACEMENT;
	if (c < 0x80) {
		buf_byte(out, (uint8_t)c);
		return;
	}
	b[3] = (uint8_t)(0x80 | (c & 0x3f));
	b[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	b[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	b[0] = (uint8_t)(0xf0 | c >> 18);
	if (c < 0x800) {
		b[2] = (uint8_t)(0xc0 | c >> 6);
		buf_append(out, b + 2, 2);
	} else if (c < 0x10000) {
		b[1] = (uint8_t)(0xe0 | c >> 12);
		buf_append(out, b + 1, 3);
	} else {
		buf_append(out, b, 4);
	}
}

/* Control characters, which move a terminal's cursor or colour what follows,
 * and characters of direction, which show a text in another order than it has.
 */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e ||
	       c == 0x200f || c == 0x061c || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Octets at the start that are printable ASCII: most of most texts. */
static size_t plain_run(struct slice text)
{
	size_t i = 0;

	while (i < text.len && text.data[i] >= ' ' && text.data[i] < 0x7f)
		i++;
	return i;
}

void utf8_clean(struct slice text, struct buf *out)
{
	uint32_t c;
	size_t run;

	while (text.len > 0) {
		run = plain_run(text);
		if (run > 0) {
			buf_append(out, text.data, run);
			text = slice_of(text.data + run, text.len - run);
			continue;
		}
		if (!utf8_next(&text, &c)) {
			c = REPLACEMENT;
			text = slice_of(text.data + 1, text.len - 1);
		}
		utf8_put(out, is_unsafe(c) ? ' ' : c);
	}
}

size_t utf8_cut(struct slice text, size_t max)
{
	size_t len = text.len;

	if (len <= max)
		return len;
	for (len = max; len > 0 && (text.data[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

size_t utf8_length(struct slice text)
{
	size_t count = 0;
	uint32_t c;

	for (; text.len > 0; count++) {
		if (!utf8_next(&text, &c))
			text = slice_of(text.data + 1, text.len - 1);
	}
	return count;
}

/* Surrogates only in pairs; where one stands alone out is left as it was. */
bool utf8_from_utf16be(struct slice text, struct buf *out)
{
	size_t before = out->len, i;
	uint32_t c, low;

	if (text.len % 2 != 0)
		return false;
	for (i = 0; i < text.len; i += 2) {
		c = (uint32_t)text.data[i] << 8 | text.data[i + 1];
		if (c >= 0xd800 && c < 0xe000) {
			if (c >= 0xdc00 || text.len - i < 4)
				goto broken;
			low = (uint32_t)text.data[i + 2] << 8 |
			      text.data[i + 3];
			if (low < 0xdc00 || low >= 0xe000)
				goto broken;
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		utf8_put(out, c);
	}
	return true;
broken:
	out->len = before;
	return false;
}

/* Big-endian, as BMPString and the strings of a PDF have it. */
static void put_unit(struct buf *out, uint32_t unit)
{
	buf_byte(out, (uint8_t)(unit >> 8));
	buf_byte(out, (uint8_t)unit);
}

bool utf8_to_utf16be(struct slice text, struct buf *out)
{
	uint32_t c;

	if (!utf8_valid(text))
		return false;
	while (utf8_next(&text, &c)) {
		if (c >= 0x10000) {
			put_unit(out, 0xd800 + ((c - 0x10000) >> 10));
			put_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else {
			put_unit(out, c);
		}
	}
	return true;
}
