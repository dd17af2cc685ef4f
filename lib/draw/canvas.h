/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_CANVAS_H
#define DEED_DRAW_CANVAS_H

#include <cairo.h>

#include "draw/spec.h"

/*
 * A one-page PDF in memory that is drawn on in millimetres from the top left
 * corner.  Only deed-draw links this: it needs cairo and pango.
 *
 *	canvas_open(&c, width_mm, height_mm, time, err)
 *	... cairo calls on canvas_cairo(c) ...
 *	canvas_finish(c, width_mm, height_mm, &drawing, err)
 *	canvas_free(c)
 */
struct canvas;

enum deed_status canvas_open(struct canvas **out, double width_mm,
			     double height_mm, int64_t time,
			     struct deed_error *err) DEED_MUST_USE;
cairo_t *canvas_cairo(struct canvas *c);

/* End the page and hand the PDF over in out, whose pdf is BUF_INIT. */
enum deed_status canvas_finish(struct canvas *c, double width_mm,
			       double height_mm, struct drawing *out,
			       struct deed_error *err) DEED_MUST_USE;
void canvas_free(struct canvas *c);

/* The red of seals, opaque. */
void canvas_red(cairo_t *cr);

#endif
