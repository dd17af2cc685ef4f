/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include "base/clock.h"
#include "codec/der.h"
#include "codec/hex.h"

/* The octets of a hexadecimal string, in one of a few static buffers. */
static struct slice h(const char *text)
{
	static uint8_t store[4][512];
	static int turn;
	struct buf b = BUF_INIT;
	uint8_t *to = store[turn++ % 4];
	struct slice s;

	assert_true(hex_decode(slice_str(text), &b));
	assert_true(b.len <= sizeof(store[0]));
	if (b.len > 0)
		memcpy(to, b.data, b.len);
	s = slice_of(to, b.len);
	buf_clear(&b);
	return s;
}

static void assert_hex(struct slice s, const char *expected)
{
	struct buf b = BUF_INIT;

	hex_encode(s, &b);
	buf_byte(&b, 0);
	assert_string_equal((char *)b.data, expected);
	buf_clear(&b);
}

static void test_valid(void **state)
{
	static const char *const good[] = {
		"0500",		"0101ff",
		"010100",	"020100",
		"02020080",	"0201ff",
		"0202ff7f",	"3000",
		"31030201ff",	"03020780",
		"030100",	"06032a0304",
		"300430020500", "04820100" /* completed below */,
	};
	static const char *const bad[] = {
		"",
		"05",
		"0501ff",
		"010101",
		"01020000",
		"0200",
		"02020001",
		"0202ff80",
		"308000",
		"30800000",
		"3081020500",
		"30820002ffff",
		"3001",
		"30020501",
		"1f0100",
		"0300",
		"030108",
		"03020701",
		"030101",
		"0600",
		"060180",
		"06022a80",
		"0603800102",
		"0000",
		"2403040161",
		"30030201",
		"04840000000161",
		"048100",
		"0489000000000000000001",
		"04ffffffffffffffff",
	};
	size_t i;

	(void)state;
	for (i = 0; i + 1 < sizeof(good) / sizeof(good[0]); i++) {
		size_t used = 0;

		if (!der_valid(h(good[i]), 8, &used))
			fail_msg("'%s' should be valid", good[i]);
		assert_int_equal(used, strlen(good[i]) / 2);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (der_valid(h(bad[i]), 8, NULL))
			fail_msg("'%s' should not be valid", bad[i]);
	}
}

static void test_valid_depth(void **state)
{
	(void)state;
	assert_true(der_valid(h("3006300430023000"), 4, NULL));
	assert_false(der_valid(h("3006300430023000"), 3, NULL));
	/* A sibling after a closed level. */
	assert_true(der_valid(h("30083002050030020500"), 2, NULL));
	/* An inner element that ends behind its parent. */
	assert_false(der_valid(h("300430030500"), 8, NULL));
}

static void test_reader_stays_on_failure(void **state)
{
	struct der_reader r, inner;
	struct slice s = slice_of("x", 1);
	uint64_t n = 7;
	int64_t t = 7;
	bool b = true;

	(void)state;
	der_init(&r, h("02020001"));
	assert_false(der_get_uint64(&r, &n));
	assert_false(der_get(&r, DER_NULL, &s));
	assert_false(der_get_bool(&r, &b));
	assert_false(der_get_time(&r, &t));
	assert_false(der_enter(&r, DER_SEQUENCE, &inner));
	assert_false(der_get_null(&r));
	assert_int_equal(der_rest(&r).len, 4);
	assert_int_equal(n, 7);
	assert_int_equal(s.len, 1);
	assert_true(b);
}

static void test_numbers(void **state)
{
	struct der_reader r;
	struct slice s;
	uint64_t n;

	(void)state;
	der_init(&r, h("020100"
		       "02020080"
		       "020900ffffffffffffffff"
		       "0201ff"));
	assert_true(der_get_uint64(&r, &n));
	assert_int_equal(n, 0);
	assert_true(der_get_uint64(&r, &n));
	assert_int_equal(n, 128);
	assert_true(der_get_uint64(&r, &n));
	assert_true(n == UINT64_MAX);
	assert_false(der_get_uint64(&r, &n));
	assert_false(der_get_unsigned(&r, &s));
	assert_true(der_get_integer(&r, &s));
	assert_hex(s, "ff");
	assert_true(der_at_end(&r));
	der_init(&r, h("020a0100000000000000000f"));
	assert_false(der_get_uint64(&r, &n));
	assert_true(der_get_unsigned(&r, &s));
	assert_hex(s, "0100000000000000000f");
}

