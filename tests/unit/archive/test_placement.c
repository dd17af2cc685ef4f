/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "archive/placement.h"

/* A manifest whose parts lie at the places of these letters. */
static struct manifest *lies_at(const char *letters)
{
	struct manifest *m;
	size_t i;

	assert_ok(manifest_new(&m, err));
	m->n = (unsigned)strlen(letters);
	m->k = 1;
	for (i = 0; i < m->n; i++)
		m->place[i][0] = letters[i];
	return m;
}

/* "ABC" to "BCD", with what was before: where each part is then. */
static void expect_plan(const char *now, const char *before, const char *to,
			const char *want, unsigned moved)
{
	struct manifest *m = lies_at(now), *old = NULL;
	char name[ERASURE_MAX][2] = { "" }, got[ERASURE_MAX + 1] = "";
	const char *names[ERASURE_MAX];
	struct placement p;
	size_t i, n = strlen(to);

	if (before != NULL)
		old = lies_at(before);
	for (i = 0; i < n; i++) {
		name[i][0] = to[i];
		names[i] = name[i];
	}
	assert_ok(placement_plan(m, (const struct manifest *const *)&old,
				 old != NULL, names, n, &p, err));
	for (i = 0; i < p.n; i++) {
		assert_int_equal(p.moves[i], p.place[i][0] != now[i]);
		got[i] = p.place[i][0];
	}
	assert_string_equal(got, want);
	assert_int_equal(p.moved, moved);
	manifest_free(old);
	manifest_free(m);
}

static void test_fewest_moves(void **state)
{
	(void)state;
	expect_plan("12345", NULL, "12345", "12345", 0);
	expect_plan("12345", NULL, "54321", "12345", 0);
	expect_plan("12345", NULL, "62345", "62345", 1);
	expect_plan("12345", NULL, "23456", "62345", 1);
	expect_plan("12345", NULL, "67895", "67895", 4);
	expect_plan("12345", NULL, "98761", "19876", 4);
	expect_plan("12345", NULL, "abcde", "abcde", 5);
	expect_plan("1", NULL, "2", "2", 1);
}

/* A place that had a part gets that one again. */
static void test_back(void **state)
{
	(void)state;
	expect_plan("67345", "12345", "34521", "12345", 2);
	expect_plan("67345", "12345", "34529", "92345", 2);
	expect_plan("62345", "12345", "62345", "62345", 0);
	/* It has another now, which it keeps. */
	expect_plan("21345", "12345", "12346", "21346", 1);
}

static void test_twice_in_the_manifest(void **state)
{
	struct manifest *m = lies_at("113");
	const char *const to[] = { "1", "2", "3" };
	struct placement p;

	(void)state;
	assert_ok(placement_plan(m, NULL, 0, to, 3, &p, err));
	assert_string_equal(p.place[0], "1");
	assert_string_equal(p.place[1], "2");
	assert_string_equal(p.place[2], "3");
	assert_int_equal(p.moved, 1);
	manifest_free(m);
}

static void test_names(void **state)
{
	struct manifest *m = lies_at("123");
	const char *const twice[] = { "1", "2", "1" };
	char name[MANIFEST_PLACE_NAME + 2] = "";
	const char *const too_long[] = { "1", "2", name };
	struct placement p;

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	assert_status(DEED_USAGE,
		      placement_plan(m, NULL, 0, twice, 2, &p, err));
	assert_status(DEED_USAGE,
		      placement_plan(m, NULL, 0, twice, 3, &p, err));
	assert_status(DEED_USAGE,
		      placement_plan(m, NULL, 0, too_long, 3, &p, err));
	placement_of(m, &p);
	assert_string_equal(p.place[2], "3");
	assert_int_equal(p.moved, 0);
	manifest_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fewest_moves),
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_twice_in_the_manifest),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
