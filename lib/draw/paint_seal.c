/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/image.h"
#include "draw/text.h"

/*
 * The round seal, in parts of its diameter: those of the company seals of 40
 * mm in use in China, a border of 1.2 mm, a star of 14 mm, letters of 5 mm.
 */
#define BORDER 0.030
#define INNER (0.5 - BORDER)
#define NAME_SIZE 0.125			/* the name's letters, where they fit */
#define NAME_GAP 0.025			/* between border and letters */
#define NAME_ARC (250.0 / 180.0 * M_PI) /* the name takes at most this */
#define NAME_SPREAD (200.0 / 180.0 * M_PI) /* short Han names are spread */
#define NUMBER_SIZE 0.052
#define NUMBER_ARC (110.0 / 180.0 * M_PI) /* the number likewise */
#define NUMBER_SPACE 0.3 /* between name and number, as an angle */
#define EMBLEM 0.175	 /* the emblem's radius */

/* Below the emblem, or in the middle without one. */
#define PURPOSE_SIZE 0.096
#define LINE_SIZE 0.062
#define ROWS_FIRST 0.195 /* their top below the centre */
#define ROWS_GAP 0.030	 /* between them */
#define ROWS_AIR 0.020	 /* between them and what is around them */
#define ROWS_LAST 0.95	 /* of the free radius: their bottom at most */

#define MAX_SPACING 0.9 /* between Han letters, in parts of their size */
#define MIN_SQUEEZE 0.7 /* before letters are made smaller */

struct row {
	struct text *text;
	double size;
};

/* Everything that is laid out before anything is painted. */
struct seal {
	const struct draw_spec *spec;
	cairo_t *cr;
	struct text *name, *number;
	struct text_arc name_arc, number_arc;
	struct row rows[DRAW_LINES + 1];
	size_t row_count;
	struct image emblem;
};

/* Point upwards, the tips and the inner corners in turn, a tenth of the circle
 * apart. */
static void star(cairo_t *cr, double r)
{
	/* Inner to outer radius of the regular pentagram. */
	const double inner = r * 0.381966;
	int i;

	cairo_new_path(cr);
	for (i = 0; i < 10; i++) {
		double angle = i * M_PI / 5;
		double radius = i % 2 == 0 ? r : inner;

		cairo_line_to(cr, radius * sin(angle), -radius * cos(angle));
	}
	cairo_close_path(cr);
	cairo_fill(cr);
}

/* The middle of the line is half its width inside, so that the ring ends where
 * the drawing does. */
static void border(cairo_t *cr)
{
	cairo_new_path(cr);
	cairo_set_line_width(cr, BORDER);
	cairo_arc(cr, 0, 0, 0.5 - BORDER / 2, 0, 2 * M_PI);
	cairo_close_path(cr);
	cairo_stroke(cr);
}

/* Bytes that begin a character; the text was checked to be UTF-8. */
static size_t count_letters(const char *utf8)
{
	size_t n = 0;

	for (; *utf8 != '\0'; utf8++)
		n += ((unsigned char)*utf8 & 0xc0) != 0x80;
	return n;
}

/* ---- the arcs ---- */

/* Letters become narrow first, then small.  Smaller letters have a larger
 * circle: a few rounds settle it. */
static void fit_arc(const struct text *t, double gap, double angle,
		    struct text_arc *arc)
{
	int i;

	arc->squeeze = 1;
	for (i = 0; i < 16; i++) {
		double ratio;

		arc->r = INNER - gap -
			 (arc->below ? text_descent(t) : text_ascent(t)) *
				 arc->size;
		ratio = angle * arc->r / (text_width(t) * arc->size);
		arc->squeeze = fmin(1, fmax(MIN_SQUEEZE, ratio));
		if (ratio < MIN_SQUEEZE)
			arc->size *= ratio / MIN_SQUEEZE;
	}
}

/* Half the angle that the line takes. */
static double half_angle(const struct text *t, const struct text_arc *arc)
{
	return t == NULL
		       ? 0
		       : text_width(t) * arc->size * arc->squeeze / arc->r / 2;
}

