/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "report/headline.h"

static json_t *unmet_of(const char *a, const char *b)
{
	json_t *list = json_array();

	if (a != NULL)
		(void)json_array_append_new(list, json_string(a));
	if (b != NULL)
		(void)json_array_append_new(list, json_string(b));
	return list;
}

static void check(const char *indication, json_t *unmet,
		  enum report_outcome outcome, const char *headline)
{
	struct buf out = BUF_INIT;
	char *text;

	assert_int_equal(report_outcome(indication, unmet), outcome);
	report_headline(indication, unmet, &out);
	text = buf_take(&out, NULL);
	assert_string_equal(text, headline);
	free(text);
	json_decref(unmet);
}

static void test_headlines(void **state)
{
	(void)state;
	check("TOTAL-PASSED", NULL, REPORT_PASSED, "TOTAL-PASSED");
	check("TOTAL-PASSED", json_array(), REPORT_PASSED, "TOTAL-PASSED");
	check("INDETERMINATE", NULL, REPORT_INDETERMINATE, "INDETERMINATE");
	check("NO-SIGNATURE", NULL, REPORT_UNSIGNED, "NO-SIGNATURE");
	check(NULL, NULL, REPORT_UNREADABLE, "UNREADABLE");
	check("", NULL, REPORT_UNREADABLE, "UNREADABLE");
	check("TOTAL-PASSED", unmet_of("count=2", NULL), REPORT_UNMET,
	      "REQUIREMENT NOT MET: count=2");
	check("TOTAL-PASSED", unmet_of("count=2", "level=lt"), REPORT_UNMET,
	      "REQUIREMENT NOT MET: count=2, level=lt");
	check("NO-SIGNATURE", unmet_of("count=1", NULL), REPORT_UNMET,
	      "NO-SIGNATURE, REQUIREMENT NOT MET: count=1");
	check("INDETERMINATE", unmet_of("count=1", NULL), REPORT_UNMET,
	      "INDETERMINATE, REQUIREMENT NOT MET: count=1");
	check("TOTAL-FAILED", unmet_of("count=1", NULL), REPORT_FAILED,
	      "TOTAL-FAILED, REQUIREMENT NOT MET: count=1");
}

/* What is required comes from a command line: it stays one line. */
static void test_one_line(void **state)
{
	(void)state;
	check("TOTAL-PASSED", unmet_of("organisation=A\nb: TOTAL-PASSED", NULL),
	      REPORT_UNMET,
	      "REQUIREMENT NOT MET: organisation=A b: TOTAL-PASSED");
}

static void test_counts(void **state)
{
	struct report_count count = { { 0 } };
	struct buf out = BUF_INIT;
	json_t *object;
	char *text;

	(void)state;
	count.of[REPORT_PASSED] = 298;
	count.of[REPORT_FAILED] = 1;
	count.of[REPORT_UNREADABLE] = 1;
	report_count_text(&count, &out);
	text = buf_take(&out, NULL);
	assert_string_equal(text, "298 passed, 1 failed, 1 unreadable");
	free(text);
	object = report_count_json(&count);
	assert_int_equal(json_object_size(object), REPORT_OUTCOMES);
	assert_int_equal(json_integer_value(json_object_get(object, "passed")),
			 298);
	assert_int_equal(json_integer_value(json_object_get(object, "unmet")),
			 0);
	json_decref(object);

	count = (struct report_count){ { 0 } };
	count.of[REPORT_UNMET] = 2;
	count.of[REPORT_INDETERMINATE] = 3;
	count.of[REPORT_UNSIGNED] = 4;
	out = (struct buf)BUF_INIT;
	report_count_text(&count, &out);
	text = buf_take(&out, NULL);
	assert_string_equal(text, "0 passed, 2 without what is required, "
				  "3 indeterminate, 4 without a signature");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headlines),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
