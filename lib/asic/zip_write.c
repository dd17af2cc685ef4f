/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_write.h"

#include <stdlib.h>
#include <zlib.h>

#include "asic/zip_private.h"
#include "base/array.h"
#include "base/clock.h"

#define NEEDS 20 /* 4.4.3: folders, stored */
#define NEEDS_64 45
#define MADE_BY 0x0300 /* Unix, so that modes are read from the attributes */
#define MODE_FILE (0100644u << 16)

/* From here on a file gets ZIP64 sizes. */
#define WIDE (UINT64_C(0xffffffff) - 65536)

struct record {
	char *name;
	uint64_t offset, size;
	uint64_t packed; /* of a copied entry that is deflated */
	enum zip_method method;
	uint32_t crc;
	bool wide; /* the local header has a ZIP64 field */
};

struct zip_writer {
	struct zip_sink sink;
	uint32_t dos_time, dos_date;
	struct record *records;
	size_t count, cap;
	uint64_t at; /* bytes written */
};

/* Little-endian, as everything in a ZIP. */
static void put16(struct buf *b, uint64_t value)
{
	buf_byte(b, (uint8_t)value);
	buf_byte(b, (uint8_t)(value >> 8));
}

static void put32(struct buf *b, uint64_t value)
{
	put16(b, value);
	put16(b, value >> 16);
}

static void put64(struct buf *b, uint64_t value)
{
	put32(b, value);
	put32(b, value >> 32);
}

/* 4.4.6: MS-DOS date and time. */
static void set_time(struct zip_writer *w, int64_t time)
{
	struct civil c;

	clock_to_civil(time, &c);
	if (c.year < 1980)
		c = (struct civil){ 1980, 1, 1, 0, 0, 0 };
	if (c.year > 2107)
		c = (struct civil){ 2107, 12, 31, 23, 59, 58 };
	w->dos_time = (uint32_t)(c.hour << 11 | c.minute << 5 | c.second / 2);
	w->dos_date = (uint32_t)((c.year - 1980) << 9 | c.month << 5 | c.day);
}

enum deed_status zip_writer_new(struct zip_writer **out,
				const struct zip_sink *sink, int64_t time,
				struct deed_error *err)
{
	struct zip_writer *w = calloc(1, sizeof(*w));

	*out = w;
	if (w == NULL)
		return deed_error_memory(err);
	w->sink = *sink;
	set_time(w, time);
	return DEED_OK;
}

void zip_writer_free(struct zip_writer *w)
{
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < w->count; i++)
		free(w->records[i].name);
	free(w->records);
	free(w);
}

/* The buffer is cleared whatever happens. at only moves on by what was
 * written, for offsets are taken from it. */
static enum deed_status emit(struct zip_writer *w, struct buf *b,
			     struct deed_error *err)
{
	enum deed_status status = buf_status(b, err);

	if (status == DEED_OK)
		status = w->sink.write(w->sink.arg, buf_get(b), err);
	if (status == DEED_OK)
		w->at += b->len;
	buf_clear(b);
	return status;
}

/* The list is the central directory to be.  Two files of one name would leave
 * it to the reader which of them was meant. */
static enum deed_status new_record(struct zip_writer *w, const char *name,
				   struct deed_error *err)
{
	size_t i;

	for (i = 0; i < w->count; i++) {
		if (strcmp(w->records[i].name, name) == 0)
			return deed_error_set(err, DEED_USAGE,
					      "'%s' would be in the container "
					      "twice",
					      name);
	}
	if (w->count == ZIP_ENTRIES)
		return deed_error_set(err, DEED_LIMIT,
				      "a container holds at most %d files",
				      ZIP_ENTRIES);
	if (!array_room(&w->records, &w->cap, w->count + 1))
		return deed_error_memory(err);
	w->records[w->count] = (struct record){ .name = strdup(name) };
	if (w->records[w->count].name == NULL)
		return deed_error_memory(err);
	w->count++;
	return DEED_OK;
}

/* What is added here is stored, so that both sizes are one; only a copied
 * entry may be deflated. */
static uint64_t packed_size(const struct record *r)
{
	return r->method == ZIP_STORED ? r->size : r->packed;
}

