/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "codec/json.h"

/* RFC 8785 3.2.4's object, as far as it has integers and ASCII keys. */
static void test_canonical(void **state)
{
	static const char *const cases[][2] = {
		{ "{}", "{}" },
		{ " [ ] ", "[]" },
		{ "{\"b\":1,\"a\":[true,false,null]}",
		  "{\"a\":[true,false,null],\"b\":1}" },
		{ "{\"numbers\":[333333333, -0, 0, 9007199254740991],"
		  "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c"
		  "\\\\\\\"\\/\"}",
		  "{\"numbers\":[333333333,0,0,9007199254740991],"
		  "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}" },
		{ "[\"\\b\\t\\n\\f\\r\\u007f\"]", "[\"\\b\\t\\n\\f\\r\x7f\"]" },
		{ "{\"a b\":1,\"aB\":2,\"A\":3,\"1\":4,\"\":5}",
		  "{\"\":5,\"1\":4,\"A\":3,\"a b\":1,\"aB\":2}" },
	};
	struct buf b = BUF_INIT;
	json_t *value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(
			json_load_bounded(slice_str(cases[i][0]), &value, err));
		assert_ok(json_canonical(value, &b, err));
		json_decref(value);
		buf_byte(&b, 0);
		assert_string_equal((char *)b.data, cases[i][1]);
		buf_reset(&b);
		assert_ok(json_load_canonical(slice_str(cases[i][1]), &value,
					      err));
		json_decref(value);
	}
	buf_clear(&b);
}

static void test_not_canonical(void **state)
{
	static const char *const bad[] = {
		"{ }",
		"[1 ]",
		"{\"b\":1,\"a\":2}",
		"[-0]",
		"[01]",
		"[1.0]",
		"[1e3]",
		"[9007199254740992]",
		"[-9007199254740992]",
		"{\"\xc3\xa9\":1}",
		"[\"\\u0041\"]",
		"[\"\\/\"]",
		"[1]\n",
	};
	json_t *value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status =
			json_load_canonical(slice_str(bad[i]), &value, NULL);

		if (status != DEED_MALFORMED || value != NULL)
			fail_msg("'%s': %s", bad[i], deed_status_id(status));
	}
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {
		"",
		"1",
		"\"a\"",
		"null",
		"{",
		"[",
		"[1,]",
		"{\"a\":}",
		"{\"a\":1,\"a\":2}",
		"[\"\\u0000\"]",
		"[\"\xff\"]",
		"[1] x",
		"{'a':1}",
		"[\"\t\"]",
		"[\"\\ud800\"]",
		"[1e999]",
		"[99999999999999999999]",
		"// c\n[]",
		"[NaN]",
		"[\"a]",
		"[tru]",
	};
	json_t *value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status =
			json_load_bounded(slice_str(bad[i]), &value, NULL);

		if (status != DEED_MALFORMED || value != NULL)
			fail_msg("'%s': %s", bad[i], deed_status_id(status));
	}
}

static void test_limits(void **state)
{
	struct buf b = BUF_INIT;
	json_t *value;

	(void)state;
	buf_fill(&b, '[', JSON_MAX_DEPTH);
	buf_fill(&b, ']', JSON_MAX_DEPTH);
	assert_ok(json_load_bounded(buf_get(&b), &value, err));
	json_decref(value);
	buf_insert(&b, 0, "[", 1);
	buf_byte(&b, ']');
	assert_status(DEED_LIMIT, json_load_bounded(buf_get(&b), &value, err));
	/* Brackets in strings do not count. */
	buf_reset(&b);
	buf_str(&b, "[\"\\\"");
	buf_fill(&b, '[', 100);
	buf_str(&b, "\"]");
	assert_ok(json_load_bounded(buf_get(&b), &value, err));
	json_decref(value);
	buf_reset(&b);
	buf_fill(&b, ' ', JSON_MAX_SIZE + 1);
	assert_status(DEED_LIMIT, json_load_bounded(buf_get(&b), &value, err));
	buf_clear(&b);
}

static void test_readers(void **state)
{
	uint8_t digest[32], back[32];
	json_t *object = json_object();
	int64_t n;

	(void)state;
	memset(digest, 0xab, sizeof(digest));
	json_object_set_new(object, "d", json_sha256(digest));
	json_object_set_new(object, "n", json_integer(-5));
	json_object_set_new(object, "s", json_string("text"));
	json_object_set_new(object, "short", json_string("sha256:ab"));
	json_object_set_new(object, "odd",
			    json_string("sha512:abababababababababababababababa"
					"babababababababababababababababab"));
	assert_true(json_get_sha256(object, "d", back));
	assert_memory_equal(digest, back, 32);
	assert_false(json_get_sha256(object, "short", back));
	assert_false(json_get_sha256(object, "odd", back));
	assert_false(json_get_sha256(object, "n", back));
	assert_true(json_get_integer(object, "n", &n));
	assert_int_equal(n, -5);
	assert_false(json_get_integer(object, "s", &n));
	assert_string_equal(json_get_string(object, "s"), "text");
	assert_null(json_get_string(object, "n"));
	assert_null(json_get_string(object, "none"));
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_not_canonical),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_readers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
