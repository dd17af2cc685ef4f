/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"

#define COUNT 1000

struct seen {
	atomic_int times[COUNT];
	size_t told[COUNT];
	size_t count;
	size_t stop; /* done answers false at this item */
	atomic_size_t begun;
};

static void work(void *arg, size_t i)
{
	struct seen *s = arg;

	s->begun++;
	/* Later items are faster: they finish out of order. */
	if (i % 97 == 0)
		(void)usleep(1000);
	s->times[i]++;
}

static bool done(void *arg, size_t i)
{
	struct seen *s = arg;

	if (s->times[i] != 1)
		return false;
	s->told[s->count++] = i;
	return i != s->stop;
}

static void every_item_once(void **state)
{
	static const unsigned jobs[] = { 0, 1, 2, 7, 256, 5000 };
	struct seen s;
	size_t i, j;

	(void)state;
	for (j = 0; j < sizeof(jobs) / sizeof(jobs[0]); j++) {
		memset(&s, 0, sizeof(s));
		pool_run(jobs[j], COUNT, work, &s);
		for (i = 0; i < COUNT; i++)
			assert_int_equal(s.times[i], 1);
	}
	pool_run(4, 0, work, &s);
	pool_run(4, 1, work, &s);
	assert_int_equal(s.times[0], 2);
}

static void told_in_order(void **state)
{
	static const unsigned jobs[] = { 1, 2, 8 };
	static const size_t window[] = { 0, 1, 3, COUNT };
	struct seen s;
	size_t i, j, k;

	(void)state;
	for (j = 0; j < 3; j++) {
		for (k = 0; k < 4; k++) {
			memset(&s, 0, sizeof(s));
			s.stop = COUNT;
			assert_int_equal(pool_run_ordered(jobs[j], COUNT,
							  window[k], work, done,
							  &s),
					 COUNT);
			assert_int_equal(s.count, COUNT);
			for (i = 0; i < COUNT; i++)
				assert_int_equal(s.told[i], i);
		}
	}
}

static void stops_where_it_is_told(void **state)
{
	struct seen s;

	(void)state;
	memset(&s, 0, sizeof(s));
	s.stop = 10;
	assert_int_equal(pool_run_ordered(4, COUNT, 20, work, done, &s), 11);
	assert_int_equal(s.count, 11);
	/* At most the window was begun beyond. */
	assert_in_range(s.begun, 11, 11 + 20);
	memset(&s, 0, sizeof(s));
	assert_int_equal(pool_run_ordered(1, COUNT, 1, work, done, &s), 1);
	assert_int_equal(s.begun, 1);
}

static void nothing_to_do(void **state)
{
	struct seen s;

	(void)state;
	memset(&s, 0, sizeof(s));
	assert_int_equal(pool_run_ordered(4, 0, 0, work, done, &s), 0);
	assert_int_equal(s.begun, 0);
	assert_true(pool_processors() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_once),
		cmocka_unit_test(told_in_order),
		cmocka_unit_test(stops_where_it_is_told),
		cmocka_unit_test(nothing_to_do),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
