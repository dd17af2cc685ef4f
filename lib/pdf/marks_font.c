/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "pdf/marks_priv.h"

/*
 * Fonts (ISO 32000-2 9.5 to 9.8): how far each code advances, how high
 * glyphs are, and which codes are blank or fill.
 */

#define CODES 65536

/* Entries of /W and of a ToUnicode map, each with the codes it spans. */
#define SPANS (2 * CODES)

/* FontDescriptor flags (table 121). */
#define SYMBOLIC 4
#define NONSYMBOLIC 32

static const struct pdf_object *item(struct marks_follow *f,
				     const struct pdf_object *array, size_t i)
{
	const struct pdf_object *o;

	if (!follow_well(f, pdf_resolve(f->doc, pdf_array_get(array, i), &o,
					&f->error)))
		return NULL;
	return o;
}

/* ---- what is asked ---- */

/* At least the width of the glyph in Helvetica and Times, in all cuts. */
static double guess(unsigned code)
{
	static const char narrow[] = " !'()*,-./:;I[\\]`ijl|";

	if (code >= 0x7f || code < ' ' || code == '@' || code == '%' ||
	    code == 'W' || code == 'M')
		return 1020;
	if (code != 0 && strchr(narrow, (int)code) != NULL)
		return 500;
	if (code == '&' || code == 'm' || code == 'w')
		return 890;
	if (code >= 'A' && code <= 'Z')
		return 780;
	return code >= '0' && code <= '9' ? 560 : 680;
}

enum marks_class marks_class(const struct marks_font *font, unsigned code)
{
	return code < font->class_count ? font->classes[code] : MARKS_LETTER;
}

double marks_width(const struct marks_font *font, unsigned code, bool *sure)
{
	size_t i = code - font->width_first;
	bool known = code >= font->width_first && i < font->width_count &&
		     !isnan(font->widths[i]);

	*sure = known;
	if (font->drawn)
		*sure = marks_class(font, code) != MARKS_ABSENT;
	if (known || font->drawn)
		return known ? (double)font->widths[i] : 0;
	return font->latin ? guess(code) : font->most;
}

/* ---- widths ---- */

/* NAN marks what the font does not say: a width of 0 is one. */
static bool start_widths(struct marks_follow *f, struct marks_font *font,
			 size_t first, size_t count)
{
	size_t i;

	font->widths = malloc((count == 0 ? 1 : count) * sizeof(float));
	if (font->widths == NULL)
		return follow_well(f, deed_error_memory(&f->error));
	for (i = 0; i < count; i++)
		font->widths[i] = NAN;
	font->width_first = first;
	font->width_count = count;
	return true;
}

static void set_width(struct marks_font *font, size_t i, double width)
{
	if (i < font->width_count && fabs(width) < 1e6)
		font->widths[i] = (float)width;
}

/* scale: from glyph space to thousandths. */
static void simple_widths(struct marks_follow *f, struct marks_font *font,
			  double scale)
{
	const struct pdf_object *array = follow_get(f, font->dict, "Widths");
	size_t i, count = pdf_array_count(array);
	int64_t first = 0;
	double width;

	(void)pdf_get_int(follow_get(f, font->dict, "FirstChar"), &first);
	if (f->stop || array == NULL || first < 0 || first > 255)
		return;
	if (count > 256 - (size_t)first)
		count = 256 - (size_t)first;
	if (!start_widths(f, font, (size_t)first, count))
		return;
	for (i = 0; i < count && !f->stop; i++) {
		if (pdf_get_number(item(f, array, i), &width))
			set_width(font, i, width * scale);
	}
}

/* /W: "first [w w w]" and "first last w"; *left of codes may be named. */
static bool composite_width(struct marks_follow *f, struct marks_font *font,
			    const struct pdf_object *w, size_t *at,
			    size_t *left)
{
	const struct pdf_object *second = item(f, w, *at + 1);
	int64_t first, last, k;
	size_t i, count;
	double width;

	if (!pdf_get_int(item(f, w, *at), &first) || first < 0 ||
	    first >= CODES)
		return false;
	if (pdf_is(second, PDF_ARRAY)) {
		count = pdf_array_count(second);
		if (count > *left)
			return false;
		*left -= count;
		for (i = 0; i < count && !f->stop; i++) {
			if (pdf_get_number(item(f, second, i), &width))
				set_width(font, (size_t)first + i, width);
		}
		*at += 2;
		return true;
	}
	if (!pdf_get_int(second, &last) || last < first || last >= CODES ||
	    (size_t)(last - first) >= *left ||
	    !pdf_get_number(item(f, w, *at + 2), &width))
		return false;
	*left -= (size_t)(last - first) + 1;
	for (k = first; k <= last; k++)
		set_width(font, (size_t)k, width);
	*at += 3;
	return true;
}

