/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/survey.h"

#include <math.h>

#include "make.h"

static void survey_of(struct make *m, struct pdf_survey *out)
{
	make_open(m);
	assert_ok(pdf_survey_make(m->in, out, err));
}

static void test_made(void **state)
{
	const struct pdf_survey_signature *sig;
	struct pdf_survey s;
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_second(&m);
	survey_of(&m, &s);
	assert_int_equal(s.revisions, 3);
	assert_int_equal(s.signature_count, 2);
	sig = &s.signatures[0];
	assert_string_equal(sig->field, "one");
	assert_string_equal(sig->sub_filter_name, "ETSI.CAdES.detached");
	assert_int_equal(sig->coverage, PDF_COVERS_REVISION);
	assert_int_equal(sig->changes_after, PDF_CHANGE_FORM_FILL);
	assert_true(sig->sound);
	assert_int_equal(sig->contents.len, 5);
	assert_int_equal(sig->finding_count, 0);
	assert_int_equal(s.signatures[1].changes_after, PDF_CHANGE_NONE);
	pdf_survey_clear(&s);
	make_clear(&m);
}

/* The name of a field may be longer than what is passed on of it. */
static void test_long_name(void **state)
{
	struct buf body = BUF_INIT, bytes = BUF_INIT;
	struct pdf_survey s, read;
	struct make m;

	(void)state;
	make_base(&m);
	buf_str(&body, "<</FT/Sig/Type/Annot/Subtype/Widget/Rect[0 0 0 0]"
		       "/F 132/P 3 0 R/V 11 0 R/T(");
	buf_fill(&body, 'n', PDF_SURVEY_NAME - 1);
	/* Two bytes in UTF-8. */
	buf_fill(&body, 0xe9, 5000);
	buf_str(&body, ")>>");
	buf_fill(&body, '\0', 1);
	make_obj(&m, 7, (const char *)body.data);
	make_signature(&m, 11, "/Type/Sig");
	make_table(&m, "");
	make_signed(&m);
	survey_of(&m, &s);
	assert_int_equal(s.signature_count, 1);
	assert_int_equal(strlen(s.signatures[0].field), PDF_SURVEY_NAME - 1);
	pdf_survey_write(&s, &bytes);
	assert_ok(pdf_survey_read(buf_get(&bytes), &read, err));
	assert_string_equal(read.signatures[0].field, s.signatures[0].field);
	pdf_survey_clear(&read);
	pdf_survey_clear(&s);
	buf_clear(&bytes);
	buf_clear(&body);
	make_clear(&m);
}

/* A survey of everything at once, and its bytes. */
static void make_bytes(struct buf *out)
{
	struct pdf_survey_box box[] = {
		{ 2, 0, { 1, 2, 3.5, 4 }, "a box", true }
	};
	struct pdf_survey s;
	struct make m;

	make_signed_base(&m);
	make_second(&m);
	survey_of(&m, &s);
	assert_ok(pdf_survey_find(&s, &s.signatures[0], PDF_FINDING_FAIL,
				  "byte-range", err, "what %s", "it was"));
	assert_ok(pdf_survey_find(&s, &s.signatures[0], PDF_FINDING_NOTE,
				  "field", err, "for the third time"));
	s.signatures[0].boxes = box;
	s.signatures[0].box_count = 1;
	s.values = pdf_arena_alloc(&s.arena, sizeof(*s.values));
	assert_non_null(s.values);
	s.values[0] = (struct pdf_survey_value){ PDF_VALUE_CRL, 1,
						 slice_str("0\x03list") };
	s.value_count = 1;
	pdf_survey_write(&s, out);
	assert_ok(buf_status(out, err));
	pdf_survey_clear(&s);
	make_clear(&m);
}

static void test_round(void **state)
{
	struct buf bytes = BUF_INIT, again = BUF_INIT;
	struct pdf_survey s;

	(void)state;
	make_bytes(&bytes);
	assert_ok(pdf_survey_read(buf_get(&bytes), &s, err));
	assert_int_equal(s.signature_count, 2);
	assert_string_equal(s.signatures[0].findings[0].message, "what it was");
	assert_string_equal(s.signatures[0].findings[1].id, "field");
	assert_int_equal(s.signatures[0].box_count, 1);
	assert_string_equal(s.signatures[0].boxes[0].what, "a box");
	assert_int_equal(s.signatures[1].box_count, 0);
	assert_int_equal(s.values[0].kind, PDF_VALUE_CRL);
	assert_true(slice_equal_str(s.values[0].der, "0\x03list"));
	pdf_survey_write(&s, &again);
	assert_true(slice_equal(buf_get(&bytes), buf_get(&again)));
	pdf_survey_clear(&s);
	buf_clear(&bytes);
	buf_clear(&again);
}