/* Space between letters that spreads a short Han name over the arc. */
static double spacing_of(const struct seal *s)
{
	size_t letters = count_letters(s->spec->name);
	double free_arc = NAME_SPREAD * s->name_arc.r -
			  text_width(s->name) * s->name_arc.size;

	if (letters < 2 || free_arc <= 0 || !text_is_han(s->spec->name))
		return 0;
	return fmin(MAX_SPACING, free_arc / s->name_arc.size / (double)letters);
}

/* The number comes first: it has its size, and the name takes what is left of
 * the circle.  A name that is spread is laid out again, as its width has
 * changed. */
static enum deed_status lay_out_arcs(struct seal *s, struct deed_error *err)
{
	struct text_style style = { .bold = true, .family = s->spec->font };
	double angle = NAME_ARC, rest;
	enum deed_status status;
	struct text *spread;

	if (s->spec->number != NULL) {
		const struct text_style plain = { .family = s->spec->font };

		status = text_new(&s->number, s->cr, s->spec->number, &plain,
				  err);
		if (status != DEED_OK)
			return status;
		s->number_arc.size = NUMBER_SIZE;
		s->number_arc.below = true;
		fit_arc(s->number, NAME_GAP, NUMBER_ARC, &s->number_arc);
		rest = 2 * (M_PI - half_angle(s->number, &s->number_arc) -
			    NUMBER_SPACE);
		angle = fmin(angle, rest);
	}
	status = text_new(&s->name, s->cr, s->spec->name, &style, err);
	if (status != DEED_OK)
		return status;
	s->name_arc.size = NAME_SIZE;
	fit_arc(s->name, NAME_GAP, angle, &s->name_arc);
	style.spacing = spacing_of(s);
	if (style.spacing <= 0)
		return DEED_OK;
	status = text_new(&spread, s->cr, s->spec->name, &style, err);
	if (status == DEED_OK) {
		text_free(s->name);
		s->name = spread;
		fit_arc(s->name, NAME_GAP, angle, &s->name_arc);
	}
	return status;
}

/* ---- the rows ---- */

/* The size may become smaller when it is drawn, where the row meets the
 * circle. */
static enum deed_status lay_out_row(struct seal *s, const char *text,
				    double size, bool bold,
				    struct deed_error *err)
{
	const struct text_style style = { .bold = bold,
					  .family = s->spec->font };
	struct row *row = &s->rows[s->row_count];
	enum deed_status status;

	status = text_new(&row->text, s->cr, text, &style, err);
	if (status == DEED_OK) {
		row->size = size;
		s->row_count++;
	}
	return status;
}

/* There is room for all lines and the purpose, which comes before them. */
static enum deed_status lay_out_rows(struct seal *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (s->spec->purpose != NULL)
		status = lay_out_row(s, s->spec->purpose, PURPOSE_SIZE, true,
				     err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (s->spec->lines[i] == NULL)
			break;
		status = lay_out_row(s, s->spec->lines[i], LINE_SIZE, false,
				     err);
	}
	return status;
}

static double row_height(const struct row *r)
{
	return (text_ascent(r->text) + text_descent(r->text)) * r->size;
}

/* By the ink of the letters and not by the font's line: a seal has no air to
 * give away. */
static double rows_height(const struct seal *s)
{
	double height = 0;
	size_t i;

	for (i = 0; i < s->row_count; i++)
		height += row_height(&s->rows[i]) + (i > 0 ? ROWS_GAP : 0);
	return height;
}

/*
 * How far from the centre a row may reach whose edge lies at y: to the letters
 * of the name where they are beside it, to those of the number, or to the
 * ring.
 */
static double reach(const struct seal *s, double y)
{
	const struct text_arc *n = &s->name_arc;
	double inner = n->r - text_descent(s->name) * n->size;
	double outer = n->r + text_ascent(s->name) * n->size;
	double half = half_angle(s->name, n);
	double free = INNER;

	/* The lowest point of the name, below the centre. */
	if (y < -outer * cos(fmin(half, M_PI)) + ROWS_AIR)
		free = inner;
	if (s->number != NULL)
		free = fmin(free, s->number_arc.r - text_ascent(s->number) *
							    s->number_arc.size);
	return free - ROWS_AIR;
}

/* A row whose top and bottom lie there, as large as the place allows; false
 * where there is none. */
