/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/marks_priv.h"

/*
 * Paths (ISO 32000-2 8.5).  A sub-path is kept as the box around it, how many
 * lines it has, and whether one of them is neither horizontal nor vertical on
 * the page.
 */

/* So far from straight is rounding, in units of the page. */
#define ROUNDING 0.005
#define TILT 0.05

/* A closed path of so many lines counts as one rectangle. */
#define SIDES 5

/* Level or upright, but for rounding: a tilt of a fiftieth at most, and never
 * more than TILT in all, is no slanted line. */
static bool is_straight(double dx, double dy)
{
	double less = fmin(fabs(dx), fabs(dy));
	double more = fmax(fabs(dx), fabs(dy));

	return less <= ROUNDING || (less <= TILT && less <= more / 50);
}

/* NULL ends the path under way; the caller has nothing more to mark, as all is
 * unknown then. */
static struct marks_path *add_path(struct marks_follow *f, double x, double y)
{
	if (f->path_count == MARKS_PATHS) {
		follow_unknown(f);
		return NULL;
	}
	if (!array_room(&f->paths, &f->path_cap, f->path_count + 1)) {
		(void)follow_well(f, deed_error_memory(&f->error));
		return NULL;
	}
	f->paths[f->path_count] = (struct marks_path){
		.box = { x, y, x, y },
		.start = { x, y },
		.at = { x, y },
	};
	return &f->paths[f->path_count++];
}

/* The sub-path that goes on; after a closed one, a new one from its start. */
static struct marks_path *get_path(struct marks_follow *f)
{
	struct marks_path *p;

	if (f->path_count == 0) {
		follow_unknown(f);
		return NULL;
	}
	p = &f->paths[f->path_count - 1];
	return p->closed ? add_path(f, p->start[0], p->start[1]) : p;
}

/* fmin would lose what is no number. */
static void reach(struct marks_path *p, double x, double y)
{
	if (!isfinite(x) || !isfinite(y)) {
		p->box = (struct pdf_rect){ NAN, NAN, NAN, NAN };
		return;
	}
	if (isnan(p->box.x0))
		return;
	pdf_rect_enclose(&p->box, &(struct pdf_rect){ x, y, x, y });
}

/* Straight is told on the page, after the matrix: a level line under a turned
 * matrix is slanted there. */
static void line_to(struct marks_path *p, double x, double y)
{
	if (!is_straight(x - p->at[0], y - p->at[1]))
		p->odd = true;
	reach(p, x, y);
	p->at[0] = x;
	p->at[1] = y;
	p->lines++;
}

/* It may be turned, so that its corners are mapped one by one. */
static void add_rectangle(struct marks_follow *f)
{
	const double *n = f->n;
	const double corners[4][2] = { { n[0], n[1] },
				       { n[0] + n[2], n[1] },
				       { n[0] + n[2], n[1] + n[3] },
				       { n[0], n[1] + n[3] } };
	struct marks_path *p = NULL;
	double x, y;
	size_t i;

	for (i = 0; i < 4; i++) {
		x = corners[i][0];
		y = corners[i][1];
		pdf_matrix_apply(f->state.m, &x, &y);
		if (i == 0)
			p = add_path(f, x, y);
		if (p == NULL)
			return;
		line_to(p, x, y);
	}
	line_to(p, p->start[0], p->start[1]);
	p->lines = 1;
	p->closed = true;
}

/* The control points enclose the curve (8.5.2.2). v and y have one of them
 * less, which lies at an end of the curve. */
static void add_curve(struct marks_follow *f)
{
	struct marks_path *p = get_path(f);
	size_t i, count = f->in.content->count;

	for (i = 0; p != NULL && i < count; i += 2) {
		pdf_matrix_apply(f->state.m, &f->n[i], &f->n[i + 1]);
		reach(p, f->n[i], f->n[i + 1]);
		p->at[0] = f->n[i];
		p->at[1] = f->n[i + 1];
		p->odd = true;
	}
}

/* To close where there is no path is passed over; a line without a current
 * point is unknown, as readers begin it somewhere. */
