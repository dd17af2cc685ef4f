/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"
#include "pdf/core.h"

/* What is wrong with the index-th of count signatures; NULL for nothing. */
static void expect(struct make *m, size_t count, size_t index,
		   const char *problem, enum pdf_coverage coverage)
{
	struct pdf_signatures list;
	const struct pdf_signature *s;

	make_open(m);
	assert_ok(pdf_signatures_find(m->doc, &list, err));
	assert_int_equal(list.count, count);
	s = &list.list[index];
	if (problem == NULL && s->problem != NULL)
		fail_msg("expected none, got: %s", s->problem);
	if (problem != NULL && s->problem == NULL)
		fail_msg("expected '%s', got none", problem);
	if (problem != NULL && strstr(s->problem, problem) == NULL)
		fail_msg("expected '%s', got '%s'", problem, s->problem);
	assert_int_equal(s->coverage, coverage);
	pdf_signatures_clear(&list);
}

static void test_clean(void **state)
{
	struct pdf_signatures list;
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_open(&m);
	assert_ok(pdf_signatures_find(m.doc, &list, err));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.list[0].field, "one");
	assert_int_equal(list.list[0].revision, 1);
	assert_int_equal(list.list[0].contents.len, 5);
	assert_int_equal(list.list[0].sub_filter,
			 PDF_SUB_FILTER_CADES_DETACHED);
	assert_true(list.list[0].has_signing_time);
	assert_int_equal(list.list[0].signing_time, 1767323045);
	assert_int_equal(list.list[0].coverage, PDF_COVERS_FILE);
	assert_null(list.list[0].problem);
	pdf_signatures_clear(&list);
	make_second(&m);
	expect(&m, 2, 0, NULL, PDF_COVERS_REVISION);
	expect(&m, 2, 1, NULL, PDF_COVERS_FILE);
	make_clear(&m);
}

static void test_none(void **state)
{
	struct pdf_signatures list;
	struct make m;

	(void)state;
	make_base(&m);
	make_open(&m);
	assert_ok(pdf_signatures_find(m.doc, &list, err));
	assert_int_equal(list.count, 0);
	pdf_signatures_clear(&list);
	make_clear(&m);
}

/* Replace text of the same length in the signature dictionary. */
static void replace(struct make *m, const char *from, const char *to)
{
	assert_int_equal(strlen(from), strlen(to));
	memcpy(m->b.data + make_find(m, m->patch, from), to, strlen(to));
}

/* Universal signature forgery: what a verifier needs is taken away or made
 * nonsense, and it should not call that "valid". */
static void test_forgery(void **state)
{
	static const struct {
		const char *from, *to, *problem;
	} cases[] = {
		{ "/ByteRange[0", "/ByteRangf[0", "not an array of four" },
		{ "/ByteRange[0 ", "/ByteRange[] ", NULL },
		{ "/ByteRange[0", "/ByteRange[1", "does not begin at byte 0" },
		{ "/ByteRange[0", "/ByteRange[-", NULL },
		{ "/Contents<", "/Contentz<", "no /Contents" },
		{ "/Type/Sig", "/Type/Bug", "another /Type" },
		{ "<30030201010000000000>", "(30030201010000000000)",
		  "not a plain hexadecimal" },
		{ "<30030201010000000000>", "<3003020101 000000000>", NULL },
		{ "<30030201010000000000>", "<3003020101000000000> ",
		  "not exactly this" },
		{ "<30030201010000000000>", "<>                    ",
		  "not exactly this" },
	};
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_signed_base(&m);
		replace(&m, cases[i].from, cases[i].to);
		if (cases[i].problem != NULL)
			expect(&m, 1, 0, cases[i].problem, PDF_COVERS_PARTIAL);
		make_clear(&m);
	}
}

/* What follows the CMS is told apart from padding, and no more. */
static void test_more(void **state)
{
	static const struct {
		const char *contents;
		bool more;
		size_t len;
	} cases[] = {
		{ "<30030201010000000000>", false, 5 },
		{ "<30030201010000000001>", true, 5 },
		{ "<30030201010100000000>", true, 5 },
		{ "<30800201010000000000>", false, 7 }, /* BER */
		{ "<30800201010000000001>", true, 7 },
		{ "<30080201010201010000>", false, 10 },
	};
	struct pdf_signatures list;
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_signed_base(&m);
		replace(&m, cases[0].contents, cases[i].contents);
		make_open(&m);
		assert_ok(pdf_signatures_find(m.doc, &list, err));
		assert_null(list.list[0].problem);
		assert_int_equal(list.list[0].coverage, PDF_COVERS_FILE);
		assert_int_equal(list.list[0].has_more, cases[i].more);
		assert_int_equal(list.list[0].contents.len, cases[i].len);
		pdf_signatures_clear(&list);
		make_clear(&m);
	}
}

