/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "key/token.h"

/* URIs alone; tests/cli/token.t has a token. */

#define MODULE "?module-path=/m.so"

static void test_uri(void **state)
{
	static const struct {
		const char *text, *module, *expected;
	} cases[] = {
		{ "pkcs11:object=a" MODULE, NULL, "pkcs11:object=a" MODULE },
		{ "pkcs11:object=a" MODULE, "/n.so", "pkcs11:object=a" MODULE },
		{ "pkcs11:object=a", "/n.so",
		  "pkcs11:object=a?module-path=%2Fn.so" },
		{ "pkcs11:object=a?pin-source=file:/p", "/n.so",
		  "pkcs11:object=a?pin-source=file:/p&module-path=%2Fn.so" },
		{ "pkcs11:", "/n.so", "pkcs11:?module-path=%2Fn.so" },
		/* A label. */
		{ "a key", "/n.so",
		  "pkcs11:object=a%20key?module-path=%2Fn.so" },
		{ "\xe9\x92\xa5;?&", "/n.so",
		  "pkcs11:object=%E9%92%A5%3B%3F%26?module-path=%2Fn.so" },
		{ "pin-value=1", "/n.so",
		  "pkcs11:object=pin-value%3D1?module-path=%2Fn.so" },
	};
	char *uri;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(token_uri(cases[i].text, cases[i].module, &uri, err));
		assert_string_equal(uri, cases[i].expected);
		free(uri);
	}
}

static void test_bad_uri(void **state)
{
	static const char *const bad[] = {
		"pkcs11:object=a", /* no module */
		"pkcs11:object=a b" MODULE,
		"pkcs11:object=\xe9" MODULE,
		"pkcs11:object=a\n" MODULE,
		"pkcs11:object=a" MODULE "&pin-value=1234",
		"pkcs11:object=a?pin-value=1234&module-path=/m.so",
		"pkcs11:object=a;pin-value=1234" MODULE,
		"pkcs11:pin-value=1234" MODULE,
	};
	struct buf longer = BUF_INIT;
	char *uri;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (token_uri(bad[i], NULL, &uri, NULL) != DEED_USAGE)
			fail_msg("'%s' was accepted", bad[i]);
		assert_null(uri);
	}
	buf_str(&longer, "pkcs11:object=");
	buf_fill(&longer, 'a', TOKEN_URI_MAX);
	buf_byte(&longer, 0);
	assert_status(DEED_USAGE,
		      token_uri((char *)longer.data, "/m.so", &uri, err));
	buf_clear(&longer);
}

static void test_pin(void **state)
{
	(void)state;
	assert_true(token_is_uri("pkcs11:a"));
	assert_false(token_is_uri("PKCS11:a"));
	assert_false(token_is_uri("pkcs11"));
	assert_true(token_has_pin("pkcs11:a?pin-source=file:/p"));
	assert_true(token_has_pin("pkcs11:a" MODULE "&pin-source=x"));
	assert_false(token_has_pin("pkcs11:a" MODULE));
	assert_false(token_has_pin("pkcs11:pin-source=x"));
	assert_false(token_has_pin("pkcs11:a?pin-sources=x"));
}

/* What cannot be opened says why, and no PIN is asked for first. */
static void test_unopened(void **state)
{
	static const struct {
		const char *uri;
		enum deed_status status;
	} cases[] = {
		{ "pkcs11:object=a", DEED_USAGE },
		{ "pkcs11:object=a?module-path=m.so", DEED_USAGE },
		{ "pkcs11:object=a?module-path=%2", DEED_USAGE },
		{ "pkcs11:object=a?module-path=%00", DEED_USAGE },
		{ "pkcs11:object=a?module-path=/no/such.so", DEED_NO_KEY },
	};
	struct signing_key *key;
	char *found;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_status(cases[i].status,
			      signing_key_from_token(cases[i].uri, SLICE_NONE,
						     SLICE_NONE, &key, err));
		assert_null(key);
		assert_status(cases[i].status,
			      token_find(cases[i].uri, SLICE_NONE, NULL, &found,
					 err));
		assert_null(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_bad_uri),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_unopened),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
