/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"

#define LONGEST 64 /* bytes that one change moves */

void dice_init(struct dice *d, uint64_t seed, uint64_t number)
{
	uint64_t x = seed * UINT64_C(0x9e3779b97f4a7c15) + number;

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	d->state = (x ^ x >> 31) | 1;
}

size_t dice_below(struct dice *d, size_t n)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return (size_t)((d->state >> 16) % n);
}

/* ---- what a sample is made of ---- */

static void add_span(struct span *list, size_t *count, size_t at, size_t len)
{
	if (*count < SPANS && len > 0)
		list[(*count)++] = (struct span){ at, len };
}

static const uint8_t *find(struct slice in, size_t from, const char *word)
{
	return from < in.len ? memmem(in.data + from, in.len - from, word,
				      strlen(word))
			     : NULL;
}

/* Every stretch that begins with one word and ends with another. */
static void map_words(struct sample *s, const char *first, const char *last)
{
	struct slice in = buf_get(&s->data);
	const uint8_t *from, *to;
	size_t at = 0;

	while ((from = find(in, at, first)) != NULL) {
		to = find(in, (size_t)(from - in.data), last);
		if (to == NULL)
			return;
		to += strlen(last);
		add_span(s->inside, &s->inside_count, (size_t)(from - in.data),
			 (size_t)(to - from));
		at = (size_t)(to - in.data);
	}
}

static void map_pdf(struct sample *s)
{
	const struct verdict_signature *v;
	size_t i, first;

	for (i = 0; i < s->verdict->signature_count; i++) {
		v = &s->verdict->signatures[i];
		first = (size_t)v->byte_range[1];
		add_span(s->values, &s->value_count, first + 1,
			 (size_t)v->byte_range[2] - first - 2);
		/* The dictionary around it. */
		add_span(s->inside, &s->inside_count,
			 first > 300 ? first - 300 : 0,
			 first > 300 ? 300 : first);
	}
	map_words(s, "/ByteRange", "]");
	map_words(s, "/ByteRange", "]");
	map_words(s, "xref\n", "%%EOF");
	map_words(s, "/Type/XRef", "endobj");
	map_words(s, "/AcroForm", "endobj");
	map_words(s, "/FT", "endobj");
}

static void map_asic(struct sample *s)
{
	struct slice in = buf_get(&s->data);
	const uint8_t *p;
	size_t at = 0, len;

	map_words(s, "<asic:", ">");
	map_words(s, "PK\3\4", "PK");
	map_words(s, "PK\1\2", "PK\5\6");
	/* The value, stored: a SEQUENCE right behind its entry's name. */
	while ((p = find(in, at, ".p7s0\x82")) != NULL) {
		at = (size_t)(p - in.data) + 4;
		len = 4 + ((size_t)p[6] << 8 | p[7]);
		if (len <= in.len - at) {
			add_span(s->values, &s->value_count, at, len);
			add_span(s->inside, &s->inside_count, at, len);
		}
	}
}

void sample_map(struct sample *s)
{
	if (s->kind == SAMPLE_PDF)
		map_pdf(s);
	else if (s->kind == SAMPLE_ASIC)
		map_asic(s);
	else
		add_span(s->values, &s->value_count, 0, s->data.len);
	if (s->inside_count == 0)
		add_span(s->inside, &s->inside_count, 0, s->data.len);
}

/* ---- changes of bytes ---- */

static void replace(struct buf *b, size_t at, size_t gone, const void *with,
		    size_t len)
{
	struct buf out = BUF_INIT;

	buf_append(&out, b->data, at);
	buf_append(&out, with, len);
	buf_append(&out, b->data + at + gone, b->len - at - gone);
	buf_clear(b);
	*b = out;
}

static size_t digit_near(const struct buf *b, size_t at)
{
	size_t i;

	for (i = at; i < b->len && i < at + LONGEST; i++) {
		if (b->data[i] >= '0' && b->data[i] <= '9')
			return i;
	}
	return at;
}

