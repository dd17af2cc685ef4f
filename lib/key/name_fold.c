/* SPDX-License-Identifier: Apache-2.0 */
#include "key/name_fold.h"

#include "codec/utf8.h"

/* Capitals first to last, and how far their small letters are; pair: capital
 * and small letter follow one another, the capital being even (0) or odd. */
static const struct {
	uint32_t first, last;
	uint32_t distance; /* 0: pairs */
	uint32_t odd;
} capitals[] = {
	{ 0x41, 0x5a, 32, 0 },	   { 0xc0, 0xd6, 32, 0 },
	{ 0xd8, 0xde, 32, 0 },	   { 0x100, 0x12f, 0, 0 },
	{ 0x132, 0x137, 0, 0 },	   { 0x139, 0x148, 0, 1 },
	{ 0x14a, 0x177, 0, 0 },	   { 0x179, 0x17e, 0, 1 },
	{ 0x1cd, 0x1dc, 0, 1 },	   { 0x1de, 0x1ef, 0, 0 },
	{ 0x1f8, 0x21f, 0, 0 },	   { 0x222, 0x233, 0, 0 },
	{ 0x386, 0x386, 38, 0 },   { 0x388, 0x38a, 37, 0 },
	{ 0x38c, 0x38c, 64, 0 },   { 0x38e, 0x38f, 63, 0 },
	{ 0x391, 0x3a1, 32, 0 },   { 0x3a3, 0x3ab, 32, 0 },
	{ 0x400, 0x40f, 80, 0 },   { 0x410, 0x42f, 32, 0 },
	{ 0x460, 0x481, 0, 0 },	   { 0x48a, 0x4bf, 0, 0 },
	{ 0x4c1, 0x4ce, 0, 1 },	   { 0x4d0, 0x52f, 0, 0 },
	{ 0x531, 0x556, 48, 0 },   { 0x1e00, 0x1e95, 0, 0 },
	{ 0x1ea0, 0x1eff, 0, 0 },  { 0x24b6, 0x24cf, 26, 0 },
	{ 0xff21, 0xff3a, 32, 0 },
};

/* Of the case folding that RFC 4518 2.2 asks for, the scripts that have case
 * in names.  Letters that are not listed stay as they are: two names are then
 * held for different, which is the safe error. */
static uint32_t lower(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++) {
		if (c < capitals[i].first || c > capitals[i].last)
			continue;
		if (capitals[i].distance != 0)
			return c + capitals[i].distance;
		return c % 2 == capitals[i].odd ? c + 1 : c;
	}
	switch (c) {
	case 0x178: /* Ÿ */
		return 0xff;
	case 0x3c2: /* final sigma */
		return 0x3c3;
	case 0x130: /* İ: stringprep has i and a dot above */
		return 'i';
	default:
		return c;
	}
}

/* RFC 4518 2.2: mapped to SPACE. */
static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* RFC 4518 2.2: mapped to nothing. */
static bool is_nothing(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad ||
	       c == 0x34f || c == 0x1806 || (c >= 0x180b && c <= 0x180e) ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2063) || (c >= 0x206a && c <= 0x206f) ||
	       (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffc);
}

/* The next code point; an octet that starts none is one. */
static uint32_t next(struct slice *text)
{
	uint32_t c;

	if (text->data[0] < 0x80 || !utf8_next(text, &c)) {
		c = text->data[0];
		text->data++;
		text->len--;
	}
	return c;
}

/* Octets at the start that are printable ASCII and no space: nearly all of
 * most names. */
static size_t plain_run(struct slice text)
{
	size_t i = 0;

	while (i < text.len && text.data[i] > ' ' && text.data[i] < 0x7f)
		i++;
	return i;
}

/* Written in one go: nearly every octet of a name passes here. */
static void put_plain(struct slice run, struct buf *out)
{
	uint8_t *at = buf_reserve(out, run.len);
	size_t i;

	if (at == NULL)
		return;
	for (i = 0; i < run.len; i++)
		at[i] = run.data[i] >= 'A' && run.data[i] <= 'Z'
				? run.data[i] + 32
				: run.data[i];
	out->len += run.len;
}

void name_fold(struct slice text, struct buf *out)
{
	bool started = false, space = false;
	uint32_t c;
	size_t run;

	while (text.len > 0) {
		run = plain_run(text);
		if (run > 0) {
			if (space)
				buf_byte(out, ' ');
			put_plain(slice_of(text.data, run), out);
			text = slice_of(text.data + run, text.len - run);
			space = false;
			started = true;
			continue;
		}
		c = next(&text);
		if (is_space(c)) {
			space = started;
			continue;
		}
		if (is_nothing(c))
			continue;
		if (space)
			buf_byte(out, ' ');
		if (c == 0xdf || c == 0x1e9e)
			buf_str(out, "ss");
		else
			utf8_put(out, lower(c));
		space = false;
		started = true;
	}
}
