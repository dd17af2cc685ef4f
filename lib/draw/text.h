/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_TEXT_H
#define DEED_DRAW_TEXT_H

#include <cairo.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Text as outlines, in any script, laid out by pango: no font reaches the
 * PDF.  Text is UTF-8 (draw_spec_check).  It is laid out large and scaled, so
 * that hinting plays no part.  A character that no installed font has is
 * DEED_UNSUPPORTED, and the hint names a package that has it.  Sizes are in
 * millimetres.  Only deed-draw links this.
 */
struct text;

struct text_place {
	double x, y, width, height;
};

/*
 * How a line is set.  spacing is added between letters, as a part of the text
 * size, where the script allows it (Han, not joined scripts).  Without a
 * family Han characters are set in a Song face and Arabic in a Naskh face
 * where one is installed, else in whatever has them.
 */
struct text_style {
	bool bold;
	double spacing;
	const char *family; /* or NULL */
};

/* Lay out one line. */
enum deed_status text_new(struct text **out, cairo_t *cr, const char *utf8,
			  const struct text_style *style,
			  struct deed_error *err) DEED_MUST_USE;
void text_free(struct text *t);

/* DEED_UNSUPPORTED where no family of that name is installed; NULL is. */
enum deed_status text_has_family(const char *family,
				 struct deed_error *err) DEED_MUST_USE;

/* Width of the line at a text size of 1 mm: width is proportional to size.
 * Ink that reaches further counts. */
double text_width(const struct text *t);

/* How far its ink reaches above and below the baseline, likewise. */
double text_ascent(const struct text *t);
double text_descent(const struct text *t);

/* Is it written from the right: is its first letter? */
bool text_is_from_right(const char *utf8);

/* How many bytes of the text go into a line of this width at a text size of 1
 * mm, between words where it can be; all, where it fits. */
size_t text_fits(cairo_t *cr, const char *utf8, const struct text_style *style,
		 double width);

/* Whether letter spacing was allowed: every letter is a Han character. */
bool text_is_han(const char *utf8);

/* ---- drawing (text_draw.c) ---- */

/* Fill the line with its left end at x and its baseline at y. */
void text_draw(struct text *t, cairo_t *cr, double x, double y, double size);

/* Fill a place with the line's ink, which is made wider or higher than it is
 * by no more than this factor, in its middle. */
void text_draw_in(struct text *t, cairo_t *cr, const struct text_place *p,
		  double stretch);

/*
 * Fill the line bent around (cx, cy), its baseline on a circle of radius r.
 * Its middle is at the top, letters upright outwards; below: at the bottom,
 * letters upright inwards.  Along the baseline it is as wide as text_width
 * says, times squeeze: letters of a long name are narrow.
 */
struct text_arc {
	double cx, cy, r;
	double size, squeeze;
	bool below;
};
void text_draw_arc(struct text *t, cairo_t *cr, const struct text_arc *arc);

/*
 * Read what fonts there are, and bring the caches of them up to date while
 * files can be written; call once, before any text.
 */
void text_begin(void);

/* Give back what pango and fontconfig keep; call once before exit. */
void text_end(void);

#endif
