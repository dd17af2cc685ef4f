/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static void test_plain(void **state)
{
	const struct pdf_object *catalog, *o;
	struct pdf_page page;
	struct make m;
	size_t count;

	(void)state;
	make_base(&m);
	make_open(&m);
	assert_int_equal(pdf_revision_count(m.doc), 1);
	assert_int_equal(pdf_next_number(m.doc), 11);
	assert_ok(pdf_catalog(m.doc, &catalog, err));
	assert_ok(pdf_page_count(m.doc, &count, err));
	assert_int_equal(count, 1);
	assert_ok(pdf_page_get(m.doc, 0, &page, err));
	assert_int_equal(page.ref.num, 3);
	assert_int_equal(pdf_array_count(page.media_box), 4);
	assert_true(pdf_is(page.rotate, PDF_NULL));
	assert_status(DEED_NOT_FOUND, pdf_page_get(m.doc, 1, &page, err));
	/* What is not there is null. */
	assert_ok(pdf_get_object(m.doc, (struct pdf_ref){ 99, 0 }, &o, err));
	assert_true(pdf_is(o, PDF_NULL));
	assert_ok(pdf_get_object(m.doc, (struct pdf_ref){ 1, 1 }, &o, err));
	assert_true(pdf_is(o, PDF_NULL));
	make_clear(&m);
}

static void test_revisions(void **state)
{
	const struct pdf_object *then, *now;
	const struct pdf_revision *r;
	struct pdf_ref ref = { 8, 0 };
	struct make m;
	size_t first;

	(void)state;
	make_base(&m);
	first = m.b.len;
	make_obj(&m, 8, "(new)");
	make_free(&m, 9);
	make_table(&m, "");
	make_open(&m);
	assert_int_equal(pdf_revision_count(m.doc), 2);
	r = pdf_revision_get(m.doc, 0);
	assert_int_equal(r->end, first);
	assert_int_equal(r->eof, first - 1);
	assert_int_equal(pdf_revision_get(m.doc, 1)->end, m.b.len);
	assert_ok(pdf_get_object(pdf_at_revision(m.doc, 0), ref, &then, err));
	assert_ok(pdf_get_object(m.doc, ref, &now, err));
	assert_true(pdf_is(then, PDF_DICT));
	assert_true(pdf_is(now, PDF_STRING));
	assert_int_equal(pdf_locate(m.doc, 9).where, PDF_FREE);
	assert_int_equal(pdf_locate(pdf_at_revision(m.doc, 0), 9).where,
			 PDF_IN_FILE);
	make_clear(&m);
}

/* A revision that points past its own end. */
static void test_forward_reference(void **state)
{
	const struct pdf_object *o;
	struct make m;
	size_t at;

	(void)state;
	make_init(&m);
	make_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(&m, 2, "<</Type/Pages/Kids[]>>");
	m.at[3] = 1111111111;
	m.size = 4;
	make_table(&m, "");
	at = m.b.len;
	make_obj(&m, 3, "(later)");
	m.at[3] = 0;
	m.patch = 0;
	make_set(&m, "1111111111", at);
	make_obj(&m, 2, "<</Type/Pages/Kids[]>>");
	make_table(&m, "");
	make_open(&m);
	assert_status(DEED_MALFORMED,
		      pdf_get_object(m.doc, (struct pdf_ref){ 3, 0 }, &o, err));
	make_clear(&m);
}

/* ---- refused ---- */

