/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/image.h"

#include <stdlib.h>

#include "draw/jpeg.h"
#include "draw/png.h"
#include "draw/spec.h"

/* A PNG is decoded, which is done in a process of its own; a JPEG is passed on
 * as it is. */
static enum deed_status load_png(struct slice png, struct image *out,
				 struct deed_error *err)
{
	enum deed_status status = png_load(png, &out->surface, err);

	if (status == DEED_OK) {
		out->width = cairo_image_surface_get_width(out->surface);
		out->height = cairo_image_surface_get_height(out->surface);
	}
	return status;
}

/* Exif's orientations: where the first row and the first column are. */
static void turn(struct image *i, unsigned orientation)
{
	static const cairo_matrix_t turns[8] = {
		{ 1, 0, 0, 1, 0, 0 },	{ -1, 0, 0, 1, 1, 0 },
		{ -1, 0, 0, -1, 1, 1 }, { 1, 0, 0, -1, 0, 1 },
		{ 0, 1, 1, 0, 0, 0 },	{ 0, 1, -1, 0, 1, 0 },
		{ 0, -1, -1, 0, 1, 1 }, { 0, -1, 1, 0, 0, 1 },
	};
	double swap = i->width;

	if (orientation > 4) {
		i->width = i->height;
		i->height = swap;
	}
	i->turn = turns[orientation - 1];
	/* Their unit is the picture's side as it is seen. */
	i->turn.x0 *= i->width;
	i->turn.y0 *= i->height;
}

/* Of a surface of cairo. */
#define SIDE_MAX 32767

/* The surface is as large and stays empty: cairo writes the JPEG instead. */
static enum deed_status load_jpeg(struct slice file, struct image *out,
				  struct deed_error *err)
{
	struct jpeg jpeg = JPEG_INIT;
	enum deed_status status;
	uint8_t *data;
	size_t len;

	status = jpeg_read(file, &jpeg, err);
	if (status == DEED_OK &&
	    (uint64_t)jpeg.width * jpeg.height > DRAW_PIXELS_MAX)
		status = deed_error_set(err, DEED_LIMIT,
					"the image has more than %d pixels",
					DRAW_PIXELS_MAX);
	else if (status == DEED_OK &&
		 (jpeg.width > SIDE_MAX || jpeg.height > SIDE_MAX))
		status = deed_error_set(err, DEED_LIMIT,
					"the image has a side of more than %d "
					"pixels",
					SIDE_MAX);
	len = jpeg.data.len;
	if (status != DEED_OK) {
		buf_clear(&jpeg.data);
		return status;
	}
	out->surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)jpeg.width, (int)jpeg.height);
	data = (uint8_t *)buf_take(&jpeg.data, NULL);
	if (data == NULL || cairo_surface_set_mime_data(
				    out->surface, CAIRO_MIME_TYPE_JPEG, data,
				    len, free, data) != CAIRO_STATUS_SUCCESS) {
		free(data);
		return deed_error_memory(err);
	}
	out->width = jpeg.width;
	out->height = jpeg.height;
	turn(out, jpeg.orientation);
	return DEED_OK;
}

enum deed_status image_load(struct slice file, struct image *out,
			    struct deed_error *err)
{
	enum deed_status status;

	*out = (struct image){ .surface = NULL };
	cairo_matrix_init_identity(&out->turn);
	if (file.len > 0 && file.data[0] == 0xff)
		status = load_jpeg(file, out, err);
	else
		status = load_png(file, out, err);
	if (status != DEED_OK)
		image_clear(out);
	return status;
}

void image_clear(struct image *i)
{
	if (i->surface != NULL)
		cairo_surface_destroy(i->surface);
	i->surface = NULL;
}

void image_draw(const struct image *i, cairo_t *cr, double x, double y,
		double width, double height)
{
	double scale = width / i->width;

	if (scale * i->height > height)
		scale = height / i->height;
	cairo_save(cr);
	cairo_translate(cr, x + (width - i->width * scale) / 2,
			y + (height - i->height * scale) / 2);
	cairo_scale(cr, scale, scale);
	cairo_transform(cr, &i->turn);
	cairo_set_source_surface(cr, i->surface, 0, 0);
	cairo_paint(cr);
	cairo_restore(cr);
}
