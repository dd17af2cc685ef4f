/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include <stdlib.h>

#include "codec/ber.h"
#include "codec/der.h"
#include "codec/hex.h"

static void check(const char *ber, const char *expected, size_t rest)
{
	struct buf in = BUF_INIT, out = BUF_INIT, text = BUF_INIT;
	size_t used = 0;

	assert_true(hex_decode(slice_str(ber), &in));
	if (ber_to_der(buf_get(&in), &used, &out, NULL) != DEED_OK)
		fail_msg("%s: refused", ber);
	hex_encode(buf_get(&out), &text);
	buf_byte(&text, 0);
	if (strcmp((char *)text.data, expected) != 0)
		fail_msg("%s: expected %s, got %s", ber, expected,
			 (char *)text.data);
	assert_int_equal(used + rest, in.len);
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&text);
}

static void test_converts(void **state)
{
	(void)state;
	check("0500", "0500", 0);
	check("05000500", "0500", 2);
	check("30800000", "3000", 0);
	check("3080308002010100000000", "30053003020101", 0);
	check("308105020101"
	      "0500",
	      "3005020101"
	      "0500",
	      0);
	check("30830000050201010500", "30050201010500", 0);
	check("010101", "0101ff", 0);
	/* Strings cut up, definite and indefinite, nested. */
	check("2480040161040262630000", "0403616263", 0);
	check("240604016104"
	      "0162",
	      "04026162", 0);
	check("248024800401610000040162"
	      "0000",
	      "04026162", 0);
	check("2c0604016104"
	      "0162",
	      "0c026162", 0);
	check("2c060c01610c0162", "0c026162", 0);
	check("2308030200ff030206ff", "030306ffc0", 0);
	check("230403020361", "03020360", 0);
	check("23800000", "030100", 0);
	/* Context-specific constructed stays. */
	check("a080040161040162"
	      "0000",
	      "a006040161040162", 0);
	/* Integers are kept as they are. */
	check("3080020200010000", "300402020001", 0);
}

static void test_long_length(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct slice content;
	struct der_reader r;
	int i;

	(void)state;
	buf_append(&in, "\x30\x80\x24\x80", 4);
	for (i = 0; i < 1000; i++)
		buf_append(&in, "\x04\x82\x00\x01x", 5);
	buf_append(&in, "\0\0\0\0", 4);
	assert_ok(ber_to_der(buf_get(&in), NULL, &out, err));
	assert_true(der_valid(buf_get(&out), 4, NULL));
	assert_true(der_open(buf_get(&out), DER_SEQUENCE, &r));
	assert_true(der_get(&r, DER_OCTET_STRING, &content));
	assert_int_equal(content.len, 1000);
	buf_clear(&in);
	buf_clear(&out);
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {
		"",
		"30",
		"3080",
		"30800500",
		"3001",
		"308005",
		"0480",
		"04800000",
		"0000",
		"30020000",
		"3080000100",
		"1f810100",
		"2480050000",
		"2480020101"
		"0000",
		"24030c0161",
		"2308030206c0030200ff",
		"2302"
		"0300",
		"23030301"
		"08",
		"2305030107"
		"0000",
		"01020000",
		"0100",
		"04ff0000",
		"0489010000000000000000",
		"3080010100",
		"a0030201",
		"240424020c00",
	};
	struct buf out = BUF_INIT, in = BUF_INIT;
	size_t i;

	(void)state;
	buf_str(&out, "kept");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status;

		buf_reset(&in);
		assert_true(hex_decode(slice_str(bad[i]), &in));
		status = ber_to_der(buf_get(&in), NULL, &out, NULL);
		if (status != DEED_MALFORMED)
			fail_msg("%s: expected malformed, got %s", bad[i],
				 deed_status_id(status));
		assert_int_equal(out.len, 4);
	}
	buf_clear(&in);
	buf_clear(&out);
}

static void test_depth(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i;

	(void)state;
	for (i = 0; i < BER_MAX_DEPTH; i++)
		buf_append(&in, "\x30\x80", 2);
	buf_fill(&in, 0, 2 * BER_MAX_DEPTH);
	assert_ok(ber_to_der(buf_get(&in), NULL, &out, err));
	buf_insert(&in, 0, "\x30\x80", 2);
	buf_fill(&in, 0, 2);
	assert_status(DEED_LIMIT, ber_to_der(buf_get(&in), NULL, &out, err));
	/* The same inside a string. */
	buf_reset(&in);
	for (i = 0; i < 1000; i++)
		buf_append(&in, "\x24\x80", 2);
	assert_status(DEED_LIMIT, ber_to_der(buf_get(&in), NULL, &out, err));
	buf_clear(&in);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_converts),
		cmocka_unit_test(test_long_length),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_depth),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