static void change_bytes(struct buf *b, struct dice *d, size_t at)
{
	static const uint8_t odd[] = { 0,   0xff, 0x80, 0x7f, 0x30, '\n', '\r',
				       ' ', '/',  '<',	'>',  '[',  ']',  '(',
				       ')', '%',  '0',	'9',  '-',  '.' };
	size_t len = 1 + dice_below(d, LONGEST), from, i;
	uint8_t noise[LONGEST];

	if (len > b->len - at)
		len = b->len - at;
	switch (dice_below(d, 9)) {
	case 0:
		b->data[at] ^= (uint8_t)(1u << dice_below(d, 8));
		break;
	case 1:
		b->data[at] = (uint8_t)dice_below(d, 256);
		break;
	case 2:
		b->data[at] = odd[dice_below(d, sizeof(odd))];
		break;
	case 3:
		b->data[digit_near(b, at)] = (uint8_t)('0' + dice_below(d, 10));
		break;
	case 4:
		replace(b, at, 1 + dice_below(d, len), NULL, 0);
		break;
	case 5:
		for (i = 0; i < sizeof(noise); i++)
			noise[i] = odd[dice_below(d, sizeof(odd))];
		replace(b, at, 0, noise, 1 + dice_below(d, 8));
		break;
	case 6: /* bytes from elsewhere, instead */
		from = dice_below(d, b->len - len + 1);
		memmove(b->data + at, b->data + from, len);
		break;
	case 7: /* bytes from elsewhere, between */
		from = dice_below(d, b->len - len + 1);
		memcpy(noise, b->data + from, len);
		replace(b, at, 0, noise, len);
		break;
	default: /* in upper or lower case, which hexadecimal allows */
		b->data[at] ^= 0x20;
	}
}

static void change_end(struct buf *b, struct dice *d)
{
	static const char *const tails[] = { "\n",
					     "\r\n\r\n",
					     " ",
					     "%%EOF\n",
					     "startxref\n0\n%%EOF\n",
					     "PK",
					     "1 0 obj\n<<>>\nendobj\n" };

	if (dice_below(d, 2) == 0)
		b->len -= dice_below(d, b->len < 4096 ? b->len : 4096);
	else
		buf_str(b, tails[dice_below(d, 7)]);
}

/* ---- changes of the CMS ---- */

static const char digits[] = "0123456789abcdef";

