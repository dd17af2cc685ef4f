/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <ctype.h>
#include <stdlib.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/pem.h"
#include "codec/utf8.h"

static void assert_text(struct buf *b, const char *expected)
{
	buf_byte(b, 0);
	assert_string_equal((char *)b->data, expected);
	buf_reset(b);
}

static void test_hex(void **state)
{
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	hex_encode(slice_of("\x00\xff\x10", 3), &b);
	assert_text(&b, "00ff10");
	buf_clear(&b);
	for (i = 0; i < 256; i++) {
		const char text[] = { (char)i, '\0' };
		bool digit = isxdigit((int)i) != 0;

		assert_int_equal(hex_digit((uint8_t)i),
				 digit ? strtol(text, NULL, 16) : -1);
	}
}

static void test_hex_exact(void **state)
{
	static const char *const bad[] = { "",	     "00ff",   "00ff1",
					   "00ff1g", "g0ff10", "00ff1000",
					   " 0ff10", "0xff10", "00ff:0" };
	uint8_t out[3];

	(void)state;
	assert_true(hex_read(slice_str("00Ff10"), out, sizeof(out)));
	assert_memory_equal(out, "\x00\xff\x10", 3);
	memset(out, 0, sizeof(out));
	assert_true(hex_read_lower(slice_str("00ff10"), out, sizeof(out)));
	assert_memory_equal(out, "\x00\xff\x10", 3);
	assert_false(hex_read_lower(slice_str("00Ff10"), out, sizeof(out)));
	assert_false(hex_read_lower(slice_str("00fF10"), out, sizeof(out)));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(hex_read(slice_str(bad[i]), out, sizeof(out)));
		assert_false(
			hex_read_lower(slice_str(bad[i]), out, sizeof(out)));
	}
}

/* RFC 4648 10 */
static void test_base64_vectors(void **state)
{
	static const char *const plain[] = { "",     "f",     "fo",    "foo",
					     "foob", "fooba", "foobar" };
	static const char *const coded[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
	};
	static const char *const coded32[] = {
		"", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		base64_encode(slice_str(plain[i]), &b);
		assert_text(&b, coded[i]);
		assert_true(base64_decode(slice_str(coded[i]), &b));
		assert_text(&b, plain[i]);
		base32_encode(slice_str(plain[i]), &b);
		assert_text(&b, coded32[i]);
	}
	buf_clear(&b);
}

static void test_base64_all_digits(void **state)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				  "qrstuvwxyz0123456789+/";
	struct buf b = BUF_INIT, again = BUF_INIT;
	int c;

	(void)state;
	assert_true(base64_decode(slice_str(all), &b));
	assert_int_equal(b.len, 48);
	base64_encode(buf_get(&b), &again);
	assert_text(&again, all);
	buf_reset(&b);
	for (c = 0; c < 256; c++) {
		uint8_t text[4] = { 'A', (uint8_t)c, 'A', 'A' };
		bool digit = c != 0 && strchr(all, c) != NULL;

		assert_int_equal(base64_decode(slice_of(text, 4), &b), digit);
	}
	buf_clear(&b);
	buf_clear(&again);
}

