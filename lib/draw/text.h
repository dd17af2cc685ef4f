/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_TEXT_H
#define DEED_DRAW_TEXT_H

#include <cairo.h>

#include <stdbool.h>

#include "base/error.h"

/*
 * Text as outlines, in any script, laid out by pango: no font reaches the
 * PDF.  Text is laid out large and scaled, so that hinting plays no part.  A
 * character that no installed font has is DEED_UNSUPPORTED, and the hint
 * names a package that has it.  Sizes are in millimetres.  Only deed-draw
 * links this.
 */
struct text;

/*
 * Lay out one line.  spacing is added between letters, as a part of the text
 * size, where the script allows it (Han, not joined scripts).
 */
enum deed_status text_new(struct text **out, cairo_t *cr, const char *utf8,
			  bool bold, double spacing,
			  struct deed_error *err) DEED_MUST_USE;
void text_free(struct text *t);

/* Width of the line at a text size of 1 mm: width is proportional to size. */
double text_width(const struct text *t);

/* Height above and below the baseline, likewise. */
double text_ascent(const struct text *t);

/* Whether letter spacing was allowed: every letter is a Han character. */
bool text_is_han(const char *utf8);

/* Fill the line with its left end at x and its baseline at y. */
void text_draw(struct text *t, cairo_t *cr, double x, double y, double size);

/*
 * Fill the line bent around (cx, cy), its baseline on a circle of radius r,
 * its middle at the top, letters upright outwards.  Along the baseline
 * nothing is stretched.
 */
void text_draw_arc(struct text *t, cairo_t *cr, double cx, double cy, double r,
		   double size);

/* Give back what pango and fontconfig keep; call once before exit. */
void text_end(void);

#endif
