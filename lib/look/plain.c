/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "look/compare_priv.h"

#define HALF (LOOK_SQUARE / 2)

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
			p = look_pixel(image, (uint32_t)x, (uint32_t)y);
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
				p = look_pixel(image, (uint32_t)x, (uint32_t)y);
				if (look_apart(p, colour))
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
			others += look_apart(
				look_pixel(image, (uint32_t)x, (uint32_t)y),
				colour);
	}
	return others * 100 <= all * (100 - LOOK_PLAIN);
}

bool look_plain(const struct look_image *image, const struct look_area *area)
{
	struct look_area a, square;
	uint8_t colour[3];
	int32_t x, y;

	if (!look_clip(image, area, &a))
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
			p = look_pixel(image, x + i, y + k);
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
