/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "base/array.h"

struct list {
	uint64_t *items;
	size_t count, cap;
};

static void test_room_doubles(void **state)
{
	struct list l = { NULL, 0, 0 };
	size_t i, moved = 0, before = 0;

	(void)state;
	for (i = 0; i < 100000; i++) {
		assert_true(array_room(&l.items, &l.cap, l.count + 1));
		assert_true(l.cap > l.count);
		moved += l.cap != before;
		before = l.cap;
		l.items[l.count++] = i;
	}
	assert_true(moved < 20);
	for (i = 0; i < l.count; i++)
		assert_int_equal(l.items[i], i);
	assert_true(array_room(&l.items, &l.cap, 400000));
	assert_true(l.cap >= 400000);
	free(l.items);
}

/* AddressSanitizer ends a program that asks for more than there can be. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* The array is as it was. */
static void test_overflow_is_refused(void **state)
{
	struct list l = { NULL, 0, 0 };
	size_t cap;

	(void)state;
	assert_true(array_room(&l.items, &l.cap, 1));
	l.items[0] = 7;
	cap = l.cap;
	assert_false(array_room(&l.items, &l.cap, SIZE_MAX));
	assert_false(array_room(&l.items, &l.cap, SIZE_MAX / 2 + 2));
	assert_false(array_room(&l.items, &l.cap, SIZE_MAX / 8 + 1));
	assert_int_equal(l.cap, cap);
	assert_int_equal(l.items[0], 7);
	free(l.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room_doubles),
		cmocka_unit_test(test_overflow_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
