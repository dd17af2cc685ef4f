/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "archive/box.h"
#include "crypto/shamir.h"

#define SEGMENT 1000
#define KEYS 300

static uint8_t segment[SEGMENT], share[SHAMIR_SHARE_SIZE], keys[KEYS];

static struct box example(void)
{
	size_t i;

	for (i = 0; i < SEGMENT; i++)
		segment[i] = (uint8_t)(i * 11);
	memset(share, 's', sizeof(share));
	memset(keys, 0x5a, sizeof(keys));
	memcpy(keys, "\x30\x82\x01\x28", 4);
	return (struct box){ slice_of(segment, sizeof(segment)),
			     slice_of(share, sizeof(share)),
			     slice_of(keys, sizeof(keys)) };
}

static void test_round_trip(void **state)
{
	struct box box = example(), got;
	struct buf tar = BUF_INIT;

	(void)state;
	assert_ok(box_write(&box, &tar, err));
	assert_int_equal(tar.len, 3 * 512 + 1024 + 512 + 512 + 1024);
	assert_ok(box_open(buf_get(&tar), SEGMENT, &got, err));
	assert_true(slice_equal(got.segment, box.segment));
	assert_true(slice_equal(got.share, box.share));
	assert_true(slice_equal(got.keys, box.keys));
	buf_clear(&tar);
}

/* Where the contents lie, any bytes may be; nowhere else. */
static bool is_content(size_t i)
{
	return (i >= 512 && i < 512 + SEGMENT) ||
	       (i >= 2048 && i < 2048 + SHAMIR_SHARE_SIZE) ||
	       (i >= 3072 + 4 && i < 3072 + KEYS);
}

static void test_changed(void **state)
{
	struct box box = example(), got;
	struct buf tar = BUF_INIT;
	enum deed_status want;
	int bit;
	size_t i;

	(void)state;
	assert_ok(box_write(&box, &tar, err));
	for (i = 0; i < tar.len; i++)
		for (bit = 0; bit < 8; bit++) {
			tar.data[i] ^= (uint8_t)(1 << bit);
			want = is_content(i) ? DEED_OK : DEED_DAMAGED;
			if (box_open(buf_get(&tar), SEGMENT, &got, NULL) !=
			    want)
				fail_msg("bit %d of byte %zu", bit, i);
			tar.data[i] ^= (uint8_t)(1 << bit);
		}
	for (i = 0; i < tar.len; i++)
		assert_status(DEED_DAMAGED, box_open(slice_of(tar.data, i),
						     SEGMENT, &got, err));
	/* A block more, of zeros too; a segment of another size. */
	buf_fill(&tar, 0, 512);
	assert_status(DEED_DAMAGED,
		      box_open(buf_get(&tar), SEGMENT, &got, err));
	tar.len -= 512;
	for (i = SEGMENT - 20; i < SEGMENT + 600; i++)
		assert_int_equal(box_open(buf_get(&tar), i, &got, NULL),
				 i == SEGMENT ? DEED_OK : DEED_DAMAGED);
	assert_status(DEED_DAMAGED,
		      box_open(buf_get(&tar), SIZE_MAX - 511, &got, err));
	buf_clear(&tar);
}

/* Members in another order, twice, or with another name. */
static void test_swapped(void **state)
{
	struct box box = example(), got;
	struct buf tar = BUF_INIT, other = BUF_INIT;

	(void)state;
	assert_ok(box_write(&box, &tar, err));
	/* share before segment */
	buf_append(&other, tar.data + 1536, 1024);
	buf_append(&other, tar.data, 1536);
	buf_append(&other, tar.data + 2560, tar.len - 2560);
	assert_int_equal(other.len, tar.len);
	assert_status(DEED_DAMAGED,
		      box_open(buf_get(&other), SEGMENT, &got, err));
	/* the share twice */
	buf_reset(&other);
	buf_append(&other, tar.data, 2560);
	buf_append(&other, tar.data + 1536, tar.len - 1536);
	assert_status(DEED_DAMAGED,
		      box_open(buf_get(&other), SEGMENT, &got, err));
	buf_clear(&tar);
	buf_clear(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_swapped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
