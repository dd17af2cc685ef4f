/* SPDX-License-Identifier: Apache-2.0 */
#include "marked.h"

/* ---- annotations ---- */

static int annotated(const char *annotation, const char *form, const char *data,
		     double x, double y)
{
	struct make m;
	int kind;

	page_begin(&m, "", "/Annots[25 0 R]");
	make_obj(&m, 25, annotation);
	make_stream(&m, 26, form, data);
	page_end(&m);
	kind = ask(&m, x, y, x + 1, y + 1);
	make_clear(&m);
	return kind;
}

static void test_annotations(void **state)
{
	static const char text[] = "BT/F 10 Tf 0 3 Td(abcd)Tj ET";
	static const char form[] =
		"/Subtype/Form/BBox[0 0 20 10]/Resources 5 0 R";
	static const char turned[] =
		"/Subtype/Form/BBox[0 0 20 10]/Matrix[0 1 -1 0 0 0]"
		"/Resources 5 0 R";
	static const struct {
		const char *annotation, *form;
		double x, y;
		int kind;
	} cases[] = {
		/* Twice as large. */
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 26 0 R>>>>", form,
		  85, 60, PDF_MARK_TEXT },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 26 0 R>>>>", form,
		  93, 60, NOTHING },
		{ "<</Subtype/Stamp/Rect[50 50 70 90]/AP<</N 26 0 R>>>>",
		  turned, 60, 85, PDF_MARK_TEXT },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/F 2/AP<</N 26 0 R>>>>",
		  form, 85, 60, NOTHING },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/F 32/AP<</N 26 0 R>>>>",
		  form, 85, 60, NOTHING },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/F 16/AP<</N 26 0 R>>>>",
		  form, 50, 40, PDF_MARK_UNKNOWN },
		{ "<</Subtype/Widget/Rect[50 50 90 70]/AS/A"
		  "/AP<</N<</A 26 0 R>>>>>>",
		  form, 85, 60, PDF_MARK_TEXT },
		{ "<</Subtype/Widget/Rect[50 50 90 70]/AS/Off"
		  "/AP<</N<</A 26 0 R>>>>>>",
		  form, 85, 60, NOTHING },
		{ "<</Subtype/Widget/Rect[50 50 90 70]"
		  "/AP<</N<</A 26 0 R>>>>>>",
		  form, 85, 60, PDF_MARK_UNKNOWN },
		/* Without looks. */
		{ "<</Subtype/Widget/FT/Sig/Rect[50 50 90 70]>>", form, 85, 60,
		  NOTHING },
		{ "<</Subtype/Widget/FT/Tx/V(a)/Rect[50 50 90 70]>>", form, 85,
		  60, PDF_MARK_UNKNOWN },
		{ "<</Subtype/Widget/FT/Tx/V()/Rect[50 50 90 70]>>", form, 85,
		  60, NOTHING },
		{ "<</Subtype/Widget/Parent<</FT/Tx/V(a)>>"
		  "/Rect[50 50 90 70]>>",
		  form, 85, 60, PDF_MARK_UNKNOWN },
		{ "<</Subtype/Widget/FT/Sig/V<<>>/Rect[0 0 0 0]>>", form, 0, 0,
		  NOTHING },
		{ "<</Subtype/FreeText/Contents(a)/Rect[50 50 90 70]>>", form,
		  85, 60, PDF_MARK_UNKNOWN },
		/* An icon is as large as the reader likes. */
		{ "<</Subtype/Text/Rect[50 50 55 55]>>", form, 65, 60,
		  PDF_MARK_UNKNOWN },
		{ "<</Subtype/Ink/InkList[[1 1 150 150]]/Rect[0 0 1 1]>>", form,
		  150, 150, PDF_MARK_UNKNOWN },
		{ "<</Subtype/Link/Rect[50 50 90 70]>>", form, 85, 60,
		  NOTHING },
		{ "<</Subtype/Popup/Rect[50 50 90 70]>>", form, 85, 60,
		  NOTHING },
		/* Looks that cannot be followed, or read. */
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 3 0 R>>>>", form,
		  85, 60, PDF_MARK_UNKNOWN },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 40 0 R>>>>", form,
		  95, 60, NOTHING },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 26 0 R>>>>",
		  "/Subtype/Form/BBox[0 0 20 10]/Filter/None", 85, 60,
		  PDF_MARK_UNKNOWN },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 26 0 R>>>>",
		  "/Subtype/Form/BBox[0 0 20 10]/Filter/None", 95, 60,
		  NOTHING },
		{ "<</Subtype/Stamp/Rect[50 50 90 70]/AP<</N 26 0 R>>>>",
		  "/Subtype/Form/BBox[0 0 0 10]/Resources 5 0 R", 85, 60,
		  PDF_MARK_UNKNOWN },
	};
	size_t i;
	int kind;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kind = annotated(cases[i].annotation, cases[i].form, text,
				 cases[i].x, cases[i].y);
		if (kind != cases[i].kind)
			fail_msg("%zu %s is %d, expected %d", i,
				 cases[i].annotation, kind, cases[i].kind);
	}
}

