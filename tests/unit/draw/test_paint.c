/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "draw/paint.h"
#include "draw/text.h"

static struct draw_spec seal_of(const char *name)
{
	return (struct draw_spec){
		.kind = DRAW_SEAL,
		.width_mm = 40,
		.name = name,
		.lines = { "2026-11-23", "wang" },
		.time = 1795392000,
	};
}

static void assert_no_font(const struct buf *pdf)
{
	assert_null(memmem(pdf->data, pdf->len, "/Font ", 6));
	assert_null(memmem(pdf->data, pdf->len, "/FontFile", 9));
}

static void test_scripts(void **state)
{
	static const char *const names[] = {
		"示例科技有限公司",
		"公司",
		"示例科技有限公司北京市第一分公司建设工程专用章",
		"Notary Office Seven of the City of Beijing",
		"شركة المثال للتقنية المحدودة",
		"Société Générale d'Édition",
		"A",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct draw_spec spec = seal_of(names[i]);
		struct drawing one = DRAWING_INIT, two = DRAWING_INIT;

		assert_ok(paint(&spec, &one, err));
		assert_ok(paint(&spec, &two, err));
		assert_true(one.width_mm == 40 && one.height_mm == 40);
		assert_memory_equal(one.pdf.data, "%PDF-1.4", 8);
		assert_int_equal(one.pdf.len, two.pdf.len);
		assert_memory_equal(one.pdf.data, two.pdf.data, one.pdf.len);
		assert_no_font(&one.pdf);
		buf_clear(&one.pdf);
		buf_clear(&two.pdf);
	}
}

/* Rows that begin beside the letters of the name, and in the middle. */
static void test_full_seals(void **state)
{
	static const char *const names[] = { "ACME", "A", "示例科技有限公司" };
	struct drawing out = DRAWING_INIT;
	size_t i, lines;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct draw_spec spec = seal_of(names[i]);

		spec.emblem = DRAW_EMBLEM_NONE;
		spec.purpose = "CONTRACTS";
		for (lines = 0; lines < DRAW_LINES; lines++) {
			spec.lines[lines] = "Shanghai";
			assert_ok(paint(&spec, &out, err));
			buf_clear(&out.pdf);
		}
	}
}

static void test_bad_specs(void **state)
{
	char longest[DRAW_TEXT_MAX + 2];
	struct drawing out = DRAWING_INIT;
	struct draw_spec spec = seal_of("ok");

	(void)state;
	memset(longest, 'i', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	spec.width_mm = NAN;
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	spec.width_mm = 4.9;
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	spec.width_mm = 1e9;
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	spec = seal_of("");
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	spec = seal_of(longest);
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	longest[DRAW_TEXT_MAX] = '\0';
	spec = seal_of(longest);
	assert_status(DEED_USAGE, paint(&spec, &out, err));
	spec = seal_of("bad \xc3\x28 text");
	assert_status(DEED_MALFORMED, paint(&spec, &out, err));
	spec.kind = DRAW_BOX;
	assert_status(DEED_MALFORMED, paint(&spec, &out, err));
	spec = seal_of("ok");
	spec.font = "No Such Family";
	assert_status(DEED_UNSUPPORTED, paint(&spec, &out, err));
	spec = seal_of("ok");
	spec.emblem = DRAW_EMBLEM_IMAGE;
	assert_status(DEED_MALFORMED, paint(&spec, &out, err));
	assert_null(out.pdf.data);
}

/* Unassigned in Unicode: no font has it, on any machine. */
static void test_missing_glyph(void **state)
{
	struct drawing out = DRAWING_INIT;
	struct draw_spec spec = seal_of("ACME \xf1\x90\x80\x80 Ltd");

	(void)state;
	assert_status(DEED_UNSUPPORTED, paint(&spec, &out, err));
}

static void test_box_grows_with_lines(void **state)
{
	struct draw_spec spec = seal_of("王小明");
	struct drawing two = DRAWING_INIT, three = DRAWING_INIT;

	(void)state;
	spec.kind = DRAW_BOX;
	spec.width_mm = 60;
	assert_ok(paint(&spec, &two, err));
	spec.lines[2] = "Location: Beijing";
	assert_ok(paint(&spec, &three, err));
	assert_true(three.height_mm > two.height_mm);
	assert_no_font(&two.pdf);
	buf_clear(&two.pdf);
	buf_clear(&three.pdf);
}

/* One red pixel, half transparent, 2 by 1. */
static const uint8_t png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x06, 0x00, 0x00, 0x00, 0xf4, 0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00,
	0x0f, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xd0,
	0xc0, 0x00, 0x04, 0x00, 0x0a, 0x81, 0x01, 0x80, 0x0d, 0x80, 0xfe, 0xe7,
	0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static void test_image(void **state)
{
	struct draw_spec spec = { .kind = DRAW_IMAGE,
				  .width_mm = 30,
				  .image = { png, sizeof(png) } };
	struct drawing out = DRAWING_INIT;
	size_t len;

	(void)state;
	assert_ok(paint(&spec, &out, err));
	assert_true(fabs(out.height_mm - 15) < 1e-9);
	assert_non_null(memmem(out.pdf.data, out.pdf.len, "/SMask", 6));
	buf_clear(&out.pdf);
	for (len = 0; len < sizeof(png) - 12; len++) {
		spec.image.len = len;
		assert_status(DEED_MALFORMED, paint(&spec, &out, err));
	}
}

static void test_image_bomb(void **state)
{
	uint8_t bomb[sizeof(png)];
	struct draw_spec spec = { .kind = DRAW_IMAGE,
				  .width_mm = 30,
				  .image = { bomb, sizeof(bomb) } };
	struct drawing out = DRAWING_INIT;

	(void)state;
	memcpy(bomb, png, sizeof(png));
	memset(bomb + 16, 0x7f, 8);
	assert_status(DEED_LIMIT, paint(&spec, &out, err));
}

static int end(void **state)
{
	(void)state;
	text_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_full_seals),
		cmocka_unit_test(test_bad_specs),
		cmocka_unit_test(test_missing_glyph),
		cmocka_unit_test(test_box_grows_with_lines),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_image_bomb),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, end);
}
