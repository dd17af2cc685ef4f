/* SPDX-License-Identifier: Apache-2.0 */
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdlib.h>

#include "draw/text_priv.h"

/*
 * Which package has the glyphs, by script.  Debian's names: they are what a
 * user here can install, and elsewhere still say which fonts are meant.
 */
static const struct {
	GUnicodeScript script;
	const char *package;
} packages[] = {
	{ G_UNICODE_SCRIPT_HAN, "fonts-noto-cjk" },
	{ G_UNICODE_SCRIPT_HIRAGANA, "fonts-noto-cjk" },
	{ G_UNICODE_SCRIPT_KATAKANA, "fonts-noto-cjk" },
	{ G_UNICODE_SCRIPT_HANGUL, "fonts-noto-cjk" },
	{ G_UNICODE_SCRIPT_ARABIC, "fonts-hosny-amiri" },
	{ G_UNICODE_SCRIPT_LATIN, "fonts-dejavu-core" },
	{ G_UNICODE_SCRIPT_CYRILLIC, "fonts-dejavu-core" },
	{ G_UNICODE_SCRIPT_GREEK, "fonts-dejavu-core" },
	{ G_UNICODE_SCRIPT_THAI, "fonts-thai-tlwg" },
};

/* g_utf8_next_char, which casts const away. */
static const char *next_char(const char *p)
{
	return p + g_utf8_skip[*(const unsigned char *)p];
}

/* Other scripts are in the general package of the same family, if anywhere. */
static const char *package_for(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);
	size_t i;

	for (i = 0; i < sizeof(packages) / sizeof(packages[0]); i++) {
		if (packages[i].script == script)
			return packages[i].package;
	}
	return "fonts-noto-core";
}

bool text_is_han(const char *utf8)
{
	bool any = false;
	const char *p;

	for (p = utf8; *p != '\0'; p = next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		GUnicodeScript script = g_unichar_get_script(c);

		if (script == G_UNICODE_SCRIPT_HAN)
			any = true;
		else if (script != G_UNICODE_SCRIPT_COMMON || c < 0x80)
			return false;
	}
	return any;
}

/* Does any glyph of one character's own layout have no font? */
static bool lacks_glyph(PangoLayout *layout, const char *at, const char *next)
{
	pango_layout_set_text(layout, at, (int)(next - at));
	return pango_layout_get_unknown_glyphs_count(layout) > 0;
}

/* The message for a text that no font can show in full. */
static enum deed_status missing_glyph(PangoLayout *layout, const char *utf8,
				      struct deed_error *err)
{
	const char *p, *next;

	for (p = utf8; *p != '\0'; p = next) {
		next = next_char(p);
		if (!lacks_glyph(layout, p, next))
			continue;
		deed_error_set(err, DEED_UNSUPPORTED,
			       "no font has the character '%.*s' (U+%04X) of "
			       "'%s'",
			       (int)(next - p), p, g_utf8_get_char(p), utf8);
		deed_error_hint(err, "apt-get install %s",
				package_for(g_utf8_get_char(p)));
		return DEED_UNSUPPORTED;
	}
	return deed_error_set(err, DEED_UNSUPPORTED, "no font can show '%s'",
			      utf8);
}

/*
 * Faces by the names that systems have for them: Song as seals and contracts
 * in China are set in, Naskh for Arabic.  The first that is there is taken;
 * a family that is not there costs nothing.
 */
static const char *family_of(const char *utf8)
{
	const char *p;

	if (text_is_han(utf8))
		return "SimSun,NSimSun,STSong,Songti SC,Source Han Serif SC,"
		       "Noto Serif CJK SC,FandolSong,AR PL UMing CN,Sans";
	for (p = utf8; *p != '\0'; p = next_char(p)) {
		if (g_unichar_get_script(g_utf8_get_char(p)) ==
		    G_UNICODE_SCRIPT_ARABIC)
			return "Amiri,Noto Naskh Arabic,Sans";
	}
	return "Sans";
}

/* The size is absolute, so that no setting of the desktop's resolution changes
 * the drawing. */
static void set_font(PangoLayout *layout, const char *utf8,
		     const struct text_style *style)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(
		font, style->family != NULL ? style->family : family_of(utf8));
	pango_font_description_set_absolute_size(font,
						 TEXT_LAYOUT * PANGO_SCALE);
	if (style->bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

enum deed_status text_has_family(const char *family, struct deed_error *err)
{
	FcPattern *pattern;
	FcFontSet *found;
	bool has;

	if (family == NULL)
		return DEED_OK;
	pattern = FcPatternCreate();
	if (pattern == NULL ||
	    !FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family)) {
		FcPatternDestroy(pattern);
		return deed_error_memory(err);
	}
	found = FcFontList(NULL, pattern, NULL);
	has = found != NULL && found->nfont > 0;
	FcFontSetDestroy(found);
	FcPatternDestroy(pattern);
	if (has)
		return DEED_OK;
	deed_error_set(err, DEED_UNSUPPORTED, "the font '%s' is not installed",
		       family);
	deed_error_hint(err, "fc-list : family");
	return DEED_UNSUPPORTED;
}

