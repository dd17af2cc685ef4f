/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_PNG_H
#define DEED_DRAW_PNG_H

#include <cairo.h>

#include "base/error.h"
#include "base/slice.h"

/*
 * A PNG as a cairo surface.  It is decoded by cairo in a child of its own that
 * can only compute (base/sandbox.h), and which hands nothing back but pixels:
 * a picture may come from anywhere, and who draws reads fonts.  The child
 * lives for one picture and PNG_SECONDS of CPU at most.
 *
 * DEED_MALFORMED: it is none, or damaged.  DEED_LIMIT: more than
 * DRAW_PIXELS_MAX pixels.
 */
#define PNG_SECONDS 30

enum deed_status png_load(struct slice png, cairo_surface_t **out,
			  struct deed_error *err) DEED_MUST_USE;

#endif
