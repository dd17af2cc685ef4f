/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"

/* ---- the report ---- */

static bool same_text(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || !strcmp(a, b));
}

/* A PDF cut off right behind a %%EOF is what it was at an earlier signature:
 * no reader can know that there was more. */
static bool is_earlier(const struct sample *s, const struct mutation *m)
{
	size_t len = m->data.len;

	while (len > 0 && m->data.data[len - 1] == '\n')
		len--;
	return s->kind == SAMPLE_PDF && len > 5 && len < s->data.len &&
	       !memcmp(m->data.data, s->data.data, len) &&
	       !memcmp(m->data.data + len - 5, "%%EOF", 5);
}

static const char *other_report(const struct sample *s,
				const struct mutation *m,
				const struct verdict_document *now)
{
	const struct verdict_document *then = s->verdict;
	const struct verdict_signature *a, *b;
	size_t i;

	if (then->format != now->format)
		return "another format";
	if (is_earlier(s, m))
		return NULL;
	if (then->signature_count != now->signature_count)
		return "another number of signatures";
	for (i = 0; i < now->signature_count; i++) {
		a = &then->signatures[i];
		b = &now->signatures[i];
		if (!same_text(a->field, b->field) || a->kind != b->kind)
			return "another field or kind";
		if (memcmp(a->certificate, b->certificate, VERDICT_HASH) != 0 ||
		    !same_text(a->name, b->name))
			return "another signer";
		/* Evidence may be lost, as by who never added it: that is no
		 * pass too many. */
		if (b->level > a->level)
			return "a higher level";
		if (a->has_signing_time != b->has_signing_time ||
		    a->signing_time != b->signing_time ||
		    (b->time_source == a->time_source &&
		     b->best_time != a->best_time) ||
		    b->time_source > a->time_source)
			return "another time";
		if (m->updated_at == 0 && a->changes_after != b->changes_after)
			return "other changes";
		if (memcmp(a->byte_range, b->byte_range,
			   sizeof(a->byte_range)) != 0)
			return "another ByteRange";
	}
	return NULL;
}

/* ---- the CMS ---- */

