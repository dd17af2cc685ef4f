/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

/* The writer of codec/der.h. */

void der_writer_init(struct der_writer *w, struct buf *out)
{
	w->out = out;
	w->depth = 0;
	w->failed = false;
}

enum deed_status der_writer_status(const struct der_writer *w,
				   struct deed_error *err)
{
	assert(w->failed || w->depth == 0);
	return w->failed ? deed_error_memory(err) : buf_status(w->out, err);
}

/* The octets of a length; returns how many. */
static size_t put_length(size_t len, uint8_t out[1 + sizeof(size_t)])
{
	size_t count = 0, i;

	if (len < 0x80) {
		out[0] = (uint8_t)len;
		return 1;
	}
	for (i = len; i > 0; i >>= 8)
		count++;
	out[0] = (uint8_t)(0x80 | count);
	for (i = 0; i < count; i++)
		out[1 + i] = (uint8_t)(len >> 8 * (count - 1 - i));
	return 1 + count;
}

void der_begin(struct der_writer *w, uint8_t tag)
{
	if (w->depth == DER_WRITER_DEPTH) {
		w->failed = true;
		return;
	}
	buf_byte(w->out, tag);
	buf_byte(w->out, 0);
	w->open[w->depth++] = w->out->len;
}

void der_end(struct der_writer *w)
{
	uint8_t length[1 + sizeof(size_t)];
	size_t at, count;

	if (w->failed || w->out->failed) {
		w->failed = true;
		return;
	}
	assert(w->depth > 0);
	at = w->open[--w->depth];
	count = put_length(w->out->len - at, length);
	if (count > 1)
		buf_insert(w->out, at, length + 1, count - 1);
	if (!w->out->failed)
		w->out->data[at - 1] = length[0];
}

/* X.690 11.6: as octet strings, the shorter padded with zeros. */
static int compare_elements(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	size_t min = x->len < y->len ? x->len : y->len;
	int c = memcmp(x->data, y->data, min);

	if (c != 0)
		return c;
	return (x->len > y->len) - (x->len < y->len);
}

/* The elements of content, sorted, to out.  False without memory. */
static bool sort_elements(struct slice content, struct buf *out)
{
	struct der_reader r;
	struct slice *items;
	size_t count = 0, i;

	der_init(&r, content);
	while (der_skip(&r))
		count++;
	assert(der_at_end(&r));
	items = calloc(count + 1, sizeof(*items));
	if (items == NULL)
		return false;
	der_init(&r, content);
	for (i = 0; i < count; i++)
		(void)der_get_any(&r, NULL, NULL, &items[i]);
	qsort(items, count, sizeof(*items), compare_elements);
	for (i = 0; i < count; i++)
		buf_slice(out, items[i]);
	free(items);
	return !out->failed;
}

void der_end_set_of(struct der_writer *w)
{
	struct buf sorted = BUF_INIT;
	struct slice content;
	size_t at;

	if (w->failed || w->out->failed) {
		w->failed = true;
		return;
	}
	at = w->open[w->depth - 1];
	content = slice_of(w->out->data + at, w->out->len - at);
	if (!sort_elements(content, &sorted))
		w->failed = true;
	else if (sorted.len > 0)
		memcpy(w->out->data + at, sorted.data, sorted.len);
	buf_clear(&sorted);
	der_end(w);
}

void der_put(struct der_writer *w, uint8_t tag, struct slice content)
{
	uint8_t length[1 + sizeof(size_t)];
	size_t count = put_length(content.len, length);

	buf_byte(w->out, tag);
	buf_append(w->out, length, count);
	buf_slice(w->out, content);
}

void der_put_raw(struct der_writer *w, struct slice encoded)
{
	buf_slice(w->out, encoded);
}

void der_put_integer(struct der_writer *w, struct slice content)
{
	der_put(w, DER_INTEGER, content);
}

void der_put_unsigned(struct der_writer *w, struct slice bytes)
{
	while (bytes.len > 0 && bytes.data[0] == 0)
		bytes = slice_of(bytes.data + 1, bytes.len - 1);
	if (bytes.len == 0) {
		der_put(w, DER_INTEGER, slice_of("", 1));
	} else if (bytes.data[0] < 0x80) {
		der_put(w, DER_INTEGER, bytes);
	} else {
		der_begin(w, DER_INTEGER);
		buf_byte(w->out, 0);
		buf_slice(w->out, bytes);
		der_end(w);
	}
}

void der_put_uint64(struct der_writer *w, uint64_t value)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
	der_put_unsigned(w, slice_of(bytes, sizeof(bytes)));
}

void der_put_bool(struct der_writer *w, bool value)
{
	der_put(w, DER_BOOLEAN, slice_of(value ? "\xff" : "\0", 1));
}

void der_put_null(struct der_writer *w)
{
	der_put(w, DER_NULL, SLICE_NONE);
}

void der_put_octets(struct der_writer *w, struct slice bytes)
{
	der_put(w, DER_OCTET_STRING, bytes);
}

void der_put_bits(struct der_writer *w, struct slice bytes)
{
	der_begin(w, DER_BIT_STRING);
	buf_byte(w->out, 0);
	buf_slice(w->out, bytes);
	der_end(w);
}

void der_put_named_bits(struct der_writer *w, uint32_t bits)
{
	uint8_t content[5] = { 0 };
	size_t len = 1;
	int i;

	for (i = 0; i < 32; i++) {
		if ((bits >> i & 1) == 0)
			continue;
		content[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
		len = 2 + (size_t)i / 8;
		content[0] = (uint8_t)(7 - i % 8);
	}
	der_put(w, DER_BIT_STRING, slice_of(content, len));
}

void der_put_oid(struct der_writer *w, enum oid oid)
{
	assert(oid != OID_NONE);
	der_put(w, DER_OID, oid_slice(oid));
}

void der_put_utf8(struct der_writer *w, const char *text)
{
	der_put(w, DER_UTF8_STRING, slice_str(text));
}

void der_put_generalized(struct der_writer *w, int64_t t)
{
	char text[64];
	struct civil c;

	clock_to_civil(t, &c);
	(void)snprintf(text, sizeof(text), "%04d%02d%02d%02d%02d%02dZ", c.year,
		       c.month, c.day, c.hour, c.minute, c.second);
	der_put(w, DER_GENERALIZED_TIME, slice_str(text));
}

void der_put_time(struct der_writer *w, int64_t t)
{
	char text[64];
	struct civil c;

	clock_to_civil(t, &c);
	if (c.year < 1950 || c.year > 2049) {
		der_put_generalized(w, t);
		return;
	}
	(void)snprintf(text, sizeof(text), "%02d%02d%02d%02d%02d%02dZ",
		       c.year % 100, c.month, c.day, c.hour, c.minute,
		       c.second);
	der_put(w, DER_UTC_TIME, slice_str(text));
}

void der_put_algorithm(struct der_writer *w, enum oid oid, bool null_params)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, oid);
	if (null_params)
		der_put_null(w);
	der_end(w);
}
