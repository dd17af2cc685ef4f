/* SPDX-License-Identifier: Apache-2.0 */
#include "marked.h"

static int look(const char *content, double x0, double y0, double x1, double y1)
{
	struct make m;
	int kind;

	page_begin(&m, content, "");
	page_end(&m);
	kind = ask(&m, x0, y0, x1, y1);
	make_clear(&m);
	return kind;
}

struct look {
	const char *content;
	double x0, y0, x1, y1;
	int kind;
};

static void check(const struct look *l, size_t count)
{
	size_t i;
	int kind;

	for (i = 0; i < count; i++) {
		kind = look(l[i].content, l[i].x0, l[i].y0, l[i].x1, l[i].y1);
		if (kind != l[i].kind)
			fail_msg("%s: at %g,%g is %d, expected %d",
				 l[i].content, l[i].x0, l[i].y0, kind,
				 l[i].kind);
	}
}

#define CHECK(list) check(list, sizeof(list) / sizeof((list)[0]))

static void test_paths(void **state)
{
	static const struct look list[] = {
		{ "", 0, 0, 200, 200, NOTHING },
		{ "10 10 50 50 re f", 0, 0, 200, 200, NOTHING },
		{ "10 10 m 60 10 l S", 0, 0, 200, 200, NOTHING },
		{ "10 10 m 60 10 l 60 60 l 10 60 l h B", 0, 0, 200, 200,
		  NOTHING },
		/* Slanted. */
		{ "10 10 m 60 12 l S", 0, 0, 200, 200, PDF_MARK_PATH },
		{ "10 10 m 60 12 l S", 70, 70, 80, 80, NOTHING },
		{ "10 10 m 60 12 l n", 0, 0, 200, 200, NOTHING },
		/* Closed by the filling alone. */
		{ "10 10 m 60 10 l 60 60 l f", 0, 0, 200, 200, PDF_MARK_PATH },
		{ "10 10 m 60 10 l 60 60 l S", 0, 0, 200, 200, NOTHING },
		{ "10 10 m 60 10 l 60 60 l s", 0, 0, 200, 200, PDF_MARK_PATH },
		/* Curves, with their control points. */
		{ "10 10 m 20 90 30 90 40 10 c S", 25, 80, 26, 81,
		  PDF_MARK_PATH },
		{ "10 10 m 30 90 40 10 v S", 25, 80, 30, 81, PDF_MARK_PATH },
		{ "10 10 m 30 90 40 10 y S", 25, 80, 30, 81, PDF_MARK_PATH },
		/* Turned. */
		{ "0 1 -1 0 100 0 cm 10 10 50 5 re f", 0, 0, 200, 200,
		  NOTHING },
		{ ".7 .7 -.7 .7 100 0 cm 10 10 50 5 re f", 0, 0, 200, 200,
		  PDF_MARK_PATH },
		{ "q .7 .7 -.7 .7 100 0 cm Q 10 10 50 5 re f", 0, 0, 200, 200,
		  NOTHING },
		/* A wide line reaches further. */
		{ "10 10 m 60 14 l S", 30, 30, 40, 40, NOTHING },
		{ "40 w 10 10 m 60 14 l S", 30, 28, 40, 40, PDF_MARK_PATH },
		{ "/N gs 10 10 m 60 14 l S", 30, 28, 40, 40, PDF_MARK_PATH },
		{ "20 0 0 20 0 0 cm 3 1 m 4 2 l S", 10, 30, 40, 50,
		  PDF_MARK_PATH },
		/* Patterns and shadings. */
		{ "/Pattern cs/P scn 10 10 50 50 re f", 0, 0, 9, 9, NOTHING },
		{ "/Pattern cs/P scn 10 10 50 50 re f", 0, 0, 20, 20,
		  PDF_MARK_PATH },
		{ "/Pattern cs/P scn 0 g 10 10 50 50 re f", 0, 0, 20, 20,
		  NOTHING },
		{ "/Pattern CS/P SCN 10 10 50 50 re f", 0, 0, 20, 20, NOTHING },
		{ "/H sh", 0, 0, 20, 20, PDF_MARK_SHADING },
		{ "10 10 50 50 re W n/H sh", 0, 0, 5, 5, NOTHING },
		{ "10 10 50 50 re W n/H sh", 0, 0, 20, 20, PDF_MARK_SHADING },
		{ "q 10 10 50 50 re W n Q/H sh", 0, 0, 5, 5, PDF_MARK_SHADING },
		/* A rectangle that is cut to a shape. */
		{ "10 10 m 20 90 30 90 40 10 c W n 0 0 99 99 re f", 20, 20, 30,
		  30, PDF_MARK_PATH },
		{ "[1 2 3 1 2 1 1 2] 0 d 0 10 m 99 10 l S", 0, 0, 99, 99,
		  PDF_MARK_PATH },
		{ "[3 2] 0 d 0 10 m 99 10 l S", 0, 0, 99, 99, NOTHING },
		/* What readers see in their own ways. */
		{ "10 10 l S", 0, 0, 5, 5, PDF_MARK_UNKNOWN },
		{ "10 10 m 1 0 0 1 9 9 cm 20 10 l S", 0, 0, 5, 5,
		  PDF_MARK_UNKNOWN },
		{ "1 2 3 re f", 0, 0, 5, 5, PDF_MARK_UNKNOWN },
		{ "1 2 3 4 5 re f", 0, 0, 5, 5, PDF_MARK_UNKNOWN },
		{ "1 2 3 /x re f", 0, 0, 5, 5, PDF_MARK_UNKNOWN },
	};

	(void)state;
	CHECK(list);
}