static void test_broken(void **state)
{
	static const struct {
		const char *from, *to;
		enum deed_status status;
	} cases[] = {
		{ "%PDF", "%PDX", DEED_MALFORMED },
		{ "startxref", "startxxxx", DEED_MALFORMED },
		{ "%%EOF", "%%EOX", DEED_MALFORMED },
		{ "trailer", "trailor", DEED_MALFORMED },
		{ "xref\n0 1", "xrfe\n0 1", DEED_MALFORMED },
		{ "/Size", "/Sizf", DEED_MALFORMED },
		{ "00000 n", "00000 x", DEED_MALFORMED },
		{ "\n1 1\n", "\n9 1\n", DEED_MALFORMED }, /* 9 twice */
		{ "/Root", "/Encrypt 8 0 R/Root", DEED_UNSUPPORTED },
		{ "/Root", "/Prev 15 /Root", DEED_MALFORMED },
		{ "/Root", "/Prev 999999/Root", DEED_MALFORMED },
		{ "/Root", "/Prev -1/Root", DEED_MALFORMED },
		{ "/Root", "/XRefStm 15/Root", DEED_MALFORMED },
	};
	struct make m;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_base(&m);
		at = make_find(&m, 0, cases[i].from);
		memmove(m.b.data + at, m.b.data + at + strlen(cases[i].from),
			m.b.len - at - strlen(cases[i].from));
		m.b.len -= strlen(cases[i].from);
		buf_insert(&m.b, at, cases[i].to, strlen(cases[i].to));
		make_refused(&m, cases[i].status);
		make_clear(&m);
	}
}

/* Cut anywhere: an error or a document, never a crash. */
static void test_cut(void **state)
{
	struct pdf_signatures list;
	struct pdf_input *in;
	struct pdf_document *doc;
	struct make m;
	size_t len;

	(void)state;
	make_signed_base(&m);
	for (len = 0; len < m.b.len; len++) {
		assert_ok(pdf_input_from_memory(slice_of(m.b.data, len), "cut",
						&in, err));
		if (pdf_open(in, &doc, NULL) == DEED_OK) {
			if (pdf_signatures_find(doc, &list, NULL) == DEED_OK)
				pdf_signatures_clear(&list);
			pdf_close(doc);
		}
		pdf_input_close(in);
	}
	make_clear(&m);
}

static void test_loop_of_sections(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	m.patch = 0;
	make_obj(&m, 8, "(a)");
	make_table(&m, "");
	make_clear(&m);

	make_init(&m);
	make_obj(&m, 1, "<</Type/Catalog>>");
	m.prev = m.b.len;
	make_table(&m, "");
	make_refused(&m, DEED_MALFORMED);
	make_clear(&m);
}

/* The oldest section, by a /Prev that the file had from the start, stands
 * behind everything: appended later. */
static void test_appended_history(void **state)
{
	struct make m;
	uint64_t first, last;

	(void)state;
	make_init(&m);
	make_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(&m, 2, "<</Type/Pages/Kids[]>>");
	m.prev = 5000;
	make_table(&m, "");
	first = m.prev;
	make_obj(&m, 4, "(signed)");
	make_table(&m, "");
	last = m.prev;
	buf_fill(&m.b, ' ', 5000 - m.b.len);
	m.prev = 0;
	make_table(&m, "");
	assert_true(first < last && m.prev == 5000);
	buf_printf(&m.b, "startxref\n%d\n%%%%EOF\n", (int)last);
	make_refused(&m, DEED_MALFORMED);
	make_clear(&m);
}

/* Far more revisions than anybody makes. */
static void test_many_sections(void **state)
{
	struct make m;
	int i;

	(void)state;
	make_base(&m);
	for (i = 0; i <= PDF_MAX_SECTIONS; i++)
		make_table(&m, "");
	make_refused(&m, DEED_LIMIT);
	make_clear(&m);
}

/* ---- objects ---- */

static void expect_malformed(const char *body, const char *message)
{
	struct deed_error why = DEED_ERROR_INIT;
	const struct pdf_object *o;
	struct make m;

	make_base(&m);
	m.at[20] = m.b.len;
	m.size = 21;
	buf_str(&m.b, body);
	make_table(&m, "");
	make_open(&m);
	assert_int_equal(
		pdf_get_object(m.doc, (struct pdf_ref){ 20, 0 }, &o, &why),
		DEED_MALFORMED);
	if (strstr(why.message, message) == NULL)
		fail_msg("expected '%s', got '%s'", message, why.message);
	make_clear(&m);
}

