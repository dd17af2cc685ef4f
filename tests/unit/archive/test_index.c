/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "archive/index.h"
#include "archive/source.h"
#include "base/pool.h"

static void fill(struct index *x)
{
	assert_ok(index_add(x, "deposit.json", 512, 3, err));
	assert_ok(index_add(x, "a \"quoted\" name", 1536, 0, err));
	assert_ok(
		index_add(x, "\xe7\x8e\x8b.pdf", 2560, UINT64_C(1) << 33, err));
	memset(x->file[2].sha256, 0xab, 32);
	memset(x->salt, 0x5a, sizeof(x->salt));
}

/* The text is read by what wrote it, whatever the salt. */
static void test_round_trip(void **state)
{
	struct index a = INDEX_INIT, b = INDEX_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	fill(&a);
	assert_ok(index_write(&a, &text, err));
	fill(&b);
	memset(b.salt, 0, sizeof(b.salt));
	assert_ok(index_compare(&b, buf_get(&text), err));
	assert_memory_equal(a.salt, b.salt, sizeof(a.salt));
	index_clear(&a);
	index_clear(&b);
	buf_clear(&text);
}

/* Every byte changed or cut, but those of the salt; every field changed. */
static void test_changed(void **state)
{
	struct index x = INDEX_INIT;
	struct buf text = BUF_INIT;
	size_t i, salt;

	(void)state;
	fill(&x);
	assert_ok(index_write(&x, &text, err));
	salt = text.len - strlen("5a\",\"schema\":\"deed.index/1\"}\n") - 62;
	for (i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		assert_int_equal(index_compare(&x, buf_get(&text), NULL),
				 i >= salt && i < salt + 64 &&
						 (text.data[i] & ~1) != '`'
					 ? DEED_OK
					 : DEED_DAMAGED);
		text.data[i] ^= 1;
		assert_status(DEED_DAMAGED,
			      index_compare(&x, slice_of(text.data, i), err));
	}
	x.file[0].offset++;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[0].offset--;
	x.file[1].size++;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[1].size--;
	x.file[2].sha256[0] ^= 1;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[2].sha256[0] ^= 1;
	x.file[2].name[0] ^= 1;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[2].name[0] ^= 1;
	assert_ok(index_compare(&x, buf_get(&text), err));
	assert_ok(index_add(&x, "more", 0, 0, err));
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	index_clear(&x);
	buf_clear(&text);
}

#define PIECE 1000

struct reading {
	struct source *s;
	uint8_t *out;
	size_t fail; /* this piece is not asked for */
	unsigned failures;
};

/* A pool_fn. */
static void read_piece(void *arg, size_t i)
{
	struct reading *r = arg;
	size_t left = (size_t)source_size(r->s) - i * PIECE;

	if (i == r->fail)
		source_abort(r->s);
	else if (source_read(r->s, i * PIECE, r->out + i * PIECE,
			     left < PIECE ? left : PIECE, NULL) != DEED_OK)
		__atomic_add_fetch(&r->failures, 1, __ATOMIC_SEQ_CST);
}

/* Read in pieces by several threads: the same as in one. */
static void test_source(void **state)
{
	static uint8_t big[70000];
	const struct archive_input in[] = {
		{ "deposit.json", 7, -1, 3, slice_str("{}\n") },
		{ "empty", 7, -1, 0, SLICE_NONE },
		{ "big", 7, -1, sizeof(big), slice_of(big, sizeof(big)) },
	};
	struct reading r = { .fail = SIZE_MAX };
	struct buf all = BUF_INIT;
	size_t pieces, at, round;
	uint8_t hash[32];

	(void)state;
	for (at = 0; at < sizeof(big); at++)
		big[at] = (uint8_t)(at * 7 + at / 251);
	for (round = 0; round < 20; round++) {
		assert_ok(source_new(in, 3, &r.s, err));
		buf_reset(&all);
		r.out = buf_reserve(&all, (size_t)source_size(r.s));
		pieces = ((size_t)source_size(r.s) + PIECE - 1) / PIECE;
		r.fail = round == 19 ? 5 : SIZE_MAX;
		pool_run(4, pieces, read_piece, &r);
		if (round == 19) {
			assert_true(r.failures >= pieces - 6);
			source_free(r.s);
			break;
		}
		assert_int_equal(r.failures, 0);
		sha256(slice_of(big, sizeof(big)), hash);
		assert_memory_equal(source_sha256(r.s, 2), hash, 32);
		sha256(SLICE_NONE, hash);
		assert_memory_equal(source_sha256(r.s, 1), hash, 32);
		/* The index is where the last header says, and hashed. */
		at = 512 + 512 + 512 + 512 + 70144;
		assert_string_equal(r.out + at, INDEX_NAME);
		at += 512;
		assert_memory_equal(r.out + at, "{\"files\":[", 10);
		sha256(slice_of(r.out + at, strlen((const char *)r.out + at)),
		       hash);
		assert_memory_equal(source_index(r.s), hash, 32);
		source_free(r.s);
	}
	buf_clear(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_source),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
