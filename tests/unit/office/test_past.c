/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "office/document/past.h"

/* In the order of the log; the clock was set back before the third. */
static struct past_item item[] = {
	{ .from = 100, .number = 1 },
	{ .from = 300, .number = 2 },
	{ .from = 200, .number = 3 },
	{ .from = 400, .number = 4 },
};
static const struct past past = { item, sizeof(item) / sizeof(item[0]) };

/* The number of the statement that held then; 0 for none. */
static unsigned at(int64_t time)
{
	const struct past_item *it = past_at(&past, time);

	return it == NULL ? 0 : it->number;
}

static void test_at(void **state)
{
	(void)state;
	assert_int_equal(at(99), 0);
	assert_int_equal(at(100), 1);
	assert_int_equal(at(199), 1);
	assert_int_equal(at(400), 4);
	assert_int_equal(at(1000), 4);
}

/* What the log has later counts, from when it was signed on. */
static void test_clock_set_back(void **state)
{
	(void)state;
	assert_int_equal(at(200), 3);
	assert_int_equal(at(300), 3);
	assert_int_equal(at(399), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at),
		cmocka_unit_test(test_clock_set_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
