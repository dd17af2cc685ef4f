/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "pdf/dss.h"
#include "pdf/form_update.h"
#include "sample.h"

#define KEY_A "0123456789ABCDEF0123456789ABCDEF01234567"
#define KEY_B "89ABCDEF0123456789ABCDEF0123456701234567"

static const struct slice values[] = {
	{ (const uint8_t *)"certificate one", 15 },
	{ (const uint8_t *)"certificate two", 15 },
	{ (const uint8_t *)"a list", 6 },
	{ (const uint8_t *)"an answer", 9 },
};

/* The first count certificates, the list and the answer. */
static struct pdf_dss_vri entry(const char *key, size_t count)
{
	return (struct pdf_dss_vri){
		.key = key,
		.values = { .certs = values,
			    .cert_count = count,
			    .crls = &values[2],
			    .crl_count = 1,
			    .ocsps = &values[3],
			    .ocsp_count = 1 },
	};
}

/* Write and read back; false where nothing changed. */
static bool store(struct sample *before, const struct pdf_dss_vri *vri,
		  size_t count, struct sample *after)
{
	struct pdf_update *u;
	bool changed;

	assert_ok(pdf_update_new(before->doc, &u, err));
	assert_ok(pdf_dss_write(u, before->doc, vri, count, &changed, err));
	if (changed)
		sample_update(after, before, u);
	pdf_update_free(u);
	return changed;
}

static void test_merge(void **state)
{
	static const char *const names[] = { "pdftex.pdf", "qpdf-2.0.pdf",
					     "libreoffice.pdf", "hybrid.pdf",
					     "qpdf-linear-objstm.pdf" };
	struct sample none, one, two, same;
	struct pdf_dss_vri vri[2];
	struct pdf_dss dss;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sample_open(&none, names[i]);
		assert_ok(pdf_dss_read(none.doc, &dss, err));
		assert_false(dss.present);
		pdf_dss_clear(&dss);

		vri[0] = entry(KEY_A, 1);
		assert_true(store(&none, vri, 1, &one));
		assert_ok(pdf_dss_read(one.doc, &dss, err));
		assert_true(dss.present);
		assert_int_equal(dss.certs.count, 1);
		assert_int_equal(dss.crls.count, 1);
		assert_int_equal(dss.ocsps.count, 1);
		assert_int_equal(dss.vri_count, 1);
		assert_true(slice_equal(dss.certs.items[0], values[0]));
		assert_true(slice_equal(dss.ocsps.items[0], values[3]));
		pdf_dss_clear(&dss);

		/* One certificate more, under another key. */
		vri[1] = entry(KEY_B, 2);
		assert_true(store(&one, vri, 2, &two));
		assert_ok(pdf_dss_read(two.doc, &dss, err));
		assert_int_equal(dss.certs.count, 2);
		assert_int_equal(dss.crls.count, 1);
		assert_int_equal(dss.ocsps.count, 1);
		assert_int_equal(dss.vri_count, 2);
		pdf_dss_clear(&dss);

		/* What is there is not written again. */
		assert_false(store(&two, vri, 2, &same));
		vri[1].key = NULL;
		assert_false(store(&two, vri, 2, &same));
		sample_close(&two);
		sample_close(&one);
		sample_close(&none);
	}
}

/* A catalog of our own, with a store that is wrong in some way. */
static void wrong(const char *dss_text, size_t certs)
{
	struct sample s = { .bytes = BUF_INIT };
	struct pdf_dss dss;
	size_t at[4], xref;
	int i;

	buf_str(&s.bytes, "%PDF-1.7\n");
	at[1] = s.bytes.len;
	buf_printf(&s.bytes,
		   "1 0 obj\n<</Type/Catalog/Pages 2 0 R/DSS %s>>\nendobj\n",
		   dss_text);
	at[2] = s.bytes.len;
	buf_str(&s.bytes, "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n");
	at[3] = s.bytes.len;
	buf_str(&s.bytes, "3 0 obj\n<</Length 4>>\nstream\nABCD\nendstream\n"
			  "endobj\n");
	xref = s.bytes.len;
	buf_str(&s.bytes, "xref\n0 4\n0000000000 65535 f \n");
	for (i = 1; i < 4; i++)
		buf_printf(&s.bytes, "%010zu 00000 n \n", at[i]);
	buf_printf(&s.bytes,
		   "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
		   xref);
	sample_parse(&s);
	assert_ok(pdf_dss_read(s.doc, &dss, err));
	assert_int_equal(dss.certs.count, certs);
	assert_int_equal(dss.crls.count, 0);
	pdf_dss_clear(&dss);
	sample_close(&s);
}

