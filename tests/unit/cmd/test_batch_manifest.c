/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "cmd/frame/batch_manifest.h"

static enum deed_status parse(const char *text, struct batch_manifest **out,
			      struct deed_error *err)
{
	return batch_manifest_parse(slice_str(text), "batch.yaml", out, err);
}

static void test_good(void **state)
{
	struct batch_manifest *m;

	(void)state;
	assert_ok(parse("documents:\n"
			"  - file: a.pdf\n"
			"    output: out/a.pdf\n"
			"    field: Buyer\n"
			"    reason: \"I agree: all of it\"\n"
			"    location: 北京\n"
			"    page: -2\n"
			"    position: 20,30.5\n"
			"    visible: true\n"
			"  - { file: 'no', visible: no, page: last }\n"
			"  - file: c d.pdf\n"
			"    reason: ''\n",
			&m, err));
	assert_int_equal(m->count, 3);
	assert_int_equal(m->entry[0].line, 2);
	assert_string_equal(m->entry[0].file, "a.pdf");
	assert_string_equal(m->entry[0].output, "out/a.pdf");
	assert_string_equal(m->entry[0].field, "Buyer");
	assert_string_equal(m->entry[0].reason, "I agree: all of it");
	assert_string_equal(m->entry[0].location, "北京");
	assert_true(m->entry[0].has_page && m->entry[0].page == -2);
	assert_true(m->entry[0].position.given);
	assert_true(m->entry[0].position.x == 20 &&
		    m->entry[0].position.y == 30.5);
	assert_true(m->entry[0].says_visible && m->entry[0].visible);
	assert_string_equal(m->entry[1].file, "no");
	assert_true(m->entry[1].says_visible && !m->entry[1].visible);
	assert_true(m->entry[1].has_page && m->entry[1].page == -1);
	assert_null(m->entry[1].output);
	assert_string_equal(m->entry[2].file, "c d.pdf");
	assert_string_equal(m->entry[2].reason, "");
	assert_false(m->entry[2].says_visible || m->entry[2].has_page ||
		     m->entry[2].position.given);
	batch_manifest_free(m);
	batch_manifest_free(NULL);
}

/* JSON is YAML. */
static void test_json(void **state)
{
	struct batch_manifest *m;

	(void)state;
	assert_ok(parse("{\"documents\": [{\"file\": \"a.pdf\", \"page\": 3}]}",
			&m, err));
	assert_int_equal(m->entry[0].page, 3);
	batch_manifest_free(m);
}

#define DOCUMENT "documents:\n  - file: a.pdf\n    "

