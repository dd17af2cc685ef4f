/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

#include <time.h>

#include "pdf/document.h"

/*
 * Files that are made to take long: each ends soon, and with DEED_LIMIT where
 * it may.
 */

static struct timespec began;

static void begin(struct make *m)
{
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began), 0);
	assert_ok(pdf_input_from_memory(buf_get(&m->b), "bomb", &m->in, err));
}

/* Generous: sanitizers are slow, quadratic is slower. */
static void end(struct make *m)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	assert_true(now.tv_sec - began.tv_sec < 20);
	make_clear(m);
}

static void repeat(struct make *m, const char *what, size_t count)
{
	while (count-- > 0)
		buf_str(&m->b, what);
}

/* ---- startxref ---- */

static void find_signatures(struct make *m, enum deed_status expected)
{
	struct pdf_signatures list;

	begin(m);
	assert_ok(pdf_open(m->in, &m->doc, err));
	assert_status(expected, pdf_signatures_find(m->doc, &list, err));
	if (expected == DEED_OK)
		pdf_signatures_clear(&list);
	end(m);
}

/* Each is followed by a comment that ends with the line of all. */
static void test_startxref_in_comment(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	repeat(&m, "startxref%", 100000);
	buf_str(&m.b, "\n");
	make_table(&m, "");
	find_signatures(&m, DEED_LIMIT);
}

/* All lead to the beginning of the same blanks. */
static void test_startxref_to_blanks(void **state)
{
	struct make m;
	char text[64];

	(void)state;
	make_signed_base(&m);
	snprintf(text, sizeof(text), "%% startxref %zu\n", m.b.len);
	buf_fill(&m.b, ' ', 1000000);
	buf_str(&m.b, "\n");
	repeat(&m, text, 50000);
	make_table(&m, "");
	find_signatures(&m, DEED_LIMIT);
}

/* As honest files have it. */
static void test_startxref_few(void **state)
{
	struct make m;
	char text[64];

	(void)state;
	make_signed_base(&m);
	snprintf(text, sizeof(text), "%% startxref %zu\n", m.b.len);
	buf_fill(&m.b, ' ', 1000);
	buf_str(&m.b, "\n");
	repeat(&m, text, 100);
	make_table(&m, "");
	find_signatures(&m, DEED_OK);
}

/* ---- cross-reference sections ---- */

static void open_it(struct make *m, enum deed_status expected)
{
	begin(m);
	assert_status(expected, pdf_open(m->in, &m->doc, err));
	end(m);
}

/* An empty table; "startxref" names another place. */
static void add_table(struct make *m, const char *keys, uint64_t startxref)
{
	uint64_t here = m->b.len;

	buf_printf(&m->b,
		   "xref\n0 0\ntrailer\n<</Root 1 0 R/Size %d%s/Prev %" PRIu64
		   ">>\nstartxref\n%" PRIu64 "\n%%%%EOF\n",
		   m->size, keys, m->prev, startxref);
	m->prev = here;
}

static void test_startxref_of_revisions(void **state)
{
	uint64_t blanks;
	struct make m;
	int i;

	(void)state;
	make_base(&m);
	blanks = m.b.len;
	buf_fill(&m.b, ' ', 1000000);
	for (i = 0; i < 200; i++)
		add_table(&m, "", blanks);
	add_table(&m, "", m.b.len);
	open_it(&m, DEED_LIMIT);
}

static void test_trailers_in_strings(void **state)
{
	struct make m;
	uint64_t prev;
	int i;

	(void)state;
	make_base(&m);
	prev = m.prev;
	m.prev = m.b.len;
	for (i = 0; i < 1500; i++) {
		buf_str(&m.b, "xref\n0 0\ntrailer\n<</Root 1 0 R/Size 9/Prev ");
		if (i < 1499)
			buf_printf(&m.b, "%010zu", m.b.len + 813);
		else
			buf_printf(&m.b, "%010" PRIu64, prev);
		buf_str(&m.b, "/S(");
		buf_fill(&m.b, 'x', 800);
	}
	for (i = 0; i < 1500; i++)
		buf_str(&m.b, ")>>");
	buf_printf(&m.b, "\nstartxref\n%" PRIu64 "\n%%%%EOF\n", m.prev);
	open_it(&m, DEED_LIMIT);
}