/* What local and central headers share: 4.4.3 to 4.4.9. */
static void put_common(struct zip_writer *w, const struct record *r,
		       struct buf *b, bool wide)
{
	put16(b, wide ? NEEDS_64 : NEEDS);
	put16(b, ZIP_FLAG_UTF8);
	put16(b, r->method);
	put16(b, w->dos_time);
	put16(b, w->dos_date);
	put32(b, r->crc);
	put32(b, r->wide ? ZIP_MAX32 : packed_size(r));
	put32(b, r->wide ? ZIP_MAX32 : r->size);
}

/* CRC and sizes are patched in at the end; whether there is room for ZIP64
 * sizes is decided here, by the size that is expected. */
enum deed_status zip_begin(struct zip_writer *w, const char *name,
			   uint64_t expected, struct deed_error *err)
{
	enum deed_status status;
	struct buf b = BUF_INIT;
	struct record *r;

	status = new_record(w, name, err);
	if (status != DEED_OK)
		return status;
	r = &w->records[w->count - 1];
	r->offset = w->at;
	r->wide = expected >= WIDE;
	r->crc = (uint32_t)crc32(0L, Z_NULL, 0);
	put32(&b, ZIP_LOCAL);
	put_common(w, r, &b, r->wide);
	put16(&b, strlen(name));
	put16(&b, r->wide ? 20 : 0);
	buf_str(&b, name);
	if (r->wide) {
		put16(&b, ZIP_EXTRA_64);
		put16(&b, 16);
		put64(&b, 0);
		put64(&b, 0);
	}
	return emit(w, &b, err);
}

enum deed_status zip_content(struct zip_writer *w, struct slice bytes,
			     struct deed_error *err)
{
	struct record *r = &w->records[w->count - 1];
	enum deed_status status;

	r->size += bytes.len;
	if (!r->wide && r->size >= ZIP_MAX32)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' grew beyond 4 GiB while it was "
				      "read",
				      r->name);
	r->crc = (uint32_t)crc32_z(r->crc, bytes.data, bytes.len);
	status = w->sink.write(w->sink.arg, bytes, err);
	if (status == DEED_OK)
		w->at += bytes.len;
	return status;
}

/* CRC and sizes lie at 14 of the local header (4.3.7), those of ZIP64 behind
 * the name and four octets of the field. */
enum deed_status zip_end(struct zip_writer *w, struct deed_error *err)
{
	struct record *r = &w->records[w->count - 1];
	enum deed_status status;
	struct buf b = BUF_INIT;

	put32(&b, r->crc);
	put32(&b, r->wide ? ZIP_MAX32 : r->size);
	put32(&b, r->wide ? ZIP_MAX32 : r->size);
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = w->sink.patch(w->sink.arg, r->offset + 14, buf_get(&b),
				       err);
	if (status == DEED_OK && r->wide) {
		buf_reset(&b);
		put64(&b, r->size);
		put64(&b, r->size);
		status = buf_status(&b, err);
		if (status == DEED_OK)
			status = w->sink.patch(w->sink.arg,
					       r->offset + ZIP_LOCAL_SIZE +
						       strlen(r->name) + 4,
					       buf_get(&b), err);
	}
	buf_clear(&b);
	return status;
}

/* Everything is known, so nothing has to be patched. */
enum deed_status zip_add(struct zip_writer *w, const char *name,
			 struct slice content, struct deed_error *err)
{
	enum deed_status status;
	struct buf b = BUF_INIT;
	struct record *r;

	if (content.len >= WIDE)
		return deed_error_set(err, DEED_LIMIT, "'%s' is too large",
				      name);
	status = new_record(w, name, err);
	if (status != DEED_OK)
		return status;
	r = &w->records[w->count - 1];
	r->offset = w->at;
	r->size = content.len;
	r->crc = (uint32_t)crc32_z(crc32(0L, Z_NULL, 0), content.data,
				   content.len);
	put32(&b, ZIP_LOCAL);
	put_common(w, r, &b, false);
	put16(&b, strlen(name));
	put16(&b, 0);
	buf_str(&b, name);
	buf_slice(&b, content);
	return emit(w, &b, err);
}

/* What is copied is not unpacked: a signature over it holds the same, and a
 * large file costs only its bytes. */
