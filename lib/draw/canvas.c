/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/canvas.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "draw/text.h"

#define POINTS_PER_MM (72.0 / 25.4)

struct canvas {
	cairo_surface_t *surface;
	cairo_t *cr;
	struct buf pdf;
};

static cairo_status_t collect(void *closure, const unsigned char *data,
			      unsigned int len)
{
	struct buf *b = closure;

	buf_append(b, data, len);
	return b->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

enum deed_status canvas_open(struct canvas **out, double width_mm,
			     double height_mm, int64_t time,
			     struct deed_error *err)
{
	char date[CLOCK_TEXT];
	struct canvas *c;

	*out = NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return deed_error_memory(err);
	c->surface = cairo_pdf_surface_create_for_stream(
		collect, &c->pdf, width_mm * POINTS_PER_MM,
		height_mm * POINTS_PER_MM);
	cairo_pdf_surface_restrict_to_version(c->surface,
					      CAIRO_PDF_VERSION_1_4);
	/* Without a date of its own two runs would differ. */
	clock_format(time, date);
	cairo_pdf_surface_set_metadata(c->surface,
				       CAIRO_PDF_METADATA_CREATE_DATE, date);
	c->cr = cairo_create(c->surface);
	cairo_scale(c->cr, POINTS_PER_MM, POINTS_PER_MM);
	*out = c;
	return DEED_OK;
}

cairo_t *canvas_cairo(struct canvas *c)
{
	return c->cr;
}

/* "PREVIEW" along the diagonal, grey. */
static enum deed_status mark_preview(cairo_t *cr, double width, double height,
				     struct deed_error *err)
{
	double diagonal = hypot(width, height), size;
	enum deed_status status;
	struct text *t;

	status = text_new(&t, cr, "PREVIEW", true, 0, err);
	if (status != DEED_OK)
		return status;
	size = diagonal * 0.7 / text_width(t);
	cairo_save(cr);
	cairo_set_source_rgba(cr, 0.25, 0.25, 0.25, 0.75);
	cairo_translate(cr, width / 2, height / 2);
	cairo_rotate(cr, -atan2(height, width));
	text_draw(t, cr, -text_width(t) * size / 2, size * 0.35, size);
	cairo_restore(cr);
	text_free(t);
	return DEED_OK;
}

enum deed_status canvas_finish(struct canvas *c, const struct draw_spec *spec,
			       double width_mm, double height_mm,
			       struct drawing *out, struct deed_error *err)
{
	enum deed_status marked = DEED_OK;
	cairo_status_t status;

	if (spec->preview)
		marked = mark_preview(c->cr, width_mm, height_mm, err);
	if (marked != DEED_OK)
		return marked;
	status = cairo_status(c->cr);
	if (status == CAIRO_STATUS_SUCCESS) {
		cairo_surface_finish(c->surface);
		status = cairo_surface_status(c->surface);
	}
	if (status == CAIRO_STATUS_NO_MEMORY)
		return deed_error_memory(err);
	if (status != CAIRO_STATUS_SUCCESS)
		return deed_error_set(err, DEED_SYSTEM, "cannot draw: %s",
				      cairo_status_to_string(status));
	out->pdf = c->pdf;
	out->width_mm = width_mm;
	out->height_mm = height_mm;
	c->pdf = (struct buf)BUF_INIT;
	return DEED_OK;
}

void canvas_free(struct canvas *c)
{
	if (c == NULL)
		return;
	cairo_destroy(c->cr);
	cairo_surface_destroy(c->surface);
	buf_clear(&c->pdf);
	free(c);
}

void canvas_red(cairo_t *cr)
{
	cairo_set_source_rgb(cr, 0.80, 0.07, 0.09);
}