static bool draw_row(const struct seal *s, struct row *r, double top,
		     double bottom)
{
	double edge = fmax(fabs(top), fabs(bottom)), around = reach(s, top);
	double chord = 2 * sqrt(fmax(0, around * around - edge * edge));

	/* A matrix of zeros would spoil the whole drawing. */
	if (chord <= 0)
		return false;
	if (text_width(r->text) * r->size > chord) {
		/* In the middle of the place that it would fill. */
		double less = chord / text_width(r->text) / r->size;

		top += row_height(r) * (1 - less) / 2;
		r->size *= less;
	}
	text_draw(r->text, s->cr, -text_width(r->text) * r->size / 2,
		  top + text_ascent(r->text) * r->size, r->size);
	return true;
}

/* All rows become smaller together where they are too high; each one by itself
 * where it is too wide for the chord at its height. */
static enum deed_status draw_rows(struct seal *s, struct deed_error *err)
{
	bool middle = s->spec->emblem == DRAW_EMBLEM_NONE;
	double height = rows_height(s), free, y, top;
	size_t i;

	if (s->row_count == 0)
		return DEED_OK;
	free = reach(s, middle ? 0 : 0.5) * ROWS_LAST;
	/* Many rows begin beside the name, where there is less room. */
	if (middle)
		free = fmin(free,
			    reach(s, -fmin(height / 2, free)) * ROWS_LAST);
	y = middle ? -fmin(height, 2 * free) / 2 : ROWS_FIRST;
	for (i = 0; i < s->row_count; i++) {
		struct row *r = &s->rows[i];
		double shrink = fmin(1, (free - (middle ? -free : ROWS_FIRST)) /
						height);

		r->size *= shrink;
		top = y;
		y += row_height(r);
		if (!draw_row(s, r, top, y))
			return deed_error_set(err, DEED_USAGE,
					      "the seal has no room for its "
					      "lines");
		y += ROWS_GAP * shrink;
	}
	return DEED_OK;
}

/* ---- the seal ---- */

/* Whatever can fail does so here, before anything is painted. */
static enum deed_status lay_out(struct seal *s, struct deed_error *err)
{
	enum deed_status status = text_has_family(s->spec->font, err);

	if (status == DEED_OK)
		status = lay_out_arcs(s, err);
	if (status == DEED_OK)
		status = lay_out_rows(s, err);
	if (status == DEED_OK && s->spec->emblem == DRAW_EMBLEM_IMAGE)
		status = image_load(s->spec->image, &s->emblem, err);
	return status;
}

/* The emblem that is an image comes last, as it brings its own colours, and
 * what is painted after it would need the red anew. */
static enum deed_status draw(struct seal *s, struct deed_error *err)
{
	/* A square within the circle of a star. */
	const double half = EMBLEM * 0.85;
	enum deed_status status;

	canvas_red(s->cr);
	border(s->cr);
	if (s->spec->emblem == DRAW_EMBLEM_STAR)
		star(s->cr, EMBLEM);
	text_draw_arc(s->name, s->cr, &s->name_arc);
	if (s->number != NULL)
		text_draw_arc(s->number, s->cr, &s->number_arc);
	status = draw_rows(s, err);
	if (s->spec->emblem == DRAW_EMBLEM_IMAGE)
		image_draw(&s->emblem, s->cr, -half, -half, 2 * half, 2 * half);
	return status;
}

enum deed_status paint_seal(const struct draw_spec *spec, struct drawing *out,
			    struct deed_error *err)
{
	double d = spec->width_mm;
	struct seal s = { .spec = spec };
	struct canvas *c = NULL;
	enum deed_status status;
	size_t i;

	status = canvas_open(&c, d, d, spec->time, err);
	if (status != DEED_OK)
		return status;
	s.cr = canvas_cairo(c);
	status = lay_out(&s, err);
	if (status == DEED_OK) {
		/* From here on its diameter is 1, its centre the origin. */
		cairo_translate(s.cr, d / 2, d / 2);
		cairo_scale(s.cr, d, d);
		status = draw(&s, err);
	}
	if (status == DEED_OK)
		status = canvas_finish(c, d, d, out, err);
	image_clear(&s.emblem);
	for (i = 0; i < s.row_count; i++)
		text_free(s.rows[i].text);
	text_free(s.number);
	text_free(s.name);
	canvas_free(c);
	return status;
}
