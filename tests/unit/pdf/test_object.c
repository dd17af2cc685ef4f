/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "pdf/document.h"
#include "pdf/lexer.h"
#include "pdf/write_object.h"

static enum deed_status parse(const char *text, size_t len,
			      struct pdf_arena *arena, struct pdf_object **out,
			      struct deed_error *why)
{
	struct pdf_lexer l;
	enum deed_status status;

	pdf_lexer_init_memory(&l, slice_of(text, len), arena);
	status = pdf_lex_object(&l, out, why);
	pdf_lexer_clear(&l);
	return status;
}

/* Read, write, read again: the same object, written in this form. */
static void round_trip(const char *text, const char *written)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_object *a, *b;
	struct buf out = BUF_INIT;

	assert_ok(parse(text, strlen(text), &arena, &a, err));
	pdf_write_object(a, &out);
	if (out.len != strlen(written) || memcmp(out.data, written, out.len))
		fail_msg("'%s': expected '%s', got '%.*s'", text, written,
			 (int)out.len, (const char *)out.data);
	assert_ok(parse((const char *)out.data, out.len, &arena, &b, err));
	assert_true(pdf_equal(a, b));
	buf_clear(&out);
	pdf_arena_clear(&arena);
}

static void test_round_trips(void **state)
{
	(void)state;
	round_trip("null", "null");
	round_trip("true", "true");
	round_trip("%c\n false ", "false");
	round_trip("42", "42");
	round_trip("+17", "17");
	round_trip("-9223372036854775807", "-9223372036854775807");
	round_trip("-.002", "-.002");
	round_trip("4.", "4.");
	round_trip("/Name", "/Name");
	round_trip("/A#42#20C", "/AB#20C");
	round_trip("/", "/");
	round_trip("(a(b)c)", "(a\\(b\\)c)");
	round_trip("(\\101\\7\\n\\\r\nx)", "(A\a\\nx)");
	round_trip("(a\r\nb)", "(a\\nb)");
	round_trip("<48 69>", "<4869>");
	round_trip("<4>", "<40>");
	round_trip("[1 2 R 3 0 R/x(y)[ ]]", "[1 2 R 3 0 R /x (y) []]");
	round_trip("<</B 1/A 2/C null>>", "<< /A 2 /B 1 >>");
	round_trip("[1 2 3]", "[1 2 3]");
	round_trip("[1 0]", "[1 0]");
}

static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"",
		"nul",
		"nulll",
		"(abc",
		"(a\\",
		"<4x>",
		"<48",
		"[1 2",
		"<</A",
		"<</A 1",
		"<</A 1>",
		"<<1 2>>",
		"<</A 1/A 2>>",
		"<</#41 1/A 2>>",
		"1.2.3",
		"--1",
		"1-2",
		"+",
		".",
		"1a",
		"/A#4",
		"/A#00",
		"]",
		">>",
		"}",
		"R",
		"<</A>>",
		"endobj",
	};
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_object *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(DEED_MALFORMED,
			      parse(bad[i], strlen(bad[i]), &arena, &o, err));
		assert_null(o);
	}
	pdf_arena_clear(&arena);
}

static void test_depth(void **state)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct buf b = BUF_INIT;
	struct pdf_object *o;

	(void)state;
	buf_fill(&b, '[', PDF_MAX_DEPTH);
	buf_fill(&b, ']', PDF_MAX_DEPTH);
	assert_ok(parse((const char *)b.data, b.len, &arena, &o, err));
	buf_reset(&b);
	buf_fill(&b, '[', 1 << 20);
	assert_status(DEED_LIMIT,
		      parse((const char *)b.data, b.len, &arena, &o, err));
	buf_clear(&b);
	pdf_arena_clear(&arena);
}

static void test_build(void **state)
{
	struct pdf_arena a = PDF_ARENA_INIT;
	struct pdf_object *d, *list, *copy;
	struct buf out = BUF_INIT;
	int i;

	(void)state;
	d = pdf_new_dict(&a);
	list = pdf_new_array(&a);
	for (i = 0; i < 5; i++)
		assert_true(pdf_array_add(&a, list, pdf_new_int(&a, i)));
	assert_true(pdf_dict_put(&a, d, "Z", list));
	assert_true(pdf_dict_put(&a, d, "A", pdf_new_real(&a, -1.25)));
	assert_true(pdf_dict_put(&a, d, "B", pdf_new_real(&a, 3)));
	assert_true(pdf_dict_put(&a, d, "B", pdf_new_bool(&a, true)));
	assert_true(pdf_dict_put(&a, d, "T", pdf_new_text(&a, "中")));
	assert_false(pdf_dict_put(&a, d, "N", NULL));
	copy = pdf_copy_shallow(&a, list);
	for (i = 0; i < 3; i++)
		assert_true(pdf_array_add(&a, copy, pdf_new_int(&a, 9)));
	assert_int_equal(pdf_array_count(list), 5);
	assert_int_equal(pdf_array_count(copy), 8);
	pdf_write_object(d, &out);
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data,
			    "<< /A -1.25 /B true /T <feff4e2d> "
			    "/Z [0 1 2 3 4] >>");
	pdf_dict_remove(d, "Z");
	pdf_dict_remove(d, "Z");
	assert_null(pdf_dict_get(d, "Z"));
	assert_non_null(pdf_dict_get(d, "T"));
	buf_clear(&out);
	pdf_arena_clear(&a);
}

static void test_text(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} cases[] = {
		{ "plain", 5, "plain" },
		{ "caf\xe9\x80", 5, "café•" },
		{ "\xfe\xff\x4e\x2d\xd8\x3d\xde\x00", 8, "中😀" },
		{ "\xfe\xff\xd8\x3d\x00\x41", 6,
		  "\xef\xbf\xbd"
		  "A" },
		{ "\xef\xbb\xbf\xe4\xb8\xad\xff", 7, "中\xef\xbf\xbd" },
		{ "a\x07[31m\nb", 8, "a[31mb" },
		{ "\xfe\xff\x20\x2e\x00\x61", 6, "a" },
		{ "\xfe\xff\x20\x0e\x06\x1c\x00\x61\x20\x28", 10, "a" },
	};
	struct pdf_arena a = PDF_ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			pdf_text(&a, slice_of(cases[i].in, cases[i].len)),
			cases[i].out);
	pdf_arena_clear(&a);
}

static void test_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "1.0", "1", true },
		{ "1", "1.0", false },
		{ "1", "1.5", false },
		{ "(a)", "<61>", true },
		{ "/a", "(a)", false },
		{ "[1 2]", "[1]", false },
		{ "<</A 1/B 2>>", "<</B 2/A 1>>", true },
		{ "<</A 1>>", "<</A 2>>", false },
		{ "1 0 R", "1 1 R", false },
		{ "null", "0", false },
		{ "true", "false", false },
	};
	struct pdf_arena a = PDF_ARENA_INIT;
	struct pdf_object *x, *y;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(parse(cases[i].a, strlen(cases[i].a), &a, &x, err));
		assert_ok(parse(cases[i].b, strlen(cases[i].b), &a, &y, err));
		assert_int_equal(pdf_equal(x, y), cases[i].equal);
		/* But for an integer that is to stay one. */
		if (x->type == y->type)
			assert_int_equal(pdf_equal(y, x), cases[i].equal);
	}
	pdf_arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_equal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
