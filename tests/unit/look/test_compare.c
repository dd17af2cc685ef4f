/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "look/compare.h"
#include "look/sheet.h"

#define SIDE 200

struct canvas {
	uint8_t pixels[SIDE * SIDE * 4];
	struct look_image image;
};

static struct canvas a, b;

static void fill(struct canvas *c, const struct look_area *area, uint8_t red,
		 uint8_t green, uint8_t blue)
{
	int32_t x, y;

	for (y = area->top; y < area->bottom; y++) {
		for (x = area->left; x < area->right; x++) {
			uint8_t *p = c->pixels + 4 * (y * SIDE + x);

			p[0] = blue;
			p[1] = green;
			p[2] = red;
		}
	}
}

static void ink(struct canvas *c, int32_t x, int32_t y, int32_t width,
		int32_t height, uint8_t grey)
{
	fill(c, &(struct look_area){ x, y, x + width, y + height }, grey, grey,
	     grey);
}

static int blank(void **state)
{
	(void)state;
	memset(a.pixels, 255, sizeof(a.pixels));
	memset(b.pixels, 255, sizeof(b.pixels));
	a.image = (struct look_image){ SIDE, SIDE, SIDE * 4, a.pixels };
	b.image = (struct look_image){ SIDE, SIDE, SIDE * 4, b.pixels };
	return 0;
}

static size_t differing(const struct look_area *masks, size_t count,
			struct look_areas *out)
{
	assert_ok(look_compare(&a.image, &b.image, masks, count, out, err));
	return out->count;
}

static void the_same_is_no_difference(void **state)
{
	struct look_areas found;
	size_t i;

	(void)state;
	assert_int_equal(differing(NULL, 0, &found), 0);
	/* The fourth byte says nothing, and a shade is none. */
	for (i = 3; i < sizeof(b.pixels); i += 4)
		b.pixels[i] = 0;
	ink(&b, 0, 0, SIDE, SIDE, 255 - LOOK_STEP);
	assert_int_equal(differing(NULL, 0, &found), 0);
	ink(&b, 0, 0, SIDE, SIDE, 255 - LOOK_STEP - 1);
	assert_int_equal(differing(NULL, 0, &found), 1);
}

static void one_channel_is_enough(void **state)
{
	const struct look_area area = { 10, 20, 14, 23 };
	struct look_areas found;

	(void)state;
	fill(&b, &area, 255, 255, 200);
	assert_int_equal(differing(NULL, 0, &found), 1);
	assert_memory_equal(&found.list[0], &area, sizeof(area));
}

static void pixels_must_touch(void **state)
{
	struct look_areas found;
	int32_t i;

	(void)state;
	ink(&b, 50, 50, LOOK_TOUCHING - 1, 1, 0);
	assert_int_equal(differing(NULL, 0, &found), 0);
	for (i = 0; i < SIDE; i += 3)
		ink(&b, i, 100, 2, 2, 0);
	assert_int_equal(differing(NULL, 0, &found), 0);
	/* By a corner is enough. */
	for (i = 0; i < LOOK_TOUCHING; i++)
		ink(&b, 20 + i, 150 + i, 1, 1, 0);
	assert_int_equal(differing(NULL, 0, &found), 1);
	assert_int_equal(found.list[0].left, 20);
	assert_int_equal(found.list[0].bottom, 150 + LOOK_TOUCHING);
}

static void at_the_edges(void **state)
{
	struct look_areas found;

	(void)state;
	ink(&b, 0, 0, 4, 4, 0);
	ink(&b, SIDE - 4, SIDE - 4, 4, 4, 0);
	/* The end of a row does not touch the start of the next. */
	ink(&b, SIDE - 1, 100, 1, LOOK_TOUCHING - 1, 0);
	ink(&b, 0, 101, 1, LOOK_TOUCHING - 1, 0);
	assert_int_equal(differing(NULL, 0, &found), 2);
}

static void masks_hide(void **state)
{
	const struct look_area masks[] = {
		{ -50, -50, 20, 20 },
		{ 100, 100, 120, 140 },
		{ 190, 190, 100000, 100000 },
		{ 60, 60, 50, 50 }, /* the wrong way round */
	};
	struct look_areas found;

	(void)state;
	ink(&b, 0, 0, 20, 20, 0);
	ink(&b, 100, 100, 20, 40, 0);
	ink(&b, 190, 190, 10, 10, 0);
	assert_int_equal(differing(masks, 4, &found), 0);
	ink(&b, 48, 48, 12, 12, 0);
	assert_int_equal(differing(masks, 4, &found), 1);
	/* What reaches out of a mask counts there alone. */
	blank(NULL);
	ink(&b, 110, 100, 20, 40, 0);
	assert_int_equal(differing(masks, 4, &found), 1);
	assert_int_equal(found.list[0].left, 120);
}

static void close_ones_are_one(void **state)
{
	struct look_areas found;
	int32_t x, y;

	(void)state;
	/* A line of letters. */
	for (x = 10; x < 180; x += 10)
		ink(&b, x, 30, 6, 8, 0);
	ink(&b, 10, 150, 6, 8, 0);
	assert_int_equal(differing(NULL, 0, &found), 2);
	/* However many there are, none is lost. */
	blank(NULL);
	for (y = 0; y < SIDE; y += 40)
		for (x = 0; x < SIDE; x += 40)
			ink(&b, x, y, 4, 4, 0);
	assert_true(differing(NULL, 0, &found) <= LOOK_AREAS);
	for (y = 0; y < SIDE; y += 40)
		for (x = 0; x < SIDE; x += 40) {
			size_t i = 0;

			while (i < found.count && !(found.list[i].left <= x &&
						    found.list[i].right > x &&
						    found.list[i].top <= y &&
						    found.list[i].bottom > y))
				i++;
			assert_true(i < found.count);
		}
}

