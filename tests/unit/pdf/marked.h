/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PDF_MARKED_H
#define DEED_TESTS_UNIT_PDF_MARKED_H

#include "make.h"
#include "pdf/marks.h"

/* A page to be painted on, and what lies beneath a box of it. */
#define NOTHING (-1)

static inline int ask(struct make *m, double x0, double y0, double x1,
		      double y1)
{
	const struct pdf_rect r = { x0, y0, x1, y1 };
	enum pdf_mark_kind kind = PDF_MARK_UNKNOWN;
	struct pdf_marks *marks;
	bool found;

	assert_ok(pdf_marks_read(m->doc, 0, &marks, err));
	found = pdf_marks_beneath(marks, &r, &kind);
	pdf_marks_free(marks);
	return found ? (int)kind : NOTHING;
}

/* Objects 1 to 3 are the page, 4 its content; more is the caller's. */
static inline void page_begin(struct make *m, const char *content,
			      const char *extra)
{
	char page[1024];

	make_init(m);
	make_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	make_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(page, sizeof(page),
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		 "/Contents 4 0 R/Resources 5 0 R%s>>",
		 extra);
	make_obj(m, 3, page);
	make_stream(m, 4, "", content);
	make_obj(m, 5,
		 "<</Font<</F 6 0 R/S 7 0 R/C 8 0 R/T 10 0 R/B 13 0 R>>"
		 "/XObject<</X 16 0 R/Y 17 0 R/Z 18 0 R/I 19 0 R>>"
		 "/ExtGState<</M 20 0 R/N 21 0 R/K 22 0 R>>"
		 "/Shading<</H 23 0 R>>/Pattern<</P 24 0 R>>>>");
	/* Every glyph half as wide as the size. */
	make_obj(m, 6,
		 "<</Type/Font/Subtype/TrueType/BaseFont/Made"
		 "/Encoding/WinAnsiEncoding/FirstChar 32/Widths["
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
		 "500 500 500 500 500 500]>>");
	make_obj(m, 7, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
	make_obj(m, 8,
		 "<</Type/Font/Subtype/Type0/BaseFont/Two/Encoding/Identity-H"
		 "/DescendantFonts[9 0 R]/ToUnicode 15 0 R>>");
	make_obj(m, 9,
		 "<</Type/Font/Subtype/CIDFontType2/BaseFont/Two/DW 1000"
		 "/W[1[500 250] 3 9 2000]>>");
	make_obj(m, 10,
		 "<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]"
		 "/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 99"
		 "/Widths[1000 1000 5000]/CharProcs<</a 11 0 R/b 12 0 R>>"
		 "/Encoding<</Differences[97/a/b]>>>>");
	make_stream(m, 11, "", "1000 0 d0 0 0 2000 3000 re f");
	make_stream(m, 12, "", "1000 0 0 0 10 10 d1 0 0 10 10 re f");
	make_obj(m, 13,
		 "<</Type/Font/Subtype/TrueType/BaseFont/Sub/FirstChar 1"
		 "/Widths[500 500 500]/Encoding<</Differences"
		 "[1/underscore/one/period]>>/FontDescriptor 14 0 R>>");
	make_obj(m, 14,
		 "<</Type/FontDescriptor/Flags 4/Ascent 900/Descent -210>>");
	make_stream(m, 15, "",
		    "/CIDInit/ProcSet findresource begin begincmap\n"
		    "1 begincodespacerange<0000><ffff>endcodespacerange\n"
		    "2 beginbfchar<0001><005f><0002><0031>endbfchar\n"
		    "1 beginbfrange<0010><0012>[<002e><0020><0041>]"
		    "endbfrange 1 beginbfrange<0020><0022><002d>endbfrange\n"
		    "endcmap");
	make_stream(m, 19,
		    "/Type/XObject/Subtype/Image/Width 1/Height 1"
		    "/BitsPerComponent 8/ColorSpace/DeviceGray",
		    "x");
	make_obj(m, 20, "<</BM/Multiply>>");
	make_obj(m, 21, "<</BM/Normal/LW 40>>");
	make_obj(m, 22, "<</BM[/Multiply/Normal]/SMask/None>>");
	make_obj(m, 23, "<</ShadingType 2>>");
	make_obj(m, 24, "<</PatternType 2/Shading 23 0 R>>");
}

static inline void page_end(struct make *m)
{
	make_table(m, "");
	make_open(m);
}

#endif