/* Letters can be built of little rectangles, in every way. */
static void test_many(void **state)
{
	static const struct {
		const char *each;
		int count, kind;
	} cases[] = {
		{ "1 10 99 1 re f\n", 64, NOTHING },
		{ "1 10 99 1 re f\n", 65, PDF_MARK_PATH },
		{ "10 10 1 1 re f\n", 4, NOTHING },
		{ "10 10 1 1 re f\n", 5, PDF_MARK_PATH },
		{ "10 10 1 1 re\n", 65, NOTHING },
		{ "10 10 m 11 10 l 11 11 l 10 11 l h f\n", 4, NOTHING },
		{ "1 10 m 12 10 l S\n", 64, NOTHING },
		{ "1 10 m 12 10 l S\n", 65, PDF_MARK_PATH },
		{ "10 10 m 12 10 l S\n", 5, PDF_MARK_PATH },
		{ "10 10 m 11 10 l 11 11 l 10 11 l 10 12 l 11 12 l S\n", 1,
		  PDF_MARK_PATH },
		{ "BT/F 4 Tf 10 10 Td(__)Tj ET\n", 5, PDF_MARK_PATH },
		{ "q 10 10 1 1 re 12 12 1 1 re W n 0 0 99 99 re f Q\n", 22,
		  PDF_MARK_PATH },
	};
	struct buf b = BUF_INIT;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		for (k = 0; k < cases[i].count; k++)
			buf_str(&b, cases[i].each);
		buf_byte(&b, 0);
		assert_int_equal(look((char *)b.data, 5, 5, 15, 15),
				 cases[i].kind);
		assert_int_equal(look((char *)b.data, 120, 120, 130, 130),
				 NOTHING);
	}
	buf_clear(&b);
}