static void test_bad_objects(void **state)
{
	(void)state;
	expect_malformed("21 0 obj\n1\nendobj\n", "not where");
	expect_malformed("20 1 obj\n1\nendobj\n", "not where");
	expect_malformed("20 0 obx\n1\nendobj\n", "does not begin");
	expect_malformed("20 0 obj\n1\n", "does not end");
	expect_malformed("20 0 obj\n8 0 R\nendobj\n", "a reference");
	expect_malformed("20 0 obj\n<<>>stream\nabc\nendstream\nendobj\n",
			 "/Length");
	expect_malformed("20 0 obj\n<</Length 20 0 R>>stream\nabc\n"
			 "endstream\nendobj\n",
			 "leads to itself");
	expect_malformed("20 0 obj\n<</Length 2>>stream\nabc\nendstream\n"
			 "endobj\n",
			 "endstream");
	expect_malformed("20 0 obj\n<</Length 99999999>>stream\nabc\n"
			 "endstream\nendobj\n",
			 "past the end");
	expect_malformed("20 0 obj\n<</Length 3>>stream\rabc\nendstream\n"
			 "endobj\n",
			 "end-of-line");
	expect_malformed("20 0 obj\n<</Length 3>>stream\nabc\nendstream\n",
			 "does not end");
}

/* Objects in an object stream, by a cross-reference stream with a predictor
 * of none. */
static void make_streams(struct make *m, const char *table, const char *objects,
			 unsigned index)
{
	uint64_t at, first = strlen(table);
	char dict[128];

	make_init(m);
	make_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(m, 2, "<</Type/Pages/Kids[]>>");
	at = m->b.len;
	snprintf(dict, sizeof(dict), "/Type/ObjStm/N 2/First %d", (int)first);
	buf_printf(
		&m->b,
		"3 0 obj\n<<%s/Length %zu>>stream\n%s%s\nendstream\nendobj\n",
		dict, strlen(table) + strlen(objects), table, objects);
	m->prev = m->b.len;
	buf_printf(&m->b, "6 0 obj\n<</Type/XRef/Root 1 0 R/Size 7/W[1 2 1]"
			  "/Length 28>>stream\n");
	buf_append(&m->b, "\0\0\0\0", 4);
	for (int i = 1; i <= 6; i++) {
		uint64_t where = i == 1	  ? make_find(m, 0, "1 0 obj")
				 : i == 2 ? make_find(m, 0, "2 0 obj")
				 : i == 3 ? at
					  : m->prev;

		if (i == 4 || i == 5) {
			buf_append(&m->b, "\2\0\3", 3);
			buf_byte(&m->b, (uint8_t)((unsigned)i - 4 + index));
			continue;
		}
		buf_byte(&m->b, 1);
		buf_byte(&m->b, (uint8_t)(where >> 8));
		buf_byte(&m->b, (uint8_t)where);
		buf_byte(&m->b, 0);
	}
	buf_printf(&m->b, "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		   (int)m->prev);
}

static void test_object_streams(void **state)
{
	static const struct {
		const char *table, *objects;
		unsigned index;
		bool good;
	} cases[] = {
		{ "4 0 5 4 ", "(a) (b) ", 0, true },
		{ "4 0 5 4 ", "(a) (b) ", 1, false },
		{ "5 0 4 4 ", "(a) (b) ", 0, false },
		{ "4 0 5 99 ", "(a) (b) ", 0, false },
		{ "4 x 5 4 ", "(a) (b) ", 0, false },
		{ "4 0 5 ", "(a) (b) ", 0, false },
		{ "4 0 5 4 ", "(a  (b  ", 0, false },
	};
	const struct pdf_object *o;
	enum deed_status status;
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_streams(&m, cases[i].table, cases[i].objects,
			     cases[i].index);
		make_open(&m);
		status = pdf_get_object(m.doc, (struct pdf_ref){ 5, 0 }, &o,
					NULL);
		assert_int_equal(status,
				 cases[i].good ? DEED_OK : DEED_MALFORMED);
		if (cases[i].good)
			assert_memory_equal(pdf_get_string(o).data, "b", 1);
		make_clear(&m);
	}
}

