/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include "draw/canvas.h"

/* A PNG is decoded to four bytes a pixel: this bounds the memory. */
#define PIXELS_MAX (64 * 1024 * 1024)

static cairo_status_t next_bytes(void *closure, unsigned char *data,
				 unsigned int len)
{
	struct slice *rest = closure;

	if (len > rest->len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, rest->data, len);
	rest->data += len;
	rest->len -= len;
	return CAIRO_STATUS_SUCCESS;
}

/* Width and height of the header chunk (PNG specification 11.2.2). */
static bool png_size(struct slice png, uint64_t *width, uint64_t *height)
{
	static const uint8_t magic[16] = { 0x89, 'P', 'N', 'G', 13, 10,
					   26,	 10,  0,   0,	0,  13,
					   'I',	 'H', 'D', 'R' };
	const uint8_t *p;

	if (png.len < 33 || memcmp(png.data, magic, sizeof(magic)) != 0)
		return false;
	p = png.data + 16;
	*width = (uint64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	*height = (uint64_t)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7];
	return *width > 0 && *height > 0;
}

static enum deed_status png_load(struct slice png, cairo_surface_t **out,
				 struct deed_error *err)
{
	uint64_t width, height;

	*out = NULL;
	if (!png_size(png, &width, &height))
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is no PNG");
	if (width > PIXELS_MAX || height > PIXELS_MAX ||
	    width * height > PIXELS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the image has more than %d pixels",
				      PIXELS_MAX);
	*out = cairo_image_surface_create_from_png_stream(next_bytes, &png);
	if (cairo_surface_status(*out) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(*out);
		*out = NULL;
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is a damaged PNG");
	}
	return DEED_OK;
}

enum deed_status paint_image(const struct draw_spec *spec, struct drawing *out,
			     struct deed_error *err)
{
	cairo_surface_t *image;
	enum deed_status status;
	struct canvas *c = NULL;
	double height, scale;
	cairo_t *cr;

	status = png_load(spec->png, &image, err);
	if (status != DEED_OK)
		return status;
	scale = spec->width_mm / cairo_image_surface_get_width(image);
	height = scale * cairo_image_surface_get_height(image);
	if (height > DRAW_MM_MAX) {
		cairo_surface_destroy(image);
		return deed_error_set(err, DEED_USAGE,
				      "the image would be %.0f mm high",
				      height);
	}
	status = canvas_open(&c, spec->width_mm, height, spec->time, err);
	if (status == DEED_OK) {
		cr = canvas_cairo(c);
		cairo_save(cr);
		cairo_scale(cr, scale, scale);
		cairo_set_source_surface(cr, image, 0, 0);
		cairo_paint(cr);
		cairo_restore(cr);
		status = canvas_finish(c, spec, spec->width_mm, height, out,
				       err);
	}
	canvas_free(c);
	cairo_surface_destroy(image);
	return status;
}