static void test_wrong_stores(void **state)
{
	(void)state;
	wrong("<</Certs[3 0 R]>>", 1);
	wrong("<</Certs[3 0 R 3 0 R 3 0 R]>>", 1);
	wrong("<</VRI<</A<</Cert[3 0 R]>>>>>>", 1);
	wrong("<</Certs[3 0 R]/VRI<</A<</Cert[3 0 R]>>>>>>", 1);
	wrong("null", 0);
	wrong("[3 0 R]", 0);
	wrong("9 0 R", 0);
	wrong("3 0 R", 0);
	wrong("<</Certs 3 0 R>>", 0);
	wrong("<</Certs[1 0 R 2 0 R 9 0 R null 5 (x)]>>", 0);
	wrong("<</Certs[[3 0 R]]>>", 0);
	wrong("<</VRI[3 0 R]>>", 0);
	wrong("<</VRI<</A 3 0 R/B 7/C<</Cert 3 0 R>>>>>>", 0);
	wrong("<</CRLs(text)/OCSPs<<>>>>", 0);
}

static void test_key(void **state)
{
	struct pdf_arena a = PDF_ARENA_INIT;
	struct pdf_object *d = pdf_new_dict(&a);
	char key[PDF_DSS_KEY];

	(void)state;
	assert_true(pdf_dict_put(&a, d, "Contents",
				 pdf_new_hex(&a, slice_str("abc"))));
	pdf_dss_key(d, key);
	assert_string_equal(key, "A9993E364706816ABA3E25717850C26C9CD0D89D");
	pdf_arena_clear(&a);
}

/* What one call put into an update, the next one finds there: stores, fields,
 * and the catalog that they share. */
static void test_one_update(void **state)
{
	static const char *const names[] = { "pdftex.pdf", "fields.pdf" };
	const struct pdf_object *catalog, *form, *fields;
	struct pdf_dss_vri vri[2] = { entry(KEY_A, 1), entry(KEY_B, 2) };
	struct sample before, after;
	struct pdf_update *u;
	struct pdf_dss dss;
	bool changed;
	size_t i, k, were;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sample_open(&before, names[i]);
		assert_ok(pdf_catalog(before.doc, &catalog, err));
		assert_ok(pdf_dict_resolve(before.doc, catalog, "AcroForm",
					   &form, err));
		assert_ok(pdf_dict_resolve(before.doc, form, "Fields", &fields,
					   err));
		were = pdf_array_count(fields);
		assert_ok(pdf_update_new(before.doc, &u, err));
		for (k = 0; k < 2; k++) {
			struct pdf_ref field = pdf_update_add(
				u, pdf_new_dict(pdf_update_arena(u)));

			assert_ok(pdf_dss_write(u, before.doc, &vri[k], 1,
						&changed, err));
			assert_true(changed);
			assert_ok(pdf_form_update(u, before.doc, field,
						  PDF_SIG_EXIST, NULL, err));
		}
		sample_update(&after, &before, u);
		pdf_update_free(u);
		assert_ok(pdf_dss_read(after.doc, &dss, err));
		assert_true(dss.present);
		assert_int_equal(dss.vri_count, 2);
		pdf_dss_clear(&dss);
		assert_ok(pdf_catalog(after.doc, &catalog, err));
		assert_ok(pdf_dict_resolve(after.doc, catalog, "AcroForm",
					   &form, err));
		assert_ok(pdf_dict_resolve(after.doc, form, "Fields", &fields,
					   err));
		assert_int_equal(pdf_array_count(fields), were + 2);
		sample_close(&after);
		sample_close(&before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_update),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_wrong_stores),
		cmocka_unit_test(test_key),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
