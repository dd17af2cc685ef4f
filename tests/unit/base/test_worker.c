/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <libgen.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/pool.h"
#include "base/process.h"
#include "base/worker.h"
#include "worker_fake.h"

static const struct worker_limits limits = {
	.seconds = 2,
	.orders = 3,
	.answer = FAKE_ANSWER_MAX,
};

/* Of the last call. */
static struct deed_error seen;

static struct workers *make(void)
{
	struct workers *w;

	assert_ok(workers_new("worker_fake", &limits, &w, err));
	assert_int_equal(workers_confined(w), WORKERS_UNKNOWN);
	return w;
}

static enum deed_status call(struct workers *w, enum fake_order order,
			     const char *text, int fd, struct buf *answer,
			     struct deed_error *err)
{
	enum deed_status status;
	uint32_t type;

	status = workers_call(w, order, slice_str(text), fd, &type, answer,
			      &seen);
	*err = seen;
	return status;
}

static void expect(struct workers *w, enum fake_order order, const char *text,
		   int fd, const char *answer)
{
	struct buf b = BUF_INIT;

	assert_ok(call(w, order, text, fd, &b, err));
	assert_true(slice_equal_str(buf_get(&b), answer));
	buf_clear(&b);
}

/* More orders than one helper serves. */
static void serves_many(void **state)
{
	struct workers *w = make();
	int i, fd;

	(void)state;
	for (i = 0; i < 10; i++)
		expect(w, FAKE_ECHO, "hello", -1, "hello");
	fd = memfd_create("content", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "content", 7), 7);
	for (i = 0; i < 10; i++)
		expect(w, FAKE_READ, "", fd, "content");
	(void)close(fd);
	workers_free(w);
}

#define TOGETHER 6

/* Each is answered for its own descriptor, one of them with `odd`. */
static void expect_together(struct workers *w, enum fake_order odd,
			    enum deed_status status)
{
	struct workers_order orders[TOGETHER] = { { 0 } };
	char text[2] = "a";
	int i;

	for (i = 0; i < TOGETHER; i++) {
		orders[i].order = i == 2 ? odd : FAKE_READ;
		orders[i].fd = memfd_create("content", MFD_CLOEXEC);
		assert_true(orders[i].fd >= 0);
		text[0] = (char)('a' + i);
		assert_int_equal(write(orders[i].fd, text, 1), 1);
	}
	workers_call_many(w, orders, TOGETHER);
	for (i = 0; i < TOGETHER; i++) {
		text[0] = (char)('a' + i);
		assert_int_equal(orders[i].status, i == 2 ? status : DEED_OK);
		if (orders[i].status == DEED_OK)
			assert_true(slice_equal_str(buf_get(&orders[i].answer),
						    text));
		buf_clear(&orders[i].answer);
		(void)close(orders[i].fd);
	}
}

static void serves_together(void **state)
{
	struct workers *w = make();
	int i;

	(void)state;
	for (i = 0; i < 5; i++)
		expect_together(w, FAKE_READ, DEED_OK);
	expect_together(w, FAKE_FAIL, DEED_MALFORMED);
	/* Whoever kills the helper is told from the others. */
	expect_together(w, FAKE_EXIT, DEED_INDETERMINATE);
	expect_together(w, FAKE_GARBAGE, DEED_INDETERMINATE);
	expect_together(w, FAKE_FLOOD, DEED_INDETERMINATE);
	expect_together(w, FAKE_READ, DEED_OK);
	workers_free(w);
}

static void its_error_is_ours(void **state)
{
	struct workers *w = make();
	struct buf b = BUF_INIT;

	(void)state;
	assert_status(DEED_MALFORMED, call(w, FAKE_FAIL, "", -1, &b, err));
	assert_string_equal(seen.message, "as you wish");
	expect(w, FAKE_ECHO, "still there", -1, "still there");
	buf_clear(&b);
	workers_free(w);
}

static void knows_nothing(void **state)
{
	struct workers *w = make();

	(void)state;
#ifndef DEED_SANITIZERS
	expect(w, FAKE_ENVIRONMENT, "", -1, "empty");
	expect(w, FAKE_EAT, "", -1, "no");
#endif
	workers_free(w);
}

/* Whatever it does, the call ends, nothing is known, and the next one is
 * served by another helper. */
static void misbehaves(void **state)
{
	static const enum fake_order orders[] = {
		FAKE_OPEN, FAKE_CONNECT, FAKE_FORK,  FAKE_EXIT,
		FAKE_HANG, FAKE_GARBAGE, FAKE_FLOOD,
	};
	struct workers *w = make();
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	expect(w, FAKE_ECHO, "a", -1, "a");
	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (orders[i] <= FAKE_FORK &&
		    workers_confined(w) != WORKERS_CONFINED)
			continue;
		assert_status(DEED_INDETERMINATE,
			      call(w, orders[i], "", -1, &b, err));
		if (orders[i] <= FAKE_FORK)
			assert_non_null(strstr(seen.message, "signal 31"));
		expect(w, FAKE_ECHO, "b", -1, "b");
	}
	buf_clear(&b);
	workers_free(w);
}

/* How many processors our only child may run on. */
static int processors_of_child(void)
{
	FILE *f = fopen("/proc/thread-self/children", "r");
	cpu_set_t set;
	int pid = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &pid), 1);
	(void)fclose(f);
	assert_int_equal(sched_getaffinity(pid, sizeof(set), &set), 0);
	return CPU_COUNT(&set);
}

/* Bound to our processor while answers are quick, and free where one takes
 * its time. */
static void takes_turns(void **state)
{
	struct worker_limits patient = limits;
	struct workers *w;
	cpu_set_t ours;
	int i;

	(void)state;
	patient.orders = 1000;
	assert_ok(workers_new("worker_fake", &patient, &w, err));
	assert_int_equal(sched_getaffinity(0, sizeof(ours), &ours), 0);
	expect(w, FAKE_SLOW, "slow", -1, "slow");
	assert_int_equal(processors_of_child(), CPU_COUNT(&ours));
	/* On a busy machine an echo may be late, too. */
	for (i = 0; i < 100; i++) {
		expect(w, FAKE_ECHO, "quick", -1, "quick");
		if (processors_of_child() == 1)
			break;
	}
	assert_true(i < 100);
	workers_free(w);
}

#define CALLS 200

static void one_call(void *arg, size_t i)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "call %zu", i);
	expect(arg, FAKE_ECHO, text, -1, text);
}

static void serves_threads(void **state)
{
	struct workers *w = make();

	(void)state;
	pool_run(4, CALLS, one_call, w);
	workers_free(w);
}

static void not_there(void **state)
{
	struct buf b = BUF_INIT;
	struct workers *w;
	uint32_t type;

	(void)state;
	assert_ok(workers_new("no-such-helper", &limits, &w, err));
	assert_status(DEED_SYSTEM, workers_call(w, FAKE_ECHO, SLICE_NONE, -1,
						&type, &b, err));
	workers_free(w);
	workers_free(NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_many),
		cmocka_unit_test(serves_together),
		cmocka_unit_test(its_error_is_ours),
		cmocka_unit_test(knows_nothing),
		cmocka_unit_test(misbehaves),
		cmocka_unit_test(takes_turns),
		cmocka_unit_test(serves_threads),
		cmocka_unit_test(not_there),
	};

	(void)argc;
	process_set_helpers(dirname(argv[0]));
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
