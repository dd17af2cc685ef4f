/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sample.h"

static const char *const samples[] = {
	"cairo.pdf",	       "chromium.pdf",
	"fields.pdf",	       "geometry.pdf",
	"ghostscript-1.3.pdf", "ghostscript-2.0.pdf",
	"groff.pdf",	       "hybrid.pdf",
	"inline.pdf",	       "libreoffice.pdf",
	"pdftex-1.3.pdf",      "pdftex.pdf",
	"qpdf-2.0.pdf",	       "qpdf-300.pdf",
	"qpdf-linear.pdf",     "qpdf-linear-objstm.pdf",
};

#define COUNT (sizeof(samples) / sizeof(samples[0]))

static struct pdf_object *text(struct pdf_update *u, const char *s)
{
	return pdf_new_text(pdf_update_arena(u), s);
}

/* One new object, the catalog changed, one number only reserved. */
static void update_once(struct sample *before, struct sample *after,
			const char *word)
{
	const struct pdf_object *catalog, *o;
	struct pdf_object *copy;
	struct pdf_update *u;
	struct pdf_ref ref, root, empty;
	size_t revisions = pdf_revision_count(before->doc);
	bool stream = pdf_revision_get(before->doc, revisions - 1)->stream;

	assert_ok(pdf_update_new(before->doc, &u, err));
	ref = pdf_update_add(u, text(u, word));
	empty = pdf_update_reserve(u);
	assert_int_equal(ref.num, pdf_next_number(before->doc));
	assert_int_equal(empty.num, ref.num + 1);
	assert_ok(pdf_catalog(before->doc, &catalog, err));
	assert_true(pdf_get_ref(pdf_dict_get(pdf_trailer(before->doc), "Root"),
				&root));
	copy = pdf_copy_shallow(pdf_update_arena(u), catalog);
	assert_true(pdf_dict_put(pdf_update_arena(u), copy, "DeedTest",
				 pdf_new_ref(pdf_update_arena(u), ref)));
	pdf_update_put(u, root, copy);
	assert_ok(pdf_update_get(u, root, &o, err));
	assert_ptr_equal(o, copy);
	sample_update(after, before, u);

	assert_int_equal(pdf_revision_count(after->doc), revisions + 1);
	assert_int_equal(pdf_revision_get(after->doc, revisions)->stream,
			 stream);
	assert_int_equal(pdf_revision_get(after->doc, revisions)->end,
			 after->bytes.len);
	assert_false(pdf_revision_get(after->doc, revisions)->hybrid);
	o = sample_get(after, ref);
	assert_true(slice_equal_str(pdf_get_string(o), word));
	assert_true(pdf_is(sample_get(after, empty), PDF_NULL));
	assert_ok(pdf_catalog(after->doc, &catalog, err));
	assert_non_null(pdf_dict_get(catalog, "DeedTest"));
	pdf_update_free(u);
}

static struct slice id_part(struct sample *s, size_t i)
{
	const struct pdf_object *id;

	assert_ok(
		pdf_dict_resolve(s->doc, pdf_trailer(s->doc), "ID", &id, err));
	return pdf_get_string(pdf_array_get(id, i));
}

static void every_sample(void **state)
{
	struct sample a, b, c;
	size_t i, pages, then;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		print_message("# %s\n", samples[i]);
		sample_open(&a, samples[i]);
		assert_ok(pdf_page_count(a.doc, &pages, err));
		update_once(&a, &b, "first");
		update_once(&b, &c, "second");
		assert_ok(pdf_page_count(c.doc, &then, err));
		assert_int_equal(pages, then);
		assert_memory_equal(c.bytes.data, a.bytes.data, a.bytes.len);
		assert_memory_equal(c.bytes.data, b.bytes.data, b.bytes.len);
		if (id_part(&a, 0).len > 0)
			assert_true(
				slice_equal(id_part(&a, 0), id_part(&c, 0)));
		assert_int_equal(id_part(&c, 1).len, 16);
		sample_close(&c);
		sample_close(&b);
		sample_close(&a);
	}
}

/* Offsets in tables count from the header, wherever it stands. */
static void header_later(void **state)
{
	static const char junk[] = "mail header\r\n\r\n";
	struct sample a, b, c;

	(void)state;
	sample_open(&a, "chromium.pdf");
	memset(&b, 0, sizeof(b));
	buf_str(&b.bytes, junk);
	buf_slice(&b.bytes, buf_get(&a.bytes));
	sample_parse(&b);
	assert_int_equal(pdf_header_offset(b.doc), strlen(junk));
	update_once(&b, &c, "later");
	sample_close(&c);
	sample_close(&b);
	sample_close(&a);
}

