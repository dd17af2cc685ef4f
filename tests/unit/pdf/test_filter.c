/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <zlib.h>

#include "pdf/filter.h"

typedef enum deed_status filter_fn(struct slice in, size_t max, struct buf *out,
				   struct deed_error *err);

static void expect(filter_fn *fn, const char *in, const char *out)
{
	struct buf b = BUF_INIT;

	assert_ok(fn(slice_str(in), 1000, &b, err));
	assert_int_equal(b.len, strlen(out));
	assert_memory_equal(b.data == NULL ? (const uint8_t *)"" : b.data, out,
			    b.len);
	buf_clear(&b);
}

static void refuse(filter_fn *fn, const char *in)
{
	struct buf b = BUF_INIT;

	assert_status(DEED_MALFORMED, fn(slice_str(in), 1000, &b, err));
	buf_clear(&b);
}

static void test_ascii(void **state)
{
	(void)state;
	expect(pdf_ascii_hex, "41 4\n2 43>44", "ABC");
	expect(pdf_ascii_hex, "414", "A@");
	expect(pdf_ascii_hex, ">", "");
	refuse(pdf_ascii_hex, "4x>");
	expect(pdf_ascii85, "87cURD]i,\"Ebo80~>", "Hello World!");
	expect(pdf_ascii85, "5sb~>", "AB");
	refuse(pdf_ascii85, "87cUR\x7f~>");
	refuse(pdf_ascii85, "87cUR8~>");
	refuse(pdf_ascii85, "uuuuu~>");
}

static void deflate_into(struct buf *b, const void *data, size_t len)
{
	uLongf size = compressBound((uLong)len);
	uint8_t *at = buf_reserve(b, size);

	assert_non_null(at);
	assert_int_equal(compress(at, &size, data, (uLong)len), Z_OK);
	b->len += size;
}

static void test_flate(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	size_t i, len;

	(void)state;
	deflate_into(&in, "some text that is some text", 27);
	assert_ok(pdf_flate(buf_get(&in), 27, &out, err));
	assert_int_equal(out.len, 27);
	assert_memory_equal(out.data, "some text that is some text", 27);
	buf_reset(&out);
	assert_status(DEED_LIMIT, pdf_flate(buf_get(&in), 26, &out, err));
	len = in.len;
	for (i = 0; i < len; i++) {
		buf_reset(&out);
		assert_status(DEED_MALFORMED,
			      pdf_flate(slice_of(in.data, i), 99, &out, err));
	}
	in.data[len - 1] ^= 1;
	assert_status(DEED_MALFORMED, pdf_flate(buf_get(&in), 99, &out, err));
	buf_clear(&in);
	buf_clear(&out);
}

static void test_bomb(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT, zeros = BUF_INIT;

	(void)state;
	buf_fill(&zeros, 0, 32 << 20);
	deflate_into(&in, zeros.data, zeros.len);
	assert_status(DEED_LIMIT, pdf_flate(buf_get(&in), 1 << 20, &out, err));
	assert_true(out.len < 2 << 20);
	buf_clear(&zeros);
	buf_clear(&in);
	buf_clear(&out);
}

static void unpredict(const struct pdf_predictor *p, const char *in, size_t len,
		      const char *out)
{
	struct buf b = BUF_INIT;

	buf_append(&b, in, len);
	assert_ok(pdf_unpredict(p, &b, err));
	assert_int_equal(b.len, strlen(out));
	assert_memory_equal(b.data, out, b.len);
	buf_clear(&b);
}

static void test_predictors(void **state)
{
	struct pdf_predictor png = { 12, 1, 8, 3 }, tiff = { 2, 1, 8, 4 };
	struct pdf_predictor odd[] = {
		{ 3, 1, 8, 4 },	 { 2, 1, 16, 2 },	{ 12, 0, 8, 1 },
		{ 12, 1, 3, 1 }, { 12, 1, 8, 0 },	{ 12, 33, 8, 1 },
		{ 99, 1, 8, 1 }, { 12, 1, 8, 1 << 30 },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	unpredict(&png, "\0abc", 4, "abc");
	unpredict(&png, "\1a\1\1", 4, "abc");
	unpredict(&png, "\0abc\2\1\1\1", 8, "abcbcd");
	unpredict(&png, "\0abc\3\x32\2\3", 8, "abcbdf");
	unpredict(&png, "\0abc\4\1\0\0", 8, "abcbbc");
	unpredict(&tiff, "a\1\1\1b\1\1\1", 8, "abcdbcde");
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		buf_reset(&b);
		buf_str(&b, "abcdefgh");
		assert_true(pdf_unpredict(&odd[i], &b, NULL) != DEED_OK);
	}
	buf_reset(&b);
	buf_append(&b, "\7abc", 4);
	assert_status(DEED_MALFORMED, pdf_unpredict(&png, &b, err));
	buf_reset(&b);
	buf_append(&b, "\0ab", 3);
	assert_status(DEED_MALFORMED, pdf_unpredict(&png, &b, err));
	buf_clear(&b);
}

static void test_run_length(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	expect(pdf_run_length, "\2abc\377x\200ignored", "abcxx");
	expect(pdf_run_length, "\200", "");
	expect(pdf_run_length, "", "");
	refuse(pdf_run_length, "\5abc");
	refuse(pdf_run_length, "\377");
	assert_status(DEED_LIMIT,
		      pdf_run_length(slice_str("\201x\201x"), 200, &b, err));
	buf_clear(&b);
}

static void test_lzw(void **state)
{
	/* ISO 32000-2 7.4.4.2, example 2. */
	static const uint8_t code[] = { 0x80, 0x0b, 0x60, 0x50, 0x22,
					0x0c, 0x0c, 0x85, 0x01 };
	/* Clear, then a code that stands for nothing yet; one too far. */
	static const uint8_t early[] = { 0x80, 0x40, 0x80 };
	static const uint8_t far[] = { 0x80, 0x10, 0x60, 0x60 };
	struct slice in = slice_of(code, sizeof(code));
	struct buf b = BUF_INIT;
	uint8_t bomb[4096];
	size_t i;

	(void)state;
	assert_ok(pdf_lzw(in, true, 100, &b, err));
	assert_int_equal(b.len, 10);
	assert_memory_equal(b.data, "-----A---B", 10);
	buf_reset(&b);
	assert_status(DEED_LIMIT, pdf_lzw(in, true, 5, &b, err));
	buf_reset(&b);
	assert_status(DEED_MALFORMED,
		      pdf_lzw(slice_of(early, 3), true, 99, &b, err));
	buf_reset(&b);
	assert_status(DEED_MALFORMED,
		      pdf_lzw(slice_of(far, 4), true, 99, &b, err));
	/* Whatever stands there, no more than max comes out. */
	for (i = 0; i < sizeof(bomb); i++)
		bomb[i] = (uint8_t)(i * 37);
	for (i = 0; i < 64; i++) {
		bomb[1] = (uint8_t)i;
		buf_reset(&b);
		(void)!pdf_lzw(slice_of(bomb, sizeof(bomb)), i % 2, 5000, &b,
			       NULL);
		assert_true(b.len <= 5000 + UINT16_MAX);
	}
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_flate),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_predictors),
		cmocka_unit_test(test_run_length),
		cmocka_unit_test(test_lzw),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
