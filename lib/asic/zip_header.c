/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "asic/cp437.h"
#include "asic/names.h"
#include "asic/zip_private.h"
#include "codec/utf8.h"

/* Content that deed does not unpack. */
#define PACKED_OTHERWISE                                           \
	(ZIP_FLAG_ENCRYPTED | ZIP_FLAG_PATCHED | ZIP_FLAG_STRONG | \
	 ZIP_FLAG_MASKED)

/* ---- extra fields ---- */

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

/* 4.6.9: version, CRC-32 of the first name, name. */
static bool take_path(struct zip_header *h, struct slice field)
{
	if (h->has_path || field.len < 5)
		return false;
	h->has_path = true;
	h->path = slice_of(field.data + 5, field.len - 5);
	return true;
}

static bool take_field(struct zip_header *h, uint32_t id, struct slice field,
		       bool central, bool *widened)
{
	switch (id) {
	case ZIP_EXTRA_64:
		if (*widened || !wide(&field, &h->size) ||
		    !wide(&field, &h->packed) ||
		    (central && !wide(&field, &h->offset)))
			return false;
		*widened = true;
		return true;
	case ZIP_EXTRA_UNICODE_PATH:
		return take_path(h, field);
	default:
		return true;
	}
}

static bool read_extra(struct zip_header *h, bool central)
{
	struct slice rest = h->extra;
	bool widened = false;

	while (rest.len >= 4) {
		size_t len = zip_u16(rest.data + 2);

		if (len > rest.len - 4 ||
		    !take_field(h, zip_u16(rest.data),
				slice_of(rest.data + 4, len), central,
				&widened))
			return false;
		rest.data += 4 + len;
		rest.len -= 4 + len;
	}
	return rest.len == 0;
}

/* ---- headers ---- */

bool zip_header_central(struct slice dir, size_t *at, struct zip_header *h)
{
	const uint8_t *p = dir.data + *at;
	size_t name, extra, comment;

	*h = (struct zip_header){ 0 };
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
	h->raw = slice_of(p + ZIP_CENTRAL_SIZE, name);
	h->extra = slice_of(p + ZIP_CENTRAL_SIZE + name, extra);
	*at += ZIP_CENTRAL_SIZE + name + extra + comment;
	return zip_u16(p + 34) == 0 && read_extra(h, true);
}

bool zip_header_local(const uint8_t fixed[ZIP_LOCAL_SIZE], struct slice rest,
		      struct zip_header *h)
{
	size_t name = zip_u16(fixed + 26);

	*h = (struct zip_header){ 0 };
	h->flags = zip_u16(fixed + 6);
	h->method = zip_u16(fixed + 8);
	h->crc = zip_u32(fixed + 14);
	h->packed = zip_u32(fixed + 18);
	h->size = zip_u32(fixed + 22);
	h->raw = slice_of(rest.data, name);
	h->extra = slice_of(rest.data + name, rest.len - name);
	return read_extra(h, false);
}

void zip_header_clear(struct zip_header *h)
{
	free(h->name);
	free(h->other);
	h->name = NULL;
	h->other = NULL;
}

/* ---- names ---- */

bool zip_header_ascii(const struct zip_header *h)
{
	size_t i;

	for (i = 0; i < h->raw.len; i++) {
		if (h->raw.data[i] >= 0x80)
			return false;
	}
	return true;
}

static enum deed_status copy_text(struct slice text, char **out,
				  struct deed_error *err)
{
	*out = strndup(text.len == 0 ? "" : (const char *)text.data, text.len);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/*
 * Without bit 11 a name is in code page 437 (appendix D), but many programs
 * write UTF-8 all the same.  What is UTF-8 is hardly ever anything else, so
 * it is taken for that, and the other reading is kept; a Unicode Path field
 * decides.
 */
static enum deed_status read_unflagged(struct zip_header *h,
				       struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;
	char *name;

	cp437_decode(h->raw, &b);
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = copy_text(buf_get(&b), &h->name, err);
	buf_clear(&b);
	if (status != DEED_OK || !utf8_valid(h->raw))
		return status;
	status = copy_text(h->raw, &h->other, err);
	if (status == DEED_OK &&
	    !(h->has_path && slice_equal_str(h->path, h->name))) {
		name = h->name;
		h->name = h->other;
		h->other = name;
	}
	return status;
}

enum deed_status zip_header_name(struct zip_header *h, struct deed_error *err)
{
	enum deed_status status;

	if (h->raw.len == 0 || memchr(h->raw.data, 0, h->raw.len) != NULL)
		return DEED_OK;
	if ((h->flags & ZIP_FLAG_UTF8) != 0 || zip_header_ascii(h))
		status = copy_text(h->raw, &h->name, err);
	else
		status = read_unflagged(h, err);
	/* Names that could leave the folder they are unpacked in, or that two
	 * readers could take for different files. */
	if (status == DEED_OK && !asic_name_is_good(h->name))
		zip_header_clear(h);
	return status;
}

void zip_header_check(const struct zip_header *h, struct zip_fault *fault)
{
	if ((h->flags & PACKED_OTHERWISE) != 0 ||
	    (h->method != ZIP_STORED && h->method != ZIP_DEFLATED))
		zip_faulty(fault, "zip-method",
			   "'%s' is encrypted or packed by method %u", h->name,
			   h->method);
}
