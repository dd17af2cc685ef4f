/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

#include "pdf/lock.h"

/* One update of the signed document, and what it must count as. */
struct change {
	const char *what;
	struct {
		int num;
		const char *body;
	} objects[4];
	int freed;
	const char *trailer;
	enum pdf_change level;
	const char *reason;
	bool covers;
};

#define PAGE                                              \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]" \
	"/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>/Font<</F 8 0 R>>>>"
#define FORM "/SigFlags 3/DA(/F 0 Tf)/DR<</Font<</F 8 0 R>>>>"
#define CATALOG "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
#define TEXT "<</FT/Tx/T(text)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R"
#define SIG                                                              \
	"<</FT/Sig/T(one)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132" \
	"/P 3 0 R"

static const struct change changes[] = {
	{ .what = "saved again",
	  .objects = { { 20, "(unused)" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "the same object again",
	  .objects = { { 8, "<</Type/Font/Subtype/Type1/BaseFont"
			    "/Helvetica>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "DSS",
	  .objects = { { 1, CATALOG "/DSS 20 0 R/Extensions<</ESIC 1>>>>" },
		       { 20, "<</Certs[]>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "document information",
	  .objects = { { 20, "<</Producer(other)>>" } },
	  .trailer = "/Info 20 0 R",
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "metadata and version",
	  .objects = { { 1, CATALOG "/Metadata 20 0 R/Version/2.0>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },

	/* Filling in. */
	{ .what = "a value with its look",
	  .objects = { { 6, TEXT "/V(new)/AP<</N 20 0 R>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_FORM_FILL },
	{ .what = "a value, its look in place",
	  .objects = { { 6, TEXT "/V(new)/AP<</N 9 0 R>>>>" },
		       { 9, "<</New true>>" } },
	  .level = PDF_CHANGE_FORM_FILL },
	{ .what = "a look without a value",
	  .objects = { { 6, TEXT "/V(abc)/AP<</N 20 0 R>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/AP" },
	{ .what = "a look without a value, in place",
	  .objects = { { 9, "<</New true>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 9" },
	{ .what = "another state of a box, its value the same",
	  .objects = { { 6, TEXT "/V(abc)/AP<</N 9 0 R>>/AS/On>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/AS" },
	{ .what = "a field that is moved",
	  .objects = { { 6, "<</FT/Tx/T(text)/Type/Annot/Subtype/Widget"
			    "/Rect[9 9 19 19]/P 3 0 R/V(abc)"
			    "/AP<</N 9 0 R>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Rect" },
	{ .what = "a field with another name",
	  .objects = { { 6, "<</FT/Tx/T(texx)/Type/Annot/Subtype/Widget"
			    "/Rect[0 0 9 9]/P 3 0 R/V(abc)"
			    "/AP<</N 9 0 R>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/T" },
	{ .what = "an action on a field",
	  .objects = { { 6, TEXT "/V(abc)/AP<</N 9 0 R>>"
				 "/A<</S/JavaScript>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/A" },
	{ .what = "a field locked",
	  .objects = { { 6, TEXT "/V(abc)/AP<</N 9 0 R>>/Ff 1>>" } },
	  .level = PDF_CHANGE_FORM_FILL },
	{ .what = "a field unlocked to be multi-line",
	  .objects = { { 6, TEXT "/V(abc)/AP<</N 9 0 R>>/Ff 4096>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Ff" },
	{ .what = "a field that is gone",
	  .freed = 6,
	  .level = PDF_CHANGE_OTHER,
	  .reason = "field 6" },
	{ .what = "a field taken out of the form",
	  .objects = { { 5, "<</Fields[7 0 R]" FORM ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 7" },
	{ .what = "a text field added",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Tx/T(x)/V(y)>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "field is added" },
	{ .what = "an empty signature field added",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)>>" } },
	  .level = PDF_CHANGE_ANNOTATION },
	{ .what = "an old object made a field",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R 8 0 R]" FORM ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 8" },
	{ .what = "another font for the fields",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R]/SigFlags 3/DA(/F 0 Tf)"
			    "/DR<</Font<</F 20 0 R>>>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "resources" },
	{ .what = "one more font for the fields",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R]/SigFlags 3/DA(/F 0 Tf)"
			    "/DR<</Font<</F 8 0 R/G 20 0 R>>>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "appearances to be made anew",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R]" FORM
			    "/NeedAppearances true>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/NeedAppearances" },
	{ .what = "the form gone",
	  .objects = { { 1, "<</Type/Catalog/Pages 2 0 R>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "form is gone" },

	/* The signature itself. */
	{ .what = "the value of the signed field replaced",
	  .objects = { { 7, SIG "/V 20 0 R>>" },
		       { 20, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "signed field" },
	{ .what = "the look of the signed field",
	  .objects = { { 7, SIG "/V 11 0 R/AP<</N 20 0 R>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/AP of the field 'one'" },
	{ .what = "the signature dictionary in place",
	  .objects = { { 11, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 11" },

	/* Annotations. */
	{ .what = "a note",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/Text/Rect[0 0 9 9]>>" } },
	  .level = PDF_CHANGE_ANNOTATION },
	{ .what = "a text laid over the page",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/FreeText/Rect[0 0 199 99]>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true },
	{ .what = "a box laid over the page",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/Square/Rect[0 0 199 99]>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true },
	{ .what = "a note that is a page large",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/Text/Rect[0 0 199 99]"
			     "/AP<</N 13 0 R>>>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true },
	{ .what = "a link with a frame that covers",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/Link/Rect[0 0 99 9]"
			     "/Border[0 0 200]>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true },
	{ .what = "a text that says it is a signature field",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/FreeText/FT/Sig/T(x)"
			     "/Rect[0 0 199 99]>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true },

	/* Sneaky signatures. */
	{ .what = "a text in the form as a signature field",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)/Subtype/FreeText>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "another kind" },
	{ .what = "an empty signature field that shows something",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)/Subtype/Widget/P 3 0 R"
			     "/Rect[0 0 99 99]/AP<</N 9 0 R>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "shows something" },
	{ .what = "an empty signature field with a background",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)/Subtype/Widget/P 3 0 R"
			     "/Rect[0 0 99 99]/MK<</BG[1]>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "shows something" },
	{ .what = "the signed field on a page once more",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 7, SIG "/V 11 0 R/Kids[20 0 R]>>" },
		       { 20, "<</Subtype/Widget/Parent 7 0 R/P 3 0 R"
			     "/Rect[0 0 99 99]/AP<</N 9 0 R>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "another place" },
	{ .what = "a new field that is placed twice",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R 20 0 R]>>" },
		       { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)/Subtype/Widget/P 3 0 R"
			     "/Rect[0 0 9 9]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "twice" },
	{ .what = "a new field with two places",
	  .objects = { { 5, "<</Fields[6 0 R 7 0 R 20 0 R]" FORM ">>" },
		       { 20, "<</FT/Sig/T(x)/Kids[21 0 R 22 0 R]>>" },
		       { 21, "<</Subtype/Widget/Rect[0 0 9 9]>>" },
		       { 22, "<</Subtype/Widget/Rect[0 0 9 9]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "several places" },
	{ .what = "an old object as an annotation",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 8 0 R]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 8" },
	{ .what = "a field taken off the page",
	  .objects = { { 3, PAGE "/Annots[7 0 R]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "taken off" },
	{ .what = "a widget of no field",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 20 0 R]>>" },
		       { 20, "<</Subtype/Widget/FT/Btn/T(x)>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "field is added" },

	/* Incremental saving, and the shadow attacks: hide, replace. */
	{ .what = "page content replaced",
	  .objects = { { 3, "<</Type/Page/Parent 2 0 R"
			    "/MediaBox[0 0 200 200]/Contents 20 0 R"
			    "/Resources<</XObject<</X 10 0 R>>"
			    "/Font<</F 8 0 R>>>>/Annots[6 0 R 7 0 R]>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Contents" },
	{ .what = "page content replaced in place",
	  .objects = { { 4, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "content of page 1 is changed (object 4)" },
	{ .what = "an overlay hidden",
	  .objects = { { 10, "<</Subtype/Form>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "content of page 1 is changed (object 10)" },
	{ .what = "an overlay freed",
	  .freed = 10,
	  .level = PDF_CHANGE_OTHER,
	  .reason = "content of page 1 is gone (object 10)" },
	{ .what = "a font replaced",
	  .objects = { { 8, "<</Type/Font/Subtype/Type1/BaseFont/Evil>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 8" },
	{ .what = "a page added",
	  .objects = { { 2, "<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>" },
		       { 20, PAGE ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "pages" },
	{ .what = "the page replaced (hide and replace)",
	  .objects = { { 2, "<</Type/Pages/Kids[20 0 R]/Count 1>>" },
		       { 20, PAGE ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "page 1" },
	{ .what = "another page tree",
	  .objects = { { 1, "<</Type/Catalog/Pages 21 0 R/AcroForm 5 0 R>>" },
		       { 21,
			 "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Pages" },
	{ .what = "the page turned",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R]/Rotate 180>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Rotate" },
	{ .what = "something that runs when opened",
	  .objects = { { 1, CATALOG "/OpenAction<</S/JavaScript>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/OpenAction" },
	{ .what = "names",
	  .objects = { { 1, CATALOG "/Names<</JavaScript 20 0 R>>>>" },
		       { 20, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/JavaScript" },
	{ .what = "a catalog from before",
	  .objects = { { 20, "<<>>" } },
	  .trailer = "/Encrypt 20 0 R",
	  .level = PDF_CHANGE_NONE },
	{ .what = "a key of the trailer",
	  .objects = { { 20, "<<>>" } },
	  .trailer = "/Foo 20 0 R",
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Foo" },
};

/* False, and what was seen, where it is not what was expected. */
static bool is_expected(const struct change *c, const struct pdf_changes *seen)
{
	bool good =
		seen->level == c->level && seen->covers == c->covers &&
		(c->reason == NULL || strstr(seen->reason, c->reason) != NULL);

	if (!good)
		print_message("# %s: expected %s, %s, '%s'; got %s (%s), %s\n",
			      c->what, pdf_change_name(c->level),
			      c->covers ? "a cover" : "no cover",
			      c->reason == NULL ? "" : c->reason,
			      pdf_change_name(seen->level), seen->reason,
			      seen->covers ? seen->cover_reason : "no cover");
	return good;
}

static void test_table(void **state)
{
	struct pdf_changes seen;
	const struct change *c;
	struct make m;
	size_t i, k, bad = 0;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		c = &changes[i];
		make_signed_base(&m);
		for (k = 0; k < 4 && c->objects[k].num != 0; k++)
			make_obj(&m, c->objects[k].num, c->objects[k].body);
		if (c->freed != 0)
			make_free(&m, c->freed);
		make_table(&m, c->trailer == NULL ? "" : c->trailer);
		if (c->level == PDF_CHANGE_NONE) {
			make_refused(&m, DEED_MALFORMED);
		} else {
			make_open(&m);
			assert_ok(pdf_changes_after(m.doc, 1, &seen, err));
			bad += !is_expected(c, &seen);
			/* The newest revision has nothing after it. */
			assert_ok(pdf_changes_after(m.doc, 2, &seen, err));
			assert_int_equal(seen.level, PDF_CHANGE_NONE);
		}
		make_clear(&m);
	}
	assert_int_equal(bad, 0);
}

static void check(struct make *m, size_t revision, enum pdf_change level,
		  const char *reason)
{
	struct change c = { .what = "update",
			    .level = level,
			    .reason = reason };
	struct pdf_changes seen;

	make_open(m);
	assert_ok(pdf_changes_after(m->doc, revision, &seen, err));
	assert_true(is_expected(&c, &seen));
	make_clear(m);
}

static void test_second_signature(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_second(&m);
	check(&m, 1, PDF_CHANGE_FORM_FILL, NULL);
}

/* Signing the empty field is the step from revision 0 to 1. */
static void test_first_signature(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	check(&m, 0, PDF_CHANGE_FORM_FILL, NULL);
}

static void test_document_timestamp(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 5, "<</Fields[6 0 R 7 0 R 12 0 R]" FORM ">>");
	make_obj(&m, 12, "<</FT/Sig/T(two)/V 13 0 R>>");
	make_signature(&m, 13, "/Type/DocTimeStamp");
	make_table(&m, "");
	make_signed(&m);
	check(&m, 1, PDF_CHANGE_ARCHIVAL, NULL);
}

/* A further signature that changes a page on the way. */
static void test_signature_with_baggage(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_stream(&m, 10, "/Subtype/Form/BBox[0 0 9 9]",
		    "the amount is 10000");
	make_second(&m);
	check(&m, 1, PDF_CHANGE_OTHER, "object 10");
}

/* One harmless step does not hide another that was not; undoing a change
 * does not undo that it was made. */
static void test_steps_add_up(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	make_stream(&m, 4, "", "q Q");
	make_table(&m, "");
	make_stream(&m, 4, "", "q /X Do Q");
	make_table(&m, "");
	check(&m, 1, PDF_CHANGE_OTHER, "object 4");
}

/* The look of a field that is filled in is the page's content too. */
static void test_shared_appearance(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 6, TEXT "/V(abc)/AP<</N 10 0 R>>>>");
	make_obj(&m, 7, SIG "/V 11 0 R>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	make_obj(&m, 6, TEXT "/V(new)/AP<</N 10 0 R>>>>");
	make_stream(&m, 10, "/Subtype/Form/BBox[0 0 9 9]", "evil");
	make_table(&m, "");
	check(&m, 1, PDF_CHANGE_OTHER, "object 10");
}

/* The same, the page being left alone: shared is enough. */
static void test_shared_appearance_replaced(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 6, TEXT "/V(abc)/AP<</N 10 0 R>>>>");
	make_obj(&m, 7, SIG "/V 11 0 R>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	make_obj(&m, 6, TEXT "/V(new)/AP<</N 20 0 R>>>>");
	make_stream(&m, 20, "/Subtype/Form/BBox[0 0 9 9]", "fine");
	make_table(&m, "");
	check(&m, 1, PDF_CHANGE_OTHER, "used elsewhere");
}

/* An object that the signed page refers to, and that is not there yet. */
static void test_prepared_hole(void **state)
{
	struct make m;

	(void)state;
	make_base(&m);
	make_obj(&m, 3,
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		 "/Contents[4 0 R 30 0 R]/Resources<<>>"
		 "/Annots[6 0 R 7 0 R]>>");
	make_obj(&m, 7, SIG "/V 11 0 R>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	make_stream(&m, 30, "", "evil");
	make_table(&m, "");
	check(&m, 1, PDF_CHANGE_OTHER, "object 30");
}

/* A later revision that shows an object by /XRefStm alone. */
static void test_hybrid(void **state)
{
	char trailer[64];
	struct make m;
	uint64_t at;

	(void)state;
	make_signed_base(&m);
	at = m.b.len;
	buf_printf(&m.b, "20 0 obj\n<</Type/XRef/Size 21/W[1 4 1]/Index[4 1]"
			 "/Length 6>>\nstream\n");
	buf_append(&m.b, "\001\000\000", 3);
	buf_byte(&m.b, (uint8_t)((at + 200) >> 8));
	buf_byte(&m.b, (uint8_t)(at + 200));
	buf_append(&m.b, "\000\nendstream\nendobj\n", 19);
	buf_fill(&m.b, ' ', (size_t)(at + 200) - m.b.len);
	buf_str(&m.b, "4 0 obj\n<<>>\nendobj\n");
	m.size = 21;
	snprintf(trailer, sizeof(trailer), "/XRefStm %" PRIu64, at);
	make_table(&m, trailer);
	make_open(&m);
	assert_true(pdf_hybrid_conflict(m.doc, NULL));
	check(&m, 1, PDF_CHANGE_OTHER, "/XRefStm");
}

/* A signed table that points behind its own revision, where nothing stood
 * yet, the revision before it having no recognisable end. */
static void test_prepared_offset(void **state)
{
	const struct pdf_object *o;
	struct make m;
	size_t at;

	(void)state;
	make_base(&m);
	/* No %%EOF of its own. */
	memcpy(m.b.data + make_find(&m, 0, "%%EOF"), "%%eof", 5);
	at = make_find(&m, 0, "\n4 1\n") + 5;
	memcpy(m.b.data + at, "0000009000", 10);
	make_obj(&m, 7, SIG "/V 11 0 R>>");
	make_signature(&m, 11, "");
	make_table(&m, "");
	make_signed(&m);
	buf_fill(&m.b, ' ', 9000 - m.b.len);
	make_obj(&m, 4, "<</Evil true>>");
	m.at[4] = 0;
	make_table(&m, "");
	make_open(&m);
	assert_int_equal(pdf_revision_get(m.doc, 0)->eof, 0);
	assert_status(DEED_MALFORMED,
		      pdf_get_object(m.doc, (struct pdf_ref){ 4, 0 }, &o, err));
	check(&m, 1, PDF_CHANGE_OTHER, "cannot be compared");
}

/* The look of a signature field: when it is signed, and at no other time. */
static void test_signature_looks(void **state)
{
	struct make m, n;

	(void)state;
	make_signed_base(&m);
	make_obj(&m, 5, "<</Fields[6 0 R 7 0 R 12 0 R 15 0 R]" FORM ">>");
	make_obj(&m, 12, "<</FT/Sig/T(two)/AP<</N 14 0 R>>>>");
	make_obj(&m, 14, "<<>>");
	make_obj(&m, 15, "<</FT/Sig/T(three)/Kids[16 0 R]>>");
	make_obj(&m, 16, "<</Parent 15 0 R/Subtype/Widget/AP<</N 14 0 R>>>>");
	make_table(&m, "");
	make_copy(&n, &m);

	/* Empty before, empty after. */
	make_obj(&n, 12, "<</FT/Sig/T(two)/AP<</N 20 0 R>>>>");
	make_obj(&n, 20, "<</New true>>");
	make_table(&n, "");
	check(&n, 2, PDF_CHANGE_OTHER, "/AP of the field 'two'");

	/* Signed; then the look is changed, in its widget. */
	make_obj(&m, 15, "<</FT/Sig/T(three)/Kids[16 0 R]/V 17 0 R>>");
	make_obj(&m, 16, "<</Parent 15 0 R/Subtype/Widget/AP<</N 20 0 R>>>>");
	make_obj(&m, 20, "<<>>");
	make_signature(&m, 17, "");
	make_table(&m, "");
	make_signed(&m);
	make_copy(&n, &m);
	check(&n, 2, PDF_CHANGE_FORM_FILL, NULL);
	make_obj(&m, 16, "<</Parent 15 0 R/Subtype/Widget/AP<</N 21 0 R>>>>");
	make_obj(&m, 21, "<</New true>>");
	make_table(&m, "");
	check(&m, 3, PDF_CHANGE_OTHER, "/AP of the field 'three'");
}

/* Malformed objects in a later revision: it cannot be told what they show. */
static void test_malformed_revision(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	m.at[4] = m.b.len;
	buf_str(&m.b, "4 0 obj\n<</A/B>\nendobj\n");
	make_table(&m, "");
	check(&m, 1, PDF_CHANGE_OTHER, "cannot be compared");
}

/* The signature's FieldMDP against the one field that is filled in. */
static void test_locks(void **state)
{
	static const struct {
		const char *lock;
		bool broken;
	} cases[] = {
		{ "", false },
		{ "/Action/All", true },
		{ "/Action/Include/Fields[(text)]", true },
		{ "/Action/Include/Fields[(tex)(other)]", false },
		{ "/Action/Exclude/Fields[(text)]", false },
		{ "/Action/Exclude/Fields[(other)]", true },
		{ "/Action/Include", false },
		{ "/Action/Exclude", true },
	};
	struct pdf_signatures list;
	struct pdf_changes seen;
	const char *name;
	char extra[256];
	struct make m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_base(&m);
		snprintf(extra, sizeof(extra),
			 "/Type/Sig/Reference[<</TransformMethod/%s"
			 "/TransformParams<<%s>>>>]",
			 i == 0 ? "Identity" : "FieldMDP", cases[i].lock);
		make_obj(&m, 7, SIG "/V 11 0 R>>");
		make_signature(&m, 11, extra);
		make_table(&m, "");
		make_signed(&m);
		make_obj(&m, 6, TEXT "/V(new)/AP<</N 9 0 R>>>>");
		make_table(&m, "");
		make_open(&m);
		assert_ok(pdf_signatures_find(m.doc, &list, err));
		assert_int_equal(list.count, 1);
		assert_ok(pdf_changes_after(m.doc, 1, &seen, err));
		assert_int_equal(seen.level, PDF_CHANGE_FORM_FILL);
		assert_int_equal(seen.filled_count, 1);
		assert_int_equal(
			pdf_lock_broken(m.doc, &list.list[0], &seen, &name),
			cases[i].broken);
		assert_string_equal(name, cases[i].broken ? "text" : "");
		pdf_signatures_clear(&list);
		make_clear(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_first_signature),
		cmocka_unit_test(test_second_signature),
		cmocka_unit_test(test_document_timestamp),
		cmocka_unit_test(test_signature_with_baggage),
		cmocka_unit_test(test_steps_add_up),
		cmocka_unit_test(test_shared_appearance),
		cmocka_unit_test(test_shared_appearance_replaced),
		cmocka_unit_test(test_prepared_hole),
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_prepared_offset),
		cmocka_unit_test(test_signature_looks),
		cmocka_unit_test(test_malformed_revision),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