static void test_text(void **state)
{
	static const struct look list[] = {
		/* Ten glyphs of 5: from 20 to 70. */
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 20, 50, 21, 51,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 68, 55, 80, 56,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 72, 50, 80, 56,
		  NOTHING },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 0, 50, 18, 56,
		  NOTHING },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 20, 61, 70, 90,
		  NOTHING },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 20, 0, 70, 47,
		  NOTHING },
		{ "BT/F 10 Tf 20 50 Td(abcdefghij)Tj ET", 20, 59, 70, 90,
		  PDF_MARK_TEXT },
		/* Spacing, scale, rise, leading. */
		{ "BT/F 10 Tf 5 Tc 20 50 Td(abcdefghij)Tj ET", 110, 50, 111, 56,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 50 Tw 20 50 Td(a b)Tj ET", 80, 50, 81, 56,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 200 Tz 20 50 Td(abcdefghij)Tj ET", 110, 50, 111,
		  56, PDF_MARK_TEXT },
		{ "BT/F 10 Tf 30 Ts 20 50 Td(abcdefghij)Tj ET", 20, 50, 70, 60,
		  NOTHING },
		{ "BT/F 10 Tf 30 Ts 20 50 Td(abcdefghij)Tj ET", 20, 80, 70, 81,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 TL 20 90 Td T* (a)Tj ET", 20, 70, 24, 71,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 TL 20 90 Td(a)' ET", 20, 70, 24, 71,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 TL 20 90 Td 9 90(aaa)\" ET", 212, 70, 213, 71,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 90 Td 0 -20 TD T* (a)Tj ET", 20, 50, 24, 51,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 50 Td(abcd)Tj(efgh)Tj ET", 50, 50, 58, 51,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 20 50 Td[(ab)-5000(cd)]TJ ET", 85, 50, 88, 51,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 90 50 Td[(ab)5000(cd)]TJ ET", 55, 50, 58, 51,
		  PDF_MARK_TEXT },
		/* Turned, mirrored, upside down. */
		{ "BT/F 10 Tf 0 1 -1 0 50 20 Tm(abcdefghij)Tj ET", 45, 60, 46,
		  61, PDF_MARK_TEXT },
		{ "BT/F 10 Tf 0 1 -1 0 50 20 Tm(abcdefghij)Tj ET", 60, 20, 99,
		  30, NOTHING },
		{ "BT/F 10 Tf -1 0 0 1 90 50 Tm(abcdefghij)Tj ET", 45, 50, 46,
		  51, PDF_MARK_TEXT },
		{ "BT/F -10 Tf 90 50 Td(abcdefghij)Tj ET", 45, 45, 46, 46,
		  PDF_MARK_TEXT },
		{ "2 0 0 2 0 0 cm BT/F 10 Tf 20 50 Td(a)Tj ET", 45, 105, 46,
		  106, PDF_MARK_TEXT },
		/* Invisible, outlined, as a clip. */
		{ "BT/F 10 Tf 3 Tr 20 50 Td(abc)Tj ET", 20, 50, 30, 60,
		  NOTHING },
		{ "BT/F 10 Tf 1 Tr 20 50 Td(abc)Tj ET", 20, 50, 30, 60,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 7 Tr 20 50 Td(abc)Tj ET", 20, 50, 30, 60,
		  PDF_MARK_TEXT },
		{ "BT/F 10 Tf 9 Tr 20 50 Td(abc)Tj ET", 0, 0, 3, 3,
		  PDF_MARK_UNKNOWN },
		/* Without a font, and without widths: in the line, at least. */
		{ "BT/None 10 Tf 20 50 Td(abc)Tj ET", 21, 51, 22, 52,
		  PDF_MARK_TEXT },
		{ "BT/S 10 Tf 20 50 Td(iiiiii)Tj(Wab)Tj ET", 34, 51, 35, 52,
		  PDF_MARK_TEXT },
		{ "BT/S 10 Tf 20 50 Td(abc)Tj ET", 45, 51, 55, 52, NOTHING },
		/* Type 3: as large as its largest glyph. */
		{ "BT/T 10 Tf 20 50 Td(b)Tj ET", 38, 78, 39, 79,
		  PDF_MARK_TEXT },
		{ "BT/T 10 Tf 3 Tr 20 50 Td(b)Tj ET", 38, 78, 39, 79,
		  PDF_MARK_TEXT },
		{ "BT/T 10 Tf 90 Ts 20 50 Td(b)Tj ET", 30, 60, 31, 61,
		  PDF_MARK_TEXT },
		{ "BT/T 10 Tf 20 50 Td(b)Tj ET", 41, 81, 90, 99, NOTHING },
		/* A glyph that is not there may not advance. */
		{ "BT/T 10 Tf 20 50 Td(cb)Tj ET", 21, 51, 22, 52,
		  PDF_MARK_TEXT },
		{ "BT/T 10 Tf 20 50 Td(cb)Tj ET", 88, 51, 89, 52,
		  PDF_MARK_TEXT },
		{ "BT/T 10 Tf 20 50 Td(zzzz)Tj ET", 45, 51, 51, 52, NOTHING },
		/* Two bytes a code. */
		{ "BT/C 10 Tf 20 50 Td<000300040005>Tj ET", 78, 51, 79, 52,
		  PDF_MARK_TEXT },
		{ "BT/C 10 Tf 20 50 Td<000200020002>Tj ET", 32, 51, 79, 52,
		  NOTHING },
		/* Where readers differ. */
		{ "/F 10 Tf(abc)Tj", 0, 0, 3, 3, PDF_MARK_UNKNOWN },
		{ "q BT/F 10 Tf 20 50 Td Q(abc)Tj ET", 150, 0, 160, 3,
		  PDF_MARK_UNKNOWN },
		{ "q BT/F 10 Tf 20 50 Td Q/F 10 Tf 1 0 0 1 20 50 Tm(a)Tj ET",
		  150, 0, 160, 3, NOTHING },
	};

	(void)state;
	CHECK(list);
}