/* ---- trees ---- */

static void test_page_trees(void **state)
{
	static const struct {
		const char *root, *kid;
		enum deed_status status;
		size_t count;
	} cases[] = {
		{ "/Kids[3 0 R null 99 0 R]", "<</Type/Page>>", DEED_OK, 1 },
		{ "/Kids[3 0 R]", "<</Kids[]>>", DEED_OK, 0 },
		{ "/Kids[3 0 R]", "<</Type/Pages/Kids[2 0 R]>>", DEED_MALFORMED,
		  0 },
		{ "/Kids[3 0 R 3 0 R]", "<</Type/Page>>", DEED_MALFORMED, 0 },
		{ "/Kids[<</Type/Page>>]", "1", DEED_MALFORMED, 0 },
		{ "/Kids[3 0 R]", "(page)", DEED_MALFORMED, 0 },
		{ "/Kids[3 0 R]", "<</Type/Font>>", DEED_MALFORMED, 0 },
		{ "/Kids 3 0 R", "<<>>", DEED_MALFORMED, 0 },
		{ "/Kids 3 0 R", "[4 0 R]", DEED_OK, 1 },
	};
	struct make m;
	char body[128];
	size_t i, count;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_init(&m);
		make_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
		snprintf(body, sizeof(body), "<</Type/Pages%s>>",
			 cases[i].root);
		make_obj(&m, 2, body);
		make_obj(&m, 3, cases[i].kid);
		make_obj(&m, 4, "<</Type/Page>>");
		make_table(&m, "");
		make_open(&m);
		assert_status(cases[i].status,
			      pdf_page_count(m.doc, &count, err));
		assert_int_equal(count, cases[i].count);
		make_clear(&m);
	}
}

static void test_inherited(void **state)
{
	struct pdf_page page;
	struct make m;
	int64_t turn;

	(void)state;
	make_init(&m);
	make_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(&m, 2, "<</Kids[3 0 R]/MediaBox 6 0 R/Rotate 90>>");
	make_obj(&m, 3, "<</Kids[4 0 R 5 0 R]/Rotate 180>>");
	make_obj(&m, 4, "<</Type/Page>>");
	make_obj(&m, 5, "<</Type/Page/Rotate 270>>");
	make_obj(&m, 6, "[0 0 1 1]");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_page_get(m.doc, 0, &page, err));
	assert_true(pdf_get_int(page.rotate, &turn));
	assert_int_equal(turn, 180);
	assert_int_equal(pdf_array_count(page.media_box), 4);
	assert_ok(pdf_page_get(m.doc, 1, &page, err));
	assert_true(pdf_get_int(page.rotate, &turn));
	assert_int_equal(turn, 270);
	make_clear(&m);
}

static void test_fields(void **state)
{
	const struct pdf_field *fields;
	struct make m;
	size_t count;

	(void)state;
	make_base(&m);
	make_obj(&m, 5, "<</Fields[20 0 R]>>");
	make_obj(&m, 20, "<</T(a)/FT/Tx/V(x)/Kids[21 0 R 20 0 R 22 0 R]>>");
	make_obj(&m, 21, "<</T(b)/Parent 20 0 R>>");
	make_obj(&m, 22, "<</Parent 20 0 R/Subtype/Widget>>");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_fields(m.doc, &fields, &count, err));
	/* a, which has a value; a.b; and the two that only the page has. */
	assert_int_equal(count, 4);
	assert_string_equal(fields[0].name, "a");
	assert_true(fields[0].own_value);
	assert_string_equal(fields[1].name, "a.b");
	assert_false(fields[1].own_value);
	assert_memory_equal(fields[1].type.data, "Tx", 2);
	assert_true(fields[1].in_form);
	assert_string_equal(fields[2].name, "text");
	assert_false(fields[2].in_form);
	make_clear(&m);
}

/* ---- bombs ---- */

