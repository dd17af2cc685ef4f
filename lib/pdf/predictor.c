/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/filter.h"

/* What a predictor did to rows of samples before they were packed (ISO 32000-2
 * 7.4.4.4), undone. */

/* PNG's predictor (RFC 2083 6.6): ties go to left, then up; any other order
 * gives other bytes. */
static uint8_t paeth(int left, int up, int corner)
{
	int p = left + up - corner;
	int dl = abs(p - left), du = abs(p - up), dc = abs(p - corner);

	if (dl <= du && dl <= dc)
		return (uint8_t)left;
	return (uint8_t)(du <= dc ? up : corner);
}

/* Each row says its own filter, whatever /Predictor of 10 to 15 says (ISO
 * 32000-2 7.4.4.4).  Above the first row, and left of it, are zeros. */
static bool undo_png_row(uint8_t kind, uint8_t *row, const uint8_t *above,
			 size_t len, size_t bpp)
{
	size_t i;

	for (i = 0; i < len; i++) {
		int left = i >= bpp ? row[i - bpp] : 0;
		int up = above != NULL ? above[i] : 0;
		int corner = i >= bpp && above != NULL ? above[i - bpp] : 0;

		switch (kind) {
		case 0:
			return true;
		case 1:
			row[i] = (uint8_t)(row[i] + left);
			break;
		case 2:
			row[i] = (uint8_t)(row[i] + up);
			break;
		case 3:
			row[i] = (uint8_t)(row[i] + (left + up) / 2);
			break;
		case 4:
			row[i] = (uint8_t)(row[i] + paeth(left, up, corner));
			break;
		default:
			return false;
		}
	}
	return true;
}

/* In place: each row is one byte shorter than what it comes from. */
static enum deed_status undo_png(struct buf *data, size_t row, size_t bpp,
				 struct deed_error *err)
{
	uint8_t *to = data->data, *above = NULL;
	size_t at = 0;

	if (data->len % (row + 1) != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "a predicted stream has a broken row");
	while (at < data->len) {
		uint8_t kind = data->data[at];

		memmove(to, data->data + at + 1, row);
		if (!undo_png_row(kind, to, above, row, bpp))
			return deed_error_set(err, DEED_MALFORMED,
					      "unknown PNG predictor %u",
					      (unsigned)kind);
		above = to;
		to += row;
		at += row + 1;
	}
	data->len = (size_t)(to - data->data);
	return DEED_OK;
}

/* 8 bits a component, which is what anybody writes. */
static enum deed_status undo_tiff(struct buf *data, size_t row, size_t bpp,
				  struct deed_error *err)
{
	size_t at, i;

	if (data->len % row != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "a predicted stream has a broken row");
	for (at = 0; at < data->len; at += row) {
		for (i = bpp; i < row; i++)
			data->data[at + i] =
				(uint8_t)(data->data[at + i] +
					  data->data[at + i - bpp]);
	}
	return DEED_OK;
}

/* The parameters come from the file: the bounds here keep their product small
 * enough to count, and a row is never of no bytes. */
enum deed_status pdf_unpredict(const struct pdf_predictor *p, struct buf *data,
			       struct deed_error *err)
{
	size_t bpp, row;

	if (p->predictor == 1 || data->len == 0)
		return DEED_OK;
	if (p->colors < 1 || p->colors > 32 || p->columns < 1 ||
	    p->columns > 1 << 24 ||
	    (p->bits != 1 && p->bits != 2 && p->bits != 4 && p->bits != 8 &&
	     p->bits != 16))
		return deed_error_set(err, DEED_MALFORMED,
				      "impossible predictor parameters");
	bpp = ((size_t)p->colors * (size_t)p->bits + 7) / 8;
	row = ((size_t)p->colors * (size_t)p->bits * (size_t)p->columns + 7) /
	      8;
	if (p->predictor >= 10 && p->predictor <= 15)
		return undo_png(data, row, bpp, err);
	if (p->predictor == 2 && p->bits == 8)
		return undo_tiff(data, row, bpp, err);
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "predictor %d is not supported", p->predictor);
}
