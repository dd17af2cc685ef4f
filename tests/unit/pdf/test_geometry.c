/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "pdf/geometry.h"
#include "sample.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-6)

static void read_sheet(struct sample *s, size_t i, struct pdf_sheet *sheet)
{
	struct pdf_page page;

	assert_ok(pdf_page_get(s->doc, i, &page, err));
	assert_ok(pdf_sheet_read(s->doc, &page, sheet, err));
}

/* geometry.pdf: what each page is, by hand. */
static void sheets(void **state)
{
	static const struct {
		struct pdf_rect box;
		int rotate;
		double unit;
	} wanted[] = {
		{ { 0, 0, 595, 842 }, 0, 1 },
		{ { 0, 0, 595, 842 }, 90, 1 },
		{ { 0, 0, 595, 842 }, 180, 1 },
		{ { 0, 0, 595, 842 }, 270, 1 },
		{ { 100, 150, 500, 700 }, 0, 1 },
		{ { 100, 150, 500, 700 }, 90, 1 },
		{ { 0, 0, 400, 792 }, 270, 1 },
		{ { -100, -200, 300, 400 }, 90, 1 },
		{ { 0, 0, 297, 421 }, 0, 2 },
		{ { 0, 0, 297, 421 }, 270, 2 },
	};
	struct pdf_sheet sheet;
	struct sample s;
	size_t i;

	(void)state;
	sample_open(&s, "geometry.pdf");
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		read_sheet(&s, i, &sheet);
		NEAR(sheet.box.x0, wanted[i].box.x0);
		NEAR(sheet.box.y0, wanted[i].box.y0);
		NEAR(sheet.box.x1, wanted[i].box.x1);
		NEAR(sheet.box.y1, wanted[i].box.y1);
		assert_int_equal(sheet.rotate, wanted[i].rotate);
		NEAR(sheet.unit, wanted[i].unit);
	}
	sample_close(&s);
}

/* The corner named lies there again when it is read back, on every page. */
static void there_and_back(void **state)
{
	double x, y, w, h;
	struct pdf_sheet sheet;
	struct pdf_rect rect;
	struct sample s;
	size_t i;

	(void)state;
	sample_open(&s, "geometry.pdf");
	for (i = 0; i < 10; i++) {
		read_sheet(&s, i, &sheet);
		assert_ok(pdf_sheet_place(&sheet, 20, 10, 40, 15, &rect, err));
		assert_true(rect.x0 >= sheet.box.x0 &&
			    rect.x1 <= sheet.box.x1 &&
			    rect.y0 >= sheet.box.y0 && rect.y1 <= sheet.box.y1);
		pdf_sheet_locate(&sheet, &rect, &x, &y, &w, &h);
		NEAR(x, 20);
		NEAR(y, 10);
		NEAR(w, 40);
		NEAR(h, 15);
	}
	sample_close(&s);
}

/* Top left of an upright A4: 10 mm are 28.35 units. */
static void by_hand(void **state)
{
	struct pdf_sheet sheet = { { 0, 0, 595, 842 }, 0, 1, 209.9, 297.04 };
	struct pdf_rect r;

	(void)state;
	assert_ok(pdf_sheet_place(&sheet, 10, 20, 30, 40, &r, err));
	NEAR(r.x0, 10 * PDF_MM);
	NEAR(r.y1, 842 - 20 * PDF_MM);
	NEAR(r.x1, 40 * PDF_MM);
	NEAR(r.y0, 842 - 60 * PDF_MM);
	sheet.rotate = 90;
	sheet.width_mm = 297.04;
	sheet.height_mm = 209.9;
	assert_ok(pdf_sheet_place(&sheet, 10, 20, 30, 40, &r, err));
	NEAR(r.x0, 20 * PDF_MM);
	NEAR(r.y0, 10 * PDF_MM);
	NEAR(r.x1, 60 * PDF_MM);
	NEAR(r.y1, 40 * PDF_MM);
}

static void off_the_page(void **state)
{
	static const double bad[][4] = {
		{ -1, 10, 20, 20 },	  { 10, -1, 20, 20 },
		{ 200, 10, 20, 20 },	  { 10, 290, 20, 20 },
		{ 10, 10, 0, 20 },	  { 10, 10, 20, -5 },
		{ 10, 10, 1e300, 20 },	  { NAN, 10, 20, 20 },
		{ 10, NAN, 20, 20 },	  { 10, 10, NAN, 20 },
		{ 10, 10, 20, INFINITY }, { INFINITY, 10, 20, 20 },
	};
	struct pdf_sheet sheet = { { 0, 0, 595, 842 }, 0, 1, 209.9, 297.04 };
	struct pdf_rect r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(DEED_USAGE,
			      pdf_sheet_place(&sheet, bad[i][0], bad[i][1],
					      bad[i][2], bad[i][3], &r, err));
	/* What rounding puts a hair over the edge is not refused. */
	assert_ok(pdf_sheet_place(&sheet, 0, 0, 210, 297, &r, err));
}

static void selectors(void **state)
{
	static const long bad[] = { 0, 11, -11, 1000000, -1000000 };
	struct sample s;
	size_t i, index;

	(void)state;
	sample_open(&s, "geometry.pdf");
	assert_ok(pdf_page_select(s.doc, 1, &index, err));
	assert_int_equal(index, 0);
	assert_ok(pdf_page_select(s.doc, 10, &index, err));
	assert_int_equal(index, 9);
	assert_ok(pdf_page_select(s.doc, -1, &index, err));
	assert_int_equal(index, 9);
	assert_ok(pdf_page_select(s.doc, -10, &index, err));
	assert_int_equal(index, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(DEED_USAGE,
			      pdf_page_select(s.doc, bad[i], &index, err));
	sample_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sheets),    cmocka_unit_test(there_and_back),
		cmocka_unit_test(by_hand),   cmocka_unit_test(off_the_page),
		cmocka_unit_test(selectors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
