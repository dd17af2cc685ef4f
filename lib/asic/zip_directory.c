/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What is known of a container while its directory is read. */
struct reading {
	struct zip *z;
	struct zip_fault *fault;
	struct zip_directory directory;
	struct buf bytes;	    /* of the directory */
	struct zip_header *headers; /* one an entry, then in the file's order */
	size_t count;
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

/* ---- central headers ---- */

/* One header; it is counted, and its name freed with it, also where it is at
 * fault. */
static enum deed_status read_header(struct reading *r, size_t *at,
				    struct deed_error *err)
{
	struct zip_header *h = &r->headers[r->count++];
	enum deed_status status;

	if (!zip_header_central(buf_get(&r->bytes), at, h)) {
		zip_faulty(r->fault, "zip-directory",
			   "central header %zu is wrong", r->count);
		return DEED_OK;
	}
	status = zip_header_name(h, err);
	if (status != DEED_OK)
		return status;
	if (h->name == NULL) {
		zip_faulty(r->fault, "zip-name",
			   "entry %zu has a name that is not allowed",
			   r->count);
		return DEED_OK;
	}
	if (h->has_path && !slice_equal_str(h->path, h->name))
		zip_faulty(r->fault, "zip-ambiguous",
			   "'%s' has another name in its extra field", h->name);
	zip_header_check(h, r->fault);
	return DEED_OK;
}

/* The sizes are added up before anything is unpacked, so that a bomb is known
 * by what it says of itself. */
static enum deed_status read_directory(struct reading *r,
				       struct deed_error *err)
{
	const struct zip_directory *d = &r->directory;
	enum deed_status status;
	uint64_t total = 0;
	size_t at = 0;

	if (buf_reserve(&r->bytes, (size_t)d->size) == NULL)
		return buf_status(&r->bytes, err);
	r->bytes.len = (size_t)d->size;
	status = zip_pread(r->z, d->offset, r->bytes.data, r->bytes.len, err);
	while (status == DEED_OK && !r->fault->found && r->count < d->entries) {
		status = read_header(r, &at, err);
		if (__builtin_add_overflow(total, r->headers[r->count - 1].size,
					   &total))
			total = UINT64_MAX;
	}
	if (status == DEED_OK && !r->fault->found && at != r->bytes.len)
		zip_faulty(r->fault, "zip-directory",
			   "the central directory has bytes of no entry");
	if (total > ZIP_FREE && total / ZIP_EXPANSION > r->z->size)
		zip_faulty(r->fault, "zip-bomb",
			   "the content would be more than %d times as large "
			   "as the container",
			   ZIP_EXPANSION);
	return status;
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* No two entries have one name, by whichever character set a reader goes. */
static enum deed_status check_names(const struct reading *r,
				    struct deed_error *err)
{
	const char **sorted;
	size_t i, count = 0;

	sorted = calloc(2 * r->count + 1, sizeof(*sorted));
	if (sorted == NULL)
		return deed_error_memory(err);
	for (i = 0; i < r->count; i++) {
		sorted[count++] = r->headers[i].name;
		if (r->headers[i].other != NULL)
			sorted[count++] = r->headers[i].other;
	}
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (i = 1; i < count; i++) {
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			zip_faulty(r->fault, "zip-duplicate",
				   "'%s' is there twice", sorted[i]);
	}
	free(sorted);
	return DEED_OK;
}

/* The order in which entries lie, so that each ends where the next begins. */
static int by_offset(const void *a, const void *b)
{
	const struct zip_header *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The entries, in the order in which they lie. */
static void take_entries(struct reading *r)
{
	struct zip *z = r->z;

	qsort(r->headers, r->count, sizeof(*r->headers), by_offset);
	for (z->count = 0; z->count < r->count; z->count++) {
		struct zip_header *h = &r->headers[z->count];
		struct zip_entry *e = &z->entries[z->count];

		e->name = h->name;
		e->method = (enum zip_method)h->method;
		e->offset = h->offset;
		e->packed = h->packed;
		e->size = h->size;
		e->crc = h->crc;
		h->name = NULL;
	}
}

/* ---- the whole ---- */

/* Each step relies on the one before: headers, their names against each other,
 * then by offset, so that local ones can be checked for gaps and overlaps.
 * The caller frees what was read. */
static enum deed_status read_entries(struct reading *r, struct deed_error *err)
{
	size_t count = (size_t)r->directory.entries;
	enum deed_status status;

	r->z->entries = calloc(count + 1, sizeof(*r->z->entries));
	r->headers = calloc(count + 1, sizeof(*r->headers));
	if (r->z->entries == NULL || r->headers == NULL)
		return deed_error_memory(err);
	status = read_directory(r, err);
	if (status == DEED_OK && !r->fault->found)
		status = check_names(r, err);
	if (status != DEED_OK || r->fault->found)
		return status;
	take_entries(r);
	return zip_check_locals(r->z, r->headers, r->directory.offset, r->fault,
				err);
}

/* Readers begin at the end or at the beginning; where both cannot come to the
 * same files the container is refused. */
static enum deed_status read_structure(struct zip *z, struct zip_fault *fault,
				       struct deed_error *err)
{
	struct reading r = { .z = z, .fault = fault };
	const struct zip_directory *d = &r.directory;
	enum deed_status status;

	status = zip_read_end(z, &r.directory, fault, err);
	if (status != DEED_OK || fault->found)
		return status;
	if (d->offset > d->end || d->end - d->offset != d->size) {
		zip_faulty(fault, "zip-directory",
			   "the central directory does not lie before the end "
			   "record");
		return DEED_OK;
	}
	if (d->entries > ZIP_ENTRIES ||
	    d->size > (uint64_t)ZIP_ENTRIES * (ZIP_CENTRAL_SIZE + ZIP_NAME)) {
		zip_faulty(fault, "zip-limit",
			   "the container has more than %d entries",
			   ZIP_ENTRIES);
		return DEED_OK;
	}
	status = read_entries(&r, err);
	while (r.count > 0)
		zip_header_clear(&r.headers[--r.count]);
	free(r.headers);
	buf_clear(&r.bytes);
	return status;
}

enum deed_status zip_open(int fd, const char *name, struct zip **out,
			  struct zip_fault *fault, struct deed_error *err)
{
	enum deed_status status;
	struct zip *z;

	*out = NULL;
	*fault = (struct zip_fault){ 0 };
	status = zip_new(fd, name, &z, err);
	if (status == DEED_OK)
		status = read_structure(z, fault, err);
	if (status == DEED_OK && !fault->found)
		status = zip_index(z, err);
	if (status != DEED_OK || fault->found) {
		zip_close(z);
		return status;
	}
	*out = z;
	return DEED_OK;
}
