/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/cpu.h"
#include "trust/ts119612.h"

/* What the files took together is bounded, whoever of them took it. */
static void test_cpu(void **state)
{
	struct deed_error e = DEED_ERROR_INIT;
	const int64_t all = TS119612_SECONDS * INT64_C(1000);
	const int64_t now = cpu_used_ms();

	(void)state;
	assert_ok(ts119612_check_cpu(now, "a.xml", err));
	assert_ok(ts119612_check_cpu(now - all + 5000, "a.xml", err));
	assert_int_equal(ts119612_check_cpu(now - all, "a.xml", &e),
			 DEED_LIMIT);
	assert_non_null(strstr(e.message, "'a.xml' is not read"));
}

/* The helpers' time counts. */
static void test_children(void **state)
{
	const int64_t before = cpu_used_ms();
	pid_t child = fork();
	int end = 0;

	(void)state;
	if (child == 0) {
		while (cpu_used_ms() < 60)
			;
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &end, 0), child);
	assert_int_equal(end, 0);
	assert_true(cpu_used_ms() - before >= 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpu),
		cmocka_unit_test(test_children),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
