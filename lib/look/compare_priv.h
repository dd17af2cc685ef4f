/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_COMPARE_PRIV_H
#define DEED_LOOK_COMPARE_PRIV_H

#include <stdbool.h>
#include <stdlib.h>

#include "look/compare.h"

/* What compare.c and plain.c share: pixels. */

/* A pixel's row and channels. */
static inline const uint8_t *look_pixel(const struct look_image *image,
					uint32_t x, uint32_t y)
{
	return image->pixels + y * image->stride + 4 * (size_t)x;
}

/* The fourth byte of a pixel is unused (CAIRO_FORMAT_RGB24) and may differ. */
static inline bool look_apart(const uint8_t *a, const uint8_t *b)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (abs((int)a[i] - (int)b[i]) > LOOK_STEP)
			return true;
	}
	return false;
}

/* The part of an area that lies in the picture; false for none. */
static inline bool look_clip(const struct look_image *image,
			     const struct look_area *in, struct look_area *out)
{
	*out = *in;
	if (out->left < 0)
		out->left = 0;
	if (out->top < 0)
		out->top = 0;
	if (out->right > (int32_t)image->width)
		out->right = (int32_t)image->width;
	if (out->bottom > (int32_t)image->height)
		out->bottom = (int32_t)image->height;
	return out->left < out->right && out->top < out->bottom;
}

#endif
