/* SPDX-License-Identifier: Apache-2.0 */
#include "look/compare.h"

#include <stdlib.h>
#include <string.h>

/* Differences so close to each other are one place. */
#define CLOSE 24

#define HALF (LOOK_SQUARE / 2)

/* A pixel's row and channels. */
static const uint8_t *pixel(const struct look_image *image, uint32_t x,
			    uint32_t y)
{
	return image->pixels + y * image->stride + 4 * (size_t)x;
}

/* The fourth byte of a pixel is unused (CAIRO_FORMAT_RGB24) and may differ. */
static bool apart(const uint8_t *a, const uint8_t *b)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (abs((int)a[i] - (int)b[i]) > LOOK_STEP)
			return true;
	}
	return false;
}

/* The part of an area that lies in the picture; false for none. */
static bool clip(const struct look_image *image, const struct look_area *in,
		 struct look_area *out)
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

/* ---- differences ---- */

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
		if (memcmp(pixel(a, 0, y), pixel(b, 0, y),
			   4 * (size_t)d->width) == 0)
			continue;
		for (x = 0; x < d->width; x++)
			row[x] = apart(pixel(a, x, y), pixel(b, x, y));
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
		if (!clip(image, &masks[i], &m))
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

/* ---- plain places ---- */

/* A colour's place among 4,096. */
static unsigned coarse(const uint8_t *p)
{
	return (unsigned)(p[0] >> 4) << 8 | (unsigned)(p[1] >> 4) << 4 |
	       (unsigned)(p[2] >> 4);
}

/* What most pixels have, or are near to. */
static void find_colour(const struct look_image *image,
			const struct look_area *a, uint8_t colour[3])
{
	uint32_t counts[4096] = { 0 };
	uint64_t sum[3] = { 0 }, n = 0;
	unsigned most = 0;
	const uint8_t *p;
	int32_t x, y;
	int i, round;

	for (y = a->top; y < a->bottom; y++) {
		for (x = a->left; x < a->right; x++) {
			p = pixel(image, (uint32_t)x, (uint32_t)y);
			if (++counts[coarse(p)] > counts[most])
				most = coarse(p);
		}
	}
	colour[0] = (uint8_t)((most >> 8) << 4 | 8);
	colour[1] = (uint8_t)((most >> 4 & 15) << 4 | 8);
	colour[2] = (uint8_t)((most & 15) << 4 | 8);
	/* What is near to the middle of those has a middle of its own. */
	for (round = 0; round < 2; round++) {
		memset(sum, 0, sizeof(sum));
		n = 0;
		for (y = a->top; y < a->bottom; y++) {
			for (x = a->left; x < a->right; x++) {
				p = pixel(image, (uint32_t)x, (uint32_t)y);
				if (apart(p, colour))
					continue;
				for (i = 0; i < 3; i++)
					sum[i] += p[i];
				n++;
			}
		}
		for (i = 0; n > 0 && i < 3; i++)
			colour[i] = (uint8_t)(sum[i] / n);
	}
}

/* A few pixels in a hundred may differ, as the edges of what lies beside a
 * place reach into it. */
static bool nearly_all(const struct look_image *image,
		       const struct look_area *a, const uint8_t colour[3])
{
	uint64_t all =
		(uint64_t)(a->right - a->left) * (uint64_t)(a->bottom - a->top);
	uint64_t others = 0;
	int32_t x, y;

	for (y = a->top; y < a->bottom; y++) {
		for (x = a->left; x < a->right; x++)
			others += apart(pixel(image, (uint32_t)x, (uint32_t)y),
					colour);
	}
	return others * 100 <= all * (100 - LOOK_PLAIN);
}

bool look_plain(const struct look_image *image, const struct look_area *area)
{
	struct look_area a, square;
	uint8_t colour[3];
	int32_t x, y;

	if (!clip(image, area, &a))
		return true;
	find_colour(image, &a, colour);
	if (!nearly_all(image, &a, colour))
		return false;
	/* They overlap by half: what one cuts in two, the next has whole. */
	for (y = a.top; y == a.top || y + HALF < a.bottom; y += HALF) {
		for (x = a.left; x == a.left || x + HALF < a.right; x += HALF) {
			square = (struct look_area){ x, y, x + LOOK_SQUARE,
						     y + LOOK_SQUARE };
			if (square.right > a.right)
				square.right = a.right;
			if (square.bottom > a.bottom)
				square.bottom = a.bottom;
			if (!nearly_all(image, &square, colour))
				return false;
		}
	}
	return true;
}

/* ---- pictures to be shown ---- */

/* The middle of a square of by pixels. */
static void put_middle(const struct look_image *image, uint32_t x, uint32_t y,
		       uint32_t by, struct buf *out)
{
	uint32_t sum[3] = { 0 }, i, k;
	const uint8_t *p;
	int c;

	for (k = 0; k < by; k++) {
		for (i = 0; i < by; i++) {
			p = pixel(image, x + i, y + k);
			for (c = 0; c < 3; c++)
				sum[c] += p[c];
		}
	}
	for (c = 2; c >= 0; c--)
		buf_byte(out, (uint8_t)(sum[c] / (by * by)));
}

void look_shrink(const struct look_image *image, uint32_t by, struct buf *out)
{
	uint32_t x, y;

	for (y = 0; y + by <= image->height; y += by) {
		for (x = 0; x + by <= image->width; x += by)
			put_middle(image, x, y, by, out);
	}
}
