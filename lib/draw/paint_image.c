/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include "draw/canvas.h"
#include "draw/image.h"

enum deed_status paint_image(const struct draw_spec *spec, struct drawing *out,
			     struct deed_error *err)
{
	double width = spec->width_mm, height;
	struct canvas *c = NULL;
	enum deed_status status;
	struct image image;

	status = image_load(spec->image, &image, err);
	if (status != DEED_OK)
		return status;
	height = width / image.width * image.height;
	if (height > DRAW_MM_MAX)
		status = deed_error_set(err, DEED_USAGE,
					"the image would be %.0f mm high",
					height);
	if (status == DEED_OK)
		status = canvas_open(&c, width, height, spec->time, err);
	if (status == DEED_OK) {
		image_draw(&image, canvas_cairo(c), 0, 0, width, height);
		status = canvas_finish(c, width, height, out, err);
	}
	canvas_free(c);
	image_clear(&image);
	return status;
}