static void test_bad(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "line 1: expected 'documents:' and a list" },
		{ "# nothing\n", "expected 'documents:' and a list" },
		{ "a.pdf\n", "expected 'documents:' and a list" },
		{ "- a.pdf\n", "expected 'documents:' and a list" },
		{ "documents:\n", "line 1: expected 'documents:' and a list" },
		{ "documents: a.pdf\n", "expected 'documents:' and a list" },
		{ "documents:\n  file: a.pdf\n", "line 2: expected 'docu" },
		{ "documents:\n  - a.pdf\n", "line 2: expected a document" },
		{ "documents:\n  - [a.pdf]\n", "line 2: expected a document" },
		{ "documents:\n  -\n", "line 2: expected a document" },
		{ "documents:\n  - field: F\n", "line 2: the document has no" },
		{ "documents:\n  - {}\n", "line 2: the document has no file" },
		{ "documents:\n  - file:\n", "line 2: 'file': expected the" },
		{ "documents:\n  - file: ''\n", "line 2: 'file': expected" },
		{ "documents:\n  - file: '-'\n", "line 2: 'file': expected" },
		{ "documents:\n  - file: [a]\n", "line 2: 'file': expected" },
		{ "documents:\n  - file: {a: b}\n", "'file': expected the" },
		{ "documents:\n  - file: a\n  - b: c\n",
		  "line 3: 'b' is no key of a document" },
		{ "documents:\n  - file: a\nparty: wang\n",
		  "line 3: 'party' is no key of a manifest" },
		{ "document:\n  - file: a\n", "'document' is no key" },
		{ DOCUMENT "fied: X\n", "line 3: 'fied' is no key" },
		{ DOCUMENT "File: X\n", "line 3: 'File' is no key" },
		{ DOCUMENT "file: b.pdf\n", "'file' is given twice" },
		{ DOCUMENT "output: ''\n", "line 3: 'output': expected" },
		{ DOCUMENT "output: '-'\n", "line 3: 'output': expected" },
		{ DOCUMENT "output: [a, b]\n", "line 3: 'output': expected" },
		{ DOCUMENT "field:\n", "line 3: 'field': expected the name" },
		{ DOCUMENT "reason: [why]\n", "line 3: 'reason': expected a" },
		{ DOCUMENT "location: {}\n", "line 3: 'location': expected" },
		{ DOCUMENT "page: 0\n", "line 3: 'page': expected a number" },
		{ DOCUMENT "page: 1.5\n", "line 3: 'page': expected" },
		{ DOCUMENT "page: first\n", "line 3: 'page': expected" },
		{ DOCUMENT "page:\n", "line 3: 'page': expected" },
		{ DOCUMENT "page: 99999999999999999999\n", "line 3: 'page'" },
		{ DOCUMENT "page: 1 2\n", "line 3: 'page': expected" },
		{ DOCUMENT "position: 20\n", "line 3: 'position': expected" },
		{ DOCUMENT "position: [20, 30]\n", "line 3: 'position': exp" },
		{ DOCUMENT "position: 20,x\n", "line 3: 'position': expec" },
		{ DOCUMENT "position: 20,30,40\n", "line 3: 'position': exp" },
		{ DOCUMENT "visible: maybe\n", "line 3: 'visible': expected" },
		{ DOCUMENT "visible: [true]\n", "line 3: 'visible': expec" },
		{ DOCUMENT "visible: &a true\n", "line 3: anchors and tags" },
		{ DOCUMENT "reason: *a\n", "batch.yaml" },
		{ DOCUMENT "<<: {page: 1}\n", "line 3: '<<' is no key" },
		{ DOCUMENT "reason: !!str x\n", "line 3: anchors and tags" },
		{ DOCUMENT "reason: 'open\n", "batch.yaml" },
		{ DOCUMENT "\treason: tab\n", "batch.yaml" },
		{ DOCUMENT "reason: \"\\0\"\n", "line 3: a NUL" },
		{ DOCUMENT "reason: \xff\xfe\n", "batch.yaml" },
		{ DOCUMENT "---\nfile: b\n", "batch.yaml" },
	};
	struct deed_error error;
	struct batch_manifest *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error = (struct deed_error)DEED_ERROR_INIT;
		if (parse(bad[i].text, &m, &error) != DEED_CONFIG ||
		    m != NULL || strstr(error.message, bad[i].says) == NULL ||
		    strstr(error.message, "batch.yaml") == NULL)
			fail_msg("%s: expected '%s', seen '%s'", bad[i].text,
				 bad[i].says, error.message);
	}
}

/* More than one command line could hold, and no more than the limit. */
static void test_many(void **state)
{
	struct buf text = BUF_INIT;
	struct batch_manifest *m;
	size_t i;

	(void)state;
	buf_str(&text, "documents:\n");
	for (i = 0; i < 20000; i++)
		buf_printf(&text, " - {file: d%zu.pdf, output: o%zu.pdf}\n", i,
			   i);
	assert_ok(batch_manifest_parse(buf_get(&text), "m", &m, err));
	assert_int_equal(m->count, 20000);
	assert_string_equal(m->entry[19999].output, "o19999.pdf");
	assert_int_equal(m->entry[19999].line, 20001);
	batch_manifest_free(m);
	buf_reset(&text);
	buf_fill(&text, ' ', BATCH_MANIFEST_MAX_SIZE + 1);
	assert_status(DEED_LIMIT,
		      batch_manifest_parse(buf_get(&text), "m", &m, err));
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
