/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/ahead.h"

#define COUNT 200

struct seen {
	atomic_int times[COUNT];
	size_t in_slot[AHEAD_SLOTS_MAX];
	size_t bad; /* this item fails */
	atomic_size_t furthest;
	atomic_int at_once, most;
};

static bool work(void *arg, size_t item, size_t slot)
{
	struct seen *s = arg;
	int now = ++s->at_once;

	if (now > s->most)
		s->most = now;
	if (item > s->furthest)
		s->furthest = item;
	/* Some take longer than those behind them. */
	(void)usleep(item % 7 == 0 ? 2000 : 100);
	s->times[item]++;
	s->in_slot[slot] = item;
	s->at_once--;
	return item != s->bad;
}

/* Both are static in each test: of one that fails the threads are left, and
 * those of the next would come upon them. */
static void begin(struct ahead *a, struct seen *s, size_t slots)
{
	memset(s, 0, sizeof(*s));
	s->bad = COUNT;
	ahead_init(a, slots, work, s);
}

static void take(struct ahead *a, struct seen *s, size_t item)
{
	size_t slot;

	assert_true(ahead_take(a, &slot));
	assert_int_equal(s->in_slot[slot], item);
	assert_true(s->furthest < item + a->slots);
}

static void in_order(void **state)
{
	static const size_t slots[] = { 1, 2, 4, AHEAD_SLOTS_MAX };
	static struct ahead a;
	static struct seen s;
	size_t i, slot;

	(void)state;
	for (size_t j = 0; j < sizeof(slots) / sizeof(slots[0]); j++) {
		begin(&a, &s, slots[j]);
		ahead_seek(&a, 0, COUNT);
		for (i = 0; i < COUNT; i++) {
			take(&a, &s, i);
			take(&a, &s, i);
			ahead_pass(&a);
		}
		assert_false(ahead_take(&a, &slot));
		ahead_clear(&a);
		for (i = 0; i < COUNT; i++)
			assert_int_equal(s.times[i], 1);
		assert_true(s.most <= (int)slots[j] + 1);
	}
}

/* The next are there, or under way, while one is in use. */
static void ahead_of_turn(void **state)
{
	static struct ahead a;
	static struct seen s;

	(void)state;
	begin(&a, &s, 4);
	ahead_seek(&a, 10, COUNT);
	take(&a, &s, 10);
	/* They come in any order. */
	for (int i = 0; i < 5000; i++) {
		if (s.times[11] + s.times[12] + s.times[13] == 3)
			break;
		(void)usleep(1000);
	}
	for (size_t i = 10; i < 14; i++)
		assert_int_equal(s.times[i], 1);
	assert_int_equal(s.times[9] + s.times[14], 0);
	ahead_clear(&a);
}

/* One item or one slot needs no thread. */
static void alone(void **state)
{
	static struct ahead a;
	static struct seen s;
	size_t slot;

	(void)state;
	begin(&a, &s, 4);
	assert_false(ahead_take(&a, &slot));
	ahead_seek(&a, 5, 6);
	take(&a, &s, 5);
	assert_int_equal(a.threads, 0);
	ahead_pass(&a);
	assert_false(ahead_take(&a, &slot));
	ahead_seek(&a, 9, 3);
	assert_false(ahead_take(&a, &slot));
	ahead_clear(&a);
	begin(&a, &s, 1);
	ahead_seek(&a, 0, COUNT);
	take(&a, &s, 0);
	assert_int_equal(a.threads, 0);
	ahead_clear(&a);
}

static void here_and_there(void **state)
{
	uint32_t chance = 1;
	static struct ahead a;
	static struct seen s;
	size_t i, at, end, slot;

	(void)state;
	begin(&a, &s, 4);
	for (i = 0; i < 2000; i++) {
		chance = chance * 1664525 + 1013904223;
		at = (chance >> 16) % COUNT;
		/* Often near. */
		if (i % 3 != 0)
			at = a.turn + at % 5 < COUNT ? a.turn + at % 5 : at;
		if (i % 5 == 0)
			at -= at > 1;
		end = at + 1 + (chance >> 8) % 9;
		ahead_seek(&a, at, end < COUNT ? end : COUNT);
		while (at < COUNT && at < end && (chance >> at % 8 & 3)) {
			assert_true(ahead_take(&a, &slot));
			assert_int_equal(s.in_slot[slot], at++);
			ahead_pass(&a);
		}
	}
	ahead_clear(&a);
}

/* What is there is not made again; what failed is, but for its turn. */
static void kept(void **state)
{
	static struct ahead a;
	static struct seen s;

	(void)state;
	begin(&a, &s, 4);
	s.bad = 2;
	for (int round = 0; round < 3; round++) {
		ahead_seek(&a, 0, 4);
		for (size_t i = 0; i < 4; i++) {
			take(&a, &s, i);
			take(&a, &s, i);
			ahead_pass(&a);
		}
	}
	assert_int_equal(s.times[0], 1);
	assert_int_equal(s.times[1], 1);
	assert_int_equal(s.times[2], 3);
	assert_int_equal(s.times[3], 1);
	ahead_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),	  cmocka_unit_test(alone),
		cmocka_unit_test(ahead_of_turn),  cmocka_unit_test(kept),
		cmocka_unit_test(here_and_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
