/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

enum deed_status paint(const struct draw_spec *spec, struct drawing *out,
		       struct deed_error *err)
{
	enum deed_status status = draw_spec_check(spec, err);

	if (status != DEED_OK)
		return status;
	switch (spec->kind) {
	case DRAW_SEAL:
		return paint_seal(spec, out, err);
	case DRAW_SQUARE:
		return paint_square(spec, out, err);
	case DRAW_BOX:
		return paint_box(spec, out, err);
	case DRAW_IMAGE:
		return paint_image(spec, out, err);
	}
	return deed_error_set(err, DEED_USAGE, "there is no such drawing");
}