/* Tables that name one stream of the cross-reference data, behind blanks. */
static void add_hybrids(struct make *m, size_t blanks, size_t rows, int tables)
{
	char keys[64];
	int i;

	make_base(m);
	snprintf(keys, sizeof(keys), "/XRefStm %zu", m->b.len);
	buf_fill(&m->b, ' ', blanks);
	buf_printf(&m->b,
		   "90 0 obj\n<</Type/XRef/Size 100/W[0 1 0]/Index[100 %zu]"
		   "/Length %zu>>\nstream\n",
		   rows, rows);
	buf_fill(&m->b, '\t', rows);
	buf_str(&m->b, "\nendstream\nendobj\n");
	for (i = 0; i < tables; i++)
		add_table(m, keys, m->b.len);
}

static void test_hybrids(void **state)
{
	struct make m;

	(void)state;
	add_hybrids(&m, 1, 100000, 200);
	open_it(&m, DEED_LIMIT);
	add_hybrids(&m, 1000000, 1, 200);
	open_it(&m, DEED_LIMIT);
	/* A tool that copies a trailer does no harm. */
	add_hybrids(&m, 1, 1000, 10);
	open_it(&m, DEED_OK);
}

/* ---- trees ---- */

/* Objects of any number, in one subsection of a table. */
struct many {
	struct make *m;
	uint64_t *at;
	int first, count, cap;
};

static void many_init(struct many *s, struct make *m, int first, int cap)
{
	*s = (struct many){ .m = m, .first = first, .cap = cap };
	s->at = calloc((size_t)cap, sizeof(*s->at));
	assert_non_null(s->at);
}

static void many_add(struct many *s, const char *body)
{
	assert_true(s->count < s->cap);
	s->at[s->count] = s->m->b.len;
	buf_printf(&s->m->b, "%d 0 obj\n%s\nendobj\n", s->first + s->count,
		   body);
	s->count++;
}

static void many_table(struct many *s)
{
	struct make *m = s->m;
	uint64_t here = m->b.len;
	int i;

	buf_printf(&m->b, "xref\n%d %d\n", s->first, s->count);
	for (i = 0; i < s->count; i++)
		buf_printf(&m->b, "%010" PRIu64 " 00000 n \n", s->at[i]);
	buf_printf(&m->b,
		   "trailer\n<</Root 1 0 R/Size %d/Prev %" PRIu64
		   ">>\nstartxref\n%" PRIu64 "\n%%%%EOF\n",
		   s->first + s->count, m->prev, here);
	m->prev = here;
	free(s->at);
}

/* Parents that share one array of kids. */
static void share_kids(struct make *m, int parents, int kids)
{
	struct many s;
	char body[128];
	int i;

	make_base(m);
	make_obj(m, 12, "<</T(kid)>>");
	m->at[5] = m->b.len;
	buf_str(&m->b, "5 0 obj\n<</Fields[");
	for (i = 0; i < parents; i++)
		buf_printf(&m->b, "%d 0 R ", 100 + i);
	buf_str(&m->b, "]>>\nendobj\n");
	m->at[13] = m->b.len;
	m->size = 14;
	buf_str(&m->b, "13 0 obj\n[");
	repeat(m, "12 0 R ", (size_t)kids);
	buf_str(&m->b, "]\nendobj\n");
	make_table(m, "");
	many_init(&s, m, 100, parents);
	for (i = 0; i < parents; i++) {
		snprintf(body, sizeof(body), "<</T(p%d)/Kids 13 0 R>>", i);
		many_add(&s, body);
	}
	many_table(&s);
}

