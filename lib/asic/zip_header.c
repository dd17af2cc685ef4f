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
#define KNOWN (ZIP_FLAG_LEVEL | ZIP_FLAG_DESCRIPTOR | ZIP_FLAG_UTF8)

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

/* 4.5.7: times, owner, and of what is no ordinary file where it leads. */
static bool take_pkware(struct zip_header *h, struct slice field)
{
	h->linked = h->linked || field.len > 12;
	return true;
}

/* CRC-32, mode: unzip takes the mode where the attributes have none. */
static bool take_asi(struct zip_header *h, struct slice field)
{
	if (field.len >= 6)
		h->mode |= zip_u16(field.data + 4);
	return true;
}

/* Fields that change a name, a size or an offset are read, as some programs go
 * by them; the rest says nothing of these. */
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
	case ZIP_EXTRA_PKWARE_UNIX:
		return take_pkware(h, field);
	case ZIP_EXTRA_ASI_UNIX:
		return take_asi(h, field);
	default:
		return true;
	}
}

/* Octets that are left and make no field are refused: some readers pass over
 * them, others look for fields in them. */
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
	h->attributes = zip_u32(p + 38);
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

/* Names without NUL only come here, so that nothing is cut off. */
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

/* ---- what it is ---- */

/* By its mode (POSIX sys/stat.h), where it has one. */
static bool is_special(uint32_t mode, bool folder)
{
	uint32_t type = mode & ZIP_UNIX_TYPE;

	return type != 0 && type != ZIP_UNIX_FILE &&
	       !(folder && type == ZIP_UNIX_FOLDER);
}

/* Attributes are read as Unix and as DOS have them, whatever program the
 * header says made it: unpackers go by either. */
void zip_header_check(const struct zip_header *h, struct zip_fault *fault)
{
	bool folder = h->name[strlen(h->name) - 1] == '/';
	uint32_t dos = h->attributes & (ZIP_DOS_LABEL | ZIP_DOS_FOLDER |
					ZIP_DOS_DEVICE | ZIP_DOS_REPARSE);

	if ((h->flags & PACKED_OTHERWISE) != 0 ||
	    (h->method != ZIP_STORED && h->method != ZIP_DEFLATED))
		zip_faulty(fault, "zip-method",
			   "'%s' is encrypted or packed by method %u", h->name,
			   h->method);
	else if ((h->flags & ~KNOWN) != 0)
		zip_faulty(fault, "zip-flags",
			   "'%s' has flags that have no meaning (0x%04x)",
			   h->name, h->flags & ~KNOWN);
	else if (is_special(h->attributes >> 16, folder) ||
		 is_special(h->mode, folder) || h->linked ||
		 (folder ? dos & ~ZIP_DOS_FOLDER : dos) != 0)
		zip_faulty(fault, "zip-attributes",
			   "'%s' is marked as a link, a device or a folder, "
			   "and would be something else once it is unpacked",
			   h->name);
	else if (folder && h->size > 0)
		zip_faulty(fault, "zip-attributes",
			   "'%s' is a folder and has content", h->name);
}
