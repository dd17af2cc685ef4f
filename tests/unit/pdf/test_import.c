/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "pdf/import.h"
#include "pdf/marks.h"
#include "sample.h"

/* A one-page PDF of the given page keys and further objects (from 5 on). */
static void make(struct buf *b, const char *page, const char *content,
		 const char *const *more)
{
	size_t at[32] = { 0 }, n = 4, i, start;

	buf_str(b, "%PDF-1.5\n");
	at[1] = b->len;
	buf_str(b, "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
	at[2] = b->len;
	buf_str(b, "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n");
	at[3] = b->len;
	buf_printf(b,
		   "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>\n"
		   "endobj\n",
		   page);
	at[4] = b->len;
	buf_printf(b,
		   "4 0 obj\n<</Length %zu>>\nstream\n%s\nendstream\nendobj\n",
		   strlen(content), content);
	for (; more != NULL && *more != NULL; more++) {
		at[++n] = b->len;
		buf_printf(b, "%zu 0 obj\n%s\nendobj\n", n, *more);
	}
	start = b->len;
	buf_printf(b, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
	for (i = 1; i <= n; i++)
		buf_printf(b, "%010zu 00000 n \n", at[i]);
	buf_printf(b,
		   "trailer\n<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n"
		   "%%%%EOF\n",
		   n + 1, start);
}

/* How the next is imported. */
static struct pdf_import_ink ink;

static enum deed_status import(const struct buf *pdf, int turn, double aspect,
			       struct sample *after, struct pdf_ref *form,
			       struct deed_error *err)
{
	enum deed_status status;
	struct pdf_update *u;
	struct sample before;

	memset(after, 0, sizeof(*after));
	sample_open(&before, "groff.pdf");
	assert_ok(pdf_update_new(before.doc, &u, err));
	status = pdf_import_page(u, buf_get(pdf), "box.pdf", turn, aspect, ink,
				 form, err);
	if (status == DEED_OK)
		sample_update(after, &before, u);
	pdf_update_free(u);
	sample_close(&before);
	return status;
}

static void numbers(const struct pdf_object *dict, const char *key, double *v,
		    size_t count)
{
	const struct pdf_object *array = pdf_dict_get(dict, key);
	size_t i;

	assert_int_equal(pdf_array_count(array), count);
	for (i = 0; i < count; i++)
		assert_true(pdf_get_number(pdf_array_get(array, i), &v[i]));
}

/* Resources and what they refer to arrive; what is the page's own does not. */
static void whole_page(void **state)
{
	static const char *const more[] = {
		"<</Type/ExtGState/ca .5/Gone 6 1 R/Loop 6 0 R>>",
		"<</Back 5 0 R/Name(x)/Parent 1 0 R>>",
		NULL,
	};
	const struct pdf_object *form, *resources, *gs, *loop;
	struct buf pdf = BUF_INIT, content = BUF_INIT;
	struct pdf_ref ref;
	struct sample s;
	double v[6];

	(void)state;
	make(&pdf,
	     "/MediaBox[10 20 110 70]/Group<</S/Transparency>>"
	     "/Resources<</ExtGState<</g 5 0 R>>>>",
	     "/g gs 0 0 50 50 re f", more);
	assert_ok(import(&pdf, 0, 0, &s, &ref, err));
	form = sample_get(&s, ref);
	assert_true(pdf_is(form, PDF_STREAM));
	assert_true(pdf_is_name(pdf_dict_get(form, "Subtype"), "Form"));
	assert_null(pdf_dict_get(form, "Group"));
	numbers(form, "BBox", v, 4);
	assert_true(v[0] == 10 && v[1] == 20 && v[2] == 110 && v[3] == 70);
	numbers(form, "Matrix", v, 6);
	assert_true(v[0] == 1 && v[1] == 0 && v[2] == 0 && v[3] == 1);
	assert_ok(pdf_dict_resolve(s.doc, form, "Resources", &resources, err));
	assert_ok(pdf_dict_resolve(s.doc, pdf_dict_get(resources, "ExtGState"),
				   "g", &gs, err));
	/* Another generation of what the next leads to. */
	assert_true(pdf_is(pdf_dict_get(gs, "Gone"), PDF_NULL));
	assert_ok(pdf_dict_resolve(s.doc, gs, "Loop", &loop, err));
	assert_true(slice_equal_str(pdf_get_string(pdf_dict_get(loop, "Name")),
				    "x"));
	assert_null(pdf_dict_get(loop, "Parent"));
	assert_ok(pdf_stream_decode(s.doc, form, 1000, &content, err));
	assert_true(
		slice_equal_str(buf_get(&content), "/g gs 0 0 50 50 re f\n"));
	buf_clear(&content);
	buf_clear(&pdf);
	sample_close(&s);
}

/* White ground first, then ink that multiplies, by a name that is free; the
 * page's own graphics states stay, also behind a reference. */
static void inked(void **state)
{
	static const char *const more[] = { "<</Ink0<</LW 2>>>>", NULL };
	const struct pdf_object *form, *resources, *states;
	struct buf pdf = BUF_INIT, content = BUF_INIT;
	struct pdf_ref ref;
	struct sample s;
	bool multiply;

	(void)state;
	make(&pdf, "/MediaBox[10 20 110 70]/Resources<</ExtGState 5 0 R>>",
	     "/Ink0 gs 0 0 50 50 re f", more);
	ink = (struct pdf_import_ink){ .multiply = true, .ground = true };
	assert_ok(import(&pdf, 0, 0, &s, &ref, err));
	form = sample_get(&s, ref);
	assert_ok(pdf_stream_decode(s.doc, form, 1000, &content, err));
	assert_true(slice_equal_str(
		buf_get(&content), "q 1 g 10.000 20.000 100.000 50.000 re f Q\n"
				   "/Ink1 gs\n/Ink0 gs 0 0 50 50 re f\n"));
	assert_ok(pdf_dict_resolve(s.doc, form, "Resources", &resources, err));
	states = pdf_dict_get(resources, "ExtGState");
	assert_true(pdf_is_name(
		pdf_dict_get(pdf_dict_get(states, "Ink1"), "BM"), "Multiply"));
	assert_non_null(pdf_dict_get(states, "Ink0"));
	assert_ok(pdf_paints_multiply(s.doc, form, &multiply, err));
	assert_false(multiply);
	sample_close(&s);
	ink.ground = false;
	assert_ok(import(&pdf, 0, 0, &s, &ref, err));
	assert_ok(pdf_paints_multiply(s.doc, sample_get(&s, ref), &multiply,
				      err));
	assert_true(multiply);
	ink.multiply = false;
	sample_close(&s);
	buf_clear(&content);
	buf_clear(&pdf);
}

/* The form stands upright on a page that is turned, and in a place of
 * another shape it keeps its own. */
static void turned(void **state)
{
	struct buf pdf = BUF_INIT;
	struct pdf_ref ref;
	struct sample s;
	double v[6];

	(void)state;
	make(&pdf, "/MediaBox[0 0 100 50]/Rotate 90", "0 0 9 9 re f", NULL);
	assert_ok(import(&pdf, 0, 0, &s, &ref, err));
	numbers(sample_get(&s, ref), "Matrix", v, 6);
	assert_true(v[0] == 0 && v[1] == -1 && v[2] == 1 && v[3] == 0);
	sample_close(&s);
	assert_ok(import(&pdf, 180, 0, &s, &ref, err));
	numbers(sample_get(&s, ref), "Matrix", v, 6);
	assert_true(v[0] == 0 && v[1] == 1 && v[2] == -1 && v[3] == 0);
	sample_close(&s);
	/* As displayed it is 50 by 100; a square place widens it to 100. */
	assert_ok(import(&pdf, 0, 1, &s, &ref, err));
	numbers(sample_get(&s, ref), "BBox", v, 4);
	assert_true(v[0] == 0 && v[1] == -25 && v[2] == 100 && v[3] == 75);
	sample_close(&s);
	buf_clear(&pdf);
}

static void size(void **state)
{
	struct buf pdf = BUF_INIT;
	double w, h;

	(void)state;
	make(&pdf, "/MediaBox[0 0 72 144]/UserUnit 2/Rotate 270", "", NULL);
	assert_ok(pdf_import_size(buf_get(&pdf), &w, &h, err));
	assert_true(fabs(w - 4 * 25.4) < 1e-9 && fabs(h - 2 * 25.4) < 1e-9);
	buf_clear(&pdf);
}

static void fonts(void **state)
{
	static const char *const embedded[] = {
		"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor"
		" 6 0 R>>",
		"<</Type/FontDescriptor/FontFile2 7 0 R>>",
		"<</Length 1>>\nstream\nx\nendstream",
		NULL,
	};
	static const char *const bad[][4] = {
		{ "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" },
		/* No /Type: still a font, being in /Font. */
		{ "<</Subtype/Type1/BaseFont/Helvetica>>" },
		{ "<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor"
		  " 6 0 R>>",
		  "<</Type/FontDescriptor>>" },
		{ "<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor"
		  " 6 0 R>>",
		  "<</Type/FontDescriptor/FontFile2(no stream)>>" },
		{ "<</Type/Font/Subtype/Type0/DescendantFonts[6 0 R]>>",
		  "<</Type/Font/Subtype/CIDFontType2/BaseFont/Y>>" },
	};
	static const char page[] =
		"/MediaBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>";
	struct buf pdf = BUF_INIT;
	struct pdf_ref ref;
	struct sample s;
	size_t i;

	(void)state;
	make(&pdf, page, "", embedded);
	assert_ok(import(&pdf, 0, 0, &s, &ref, err));
	sample_close(&s);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_reset(&pdf);
		make(&pdf, page, "", bad[i]);
		assert_status(DEED_REFUSED, import(&pdf, 0, 0, &s, &ref, err));
	}
	buf_clear(&pdf);
}

static void refused(void **state)
{
	static const char *const outside[] = {
		"<</Type/XObject/Subtype/Image/F(other.bin)/Length 0>>\n"
		"stream\n\nendstream",
		NULL,
	};
	static const char *const unknown[] = { NULL };
	struct buf pdf = BUF_INIT;
	struct pdf_ref ref;
	struct sample s;

	(void)state;
	make(&pdf, "/MediaBox[0 0 9 9]/Resources<</XObject<</i 5 0 R>>>>", "",
	     outside);
	assert_status(DEED_UNSUPPORTED, import(&pdf, 0, 0, &s, &ref, err));
	buf_reset(&pdf);
	make(&pdf, "/MediaBox[0 0 0 9]", "", unknown);
	assert_status(DEED_MALFORMED, import(&pdf, 0, 0, &s, &ref, err));
	buf_reset(&pdf);
	buf_str(&pdf, "not a PDF");
	assert_status(DEED_MALFORMED, import(&pdf, 0, 0, &s, &ref, err));
	buf_clear(&pdf);
	sample_open(&s, "groff.pdf");
	{
		struct sample after;

		assert_status(DEED_UNSUPPORTED,
			      import(&s.bytes, 0, 0, &after, &ref, err));
	}
	sample_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_page), cmocka_unit_test(inked),
		cmocka_unit_test(turned),     cmocka_unit_test(size),
		cmocka_unit_test(fonts),      cmocka_unit_test(refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
