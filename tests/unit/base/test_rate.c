/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <time.h>

#include "base/pool.h"
#include "base/rate.h"

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void take(void *arg, size_t i)
{
	(void)i;
	rate_take(arg, 1000);
}

/* 40 pieces of 1000 bytes at 200000 a second by four threads: a fifth of a
 * second, and not less. */
static void threads_share_a_rate(void **state)
{
	struct rate r = RATE_INIT(200000);
	double begin = now();

	(void)state;
	pool_run(4, 40, take, &r);
	assert_true(now() - begin > 0.19);
}

static void no_rate_is_no_limit(void **state)
{
	struct rate r = RATE_INIT(0);
	double begin = now();

	(void)state;
	rate_take(NULL, UINT64_MAX);
	rate_take(&r, UINT64_MAX);
	assert_true(now() - begin < 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_a_rate),
		cmocka_unit_test(no_rate_is_no_limit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
