/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "asic/zip_private.h"

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