static void test_fill(void **state)
{
	static const struct {
		const char *show;
		int kind;
	} cases[] = {
		{ "/F 9 Tf(    )Tj", NOTHING },
		{ "/F 9 Tf( )Tj", NOTHING },
		{ "/F 9 Tf()Tj", NOTHING },
		{ "/F 9 Tf(____)Tj", NOTHING },
		{ "/F 9 Tf( ____ )Tj", NOTHING },
		{ "/F 9 Tf[(__)-3(__)]TJ", NOTHING },
		{ "/F 9 Tf(....)Tj", NOTHING },
		{ "/F 9 Tf(. . . .)Tj", NOTHING },
		{ "/F 9 Tf(\\205\\205)Tj", NOTHING },
		{ "/F 9 Tf(_)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(_._.)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(___1)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(1)Tj(0)Tj(0)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(000)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(xxxx)Tj", PDF_MARK_TEXT },
		{ "/F 9 Tf(\\320\\320)Tj", PDF_MARK_TEXT },
		{ "/S 9 Tf(____)Tj", NOTHING },
		{ "/None 9 Tf(____)Tj", PDF_MARK_TEXT },
		/* By /Differences; a symbolic font has no others. */
		{ "/B 9 Tf(\\001\\001)Tj", NOTHING },
		{ "/B 9 Tf(\\003\\003)Tj", NOTHING },
		{ "/B 9 Tf(\\002\\002)Tj", PDF_MARK_TEXT },
		{ "/B 9 Tf(__)Tj", PDF_MARK_TEXT },
		/* By ToUnicode. */
		{ "/C 9 Tf<00010001>Tj", NOTHING },
		{ "/C 9 Tf<0001>Tj", PDF_MARK_TEXT },
		{ "/C 9 Tf<00020002>Tj", PDF_MARK_TEXT },
		{ "/C 9 Tf<00100010>Tj", NOTHING },
		{ "/C 9 Tf<0011>Tj", NOTHING },
		{ "/C 9 Tf<00120012>Tj", PDF_MARK_TEXT },
		{ "/C 9 Tf<00200020>Tj", NOTHING },
		{ "/C 9 Tf<00220022>Tj", PDF_MARK_TEXT },
		{ "/C 9 Tf<00990099>Tj", PDF_MARK_TEXT },
		/* A glyph that is drawn may be anything. */
		{ "/T 9 Tf(__)Tj", PDF_MARK_TEXT },
	};
	char content[256];
	size_t i;
	int kind;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(content, sizeof(content), "BT 20 50 Td %s ET",
			 cases[i].show);
		kind = look(content, 0, 0, 200, 200);
		if (kind != cases[i].kind)
			fail_msg("%s is %d, expected %d", content, kind,
				 cases[i].kind);
	}
}

