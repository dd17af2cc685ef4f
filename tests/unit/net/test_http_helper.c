/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/process.h"
#include "net/http.h"
#include "tmpdir.h"

/* Helpers that are not deed-fetch, in its place: none of them asks anybody. */
#define NOBODY "http://127.0.0.1:9/nobody"

static void put_helper(const struct tmpdir *dir, const char *script)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/deed-fetch", dir->path);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fprintf(f, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

/* A helper that is not what it should be ends in an error, never in a hang
 * or a false answer. */
static void test_false_helper(void **state)
{
	static const char *const scripts[] = {
		"exit 0",
		"exit 1",
		"kill -9 $$",
		"echo nonsense",
		"printf '\\000\\000\\000\\020\\377\\377\\377\\377'",
		"printf '\\000\\000\\000\\020\\000\\000\\000\\011short'",
		"printf '\\000\\000\\000\\016\\000\\000\\000\\003abc'",
		/* Data without a status. */
		"printf '\\000\\000\\000\\022\\000\\000\\000\\005hello'",
		/* A frame of no type, an unknown one. */
		"printf '\\000\\000\\000\\000\\000\\000\\000\\000'",
		"printf '\\000\\000\\000\\143\\000\\000\\000\\000'",
		/* An error of no status. */
		"printf '\\377\\377\\377\\377\\000\\000\\000\\004what'",
	};
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_client *own;
	struct tmpdir dir;
	size_t i;

	(void)state;
	assert_int_equal(tmpdir_make(&dir), 0);
	process_set_helpers(dir.path);
	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		put_helper(&dir, scripts[i]);
		assert_ok(http_client_new(NULL, &own, err));
		if (http_get(own, NOBODY, NULL, &r, NULL) == DEED_OK)
			fail_msg("'%s' was believed", scripts[i]);
		http_client_free(own);
	}
	process_set_helpers(".");
	assert_int_equal(tmpdir_remove(&dir), 0);
	http_response_clear(&r);
}

/* One that does not read, and one that stops within a frame. */
static void test_helper_that_stops(void **state)
{
	static const char *const scripts[] = {
		"exec sleep 60",
		"exec 3<&0; cat <&3 >/dev/null &\n"
		"printf '\\000\\000\\000\\020\\000'; exec sleep 60",
		"exec 3<&0; cat <&3 >/dev/null &\n"
		"printf '\\000\\000\\000\\020\\000\\000\\000\\003a'; exec "
		"sleep 60",
	};
	const struct http_options options = { .total_ms = 1 };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_request q = { .content = "text/plain" };
	struct deed_error why = DEED_ERROR_INIT;
	int64_t start = clock_monotonic_ms();
	struct buf large = BUF_INIT;
	struct http_client *own;
	struct tmpdir dir;

	(void)state;
	buf_fill(&large, 'x', 1 << 20);
	q.body = buf_get(&large);
	assert_int_equal(tmpdir_make(&dir), 0);
	process_set_helpers(dir.path);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		put_helper(&dir, scripts[i]);
		assert_ok(http_client_new(&options, &own, err));
		assert_status(DEED_REMOTE,
			      http_post(own, NOBODY, &q, &r, &why));
		assert_non_null(strstr(why.message, "does not answer"));
		http_client_free(own);
	}
	process_set_helpers(".");
	assert_int_equal(tmpdir_remove(&dir), 0);
	http_response_clear(&r);
	buf_clear(&large);
	assert_in_range(clock_monotonic_ms() - start, 0, 30000);
}

/* What was begun in time comes to its end, although that is later. */
static void test_helper_in_time(void **state)
{
	const struct http_options options = { .total_ms = 1000 };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_client *own;
	struct tmpdir dir;

	(void)state;
	assert_int_equal(tmpdir_make(&dir), 0);
	process_set_helpers(dir.path);
	put_helper(&dir, "exec 3<&0; cat <&3 >/dev/null &\n"
			 "printf '\\000\\000\\000\\017\\000\\000\\000\\010'\n"
			 "printf '\\000\\000\\000\\310\\000\\000\\000\\000'\n"
			 "printf '\\000\\000\\000\\022\\000\\000\\000\\004ab'\n"
			 "sleep 1.8; printf c; sleep 0.3; printf d");
	assert_ok(http_client_new(&options, &own, err));
	assert_ok(http_get(own, NOBODY, NULL, &r, err));
	assert_true(slice_equal_str(buf_get(&r.body), "abcd"));
	http_client_free(own);
	process_set_helpers(".");
	assert_int_equal(tmpdir_remove(&dir), 0);
	http_response_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_false_helper),
		cmocka_unit_test(test_helper_that_stops),
		cmocka_unit_test(test_helper_in_time),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