static void test_defaults(void **state)
{
	struct der_reader r;
	bool b;

	(void)state;
	der_init(&r, h("020100"));
	assert_true(der_get_default_false(&r, &b));
	assert_false(b);
	der_init(&r, h("010100"));
	assert_false(der_get_default_false(&r, &b));
	der_init(&r, h("0101ff"));
	assert_true(der_get_default_false(&r, &b));
	assert_true(b);
}

static void check_time(uint8_t tag, const char *text, bool fraction,
		       const char *expected)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	struct der_reader r;
	char out[CLOCK_TEXT] = "none";
	int64_t t;

	der_writer_init(&w, &b);
	der_put(&w, tag, slice_str(text));
	der_init(&r, buf_get(&b));
	if (fraction ? der_get_generalized(&r, &t) : der_get_time(&r, &t))
		clock_format(t, out);
	if (strcmp(out, expected) != 0)
		fail_msg("'%s': expected %s, got %s", text, expected, out);
	buf_clear(&b);
}

static void test_times(void **state)
{
	static const char *const bad_utc[] = {
		"2611231200Z",
		"261123120000",
		"261123120000+0000",
		"261323120000Z",
		"260230120000Z",
		"261123240000Z",
		"26112312000 Z",
		"-61123120000Z",
		"261123120060Z",
		"20261123120000Z",
		"",
	};
	static const char *const bad_generalized[] = {
		"20261123120000",      "202611231200Z",	   "20261123120000.5Z",
		"20261123120000+0100", "20261123120000.Z", "00001123120000Z",
		"20260229120000Z",
	};
	size_t i;

	(void)state;
	check_time(DER_UTC_TIME, "261123120000Z", false,
		   "2026-11-23T12:00:00Z");
	check_time(DER_UTC_TIME, "500101000000Z", false,
		   "1950-01-01T00:00:00Z");
	check_time(DER_UTC_TIME, "491231235959Z", false,
		   "2049-12-31T23:59:59Z");
	check_time(DER_GENERALIZED_TIME, "20500101000000Z", false,
		   "2050-01-01T00:00:00Z");
	check_time(DER_GENERALIZED_TIME, "20261123120000.25Z", true,
		   "2026-11-23T12:00:00Z");
	check_time(DER_GENERALIZED_TIME, "20261123120000.Z", true, "none");
	check_time(DER_GENERALIZED_TIME, "20261123120000.50Z", true, "none");
	check_time(DER_GENERALIZED_TIME, "20261123120000.5aZ", true, "none");
	check_time(DER_UTC_TIME, "261123120000Z", true, "none");
	for (i = 0; i < sizeof(bad_utc) / sizeof(bad_utc[0]); i++)
		check_time(DER_UTC_TIME, bad_utc[i], false, "none");
	for (i = 0; i < sizeof(bad_generalized) / sizeof(char *); i++)
		check_time(DER_GENERALIZED_TIME, bad_generalized[i], false,
			   "none");
}

static void check_text(const char *der, const char *expected)
{
	struct buf b = BUF_INIT;
	struct der_reader r;

	der_init(&r, h(der));
	if (!der_get_text(&r, &b)) {
		assert_int_equal(b.len, 0);
		buf_str(&b, "none");
	}
	buf_byte(&b, 0);
	if (strcmp((char *)b.data, expected) != 0)
		fail_msg("'%s': expected '%s', got '%s'", der, expected,
			 (char *)b.data);
	buf_clear(&b);
}

static void test_texts(void **state)
{
	(void)state;
	check_text("0c03e78e8b", "王");
	check_text("0c02e78e", "none");
	check_text("13024869", "Hi");
	check_text("130148e9", "H");
	check_text("1301e9", "none");
	check_text("130100", "none");
	check_text("1401e9", "é");
	check_text("1e02738b", "王");
	check_text("1e04d83ddca9", "💩");
	check_text("1e02d83d", "none");
	check_text("1e03738b00", "none");
	check_text("1c040000738b", "王");
	check_text("1c0400110000", "none");
	check_text("1c040000d800", "none");
	check_text("1c03000073", "none");
	check_text("120131", "1");
	check_text("120161", "none");
	check_text("160140", "@");
	check_text("1a0141", "A");
	check_text("040141", "none");
}