static void test_shared_kids(void **state)
{
	const struct pdf_field *fields;
	struct make m;
	size_t count;

	(void)state;
	share_kids(&m, 20000, 20000);
	begin(&m);
	assert_ok(pdf_open(m.in, &m.doc, err));
	assert_status(DEED_LIMIT, pdf_fields(m.doc, &fields, &count, err));
	end(&m);
	share_kids(&m, 100, 100);
	begin(&m);
	assert_ok(pdf_open(m.in, &m.doc, err));
	assert_ok(pdf_fields(m.doc, &fields, &count, err));
	end(&m);
}

/* One page at the bottom of so many nodes. */
static void nest_pages(struct make *m, int depth)
{
	struct many s;
	char body[128];
	int i;

	make_base(m);
	make_obj(m, 2, "<</Type/Pages/Kids[100 0 R]/Count 1>>");
	make_table(m, "");
	many_init(&s, m, 100, depth);
	for (i = 0; i < depth - 1; i++) {
		snprintf(body, sizeof(body),
			 "<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>",
			 i == 0 ? 2 : 99 + i, 101 + i);
		many_add(&s, body);
	}
	many_add(&s, "<</Type/Page>>");
	many_table(&s);
}

static void test_deep_pages(void **state)
{
	enum deed_status status = DEED_OK;
	struct pdf_page page;
	struct make m;
	int i;

	(void)state;
	nest_pages(&m, 10000);
	begin(&m);
	assert_ok(pdf_open(m.in, &m.doc, err));
	for (i = 0; i < 10000 && status == DEED_OK; i++)
		status = pdf_page_get(m.doc, 0, &page, NULL);
	assert_int_equal(status, DEED_LIMIT);
	end(&m);
	nest_pages(&m, 200);
	begin(&m);
	assert_ok(pdf_open(m.in, &m.doc, err));
	assert_ok(pdf_page_get(m.doc, 0, &page, err));
	end(&m);
}

/* Fields under one that says much of their look, and new fonts. */
static void test_long_default_look(void **state)
{
	struct pdf_changes changes;
	struct make m;
	struct many s;
	int i;

	(void)state;
	make_base(&m);
	m.at[12] = m.b.len;
	m.size = 13;
	buf_str(&m.b, "12 0 obj\n<</T(up)/FT/Tx/DA(");
	buf_fill(&m.b, '/', 1000000);
	buf_str(&m.b, ")/Kids[");
	for (i = 0; i < 2000; i++)
		buf_printf(&m.b, "%d 0 R ", 100 + i);
	buf_str(&m.b, "]>>\nendobj\n");
	make_obj(&m, 5, "<</Fields[12 0 R]/DR<</Font<</F 8 0 R>>>>>>");
	make_table(&m, "");
	many_init(&s, &m, 100, 2000);
	for (i = 0; i < 2000; i++) {
		char body[64];

		snprintf(body, sizeof(body), "<</T(k%d)/Parent 12 0 R>>", i);
		many_add(&s, body);
	}
	many_table(&s);
	m.at[5] = m.b.len;
	buf_str(&m.b, "5 0 obj\n<</Fields[12 0 R]/DR<</Font<</F 8 0 R");
	for (i = 0; i < 60; i++)
		buf_printf(&m.b, "/G%d 8 0 R", i);
	buf_str(&m.b, ">>>>>>\nendobj\n");
	make_table(&m, "");
	begin(&m);
	assert_ok(pdf_open(m.in, &m.doc, err));
	assert_ok(pdf_changes_after(m.doc, 2, &changes, err));
	assert_true(changes.limit);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_startxref_in_comment),
		cmocka_unit_test(test_startxref_to_blanks),
		cmocka_unit_test(test_startxref_few),
		cmocka_unit_test(test_startxref_of_revisions),
		cmocka_unit_test(test_trailers_in_strings),
		cmocka_unit_test(test_hybrids),
		cmocka_unit_test(test_shared_kids),
		cmocka_unit_test(test_deep_pages),
		cmocka_unit_test(test_long_default_look),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
