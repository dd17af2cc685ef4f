/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

/*
 * The rule of sight: one update of a signed document with text at the top, a
 * line to sign on, a form and tags; and what a reader sees, hears, copies or
 * runs by it.
 */
struct change {
	const char *what;
	struct {
		int num;
		const char *body;
	} objects[6];
	enum pdf_change level;
	const char *reason; /* of OTHER, or of the cover */
	bool covers;
	size_t boxes;
	const char *box; /* what the first of them is called, if that matters */
};

#define PAGE                                              \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]" \
	"/Contents 4 0 R/Resources<</Font<</F 8 0 R>>>>/StructParents 0"
#define ANNOTS "/Annots[6 0 R 7 0 R 16 0 R 17 0 R 18 0 R 20 0 R"
#define FIELDS "/Fields[6 0 R 7 0 R 16 0 R 17 0 R 18 0 R 19 0 R 20 0 R"
#define FORM "/SigFlags 3/DA(/F 9 Tf)/DR<</Font<</F 8 0 R>>>>/CO[17 0 R]"
#define CATALOG                                               \
	"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/MarkInfo" \
	"<</Marked true>>/StructTreeRoot 30 0 R"
#define NEW_PAGE(n)                             \
	{                                       \
		3, PAGE ANNOTS " " #n " 0 R]>>" \
	}
#define NEW_FORM(n)                                     \
	{                                               \
		5, "<<" FIELDS " " #n " 0 R]" FORM ">>" \
	}
#define ANNOT "<</Type/Annot/P 3 0 R/F 4"
#define WIDGET ANNOT "/Subtype/Widget"
#define LOOK "/AP<</N 9 0 R>>"
#define OVER "/Rect[20 360 80 380]"  /* over text */
#define BLANK "/Rect[20 200 80 230]" /* on blank paper */
#define LINE "/Rect[20 95 120 130]"  /* on the line */