static void another_size_differs(void **state)
{
	struct look_areas found;

	(void)state;
	b.image.width--;
	assert_int_equal(differing(NULL, 0, &found), 1);
	assert_int_equal(found.list[0].right, SIDE);
}

/* ---- plain places ---- */

static const struct look_area place = { 20, 20, 180, 180 };

static void paper_is_plain(void **state)
{
	int32_t i;

	(void)state;
	assert_true(look_plain(&a.image, &place));
	/* A scan: grey, and never the same grey. */
	for (i = 0; i < SIDE * SIDE; i++)
		memset(a.pixels + 4 * i, 225 + i * 7919 % 20, 3);
	assert_true(look_plain(&a.image, &place));
	/* A speck of dust, and colour. */
	ink(&a, 100, 100, 3, 3, 90);
	assert_true(look_plain(&a.image, &place));
	fill(&a, &place, 20, 60, 200);
	assert_true(look_plain(&a.image, &place));
	assert_true(look_plain(&a.image,
			       &(struct look_area){ 500, 500, 600, 600 }));
}

static void what_is_seen_is_not_plain(void **state)
{
	(void)state;
	ink(&a, 20, 20, 160, 6, 0);
	assert_false(look_plain(&a.image, &place));
	blank(NULL);
	/* 3 percent and one pixel. */
	ink(&a, 20, 20, 160, 4, 0);
	ink(&a, 20, 100, 129, 1, 0);
	assert_false(look_plain(&a.image, &place));
}

static void a_word_in_a_large_place_is_seen(void **state)
{
	(void)state;
	/* A digit: two strokes, a thousandth of the place. */
	ink(&a, 97, 90, 2, 12, 0);
	ink(&a, 91, 96, 8, 2, 0);
	assert_false(look_plain(&a.image, &place));
	/* Wherever it stands: in a corner, too. */
	blank(NULL);
	ink(&a, 176, 168, 2, 12, 0);
	assert_false(look_plain(&a.image, &place));
}

/* ---- sheets ---- */

static void boxes_go_there_and_back(void **state)
{
	static const int turns[] = { 0, 90, 180, 270 };
	const double box[4] = { 110, 120, 140, 130 };
	struct look_sheet s = {
		.x0 = 100, .y0 = 100, .x1 = 200, .y1 = 300, .scale = 2
	};
	static const struct look_area expected[] = {
		{ 20, 340, 80, 360 },
		{ 40, 20, 60, 80 },
		{ 120, 40, 180, 60 },
		{ 340, 120, 360, 180 },
	};
	double back[4];
	size_t i, k;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct look_area area;

		s.rotate = turns[i];
		area = look_sheet_area(&s, box, 0);
		assert_memory_equal(&area, &expected[i], sizeof(area));
		look_sheet_box(&s, &area, back);
		for (k = 0; k < 4; k++)
			assert_true(fabs(back[k] - box[k]) < 0.001);
		area = look_sheet_area(&s, box, 3);
		assert_int_equal(area.left, expected[i].left - 3);
		assert_int_equal(area.bottom, expected[i].bottom + 3);
	}
	assert_true(look_sheet_width(&s) == 200);
	assert_true(look_sheet_height(&s) == 100);
}

static void far_boxes_stay_far(void **state)
{
	const double box[4] = { -1e300, -1e300, 1e300, 1e300 };
	struct look_sheet s = { .x1 = 100, .y1 = 100, .scale = 2 };
	struct look_area area = look_sheet_area(&s, box, 4);

	(void)state;
	assert_true(area.left < -1000 && area.right > 1000);
	assert_true(area.top < -1000 && area.bottom > 1000);
}

static void pictures_shrink(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	fill(&a, &(struct look_area){ 0, 0, 2, 2 }, 10, 20, 30);
	ink(&a, 2, 0, 1, 2, 55);
	look_shrink(&a.image, 2, &out);
	assert_int_equal(out.len, SIDE / 2 * (SIDE / 2) * 3);
	assert_memory_equal(out.data, "\x0a\x14\x1e\x9b\x9b\x9b\xff", 7);
	buf_reset(&out);
	look_shrink(&a.image, 3, &out);
	assert_int_equal(out.len, SIDE / 3 * (SIDE / 3) * 3);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_same_is_no_difference, blank),
		cmocka_unit_test_setup(one_channel_is_enough, blank),
		cmocka_unit_test_setup(pixels_must_touch, blank),
		cmocka_unit_test_setup(at_the_edges, blank),
		cmocka_unit_test_setup(masks_hide, blank),
		cmocka_unit_test_setup(close_ones_are_one, blank),
		cmocka_unit_test_setup(another_size_differs, blank),
		cmocka_unit_test_setup(paper_is_plain, blank),
		cmocka_unit_test_setup(what_is_seen_is_not_plain, blank),
		cmocka_unit_test_setup(a_word_in_a_large_place_is_seen, blank),
		cmocka_unit_test(boxes_go_there_and_back),
		cmocka_unit_test(far_boxes_stay_far),
		cmocka_unit_test_setup(pictures_shrink, blank),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
