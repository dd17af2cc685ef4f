/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asic/names.h"

/* Where the central directory lies, from the end records. */
struct directory {
	uint64_t offset, size, entries;
	uint64_t end; /* where the end records begin */
};

/* A central header, or what a local one says of the same. */
struct header {
	uint32_t flags, method, crc;
	uint64_t packed, size, offset;
	struct slice name, extra;
};

void zip_faulty(struct zip_fault *fault, const char *id, const char *fmt, ...)
{
	va_list args;

	if (fault->found)
		return;
	fault->found = true;
	(void)snprintf(fault->id, sizeof(fault->id), "%s", id);
	va_start(args, fmt);
	(void)vsnprintf(fault->message, sizeof(fault->message), fmt, args);
	va_end(args);
}

enum deed_status zip_pread(const struct zip *z, uint64_t at, void *out,
			   size_t len, struct deed_error *err)
{
	uint8_t *p = out;

	while (len > 0) {
		ssize_t got = pread(z->fd, p, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						z->name);
		if (got == 0)
			return deed_error_set(err, DEED_IO,
					      "'%s' became shorter", z->name);
		p += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return DEED_OK;
}

/* The end records of ZIP64, where a number does not fit. */
static enum deed_status read_end64(const struct zip *z, struct directory *d,
				   struct zip_fault *fault,
				   struct deed_error *err)
{
	uint8_t locator[ZIP_LOCATOR64_SIZE], end[ZIP_END64_SIZE];
	enum deed_status status;
	uint64_t at;

	if (d->end < ZIP_LOCATOR64_SIZE + ZIP_END64_SIZE)
		goto bad;
	status = zip_pread(z, d->end - sizeof(locator), locator,
			   sizeof(locator), err);
	if (status != DEED_OK)
		return status;
	at = d->end - sizeof(locator) - sizeof(end);
	if (zip_u32(locator) != ZIP_LOCATOR64 || zip_u64(locator + 8) != at)
		goto bad;
	status = zip_pread(z, at, end, sizeof(end), err);
	if (status != DEED_OK)
		return status;
	/* The record must have no extensible data sector. */
	if (zip_u32(end) != ZIP_END64 || zip_u64(end + 4) != sizeof(end) - 12 ||
	    zip_u32(end + 16) != 0 || zip_u32(end + 20) != 0 ||
	    zip_u64(end + 24) != zip_u64(end + 32))
		goto bad;
	d->entries = zip_u64(end + 32);
	d->size = zip_u64(end + 40);
	d->offset = zip_u64(end + 48);
	d->end = at;
	return DEED_OK;
bad:
	zip_faulty(fault, "zip-end", "the ZIP64 end records are wrong");
	return DEED_OK;
}

/*
 * The end record is the last thing in the file and has no comment: behind a
 * comment a second record could hide, which another reader would take.
 */
static enum deed_status read_end(const struct zip *z, struct directory *d,
				 struct zip_fault *fault,
				 struct deed_error *err)
{
	uint8_t end[ZIP_END_SIZE];
	enum deed_status status;

	if (z->size < sizeof(end)) {
		zip_faulty(fault, "zip-end", "the file is no ZIP");
		return DEED_OK;
	}
	d->end = z->size - sizeof(end);
	status = zip_pread(z, d->end, end, sizeof(end), err);
	if (status != DEED_OK)
		return status;
	if (zip_u32(end) != ZIP_END || zip_u16(end + 20) != 0) {
		zip_faulty(fault, "zip-end",
			   "the file does not end with the end record of a "
			   "ZIP without comment");
		return DEED_OK;
	}
	if (zip_u16(end + 4) != 0 || zip_u16(end + 6) != 0 ||
	    zip_u16(end + 8) != zip_u16(end + 10)) {
		zip_faulty(fault, "zip-end", "the ZIP is one of several parts");
		return DEED_OK;
	}
	d->entries = zip_u16(end + 10);
	d->size = zip_u32(end + 12);
	d->offset = zip_u32(end + 16);
	if (d->entries == ZIP_MAX16 || d->size == ZIP_MAX32 ||
	    d->offset == ZIP_MAX32)
		status = read_end64(z, d, fault, err);
	return status;
}

/* Take the next 8 bytes of the ZIP64 field where the 4-byte one is full. */
static bool wide(struct slice *field, uint64_t *value)
{
	if (*value != ZIP_MAX32)
		return true;
	if (field->len < 8)
		return false;
	*value = zip_u64(field->data);
	field->data += 8;
	field->len -= 8;
	return true;
}

/* Walk the extra fields; the ZIP64 one widens the sizes. */
static bool read_extra(struct header *h, bool central)
{
	struct slice rest = h->extra;
	bool seen = false;

	while (rest.len >= 4) {
		uint32_t id = zip_u16(rest.data);
		size_t len = zip_u16(rest.data + 2);
		struct slice field = slice_of(rest.data + 4, len);

		if (len > rest.len - 4)
			return false;
		/* A second name, for readers that know it (4.6.9): version,
		 * CRC-32 of the first name, name.  It must be the same. */
		if (id == ZIP_EXTRA_UNICODE_PATH &&
		    (len < 5 ||
		     !slice_equal(slice_of(field.data + 5, len - 5), h->name)))
			return false;
		if (id == ZIP_EXTRA_64) {
			if (seen || !wide(&field, &h->size) ||
			    !wide(&field, &h->packed) ||
			    (central && !wide(&field, &h->offset)))
				return false;
			seen = true;
		}
		rest.data += 4 + len;
		rest.len -= 4 + len;
	}
	return rest.len == 0;
}

/* The central header at *at of the directory's bytes. */
static bool read_central(struct slice dir, size_t *at, struct header *h)
{
	const uint8_t *p = dir.data + *at;
	size_t name, extra, comment;

	if (dir.len - *at < ZIP_CENTRAL_SIZE || zip_u32(p) != ZIP_CENTRAL)
		return false;
	name = zip_u16(p + 28);
	extra = zip_u16(p + 30);
	comment = zip_u16(p + 32);
	if (dir.len - *at - ZIP_CENTRAL_SIZE < name + extra + comment)
		return false;
	h->flags = zip_u16(p + 8);
	h->method = zip_u16(p + 10);
	h->crc = zip_u32(p + 16);
	h->packed = zip_u32(p + 20);
	h->size = zip_u32(p + 24);
	h->offset = zip_u32(p + 42);
	h->name = slice_of(p + ZIP_CENTRAL_SIZE, name);
	h->extra = slice_of(p + ZIP_CENTRAL_SIZE + name, extra);
	*at += ZIP_CENTRAL_SIZE + name + extra + comment;
	return zip_u16(p + 34) == 0 && read_extra(h, true);
}

static enum deed_status add_entry(struct zip *z, const struct header *h,
				  struct zip_fault *fault,
				  struct deed_error *err)
{
	struct zip_entry *e = &z->entries[z->count];

	if ((h->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_PATCHED |
			 ZIP_FLAG_STRONG | ZIP_FLAG_MASKED)) != 0 ||
	    (h->method != ZIP_STORED && h->method != ZIP_DEFLATED)) {
		zip_faulty(fault, "zip-method",
			   "entry %zu is encrypted or packed by method %u",
			   z->count + 1, h->method);
		return DEED_OK;
	}
	e->name = strndup((const char *)h->name.data, h->name.len);
	if (e->name == NULL)
		return deed_error_memory(err);
	/* Names that could leave the folder they are unpacked in, or that two
	 * readers could take for different files. */
	if (strlen(e->name) != h->name.len || !asic_name_is_good(e->name)) {
		zip_faulty(fault, "zip-name",
			   "entry %zu has a name that is not allowed",
			   z->count + 1);
		free(e->name);
		return DEED_OK;
	}
	e->method = (enum zip_method)h->method;
	e->offset = h->offset;
	e->packed = h->packed;
	e->size = h->size;
	e->crc = h->crc;
	z->count++;
	return DEED_OK;
}