/* Every code has a width by /DW, so that only what is out of range falls back
 * to most.  What /W says twice may cost no more than SPANS in all. */
static void composite_widths(struct marks_follow *f, struct marks_font *font,
			     const struct pdf_object *descendant)
{
	const struct pdf_object *w = follow_get(f, descendant, "W");
	size_t i, at = 0, left = SPANS;
	double standard = 1000;

	(void)pdf_get_number(follow_get(f, descendant, "DW"), &standard);
	if (!start_widths(f, font, 0, CODES))
		return;
	for (i = 0; i < CODES; i++)
		set_width(font, i, standard);
	while (!f->stop && at < pdf_array_count(w)) {
		if (!composite_width(f, font, w, &at, &left)) {
			font->unknown = true;
			return;
		}
	}
}

/* Where codes lead to glyphs by a map that is not read: any may be the
 * widest. */
static void forget_widths(struct marks_font *font)
{
	size_t i;

	for (i = 0; i < font->width_count; i++)
		font->most = fmax(font->most, (double)font->widths[i]);
	font->width_count = 0;
}

/* ---- heights ---- */

/* A box must be at least as large as its text: heights that are too small, as
 * many fonts have them, give way to the defaults. */
static void read_descriptor(struct marks_follow *f, struct marks_font *font,
			    const struct pdf_object *dict, int64_t *flags)
{
	const struct pdf_object *d = follow_get(f, dict, "FontDescriptor");
	double v;

	/* Only what can be the height of capitals and the depth of a "p". */
	if (pdf_get_number(follow_get(f, d, "Ascent"), &v) && v >= 750 &&
	    v <= 1500)
		font->ascent = v;
	if (pdf_get_number(follow_get(f, d, "Descent"), &v) && v >= -600 &&
	    v <= -200)
		font->descent = v;
	(void)pdf_get_int(follow_get(f, d, "Flags"), flags);
}

/* ---- which codes fill ---- */

/* Characters that are used to draw a line to write on; anything that is not
 * known is a letter, which errs on the side of more. */
static enum marks_class class_of(unsigned u)
{
	if (u == ' ' || u == 0xa0 || u == '\t' || (u >= 0x2000 && u <= 0x200b))
		return MARKS_BLANK;
	if (u == '_' || u == '.' || u == '-' || u == 0xad || u == 0xb7 ||
	    (u >= 0x2010 && u <= 0x2015) || (u >= 0x2024 && u <= 0x2026) ||
	    u == 0x2212)
		return MARKS_FILL;
	return MARKS_LETTER;
}

/* Glyph names of the Adobe Glyph List as fonts have them; others count as
 * letters. */
static enum marks_class class_of_name(const struct pdf_object *name)
{
	static const char *const blank[] = { "space", "nbspace", "uni00A0",
					     "uni0020", NULL };
	static const char *const fill[] = {
		"underscore",	  "period",	"hyphen",    "minus",
		"ellipsis",	  "endash",	"emdash",    "periodcentered",
		"middot",	  "softhyphen", "sfthyphen", "onedotenleader",
		"twodotenleader", NULL
	};

	if (pdf_name_in(pdf_get_name(name), blank))
		return MARKS_BLANK;
	return pdf_name_in(pdf_get_name(name), fill) ? MARKS_FILL
						     : MARKS_LETTER;
}

/* Once for each font: the encoding and the ToUnicode map both ask for it.
 * Zero is MARKS_LETTER. */
static bool start_classes(struct marks_follow *f, struct marks_font *font,
			  size_t count)
{
	if (font->classes != NULL)
		return true;
	font->classes = calloc(count, 1);
	if (font->classes == NULL)
		return follow_well(f, deed_error_memory(&f->error));
	font->class_count = count;
	return true;
}