static enum deed_status copy_packed(struct zip_writer *w, const struct zip *z,
				    const struct zip_entry *entry,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t window[ZIP_WINDOW];
	uint64_t at = 0;
	size_t n;

	while (status == DEED_OK && at < entry->packed) {
		n = entry->packed - at < sizeof(window)
			    ? (size_t)(entry->packed - at)
			    : sizeof(window);
		status = zip_pread(z, entry->data + at, window, n, err);
		if (status == DEED_OK)
			status = w->sink.write(w->sink.arg, slice_of(window, n),
					       err);
		at += n;
		w->at += n;
	}
	return status;
}

/* All is known beforehand of what is copied: nothing is patched. */
enum deed_status zip_copy(struct zip_writer *w, const struct zip *z,
			  const struct zip_entry *entry, const char *name,
			  struct deed_error *err)
{
	enum deed_status status;
	struct buf b = BUF_INIT;
	struct record *r;

	status = new_record(w, name, err);
	if (status != DEED_OK)
		return status;
	r = &w->records[w->count - 1];
	r->offset = w->at;
	r->size = entry->size;
	r->packed = entry->packed;
	r->method = entry->method;
	r->crc = entry->crc;
	r->wide = entry->size >= WIDE || entry->packed >= WIDE;
	put32(&b, ZIP_LOCAL);
	put_common(w, r, &b, r->wide);
	put16(&b, strlen(name));
	put16(&b, r->wide ? 20 : 0);
	buf_str(&b, name);
	if (r->wide) {
		put16(&b, ZIP_EXTRA_64);
		put16(&b, 16);
		put64(&b, r->size);
		put64(&b, packed_size(r));
	}
	status = emit(w, &b, err);
	return status == DEED_OK ? copy_packed(w, z, entry, err) : status;
}

/* ZIP64 only where a number does not fit: old programs cannot read it. */
static void put_central(struct zip_writer *w, const struct record *r,
			struct buf *b)
{
	bool far = r->offset >= ZIP_MAX32;
	unsigned extra = (r->wide ? 16u : 0u) + (far ? 8u : 0u);

	put32(b, ZIP_CENTRAL);
	put16(b, MADE_BY | (extra > 0 ? NEEDS_64 : NEEDS));
	put_common(w, r, b, extra > 0);
	put16(b, strlen(r->name));
	put16(b, extra > 0 ? extra + 4 : 0);
	put16(b, 0); /* comment */
	put16(b, 0); /* disk */
	put16(b, 0); /* internal attributes */
	put32(b, MODE_FILE);
	put32(b, far ? ZIP_MAX32 : r->offset);
	buf_str(b, r->name);
	if (extra == 0)
		return;
	put16(b, ZIP_EXTRA_64);
	put16(b, extra);
	if (r->wide) {
		put64(b, r->size);
		put64(b, packed_size(r));
	}
	if (far)
		put64(b, r->offset);
}

/* 4.3.14 and 4.3.15. */
static void put_end64(const struct zip_writer *w, struct buf *b, uint64_t size)
{
	put32(b, ZIP_END64);
	put64(b, ZIP_END64_SIZE - 12);
	put16(b, MADE_BY | NEEDS_64);
	put16(b, NEEDS_64);
	put32(b, 0);
	put32(b, 0);
	put64(b, w->count);
	put64(b, w->count);
	put64(b, size);
	put64(b, w->at);
	put32(b, ZIP_LOCATOR64);
	put32(b, 0);
	put64(b, w->at + size);
	put32(b, 1);
}

enum deed_status zip_finish(struct zip_writer *w, struct deed_error *err)
{
	bool wide = w->at >= ZIP_MAX32;
	struct buf b = BUF_INIT;
	uint64_t size;
	size_t i;

	for (i = 0; i < w->count; i++)
		put_central(w, &w->records[i], &b);
	size = b.len;
	if (wide)
		put_end64(w, &b, size);
	put32(&b, ZIP_END);
	put32(&b, 0); /* disks */
	put16(&b, w->count);
	put16(&b, w->count);
	put32(&b, size);
	put32(&b, wide ? ZIP_MAX32 : w->at);
	put16(&b, 0);
	return emit(w, &b, err);
}