static void test_pictures(void **state)
{
	static const struct look list[] = {
		{ "q 50 0 0 50 10 10 cm/I Do Q", 20, 20, 21, 21,
		  PDF_MARK_PICTURE },
		{ "q 50 0 0 50 10 10 cm/I Do Q", 70, 70, 80, 80, NOTHING },
		{ "q 0 50 -50 0 100 10 cm/I Do Q", 60, 20, 61, 21,
		  PDF_MARK_PICTURE },
		{ "q 50 0 0 50 10 10 cm BI/W 2/H 1/BPC 8/CS/G ID ab EI Q", 20,
		  20, 21, 21, PDF_MARK_PICTURE },
		/* EI within the data, of known and of unknown length. */
		{ "q 9 0 0 9 0 0 cm BI/W 6/H 1/BPC 8/CS/G ID a EI b\nEI Q "
		  "BT/F 10 Tf 50 50 Td(a)Tj ET",
		  50, 50, 60, 60, PDF_MARK_TEXT },
		{ "q 9 0 0 9 0 0 cm BI/W 6/H 1/BPC 8/CS/G/F/Fl ID "
		  "ab EI \001\002 EI Q BT/F 10 Tf 50 50 Td(a)Tj ET",
		  50, 50, 60, 60, PDF_MARK_TEXT },
		{ "q 9 0 0 9 0 0 cm BI/IM true/W 16/H 2 ID abcd\nEI Q", 20, 20,
		  30, 30, NOTHING },
		{ "q 9 0 0 9 0 0 cm BI/W 4/H 1/BPC 8/CS/G ID a EI Q", 20, 20,
		  30, 30, PDF_MARK_UNKNOWN },
		{ "q 9 0 0 9 0 0 cm BI/W 2/H 1/BPC 8/CS/G ID a", 20, 20, 30, 30,
		  PDF_MARK_UNKNOWN },
		{ "BI/W 2/W 1 ID a EI", 20, 20, 30, 30, PDF_MARK_UNKNOWN },
		{ "BI/W", 20, 20, 30, 30, PDF_MARK_UNKNOWN },
		{ "/None Do", 20, 20, 30, 30, PDF_MARK_UNKNOWN },
	};

	(void)state;
	CHECK(list);
}

/* What cannot be followed. */
static void test_broken(void **state)
{
	static const char *const list[] = {
		"(abc",
		"[1 2",
		"<</a 1",
		"1 0 0 r",
		"nothing",
		"1 0 0 rgx",
		"EX foo",
		"BX EX foo",
		"<zz> Tj",
		"> n",
		"--1 w",
		"{ n }",
		"/A#zz gs",

		"/None gs",
		"EI",
		"abcdefghijklmnopqrstuvwxyzabcdefghijk",
	};
	static const struct look good[] = {
		{ "BX foo EX", 0, 0, 9, 9, NOTHING },
		{ "BX BX foo EX bar EX", 0, 0, 9, 9, NOTHING },
		{ "1 2 3", 0, 0, 9, 9, NOTHING },
		{ "Q Q Q 10 10 m 20 10 l S", 0, 0, 9, 9, NOTHING },
		{ "/x<</y 1>>BDC EMC/x MP/x/y DP % (", 0, 0, 9, 9, NOTHING },
		{ "0 0 0 rg 0 0 0 0 k/Perceptual ri 1 i 1 J 1 j 2 M", 0, 0, 9,
		  9, NOTHING },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (look(list[i], 150, 150, 160, 160) != PDF_MARK_UNKNOWN)
			fail_msg("%s is not unknown", list[i]);
	}
	CHECK(good);
}

static void test_forms(void **state)
{
	struct make m;

	(void)state;
	/* Moved by its own matrix, cut to its box, with its own font. */
	page_begin(&m, "q 1 0 0 1 50 0 cm/X Do Q/Z Do", "");
	make_stream(&m, 16,
		    "/Subtype/Form/BBox[0 0 40 40]/Matrix[1 0 0 1 0 50]"
		    "/Resources<</Font<</Q 6 0 R>>/XObject<</Y 17 0 R>>>>",
		    "BT/Q 10 Tf 10 10 Td(abcdefghijklmnop)Tj ET/Y Do");
	make_stream(&m, 17, "/Subtype/Form/BBox[0 0 5 5]",
		    "2 0 0 2 0 0 cm/None Do");
	make_stream(&m, 18, "/Subtype/Form/BBox[150 150 160 160]",
		    "BT/F 20 Tf 100 150 Td(abcdefghijklmnop)Tj ET");
	page_end(&m);
	assert_int_equal(ask(&m, 60, 60, 61, 61), PDF_MARK_TEXT);
	assert_int_equal(ask(&m, 92, 60, 99, 61), NOTHING);
	assert_int_equal(ask(&m, 10, 10, 20, 20), NOTHING);
	/* Unknown within its own box alone. */
	assert_int_equal(ask(&m, 51, 51, 52, 52), PDF_MARK_UNKNOWN);
	/* A form without resources has those of the page. */
	assert_int_equal(ask(&m, 155, 155, 156, 156), PDF_MARK_TEXT);
	assert_int_equal(ask(&m, 120, 155, 121, 156), NOTHING);
	make_clear(&m);
}

