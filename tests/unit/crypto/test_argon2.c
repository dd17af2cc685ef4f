/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <limits.h>
#include <sys/resource.h>

#include "codec/hex.h"
#include "crypto/argon2.h"

#define SALT "00112233445566778899aabbccddeeff"

/* printf secret | argon2 SALT -id -t 1 -k 65536 -p 1 -l 32 -r */
static const char expected[] =
	"b786416d83c5b84f2b6f3f824bca479be9380f36da0600d45b5b56c9fe3b9897";

static void test_derives(void **state)
{
	struct argon2_params p = { 65536, 1, 1, SALT };
	struct secret *key;
	char text[65];

	(void)state;
	assert_ok(argon2_derive(&p, slice_str("secret"), &key, err));
	assert_int_equal(secret_len(key), 32);
	hex_text(secret_slice(key), text);
	assert_string_equal(text, expected);
	secret_free(key);
}

static void test_memory_is_the_childs(void **state)
{
	struct argon2_params p = { 131072, 1, 1, SALT };
	struct rusage self;
	struct secret *key;

	(void)state;
	assert_ok(argon2_derive(&p, slice_str("secret"), &key, err));
	secret_free(key);
	assert_int_equal(getrusage(RUSAGE_SELF, &self), 0);
	if (self.ru_maxrss > 120 * 1024)
		fail_msg("peak memory is %ld KiB", self.ru_maxrss);
}

static void test_limits(void **state)
{
	static const struct argon2_params weak[] = {
		{ 65535, 3, 1, SALT }, { 65536, 0, 1, SALT },
		{ 65536, 3, 0, SALT }, { 65536, 3, 1, "short" },
		{ 65536, 3, 1, "" },
	};
	static const struct argon2_params costly[] = {
		{ ARGON2_MOST_MEMORY + 1, 3, 1, SALT },
		{ UINT32_MAX, 3, 1, SALT },
		{ 65536, ARGON2_MOST_PASSES + 1, 1, SALT },
		{ 65536, UINT32_MAX, 1, SALT },
		{ 65536, 3, ARGON2_MOST_LANES + 1, SALT },
	};
	struct secret *key;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		assert_status(
			DEED_MALFORMED,
			argon2_derive(&weak[i], slice_str("x"), &key, err));
	for (i = 0; i < sizeof(costly) / sizeof(costly[0]); i++)
		assert_status(
			DEED_LIMIT,
			argon2_derive(&costly[i], slice_str("x"), &key, err));
	assert_null(key);
}

static void test_new(void **state)
{
	struct argon2_params a, b;
	struct secret *key, *again;

	(void)state;
	assert_ok(argon2_new(0, slice_str("secret"), &a, &key, err));
	assert_int_equal(a.passes, 3);
	assert_int_equal(a.memory, ARGON2_LEAST_MEMORY);
	assert_ok(argon2_derive(&a, slice_str("secret"), &again, err));
	assert_memory_equal(secret_data(key), secret_data(again), ARGON2_KEY);
	secret_free(key);
	secret_free(again);
	assert_ok(argon2_new(1, slice_str("secret"), &b, &key, err));
	assert_string_not_equal(a.salt, b.salt);
	secret_free(key);
}

static void test_passes(void **state)
{
	(void)state;
	assert_int_equal(argon2_passes(0, 50), 3);
	assert_int_equal(argon2_passes(150, 50), 3);
	assert_int_equal(argon2_passes(150, 400), 3);
	assert_int_equal(argon2_passes(150, 30), 5);
	assert_int_equal(argon2_passes(150, 0), 64);
	assert_int_equal(argon2_passes(100000, 50), 64);
	assert_int_equal(argon2_passes(UINT_MAX, 1), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_derives),
		cmocka_unit_test(test_memory_is_the_childs),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_passes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
