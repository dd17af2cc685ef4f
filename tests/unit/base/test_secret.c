/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <pthread.h>
#include <unistd.h>

#include "base/secret.h"

#define MANY 100

/* Of all lengths around a page, zero however often the memory was used. */
static void use_many(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t len[] = { 1, 32, 33, page - 1, page, page + 1, 3 * page };
	const size_t lens = sizeof(len) / sizeof(len[0]);
	struct secret *s[MANY];
	size_t i, j, round;

	for (round = 0; round < 5; round++) {
		for (i = 0; i < MANY; i++) {
			size_t size = len[(i + round) % lens];
			uint8_t *data;

			assert_ok(secret_new(size, &s[i], err));
			assert_int_equal(secret_len(s[i]), size);
			data = secret_data(s[i]);
			for (j = 0; j < size; j++)
				assert_int_equal(data[j], 0);
			memset(data, 0xa5, size);
		}
		for (i = 0; i < MANY; i++) {
			if (i % 2 == 0 && secret_len(s[i]) > 1)
				secret_shrink(s[i], secret_len(s[i]) / 2);
			secret_free(s[i]);
		}
	}
}

static void test_zero(void **state)
{
	(void)state;
	use_many();
}

static void test_copies(void **state)
{
	struct secret *a, *b;

	(void)state;
	assert_ok(secret_copy("one", 3, &a, err));
	assert_ok(secret_copy("two!", 4, &b, err));
	assert_true(slice_equal_str(secret_slice(a), "one"));
	assert_true(slice_equal_str(secret_slice(b), "two!"));
	secret_free(a);
	assert_ok(secret_copy("three", 5, &a, err));
	assert_true(slice_equal_str(secret_slice(b), "two!"));
	assert_true(slice_equal_str(secret_slice(a), "three"));
	secret_free(a);
	secret_free(b);
	secret_free(NULL);
	assert_status(DEED_LIMIT, secret_new(SECRET_MAX + 1, &a, NULL));
	assert_null(a);
}

static void *churn(void *arg)
{
	struct secret *s;
	int i;

	for (i = 0; i < 2000; i++) {
		if (secret_copy(arg, 8, &s, NULL) != DEED_OK ||
		    memcmp(secret_bytes(s), arg, 8) != 0)
			return arg;
		secret_free(s);
	}
	return NULL;
}

static void test_threads(void **state)
{
	static char text[4][9] = { "first...", "second..", "third...",
				   "fourth.." };
	pthread_t thread[4];
	void *bad;
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, churn, text[i]), 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(thread[i], &bad), 0);
		assert_null(bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_threads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
