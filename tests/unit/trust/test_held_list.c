/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "../tmpdir.h"
#include "base/file.h"
#include "trust/held_list.h"

static size_t count_names(const char *trust)
{
	char **names;
	size_t i, count;

	assert_ok(held_list_names(trust, &names, &count, err));
	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return count;
}

static void put(const struct tmpdir *t, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", t->path, name);
	assert_ok(file_write(path, 0600, slice_str("x"), OUTFILE_REPLACE, err));
}

static void test_names(void **state)
{
	struct tmpdir t;
	char path[256];

	(void)state;
	assert_int_equal(tmpdir_make(&t), 0);
	assert_int_equal(count_names(t.path), 0);
	(void)snprintf(path, sizeof(path), "%s/lists", t.path);
	assert_ok(file_mkdirs(path, 0700, err));
	assert_int_equal(count_names(t.path), 0);
	put(&t, "lists/one.json");
	put(&t, "lists/one.cms");
	put(&t, "lists/two.json");
	put(&t, "lists/.json");
	assert_int_equal(count_names(t.path), 2);
	assert_int_equal(tmpdir_remove(&t), 0);
}

/* Nobody can tell what it holds: that is not nothing. */
static void test_unreadable(void **state)
{
	struct deed_error e = DEED_ERROR_INIT;
	struct tmpdir t;
	char **names;
	size_t count;

	(void)state;
	assert_int_equal(tmpdir_make(&t), 0);
	put(&t, "lists");
	assert_int_not_equal(held_list_names(t.path, &names, &count, &e),
			     DEED_OK);
	assert_non_null(strstr(e.message, "cannot read"));
	assert_int_equal(count, 0);
	free(names);
	assert_int_equal(tmpdir_remove(&t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_unreadable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