void follow_path(struct marks_follow *f, int what)
{
	struct marks_path *p;

	if (what == PATH_RECT) {
		add_rectangle(f);
	} else if (what == PATH_CURVE || what == PATH_HALF) {
		add_curve(f);
	} else if (what == PATH_CLOSE) {
		if (f->path_count == 0)
			return;
		p = &f->paths[f->path_count - 1];
		if (!p->closed)
			line_to(p, p->start[0], p->start[1]);
		p->closed = true;
	} else {
		pdf_matrix_apply(f->state.m, &f->n[0], &f->n[1]);
		p = what == PATH_MOVE ? add_path(f, f->n[0], f->n[1])
				      : get_path(f);
		if (p != NULL && what == PATH_LINE)
			line_to(p, f->n[0], f->n[1]);
		else if (p != NULL)
			reach(p, f->n[0], f->n[1]);
	}
}

void follow_widen(const struct marks_follow *f, bool miter,
		  struct pdf_rect *box)
{
	const double *m = f->state.m;
	/* At least the widest that the matrix makes of one unit. */
	double most =
		sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2] + m[3] * m[3]);
	double by = fabs(f->state.width) * most / 2;

	if (miter)
		by *= fmax(fabs(f->state.miter), 1.5);
	/* The thinnest line that a device draws. */
	by = fmax(by, 0.5);
	box->x0 -= by;
	box->y0 -= by;
	box->x1 += by;
	box->y1 += by;
}

/* Four sides, with one more line back to the start, are one rectangle; open or
 * longer paths count each line, since letters can be built of them. */
static unsigned plain_count(const struct marks_path *p)
{
	bool round = p->closed || (fabs(p->at[0] - p->start[0]) <= ROUNDING &&
				   fabs(p->at[1] - p->start[1]) <= ROUNDING);

	return p->lines == 0 || (round && p->lines <= SIDES) ? 1 : p->lines;
}

/* Filled, it is closed by a line that nobody wrote. */
static bool is_odd(const struct marks_path *p, bool filled)
{
	return p->odd || (filled && !is_straight(p->at[0] - p->start[0],
						 p->at[1] - p->start[1]));
}

static void paint(struct marks_follow *f, const struct marks_path *p, int how)
{
	bool stroke = (how & PAINT_STROKE) != 0, fill = (how & PAINT_FILL) != 0;
	bool odd = is_odd(p, fill) ||
		   (stroke && (f->state.pattern[0] || f->state.dotted)) ||
		   (fill && f->state.pattern[1]);
	struct pdf_rect box = p->box;

	/* A move alone. */
	if (p->lines == 0 && !p->odd)
		return;
	if (stroke)
		follow_widen(f, p->odd, &box);
	follow_mark(f, PDF_MARK_PATH, odd ? 0 : plain_count(p), &box);
}

/* A clip that is no rectangle is remembered as shaped: what lies in its box
 * may be seen or not. */
static void cut(struct marks_follow *f)
{
	struct pdf_rect box = { INFINITY, INFINITY, -INFINITY, -INFINITY };
	const struct marks_path *p;
	bool shaped = false;
	uint64_t plain = 0;
	size_t i;

	for (i = 0; i < f->path_count; i++) {
		p = &f->paths[i];
		if (isnan(p->box.x0)) {
			f->state.shaped = true;
			return;
		}
		if (p->lines == 0 && !p->odd)
			continue;
		pdf_rect_enclose(&box, &p->box);
		shaped = shaped || is_odd(p, true);
		plain += plain_count(p);
	}
	if (shaped || plain > PDF_MARKS_PLAIN)
		f->state.shaped = true;
	else if (plain > 1)
		f->state.cuts += (unsigned)plain;
	/* A path of nothing: readers differ in whether that cuts off all. */
	if (box.x0 > box.x1)
		return;
	box = (struct pdf_rect){ box.x0 - 1, box.y0 - 1, box.x1 + 1,
				 box.y1 + 1 };
	pdf_rect_intersect(&f->state.clip, &box);
}

/* Clipping comes after painting (8.5.4): the path that cuts is itself painted
 * uncut. */
void follow_paint(struct marks_follow *f, int what)
{
	size_t i;

	if ((what & PAINT_CLOSE) != 0)
		follow_path(f, PATH_CLOSE);
	for (i = 0; i < f->path_count && !f->stop; i++) {
		if ((what & (PAINT_STROKE | PAINT_FILL)) != 0)
			paint(f, &f->paths[i], what);
	}
	if (f->clips)
		cut(f);
	f->clips = false;
	f->path_count = 0;
}