static bool same_signer(const struct cms_signer *a, const struct cms_signer *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same = a->signed_attrs.present == b->signed_attrs.present &&
		    slice_equal(a->signature, b->signature);

	if (same && a->signed_attrs.present) {
		cms_signed_attrs_der(a, &x);
		cms_signed_attrs_der(b, &y);
		same = slice_equal(buf_get(&x), buf_get(&y));
	}
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

static const char *other_cms(struct slice then, struct slice now)
{
	struct cms_signed *a = NULL, *b = NULL;
	const char *why = "the CMS cannot be read twice";
	unsigned i;

	if (cms_signed_parse(then, &a, NULL) != DEED_OK ||
	    cms_signed_parse(now, &b, NULL) != DEED_OK)
		goto out;
	why = "another content in the CMS";
	if (a->has_content != b->has_content ||
	    !slice_equal(a->content, b->content) ||
	    !slice_equal(a->content_type, b->content_type))
		goto out;
	why = "other signers in the CMS";
	if (a->signer_count != b->signer_count)
		goto out;
	for (i = 0; i < a->signer_count; i++) {
		if (!same_signer(&a->signers[i], &b->signers[i]))
			goto out;
	}
	why = NULL;
out:
	cms_signed_free(a);
	cms_signed_free(b);
	return why;
}

/* ---- PDF ---- */

static void from_hex(const struct buf *b, struct span v, struct buf *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *x, *y;
	size_t i;

	for (i = v.at; i + 1 < v.at + v.len; i += 2) {
		x = memchr(digits, b->data[i] | 32, 16);
		y = memchr(digits, b->data[i + 1] | 32, 16);
		/* Digits have the bit already. */
		if (x == NULL || y == NULL)
			return;
		buf_byte(out, (uint8_t)((x - digits) << 4 | (y - digits)));
	}
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' ||
	       c == 0;
}

/* Is a field filled in, and does the report say so? */
static bool tells_of_filling(const struct verdict_document *doc)
{
	size_t i;

	for (i = 0; i < doc->signature_count; i++) {
		if (doc->signatures[i].changes_after != CHANGES_FORM_FILL)
			return false;
	}
	return true;
}

/* Where the file ends, but for white space. */
static size_t signed_end(const struct buf *b)
{
	size_t end = b->len;

	while (end > 0 && is_space(b->data[end - 1]))
		end--;
	return end;
}

/* Where the newest signature's bytes end. */
static size_t covered(const struct sample *s)
{
	const struct verdict_signature *v;
	size_t i, end = 0;

	for (i = 0; i < s->verdict->signature_count; i++) {
		v = &s->verdict->signatures[i];
		if (v->byte_range[2] + v->byte_range[3] > end)
			end = (size_t)(v->byte_range[2] + v->byte_range[3]);
	}
	return end;
}

/* Objects in b from a byte on that a row of some table points to. */
static size_t count_objects(const struct buf *b, size_t from)
{
	const uint8_t *p = b->data + from, *end = b->data + b->len, *head;
	size_t count = 0;
	char row[32];

	while ((p = memmem(p, (size_t)(end - p), " 0 obj", 6)) != NULL) {
		for (head = p;
		     head > b->data && head[-1] >= '0' && head[-1] <= '9';
		     head--)
			;
		(void)snprintf(row, sizeof(row), "%010zu 00000 n",
			       (size_t)(head - b->data));
		count += memmem(b->data, b->len, row, strlen(row)) != NULL;
		p++;
	}
	return count;
}

/*
 * Behind all that is signed stands validation data (B-LT), and a catalog that
 * leads to it: as long as that is the same and there are no more objects,
 * nothing else is shown.
 */
static const char *other_tail(struct buf *a, struct buf *b, size_t end)
{
	struct slice then = slice_of(a->data + end, a->len - end), now;
	const uint8_t *catalog, *from, *to;
	size_t i;

	/* White space is white space. */
	for (i = end; i < a->len; i++)
		a->data[i] = is_space(a->data[i]) ? ' ' : a->data[i];
	for (i = end; i < b->len; i++)
		b->data[i] = is_space(b->data[i]) ? ' ' : b->data[i];
	now = slice_of(b->data + end, b->len - end);
	catalog = memmem(then.data, then.len, "/Catalog", 8);
	if (catalog == NULL)
		return "signed bytes are others";
	for (from = catalog; from > then.data && memcmp(from, " 0 obj", 6) != 0;
	     from--)
		;
	/* Where it leads to the data may be another place. */
	to = memmem(from, (size_t)(then.data + then.len - from), "/DSS", 4);
	if (to == NULL ||
	    memmem(now.data, now.len, from, (size_t)(to - from)) == NULL ||
	    count_objects(a, end) < count_objects(b, end))
		return "another catalog, or other objects";
	return NULL;
}

static const char *other_pdf(const struct sample *s, const struct mutation *m,
			     bool told)
{
	const struct buf *a = &s->data, *b = &m->data;
	struct buf x = BUF_INIT, y = BUF_INIT;
	size_t i, end = covered(s);
	struct span gap = { 0, 0 };
	const char *why;

	/* The newest covers the values of the older ones. */
	for (i = 0; i < s->value_count; i++) {
		if (s->values[i].at > gap.at)
			gap = s->values[i];
	}
	if (end > signed_end(a))
		end = signed_end(a);
	if (b->len < end)
		return "it is cut short";
	for (i = 0; i < end; i++) {
		if (a->data[i] != b->data[i] &&
		    (i < gap.at || i >= gap.at + gap.len))
			return "signed bytes are others";
	}
	if (m->updated_at == 0 && end < signed_end(a)) {
		buf_slice(&x, buf_get(a));
		buf_slice(&y, buf_get(b));
		why = other_tail(&x, &y, end);
		buf_reset(&x);
		buf_reset(&y);
		if (why != NULL)
			goto out;
	}
	if (m->updated_at != 0 && !m->harmless && !told)
		return "an object is another";
	for (i = end; m->updated_at == 0 && end >= signed_end(a) && i < b->len;
	     i++) {
		if (!is_space(b->data[i]))
			return "bytes were appended";
	}
	from_hex(a, gap, &x);
	from_hex(b, gap, &y);
	why = other_cms(buf_get(&x), buf_get(&y));
out:
	buf_clear(&x);
	buf_clear(&y);
	return why;
}

/* ---- ASiC: what the central directory shows ---- */

struct shown {
	struct slice name, bytes;
	unsigned method;
};

#define SHOWN 32

static uint32_t u16(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
	return u16(p) | u16(p + 2) << 16;
}

static size_t show(struct slice in, struct shown list[SHOWN])
{
	const uint8_t *p = in.data + in.len, *e, *end = in.data + in.len;
	size_t count = 0, at, local, size;

	if (in.len < 22)
		return 0;
	for (p -= 22; p > in.data && memcmp(p, "PK\5\6", 4) != 0; p--)
		;
	if (memcmp(p, "PK\5\6", 4) != 0)
		return 0;
	at = u32(p + 16);
	while (at <= in.len && in.len - at >= 46 && count < SHOWN &&
	       memcmp(in.data + at, "PK\1\2", 4) == 0) {
		e = in.data + at;
		local = u32(e + 42);
		size = u32(e + 20);
		list[count].method = u16(e + 10);
		list[count].name = slice_of(e + 46, u16(e + 28));
		at += 46 + u16(e + 28) + u16(e + 30) + u16(e + 32);
		if (at > in.len || local > in.len || in.len - local < 30)
			return 0;
		e = in.data + local;
		e += 30 + u16(e + 26) + u16(e + 28);
		if (e > end || (size_t)(end - e) < size)
			return 0;
		list[count++].bytes = slice_of(e, size);
	}
	return count;
}

static bool is_part_of_cms(const struct shown *e)
{
	return e->name.len > 4 &&
	       !memcmp(e->name.data + e->name.len - 4, ".p7s", 4);
}

static const char *other_asic(const struct sample *s, const struct mutation *m)
{
	struct shown a[SHOWN], b[SHOWN];
	size_t na = show(buf_get(&s->data), a);
	size_t nb = show(buf_get(&m->data), b), i;
	const char *why = NULL;

	if (na == 0 || na != nb)
		return "another number of files";
	for (i = 0; why == NULL && i < na; i++) {
		if (!slice_equal(a[i].name, b[i].name) ||
		    a[i].method != b[i].method)
			return "a file of another name or method";
		if (is_part_of_cms(&a[i]))
			why = other_cms(a[i].bytes, b[i].bytes);
		else if (!slice_equal(a[i].bytes, b[i].bytes))
			why = "a file of another content";
	}
	return why;
}

const char *undeserved(const struct sample *s, const struct mutation *m,
		       const struct verdict_document *verdict)
{
	const char *why = other_report(s, m, verdict);

	if (why != NULL || is_earlier(s, m))
		return why;
	switch (s->kind) {
	case SAMPLE_PDF:
		return other_pdf(s, m, tells_of_filling(verdict));
	case SAMPLE_CMS:
		return other_cms(buf_get(&s->data), buf_get(&m->data));
	default:
		return other_asic(s, m);
	}
}
