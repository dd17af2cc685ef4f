/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive/spread.h"

static char dir[] = "/tmp/deed-test-spread-XXXXXX";
static struct archive *archive;

static int start(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(archive_create(dir, err));
	assert_ok(archive_open(dir, NULL, &archive, err));
	return 0;
}

static int end(void **state)
{
	char text[64];

	(void)state;
	archive_close(archive);
	snprintf(text, sizeof(text), "rm -rf %s", dir);
	return system(text);
}

/* A further place may be lost, where there is one. */
static void test_least(void **state)
{
	(void)state;
	assert_int_equal(spread_least(3, 5), 4);
	assert_int_equal(spread_least(4, 5), 5);
	assert_int_equal(spread_least(5, 5), 5);
	assert_int_equal(spread_least(1, 1), 1);
}

static void test_open(void **state)
{
	char place[64], gone[64];
	struct spread s;

	(void)state;
	assert_ok(spread_open(archive, 0, &s, err));
	assert_int_equal(s.wanted, 5);
	assert_ok(spread_open(archive, 4, &s, err));
	assert_status(DEED_USAGE, spread_open(archive, 3, &s, err));
	assert_status(DEED_USAGE, spread_open(archive, 6, &s, err));
	snprintf(place, sizeof(place), "%s/places/2", dir);
	snprintf(gone, sizeof(gone), "%s/gone", dir);
	assert_int_equal(rename(place, gone), 0);
	assert_status(DEED_REMOTE, spread_open(archive, 0, &s, err));
	assert_ok(spread_open(archive, 4, &s, err));
	assert_true(s.away[1] && s.lacks[1]);
	assert_int_equal(s.lacking, 1);
	assert_int_equal(rename(gone, place), 0);
}

/* A place counts once, and the last that was too many is told. */
static void test_fail(void **state)
{
	struct deed_error why = DEED_ERROR_INIT, told = DEED_ERROR_INIT;
	struct spread s;

	(void)state;
	assert_ok(spread_open(archive, 4, &s, err));
	(void)deed_error_set(&why, DEED_NO_SPACE, "no room");
	assert_ok(spread_fail(&s, archive, 4, &why, err));
	assert_ok(spread_fail(&s, archive, 4, &why, err));
	assert_false(s.away[4]);
	assert_ok(spread_status(&s, err));
	(void)deed_error_set(&why, DEED_IO, "no disk");
	assert_int_equal(spread_fail(&s, archive, 0, &why, &told), DEED_IO);
	assert_string_equal(told.message, "3 of 5 places are left: "
					  "place '1': no disk");
	assert_status(DEED_IO, spread_status(&s, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_fail),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