/* The body of a raw object is where pdf_update_offset says. */
static void raw_offset(void **state)
{
	static const char body[] = "<</Type/Sig/Contents<00>>>";
	struct pdf_update *u;
	struct sample a, b;
	struct pdf_ref ref;
	uint64_t at;

	(void)state;
	sample_open(&a, "hybrid.pdf");
	assert_int_equal(a.bytes.data[a.bytes.len - 1], 'F');
	assert_ok(pdf_update_new(a.doc, &u, err));
	ref = pdf_update_reserve(u);
	pdf_update_put_raw(u, ref, slice_str(body));
	sample_update(&b, &a, u);
	at = a.bytes.len + pdf_update_offset(u, ref);
	assert_memory_equal(b.bytes.data + at, body, strlen(body));
	assert_int_equal(b.bytes.data[a.bytes.len], '\n');
	pdf_update_free(u);
	sample_close(&b);
	sample_close(&a);
}

/* A document of two objects, with one key more in its trailer. */
static void with_key(struct sample *s, const char *key, bool stream)
{
	uint64_t at[4] = { 0 };
	size_t i;

	memset(s, 0, sizeof(*s));
	buf_str(&s->bytes, "%PDF-1.7\n");
	at[1] = s->bytes.len;
	buf_str(&s->bytes, "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
	at[2] = s->bytes.len;
	buf_str(&s->bytes, "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n");
	at[3] = s->bytes.len;
	if (stream) {
		buf_printf(&s->bytes,
			   "3 0 obj\n<</Type/XRef/W[1 2 1]/Size 4/Root 1 0 R"
			   "/%s 7/Length 16>>\nstream\n",
			   key);
		for (i = 0; i < 4; i++) {
			buf_byte(&s->bytes, i > 0);
			buf_byte(&s->bytes, (uint8_t)(at[i] >> 8));
			buf_byte(&s->bytes, (uint8_t)at[i]);
			buf_byte(&s->bytes, 0);
		}
		buf_str(&s->bytes, "\nendstream\nendobj\n");
	} else {
		buf_str(&s->bytes, "xref\n0 3\n0000000000 65535 f \n");
		for (i = 1; i < 3; i++)
			buf_printf(&s->bytes, "%010d 00000 n \n", (int)at[i]);
		buf_printf(&s->bytes, "trailer\n<</Size 3/Root 1 0 R/%s 7>>\n",
			   key);
	}
	buf_printf(&s->bytes, "startxref\n%d\n%%%%EOF\n", (int)at[3]);
	sample_parse(s);
}

/* What a trailer says stays, however long its key is. */
static void long_key(void **state)
{
	struct sample before, after;
	struct pdf_update *u;
	char key[200];
	int64_t value;
	int i;

	(void)state;
	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	for (i = 0; i < 2; i++) {
		with_key(&before, key, i > 0);
		assert_ok(pdf_update_new(before.doc, &u, err));
		(void)pdf_update_add(u, text(u, "new"));
		sample_update(&after, &before, u);
		pdf_update_free(u);
		assert_int_equal(pdf_revision_get(after.doc, 1)->stream, i > 0);
		assert_true(pdf_get_int(
			pdf_dict_get(pdf_trailer(after.doc), key), &value));
		assert_int_equal(value, 7);
		sample_close(&after);
		sample_close(&before);
	}
}

/* A builder that found no memory is remembered until the end. */
static void no_object(void **state)
{
	struct buf out = BUF_INIT;
	struct pdf_update *u;
	uint8_t id[16] = { 0 };
	struct sample a;

	(void)state;
	sample_open(&a, "inline.pdf");
	assert_ok(pdf_update_new(a.doc, &u, err));
	(void)pdf_update_add(u, NULL);
	assert_status(DEED_NO_MEMORY, pdf_update_finish(u, id, &out, err));
	pdf_update_free(u);
	pdf_update_free(NULL);
	buf_clear(&out);
	sample_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample), cmocka_unit_test(header_later),
		cmocka_unit_test(raw_offset),	cmocka_unit_test(long_key),
		cmocka_unit_test(no_object),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
