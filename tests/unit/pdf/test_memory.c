/* SPDX-License-Identifier: Apache-2.0 */
#include "marked.h"

#include "pdf/lock.h"

/*
 * The n-th allocation fails, for every n: the answer is "out of memory" or
 * the right one, never another, and nothing leaks (under the sanitizers).
 * The linker sends the allocations of the libraries here (--wrap).
 */
static long fail_at = -1, done;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static bool fails(void)
{
	return fail_at >= 0 && done++ == fail_at;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

/* What is said of a document, to be compared. */
struct answer {
	size_t signatures, pages;
	bool problem;
	enum pdf_change change;
	bool marked[3];
	enum pdf_mark_kind kind[3];
};

static enum deed_status look_beneath(struct pdf_document *doc,
				     struct answer *out)
{
	static const struct pdf_rect boxes[3] = { { 0, 0, 200, 200 },
						  { 50, 50, 60, 60 },
						  { 150, 150, 160, 160 } };
	struct pdf_marks *marks;
	enum deed_status status;
	size_t i;

	status = pdf_marks_read(doc, 0, &marks, NULL);
	for (i = 0; status == DEED_OK && i < 3; i++)
		out->marked[i] =
			pdf_marks_beneath(marks, &boxes[i], &out->kind[i]);
	pdf_marks_free(marks);
	return status;
}

/* Asked again where memory was missing: half of an answer may not be kept. */
static enum deed_status ask_changes(struct pdf_document *doc, size_t revision,
				    struct pdf_changes *out)
{
	enum deed_status status = pdf_changes_after(doc, revision, out, NULL);
	long failed = fail_at;

	if (status != DEED_NO_MEMORY)
		return status;
	fail_at = -1;
	status = pdf_changes_after(doc, revision, out, NULL);
	fail_at = failed;
	return status;
}

static enum deed_status judge(struct pdf_document *doc, struct answer *out)
{
	struct pdf_signatures list;
	struct pdf_changes changes;
	enum deed_status status;

	status = pdf_signatures_find(doc, &list, NULL);
	if (status != DEED_OK)
		return status;
	out->signatures = list.count;
	out->problem = list.count > 0 && list.list[0].problem != NULL;
	if (list.count > 0)
		status = ask_changes(doc, list.list[0].revision, &changes);
	if (status == DEED_OK && list.count > 0)
		out->change = changes.level;
	pdf_signatures_clear(&list);
	if (status == DEED_OK)
		status = pdf_page_count(doc, &out->pages, NULL);
	if (status == DEED_OK && out->pages > 0)
		status = look_beneath(doc, out);
	return status;
}

static enum deed_status answer(struct slice bytes, struct answer *out)
{
	struct pdf_document *doc;
	struct pdf_input *in;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = pdf_input_from_memory(bytes, "memory", &in, NULL);
	if (status != DEED_OK)
		return status;
	status = pdf_open(in, &doc, NULL);
	if (status == DEED_OK)
		status = judge(doc, out);
	if (doc != NULL)
		pdf_close(doc);
	pdf_input_close(in);
	return status;
}

static void every_allocation(struct make *m)
{
	struct answer right, seen;
	enum deed_status status;

	assert_int_equal(answer(buf_get(&m->b), &right), DEED_OK);
	for (fail_at = 0;; fail_at++) {
		done = 0;
		status = answer(buf_get(&m->b), &seen);
		if (done <= fail_at)
			break;
		if (status == DEED_NO_MEMORY)
			continue;
		if (status != DEED_OK || memcmp(&seen, &right, sizeof(seen)))
			fail_msg("allocation %ld: %s, another answer", fail_at,
				 deed_status_id(status));
	}
	assert_true(fail_at > 20);
	fail_at = -1;
	make_clear(m);
}

static void test_signed(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_second(&m);
	every_allocation(&m);
}

static void test_filled(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 6,
		 "<</FT/Tx/T(text)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 9 9]/V(new)/AP<</N 20 0 R>>/P 3 0 R>>");
	make_obj(&m, 20, "<<>>");
	make_table(&m, "");
	every_allocation(&m);
}

static void test_changed(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 4, "<<>>");
	make_table(&m, "");
	every_allocation(&m);
}

/* Every kind of content once. */
static void test_painted(void **state)
{
	struct make m;

	(void)state;
	page_begin(&m,
		   "q 1 0 0 1 5 5 cm/M gs/X Do Q BT/F 9 Tf 50 50 Td(a)Tj"
		   "/C 9 Tf<00010001>Tj/T 9 Tf(a)Tj/B 9 Tf(\\001)Tj ET "
		   "BI/W 1/H 1/F/x ID a EI [1 2]0 d 9 9 m 9 19 l S",
		   "/Annots[25 0 R 26 0 R]");
	make_stream(&m, 16, "/Subtype/Form/BBox[0 0 9 9]",
		    "q 0 0 9 9 re W n Q/I Do");
	make_obj(&m, 25, "<</Subtype/FreeText/Rect[150 150 155 155]>>");
	make_obj(&m, 26,
		 "<</Subtype/Stamp/Rect[90 90 99 99]/AP<</N 16 0 R>>>>");
	make_table(&m, "");
	every_allocation(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_painted),
		cmocka_unit_test(test_changed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