static enum deed_status read_directory(struct zip *z, const struct directory *d,
				       struct zip_fault *fault,
				       struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status = DEED_OK;
	struct header h;
	uint64_t total = 0;
	size_t at = 0;

	if (buf_reserve(&b, (size_t)d->size) == NULL)
		return buf_status(&b, err);
	b.len = (size_t)d->size;
	status = zip_pread(z, d->offset, b.data, b.len, err);
	while (status == DEED_OK && !fault->found && z->count < d->entries) {
		if (!read_central(buf_get(&b), &at, &h)) {
			zip_faulty(fault, "zip-directory",
				   "central header %zu is wrong", z->count + 1);
			break;
		}
		status = add_entry(z, &h, fault, err);
		if (__builtin_add_overflow(total, h.size, &total))
			total = UINT64_MAX;
	}
	if (status == DEED_OK && !fault->found && at != b.len)
		zip_faulty(fault, "zip-directory",
			   "the central directory has bytes of no entry");
	if (total > ZIP_FREE && total / ZIP_EXPANSION > z->size)
		zip_faulty(fault, "zip-bomb",
			   "the content would be more than %d times as large "
			   "as the container",
			   ZIP_EXPANSION);
	buf_clear(&b);
	return status;
}

/*
 * How long the data descriptor behind the content is (4.3.9): with or without
 * signature, with 4 or 8 bytes a size.  0 if there is none that fits.
 */
