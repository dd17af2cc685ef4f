/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "pdf/marks.h"

/*
 * The data is the content of a page, a form and a ToUnicode map at once, so
 * that each is followed from each.
 */
static void write_page(struct buf *b, struct slice data)
{
	static const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		"/Contents 9 0 R/Resources 4 0 R/Annots[8 0 R"
		"<</Subtype/Widget/FT/Tx/V(a)/Rect[1 1 9 9]>>"
		"<</Subtype/Ink/InkList[[1 1 50 50]]/Rect[1 1 9 9]>>"
		"<</Subtype/Text/F 28/Rect[1 1 9 9]>>"
		"<</Subtype/Link/Rect[1 1 9 9]>>"
		"<</Subtype/Widget/AS/A/AP<</N<</A 9 0 R>>>>"
		"/Rect[9 9 60 20]>>]>>",
		"<</Font<</F 5 0 R/C 6 0 R/T 7 0 R>>/XObject<</X 9 0 R>>"
		"/ExtGState<</M<</BM/Multiply/LW 2>>/K<</SMask/None"
		"/Font[5 0 R 9]>>>>>>",
		"<</Type/Font/Subtype/TrueType/BaseFont/A/Encoding"
		"/WinAnsiEncoding/FirstChar 32/Widths[500 250 0 -9 500]"
		"/ToUnicode 9 0 R>>",
		"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H"
		"/ToUnicode 9 0 R/DescendantFonts[<</Subtype/CIDFontType2"
		"/W[1[500 250]3 9 2000]>>]>>",
		"<</Type/Font/Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]"
		"/FirstChar 97/Widths[100]/CharProcs<</a 9 0 R>>>>",
		"<</Subtype/Stamp/Rect[9 9 99 99]/AP<</N 9 0 R>>>>",
	};
	size_t i, count = sizeof(objects) / sizeof(objects[0]), at[16];
	unsigned long table;

	buf_str(b, "%PDF-1.7\n");
	for (i = 0; i < count; i++) {
		at[i] = b->len;
		buf_printf(b, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	at[count] = b->len;
	buf_printf(b,
		   "%zu 0 obj\n<</Subtype/Form/BBox[0 0 90 90]/Resources 4 0 R"
		   "/Length %zu>>\nstream\n",
		   count + 1, data.len);
	buf_slice(b, data);
	buf_str(b, "\nendstream\nendobj\n");
	table = b->len;
	buf_printf(b, "xref\n0 %zu\n0000000000 65535 f \n", count + 2);
	for (i = 0; i <= count; i++)
		buf_printf(b, "%010zu 00000 n \n", at[i]);
	buf_printf(b,
		   "trailer\n<</Root 1 0 R/Size %zu>>\nstartxref\n%lu\n"
		   "%%%%EOF\n",
		   count + 2, table);
}

static void look(struct pdf_document *doc)
{
	const struct pdf_rect page = { -INFINITY, -INFINITY, INFINITY,
				       INFINITY };
	const struct pdf_rect part = { 20, 20, 60, 60 };
	const struct pdf_object *form;
	enum pdf_mark_kind kind;
	struct pdf_marks *marks;
	bool multiply, nothing;

	assert(pdf_marks_read(doc, 0, &marks, NULL) == DEED_OK);
	/* What lies beneath a part lies beneath the whole. */
	if (pdf_marks_beneath(marks, &part, &kind))
		assert(pdf_marks_beneath(marks, &page, &kind));
	pdf_marks_free(marks);
	assert(pdf_get_object(doc, (struct pdf_ref){ 9, 0 }, &form, NULL) ==
	       DEED_OK);
	assert(pdf_paints_multiply(doc, form, &multiply, NULL) == DEED_OK);
	assert(pdf_paints_nothing(doc, form, &nothing, NULL) == DEED_OK);
	/* What paints nothing hides nothing. */
	assert(multiply || !nothing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_document *doc = NULL;
	struct buf bytes = BUF_INIT;
	struct pdf_input *in;

	write_page(&bytes, slice_of(data, size));
	assert(pdf_input_from_memory(buf_get(&bytes), "fuzz", &in, NULL) ==
	       DEED_OK);
	assert(pdf_open(in, &doc, NULL) == DEED_OK);
	look(doc);
	pdf_close(doc);
	pdf_input_close(in);
	buf_clear(&bytes);
	return 0;
}