static void test_bits(void **state)
{
	struct der_reader r;
	struct slice s;
	unsigned unused;

	(void)state;
	der_init(&r, h("030206c0"));
	assert_false(der_get_bits(&r, &s, NULL));
	assert_true(der_get_bits(&r, &s, &unused));
	assert_int_equal(unused, 6);
	assert_hex(s, "c0");
}

static void test_writer(void **state)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	int i;

	(void)state;
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 0);
	der_put_uint64(&w, 128);
	der_put_unsigned(&w, h("0000ff"));
	der_put_bool(&w, true);
	der_put_named_bits(&w, 3);
	der_put_named_bits(&w, 0);
	der_put_named_bits(&w, 1 << 8);
	der_put_oid(&w, OID_SHA256);
	der_begin(&w, DER_SET);
	der_put_octets(&w, h("02"));
	der_put_null(&w);
	der_put_octets(&w, h("01"));
	der_end_set_of(&w);
	der_put_time(&w, 0);
	der_put_algorithm(&w, OID_SHA256, true);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	assert_hex(buf_get(&b), "304d"
				"020100"
				"02020080"
				"020200ff"
				"0101ff"
				"030206c0"
				"030100"
				"0303070080"
				"0609608648016503040201"
				"3108"
				"040101"
				"040102"
				"0500"
				"170d3730303130313030303030305a"
				"300d06096086480165030402010500");
	assert_true(der_valid(buf_get(&b), 4, NULL));
	buf_reset(&b);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i < 100; i++)
		der_put_octets(&w, h("00112233445566778899"));
	der_end(&w);
	assert_int_equal(b.len, 4 + 1200);
	assert_memory_equal(b.data, "\x30\x82\x04\xb0", 4);
	assert_true(der_valid(buf_get(&b), 4, NULL));
	buf_clear(&b);
}

static void test_writer_depth(void **state)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	int i;

	(void)state;
	der_writer_init(&w, &b);
	for (i = 0; i <= DER_WRITER_DEPTH; i++)
		der_begin(&w, DER_SEQUENCE);
	for (i = 0; i <= DER_WRITER_DEPTH; i++)
		der_end(&w);
	assert_status(DEED_NO_MEMORY, der_writer_status(&w, err));
	buf_clear(&b);
}

static void test_oids(void **state)
{
	struct buf b = BUF_INIT;
	int i;

	(void)state;
	for (i = 1; i < OID_COUNT; i++) {
		struct slice s = oid_slice((enum oid)i);

		assert_int_equal(oid_find(s), i);
		assert_true(oid_valid(s));
	}
	assert_int_equal(oid_find(h("2a0304")), OID_NONE);
	assert_int_equal(oid_find(SLICE_NONE), OID_NONE);
	assert_int_equal(oid_find_text("organizationIdentifier"),
			 OID_ORGANISATION_IDENTIFIER);
	assert_int_equal(oid_find_text("nothing"), OID_NONE);
	buf_reset(&b);
	oid_dotted(h("883703"), &b);
	buf_byte(&b, 0);
	assert_string_equal((char *)b.data, "2.999.3");
	buf_clear(&b);
}

/* libtasn1, and so GnuTLS, refuses arcs of more than 64 bits. */
static void test_oid_arcs_are_small(void **state)
{
	int i;

	(void)state;
	for (i = 1; i < OID_COUNT; i++) {
		struct slice s = oid_slice((enum oid)i);
		size_t at, run = 0;

		for (at = 0; at < s.len; at++) {
			run = (s.data[at] & 0x80) != 0 ? run + 1 : 0;
			if (run > 8)
				fail_msg("%s has too large an arc",
					 oid_text((enum oid)i));
		}
	}
}

static void test_oid_bad_dotted(void **state)
{
	static const char *const bad[] = {
		"",
		"1",
		"3.1",
		"1.40",
		"1.2.",
		"1..2",
		"1.02",
		".1.2",
		"a.b",
		"1.2.x",
		"1.2.340282366920938463463374607431768211456",
		" 1.2",
		"-1.2",
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (oid_encode(bad[i], &b))
			fail_msg("'%s' should be refused", bad[i]);
	}
	assert_int_equal(b.len, 0);
	assert_true(
		oid_encode("2.340282366920938463463374607431768211375", &b));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_valid_depth),
		cmocka_unit_test(test_reader_stays_on_failure),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_depth),
		cmocka_unit_test(test_oids),
		cmocka_unit_test(test_oid_arcs_are_small),
		cmocka_unit_test(test_oid_bad_dotted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