static enum deed_status descriptor_size(const struct zip *z,
					const struct zip_entry *e, uint64_t at,
					uint64_t limit, size_t *out,
					struct deed_error *err)
{
	static const struct {
		size_t len, sizes, width;
	} forms[] = { { 24, 8, 8 }, { 16, 8, 4 }, { 20, 4, 8 }, { 12, 4, 4 } };
	uint8_t d[24];
	enum deed_status status;
	size_t i;

	*out = 0;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const uint8_t *p = d + forms[i].sizes;
		uint64_t packed, size;

		if (limit - at != forms[i].len)
			continue;
		status = zip_pread(z, at, d, forms[i].len, err);
		if (status != DEED_OK)
			return status;
		packed = forms[i].width == 8 ? zip_u64(p) : zip_u32(p);
		size = forms[i].width == 8 ? zip_u64(p + 8) : zip_u32(p + 4);
		if ((forms[i].sizes == 4 || zip_u32(d) == ZIP_DESCRIPTOR) &&
		    zip_u32(p - 4) == e->crc && packed == e->packed &&
		    size == e->size)
			*out = forms[i].len;
	}
	return DEED_OK;
}

/* Sizes and CRC may be left to the descriptor: they are then zero. */
static bool sizes_agree(const struct header *local, const struct zip_entry *e,
			bool descriptor)
{
	if (local->crc == e->crc && local->packed == e->packed &&
	    local->size == e->size)
		return true;
	return descriptor && local->crc == 0 && local->packed == 0 &&
	       local->size == 0;
}

/*
 * Hold an entry's local header against the central one.  limit is where the
 * next thing begins: the entry must reach it exactly.
 */
static enum deed_status check_local(const struct zip *z, struct zip_entry *e,
				    uint64_t limit, struct zip_fault *fault,
				    struct deed_error *err)
{
	uint8_t fixed[ZIP_LOCAL_SIZE], names[2 * ZIP_MAX16];
	struct header h = { 0 };
	enum deed_status status;
	size_t name, extra, tail = 0;
	bool descriptor;

	if (limit - e->offset < sizeof(fixed))
		goto bad;
	status = zip_pread(z, e->offset, fixed, sizeof(fixed), err);
	if (status != DEED_OK)
		return status;
	name = zip_u16(fixed + 26);
	extra = zip_u16(fixed + 28);
	e->data = e->offset + sizeof(fixed) + name + extra;
	if (zip_u32(fixed) != ZIP_LOCAL || e->data > limit ||
	    limit - e->data < e->packed)
		goto bad;
	status = zip_pread(z, e->offset + sizeof(fixed), names, name + extra,
			   err);
	if (status != DEED_OK)
		return status;
	h.flags = zip_u16(fixed + 6);
	h.crc = zip_u32(fixed + 14);
	h.packed = zip_u32(fixed + 18);
	h.size = zip_u32(fixed + 22);
	h.name = slice_of(names, name);
	h.extra = slice_of(names + name, extra);
	e->extra = extra > 0;
	descriptor = (h.flags & ZIP_FLAG_DESCRIPTOR) != 0;
	if (!slice_equal_str(h.name, e->name) ||
	    zip_u16(fixed + 8) != (uint32_t)e->method ||
	    (h.flags & ZIP_FLAG_ENCRYPTED) != 0 || !read_extra(&h, false) ||
	    !sizes_agree(&h, e, descriptor))
		goto bad;
	if (descriptor) {
		status = descriptor_size(z, e, e->data + e->packed, limit,
					 &tail, err);
		if (status != DEED_OK)
			return status;
	}
	if (e->data + e->packed + tail == limit)
		return DEED_OK;
bad:
	zip_faulty(fault, "zip-ambiguous",
		   "the local header of '%s' and the central directory do not "
		   "agree",
		   e->name);
	return DEED_OK;
}