static void test_base64_refuses(void **state)
{
	static const char *const bad[] = {
		"Z",	"Zg",	"Zg=",	    "Zg===",  "Zh==",	 "Zm9=",
		"=Zg=", "Z===", "Zg==Zg==", "Zm9v\n", "Zm 9v",	 "====",
		"Zg=v", "Zm9-", "Zm9_",	    "Zg== ",  "\xffm9v",
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (base64_decode(slice_str(bad[i]), &b))
			fail_msg("'%s' should be refused", bad[i]);
	}
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

static void test_pem(void **state)
{
	static const char text[] = "words before\n"
				   "-----BEGIN ONE-----\r\nZm9v\r\nYg==\r\n"
				   "-----END ONE-----\nbetween\n"
				   "-----BEGIN TWO WORDS-----\nZm9v\n"
				   "-----END TWO WORDS-----";
	struct slice at = slice_str(text);
	char label[PEM_LABEL];
	struct buf b = BUF_INIT;

	(void)state;
	assert_true(pem_looks_like(at));
	assert_ok(pem_decode_next(&at, label, &b, err));
	assert_string_equal(label, "ONE");
	assert_text(&b, "foob");
	assert_ok(pem_decode_next(&at, label, &b, err));
	assert_string_equal(label, "TWO WORDS");
	assert_text(&b, "foo");
	assert_status(DEED_NOT_FOUND, pem_decode_next(&at, label, &b, err));
	buf_fill(&b, 0xa5, 50);
	{
		struct buf out = BUF_INIT, back = BUF_INIT;

		pem_encode(&out, "X", buf_get(&b));
		at = buf_get(&out);
		assert_ok(pem_decode_next(&at, label, &back, err));
		assert_true(slice_equal(buf_get(&b), buf_get(&back)));
		buf_clear(&out);
		buf_clear(&back);
	}
	buf_clear(&b);
}

static void test_pem_refuses(void **state)
{
	static const char *const bad[] = {
		"-----BEGIN ",
		"-----BEGIN X",
		"-----BEGIN X-----",
		"-----BEGIN X-----\nZm9v",
		"-----BEGIN X-----\nZm9v\n-----END ",
		"-----BEGIN X-----\nZm9v\n-----END Y-----",
		"-----BEGIN X-----\nZm9v\n-----END X",
		"-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nZm9v\n"
		"-----END X-----",
		"-----BEGIN X-----\nZm9\n-----END X-----",
		"-----BEGIN \x01-----\nZm9v\n-----END \x01-----",
		"-----BEGIN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaa-----\n-----END X-----",
	};
	char label[PEM_LABEL];
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct slice at = slice_str(bad[i]);

		assert_status(DEED_MALFORMED,
			      pem_decode_next(&at, label, &b, err));
	}
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

static void test_utf8(void **state)
{
	static const char *const good[] = { "",	    "a",
					    "\x7f", "\xc2\x80",
					    "王",   "\xef\xbf\xbf",
					    "💩",    "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = {
		"\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xc2",
		"\xc2\x41",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xef\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"a\xc3",
		"\xf8\x88\x80\x80\x80",
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(utf8_valid(slice_str(good[i])));
		utf8_clean(slice_str(good[i]), &b);
		assert_true(utf8_valid(buf_get(&b)));
		buf_reset(&b);
		assert_true(utf8_to_utf16be(slice_str(good[i]), &b));
		{
			struct buf back = BUF_INIT;

			assert_true(utf8_from_utf16be(buf_get(&b), &back));
			assert_text(&back, good[i]);
			buf_clear(&back);
		}
		buf_reset(&b);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (utf8_valid(slice_str(bad[i])))
			fail_msg("case %zu should not be valid", i);
		assert_false(utf8_to_utf16be(slice_str(bad[i]), &b));
		utf8_clean(slice_str(bad[i]), &b);
		assert_true(utf8_valid(buf_get(&b)));
		buf_reset(&b);
	}
	utf8_clean(slice_str("a\x1b[31m\xe2\x80\xae"
			     "b\xff"
			     "c"),
		   &b);
	assert_text(&b, "a [31m b\xef\xbf\xbd"
			"c");
	assert_int_equal(utf8_length(slice_str("a王\xff")), 3);
	assert_int_equal(utf8_cut(slice_str("a王"), 4), 4);
	assert_int_equal(utf8_cut(slice_str("a王"), 3), 1);
	assert_int_equal(utf8_cut(slice_str("a王"), 1), 1);
	assert_int_equal(utf8_cut(slice_str("王"), 2), 0);
	assert_false(utf8_from_utf16be(slice_of("\xdc\x00", 2), &b));
	assert_false(utf8_from_utf16be(slice_of("\xd8\x00\x00\x41", 4), &b));
	assert_false(utf8_from_utf16be(slice_of("\x00", 1), &b));
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_hex_exact),
		cmocka_unit_test(test_base64_vectors),
		cmocka_unit_test(test_base64_all_digits),
		cmocka_unit_test(test_base64_refuses),
		cmocka_unit_test(test_pem),
		cmocka_unit_test(test_pem_refuses),
		cmocka_unit_test(test_utf8),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
