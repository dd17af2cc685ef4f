/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "base/buf.h"

static void test_appends_grow(void **state)
{
	struct buf b = BUF_INIT;
	size_t i, len;
	char *text;

	(void)state;
	for (i = 0; i < 1000; i++)
		buf_printf(&b, "%03zu,", i);
	assert_ok(buf_status(&b, err));
	assert_int_equal(b.len, 4000);
	buf_insert(&b, 4, "xyz", 3);
	text = buf_take(&b, &len);
	assert_int_equal(len, 4003);
	assert_memory_equal(text, "000,xyz001,", 11);
	assert_int_equal(text[len], '\0');
	free(text);
	assert_null(b.data);
}

static void test_overflow_is_no_memory(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_str(&b, "kept");
	assert_null(buf_reserve(&b, SIZE_MAX - 2));
	buf_str(&b, "dropped");
	assert_status(DEED_NO_MEMORY, buf_status(&b, err));
	assert_int_equal(b.len, 4);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_appends_grow),
		cmocka_unit_test(test_overflow_is_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
