/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "asic/zip_private.h"

/* The end record and the longest comment. */
#define TAIL (ZIP_END_SIZE + ZIP_MAX16)

/* The end records of ZIP64, where a number does not fit. */
static enum deed_status read_end64(const struct zip *z, struct zip_directory *d,
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
 * The end record is the last one in the file, and its comment reaches to the
 * end.  Readers look for it from behind; those that then ask where its comment
 * ends go on looking, so no further one may fit either.
 */
static bool find_end(struct slice tail, size_t *at)
{
	bool found = false, fits;
	size_t i, left;

	for (i = tail.len; i-- > 0;) {
		left = tail.len - i;
		if (left < 4 || zip_u32(tail.data + i) != ZIP_END)
			continue;
		fits = left >= ZIP_END_SIZE &&
		       zip_u16(tail.data + i + 20) == left - ZIP_END_SIZE;
		if (fits == found)
			return false;
		if (!found)
			*at = i;
		found = true;
	}
	return found;
}

/* What the end record says, which is not yet held against the file. */
static enum deed_status take_end(struct zip *z, const uint8_t *end,
				 struct zip_directory *d,
				 struct zip_fault *fault,
				 struct deed_error *err)
{
	z->comment = zip_u16(end + 20) > 0;
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
		return read_end64(z, d, fault, err);
	return DEED_OK;
}

/* At most the record and the longest comment are read, however large the file
 * is. */
enum deed_status zip_read_end(struct zip *z, struct zip_directory *d,
			      struct zip_fault *fault, struct deed_error *err)
{
	size_t len = z->size < TAIL ? (size_t)z->size : TAIL, at = 0;
	enum deed_status status;
	uint8_t *tail;

	if (len < ZIP_END_SIZE) {
		zip_faulty(fault, "zip-end", "the file is no ZIP");
		return DEED_OK;
	}
	tail = malloc(len);
	if (tail == NULL)
		return deed_error_memory(err);
	status = zip_pread(z, z->size - len, tail, len, err);
	if (status == DEED_OK && !find_end(slice_of(tail, len), &at)) {
		zip_faulty(fault, "zip-end",
			   "the file does not end with one end record of a "
			   "ZIP, or its comment");
	} else if (status == DEED_OK) {
		d->end = z->size - len + at;
		status = take_end(z, tail + at, d, fault, err);
	}
	free(tail);
	return status;
}
