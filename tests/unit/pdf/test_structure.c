/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/structure.h"

#include <sys/mman.h>
#include <unistd.h>

#include "make.h"
#include "pdf/scan.h"
#include "pdf/shadow.h"
#include "pdf/survey.h"

static const char evil[] =
	"4 0 obj\n<</Length 4>>\nstream\nevil\nendstream\nendobj\n";

static const struct pdf_finding *find(const struct pdf_survey_signature *sig,
				      const char *id)
{
	size_t i;

	for (i = 0; i < sig->finding_count; i++) {
		if (strcmp(sig->findings[i].id, id) == 0)
			return &sig->findings[i];
	}
	return NULL;
}

/* The first signature of what was made has this finding, and no other kind
 * of trouble. */
static void expect(struct make *m, const char *id, enum pdf_severity severity)
{
	const struct pdf_finding *f;
	struct pdf_survey s;

	assert_ok(pdf_input_from_memory(buf_get(&m->b), "made", &m->in, err));
	assert_ok(pdf_survey_make(m->in, &s, err));
	assert_true(s.signature_count > 0);
	if (id == NULL) {
		assert_int_equal(s.signatures[0].finding_count, 0);
	} else {
		f = find(&s.signatures[0], id);
		if (f == NULL)
			fail_msg("no finding '%s'", id);
		assert_int_equal(f->severity, severity);
	}
	pdf_survey_clear(&s);
	make_clear(m);
}

/* An update that changes nothing a reader sees, with something beside it. */
static void update(struct make *m)
{
	make_obj(m, 20, "(x)");
	make_table(m, "");
}

static void test_whole(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	expect(&m, NULL, PDF_FINDING_NOTE);
	make_signed_base(&m);
	make_second(&m);
	update(&m);
	expect(&m, NULL, PDF_FINDING_NOTE);
}

/* ---- entries ---- */

static void test_entry_later(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	m.at[21] = 9;
	m.size = 22;
	update(&m);
	expect(&m, "entry-broken", PDF_FINDING_FAIL);
	/* At the place of another object. */
	make_signed_base(&m);
	make_obj(&m, 20, "(x)");
	m.at[21] = m.at[20];
	m.size = 22;
	make_table(&m, "");
	expect(&m, "entry-broken", PDF_FINDING_FAIL);
}

/* With an entry that leads nowhere from the start; what names it. */
static void signed_with_hole(struct make *m, const char *body)
{
	make_base(m);
	m->at[21] = 9;
	m->size = 22;
	make_obj(m, 7,
		 "<</FT/Sig/T(one)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>");
	make_obj(m, 20, body);
	make_signature(m, 11, "/Type/Sig");
	make_table(m, "");
	make_signed(m);
}

static void test_entry_signed(void **state)
{
	struct make m;

	(void)state;
	signed_with_hole(&m, "(x)");
	expect(&m, "entry-broken", PDF_FINDING_NOTE);
	signed_with_hole(&m, "[21 0 R]");
	expect(&m, "prepared", PDF_FINDING_DOUBT);
}

/* It is there, and cannot be read: readers agree on which it is. */
static void test_unreadable_object(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 7,
		 "<</FT/Sig/T(one)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>");
	make_obj(&m, 20, "[21 0 R]");
	make_obj(&m, 21, "<</A 1/A 2>>");
	make_signature(&m, 11, "/Type/Sig");
	make_table(&m, "");
	make_signed(&m);
	expect(&m, "entry-broken", PDF_FINDING_NOTE);
	make_signed_base(&m);
	make_obj(&m, 21, "<</A 1/A 2>>");
	make_table(&m, "");
	expect(&m, "entry-broken", PDF_FINDING_FAIL);
}

/* Nobody loses a signature by making a file too large. */
static void test_limit(void **state)
{
	struct make m;
	int i;

	(void)state;
	make_signed_base(&m);
	for (i = 0; i <= PDF_MAX_SECTIONS; i++)
		make_table(&m, "");
	expect(&m, "structure-unread", PDF_FINDING_DOUBT);
}

static void test_reference_later(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 20, "[21 0 R]");
	make_table(&m, "");
	expect(&m, "reference-broken", PDF_FINDING_FAIL);
	make_signed_base(&m);
	make_obj(&m, 20, "[4 7 R]");
	make_table(&m, "");
	expect(&m, "reference-broken", PDF_FINDING_FAIL);
	/* What was signed so may be saved again so. */
	signed_with_hole(&m, "[30 0 R]");
	make_obj(&m, 20, "[30 0 R (x)]");
	make_table(&m, "");
	expect(&m, "entry-broken", PDF_FINDING_NOTE);
}

/* ---- strays ---- */

static void test_stray_later(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	buf_str(&m.b, evil);
	update(&m);
	expect(&m, "stray-object", PDF_FINDING_FAIL);
	/* In a stream of a sound object. */
	make_signed_base(&m);
	make_stream(&m, 20, "", evil);
	make_table(&m, "");
	expect(&m, "stray-object", PDF_FINDING_FAIL);
	/* The same content again is no other document. */
	make_signed_base(&m);
	buf_str(&m.b, "8 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
		      ">>\nendobj\n");
	update(&m);
	expect(&m, "stray-object", PDF_FINDING_NOTE);
}