static int by_offset(const void *a, const void *b)
{
	const struct zip_entry *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int by_name(const void *a, const void *b)
{
	const struct zip_entry *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static enum deed_status check_names(const struct zip *z,
				    struct zip_fault *fault,
				    struct deed_error *err)
{
	const struct zip_entry **sorted;
	size_t i;

	sorted = calloc(z->count + 1, sizeof(*sorted));
	if (sorted == NULL)
		return deed_error_memory(err);
	for (i = 0; i < z->count; i++)
		sorted[i] = &z->entries[i];
	qsort(sorted, z->count, sizeof(*sorted), by_name);
	for (i = 1; i < z->count; i++) {
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			zip_faulty(fault, "zip-duplicate",
				   "'%s' is there twice", sorted[i]->name);
	}
	free(sorted);
	return DEED_OK;
}

/* Every byte before the directory belongs to exactly one entry. */
static enum deed_status check_locals(struct zip *z, const struct directory *d,
				     struct zip_fault *fault,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	qsort(z->entries, z->count, sizeof(*z->entries), by_offset);
	if (z->count == 0 ? d->offset != 0 : z->entries[0].offset != 0)
		zip_faulty(fault, "zip-gap",
			   "the container does not begin with an entry");
	if (z->count > 0 && z->entries[z->count - 1].offset > d->offset)
		zip_faulty(fault, "zip-overlap",
			   "'%s' lies behind the central directory",
			   z->entries[z->count - 1].name);
	for (i = 0; status == DEED_OK && i < z->count && !fault->found; i++)
		status = check_local(z, &z->entries[i],
				     i + 1 < z->count ? z->entries[i + 1].offset
						      : d->offset,
				     fault, err);
	return status;
}

static enum deed_status read_structure(struct zip *z, struct zip_fault *fault,
				       struct deed_error *err)
{
	struct directory d = { 0 };
	enum deed_status status;

	status = read_end(z, &d, fault, err);
	if (status != DEED_OK || fault->found)
		return status;
	if (d.offset > d.end || d.end - d.offset != d.size) {
		zip_faulty(fault, "zip-directory",
			   "the central directory does not lie before the end "
			   "record");
		return DEED_OK;
	}
	if (d.entries > ZIP_ENTRIES ||
	    d.size > (uint64_t)ZIP_ENTRIES * (ZIP_CENTRAL_SIZE + ZIP_NAME)) {
		zip_faulty(fault, "zip-limit",
			   "the container has more than %d entries",
			   ZIP_ENTRIES);
		return DEED_OK;
	}
	z->entries = calloc((size_t)d.entries + 1, sizeof(*z->entries));
	if (z->entries == NULL)
		return deed_error_memory(err);
	status = read_directory(z, &d, fault, err);
	if (status == DEED_OK && !fault->found)
		status = check_names(z, fault, err);
	if (status == DEED_OK && !fault->found)
		status = check_locals(z, &d, fault, err);
	return status;
}

enum deed_status zip_open(int fd, const char *name, struct zip **out,
			  struct zip_fault *fault, struct deed_error *err)
{
	enum deed_status status;
	struct stat st;
	struct zip *z;

	*out = NULL;
	*fault = (struct zip_fault){ 0 };
	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	z = calloc(1, sizeof(*z));
	if (z == NULL)
		return deed_error_memory(err);
	z->fd = fd;
	z->size = (uint64_t)st.st_size;
	z->name = strdup(name);
	status = z->name == NULL ? deed_error_memory(err)
				 : read_structure(z, fault, err);
	if (status != DEED_OK || fault->found) {
		zip_close(z);
		return status;
	}
	*out = z;
	return DEED_OK;
}
