/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include "draw/canvas.h"
#include "draw/text.h"

/* In millimetres at a box of 60 mm; everything grows with the width. */
#define BOX_WIDTH 60.0
#define MARGIN 2.0
#define BAR 1.2
#define NAME_SIZE 4.2
#define LINE_SIZE 2.8
#define LEADING 1.45

struct row {
	struct text *text;
	double size;
};

/* The size at which a row fits the width. */
static double fit(const struct text *t, double size, double width)
{
	if (text_width(t) * size > width)
		size = width / text_width(t);
	return size;
}

static enum deed_status rows_new(cairo_t *cr, const struct draw_spec *spec,
				 double scale, struct row *rows, size_t *count,
				 struct deed_error *err)
{
	double room = (BOX_WIDTH - 2 * MARGIN - BAR) * scale;
	enum deed_status status;
	size_t n = 0, i;

	status = text_new(&rows[n].text, cr, spec->name, true, 0, err);
	if (status != DEED_OK)
		return status;
	rows[n].size = fit(rows[n].text, NAME_SIZE * scale, room);
	*count = ++n;
	for (i = 0; i < DRAW_LINES && spec->lines[i] != NULL; i++) {
		status = text_new(&rows[n].text, cr, spec->lines[i], false, 0,
				  err);
		if (status != DEED_OK)
			return status;
		rows[n].size = fit(rows[n].text, LINE_SIZE * scale, room);
		*count = ++n;
	}
	return DEED_OK;
}

static double rows_height(const struct row *rows, size_t count)
{
	double height = 0;
	size_t i;

	for (i = 0; i < count; i++)
		height += rows[i].size * LEADING;
	return height;
}

static void draw_frame(cairo_t *cr, double width, double height, double scale)
{
	double line = 0.25 * scale;

	cairo_set_source_rgb(cr, 0.13, 0.27, 0.53);
	cairo_rectangle(cr, 0, 0, BAR * scale, height);
	cairo_fill(cr);
	cairo_set_line_width(cr, line);
	cairo_rectangle(cr, line / 2, line / 2, width - line, height - line);
	cairo_stroke(cr);
}

static void draw_rows(cairo_t *cr, const struct row *rows, size_t count,
		      double scale)
{
	double y = MARGIN * scale;
	size_t i;

	cairo_set_source_rgb(cr, 0.08, 0.08, 0.10);
	for (i = 0; i < count; i++) {
		y += rows[i].size * LEADING;
		text_draw(rows[i].text, cr, (MARGIN + BAR) * scale,
			  y - rows[i].size * (LEADING - 1), rows[i].size);
	}
}

enum deed_status paint_box(const struct draw_spec *spec, struct drawing *out,
			   struct deed_error *err)
{
	double width = spec->width_mm, scale = width / BOX_WIDTH, height;
	struct row rows[DRAW_LINES + 1] = { 0 };
	struct canvas *measure = NULL, *c = NULL;
	enum deed_status status;
	size_t count = 0, i;

	/* The height follows from the text, so it is laid out first. */
	status = canvas_open(&measure, width, width, spec->time, err);
	if (status != DEED_OK)
		return status;
	status =
		rows_new(canvas_cairo(measure), spec, scale, rows, &count, err);
	if (status != DEED_OK)
		goto out;
	height = rows_height(rows, count) + 2 * MARGIN * scale;
	status = canvas_open(&c, width, height, spec->time, err);
	if (status != DEED_OK)
		goto out;
	draw_frame(canvas_cairo(c), width, height, scale);
	draw_rows(canvas_cairo(c), rows, count, scale);
	status = canvas_finish(c, spec, width, height, out, err);
out:
	for (i = 0; i < count; i++)
		text_free(rows[i].text);
	canvas_free(c);
	canvas_free(measure);
	return status;
}