/* ---- looks alone ---- */

static void test_multiply(void **state)
{
	static const char plain[] = "";
	static const struct {
		const char *dict, *data;
		bool multiply, nothing;
	} cases[] = {
		{ plain, "", true, true },
		{ plain, "q Q 1 0 0 1 5 5 cm 0 g", true, true },
		{ plain, "0 0 9 9 re n", true, true },
		{ plain, "f", true, true },
		{ plain, "BT/F 9 Tf 3 Tr(a)Tj ET", false, false },
		{ plain, "BT/F 9 Tf(a)Tj ET", false, false },
		{ plain, "0 0 9 9 re f", false, false },
		{ plain, "0 0 m 9 9 l S", false, false },
		{ plain, "/M gs 0 0 9 9 re f", true, false },
		{ plain, "/K gs 0 0 9 9 re f", true, false },
		{ plain, "/M gs BT/F 9 Tf(a)Tj ET/I Do/H sh", true, false },
		{ plain, "/M gs/N gs 0 0 9 9 re f", false, false },
		{ plain, "q/M gs 0 0 9 9 re f Q 0 0 m 9 9 l S", false, false },
		{ plain, "q/M gs Q 0 0 9 9 re f", false, false },
		{ plain, "/M gs q/N gs Q 0 0 9 9 re f", true, false },
		{ plain, "/M gs q/N gs 0 0 9 9 re f Q", false, false },
		{ plain, "/M gs Q 0 0 9 9 re f", false, false },
		{ plain, "/None gs/M gs 0 0 9 9 re f", false, false },
		{ plain, "/M gs/L gs 0 0 9 9 re f", false, false },
		{ plain, "/M gs/Pattern cs/P scn 0 0 9 9 re f", false, false },
		{ plain, "/M gs BT/T 9 Tf(a)Tj ET", false, false },
		{ plain, "/M gs foo", false, false },
		/* Forms: blended as one, or followed. */
		{ plain, "/M gs/G Do", true, false },
		{ plain, "/G Do", false, false },
		{ plain, "/M gs/D Do", true, false },
		{ plain, "/D Do", false, false },
		{ plain, "/O Do", false, false },
		{ plain, "/W Do", true, false },
		{ plain, "/M gs/E Do", true, true },
		{ plain, "/E Do", true, true },
		{ "/Group<</S/Transparency>>", "/M gs/G Do", true, false },
		{ "/Group<</S/Transparency/I true>>", "/M gs/G Do", false,
		  false },
		{ "/Group<</S/Transparency/K true>>", "/M gs/G Do", false,
		  false },
		{ "/Group<</S/Transparency/K true>>", "", true, true },
	};
	const struct pdf_object *form;
	bool multiply, nothing;
	char dict[256];
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		page_begin(&m, "", "");
		make_obj(&m, 25,
			 "<</Font<</F 6 0 R/T 10 0 R>>/ExtGState<</M 20 0 R"
			 "/N 21 0 R/K 22 0 R/L 30 0 R>>/Shading<</H 23 0 R>>"
			 "/Pattern<</P 24 0 R>>/XObject<</I 19 0 R/G 26 0 R"
			 "/D 27 0 R/E 28 0 R/O 29 0 R/W 31 0 R>>>>");
		make_stream(&m, 26,
			    "/Subtype/Form/BBox[0 0 9 9]/Resources 25 0 R"
			    "/Group<</S/Transparency/I true>>",
			    "0 0 9 9 re f/Pattern cs/P scn 0 0 9 9 re f");
		make_stream(&m, 27,
			    "/Subtype/Form/BBox[0 0 9 9]/Resources 25 0 R",
			    "0 0 9 9 re f");
		make_stream(&m, 28,
			    "/Subtype/Form/BBox[0 0 9 9]/Resources 25 0 R"
			    "/Group<</S/Transparency>>",
			    "0 0 9 9 re n");
		make_stream(&m, 29,
			    "/Subtype/Form/BBox[0 0 9 9]/Resources 25 0 R",
			    "0 0 9 9 re f/M gs");
		make_obj(&m, 30, "<</SMask<</S/Alpha>>>>");
		make_stream(&m, 31,
			    "/Subtype/Form/BBox[0 0 9 9]/Resources 25 0 R",
			    "/M gs 0 0 9 9 re f");
		snprintf(dict, sizeof(dict),
			 "/Subtype/Form/BBox[0 0 20 20]/Resources 25 0 R%s",
			 cases[i].dict);
		make_stream(&m, 32, dict, cases[i].data);
		page_end(&m);
		assert_ok(pdf_get_object(m.doc, (struct pdf_ref){ 32, 0 },
					 &form, err));
		assert_ok(pdf_paints_multiply(m.doc, form, &multiply, err));
		assert_ok(pdf_paints_nothing(m.doc, form, &nothing, err));
		if (multiply != cases[i].multiply ||
		    nothing != cases[i].nothing)
			fail_msg("%s %s: multiply %d, nothing %d",
				 cases[i].dict, cases[i].data, multiply,
				 nothing);
		make_clear(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_annotations),
		cmocka_unit_test(test_multiply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
