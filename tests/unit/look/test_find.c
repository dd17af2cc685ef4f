/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <string.h>

#include "look/find.h"

static void orders_come_back(void **state)
{
	const struct look_wanted wanted = { "\xe7\x9b\x96\xe7\xab\xa0", true,
					    -1 };
	struct look_find_order o;
	struct secret *password;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	assert_ok(secret_copy("open", 4, &password, err));
	look_find_order_write(password, &wanted, &b);
	assert_ok(look_find_order_read(buf_get(&b), &o, err));
	assert_string_equal(o.wanted.text, wanted.text);
	assert_true(o.wanted.regex);
	assert_int_equal(o.wanted.page, -1);
	assert_true(slice_equal_str(secret_slice(o.password), "open"));
	look_find_order_clear(&o);
	for (i = 0; i < b.len; i++) {
		assert_status(
			DEED_MALFORMED,
			look_find_order_read(slice_of(b.data, i), &o, err));
		look_find_order_clear(&o);
	}
	secret_free(password);
	buf_clear(&b);
}

static void bad_orders_are_refused(void **state)
{
	static const char *const texts[] = { "", "\xff", "\xe7\x9b" };
	struct look_find_order o;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		const struct look_wanted wanted = { texts[i], false, 0 };
		struct buf b = BUF_INIT;

		look_find_order_write(NULL, &wanted, &b);
		assert_status(DEED_MALFORMED,
			      look_find_order_read(buf_get(&b), &o, err));
		look_find_order_clear(&o);
		buf_clear(&b);
	}
}

static void answers_come_back(void **state)
{
	static struct look_found f, back;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	f.count = 2;
	f.list[0] = (struct look_hit){ 1, 10, 20, 30, 5, 40, 22.5 };
	f.list[1] = (struct look_hit){ 3, -1, 2, 0, 0, -1, 2 };
	f.total = 70;
	f.pages = 4;
	f.blank = 1;
	f.first_blank = 2;
	look_found_write(&f, &b);
	assert_ok(look_found_read(buf_get(&b), &back, err));
	assert_memory_equal(&f, &back, sizeof(f));
	for (i = 0; i < b.len; i++) {
		assert_status(DEED_MALFORMED,
			      look_found_read(slice_of(b.data, i), &back, err));
		assert_int_equal(back.count, 0);
	}
	buf_clear(&b);
}

static void refused(struct look_found *f)
{
	static struct look_found back;
	struct buf b = BUF_INIT;

	look_found_write(f, &b);
	assert_status(DEED_MALFORMED, look_found_read(buf_get(&b), &back, err));
	buf_clear(&b);
}

static void bad_answers_are_refused(void **state)
{
	static const struct look_found good = {
		.list = { { 1, 1, 1, 1, 1, 1, 1 } }, .count = 1, .total = 1
	};
	struct look_found f = good;

	(void)state;
	f.list[0].page = 0;
	refused(&f);
	f = good;
	f.list[0].page = LOOK_PAGES + 1;
	refused(&f);
	f = good;
	f.list[0].width = -1;
	refused(&f);
	f = good;
	f.list[0].end_x = 1e9;
	refused(&f);
	f = good;
	f.list[0].y = NAN;
	refused(&f);
	f = good;
	f.total = 0;
	refused(&f);
	f = good;
	f.blank = 1;
	refused(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_come_back),
		cmocka_unit_test(bad_orders_are_refused),
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(bad_answers_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
