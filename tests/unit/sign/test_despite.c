/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/despite.h"

#include <stdio.h>

#include "test.h"

static const char *const one[] = { "prepared" };

static void words(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} tests[] = {
		{ "prepared", true },
		{ "page-changed", true },
		{ "a b c", true },
		{ " a  b ", true },
		{ "", false },
		{ "  ", false },
		{ "Prepared", false },
		{ "a,b", false },
		{ "a\nb", false },
		{ "a_b", false },
		{ "\303\244", false },
		{ "a/../b", false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		print_message("# '%s'\n", tests[i].text);
		assert_int_equal(despite_words_valid(tests[i].text),
				 tests[i].valid);
	}
}

static void find(struct pdf_shadow *s, const char *id, const char *text)
{
	snprintf(s->list[s->count].id, PDF_SHADOW_ID, "%s", id);
	snprintf(s->list[s->count++].text, PDF_SHADOW_TEXT, "%s", text);
}

/* What is prepared is refused but by name; of the rest, as is asked. */
static void prepared(void **state)
{
	const struct despite none = { NULL, 0, NULL };
	const struct despite listed = { one, 1, NULL };
	const struct despite worded = { NULL, 0, "other prepared" };
	struct despite_told told = { "", "" };
	struct deed_error said = DEED_ERROR_INIT;
	struct pdf_shadow shadow = { 0 };

	(void)state;
	assert_ok(despite_shadow(&none, &shadow, true, "a", &told, err));
	find(&shadow, "shadow-layer", "a layer is off");
	assert_ok(despite_shadow(&none, &shadow, false, "a", &told, err));
	assert_status(DEED_REFUSED,
		      despite_shadow(&none, &shadow, true, "a", &told, &said));
	assert_non_null(strstr(said.message, "a layer is off"));
	assert_string_equal(told.refused, "");
	find(&shadow, "prepared", "object 7 is there twice");
	assert_status(DEED_REFUSED,
		      despite_shadow(&none, &shadow, false, "a", &told, &said));
	assert_non_null(strstr(said.message, "object 7 is there twice"));
	assert_non_null(strstr(said.message, "(prepared)"));
	assert_string_equal(told.refused, "prepared");
	assert_string_equal(told.passed, "");
	assert_ok(despite_shadow(&worded, &shadow, false, "a", &told, err));
	assert_ok(despite_shadow(&listed, &shadow, false, "a", &told, err));
	assert_string_equal(told.passed, "prepared");
	/* The other warnings are refused as before. */
	assert_status(DEED_REFUSED,
		      despite_shadow(&listed, &shadow, true, "a", &told, err));
}

/* The reason that fails is named, not the first that is told. */
static void failed(void **state)
{
	const struct despite none = { NULL, 0, NULL };
	const struct despite half = { NULL, 0, "no-chain bytes-after" };
	const struct despite all = { NULL, 0, "page-changed bytes-after" };
	struct despite_told told = { "", "" };
	struct deed_error said = DEED_ERROR_INIT;
	struct verdict_document *doc;
	struct verdict_signature *s;
	size_t i;
	char id[32];

	(void)state;
	assert_ok(verdict_document_new("a.pdf", &doc, err));
	assert_ok(verdict_add(doc, &s, err));
	verdict_doubt(s, SUB_NO_CERTIFICATE_CHAIN_FOUND, "no-chain",
		      "nobody knows the issuer");
	assert_ok(despite_failed(&none, doc, "a.pdf", &told, err));
	assert_ok(verdict_add(doc, &s, err));
	verdict_text(&s->field, "Buyer");
	verdict_doubt(s, SUB_NO_CERTIFICATE_CHAIN_FOUND, "no-chain",
		      "nobody knows the issuer");
	verdict_note(s, "note", "by the way");
	verdict_fail(s, SUB_FORMAT_FAILURE, "page-changed", "page 2 changed");
	verdict_fail(s, SUB_FORMAT_FAILURE, "bytes-after", "bytes follow");
	assert_status(DEED_ALREADY_FAILED,
		      despite_failed(&none, doc, "a.pdf", &told, &said));
	assert_non_null(strstr(said.message, "page 2 changed (page-changed)"));
	assert_non_null(strstr(said.message, "'Buyer'"));
	assert_null(strstr(said.message, "issuer"));
	assert_string_equal(told.refused, "page-changed bytes-after");
	memset(&told, 0, sizeof(told));
	assert_status(DEED_ALREADY_FAILED,
		      despite_failed(&half, doc, "a.pdf", &told, err));
	assert_string_equal(told.refused, "page-changed");
	memset(&told, 0, sizeof(told));
	assert_ok(despite_failed(&all, doc, "a.pdf", &told, err));
	assert_string_equal(told.passed, "page-changed bytes-after");
	/* Nothing is passed over that cannot be told. */
	for (i = 0; i < 40; i++) {
		const struct despite it = { NULL, 0,
					    "page-changed bytes-after r0 r1 r2 "
					    "r3 r4 r5 r6 r7 r8 r9 r10" };

		snprintf(id, sizeof(id), "r%zu", i);
		verdict_fail(s, SUB_FORMAT_FAILURE, id, "one more");
		if (i < 11)
			assert_ok(
				despite_failed(&it, doc, "a.pdf", &told, err));
	}
	assert_status(DEED_ALREADY_FAILED,
		      despite_failed(&all, doc, "a.pdf", &told, err));
	assert_true(strlen(told.refused) < DESPITE_TEXT);
	verdict_document_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(prepared),
		cmocka_unit_test(failed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
