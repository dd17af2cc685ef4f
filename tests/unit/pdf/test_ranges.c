/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/date.h"
#include "pdf/ranges.h"

#define SIZE ((size_t)600000)

/* Each as if it were hashed alone. */
static void test_ranges(void **state)
{
	struct pdf_range r[] = {
		{ .first_len = 300000,
		  .second_at = 300100,
		  .second_len = 299900 },
		{ .first_len = 10, .second_at = 20, .second_len = 0 },
		{ .first_len = 0, .second_at = 0, .second_len = SIZE },
		{ .first_len = 300000, .second_at = 500000, .second_len = 1 },
		{ .first_len = SIZE, .second_at = SIZE, .second_len = 0 },
	};
	uint8_t whole[DIGEST_MAX], expected[DIGEST_MAX];
	struct buf b = BUF_INIT, alone = BUF_INIT;
	struct pdf_input *in;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE; i++)
		buf_byte(&b, (uint8_t)(i * 2654435761u >> 13));
	assert_ok(pdf_input_from_memory(buf_get(&b), "ranges", &in, err));
	assert_ok(pdf_digest_ranges(in, DIGEST_SHA256, r, 5, whole, err));
	digest_once(DIGEST_SHA256, buf_get(&b), expected);
	assert_memory_equal(whole, expected, SHA256_SIZE);
	for (i = 0; i < 5; i++) {
		buf_reset(&alone);
		buf_append(&alone, b.data, (size_t)r[i].first_len);
		buf_append(&alone, b.data + r[i].second_at,
			   (size_t)r[i].second_len);
		digest_once(DIGEST_SHA256, buf_get(&alone), expected);
		assert_memory_equal(r[i].digest, expected, SHA256_SIZE);
	}
	r[3].second_len = SIZE;
	assert_status(DEED_MALFORMED,
		      pdf_digest_ranges(in, DIGEST_SHA256, r, 5, NULL, err));
	assert_ok(pdf_digest_ranges(in, DIGEST_SHA1, NULL, 0, whole, err));
	pdf_input_close(in);
	buf_clear(&alone);
	buf_clear(&b);
}

static void test_dates(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} good[] = {
		{ "D:20260102030405Z", 1767323045 },
		{ "D:20260102030405+08'00'", 1767323045 - 28800 },
		{ "D:20260102030405-01'30", 1767323045 + 5400 },
		{ "20260102030405", 1767323045 },
		{ "D:2026", 1767225600 },
		{ "D:202602", 1769904000 },
	};
	static const char *const bad[] = {
		"",
		"D:",
		"D:x",
		"D:20261301",
		"D:20260102030405X",
		"D:20260102030405+99'00'",
		"yesterday",
		"D:20260102030405Z trailing",
	};
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(pdf_date_parse(slice_str(good[i].text), &t));
		assert_int_equal(t, good[i].t);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(pdf_date_parse(slice_str(bad[i]), &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_dates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