/* Whatever a subverted parser sends is refused, or is a survey again. */
static void test_hostile(void **state)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct buf bytes = BUF_INIT;
	size_t i, k, refused = 0;
	struct pdf_survey s;
	uint8_t was;

	(void)state;
	make_bytes(&bytes);
	for (i = 0; i < bytes.len; i++) {
		assert_status(
			DEED_MALFORMED,
			pdf_survey_read(slice_of(bytes.data, i), &s, err));
		pdf_survey_clear(&s);
	}
	buf_byte(&bytes, 0);
	assert_status(DEED_MALFORMED,
		      pdf_survey_read(buf_get(&bytes), &s, err));
	bytes.len--;
	for (i = 0; i < bytes.len; i++) {
		was = bytes.data[i];
		for (k = 0; k < sizeof(values); k++) {
			bytes.data[i] = values[k];
			if (pdf_survey_read(buf_get(&bytes), &s, NULL) !=
			    DEED_OK)
				refused++;
			pdf_survey_clear(&s);
		}
		bytes.data[i] = was;
	}
	assert_true(refused > 100);
	assert_ok(pdf_survey_read(buf_get(&bytes), &s, err));
	pdf_survey_clear(&s);
	buf_clear(&bytes);
}

/* A box is on a page of a revision that is there, at numbers. */
static void test_boxes(void **state)
{
	static const struct pdf_survey_box bad[] = {
		{ 3, 0, { 0, 0, 1, 1 }, "no such revision", false },
		{ 2, UINT32_MAX, { 0, 0, 1, 1 }, "no such page", false },
		{ 2, 0, { 0, NAN, 1, 1 }, "no number", false },
		{ 2, 0, { 0, 0, INFINITY, 1 }, "no number", false },
		{ 2, 0, { 0, 0, 1, 1e7 }, "far away", false },
	};
	struct buf bytes = BUF_INIT;
	struct pdf_survey s, again;
	struct pdf_survey_box box;
	struct make m;
	size_t i;

	(void)state;
	make_signed_base(&m);
	make_second(&m);
	survey_of(&m, &s);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		box = bad[i];
		s.signatures[0].boxes = &box;
		s.signatures[0].box_count = 1;
		buf_reset(&bytes);
		pdf_survey_write(&s, &bytes);
		assert_status(DEED_MALFORMED,
			      pdf_survey_read(buf_get(&bytes), &again, err));
	}
	buf_clear(&bytes);
	pdf_survey_clear(&s);
	make_clear(&m);
}

/* What stands behind the contents is as the survey says. */
static void test_confirm_more(void **state)
{
	struct pdf_survey s;
	struct make m;

	(void)state;
	make_signed_base(&m);
	survey_of(&m, &s);
	assert_ok(pdf_survey_confirm(&s, m.in, err));
	s.signatures[0].has_more = true;
	assert_status(DEED_INDETERMINATE, pdf_survey_confirm(&s, m.in, err));
	pdf_survey_clear(&s);
	memcpy(m.b.data + make_find(&m, m.patch, "0000>"), "4a55>", 5);
	survey_of(&m, &s);
	assert_true(s.signatures[0].has_more);
	assert_ok(pdf_survey_confirm(&s, m.in, err));
	s.signatures[0].has_more = false;
	assert_status(DEED_INDETERMINATE, pdf_survey_confirm(&s, m.in, err));
	pdf_survey_clear(&s);
	make_clear(&m);
}

/* The worst finding is never the one that is lost. */
static void test_many_findings(void **state)
{
	struct pdf_survey_signature *sig;
	struct pdf_survey s;
	struct make m;
	int i;

	(void)state;
	make_signed_base(&m);
	survey_of(&m, &s);
	sig = &s.signatures[0];
	for (i = 0; i < 2 * PDF_SURVEY_FINDINGS; i++)
		assert_ok(pdf_survey_find(&s, sig, PDF_FINDING_NOTE, "note",
					  err, "number %d", i));
	assert_ok(pdf_survey_find(&s, sig, PDF_FINDING_FAIL, "bad", err, "no"));
	assert_ok(pdf_survey_find(&s, sig, PDF_FINDING_NOTE, "note", err, "x"));
	assert_int_equal(sig->finding_count, PDF_SURVEY_FINDINGS);
	assert_string_equal(sig->findings[62].message, "number 62");
	assert_int_equal(sig->findings[63].severity, PDF_FINDING_FAIL);
	pdf_survey_clear(&s);
	make_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_confirm_more),
		cmocka_unit_test(test_many_findings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