/* Annex D; the codes of ASCII are the same in all. */
static void latin_classes(struct marks_font *font,
			  const struct pdf_object *name)
{
	static const struct {
		const char *encoding, *fills, *blanks;
	} high[] = {
		{ "WinAnsiEncoding", "\x85\x96\x97\xad\xb7", "\xa0" },
		{ "MacRomanEncoding", "\xc9\xd0\xd1\xe1", "\xca" },
		{ "StandardEncoding", "\xbc\xb1\xd0\xb4", "" },
	};
	const char *p;
	size_t i;

	font->classes[' '] = MARKS_BLANK;
	for (p = "_.-"; *p != '\0'; p++)
		font->classes[(uint8_t)*p] = MARKS_FILL;
	for (i = 0; i < 3; i++) {
		if (!pdf_is_name(name, high[i].encoding))
			continue;
		for (p = high[i].fills; *p != '\0'; p++)
			font->classes[(uint8_t)*p] = MARKS_FILL;
		for (p = high[i].blanks; *p != '\0'; p++)
			font->classes[(uint8_t)*p] = MARKS_BLANK;
	}
}

/* A number sets the code that the next name stands for (table 112); codes past
 * 255 are passed over. */
static void differences(struct marks_follow *f, struct marks_font *font,
			const struct pdf_object *array)
{
	const struct pdf_object *o;
	int64_t code = 0;
	size_t i;

	for (i = 0; i < pdf_array_count(array) && !f->stop; i++) {
		o = item(f, array, i);
		if (pdf_get_int(o, &code) || code < 0 || code > 255)
			continue;
		font->classes[code++] = class_of_name(o);
	}
}

/* Without an encoding that is named, only a standard font or one that says it
 * is not symbolic has Latin codes; of any other every code is a letter. */
static void simple_classes(struct marks_follow *f, struct marks_font *font,
			   int64_t flags, bool standard)
{
	const struct pdf_object *encoding =
		follow_get(f, font->dict, "Encoding");
	const struct pdf_object *base = encoding;

	if (f->stop || !start_classes(f, font, 256))
		return;
	if (pdf_is_dict(encoding))
		base = follow_get(f, encoding, "BaseEncoding");
	/* A symbolic font has an encoding of its own inside. */
	if (pdf_is_name(base, "WinAnsiEncoding") ||
	    pdf_is_name(base, "MacRomanEncoding") ||
	    pdf_is_name(base, "StandardEncoding") ||
	    (base == NULL && (standard || ((flags & NONSYMBOLIC) != 0 &&
					   (flags & SYMBOLIC) == 0))))
		latin_classes(font, base);
	if (pdf_is_dict(encoding))
		differences(f, font, follow_get(f, encoding, "Differences"));
}

/* ---- ToUnicode (9.10.3) ---- */

/* A code of another length than the font's makes the map unreadable: readers
 * differ in what they take it for. */
static bool code_of(const struct pdf_object *o, unsigned bytes, unsigned *out)
{
	struct slice s = pdf_get_string(o);

	if (s.len != bytes)
		return false;
	*out = bytes == 1 ? s.data[0] : (unsigned)s.data[0] << 8 | s.data[1];
	return true;
}

/* One UTF-16 unit; 0 for more. */
static unsigned unicode_of(const struct pdf_object *o)
{
	struct slice s = pdf_get_string(o);

	return s.len == 2 ? (unsigned)s.data[0] << 8 | s.data[1] : 0;
}

static void map(struct marks_font *font, unsigned code, unsigned unicode)
{
	if (code < font->class_count)
		font->classes[code] = (uint8_t)class_of(unicode);
}

/* "lo hi <first>" or "lo hi [<each> …]". */
static bool map_range(struct marks_font *font,
		      const struct pdf_object *const *o, size_t *left)
{
	unsigned lo, hi, i, unicode = unicode_of(o[2]);

	if (!code_of(o[0], font->bytes, &lo) ||
	    !code_of(o[1], font->bytes, &hi) || hi < lo || hi - lo >= *left)
		return false;
	*left -= hi - lo + 1;
	for (i = 0; i <= hi - lo; i++) {
		if (pdf_is(o[2], PDF_ARRAY))
			unicode = unicode_of(pdf_array_get(o[2], i));
		map(font, lo + i,
		    pdf_is(o[2], PDF_ARRAY) || unicode == 0 ? unicode
							    : unicode + i);
	}
	return true;
}

