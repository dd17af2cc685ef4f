/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/canvas.h"

#include <cairo-pdf.h>
#include <stdlib.h>

#include "base/clock.h"

#define POINTS_PER_MM (72.0 / 25.4)

struct canvas {
	cairo_surface_t *surface;
	cairo_t *cr;
	struct buf pdf;
};

/* Called while the surface is finished, and before that when cairo empties its
 * own buffers. */
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

enum deed_status canvas_finish(struct canvas *c, double width_mm,
			       double height_mm, struct drawing *out,
			       struct deed_error *err)
{
	cairo_status_t status;

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
