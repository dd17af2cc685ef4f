/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/frame.h"
#include "base/process.h"

static void talks_through_pipes(void **state)
{
	const char *argv[] = { "/bin/cat", NULL };
	struct process *p;
	struct buf b = BUF_INIT;
	int code = -1;

	(void)state;
	assert_ok(process_start(argv, &p, err));
	assert_ok(file_write_fd(process_input(p), "cat", "hello", 5, err));
	process_close_input(p);
	process_close_input(p);
	assert_int_equal(process_input(p), -1);
	assert_ok(file_read_fd(process_output(p), "cat", 100, &b, err));
	assert_true(slice_equal_str(buf_get(&b), "hello"));
	assert_ok(process_wait(p, &code, err));
	assert_int_equal(code, 0);
	process_free(p);
	buf_clear(&b);
}

static void tells_how_it_ended(void **state)
{
	const char *three[] = { "/bin/sh", "-c", "exit 3", NULL };
	const char *killed[] = { "/bin/sh", "-c", "kill -9 $$", NULL };
	struct process *p;
	int code = -1;

	(void)state;
	assert_ok(process_start(three, &p, err));
	assert_ok(process_wait(p, &code, err));
	assert_int_equal(code, 3);
	process_free(p);
	assert_ok(process_start(three, &p, err));
	assert_status(DEED_SYSTEM, process_wait(p, NULL, err));
	process_free(p);
	assert_ok(process_start(killed, &p, err));
	assert_status(DEED_SYSTEM, process_wait(p, &code, err));
	process_free(p);
}

static void what_is_not_there(void **state)
{
	const char *argv[] = { "/no/such/program", NULL };
	struct process *p;

	(void)state;
	assert_status(DEED_SYSTEM, process_start(argv, &p, err));
	assert_null(p);
	assert_status(DEED_SYSTEM, process_start_helper("x", &p, err));
	process_set_helpers("/no/such/folder");
	assert_status(DEED_SYSTEM, process_start_helper("x", &p, err));
	process_refuse_helpers("/bin");
	assert_status(DEED_SYSTEM, process_start_helper("true", &p, err));
	assert_status(DEED_SYSTEM, process_start_worker("true", &p, err));
	process_set_helpers("/bin");
	assert_ok(process_start_helper("true", &p, err));
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
	process_free(NULL);
}

static void free_ends_what_runs(void **state)
{
	const char *argv[] = { "/bin/sleep", "1000", NULL };
	struct process *p;

	(void)state;
	assert_ok(process_start(argv, &p, err));
	process_free(p);
}

/* A child that is gone is an error of the write, and not our end. */
static void gone_child_is_an_error(void **state)
{
	const char *argv[] = { "/bin/true", NULL };
	static char block[1 << 20];
	struct process *p;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	assert_ok(process_start(argv, &p, err));
	assert_status(DEED_IO,
		      frame_write(process_input(p), 1,
				  slice_of(block, sizeof(block)), err));
	process_free(p);
}

static void frames_go_through(void **state)
{
	const char *argv[] = { "/bin/cat", NULL };
	struct process *p;
	struct buf b = BUF_INIT;
	uint32_t type;

	(void)state;
	assert_ok(process_start(argv, &p, err));
	assert_ok(frame_write(process_input(p), 7, slice_str("body"), err));
	assert_ok(frame_write(process_input(p), 8, SLICE_NONE, err));
	process_close_input(p);
	assert_ok(frame_read(process_output(p), &type, &b, 4, err));
	assert_int_equal(type, 7);
	assert_true(slice_equal_str(buf_get(&b), "body"));
	assert_ok(frame_read(process_output(p), &type, &b, 4, err));
	assert_int_equal(type, 8);
	assert_int_equal(b.len, 0);
	assert_ok(frame_read(process_output(p), &type, &b, 4, err));
	assert_int_equal(type, FRAME_END);
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
	buf_clear(&b);
}

/* What frame_read says to these bytes. */
static enum deed_status read_bytes(const void *bytes, size_t len, size_t max,
				   struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;
	uint32_t type = 99;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], bytes, len), len);
	(void)close(fd[1]);
	status = frame_read(fd[0], &type, &b, max, err);
	if (status != DEED_OK)
		assert_int_equal(type, FRAME_END);
	(void)close(fd[0]);
	buf_clear(&b);
	return status;
}

static void broken_frames_are_refused(void **state)
{
	static const char good[] = "\0\0\0\1\0\0\0\5hello";
	size_t i;

	(void)state;
	assert_ok(read_bytes(good, 13, 5, err));
	assert_ok(read_bytes(good, 0, 5, err));
	for (i = 1; i < 13; i++)
		assert_status(DEED_MALFORMED, read_bytes(good, i, 5, err));
	assert_status(DEED_LIMIT, read_bytes(good, 13, 4, err));
	assert_status(DEED_LIMIT,
		      read_bytes("\0\0\0\1\xff\xff\xff\xff", 8, 1 << 20, err));
	assert_status(DEED_MALFORMED,
		      read_bytes("\0\0\0\0\0\0\0\1x", 9, 5, err));
}

static void errors_travel(void **state)
{
	struct deed_error e = DEED_ERROR_INIT, got = DEED_ERROR_INIT;
	struct buf b = BUF_INIT;
	uint32_t type;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	deed_error_set(&e, DEED_UNSUPPORTED, "no glyph for '%s'", "X");
	deed_error_hint(&e, "apt-get install fonts-x");
	assert_ok(frame_write_error(fd[1], &e, err));
	assert_int_equal(frame_read(fd[0], &type, &b, 1, &got),
			 DEED_UNSUPPORTED);
	assert_string_equal(got.message, e.message);
	assert_string_equal(got.hint[0], e.hint[0]);
	assert_string_equal(got.hint[1], "");
	(void)close(fd[0]);
	(void)close(fd[1]);
	buf_clear(&b);
	/* An unknown status, no NUL, nothing at all: still an error. */
	assert_status(DEED_SYSTEM,
		      read_bytes("\xff\xff\xff\xff\0\0\0\3abc", 11, 0, err));
	assert_status(DEED_SYSTEM,
		      read_bytes("\xff\xff\xff\xff\0\0\0\0", 8, 0, err));
	assert_status(DEED_SYSTEM,
		      read_bytes("\xff\xff\xff\xff\0\0\0\3ok\0", 11, 0, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_through_pipes),
		cmocka_unit_test(tells_how_it_ended),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(free_ends_what_runs),
		cmocka_unit_test(gone_child_is_an_error),
		cmocka_unit_test(frames_go_through),
		cmocka_unit_test(broken_frames_are_refused),
		cmocka_unit_test(errors_travel),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
