/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_PAINT_H
#define DEED_DRAW_PAINT_H

#include "draw/spec.h"

/*
 * The drawings themselves.  Only deed-draw links this.  The result is a
 * one-page PDF of the drawing alone, the same bytes for the same spec and
 * fonts.  Statuses: DEED_UNSUPPORTED (a glyph that no font has), DEED_MALFORMED
 * (an image that is none, text that is no UTF-8), DEED_USAGE (a limit of
 * spec.h).
 */
enum deed_status paint(const struct draw_spec *spec, struct drawing *out,
		       struct deed_error *err) DEED_MUST_USE;

/* One function a kind, behind paint(). */
enum deed_status paint_seal(const struct draw_spec *spec, struct drawing *out,
			    struct deed_error *err) DEED_MUST_USE;
enum deed_status paint_square(const struct draw_spec *spec, struct drawing *out,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status paint_box(const struct draw_spec *spec, struct drawing *out,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status paint_image(const struct draw_spec *spec, struct drawing *out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
