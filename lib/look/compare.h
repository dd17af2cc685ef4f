/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_COMPARE_H
#define DEED_LOOK_COMPARE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Pictures of one page held against each other.  A picture has four bytes a
 * pixel, of which the fourth says nothing.  Nothing here knows of PDF.  Time
 * and memory grow with the pixels, and time with the masks on top of that.
 */
struct look_image {
	uint32_t width, height;
	size_t stride; /* bytes from one row to the next */
	const uint8_t *pixels;
};

/* Pixels of a picture, the last column and row not among them; what lies
 * outside of the picture counts for nothing. */
struct look_area {
	int32_t left, top, right, bottom;
};

/* Two paintings of one thing differ by less in each channel. */
#define LOOK_STEP 32

/* So many touching pixels are something that was painted. */
#define LOOK_TOUCHING 12

/* Areas of difference of one page; what is more is put to the last. */
#define LOOK_AREAS 16

struct look_areas {
	struct look_area list[LOOK_AREAS];
	size_t count;
};

/*
 * Where b differs from a outside of the masks: the smallest areas around
 * LOOK_TOUCHING and more pixels that differ by more than LOOK_STEP and touch,
 * by a side or a corner; those that lie close together are one.  Pictures of
 * two sizes differ all over.  DEED_NO_MEMORY.
 */
enum deed_status look_compare(const struct look_image *a,
			      const struct look_image *b,
			      const struct look_area *masks, size_t mask_count,
			      struct look_areas *out,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Is there nothing to be seen in an area (plain.c)?  Of its pixels LOOK_PLAIN
 * percent have one colour, within LOOK_STEP, and so have those of each square
 * of LOOK_SQUARE pixels in it: in a large area a word is few pixels.
 */
#define LOOK_PLAIN 97
#define LOOK_SQUARE 24

bool look_plain(const struct look_image *image, const struct look_area *area);

/*
 * The picture made smaller by a whole number, three bytes a pixel in the
 * order of PNG, red first; out is appended to.  For little-endian cairo.
 */
void look_shrink(const struct look_image *image, uint32_t by, struct buf *out);

#endif
