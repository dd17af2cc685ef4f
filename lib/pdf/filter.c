/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/filter.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#define STEP ((size_t)64 << 10)

static enum deed_status too_long(size_t max, struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "a stream decodes to more than %zu bytes", max);
}

/* The room grows with what comes out, in steps: neither the size of the input
 * nor a claim in the file decides it.  Too long is found at most one step
 * late. */
enum deed_status pdf_flate(struct slice in, size_t max, struct buf *out,
			   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t produced = 0, step;
	z_stream z = { 0 };
	uint8_t *room;
	int ret;

	if (in.len > UINT_MAX)
		return deed_error_set(err, DEED_LIMIT, "a stream of %zu bytes",
				      in.len);
	if (inflateInit(&z) != Z_OK)
		return deed_error_memory(err);
	z.avail_in = (unsigned)in.len;
	z.next_in = in.data;
	do {
		step = in.len * 4 < STEP ? in.len * 4 + 64 : STEP;
		room = buf_reserve(out, step);
		if (room == NULL) {
			status = deed_error_memory(err);
			break;
		}
		z.next_out = room;
		z.avail_out = (unsigned)step;
		ret = inflate(&z, Z_NO_FLUSH);
		out->len += step - z.avail_out;
		produced += step - z.avail_out;
		if (produced > max) {
			status = too_long(max, err);
			break;
		}
		if (ret != Z_OK && ret != Z_STREAM_END) {
			status = deed_error_set(
				err, DEED_MALFORMED, "a Flate stream is %s",
				ret == Z_BUF_ERROR ? "cut short" : "damaged");
			break;
		}
	} while (ret != Z_STREAM_END);
	(void)inflateEnd(&z);
	return status;
}

static bool is_space(uint8_t c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
	       c == ' ';
}

enum deed_status pdf_ascii_hex(struct slice in, size_t max, struct buf *out,
			       struct deed_error *err)
{
	int digit, high = -1;
	uint8_t c = 0;
	size_t i;

	if (in.len / 2 > max)
		return too_long(max, err);
	for (i = 0; i < in.len && in.data[i] != '>'; i++) {
		c = in.data[i];
		if (is_space(c))
			continue;
		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (c | 32) - 'a' + 10;
		else
			return deed_error_set(err, DEED_MALFORMED,
					      "a hexadecimal stream is "
					      "damaged");
		if (high < 0) {
			high = digit;
			continue;
		}
		buf_byte(out, (uint8_t)(high * 16 + digit));
		high = -1;
	}
	if (high >= 0)
		buf_byte(out, (uint8_t)(high * 16));
	return buf_status(out, err);
}

/* z stands for four zeros and only between groups (ISO 32000-2 7.4.3); a group
 * above 2^32-1 and one of a single character are damage. */
enum deed_status pdf_ascii85(struct slice in, size_t max, struct buf *out,
			     struct deed_error *err)
{
	size_t i, count = 0, k;
	uint64_t value = 0;
	uint8_t c;

	if (in.len > max)
		return too_long(max, err);
	for (i = 0; i < in.len && in.data[i] != '~'; i++) {
		c = in.data[i];
		if (is_space(c))
			continue;
		if (c == 'z' && count == 0) {
			buf_fill(out, 0, 4);
			continue;
		}
		if (c < '!' || c > 'u')
			goto bad;
		value = value * 85 + (uint64_t)(c - '!');
		if (++count < 5)
			continue;
		if (value > UINT32_MAX)
			goto bad;
		for (k = 0; k < 4; k++)
			buf_byte(out, (uint8_t)(value >> (24 - 8 * k)));
		value = 0;
		count = 0;
	}
	if (count == 1)
		goto bad;
	if (count > 0) {
		for (k = count; k < 5; k++)
			value = value * 85 + 84;
		for (k = 0; k + 1 < count; k++)
			buf_byte(out, (uint8_t)(value >> (24 - 8 * k)));
	}
	return buf_status(out, err);
bad:
	return deed_error_set(err, DEED_MALFORMED,
			      "an ASCII85 stream is damaged");
}

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
