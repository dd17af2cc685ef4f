/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_IMAGE_H
#define DEED_DRAW_IMAGE_H

#include <cairo.h>

#include "base/error.h"
#include "base/slice.h"

/*
 * A picture of the user's: a PNG, which is decoded (draw/png.h), or a JPEG,
 * which goes into the PDF as it is (draw/jpeg.h).  Only deed-draw links this.
 */
struct image {
	cairo_surface_t *surface;
	cairo_matrix_t turn;  /* from the surface to how it is to be seen */
	double width, height; /* as it is seen, in pixels */
};

/* DEED_MALFORMED, DEED_UNSUPPORTED: it is neither.  DEED_LIMIT: more than
 * DRAW_PIXELS_MAX pixels. */
enum deed_status image_load(struct slice file, struct image *out,
			    struct deed_error *err) DEED_MUST_USE;
void image_clear(struct image *i);

/* In the middle of this place, as large as it goes there. */
void image_draw(const struct image *i, cairo_t *cr, double x, double y,
		double width, double height);

#endif