static void signed_with_stray(struct make *m, const char *body)
{
	make_base(m);
	buf_str(&m->b, body);
	make_obj(m, 7,
		 "<</FT/Sig/T(one)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>");
	make_signature(m, 11, "/Type/Sig");
	make_table(m, "");
	make_signed(m);
}

static void test_stray_signed(void **state)
{
	struct pdf_shadow shadow;
	struct make m;

	(void)state;
	signed_with_stray(&m, evil);
	make_open(&m);
	assert_ok(pdf_shadow_look(m.doc, &shadow, err));
	assert_int_equal(shadow.count, 1);
	assert_string_equal(shadow.list[0].id, "prepared");
	assert_non_null(strstr(shadow.list[0].text, "object 4 stands a second "
						    "time"));
	make_clear(&m);
	signed_with_stray(&m, evil);
	expect(&m, "prepared", PDF_FINDING_DOUBT);
	/* Of a number that nothing uses. */
	signed_with_stray(&m, "44 0 obj\n(x)\nendobj\n");
	expect(&m, "stray-object", PDF_FINDING_NOTE);
	/* Other words are no objects. */
	signed_with_stray(&m, "% 4 0 objects, 4.0 obj, x 0 obj, 40obj\n");
	expect(&m, NULL, PDF_FINDING_NOTE);
}

/* The state that is saved deepest is that of all below. */
static void test_picture_over_text(void **state)
{
	struct buf content = BUF_INIT;
	struct pdf_shadow shadow;
	struct make m;
	int i;

	(void)state;
	make_base(&m);
	buf_str(&content, "BT (a) Tj ET");
	for (i = 0; i < 40; i++)
		buf_str(&content, i == 30 ? " 200 0 0 200 0 0 cm q" : " q");
	for (i = 0; i < 8; i++)
		buf_str(&content, " Q");
	buf_str(&content, " /X Do");
	buf_fill(&content, '\0', 1);
	make_stream(&m, 4, "", (const char *)content.data);
	make_stream(&m, 10, "/Subtype/Image/Width 1/Height 1", "x");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_shadow_look(m.doc, &shadow, err));
	assert_int_equal(shadow.count, 1);
	assert_string_equal(shadow.list[0].id, "shadow-image");
	buf_clear(&content);
	make_clear(&m);
}

/* Its kind is told, wherever that is written. */
static void test_overlay(void **state)
{
	struct pdf_shadow shadow;
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(
		&m, 3,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
		"/Resources<<>>/Annots[10 0 R]>>");
	make_obj(&m, 10,
		 "<</Type/Annot/Subtype 12 0 R/Rect[0 0 200 200]/F 4"
		 "/AP<</N 11 0 R>>>>");
	make_stream(&m, 11, "/Type/XObject/Subtype/Form/BBox[0 0 200 200]",
		    "0 0 200 200 re f");
	make_obj(&m, 12, "/Stamp");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_shadow_look(m.doc, &shadow, err));
	assert_int_equal(shadow.count, 1);
	assert_string_equal(shadow.list[0].id, "shadow-overlay");
	assert_string_equal(shadow.list[0].text,
			    "a Stamp covers 100 % of page 1 (object 10)");
	make_clear(&m);
}

/* However many harmless ones come before it. */
static void test_many_strays(void **state)
{
	struct pdf_survey s;
	bool failed = false;
	struct make m;
	size_t i;

	(void)state;
	make_signed_base(&m);
	for (i = 0; i < 20000; i++)
		buf_str(&m.b, "8 0 obj\n<</Type/Font/Subtype/Type1/BaseFont"
			      "/Helvetica>>\nendobj\n");
	buf_str(&m.b, evil);
	update(&m);
	assert_ok(pdf_input_from_memory(buf_get(&m.b), "made", &m.in, err));
	assert_ok(pdf_survey_make(m.in, &s, err));
	for (i = 0; i < s.signatures[0].finding_count; i++)
		failed = failed || s.signatures[0].findings[i].severity ==
					   PDF_FINDING_FAIL;
	assert_true(failed);
	pdf_survey_clear(&s);
	make_clear(&m);
}

/* ---- the end of the file ---- */

static void test_end(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	buf_fill(&m.b, 0, 3000);
	make_open(&m);
	assert_false(m.doc->core->tail);
	make_clear(&m);
	make_signed_base(&m);
	buf_fill(&m.b, '%', 1100);
	expect(&m, "file-broken", PDF_FINDING_FAIL);
}

/* ---- revisions that are left out, and files that cannot be read ---- */