/* A signature on the way. */
#define SIGN(rect, more)                                                      \
	NEW_PAGE(40), NEW_FORM(40),                                           \
		{ 40, WIDGET "/FT/Sig/T(two)/V 41 0 R" rect LOOK more ">>" }, \
	{                                                                     \
		41, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"           \
	}

#define ROOT_BODY(kids, nums, next, role)                            \
	"<</Type/StructTreeRoot/K[" kids "]/ParentTree<</Nums[" nums \
	"]>>/ParentTreeNextKey " next "/RoleMap<</X/" role ">>>>"
#define ROOT(kids, nums, next, role)                  \
	{                                             \
		30, ROOT_BODY(kids, nums, next, role) \
	}
#define ELEMENT(text)                                                         \
	{                                                                     \
		42, "<</Type/StructElem/S/Form/P 30 0 R/Alt" text "/K<</Type" \
		    "/OBJR/Obj 40 0 R/Pg 3 0 R>>>>"                           \
	}

static const struct change changes[] = {
	/* Boxes. */
	{ .what = "a signature on blank paper",
	  .objects = { SIGN(BLANK, "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "a signature on the line",
	  .objects = { SIGN(LINE, "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "a signature over text",
	  .objects = { SIGN(OVER, "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "on page 1 the field 'two' lies over text",
	  .boxes = 1 },
	{ .what = "a signature as large as half a page",
	  .objects = { SIGN("/Rect[0 0 400 200]", "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "more than a quarter",
	  .boxes = 1 },
	{ .what = "a signature as thin as a line through a figure",
	  .objects = { SIGN("/Rect[50 360 50.5 390]", "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "lies over text",
	  .boxes = 1 },
	{ .what = "annotations that are no list",
	  .objects = { { 3, PAGE "/Annots 40 0 R>>" }, { 40, "<<>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "is no list" },
	{ .what = "a signature that nobody sees",
	  .objects = { SIGN("/Rect[0 0 0 0]", "") },
	  .level = PDF_CHANGE_FORM_FILL },
	{ .what = "one with a key twice",
	  .objects = { SIGN(OVER, "/F 6") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "cannot be compared" },
	{ .what = "a time-stamp that is seen",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, WIDGET "/FT/Sig/T(two)/V 41 0 R" BLANK LOOK ">>" },
		       { 41, "<</Type/DocTimeStamp/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "a time-stamp by /Multiply, over which MuPDF draws",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, WIDGET "/FT/Sig/T(two)/V 41 0 R" OVER
				    "/AP<</N 21 0 R>>>>" },
		       { 41, "<</Type/DocTimeStamp/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .boxes = 1 },
	{ .what = "and its kind stands elsewhere",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, ANNOT "/Subtype 42 0 R/FT/Sig/T(two)/V 41 0 R" OVER
				   "/AP<</N 21 0 R>>>>" },
		       { 41, "<</Type/DocTimeStamp/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" },
		       { 42, "/Widget" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "the field 'two' lies over text",
	  .boxes = 1 },
	{ .what = "a signature by it",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, WIDGET "/FT/Sig/T(two)/V 41 0 R" OVER
				    "/AP<</N 21 0 R>>>>" },
		       { 41,
			 "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1,
	  .box = "ink over text by field 'two'" },
	{ .what = "one beside the text",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, WIDGET "/FT/Sig/T(two)/V 41 0 R" BLANK
				    "/AP<</N 21 0 R>>>>" },
		       { 41,
			 "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1,
	  .box = "field 'two'" },
	{ .what = "the empty field signed in its place",
	  .objects = { { 18, WIDGET "/FT/Sig/T(empty)/Rect[20 350 390 390]"
				    "/V 41 0 R" LOOK ">>" },
		       { 41, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "the empty field taken from sight and signed",
	  .objects = { { 18,
			 WIDGET "/FT/Sig/T(empty)/Rect[0 0 0 0]/V 41 0 R>>" },
		       { 41, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "and moved over text",
	  .objects = { { 18, WIDGET "/FT/Sig/T(empty)/Rect[0 300 390 390]"
				    "/V 41 0 R" LOOK ">>" },
		       { 41, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .boxes = 2 },
	{ .what = "the field on no page signed and placed",
	  .objects = { NEW_PAGE(19),
		       { 19,
			 WIDGET "/FT/Sig/T(nowhere)/V 41 0 R" BLANK LOOK ">>" },
		       { 41, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "and placed over text",
	  .objects = { NEW_PAGE(19),
		       { 19,
			 WIDGET "/FT/Sig/T(nowhere)/V 41 0 R" OVER LOOK ">>" },
		       { 41, "<</Type/Sig/ByteRange[0 1 2 3]"
			     "/Contents<00>>>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "lies over text",
	  .boxes = 1 },
	{ .what = "the field on no page placed unsigned",
	  .objects = { NEW_PAGE(19) },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "object 19 is put on page 1" },
	{ .what = "a note's icon over text",
	  .objects = { NEW_PAGE(40), { 40, ANNOT "/Subtype/Text" OVER ">>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .reason = "the annotation /Text lies over text",
	  .boxes = 1 },
	{ .what = "an icon whose square reaches further",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Text/Rect[20 392 21 393]>>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .boxes = 1 },
	{ .what = "a note beside it",
	  .objects = { NEW_PAGE(40), { 40, ANNOT "/Subtype/Text" BLANK ">>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .boxes = 1 },
	{ .what = "an icon of a kind that stands elsewhere",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype 42 0 R/Rect[20 392 21 393]>>" },
		       { 42, "/Text" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .reason = "the annotation /Text lies over text",
	  .boxes = 1 },
	{ .what = "a signature over the edge of the page",
	  .objects = { SIGN("/Rect[380 200 410 220]", "") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "lies over the edge",
	  .boxes = 1 },
	{ .what = "by a rectangle that stands elsewhere",
	  .objects = { SIGN("/Rect 42 0 R", ""), { 42, "[380 200 410 220]" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .covers = true,
	  .reason = "lies over the edge",
	  .boxes = 1 },
	{ .what = "a pop-up, which is no part of the page",
	  .objects = { NEW_PAGE(40), { 40, ANNOT "/Subtype/Popup" OVER ">>" } },
	  .level = PDF_CHANGE_ANNOTATION },
	{ .what = "a border of a hundred points",
	  .objects = { NEW_PAGE(40),
		       { 40,
			 ANNOT "/Subtype/Link/Border[0 0 140]" BLANK ">>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .boxes = 1 },
	{ .what = "a link without one",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Link/Border[0 0 0]" OVER ">>" } },
	  .level = PDF_CHANGE_ANNOTATION },
	{ .what = "a line whose points lie beside /Rect",
	  .objects = { NEW_PAGE(40),
		       { 40,
			 ANNOT "/Subtype/Line/L[0 0 400 400]" BLANK ">>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .boxes = 1 },
	{ .what = "an appearance that cannot be scaled",
	  .objects = { NEW_PAGE(40),
		       { 40,
			 ANNOT "/Subtype/Stamp/AP<</N 15 0 R>>" BLANK ">>" } },
	  .level = PDF_CHANGE_ANNOTATION,
	  .covers = true,
	  .boxes = 1 },
	{ .what = "the signed stamp gone",
	  .objects = { { 3, PAGE "/Annots[6 0 R 7 0 R 16 0 R 17 0 R 18 0 R"
				 "]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "taken off" },
	{ .what = "an empty field that would be drawn by /MK",
	  .objects = { NEW_PAGE(40),
		       NEW_FORM(40),
		       { 40, WIDGET "/FT/Sig/T(two)/MK<</BC[1 0 0]>>"
				    "/BS<</W 100>>" BLANK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "shows something" },

	/* What may act. */
	{ .what = "a link with a script",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Link/Border[0 0 0]/A"
				   "<</S/JavaScript/JS(x)>>" BLANK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "an action is added" },
	{ .what = "an event",
	  .objects = { NEW_PAGE(40),
		       { 40,
			 ANNOT "/Subtype/Text/AA<</PV 9 0 R>>" BLANK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/AA of object 40" },
	{ .what = "an action on a key of its own",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Link/Border[0 0 0]/PA 41 0 R" BLANK
				   ">>" },
		       { 41, "<</S/URI/URI(x)>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/PA of object 40" },
	{ .what = "an action on a key that nobody knows",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Text/Foo 41 0 R" BLANK ">>" },
		       { 41, "<</S/Launch/F(x)>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Foo of object 40" },
	{ .what = "a film",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype/Screen" BLANK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "plays" },
	{ .what = "a film by another word for it",
	  .objects = { NEW_PAGE(40),
		       { 40, ANNOT "/Subtype 42 0 R" BLANK ">>" },
		       { 42, "/Screen" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "plays" },
	{ .what = "a signature with a script",
	  .objects = { SIGN(BLANK, "/AA<</E<</S/JavaScript/JS(x)>>>>") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "an action is added" },

	/* The form. */
	{ .what = "a field filled in with a look of its own",
	  .objects = { { 6, WIDGET "/FT/Tx/T(text)/Rect[20 300 80 310]/V(new)"
				   "/DA(/G 12 Tf)/Q 2" LOOK ">>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "its font alone",
	  .objects = { { 6, WIDGET "/FT/Tx/T(text)/Rect[20 300 80 310]/V(abc)"
				   "/DA(/F 12 Tf)" LOOK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/DA of the field 'text'" },
	{ .what = "a read-only field filled in",
	  .objects = { { 16, WIDGET "/FT/Tx/T(fixed)/Ff 1/Rect[90 300 99 310]"
				    "/V(new)" LOOK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "'fixed' is filled in although it is read-only" },
	{ .what = "one that readers calculate",
	  .objects = { { 17, WIDGET "/FT/Tx/T(sum)/Ff 1/Rect[100 300 120 310]"
				    "/V(new)" LOOK ">>" } },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "a push button with a picture",
	  .objects = { { 20, WIDGET "/FT/Btn/T(button)/Ff 65536"
				    "/Rect[130 300 150 310]/V/On" LOOK ">>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "which holds no value" },
	{ .what = "a font under a name that fields use",
	  .objects = { { 5, "<<" FIELDS "]/SigFlags 3/DA(/F 9 Tf)/CO[17 0 R]"
			    "/DR<</Font<</F 8 0 R/H 8 0 R>>>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/H" },
	{ .what = "a font under a new one",
	  .objects = { { 5, "<<" FIELDS "]/SigFlags 3/DA(/F 9 Tf)/CO[17 0 R]"
			    "/DR<</Font<</F 8 0 R/New 8 0 R>>>>>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "readers are to draw the fields",
	  .objects = { { 5, "<<" FIELDS "]" FORM "/NeedAppearances true>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/NeedAppearances" },
	{ .what = "an empty field",
	  .objects = { NEW_FORM(40), { 40, "<</FT/Sig/T(more)>>" } },
	  .level = PDF_CHANGE_ANNOTATION },

	/* What is read aloud. */
	{ .what = "a signature with its element",
	  .objects = { SIGN(BLANK, "/StructParent 1/TU(Sign here)"),
		       ROOT("31 0 R 42 0 R", "0[31 0 R]1 42 0 R", "2", "P"),
		       ELEMENT("(Sign here)") },
	  .level = PDF_CHANGE_FORM_FILL,
	  .boxes = 1 },
	{ .what = "an element that says something else",
	  .objects = { SIGN(BLANK, "/StructParent 1/TU(Sign here)"),
		       ROOT("31 0 R 42 0 R", "0[31 0 R]1 42 0 R", "2", "P"),
		       ELEMENT("(The price is 99999)") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "says something else" },
	{ .what = "an element before the others",
	  .objects = { SIGN(BLANK, "/StructParent 1/TU(Sign here)"),
		       ROOT("42 0 R 31 0 R", "0[31 0 R]1 42 0 R", "2", "P"),
		       ELEMENT("(Sign here)") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "an element is another" },
	{ .what = "other words for the text",
	  .objects = { { 31, "<</Type/StructElem/S/P/P 30 0 R/K 0"
			     "/ActualText(99999)>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/ActualText of a structure element" },
	{ .what = "another element for the text",
	  .objects = { ROOT("31 0 R 40 0 R", "0[31 0 R]", "1", "P"),
		       { 40, "<</Type/StructElem/S/P/P 30 0 R/K 0>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "no new signature's" },
	{ .what = "the parent tree leads elsewhere",
	  .objects = { { 30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree"
			     "<</Nums[0[40 0 R]]>>/ParentTreeNextKey 1"
			     "/RoleMap<</X/P>>>>" },
		       { 40, "<</Type/StructElem/S/H1/P 30 0 R/K 0>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "parent tree" },
	{ .what = "another meaning of a role",
	  .objects = { ROOT("31 0 R", "0[31 0 R]", "1", "Artifact") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/RoleMap" },
	{ .what = "a map that maps nothing",
	  .objects = { { 30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree"
			     "<</Nums[0[31 0 R]]>>/ParentTreeNextKey 1/RoleMap"
			     "<</X/P>>/ClassMap<<>>>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "one that does",
	  .objects = { { 30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree"
			     "<</Nums[0[31 0 R]]>>/ParentTreeNextKey 1/RoleMap"
			     "<</X/P>>/ClassMap<</C<</O/Layout>>>>>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/ClassMap" },
	{ .what = "nothing is tagged any more",
	  .objects = { ROOT("", "0[31 0 R]", "1", "P") },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "taken out" },

	/* Equal content, and notes of producers. */
	{ .what = "resources under a new number",
	  .objects = { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]"
			    "/Contents 4 0 R/Resources 40 0 R/StructParents "
			    "0" ANNOTS "]>>" },
		       { 40, "<</Font<</F 41 0 R>>>>" },
		       { 41, "<</Type/Font/Subtype/Type1/BaseFont"
			     "/Helvetica>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "what holds without being said",
	  .objects = { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]"
			    "/CropBox[0 0 400 400]/Rotate 0/Contents[4 0 R]"
			    "/Resources<</Font<</F 8 0 R>>>>/StructParents "
			    "0" ANNOTS "]>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "a page turned",
	  .objects = { { 3, PAGE "/Rotate 90" ANNOTS "]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Rotate of page 1" },
	{ .what = "a page cut",
	  .objects = { { 3, PAGE "/CropBox[0 0 400 300]" ANNOTS "]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/CropBox of page 1" },
	{ .what = "another font under a new number",
	  .objects = { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]"
			    "/Contents 4 0 R/Resources 40 0 R/StructParents "
			    "0" ANNOTS "]>>" },
		       { 40, "<</Font<</F 41 0 R>>>>" },
		       { 41, "<</Type/Font/Subtype/Type1/BaseFont/Times>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Resources of page 1" },
	{ .what = "an older object in its place",
	  .objects = { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]"
			    "/Contents 14 0 R/Resources<</Font<</F 8 0 R>>>>"
			    "/StructParents 0" ANNOTS "]>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Contents of page 1" },
	{ .what = "a loop under new numbers",
	  .objects = { { 1, CATALOG "/Outlines 40 0 R>>" },
		       { 40, "<</First 41 0 R>>" },
		       { 41, "<</Parent 40 0 R/Next 41 0 R>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Outlines" },
	{ .what = "a producer's notes",
	  .objects = { { 1, CATALOG "/ITXT(5.5)/PieceInfo<</X 1>>>>" } },
	  .level = PDF_CHANGE_ARCHIVAL },
	{ .what = "a version that leads nowhere",
	  .objects = { { 1, CATALOG "/Version 99 0 R>>" } },
	  .level = PDF_CHANGE_OTHER,
	  .reason = "/Version" },
};

static void make_document(struct make *m)
{
	make_init(m);
	make_obj(m, 1, CATALOG ">>");
	make_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	make_obj(m, 3, PAGE ANNOTS "]>>");
	make_stream(m, 4, "",
		    "BT /F 20 Tf 20 365 Td (The price is 10) Tj ET\n"
		    "20 100 m 120 100 l S\n"
		    "BT /F 9 Tf 20 101 Td (____________) Tj ET");
	make_obj(m, 5, "<<" FIELDS "]" FORM ">>");
	make_obj(m, 6,
		 WIDGET "/FT/Tx/T(text)/Rect[20 300 80 310]/V(abc)"
			"/DA(/H 9 Tf)" LOOK ">>");
	make_obj(m, 7, WIDGET "/FT/Sig/T(one)/Rect[0 0 0 0]/V 11 0 R>>");
	make_obj(m, 8, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
	make_stream(m, 9, "/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f");
	make_stream(m, 14, "",
		    "BT /F 20 Tf 20 365 Td (The price is 10) Tj ET\n"
		    "20 100 m 120 100 l S\n"
		    "BT /F 9 Tf 20 101 Td (____________) Tj ET");
	make_stream(m, 15, "/Subtype/Form/BBox[0 0 0 0]", "0 0 9 9 re f");
	make_obj(m, 16,
		 WIDGET "/FT/Tx/T(fixed)/Ff 1/Rect[90 300 99 310]"
			"/V(abc)" LOOK ">>");
	make_obj(m, 17,
		 WIDGET "/FT/Tx/T(sum)/Ff 1/Rect[100 300 120 310]"
			"/V(1)" LOOK ">>");
	make_obj(m, 18, WIDGET "/FT/Sig/T(empty)/Rect[20 350 390 390]>>");
	make_obj(m, 19, "<</FT/Sig/T(nowhere)>>");
	make_obj(m, 20,
		 WIDGET "/FT/Btn/T(button)/Ff 65536"
			"/Rect[130 300 150 310]" LOOK ">>");
	make_stream(m, 21,
		    "/Subtype/Form/BBox[0 0 9 9]/Resources<</ExtGState"
		    "<</M<</BM/Multiply>>>>>>",
		    "/M gs 0 0 9 9 re f");
	make_obj(m, 30, ROOT_BODY("31 0 R", "0[31 0 R]", "1", "P"));
	make_obj(m, 31, "<</Type/StructElem/S/P/P 30 0 R/K 0>>");
	make_signature(m, 11, "/Type/Sig");
	make_table(m, "");
	make_signed(m);
}

/* A cover is a box that is listed, or told to be none. */
static bool is_placed(const struct pdf_changes *seen)
{
	bool placed = seen->covers_unlisted;
	size_t i;

	for (i = 0; i < seen->box_count && i < PDF_CHANGE_BOXES; i++)
		placed |= seen->boxes[i].covers;
	return placed == seen->covers;
}

static bool is_expected(const struct change *c, const struct pdf_changes *seen)
{
	const char *told = seen->level == PDF_CHANGE_OTHER ? seen->reason
							   : seen->cover_reason;
	bool good =
		seen->level == c->level && seen->covers == c->covers &&
		is_placed(seen) &&
		(c->level == PDF_CHANGE_OTHER || seen->box_count == c->boxes) &&
		(c->box == NULL || strcmp(seen->boxes[0].what, c->box) == 0) &&
		(c->reason == NULL || strstr(told, c->reason) != NULL);

	if (!good)
		print_message("# %s: expected %s, %s, %zu boxes, '%s'; got "
			      "%s, %s, %zu boxes, '%s'\n",
			      c->what, pdf_change_name(c->level),
			      c->covers ? "a cover" : "no cover", c->boxes,
			      c->reason == NULL ? "" : c->reason,
			      pdf_change_name(seen->level),
			      seen->covers ? "a cover" : "no cover",
			      seen->box_count, told);
	return good;
}

static void test_table(void **state)
{
	struct pdf_changes seen;
	const struct change *c;
	size_t i, k, bad = 0;
	struct make m;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		c = &changes[i];
		make_document(&m);
		for (k = 0; k < 6 && c->objects[k].num != 0; k++)
			make_obj(&m, c->objects[k].num, c->objects[k].body);
		make_table(&m, "");
		make_open(&m);
		assert_ok(pdf_changes_after(m.doc, 0, &seen, err));
		bad += !is_expected(c, &seen);
		make_clear(&m);
	}
	assert_int_equal(bad, 0);
}

/* A place that came after the first signature and before the second: in it
 * the third covers what the first signed, and not what the second did. */
static void test_place_between(void **state)
{
	struct pdf_changes seen;
	struct make m;

	(void)state;
	make_document(&m);
	make_obj(&m, 3, PAGE ANNOTS " 40 0 R]>>");
	make_obj(&m, 5, "<<" FIELDS " 40 0 R]" FORM ">>");
	make_obj(&m, 40, WIDGET "/FT/Sig/T(between)" OVER ">>");
	make_table(&m, "");
	make_obj(&m, 40, WIDGET "/FT/Sig/T(between)/V 41 0 R" OVER LOOK ">>");
	make_obj(&m, 41, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_changes_after(m.doc, 0, &seen, err));
	assert_int_equal(seen.level, PDF_CHANGE_ANNOTATION);
	assert_true(seen.covers);
	assert_non_null(strstr(seen.cover_reason, "'between' lies over text"));
	assert_int_equal(seen.box_count, 2);
	assert_ok(pdf_changes_after(m.doc, 1, &seen, err));
	assert_int_equal(seen.level, PDF_CHANGE_FORM_FILL);
	assert_false(seen.covers);
	make_clear(&m);
}

/* Field 40 is signed in a third revision: does it cover what stood in the
 * second? */
static bool sign_covers(struct make *m)
{
	struct pdf_changes seen;

	make_obj(m, 41, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>");
	make_table(m, "");
	make_open(m);
	assert_ok(pdf_changes_after(m->doc, 1, &seen, err));
	assert_int_equal(seen.level, PDF_CHANGE_FORM_FILL);
	make_clear(m);
	return seen.covers;
}

/* A field that nobody saw when the first signed is filled over text: hidden by
 * its own flags, or by flags that stand elsewhere. */
static void test_place_unseen(void **state)
{
	static const struct {
		const char *flags;
		bool covers;
	} list[] = {
		{ "4", false },	    { "2", true },	 { "43 0 R", true },
		{ "44 0 R", true }, { "45 0 R", false },
	};
	char field[256];
	struct make m;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		make_document(&m);
		make_obj(&m, 3, PAGE ANNOTS " 40 0 R]>>");
		make_obj(&m, 5, "<<" FIELDS " 40 0 R]" FORM ">>");
		(void)snprintf(field, sizeof(field),
			       "<</Type/Annot/P 3 0 R/F %s/Subtype/Widget"
			       "/FT/Sig/T(hidden)" OVER ">>",
			       list[i].flags);
		make_obj(&m, 40, field);
		make_obj(&m, 43, "2");
		make_obj(&m, 44, "38");
		make_obj(&m, 45, "4");
		make_table(&m, "");
		make_obj(&m, 40,
			 WIDGET "/FT/Sig/T(hidden)/V 41 0 R" OVER LOOK ">>");
		if (sign_covers(&m) != list[i].covers)
			fail_msg("/F %s: %s", list[i].flags,
				 list[i].covers ? "covers nothing" : "covers");
	}
}

/* Where readers draw fields anew, what multiplies is drawn over by /MK. */
static void test_drawn_anew(void **state)
{
	static const struct {
		const char *form, *more;
		bool covers;
	} list[] = {
		{ "/NeedAppearances true", "/MK<</BC[1 0 0]>>", true },
		{ "/NeedAppearances true", "/MK<</BG[1]>>", true },
		{ "/NeedAppearances 43 0 R", "/MK<</CA(9)>>", true },
		{ "/NeedAppearances true", "/MK<</R 90>>", false },
		{ "/NeedAppearances true", "", false },
		{ "/NeedAppearances false", "/MK<</BG[1]>>", false },
		{ "", "/MK<</BG[1]>>", false },
	};
	char body[512];
	struct make m;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		make_document(&m);
		(void)snprintf(body, sizeof(body), "<<" FIELDS "]" FORM "%s>>",
			       list[i].form);
		make_obj(&m, 5, body);
		make_obj(&m, 43, "true");
		make_table(&m, "");
		make_obj(&m, 3, PAGE ANNOTS " 40 0 R]>>");
		(void)snprintf(body, sizeof(body),
			       "<<" FIELDS " 40 0 R]" FORM "%s>>",
			       list[i].form);
		make_obj(&m, 5, body);
		(void)snprintf(body, sizeof(body),
			       WIDGET "/FT/Sig/T(two)/V 41 0 R" OVER
				      "/AP<</N 21 0 R>>%s>>",
			       list[i].more);
		make_obj(&m, 40, body);
		if (sign_covers(&m) != list[i].covers)
			fail_msg("%s %s: %s", list[i].form, list[i].more,
				 list[i].covers ? "covers nothing" : "covers");
	}
}

/* A widget shows the value of the field above it, where readers draw it: this
 * one on paper alone. */
static void test_value_above(void **state)
{
	struct pdf_changes seen;
	struct make m;

	(void)state;
	make_document(&m);
	make_obj(&m, 3, PAGE ANNOTS " 41 0 R]>>");
	make_obj(&m, 5, "<<" FIELDS " 40 0 R]" FORM ">>");
	make_obj(&m, 40, "<</FT/Tx/T(above)/Kids[41 0 R]>>");
	make_obj(&m, 41,
		 "<</Type/Annot/P 3 0 R/F 36/Subtype/Widget/Parent 40 0 R" OVER
		 ">>");
	make_table(&m, "");
	make_obj(&m, 40, "<</FT/Tx/T(above)/Kids[41 0 R]/V(new)>>");
	make_table(&m, "");
	make_open(&m);
	assert_ok(pdf_changes_after(m.doc, 1, &seen, err));
	assert_int_equal(seen.level, PDF_CHANGE_FORM_FILL);
	assert_true(seen.covers);
	assert_non_null(strstr(seen.cover_reason, "'above' lies over text"));
	make_clear(&m);
}

/* What keeps its size, however small the page is shown, reaches further than
 * its rectangle; its flags may stand elsewhere. */
static void test_fixed_size(void **state)
{
	static const struct {
		const char *flags;
		bool covers;
	} list[] = {
		{ "4", false },
		{ "12", true },
		{ "42 0 R", true },
	};
	struct pdf_changes seen;
	char stamp[256];
	struct make m;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		make_document(&m);
		make_obj(&m, 3, PAGE ANNOTS " 40 0 R]>>");
		(void)snprintf(stamp, sizeof(stamp),
			       "<</Type/Annot/P 3 0 R/Subtype/Stamp/F %s"
			       "/Rect[20 388 60 399]" LOOK ">>",
			       list[i].flags);
		make_obj(&m, 40, stamp);
		make_obj(&m, 42, "12");
		make_table(&m, "");
		make_open(&m);
		assert_ok(pdf_changes_after(m.doc, 0, &seen, err));
		assert_int_equal(seen.level, PDF_CHANGE_ANNOTATION);
		if (seen.covers != list[i].covers)
			fail_msg("/F %s: %s", list[i].flags,
				 seen.covers ? "covers" : "covers nothing");
		make_clear(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value_above),
		cmocka_unit_test(test_drawn_anew),
		cmocka_unit_test(test_fixed_size),
		cmocka_unit_test(test_place_unseen),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_place_between),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