static void timed(struct make *m)
{
	struct timespec before, after;
	struct pdf_signatures list;
	struct pdf_changes changes;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before), 0);
	assert_ok(pdf_input_from_memory(buf_get(&m->b), "bomb", &m->in, err));
	if (pdf_open(m->in, &m->doc, NULL) == DEED_OK) {
		if (pdf_signatures_find(m->doc, &list, NULL) == DEED_OK)
			pdf_signatures_clear(&list);
		assert_ok(pdf_changes_after(m->doc, 0, &changes, err));
	}
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after), 0);
	/* Generous: sanitizers are slow, quadratic is slower. */
	assert_true(after.tv_sec - before.tv_sec < 20);
	make_clear(m);
}

static void test_bombs(void **state)
{
	struct make m;
	int i;

	(void)state;
	/* Many revisions, each with the same form and pages to be walked. */
	make_base(&m);
	for (i = 0; i < 2000; i++) {
		make_obj(&m, 20, "(again)");
		make_table(&m, "");
	}
	timed(&m);
	/* A dictionary with very many keys, an array with very many items. */
	make_base(&m);
	buf_str(&m.b, "20 0 obj\n<<");
	m.at[20] = m.b.len - 11;
	m.size = 21;
	for (i = 0; i < 200000; i++)
		buf_printf(&m.b, "/K%d %d 0 R\n", i * 7919 % 200000, i);
	buf_str(&m.b, ">>\nendobj\n");
	make_table(&m, "/Foo 20 0 R");
	make_obj(&m, 21, "1");
	make_table(&m, "/Foo 20 0 R");
	timed(&m);
	/* One annotation on a page, very many times. */
	make_base(&m);
	buf_str(&m.b, "20 0 obj\n[");
	m.at[20] = m.b.len - 10;
	for (i = 0; i < 300000; i++)
		buf_str(&m.b, "8 0 R ");
	buf_str(&m.b, "]\nendobj\n");
	make_obj(&m, 3, "<</Type/Page/Annots 20 0 R>>");
	make_table(&m, "");
	make_obj(&m, 21, "1");
	make_table(&m, "");
	timed(&m);
}

/* ---- windows ---- */

/* A file too large to be held is read in windows: the same document. */
static void test_large_file(void **state)
{
	char path[] = "/tmp/deed-test-pdf-XXXXXX";
	struct pdf_document *doc;
	struct pdf_input *in;
	struct pdf_page page;
	struct make m;
	size_t len, at = 0;
	int fd;

	(void)state;
	make_init(&m);
	make_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]>>");
	make_obj(&m, 3, "<</Type/Page/Contents 4 0 R>>");
	m.at[4] = m.b.len;
	m.size = 5;
	len = (size_t)PDF_INPUT_WHOLE + 5000;
	buf_printf(&m.b, "4 0 obj\n<</Length %zu>>stream\n", len);
	buf_fill(&m.b, 'x', len);
	buf_str(&m.b, "\nendstream\nendobj\n");
	make_obj(&m, 5, "(after)");
	make_table(&m, "");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	while (at < m.b.len) {
		ssize_t put = write(fd, m.b.data + at, m.b.len - at);

		assert_true(put > 0);
		at += (size_t)put;
	}
	assert_ok(pdf_input_open(path, &in, err));
	assert_null(pdf_input_memory(in).data);
	assert_ok(pdf_open(in, &doc, err));
	assert_ok(pdf_page_get(doc, 0, &page, err));
	assert_int_equal(pdf_revision_get(doc, 0)->end, m.b.len);
	/* The file shrinks under the reader. */
	assert_int_equal(ftruncate(fd, 100), 0);
	assert_status(DEED_IO,
		      pdf_get_object(doc, (struct pdf_ref){ 5, 0 },
				     &(const struct pdf_object *){ NULL },
				     err));
	pdf_close(doc);
	pdf_input_close(in);
	(void)close(fd);
	(void)unlink(path);
	make_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_forward_reference),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_loop_of_sections),
		cmocka_unit_test(test_appended_history),
		cmocka_unit_test(test_many_sections),
		cmocka_unit_test(test_bad_objects),
		cmocka_unit_test(test_object_streams),
		cmocka_unit_test(test_page_trees),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_large_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