static void hide(struct make *m, const char *trailer)
{
	make_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>");
	make_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	make_obj(m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>");
	m->prev = 0;
	make_table(m, trailer);
}

static void test_hidden(void **state)
{
	struct pdf_survey s;
	struct make m;

	(void)state;
	make_signed_base(&m);
	hide(&m, "");
	expect(&m, "revision-hidden", PDF_FINDING_FAIL);
	make_signed_base(&m);
	hide(&m, "/Prev 0");
	make_second(&m);
	assert_ok(pdf_input_from_memory(buf_get(&m.b), "made", &m.in, err));
	assert_ok(pdf_survey_make(m.in, &s, err));
	assert_int_equal(s.signature_count, 2);
	assert_non_null(find(&s.signatures[0], "revision-hidden"));
	assert_non_null(find(&s.signatures[1], "revision-hidden"));
	pdf_survey_clear(&s);
	make_clear(&m);
}

/* A file whose tables are gone keeps its signature. */
static void test_broken(void **state)
{
	static const char *const words[] = { "/Size", "trailer\n", "%%EOF\n",
					     "xref\n0 1" };
	struct pdf_survey s;
	struct make m;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		make_signed_base(&m);
		update(&m);
		at = make_find(&m, make_find(&m, m.b.len - 250, "20 0 obj"),
			       words[i]);
		m.b.data[at] = 'X';
		assert_ok(pdf_input_from_memory(buf_get(&m.b), "made", &m.in,
						err));
		assert_ok(pdf_survey_make(m.in, &s, err));
		assert_int_equal(s.signature_count, 1);
		assert_non_null(find(&s.signatures[0], "file-broken"));
		assert_non_null(
			strstr(s.signatures[0].findings[0].message, "'made'"));
		assert_true(s.signatures[0].sound);
		assert_int_equal(s.signatures[0].sub_filter,
				 PDF_SUB_FILTER_CADES_DETACHED);
		assert_int_equal(s.signatures[0].changes_after,
				 PDF_CHANGE_OTHER);
		assert_ok(pdf_survey_confirm(&s, m.in, err));
		pdf_survey_clear(&s);
		make_clear(&m);
	}
	/* Without a signature it is what it was. */
	make_base(&m);
	m.b.data[make_find(&m, 0, "startxref")] = 'X';
	assert_ok(pdf_input_from_memory(buf_get(&m.b), "made", &m.in, err));
	assert_status(DEED_MALFORMED, pdf_survey_make(m.in, &s, err));
	pdf_survey_clear(&s);
	make_clear(&m);
}

static void test_page_tree(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 2, "null");
	make_table(&m, "");
	expect(&m, "pages-unreadable", PDF_FINDING_FAIL);
}

static void test_unreadable(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_stream(&m, 20, "/Filter/BrotliDecode", "x");
	make_table(&m, "");
	expect(&m, NULL, PDF_FINDING_NOTE);
	make_signed_base(&m);
	make_stream(&m, 10, "/Subtype/Form/BBox[0 0 9 9]/Filter/BrotliDecode",
		    "x");
	make_table(&m, "");
	expect(&m, "reader-dependent", PDF_FINDING_DOUBT);
}

/* ---- words over the borders of windows ---- */

static enum deed_status count_hit(void *arg, const struct pdf_hit *hit,
				  struct deed_error *err)
{
	uint64_t *sum = arg;

	(void)err;
	assert_memory_equal(hit->word, "word", 4);
	assert_true(hit->before >=
		    (hit->at < PDF_SCAN_BEFORE ? hit->at : PDF_SCAN_BEFORE));
	sum[0]++;
	sum[1] += hit->at;
	return DEED_OK;
}

static void test_scan(void **state)
{
	uint64_t sum[2] = { 0 }, at;
	struct pdf_input *in;
	int fd, shift;
	off_t size = (off_t)PDF_INPUT_WHOLE + 3 * PDF_INPUT_WINDOW;

	(void)state;
	for (shift = -5; shift <= 5; shift++) {
		fd = memfd_create("scan", 0);
		assert_true(fd >= 0);
		assert_int_equal(ftruncate(fd, size), 0);
		at = (uint64_t)(2 * PDF_INPUT_WINDOW + shift);
		assert_int_equal(pwrite(fd, "word", 4, (off_t)at), 4);
		assert_int_equal(pwrite(fd, "word", 4, size - 4), 4);
		assert_int_equal(pwrite(fd, "word", 4, 0), 4);
		assert_ok(pdf_input_from_fd(fd, "scan", &in, err));
		sum[0] = sum[1] = 0;
		assert_ok(pdf_scan(in, 0, "word", 0, count_hit, sum, err));
		assert_int_equal(sum[0], 3);
		assert_int_equal(sum[1], at + (uint64_t)size - 4);
		sum[0] = 0;
		assert_ok(pdf_scan(in, at, "word", 3, count_hit, sum, err));
		assert_int_equal(sum[0], 2);
		pdf_input_close(in);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_entry_later),
		cmocka_unit_test(test_entry_signed),
		cmocka_unit_test(test_unreadable_object),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_reference_later),
		cmocka_unit_test(test_stray_later),
		cmocka_unit_test(test_stray_signed),
		cmocka_unit_test(test_picture_over_text),
		cmocka_unit_test(test_overlay),
		cmocka_unit_test(test_many_strays),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_page_tree),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_scan),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