/* The operands lie before the word that ends a block, as far as the reader of
 * content keeps them; the words of the map around it mean nothing here. */
static bool map_block(struct marks_font *font, const struct pdf_content *c,
		      size_t *left)
{
	unsigned code;
	size_t i;

	if (strcmp(c->name, "endbfchar") == 0) {
		for (i = 0; i + 2 <= c->count; i += 2) {
			if (!code_of(c->operands[i], font->bytes, &code))
				return false;
			map(font, code, unicode_of(c->operands[i + 1]));
		}
	} else if (strcmp(c->name, "endbfrange") == 0) {
		for (i = 0; i + 3 <= c->count; i += 3) {
			if (!map_range(font, c->operands + i, left))
				return false;
		}
	}
	return true;
}

/* What cannot be read makes letters of all: nothing is hidden by that. */
static void unicode_classes(struct marks_follow *f, struct marks_font *font)
{
	const struct pdf_object *stream =
		follow_get(f, font->dict, "ToUnicode");
	enum deed_status status;
	struct buf bytes = BUF_INIT;
	struct pdf_content c;
	size_t left = SPANS;
	bool more = true, good;

	if (!pdf_is(stream, PDF_STREAM) ||
	    !start_classes(f, font, font->bytes == 1 ? 256 : CODES))
		return;
	status = pdf_content_gather(f->doc, stream, f->left, &bytes, &f->error);
	f->left -= bytes.len < f->left ? bytes.len : f->left;
	good = status == DEED_OK;
	pdf_content_init(&c, buf_get(&bytes));
	while (good) {
		status = pdf_content_next(&c, &more, &f->error);
		if (status != DEED_OK || !more)
			break;
		good = map_block(font, &c, &left);
	}
	pdf_content_clear(&c);
	buf_clear(&bytes);
	if (!good || status != DEED_OK)
		font->class_count = 0;
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		(void)follow_well(f, status);
}

/* ---- kinds of fonts ---- */

/* Of the standard fonts widths need not be given: latin says that guess()
 * holds, Courier's are all 600.  A font may begin with such a name and be
 * another; its own /Widths come first. */
static void load_simple(struct marks_follow *f, struct marks_font *font)
{
	static const char *const families[] = { "Helvetica", "Times", "Arial",
						NULL };
	struct slice name = pdf_get_name(follow_get(f, font->dict, "BaseFont"));
	const char *const *p;
	int64_t flags = 0;
	bool fixed;

	for (p = families; *p != NULL; p++)
		font->latin =
			font->latin || (name.len >= strlen(*p) &&
					memcmp(name.data, *p, strlen(*p)) == 0);
	fixed = name.len >= 7 && memcmp(name.data, "Courier", 7) == 0;
	if (fixed)
		font->most = 600;
	read_descriptor(f, font, font->dict, &flags);
	simple_widths(f, font, 1);
	simple_classes(f, font, flags, font->latin || fixed);
	unicode_classes(f, font);
}

/* Of the maps from codes to glyphs only Identity is followed; of others the
 * glyphs are taken to be as wide as any. */
static void load_composite(struct marks_follow *f, struct marks_font *font)
{
	const struct pdf_object *encoding =
		follow_get(f, font->dict, "Encoding");
	const struct pdf_object *descendant =
		item(f, follow_get(f, font->dict, "DescendantFonts"), 0);
	struct slice name = pdf_get_name(encoding);
	bool identity = pdf_is_name(encoding, "Identity-H") ||
			pdf_is_name(encoding, "Identity-V");
	int64_t ignored = 0, mode = 0;

	if (f->stop || !pdf_is_dict(descendant)) {
		font->unknown = true;
		return;
	}
	if (pdf_is(encoding, PDF_STREAM))
		(void)pdf_get_int(follow_get(f, encoding, "WMode"), &mode);
	font->vertical =
		mode != 0 || (name.len > 2 &&
			      memcmp(name.data + name.len - 2, "-V", 2) == 0);
	/* The metrics of vertical writing are not read. */
	if (font->vertical && (pdf_dict_get(descendant, "W2") != NULL ||
			       pdf_dict_get(descendant, "DW2") != NULL))
		font->unknown = true;
	/* A map that is not read may have codes of one byte. */
	font->bytes = identity ? 2 : 1;
	read_descriptor(f, font, descendant, &ignored);
	composite_widths(f, font, descendant);
	if (!identity)
		forget_widths(font);
	unicode_classes(f, font);
}

