/* SPDX-License-Identifier: Apache-2.0 */
#include <zlib.h>

#include "asic/zip_private.h"

/* One reading of an entry. */
struct unpacking {
	const struct zip *z;
	const struct zip_entry *entry;
	zip_take_fn *take;
	void *arg;
	struct zip_fault *fault;
	uint64_t size; /* so far, unpacked */
	uLong crc;
};

/* The declared size is the limit, and is checked before the bytes are given
 * away: one that lies about it is stopped in its first window too much. */
static enum deed_status hand_on(struct unpacking *u, const uint8_t *data,
				size_t len, struct deed_error *err)
{
	u->size += len;
	if (u->size > u->entry->size) {
		zip_faulty(u->fault, "zip-size",
			   "'%s' is larger than its header says",
			   u->entry->name);
		return DEED_OK;
	}
	u->crc = crc32(u->crc, data, (uInt)len);
	return u->take(u->arg, slice_of(data, len), err);
}

/* Stored content may have another declared size than it has octets: zip_read
 * compares them at the end. */
static enum deed_status read_stored(struct unpacking *u, struct deed_error *err)
{
	uint8_t window[ZIP_WINDOW];
	uint64_t at = u->entry->data, left = u->entry->packed;
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && left > 0 && !u->fault->found) {
		size_t step =
			left < sizeof(window) ? (size_t)left : sizeof(window);

		status = zip_pread(u->z, at, window, step, err);
		if (status == DEED_OK)
			status = hand_on(u, window, step, err);
		at += step;
		left -= step;
	}
	return status;
}

/* Unpack what is in stream->next_in; *ended at the end of the deflate data. */
static enum deed_status inflate_window(struct unpacking *u, z_stream *stream,
				       bool *ended, struct deed_error *err)
{
	uint8_t out[ZIP_WINDOW];
	enum deed_status status = DEED_OK;
	int result = Z_OK;

	while (status == DEED_OK && !u->fault->found && result == Z_OK) {
		stream->next_out = out;
		stream->avail_out = sizeof(out);
		result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_OK || result == Z_STREAM_END)
			status = hand_on(u, out,
					 sizeof(out) - stream->avail_out, err);
		if (stream->avail_in == 0 && stream->avail_out > 0)
			break;
	}
	*ended = result == Z_STREAM_END;
	if (result == Z_MEM_ERROR)
		return deed_error_memory(err);
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
		zip_faulty(u->fault, "zip-data", "'%s' does not unpack",
			   u->entry->name);
	return status;
}

/* Raw deflate, without the header of zlib.  The memory is two windows,
 * whatever the entry expands to. */
static enum deed_status read_deflated(struct unpacking *u,
				      struct deed_error *err)
{
	uint8_t window[ZIP_WINDOW];
	uint64_t at = u->entry->data, left = u->entry->packed;
	enum deed_status status = DEED_OK;
	z_stream stream = { 0 };
	bool ended = false;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return deed_error_memory(err);
	while (status == DEED_OK && left > 0 && !ended && !u->fault->found) {
		size_t step =
			left < sizeof(window) ? (size_t)left : sizeof(window);

		status = zip_pread(u->z, at, window, step, err);
		if (status != DEED_OK)
			break;
		stream.next_in = window;
		stream.avail_in = (uInt)step;
		status = inflate_window(u, &stream, &ended, err);
		at += step;
		left -= step;
	}
	/* Bytes behind the end would be read by one reader and not another. */
	if (status == DEED_OK && !u->fault->found &&
	    (!ended || left > 0 || stream.avail_in > 0))
		zip_faulty(u->fault, "zip-data",
			   "'%s' has more or less data than its header says",
			   u->entry->name);
	(void)inflateEnd(&stream);
	return status;
}

enum deed_status zip_read(const struct zip *z, const struct zip_entry *entry,
			  zip_take_fn *take, void *arg, struct zip_fault *fault,
			  struct deed_error *err)
{
	struct unpacking u = {
		z, entry, take, arg, fault, 0, crc32(0L, Z_NULL, 0)
	};
	enum deed_status status;

	if (entry->method == ZIP_STORED)
		status = read_stored(&u, err);
	else
		status = read_deflated(&u, err);
	if (status == DEED_OK && !fault->found &&
	    (u.size != entry->size || u.crc != entry->crc))
		zip_faulty(fault, "zip-crc",
			   "'%s' does not have the size and CRC-32 of its "
			   "header",
			   entry->name);
	return status;
}

/* The limit was held against the declared size before, and hand_on holds the
 * content to that. */
static enum deed_status collect(void *arg, struct slice bytes,
				struct deed_error *err)
{
	buf_slice(arg, bytes);
	return buf_status(arg, err);
}

enum deed_status zip_read_all(const struct zip *z,
			      const struct zip_entry *entry, size_t max,
			      struct buf *b, struct zip_fault *fault,
			      struct deed_error *err)
{
	if (entry->size > max) {
		zip_faulty(fault, "zip-limit", "'%s' is larger than %zu bytes",
			   entry->name, max);
		return DEED_OK;
	}
	return zip_read(z, entry, collect, b, fault, err);
}
