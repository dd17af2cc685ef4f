/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/text.h"

/*
 * The round seal, in parts of its diameter: those of the company seals of 40
 * mm in use in China, a border of 1.2 mm, a star of 14 mm, letters of 5 mm.
 */
#define BORDER 0.030
#define NAME_SIZE 0.125			/* the name's letters, where they fit */
#define NAME_GAP 0.030			/* between border and letters */
#define NAME_ARC (250.0 / 180.0 * M_PI) /* the name takes at most this */
#define NAME_SPREAD (200.0 / 180.0 * M_PI) /* short Han names are spread */
#define STAR 0.165			   /* the star's radius */
#define LINE_SIZE 0.070
#define LINE_FIRST 0.255 /* first baseline below the centre */
#define LINE_STEP 0.085

#define MAX_SPACING 0.9	    /* between Han letters, in parts of their size */
#define MIN_NAME_SIZE 0.040 /* below this nobody can read it */

static void star(cairo_t *cr, double cx, double cy, double r)
{
	/* Inner to outer radius of the regular pentagram. */
	const double inner = r * 0.381966;
	int i;

	cairo_new_path(cr);
	for (i = 0; i < 10; i++) {
		double angle = i * M_PI / 5;
		double radius = i % 2 == 0 ? r : inner;

		cairo_line_to(cr, cx + radius * sin(angle),
			      cy - radius * cos(angle));
	}
	cairo_close_path(cr);
	cairo_fill(cr);
}

static void border(cairo_t *cr, double d)
{
	double width = BORDER * d;

	cairo_new_path(cr);
	cairo_set_line_width(cr, width);
	cairo_arc(cr, d / 2, d / 2, d / 2 - width / 2, 0, 2 * M_PI);
	cairo_close_path(cr);
	cairo_stroke(cr);
}

/* Space between letters that spreads a short Han name over the arc. */
static double spacing_of(const struct text *t, size_t letters, double size,
			 double r)
{
	double free_arc = NAME_SPREAD * r - text_width(t) * size;
	double spacing;

	if (letters < 2 || free_arc <= 0)
		return 0;
	spacing = free_arc / size / (double)letters;
	return spacing > MAX_SPACING ? MAX_SPACING : spacing;
}

static size_t count_letters(const char *utf8)
{
	size_t n = 0;

	for (; *utf8 != '\0'; utf8++)
		n += ((unsigned char)*utf8 & 0xc0) != 0x80;
	return n;
}

static enum deed_status draw_name(cairo_t *cr, const char *name, double d,
				  struct deed_error *err)
{
	double size = NAME_SIZE * d, r = 0;
	struct text *t, *spread;
	enum deed_status status;
	double spacing;
	int i;

	status = text_new(&t, cr, name, true, 0, err);
	if (status != DEED_OK)
		return status;
	/* Smaller letters have a larger circle: a few rounds settle it. */
	for (i = 0; i < 8; i++) {
		r = d / 2 - (BORDER + NAME_GAP) * d - text_ascent(t) * size;
		if (text_width(t) * size > NAME_ARC * r)
			size = NAME_ARC * r / text_width(t);
	}
	if (size < MIN_NAME_SIZE * d) {
		text_free(t);
		return deed_error_set(err, DEED_USAGE,
				      "the name '%s' is too long for a round "
				      "seal",
				      name);
	}
	spacing = spacing_of(t, count_letters(name), size, r);
	if (spacing > 0 && text_is_han(name)) {
		status = text_new(&spread, cr, name, true, spacing, err);
		text_free(t);
		if (status != DEED_OK)
			return status;
		t = spread;
	}
	text_draw_arc(t, cr, d / 2, d / 2, r, size);
	text_free(t);
	return DEED_OK;
}

/* A line below the star, made smaller until it fits the chord there. */
static enum deed_status draw_line(cairo_t *cr, const char *line, int index,
				  double d, struct deed_error *err)
{
	double y = (LINE_FIRST + index * LINE_STEP) * d;
	double inner = d / 2 - (BORDER + 0.02) * d;
	double chord, size = LINE_SIZE * d;
	enum deed_status status;
	struct text *t;

	if (y >= inner)
		return deed_error_set(err, DEED_USAGE,
				      "a seal has no room for line %d",
				      index + 1);
	chord = 2 * sqrt(inner * inner - y * y);
	status = text_new(&t, cr, line, false, 0, err);
	if (status != DEED_OK)
		return status;
	if (text_width(t) * size > chord)
		size = chord / text_width(t);
	text_draw(t, cr, d / 2 - text_width(t) * size / 2, d / 2 + y, size);
	text_free(t);
	return DEED_OK;
}

enum deed_status paint_seal(const struct draw_spec *spec, struct drawing *out,
			    struct deed_error *err)
{
	double d = spec->width_mm;
	struct canvas *c = NULL;
	enum deed_status status;
	int i;

	status = canvas_open(&c, d, d, spec->time, err);
	if (status != DEED_OK)
		return status;
	canvas_red(canvas_cairo(c));
	border(canvas_cairo(c), d);
	star(canvas_cairo(c), d / 2, d / 2, STAR * d);
	status = draw_name(canvas_cairo(c), spec->name, d, err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (spec->lines[i] == NULL)
			break;
		status = draw_line(canvas_cairo(c), spec->lines[i], i, d, err);
	}
	if (status == DEED_OK)
		status = canvas_finish(c, spec, d, d, out, err);
	canvas_free(c);
	return status;
}