/* The box around all glyphs, each followed once; false if it is not known. */
static bool draw_glyphs(struct marks_follow *f, struct marks_font *font,
			const double matrix[6])
{
	const struct pdf_object *procs = follow_get(f, font->dict, "CharProcs");
	const struct pdf_object *resources =
		follow_get(f, font->dict, "Resources");
	const struct pdf_rect everywhere = { -INFINITY, -INFINITY, INFINITY,
					     INFINITY };
	struct pdf_rect *outer = f->around;
	struct marks_state state = f->state;
	struct buf content = BUF_INIT;
	bool known = pdf_is_dict(procs) && f->depth < PDF_MARKS_DEPTH;
	size_t i;

	f->around = &font->glyphs;
	for (i = 0; known && i < procs->u.dict.count; i++) {
		memcpy(f->state.m, matrix, sizeof(f->state.m));
		f->state.clip = everywhere;
		buf_reset(&content);
		known = ++f->forms <= PDF_MARKS_FORMS &&
			follow_gather(f, procs->u.dict.entries[i].value,
				      &content);
		if (known)
			follow_bytes(f, buf_get(&content),
				     resources != NULL ? resources
						       : f->in.resources,
				     &everywhere);
	}
	buf_clear(&content);
	f->around = outer;
	f->state = state;
	f->stop = f->failed != DEED_OK || f->full;
	return known && isfinite(font->glyphs.x0) &&
	       isfinite(font->glyphs.y0) && isfinite(font->glyphs.x1) &&
	       isfinite(font->glyphs.y1);
}

/* Which codes lead to a glyph. */
static void drawn_classes(struct marks_follow *f, struct marks_font *font)
{
	const struct pdf_object *procs = follow_get(f, font->dict, "CharProcs");
	const struct pdf_object *array = follow_get(
		f, follow_get(f, font->dict, "Encoding"), "Differences");
	const struct pdf_object *o;
	int64_t code = 0;
	size_t i, at;

	if (f->stop || !start_classes(f, font, 256))
		return;
	memset(font->classes, MARKS_ABSENT, 256);
	for (i = 0; i < pdf_array_count(array) && !f->stop; i++) {
		o = item(f, array, i);
		if (pdf_get_int(o, &code) || code < 0 || code > 255)
			continue;
		if (pdf_is(o, PDF_NAME) && pdf_is_dict(procs) &&
		    pdf_dict_find(procs, o->u.text, &at))
			font->classes[code] = MARKS_LETTER;
		code++;
	}
}

/* Where no marks are listed (marks NULL), glyphs are not drawn: show() doubts
 * them anyway. */
static void load_drawn(struct marks_follow *f, struct marks_font *font)
{
	double m[6];

	font->drawn = true;
	/* Until it is drawn: a glyph may show text in its own font. */
	font->unknown = true;
	if (!follow_matrix(f, font->dict, "FontMatrix", m))
		return;
	simple_widths(f, font, m[0] * 1000);
	drawn_classes(f, font);
	if (!f->stop)
		font->unknown = f->marks != NULL && !draw_glyphs(f, font, m);
}

const struct marks_font *follow_font(struct marks_follow *f,
				     const struct pdf_object *dict)
{
	struct marks_font *font;
	size_t i;

	for (i = 0; i < f->font_count; i++) {
		if (f->fonts[i]->dict == dict)
			return f->fonts[i];
	}
	if (f->font_count == MARKS_FONTS || !pdf_is_dict(dict)) {
		follow_unknown(f);
		return NULL;
	}
	font = calloc(1, sizeof(*font));
	if (font == NULL) {
		(void)follow_well(f, deed_error_memory(&f->error));
		return NULL;
	}
	f->fonts[f->font_count++] = font;
	font->dict = dict;
	font->bytes = 1;
	font->most = 1000;
	font->ascent = 1000;
	font->descent = -250;
	if (pdf_is_name(follow_get(f, dict, "Subtype"), "Type0"))
		load_composite(f, font);
	else if (pdf_is_name(follow_get(f, dict, "Subtype"), "Type3"))
		load_drawn(f, font);
	else
		load_simple(f, font);
	return font;
}
