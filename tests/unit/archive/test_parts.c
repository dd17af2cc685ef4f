/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "archive/parts.h"
#include "base/direct.h"
#include "crypto/random.h"

#define MOST 70000
#define STEP 4099 /* in pieces of this */

static uint8_t envelope[MOST];

/* The next stretch, where it lies or copied, as put does. */
static void add(struct parts *p, size_t at, size_t len)
{
	uint8_t *out = parts_next(p, len);

	if (out == NULL) {
		assert_true(p->at / p->size != (p->at + len - 1) / p->size);
		parts_add(p, envelope + at, len);
		return;
	}
	memcpy(out, envelope + at, len);
	parts_pass(p, len);
}

/* Of len octets: the data parts are these and zeros, parity and hashes are
 * those of the parts as a whole. */
static void lay_out(unsigned k, unsigned n, size_t len)
{
	size_t size = (len + k - 1) / k, at, take;
	uint8_t *plain = calloc(n, size), *whole[ERASURE_MAX];
	uint8_t hash[ERASURE_MAX][SHA256_SIZE], own[SHA256_SIZE];
	struct erasure *code;
	struct parts p;
	uint8_t *room = parts_room_new(parts_room(n, size));
	unsigned i;

	assert_non_null(plain);
	assert_non_null(room);
	memset(room, 0xa5, parts_room(n, size));
	parts_init(&p, k, n, size, room);
	for (at = 0; at < len; at += take) {
		take = len - at < STEP ? len - at : STEP;
		add(&p, at, take);
	}
	parts_fill(&p);
	assert_int_equal(p.at, k * size);
	assert_ok(erasure_new(k, n, &code, err));
	assert_ok(parts_code(&p, code, hash, err));

	memcpy(plain, envelope, len);
	for (i = 0; i < n; i++)
		whole[i] = plain + i * size;
	erasure_encode(code, size, whole);
	for (i = 0; i < n; i++) {
		assert_int_equal((uintptr_t)p.part[i] % DIRECT_ALIGN, 0);
		assert_memory_equal(p.part[i], whole[i], size);
		sha256(slice_of(whole[i], size), own);
		assert_memory_equal(hash[i], own, sizeof(own));
	}
	erasure_free(code);
	free(room);
	free(plain);
}

static void test_shapes(void **state)
{
	static const unsigned shape[][2] = { { 1, 1 }, { 1, 3 }, { 2, 3 },
					     { 3, 5 }, { 5, 9 }, { 64, 64 } };
	static const size_t len[] = { 1,    63,	   64,	  200,	4096,
				      4097, 32768, 65536, MOST, 3 * 4096 };
	size_t i, j;

	(void)state;
	assert_ok(random_bytes(envelope, sizeof(envelope), err));
	for (i = 0; i < sizeof(shape) / sizeof(shape[0]); i++)
		for (j = 0; j < sizeof(len) / sizeof(len[0]); j++)
			lay_out(shape[i][0], shape[i][1], len[j]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
