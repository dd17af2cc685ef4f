/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "draw/text_priv.h"

/*
 * The outlines, baseline at y 0, from x 0 on.  They are taken on an unbounded
 * surface: cairo leaves out glyphs that lie off the page of a bounded one,
 * even if the path is to be bent back onto it.
 */
static cairo_path_t *outlines(struct text *t)
{
	cairo_surface_t *surface =
		cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
	cairo_t *cr = cairo_create(surface);
	cairo_path_t *path;

	cairo_move_to(cr, -t->left, -t->baseline);
	pango_cairo_layout_path(cr, t->layout);
	path = cairo_copy_path(cr);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return path;
}

static void fill_path(cairo_t *cr, cairo_path_t *path)
{
	cairo_new_path(cr);
	cairo_append_path(cr, path);
	cairo_path_destroy(path);
	cairo_fill(cr);
}

void text_draw(struct text *t, cairo_t *cr, double x, double y, double size)
{
	double scale = size / TEXT_LAYOUT;

	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, scale, scale);
	fill_path(cr, outlines(t));
	cairo_restore(cr);
}

void text_draw_in(struct text *t, cairo_t *cr, const struct text_place *p,
		  double stretch)
{
	cairo_path_t *path = outlines(t);
	double x0, y0, x1, y1, across, down;

	cairo_new_path(cr);
	cairo_append_path(cr, path);
	cairo_path_extents(cr, &x0, &y0, &x1, &y1);
	if (x1 > x0 && y1 > y0) {
		across = p->width / (x1 - x0);
		down = p->height / (y1 - y0);
		across = fmin(across, down * stretch);
		down = fmin(down, across * stretch);
		cairo_save(cr);
		cairo_translate(cr, p->x + p->width / 2, p->y + p->height / 2);
		cairo_scale(cr, across, down);
		cairo_translate(cr, -(x0 + x1) / 2, -(y0 + y1) / 2);
		fill_path(cr, path);
		cairo_restore(cr);
	} else {
		cairo_path_destroy(path);
	}
	cairo_new_path(cr);
}

struct arc {
	double r;      /* the baseline's circle, in layout units */
	double middle; /* x of the text's middle */
	double squeeze;
	bool below;
};

/* Layout coordinates, baseline at y 0, to the page: x to angle, y to radius. */
static void bend(const struct arc *a, const cairo_path_data_t *in,
		 cairo_path_data_t *out)
{
	double angle = (in->point.x - a->middle) * a->squeeze / a->r;
	double radius = a->below ? a->r + in->point.y : a->r - in->point.y;

	out->point.x = radius * sin(angle);
	out->point.y = a->below ? radius * cos(angle) : -radius * cos(angle);
}

/* A straight line becomes an arc: it is drawn in steps of about two degrees. */
static void bend_line(cairo_t *cr, const struct arc *a,
		      const cairo_path_data_t *from,
		      const cairo_path_data_t *to)
{
	double dx = to->point.x - from->point.x;
	double dy = to->point.y - from->point.y;
	int steps = 1 + (int)(fabs(dx) / a->r / 0.035);
	int i;

	for (i = 1; i <= steps; i++) {
		cairo_path_data_t at, bent;

		at.point.x = from->point.x + dx * i / steps;
		at.point.y = from->point.y + dy * i / steps;
		bend(a, &at, &bent);
		cairo_line_to(cr, bent.point.x, bent.point.y);
	}
}

/* Control points are bent as the points are, which is near enough for the
 * short curves of letters; long straight lines are not, and are drawn in
 * steps.  The path is closed by a straight line of cairo's. */
static void bend_path(cairo_t *cr, const struct arc *a, cairo_path_t *path)
{
	cairo_path_data_t last = { .point = { 0, 0 } };
	int i;

	for (i = 0; i < path->num_data; i += path->data[i].header.length) {
		cairo_path_data_t *d = &path->data[i], p[3];

		switch (d->header.type) {
		case CAIRO_PATH_MOVE_TO:
			bend(a, &d[1], &p[0]);
			cairo_move_to(cr, p[0].point.x, p[0].point.y);
			last = d[1];
			break;
		case CAIRO_PATH_LINE_TO:
			bend_line(cr, a, &last, &d[1]);
			last = d[1];
			break;
		case CAIRO_PATH_CURVE_TO:
			bend(a, &d[1], &p[0]);
			bend(a, &d[2], &p[1]);
			bend(a, &d[3], &p[2]);
			cairo_curve_to(cr, p[0].point.x, p[0].point.y,
				       p[1].point.x, p[1].point.y, p[2].point.x,
				       p[2].point.y);
			last = d[3];
			break;
		case CAIRO_PATH_CLOSE_PATH:
			cairo_close_path(cr);
			break;
		}
	}
}

void text_draw_arc(struct text *t, cairo_t *cr, const struct text_arc *arc)
{
	double scale = arc->size / TEXT_LAYOUT;
	const struct arc a = { arc->r / scale, (t->right - t->left) / 2,
			       arc->squeeze, arc->below };
	cairo_path_t *path = outlines(t);

	cairo_save(cr);
	cairo_translate(cr, arc->cx, arc->cy);
	cairo_scale(cr, scale, scale);
	cairo_new_path(cr);
	bend_path(cr, &a, path);
	cairo_path_destroy(path);
	cairo_fill(cr);
	cairo_restore(cr);
}
