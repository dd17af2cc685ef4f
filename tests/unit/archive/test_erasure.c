/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "archive/erasure.h"
#include "crypto/random.h"

#define LEN 1000
#define MAX 9

static uint8_t data[MAX][LEN], work[MAX][LEN];

/* GF(256)/0x11d by its definition, to hold the library against. */
static uint8_t mul(uint8_t a, uint8_t b)
{
	uint8_t r = 0;

	for (; b != 0; b >>= 1) {
		if (b & 1)
			r ^= a;
		a = (uint8_t)((a << 1) ^ (a & 0x80 ? 0x1d : 0));
	}
	return r;
}

static uint8_t inverse(uint8_t a)
{
	unsigned b;

	for (b = 1; b < 256; b++)
		if (mul(a, (uint8_t)b) == 1)
			return (uint8_t)b;
	return 0;
}

static void pointers(uint8_t (*rows)[LEN], uint8_t **out)
{
	int i;

	for (i = 0; i < MAX; i++)
		out[i] = rows[i];
}

/* Parity part i is the sum over j of data part j times 1/(i xor j). */
static void test_matrix(void **state)
{
	static const unsigned shapes[][2] = { { 1, 3 }, { 2, 3 }, { 3, 5 },
					      { 4, 6 }, { 5, 9 }, { 9, 9 } };
	struct erasure *e;
	uint8_t *part[MAX];
	size_t s, at;
	unsigned i, j;

	(void)state;
	pointers(data, part);
	for (s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
		unsigned k = shapes[s][0], n = shapes[s][1];

		assert_ok(random_bytes(data, sizeof(data), err));
		assert_ok(erasure_new(k, n, &e, err));
		erasure_encode(e, LEN, part);
		for (i = k; i < n; i++)
			for (at = 0; at < LEN; at += 97) {
				uint8_t sum = 0;

				for (j = 0; j < k; j++)
					sum ^= mul(data[j][at],
						   inverse((uint8_t)(i ^ j)));
				assert_int_equal(data[i][at], sum);
			}
		erasure_free(e);
	}
}

/* Every way to lose parts: back with k of them, refused with fewer. */
static void test_every_loss(void **state)
{
	struct erasure *e;
	uint8_t *part[MAX], *broken[MAX];
	bool there[MAX];
	unsigned set, i;

	(void)state;
	pointers(data, part);
	pointers(work, broken);
	assert_ok(erasure_new(3, 5, &e, err));
	assert_ok(random_bytes(data, sizeof(data), err));
	erasure_encode(e, LEN, part);
	for (set = 0; set < 32; set++) {
		for (i = 0; i < 5; i++) {
			there[i] = set & 1u << i;
			memcpy(work[i], data[i], LEN);
			if (!there[i])
				memset(work[i], 0xee, LEN);
		}
		if (__builtin_popcount(set) < 3) {
			assert_status(
				DEED_DAMAGED,
				erasure_restore(e, LEN, broken, there, err));
			continue;
		}
		assert_ok(erasure_restore(e, LEN, broken, there, err));
		for (i = 0; i < 3; i++)
			assert_memory_equal(work[i], data[i], LEN);
	}
	erasure_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_every_loss),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