/* The four numbers of a ByteRange, each off in its own way. */
static void test_byte_ranges(void **state)
{
	struct make m;
	size_t gap, end;

	(void)state;
	make_signed_base(&m);
	gap = make_find(&m, m.patch, "/Contents<") + 9;
	end = make_find(&m, gap, ">") + 1;
	make_clear(&m);

	for (int i = 0; i < 6; i++) {
		make_base(&m);
		make_obj(&m, 7, "<</FT/Sig/T(one)/V 11 0 R>>");
		make_signature(&m, 11, "/Type/Sig");
		make_table(&m, "");
		gap = make_find(&m, m.patch, "/Contents<") + 9;
		end = make_find(&m, gap, ">") + 1;
		make_set(&m, "AAAAAAAAAA", gap - (i == 0) + (i == 1));
		make_set(&m, "BBBBBBBBBB", end + (i == 2) - (i == 3));
		make_set(&m, "CCCCCCCCCC",
			 m.b.len - end - 10 * (i == 4) + (uint64_t)(i == 5));
		expect(&m, 1, 0,
		       i == 2	? "past the end"
		       : i < 4	? "not exactly this"
		       : i == 4 ? "end of a revision"
				: "past the end",
		       PDF_COVERS_PARTIAL);
		make_clear(&m);
	}
}

/* Signature wrapping: the signed bytes are moved, the gap made to hold the
 * attacker's objects too. */
static void test_wrapping(void **state)
{
	struct make m;
	size_t gap;

	(void)state;
	make_base(&m);
	make_obj(&m, 7, "<</FT/Sig/T(one)/V 11 0 R>>");
	make_signature(&m, 11, "/Type/Sig");
	make_obj(&m, 4, "<</Evil true>>");
	make_table(&m, "");
	gap = make_find(&m, m.patch, "/Contents<") + 9;
	make_set(&m, "AAAAAAAAAA", gap);
	/* The second range begins after the attacker's object. */
	make_set(&m, "BBBBBBBBBB", make_find(&m, gap, "xref"));
	make_set(&m, "CCCCCCCCCC", m.b.len - make_find(&m, gap, "xref"));
	expect(&m, 1, 0, "not exactly this", PDF_COVERS_PARTIAL);
	make_clear(&m);
}

/* A second signature whose ranges are those of the first. */
static void test_overlap(void **state)
{
	struct make m;
	size_t gap, end;

	(void)state;
	make_signed_base(&m);
	gap = make_find(&m, m.patch, "/Contents<") + 9;
	end = m.b.len;
	make_obj(&m, 5, "<</Fields[6 0 R 7 0 R 12 0 R]/SigFlags 3>>");
	make_obj(&m, 12, "<</FT/Sig/T(two)/V 13 0 R>>");
	make_signature(&m, 13, "");
	make_table(&m, "");
	make_set(&m, "AAAAAAAAAA", gap);
	make_set(&m, "BBBBBBBBBB", make_find(&m, gap, ">") + 1);
	make_set(&m, "CCCCCCCCCC", end - make_find(&m, gap, ">") - 1);
	expect(&m, 2, 0, "same revision", PDF_COVERS_PARTIAL);
	expect(&m, 2, 1, "not exactly this", PDF_COVERS_PARTIAL);
	make_clear(&m);
}

/* The dictionary is replaced by one that is "signed" by somebody else, with
 * the old ByteRange. */
static void test_replaced_dictionary(void **state)
{
	struct pdf_signatures list;
	struct make m;
	char body[512];
	size_t gap, end, all;

	(void)state;
	make_signed_base(&m);
	gap = make_find(&m, m.patch, "/Contents<") + 9;
	end = make_find(&m, gap, ">") + 1;
	all = m.b.len;
	snprintf(body, sizeof(body),
		 "<</Type/Sig/SubFilter/ETSI.CAdES.detached"
		 "/ByteRange[0 %zu %zu %zu]/Contents<3003020102000000000000>"
		 "/Name(Mallory)>>",
		 gap, end, all - end);
	make_obj(&m, 11, body);
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_signatures_find(m.doc, &list, err));
	assert_int_equal(list.count, 1);
	assert_non_null(list.list[0].problem);
	pdf_signatures_clear(&list);
	make_clear(&m);
}

