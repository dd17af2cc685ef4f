/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"

/* Documents that could not be judged, each with its message. */
static json_t *unreadable(size_t count)
{
	json_t *documents = json_array(), *errors = json_array();
	char file[32], message[32];
	size_t i;

	for (i = 0; i < count; i++) {
		(void)snprintf(file, sizeof(file), "%zu.pdf", i);
		(void)snprintf(message, sizeof(message), "why %zu", i);
		assert_int_equal(
			json_array_append_new(
				documents,
				json_pack("{s:s, s:n, s:[]}", "file", file,
					  "indication", "signatures")),
			0);
		assert_int_equal(
			json_array_append_new(errors,
					      json_pack("{s:s, s:s, s:s}", "id",
							"io", "message",
							message, "file", file)),
			0);
	}
	return json_pack("{s:s, s:o, s:o}", "deed", "1", "documents", documents,
			 "errors", errors);
}

static char *written(enum report_format format, const json_t *verify)
{
	struct buf out = BUF_INIT;

	assert_ok(report_write(format, verify, &out, err));
	return buf_take(&out, NULL);
}

/* In each format a document has its own message, the first of several. */
static void test_messages(void **state)
{
	json_t *verify = unreadable(3);
	int i;

	(void)state;
	json_array_append_new(json_object_get(verify, "errors"),
			      json_pack("{s:s, s:s, s:s}", "id", "io",
					"message", "later", "file", "1.pdf"));
	json_array_append_new(
		json_object_get(verify, "errors"),
		json_pack("{s:s, s:s}", "id", "io", "message", "of no file"));
	for (i = 0; i < REPORT_FORMATS; i++) {
		char *text = written((enum report_format)i, verify), *at = text;

		for (const char *const *why =
			     (const char *const[]){ "why 0", "why 1", "why 2",
						    NULL };
		     *why != NULL; why++) {
			at = strstr(at, *why);
			if (at == NULL)
				fail_msg("format %d: no '%s'", i, *why);
		}
		assert_null(strstr(text, "later"));
		assert_null(strstr(text, "of no file"));
		free(text);
	}
	assert_int_equal(json_array_size(json_object_get(verify, "errors")), 5);
	json_decref(verify);
}

static void test_no_errors(void **state)
{
	json_t *verify = unreadable(1);
	char *text;

	(void)state;
	json_object_del(verify, "errors");
	text = written(REPORT_TAP, verify);
	assert_non_null(strstr(text, "it could not be judged"));
	free(text);
	json_decref(verify);
}

/* Each message is found at once: to look through all for each document took
 * hours. */
static void test_many(void **state)
{
	json_t *verify = unreadable(100000);

	(void)state;
	(void)alarm(120);
	free(written(REPORT_JUNIT, verify));
	(void)alarm(0);
	json_decref(verify);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_no_errors),
		cmocka_unit_test(test_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
