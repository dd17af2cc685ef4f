/* SPDX-License-Identifier: Apache-2.0 */
#include "report/png.h"

#include <zlib.h>

#include "base/wire.h"

/* Clause 5.3: length, type, data, and a CRC over the latter two. */
static void put_chunk(const char *type, struct slice data, struct buf *out)
{
	uLong crc = crc32(0, (const Bytef *)type, 4);

	if (data.len > 0)
		crc = crc32(crc, data.data, (uInt)data.len);
	wire_put_u32(out, (uint32_t)data.len);
	buf_append(out, type, 4);
	buf_slice(out, data);
	wire_put_u32(out, (uint32_t)crc);
}

/* Each row behind a byte that says that it is not filtered (clause 9). */
static void put_rows(uint32_t width, uint32_t height, struct slice pixels,
		     struct buf *out)
{
	size_t row = (size_t)width * 3;
	uint32_t y;

	for (y = 0; y < height; y++) {
		buf_byte(out, 0);
		buf_slice(out, slice_of(pixels.data + y * row, row));
	}
}

/* Packed straight into the buffer, whose length is set afterwards to what it
 * took. */
static void deflate_rows(const struct buf *rows, struct buf *out)
{
	uLongf len = compressBound(rows->len);
	uint8_t *room = rows->failed ? NULL : buf_reserve(out, len);

	if (room == NULL ||
	    compress2(room, &len, rows->data, rows->len, 6) != Z_OK)
		out->failed = true;
	else
		out->len += len;
}

void report_png(uint32_t width, uint32_t height, struct slice pixels,
		struct buf *out)
{
	static const uint8_t kind[] = { 8, 2, 0, 0, 0 }; /* clause 11.2.2 */
	struct buf head = BUF_INIT, rows = BUF_INIT, packed = BUF_INIT;

	wire_put_u32(&head, width);
	wire_put_u32(&head, height);
	buf_append(&head, kind, sizeof(kind));
	put_rows(width, height, pixels, &rows);
	deflate_rows(&rows, &packed);
	buf_append(out, "\x89PNG\r\n\x1a\n", 8);
	put_chunk("IHDR", buf_get(&head), out);
	put_chunk("IDAT", buf_get(&packed), out);
	put_chunk("IEND", SLICE_NONE, out);
	out->failed |= head.failed || packed.failed;
	buf_clear(&head);
	buf_clear(&rows);
	buf_clear(&packed);
}
