/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/clock.h"

static void test_known_times(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
		const char *canonical;
	} known[] = {
		{ "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z" },
		{ "2026-11-23", 1795392000, "2026-11-23T00:00:00Z" },
		{ "2000-02-29T23:59:59.25Z", 951868799,
		  "2000-02-29T23:59:59Z" },
		{ "1985-04-12T23:20:50+08:00", 482167250,
		  "1985-04-12T15:20:50Z" },
		{ "0001-01-01T00:00:00Z", CLOCK_MIN, "0001-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", CLOCK_MAX, "9999-12-31T23:59:59Z" },
	};
	char text[CLOCK_TEXT];
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_ok(clock_parse(known[i].text, &t, err));
		assert_int_equal(t, known[i].t);
		clock_format(t, text);
		assert_string_equal(text, known[i].canonical);
	}
}

static void test_bad_times(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-13-01",
		"2026-02-29",
		"2026-01-01T24:00:00Z",
		"2026-01-01T10:00:00",
		"2026-01-01T10:00:00.Z",
		"2026-01-01T10:00:00+8:00",
		"2026-01-01T10:00:00Zx",
		"0000-01-01",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
	};
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(DEED_MALFORMED, clock_parse(bad[i], &t, err));
}

/* Every day of 800 years is the day after the one before. */
static void test_days_follow(void **state)
{
	struct civil c;
	int64_t t, back;

	(void)state;
	for (t = INT64_C(-11676096000); t < INT64_C(13569465600); t += 86400) {
		clock_to_civil(t, &c);
		assert_true(clock_from_civil(&c, &back));
		assert_int_equal(back, t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_times),
		cmocka_unit_test(test_bad_times),
		cmocka_unit_test(test_days_follow),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
