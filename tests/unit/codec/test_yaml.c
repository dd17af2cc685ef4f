/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "codec/yaml.h"

static void test_tree(void **state)
{
	static const char text[] = "# a party\n"
				   "name: 王小明\n"
				   "phone: \"+8613123456789\"\n"
				   "count: -12\n"
				   "on: no\n"
				   "list:\n"
				   "  - one\n"
				   "  - { two: 2, three: [a, b] }\n"
				   "empty:\n";
	const struct yaml_node *list;
	struct yaml_node *root;
	int64_t n;
	bool b;

	(void)state;
	assert_ok(yaml_load(slice_str(text), "wang.yaml", &root, err));
	assert_int_equal(yaml_kind(root), YAML_MAPPING);
	assert_int_equal(yaml_count(root), 6);
	assert_string_equal(yaml_key_at(root, 0), "name");
	assert_string_equal(yaml_get_string(root, "name"), "王小明");
	assert_int_equal(yaml_line(yaml_get(root, "phone")), 3);
	assert_true(yaml_integer(yaml_get(root, "count"), &n));
	assert_int_equal(n, -12);
	assert_false(yaml_integer(yaml_get(root, "name"), &n));
	assert_true(yaml_bool(yaml_get(root, "on"), &b));
	assert_false(b);
	assert_false(yaml_bool(yaml_get(root, "name"), &b));
	list = yaml_get(root, "list");
	assert_int_equal(yaml_kind(list), YAML_SEQUENCE);
	assert_int_equal(yaml_count(list), 2);
	assert_string_equal(yaml_string(yaml_at(list, 0)), "one");
	assert_null(yaml_string(list));
	assert_null(yaml_key_at(list, 0));
	assert_null(yaml_at(list, 2));
	list = yaml_get(yaml_at(list, 1), "three");
	assert_string_equal(yaml_string(yaml_at(list, 1)), "b");
	assert_string_equal(yaml_get_string(root, "empty"), "");
	assert_null(yaml_get(root, "absent"));
	assert_null(yaml_get(NULL, "x"));
	yaml_tree_free(root);
}

static void test_empty(void **state)
{
	struct yaml_node *root;

	(void)state;
	assert_ok(yaml_load(SLICE_NONE, "x", &root, err));
	assert_int_equal(yaml_kind(root), YAML_MAPPING);
	assert_int_equal(yaml_count(root), 0);
	yaml_tree_free(root);
	assert_ok(yaml_load(slice_str("# nothing\n"), "x", &root, err));
	yaml_tree_free(root);
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {
		"a: 1\na: 2",
		"a: &x 1\nb: *x",
		"a: *x",
		"a: !!str 1",
		"a: !x {b: 1}",
		"a: &x [1]",
		"--- a\n--- b\n",
		"? [1]\n: 2",
		"? {a: 1}\n: 2",
		"a: [1",
		"a: {b: 1",
		"a: \"x",
		"\t- a",
		"a: b: c",
		"a: \"\\0\"",
		"a: \xff\xff",
		"%YAML 9.9\n---\na",
		"- a\nb: c",
		"a: 'x\n",
		"@x",
		"a: {b: 1, b: 2}",
	};
	struct yaml_node *root;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status =
			yaml_load(slice_str(bad[i]), "x", &root, NULL);

		if (status != DEED_CONFIG || root != NULL)
			fail_msg("'%s': %s", bad[i], deed_status_id(status));
	}
}

static void test_limits(void **state)
{
	struct yaml_node *root;
	struct buf b = BUF_INIT;
	int i;

	(void)state;
	buf_fill(&b, '[', YAML_MAX_DEPTH);
	buf_fill(&b, ']', YAML_MAX_DEPTH);
	assert_ok(yaml_load(buf_get(&b), "x", &root, err));
	yaml_tree_free(root);
	buf_insert(&b, 0, "[", 1);
	buf_byte(&b, ']');
	assert_status(DEED_LIMIT, yaml_load(buf_get(&b), "x", &root, err));
	buf_reset(&b);
	for (i = 0; i <= YAML_MAX_NODES; i++)
		buf_str(&b, "- x\n");
	assert_status(DEED_LIMIT, yaml_load(buf_get(&b), "x", &root, err));
	buf_reset(&b);
	buf_fill(&b, '#', YAML_MAX_SIZE + 1);
	assert_status(DEED_LIMIT, yaml_load(buf_get(&b), "x", &root, err));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