/* No hinting of outlines or advances: the size here is not the final one. */
static void set_context(PangoContext *context, const char *utf8)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	/* Without a tag pango picks Japanese forms for Han characters. */
	if (text_is_han(utf8))
		pango_context_set_language(context,
					   pango_language_from_string("zh-cn"));
}

/* Without a range it holds for the whole text.  The list owns the attribute,
 * and the layout keeps a reference of its own. */
static void set_spacing(PangoLayout *layout, double spacing)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(
		list, pango_attr_letter_spacing_new(
			      (int)(spacing * TEXT_LAYOUT * PANGO_SCALE)));
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
}

/* Ink can go beyond the advance, as in slanted letters: both sides take the
 * wider of the two, so that nothing is cut off. */
static void measure(struct text *t)
{
	PangoRectangle logical, ink;
	double right;

	pango_layout_get_extents(t->layout, &ink, &logical);
	t->baseline =
		(double)pango_layout_get_baseline(t->layout) / PANGO_SCALE;
	right = (double)(ink.x + ink.width) / PANGO_SCALE;
	t->left = fmin((double)ink.x / PANGO_SCALE, 0);
	t->right = fmax((double)logical.width / PANGO_SCALE, right);
	t->ascent = t->baseline - (double)ink.y / PANGO_SCALE;
	t->descent = (double)(ink.y + ink.height) / PANGO_SCALE - t->baseline;
	/* A line of letters that stand on the baseline, or above it. */
	t->descent = fmax(t->descent, 0);
}

bool text_is_from_right(const char *utf8)
{
	for (; *utf8 != '\0'; utf8 = next_char(utf8)) {
		gunichar c = g_utf8_get_char(utf8);

		switch (g_unichar_get_script(c)) {
		case G_UNICODE_SCRIPT_ARABIC:
		case G_UNICODE_SCRIPT_HEBREW:
		case G_UNICODE_SCRIPT_SYRIAC:
		case G_UNICODE_SCRIPT_THAANA:
		case G_UNICODE_SCRIPT_NKO:
			return true;
		default:
			break;
		}
		if (g_unichar_isalpha(c))
			return false;
	}
	return false;
}

/* A layout of the text; g_object_unref it. */
static PangoLayout *lay_out(cairo_t *cr, const char *utf8,
			    const struct text_style *style)
{
	PangoContext *context = pango_cairo_create_context(cr);
	PangoLayout *layout;

	set_context(context, utf8);
	layout = pango_layout_new(context);
	g_object_unref(context);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	set_font(layout, utf8, style);
	pango_layout_set_text(layout, utf8, -1);
	return layout;
}

size_t text_fits(cairo_t *cr, const char *utf8, const struct text_style *style,
		 double width)
{
	size_t len = strlen(utf8);
	PangoLayoutLine *line;
	PangoLayout *layout;

	layout = lay_out(cr, utf8, style);
	pango_layout_set_width(layout,
			       (int)(width * TEXT_LAYOUT * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	line = pango_layout_get_line_readonly(layout, 0);
	if (line != NULL && line->length > 0)
		len = (size_t)line->length;
	g_object_unref(layout);
	return len;
}

enum deed_status text_new(struct text **out, cairo_t *cr, const char *utf8,
			  const struct text_style *style,
			  struct deed_error *err)
{
	enum deed_status status;
	struct text *t;

	*out = NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	t->layout = lay_out(cr, utf8, style);
	if (pango_layout_get_unknown_glyphs_count(t->layout) > 0) {
		status = missing_glyph(t->layout, utf8, err);
		text_free(t);
		return status;
	}
	if (style->spacing > 0 && text_is_han(utf8))
		set_spacing(t->layout, style->spacing);
	measure(t);
	*out = t;
	return DEED_OK;
}

void text_free(struct text *t)
{
	if (t == NULL)
		return;
	g_object_unref(t->layout);
	free(t);
}

double text_width(const struct text *t)
{
	return (t->right - t->left) / TEXT_LAYOUT;
}

double text_ascent(const struct text *t)
{
	return t->ascent / TEXT_LAYOUT;
}

double text_descent(const struct text *t)
{
	return t->descent / TEXT_LAYOUT;
}

void text_begin(void)
{
	/* Without a font each text says so itself. */
	(void)FcInit();
}

void text_end(void)
{
	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	FcFini();
}