static void test_value_in_two_fields(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 5, "<</Fields[6 0 R 7 0 R 12 0 R]/SigFlags 3>>");
	make_obj(&m, 7, "<</FT/Sig/T(one)/V 11 0 R>>");
	make_obj(&m, 12, "<</FT/Sig/T(two)/V 11 0 R>>");
	make_signature(&m, 11, "/Type/Sig");
	make_table(&m, "");
	make_signed(&m);
	expect(&m, 2, 0, "two fields", PDF_COVERS_PARTIAL);
	expect(&m, 2, 1, "two fields", PDF_COVERS_PARTIAL);
	make_clear(&m);
}

/* The same, the second field being added after signing. */
static void test_value_borrowed_later(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 5, "<</Fields[6 0 R 7 0 R 12 0 R]/SigFlags 3>>");
	make_obj(&m, 12, "<</FT/Sig/T(two)/V 11 0 R>>");
	make_table(&m, "");
	expect(&m, 2, 0, "two fields", PDF_COVERS_PARTIAL);
	make_clear(&m);
}

/* A field that only a page leads to, and one with a widget of its own. */
static void test_reached_by_page(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 5, "<</Fields[]/SigFlags 3>>");
	make_obj(&m, 7,
		 "<</FT/Sig/T(one)/Subtype/Widget/Rect[0 0 0 0]/V 11 0 R>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	expect(&m, 1, 0, NULL, PDF_COVERS_FILE);
	make_clear(&m);

	make_base(&m);
	make_obj(&m, 5, "<</Fields[12 0 R]/SigFlags 3>>");
	make_obj(&m, 12, "<</FT/Sig/T(p)/Kids[7 0 R]/V 11 0 R>>");
	make_obj(&m, 7, "<</Parent 12 0 R/Subtype/Widget/Rect[0 0 0 0]>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	expect(&m, 1, 0, NULL, PDF_COVERS_FILE);
	make_clear(&m);
}

/* A signature that a later revision takes away is still told of. */
static void test_removed(void **state)
{
	struct pdf_changes changes;
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 7, "<</FT/Sig/T(one)/Subtype/Widget/Rect[0 0 0 0]>>");
	make_free(&m, 11);
	make_table(&m, "");
	expect(&m, 1, 0, NULL, PDF_COVERS_REVISION);
	assert_ok(pdf_changes_after(m.doc, 1, &changes, err));
	assert_int_equal(changes.level, PDF_CHANGE_OTHER);
	make_clear(&m);
}

/* Malformed values are failures, never "no signature". */
static void test_malformed_value(void **state)
{
	static const char *const values[] = {
		"11 0 R", "(text)", "[1 2]", "99 0 R/X 1",    "/Name",
		"5",	  "<<>>",   "3 0 R", "<</Type/Sig>>",
	};
	struct pdf_signatures list;
	char body[128];
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		make_base(&m);
		snprintf(body, sizeof(body), "<</FT/Sig/T(one)/V %s>>",
			 values[i]);
		make_obj(&m, 7, body);
		make_obj(&m, 11, "<</Type/Sig/Contents 4 0 R>>");
		make_table(&m, "");
		make_open(&m);
		assert_ok(pdf_signatures_find(m.doc, &list, err));
		/* A reference to no object is a null: the field is empty. */
		assert_int_equal(list.count, i == 3 ? 0 : 1);
		if (i != 3)
			assert_non_null(list.list[0].problem);
		pdf_signatures_clear(&list);
		make_clear(&m);
	}
}

/* Bytes behind the end of the signed revision that no table explains. */
static void test_tail(void **state)
{
	struct pdf_changes changes;
	struct make m;

	(void)state;
	make_signed_base(&m);
	buf_str(&m.b, "4 0 obj\n<<>>\nendobj\n");
	expect(&m, 1, 0, NULL, PDF_COVERS_REVISION);
	assert_true(m.doc->core->tail);
	assert_ok(pdf_changes_after(m.doc, 1, &changes, err));
	assert_int_equal(changes.level, PDF_CHANGE_OTHER);
	make_clear(&m);
}

/* White space behind the last %%EOF changes nothing. */
static void test_white_tail(void **state)
{
	struct pdf_changes changes;
	struct make m;

	(void)state;
	make_signed_base(&m);
	buf_str(&m.b, "\r\n \n");
	expect(&m, 1, 0, NULL, PDF_COVERS_REVISION);
	assert_ok(pdf_changes_after(m.doc, 1, &changes, err));
	assert_int_equal(changes.level, PDF_CHANGE_NONE);
	make_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_forgery),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_byte_ranges),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_replaced_dictionary),
		cmocka_unit_test(test_value_in_two_fields),
		cmocka_unit_test(test_value_borrowed_later),
		cmocka_unit_test(test_reached_by_page),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_malformed_value),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_white_tail),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
