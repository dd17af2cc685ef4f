/* SPDX-License-Identifier: Apache-2.0 */
#include "look/compare.h"

#include <stdlib.h>
#include <string.h>

#include "look/compare_priv.h"

/* Differences so close to each other are one place. */
#define CLOSE 24

/* A byte a pixel: 1 where they differ and nobody was there yet. */
struct differences {
	uint8_t *map;
	uint32_t width, height;
	size_t count;
	uint32_t *queue; /* of count pixels */
};

/* Rows that are the same byte for byte, which is nearly all, are not looked at
 * by the pixel. */
static void mark_rows(struct differences *d, const struct look_image *a,
		      const struct look_image *b)
{
	uint32_t x, y;
	uint8_t *row;

	for (y = 0; y < d->height; y++) {
		row = d->map + (size_t)y * d->width;
		if (memcmp(look_pixel(a, 0, y), look_pixel(b, 0, y),
			   4 * (size_t)d->width) == 0)
			continue;
		for (x = 0; x < d->width; x++)
			row[x] = look_apart(look_pixel(a, x, y),
					    look_pixel(b, x, y));
	}
}

/* Masks are clipped first: places come from the document and may lie anywhere.
 */
static void unmark(struct differences *d, const struct look_image *image,
		   const struct look_area *masks, size_t mask_count)
{
	struct look_area m;
	size_t i;
	int32_t y;

	for (i = 0; i < mask_count; i++) {
		if (!look_clip(image, &masks[i], &m))
			continue;
		for (y = m.top; y < m.bottom; y++)
			memset(d->map + (size_t)y * d->width + m.left, 0,
			       (size_t)(m.right - m.left));
	}
}

/* An area that is to be empty begins with its near sides at the far end, so
 * that the first pixel sets all four. */
static void enclose(struct look_area *a, const struct look_area *b)
{
	if (b->left < a->left)
		a->left = b->left;
	if (b->top < a->top)
		a->top = b->top;
	if (b->right > a->right)
		a->right = b->right;
	if (b->bottom > a->bottom)
		a->bottom = b->bottom;
}

static bool close_to(const struct look_area *a, const struct look_area *b)
{
	return a->left <= b->right + CLOSE && b->left <= a->right + CLOSE &&
	       a->top <= b->bottom + CLOSE && b->top <= a->bottom + CLOSE;
}

/* An area, joined with all that lie close to it. */
static void add_area(struct look_areas *out, struct look_area area)
{
	size_t i = 0;

	while (i < out->count) {
		if (!close_to(&out->list[i], &area) &&
		    !(out->count == LOOK_AREAS && i + 1 == out->count)) {
			i++;
			continue;
		}
		enclose(&area, &out->list[i]);
		out->list[i] = out->list[--out->count];
		i = 0;
	}
	out->list[out->count++] = area;
}

/* The pixels that touch the one at this place, and those that touch them. */
static size_t follow(struct differences *d, size_t start,
		     struct look_area *area)
{
	size_t head = 0, tail = 0, at;
	int32_t x, y, i, k;

	d->map[start] = 0;
	d->queue[tail++] = (uint32_t)start;
	*area = (struct look_area){ INT32_MAX, INT32_MAX, 0, 0 };
	while (head < tail) {
		x = (int32_t)(d->queue[head] % d->width);
		y = (int32_t)(d->queue[head++] / d->width);
		enclose(area, &(struct look_area){ x, y, x + 1, y + 1 });
		for (k = y - 1; k <= y + 1; k++) {
			for (i = x - 1; i <= x + 1; i++) {
				if (k < 0 || i < 0 || k >= (int32_t)d->height ||
				    i >= (int32_t)d->width)
					continue;
				at = (size_t)k * d->width + (size_t)i;
				if (d->map[at] == 0)
					continue;
				d->map[at] = 0;
				d->queue[tail++] = (uint32_t)at;
			}
		}
	}
	return tail;
}

/* The map is used up: every pixel that is followed is cleared, so that each
 * enters the queue once, and count is room enough for it. */
static enum deed_status gather(struct differences *d, struct look_areas *out,
			       struct deed_error *err)
{
	size_t i, all = (size_t)d->width * d->height;
	struct look_area area;
	const uint8_t *next;

	for (i = 0; i < all; i++)
		d->count += d->map[i];
	if (d->count < LOOK_TOUCHING)
		return DEED_OK;
	d->queue = malloc(d->count * sizeof(*d->queue));
	if (d->queue == NULL)
		return deed_error_memory(err);
	next = memchr(d->map, 1, all);
	while (next != NULL) {
		i = (size_t)(next - d->map);
		if (follow(d, i, &area) >= LOOK_TOUCHING)
			add_area(out, area);
		next = memchr(d->map + i, 1, all - i);
	}
	return DEED_OK;
}

enum deed_status look_compare(const struct look_image *a,
			      const struct look_image *b,
			      const struct look_area *masks, size_t mask_count,
			      struct look_areas *out, struct deed_error *err)
{
	struct differences d = { .width = a->width, .height = a->height };
	enum deed_status status;

	out->count = 0;
	if (a->width != b->width || a->height != b->height) {
		add_area(out, (struct look_area){ 0, 0, (int32_t)a->width,
						  (int32_t)a->height });
		return DEED_OK;
	}
	d.map = calloc(a->height, a->width);
	if (d.map == NULL)
		return deed_error_memory(err);
	mark_rows(&d, a, b);
	unmark(&d, a, masks, mask_count);
	status = gather(&d, out, err);
	free(d.queue);
	free(d.map);
	return status;
}
