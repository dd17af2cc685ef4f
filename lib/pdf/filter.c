/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/filter.h"

#include <limits.h>
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