static void test_hostile(void **state)
{
	struct buf b = BUF_INIT;
	struct make m;
	int i;

	(void)state;
	/* A form that draws itself, twice. */
	page_begin(&m, "/X Do", "");
	make_stream(&m, 16,
		    "/Subtype/Form/BBox[0 0 40 40]"
		    "/Resources<</XObject<</X 16 0 R>>>>",
		    "/X Do/X Do");
	page_end(&m);
	assert_int_equal(ask(&m, 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	make_clear(&m);
	/* A glyph that is written in its own font. */
	page_begin(&m, "BT/T 9 Tf(a)Tj ET", "");
	make_stream(&m, 11, "", "BT/T 9 Tf(a)Tj ET");
	page_end(&m);
	assert_int_equal(ask(&m, 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	make_clear(&m);
	/* Saved states. */
	for (i = 0; i < 200; i++)
		buf_str(&b, "q ");
	buf_str(&b, "1 0 0 1 9 9 cm ");
	for (i = 0; i < 200; i++)
		buf_str(&b, "Q ");
	buf_str(&b, "BT/F 9 Tf 50 50 Td(a)Tj ET");
	buf_byte(&b, 0);
	assert_int_equal(look((char *)b.data, 51, 51, 52, 52), PDF_MARK_TEXT);
	assert_int_equal(look((char *)b.data, 61, 61, 62, 62), NOTHING);
	b.len--;
	for (i = 0; i < 300; i++)
		buf_str(&b, "q ");
	buf_byte(&b, 0);
	assert_int_equal(look((char *)b.data, 61, 61, 62, 62),
			 PDF_MARK_UNKNOWN);
	/* Marks without end. */
	buf_reset(&b);
	for (i = 0; i <= PDF_MARKS_COUNT; i++)
		buf_str(&b, "9 9 1 1 re f\n");
	buf_byte(&b, 0);
	assert_int_equal(look((char *)b.data, 161, 161, 162, 162),
			 PDF_MARK_UNKNOWN);
	/* Numbers without measure. */
	assert_int_equal(look("1e 0 0 1 0 0 cm", 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	buf_reset(&b);
	for (i = 0; i < 40; i++)
		buf_str(&b, "1000000000 0 0 1000000000 0 0 cm ");
	buf_str(&b, "1 1 1 1 re f");
	buf_byte(&b, 0);
	assert_int_equal(look((char *)b.data, 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	buf_clear(&b);
}

/* Streams of a page are one content; a filter that is not known. */
static void test_streams(void **state)
{
	struct make m;

	(void)state;
	page_begin(&m, "BT/F 10 Tf 50", "/Contents[4 0 R 26 0 R 25 0 R]");
	m.b.len = 0;
	make_clear(&m);
	page_begin(&m, "", "");
	make_obj(&m, 3,
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		 "/Contents[25 0 R 27 0 R 26 0 R]/Resources 5 0 R>>");
	make_stream(&m, 25, "", "BT/F 10 Tf 50");
	make_stream(&m, 26, "", "50 Td(a)Tj ET");
	page_end(&m);
	assert_int_equal(ask(&m, 51, 51, 52, 52), PDF_MARK_TEXT);
	assert_int_equal(ask(&m, 1, 1, 2, 2), NOTHING);
	make_clear(&m);
	page_begin(&m, "", "");
	make_stream(&m, 4, "/Filter/BrotliDecode", "abc");
	page_end(&m);
	assert_int_equal(ask(&m, 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	make_clear(&m);
	page_begin(&m, "", "");
	make_stream(&m, 4, "/Filter/FlateDecode", "abc");
	page_end(&m);
	assert_int_equal(ask(&m, 1, 1, 2, 2), PDF_MARK_UNKNOWN);
	make_clear(&m);
}

static void test_pages(void **state)
{
	struct pdf_marks *marks;
	struct make m;

	(void)state;
	make_base(&m);
	make_open(&m);
	assert_status(DEED_NOT_FOUND, pdf_marks_read(m.doc, 1, &marks, err));
	assert_null(marks);
	pdf_marks_free(NULL);
	make_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),	 cmocka_unit_test(test_many),
		cmocka_unit_test(test_text),	 cmocka_unit_test(test_fill),
		cmocka_unit_test(test_pictures), cmocka_unit_test(test_broken),
		cmocka_unit_test(test_forms),	 cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_streams),	 cmocka_unit_test(test_pages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
