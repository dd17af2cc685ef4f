/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "key/token_priv.h"

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

/* A value that has the name of an attribute in it is none. */
static void test_typed(void **state)
{
	static const char *const cases[][2] = {
		{ "pkcs11:object=a", "pkcs11:object=a;type=public" },
		{ "pkcs11:", "pkcs11:type=public" },
		{ "pkcs11:object=a;type=private",
		  "pkcs11:object=a;type=public" },
		{ "pkcs11:type=private;object=a",
		  "pkcs11:type=public;object=a" },
		{ "pkcs11:object=archetype=1;id=%01",
		  "pkcs11:object=archetype=1;id=%01;type=public" },
		{ "pkcs11:object=a:type=b;type=private",
		  "pkcs11:object=a:type=b;type=public" },
		{ "pkcs11:x-type=1;type=private;id=%01",
		  "pkcs11:x-type=1;type=public;id=%01" },
	};
	char *made;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made = token_typed(cases[i][0], "public");
		assert_string_equal(made, cases[i][1]);
		free(made);
	}
}

/* An editor's newline, in either form, is not the PIN's. */
static void test_pin_source(void **state)
{
	static const char *const texts[] = { "1234", "1234\n", "1234\r\n" };
	char path[] = "/tmp/deed-pin-XXXXXX", uri[64];
	struct secret *pin;
	size_t i;
	int fd;

	(void)state;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	(void)snprintf(uri, sizeof(uri), "pkcs11:a?pin-source=file:%s", path);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_ok(file_write_fd(fd, path, texts[i], strlen(texts[i]),
					err));
		assert_ok(token_pin(uri, SLICE_NONE, &pin, err));
		assert_true(slice_equal_str(secret_slice(pin), "1234"));
		secret_free(pin);
	}
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
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
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_pin_source),
		cmocka_unit_test(test_unopened),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
