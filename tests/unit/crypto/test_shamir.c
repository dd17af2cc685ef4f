/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/random.h"
#include "crypto/shamir.h"

static void free_all(struct secret **shares, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		secret_free(shares[i]);
}

/* Join the shares whose bits are set; NULL if that fails. */
static struct secret *join(struct secret *const *shares, unsigned n,
			   unsigned set, enum deed_status *status)
{
	const struct secret *some[16];
	struct secret *out = NULL;
	unsigned i, count = 0;

	for (i = 0; i < n; i++)
		if (set & 1u << i)
			some[count++] = shares[i];
	*status = shamir_join(some, count, &out, NULL);
	return out;
}

/* Every subset of 5 shares: at least 3 bring the secret back, fewer do not. */
static void test_every_subset(void **state)
{
	struct secret *secret, *shares[5], *back;
	enum deed_status status;
	unsigned set, k;

	(void)state;
	for (k = 1; k <= 5; k++) {
		assert_ok(random_secret(32, &secret, err));
		assert_ok(shamir_split(secret, k, 5, shares, err));
		for (set = 0; set < 32; set++) {
			back = join(shares, 5, set, &status);
			if ((unsigned)__builtin_popcount(set) < k) {
				assert_int_equal(status, DEED_NOT_FOUND);
				assert_null(back);
				continue;
			}
			assert_int_equal(status, DEED_OK);
			assert_memory_equal(secret_bytes(back),
					    secret_bytes(secret), 32);
			secret_free(back);
		}
		free_all(shares, 5);
		secret_free(secret);
	}
}

/*
 * The vector of deed-archive(5): 3 of 3 over the secret 00 01 ... 1f, made by
 * another program.
 */
static void test_vector(void **state)
{
	const char *top = getenv("top_srcdir");
	struct buf text = BUF_INIT;
	struct secret *shares[3], *out;
	char path[512];
	size_t i;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/tests/data/archive/shares.txt",
		       top == NULL ? "." : top);
	assert_ok(file_read(path, 4096, &text, err));
	assert_int_equal(text.len, 3 * SHAMIR_SHARE_SIZE);
	for (i = 0; i < 3; i++)
		assert_ok(secret_copy(text.data + i * SHAMIR_SHARE_SIZE,
				      SHAMIR_SHARE_SIZE, &shares[i], err));
	assert_ok(shamir_join((const struct secret *const *)shares, 3, &out,
			      err));
	for (i = 0; i < 32; i++)
		assert_int_equal(secret_bytes(out)[i], i);
	secret_free(out);
	free_all(shares, 3);
	buf_clear(&text);
}

/* Any changed byte of a share is found. */
static void test_changed_bytes(void **state)
{
	struct secret *secret, *shares[3];
	unsigned k, index;
	size_t i;

	(void)state;
	assert_ok(random_secret(32, &secret, err));
	assert_ok(shamir_split(secret, 2, 3, shares, err));
	assert_ok(shamir_inspect(secret_slice(shares[2]), &k, &index, err));
	assert_int_equal(k, 2);
	assert_int_equal(index, 3);
	for (i = 0; i < SHAMIR_SHARE_SIZE; i++) {
		secret_data(shares[0])[i] ^= 1;
		assert_status(DEED_DAMAGED,
			      shamir_inspect(secret_slice(shares[0]), &k,
					     &index, err));
		secret_data(shares[0])[i] ^= 1;
	}
	assert_status(DEED_DAMAGED,
		      shamir_inspect(slice_of(secret_bytes(shares[0]),
					      SHAMIR_SHARE_SIZE - 1),
				     &k, &index, err));
	free_all(shares, 3);
	secret_free(secret);
}

/* A share twice, of another split, of another threshold. */
static void test_mixed(void **state)
{
	struct secret *secret, *a[3], *b[3], *c[3], *out;
	const struct secret *pick[3];

	(void)state;
	assert_ok(random_secret(32, &secret, err));
	assert_ok(shamir_split(secret, 2, 3, a, err));
	assert_ok(shamir_split(secret, 2, 3, b, err));
	assert_ok(shamir_split(secret, 3, 3, c, err));
	pick[0] = a[0];
	pick[1] = a[0];
	assert_status(DEED_DAMAGED, shamir_join(pick, 2, &out, err));
	assert_null(out);
	pick[1] = c[1];
	assert_status(DEED_DAMAGED, shamir_join(pick, 2, &out, err));
	pick[1] = a[1];
	pick[2] = b[2];
	assert_status(DEED_DAMAGED, shamir_join(pick, 3, &out, err));
	pick[2] = a[2];
	assert_ok(shamir_join(pick, 3, &out, err));
	assert_memory_equal(secret_bytes(out), secret_bytes(secret), 32);
	secret_free(out);
	assert_status(DEED_NOT_FOUND, shamir_join(pick, 0, &out, err));
	free_all(a, 3);
	free_all(b, 3);
	free_all(c, 3);
	secret_free(secret);
}

/* The largest split there is. */
static void test_255(void **state)
{
	struct secret *secret, *shares[255], *out;

	(void)state;
	assert_ok(random_secret(32, &secret, err));
	assert_ok(shamir_split(secret, 200, 255, shares, err));
	assert_ok(shamir_join((const struct secret *const *)shares + 55, 200,
			      &out, err));
	assert_memory_equal(secret_bytes(out), secret_bytes(secret), 32);
	secret_free(out);
	free_all(shares, 255);
	secret_free(secret);
}

/* From any three of five come the other two, byte for byte; from two none. */
static void test_extend(void **state)
{
	struct secret *secret, *shares[5], *out;
	const struct secret *pick[5];
	unsigned set, i, count;

	(void)state;
	assert_ok(random_secret(32, &secret, err));
	assert_ok(shamir_split(secret, 3, 5, shares, err));
	for (set = 0; set < 32; set++) {
		for (i = 0, count = 0; i < 5; i++)
			if (set & 1u << i)
				pick[count++] = shares[i];
		for (i = 0; i < 5; i++) {
			if (count < 3) {
				assert_status(DEED_NOT_FOUND,
					      shamir_extend(pick, count, i + 1,
							    &out, err));
				assert_null(out);
				continue;
			}
			assert_ok(shamir_extend(pick, count, i + 1, &out, err));
			assert_memory_equal(secret_bytes(out),
					    secret_bytes(shares[i]),
					    SHAMIR_SHARE_SIZE);
			secret_free(out);
		}
	}
	free_all(shares, 5);
	secret_free(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_subset),
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_255),
		cmocka_unit_test(test_extend),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