static int nibble(uint8_t c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The value in /Contents as DER, changed, in as many digits as before. */
static bool change_hex(struct buf *b, struct dice *d, struct span v)
{
	struct buf der = BUF_INIT, out = BUF_INIT;
	uint8_t *hex = b->data + v.at;
	bool good;
	size_t i;

	for (i = 0; i + 1 < v.len; i += 2)
		buf_byte(&der,
			 (uint8_t)(nibble(hex[i]) << 4 | nibble(hex[i + 1])));
	good = mutate_der(buf_get(&der), d, &out);
	for (i = 0; good && i + 1 < v.len; i += 2) {
		uint8_t c = i / 2 < out.len ? out.data[i / 2] : 0;

		hex[i] = (uint8_t)digits[c >> 4];
		hex[i + 1] = (uint8_t)digits[c & 15];
	}
	buf_clear(&der);
	buf_clear(&out);
	return good;
}

static bool change_value(const struct sample *s, struct buf *b, struct dice *d)
{
	struct buf out = BUF_INIT;
	struct span v;
	bool good;

	if (s->value_count == 0)
		return false;
	v = s->values[dice_below(d, s->value_count)];
	if (s->kind == SAMPLE_PDF)
		return change_hex(b, d, v);
	good = mutate_der(slice_of(b->data + v.at, v.len), d, &out);
	/* In a container sizes and checksums stay: then the length must. */
	if (good && s->kind == SAMPLE_ASIC) {
		out.len = out.len > v.len ? v.len : out.len;
		memcpy(b->data + v.at, out.data, out.len);
	} else if (good) {
		replace(b, v.at, v.len, out.data, out.len);
	}
	buf_clear(&out);
	return good;
}

/* ---- an update of a PDF ---- */

static size_t number_after(const struct buf *b, const char *word)
{
	struct slice in = buf_get(b);
	const uint8_t *p, *last = NULL;
	size_t at = 0;

	while ((p = find(in, at, word)) != NULL) {
		last = p;
		at = (size_t)(p - in.data) + 1;
	}
	return last == NULL
		       ? 0
		       : strtoul((const char *)last + strlen(word), NULL, 10);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Some object of the file again, with a change or without, behind it. */
static bool append_update(struct mutation *m, struct dice *d)
{
	size_t prev = number_after(&m->data, "startxref\n"), i, num, start;
	size_t size = number_after(&m->data, "/Size "), body, end, at, row;
	size_t root = number_after(&m->data, "/Root ");
	struct slice in = buf_get(&m->data);
	const uint8_t *p;
	char again[4096], *wrapping, *data, was;
	size_t length;

	if (size == 0)
		size = number_after(&m->data, "/Size");
	if (prev == 0 || size == 0 || root == 0)
		return false;
	/* An object, from a random place on. */
	p = find(in, dice_below(d, in.len), " 0 obj\n");
	if (p == NULL)
		return false;
	body = (size_t)(p - in.data);
	for (start = body; start > 0 && p[-1] >= '0' && p[-1] <= '9'; start--)
		p--;
	num = strtoul((const char *)p, NULL, 10);
	p = find(in, body, "endobj");
	if (p == NULL || num == 0 || num >= size)
		return false;
	end = (size_t)(p - in.data) + 6;
	length = end - start;
	if (length > sizeof(again))
		return false;
	memcpy(again, in.data + start, length);
	/* Document information, metadata, old cross-reference and hint
	 * streams and certificates are no part of what is shown. */
	m->harmless = num == number_after(&m->data, "/Info ") ||
		      memmem(again, length, "/XRef", 5) != NULL ||
		      memmem(again, length, "/Metadata", 9) != NULL ||
		      memmem(again, length, "/S ", 3) != NULL ||
		      memmem(again, length, "/Linearized", 11) != NULL ||
		      memmem(again, length, "/Type /DSS", 10) != NULL ||
		      memmem(again, length, "\n0\201", 3) != NULL ||
		      memmem(again, length, "\n0\202", 3) != NULL;
	/* Neither is an object stream: what is read from it is compared. */
	wrapping = memmem(again, length, "/ObjStm", 7) != NULL
			   ? memmem(again, length, "endstream", 9)
			   : NULL;
	if (dice_below(d, 4) == 0) {
		m->harmless = true;
	} else {
		i = body - start + 7 + dice_below(d, end - body - 13 + 1);
		was = again[i];
		again[i] = (char)(was ^ (1 << dice_below(d, 5)));
		/* A zero before a number changes nothing. */
		if (was == ' ' && again[i] == '0' && is_digit(again[i + 1]) &&
		    !is_digit(again[i - 1]))
			m->harmless = true;
		/* Nor is where the catalog leads to validation data. */
		data = memmem(again, length, "/DSS ", 5);
		m->harmless = m->harmless || again + i < wrapping ||
			      (data != NULL && again + i > data &&
			       again + i < data + 12);
	}
	m->updated_at = m->data.len;
	row = m->data.len;
	buf_append(&m->data, again, length);
	at = m->data.len + 1;
	buf_printf(&m->data,
		   "\nxref\n%zu 1\n%010zu 00000 n \ntrailer\n<</Size %zu"
		   "/Root %zu 0 R/Prev %zu>>\nstartxref\n%zu\n%%%%EOF\n",
		   num, row, size, root, prev, at);
	return true;
}

/* ---- one mutation ---- */

void mutate(const struct sample *s, struct dice *d, struct mutation *out)
{
	size_t times = 1 + dice_below(d, 3), choice = dice_below(d, 16);
	struct span where;

	buf_slice(&out->data, buf_get(&s->data));
	out->inside = dice_below(d, 2) == 0;
	if (out->inside && choice < 6 && change_value(s, &out->data, d)) {
		out->what = "DER";
		return;
	}
	if (!out->inside && s->kind == SAMPLE_PDF && choice < 5 &&
	    append_update(out, d)) {
		out->what = "update";
		return;
	}
	if (!out->inside && choice == 15) {
		out->what = "end";
		change_end(&out->data, d);
		return;
	}
	out->what = "bytes";
	where = (struct span){ 0, out->data.len };
	if (out->inside && choice < 9 && s->value_count > 0)
		where = s->values[dice_below(d, s->value_count)];
	else if (out->inside)
		where = s->inside[dice_below(d, s->inside_count)];
	for (; times > 0 && out->data.len > where.at; times--) {
		size_t room = out->data.len - where.at;

		change_bytes(&out->data, d,
			     where.at + dice_below(d, where.len < room
							      ? where.len
							      : room));
	}
}
