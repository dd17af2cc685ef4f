/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/utf8.h"
#include "look/find_text.h"

#define ROOM 400

/* A page: text is put letter by letter, ten points wide and twelve high. */
static struct find_letter page[ROOM];
static size_t letters;

static void blank_page(void)
{
	letters = 0;
}

static uint32_t next_code(const char **utf8)
{
	const unsigned char *p = (const unsigned char *)*utf8;
	int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
	uint32_t code = more == 0 ? *p : *p & (0x3f >> more);

	for (*utf8 += more + 1; more > 0; more--)
		code = code << 6 | (*++p & 0x3f);
	return code;
}

/* Each letter step points after the last. */
static void put_spread(double x, double y, double step, const char *utf8)
{
	for (; *utf8 != '\0'; x += step) {
		uint32_t code = next_code(&utf8);

		if (code == '\n') {
			x -= step;
			page[letters++] =
				(struct find_letter){ code, x, y, x, y };
			continue;
		}
		page[letters++] =
			(struct find_letter){ code, x, y, x + 10, y + 12 };
		assert_true(letters < ROOM);
	}
}

static void put_text(double x, double y, const char *utf8)
{
	put_spread(x, y, 10, utf8);
}

static struct find_match *found;
static struct find_seen seen;

static size_t count_of(const char *text, bool regex)
{
	struct find_pattern *p;
	size_t count;

	free(found);
	found = NULL;
	assert_ok(find_pattern_new(text, regex, &p, err));
	assert_ok(find_on_page(p, page, letters, &found, &count, &seen, err));
	find_pattern_free(p);
	return count;
}

static void literals(void **state)
{
	(void)state;
	blank_page();
	put_text(100, 50, "甲方（盖章）：\n");
	put_text(100, 80, "Signature of the  seller\n");
	put_text(100, 110, "盖 章 处\n");
	put_text(100, 140, "ﬁnal ⼈\n");
	assert_int_equal(count_of("甲方", false), 1);
	assert_true(found[0].x0 == 100 && found[0].x1 == 120);
	assert_true(found[0].end_x == 120 && found[0].end_y == 56);
	assert_int_equal(count_of("甲方(盖章):", false), 1);
	assert_int_equal(count_of("甲 方 （ 盖 章 ）", false), 1);
	assert_int_equal(count_of("of the seller", false), 1);
	assert_int_equal(count_of("ofthe", false), 0);
	assert_int_equal(count_of("signature", false), 0);
	assert_int_equal(count_of("盖章处", false), 1);
	assert_true(found[0].x1 == 150);
	assert_int_equal(count_of("final", false), 1);
	assert_int_equal(count_of("人", false), 1);
	assert_int_equal(count_of("盖章", false), 2);
	assert_true(found[0].y0 == 50 && found[1].y0 == 110);
	assert_int_equal(count_of("乙方", false), 0);
	/* One line is one line. */
	assert_int_equal(count_of("：Signature", false), 0);
	assert_int_equal(seen.unreadable, 0);
}

/* What a program spread out or wrote in any order stands at one height. */
static void rows(void **state)
{
	(void)state;
	blank_page();
	put_text(200, 50, "处\n");
	put_text(100, 50.5, "盖\n");
	put_text(150, 49.5, "章\n");
	assert_int_equal(count_of("盖章处", false), 1);
	assert_true(found[0].x0 == 100 && found[0].end_x == 210);
	/* Twice for bold type is once. */
	put_text(150.3, 49.5, "章\n");
	assert_int_equal(count_of("盖章处", false), 1);
	assert_int_equal(count_of("章", false), 1);
	/* Two columns are no line. */
	blank_page();
	put_text(100, 50, "盖\n");
	put_text(300, 50, "章\n");
	assert_int_equal(count_of("盖章", false), 0);
}

static void expressions(void **state)
{
	struct find_pattern *p;

	(void)state;
	blank_page();
	put_text(100, 50, "甲方（盖章）：\n");
	put_text(100, 80, "乙方（签字）：\n");
	assert_int_equal(count_of("^[甲乙]方", true), 2);
	assert_int_equal(count_of("[一-龥]方（盖章）", true), 1);
	assert_int_equal(count_of("甲方.盖章.:$", true), 1);
	assert_true(found[0].end_x == 170);
	assert_int_equal(count_of("方\\（盖", true), 1);
	/* The backslash is a letter, and so is the bracket. */
	assert_int_equal(count_of("方\\\\（盖", true), 0);
	assert_int_equal(count_of("x*", true), 0);
	assert_int_equal(count_of(".", true), 14);
	assert_status(DEED_USAGE, find_pattern_new("(", true, &p, err));
	assert_null(p);
	assert_status(DEED_USAGE, find_pattern_new(" \n", false, &p, err));
}

static void directions(void **state)
{
	(void)state;
	blank_page();
	put_text(100, 50, "שלום\n");
	assert_int_equal(count_of("שלום", false), 1);
	assert_true(found[0].end_x == 100);
	/* Downwards, as a page in columns is written. */
	blank_page();
	put_text(100, 50, "盖");
	put_text(100, 62, "章");
	put_text(100, 74, "处\n");
	assert_int_equal(count_of("盖章处", false), 1);
	assert_true(found[0].end_x == 105 && found[0].end_y == 86);
}

static void hostile(void **state)
{
	struct find_letter *many;
	struct find_match *list;
	struct find_pattern *p;
	size_t i, count;

	(void)state;
	blank_page();
	assert_int_equal(count_of("x", false), 0);
	assert_int_equal(seen.letters, 0);
	put_text(100, 50, "\xee\x80\x81\xee\x80\x82\n");
	page[letters++] = (struct find_letter){ 0, 1, 1, 0, 0 };
	page[letters++] = (struct find_letter){ 0xd800, NAN, NAN, NAN, NAN };
	page[letters++] = (struct find_letter){ 0xffffffff, INFINITY, 0, 1, 1 };
	assert_int_equal(count_of("x", false), 0);
	assert_int_equal(seen.letters, 5);
	assert_true(2 * seen.unreadable >= seen.letters);
	many = calloc(FIND_LETTERS + 1, sizeof(*many));
	assert_non_null(many);
	for (i = 0; i <= FIND_LETTERS; i++)
		many[i] = (struct find_letter){ 'a', 0, 0, 10, 10 };
	assert_ok(find_pattern_new("a", false, &p, err));
	assert_ok(
		find_on_page(p, many, FIND_LETTERS, &list, &count, &seen, err));
	assert_int_equal(count, 1);
	free(list);
	assert_status(DEED_LIMIT, find_on_page(p, many, FIND_LETTERS + 1, &list,
					       &count, &seen, err));
	find_pattern_free(p);
	free(many);
	free(found);
	found = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals),    cmocka_unit_test(rows),
		cmocka_unit_test(expressions), cmocka_unit_test(directions),
		cmocka_unit_test(hostile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
