/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_private.h"

/*
 * Local headers held against the central ones: one reader goes by the
 * directory, another from entry to entry, and both must come to the same.
 */
struct checking {
	struct zip *z;
	struct zip_fault *fault;
};

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
static bool sizes_agree(const struct zip_header *local,
			const struct zip_entry *e)
{
	if (local->crc == e->crc && local->packed == e->packed &&
	    local->size == e->size)
		return true;
	return (local->flags & ZIP_FLAG_DESCRIPTOR) != 0 && local->crc == 0 &&
	       local->packed == 0 && local->size == 0;
}

/* The same octets, and the same flag for their character set unless they are
 * ASCII: one reader goes by the local header, another by the central one, and
 * both must see one name. */
static bool names_agree(const struct zip_header *local,
			const struct zip_header *central,
			const struct zip_entry *e)
{
	return slice_equal(local->raw, central->raw) &&
	       (zip_header_ascii(central) ||
		((local->flags ^ central->flags) & ZIP_FLAG_UTF8) == 0) &&
	       (!local->has_path || slice_equal_str(local->path, e->name));
}

/* The same of the file, and by its own extra field nothing but a file. */
static bool headers_agree(struct zip_header *local,
			  const struct zip_header *central,
			  const struct zip_entry *e, struct zip_fault *fault)
{
	if (local->method != central->method ||
	    !names_agree(local, central, e) || !sizes_agree(local, e))
		return false;
	local->name = e->name;
	zip_header_check(local, fault);
	local->name = NULL;
	return true;
}

/* Is there a data descriptor just where one is announced?  The entry ends at
 * limit. */
static enum deed_status check_tail(const struct checking *c,
				   const struct zip_header *local,
				   const struct zip_header *central,
				   const struct zip_entry *e, uint64_t limit,
				   bool *agrees, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t tail = 0;

	if ((local->flags & ZIP_FLAG_DESCRIPTOR) != 0)
		status = descriptor_size(c->z, e, e->data + e->packed, limit,
					 &tail, err);
	*agrees = e->data + e->packed + tail == limit;
	if (status == DEED_OK && *agrees && tail == 0 &&
	    ((local->flags | central->flags) & ZIP_FLAG_DESCRIPTOR) != 0)
		zip_faulty(c->fault, "zip-flags",
			   "'%s' announces a data descriptor and has none",
			   e->name);
	return status;
}

/*
 * Hold an entry's local header against the central one.  limit is where the
 * next thing begins: the entry must reach it exactly.
 */
static enum deed_status check_local(const struct checking *c,
				    const struct zip_header *central,
				    struct zip_entry *e, uint64_t limit,
				    struct deed_error *err)
{
	uint8_t fixed[ZIP_LOCAL_SIZE], names[2 * ZIP_MAX16];
	struct zip_header local;
	enum deed_status status;
	bool agrees = false;
	size_t more;

	if (limit - e->offset < sizeof(fixed))
		goto out;
	status = zip_pread(c->z, e->offset, fixed, sizeof(fixed), err);
	if (status != DEED_OK)
		return status;
	more = zip_u16(fixed + 26) + (size_t)zip_u16(fixed + 28);
	e->data = e->offset + sizeof(fixed) + more;
	e->extra = zip_u16(fixed + 28) > 0;
	if (zip_u32(fixed) != ZIP_LOCAL || e->data > limit ||
	    limit - e->data < e->packed)
		goto out;
	status = zip_pread(c->z, e->offset + sizeof(fixed), names, more, err);
	if (status != DEED_OK)
		return status;
	if (zip_header_local(fixed, slice_of(names, more), &local) &&
	    headers_agree(&local, central, e, c->fault))
		status = check_tail(c, &local, central, e, limit, &agrees, err);
	if (status != DEED_OK)
		return status;
out:
	if (!agrees)
		zip_faulty(c->fault, "zip-ambiguous",
			   "the local header of '%s' and the central "
			   "directory do not agree",
			   e->name);
	return DEED_OK;
}

/* Every byte before the directory belongs to exactly one entry. */
enum deed_status zip_check_locals(struct zip *z,
				  const struct zip_header *headers,
				  uint64_t end, struct zip_fault *fault,
				  struct deed_error *err)
{
	const struct checking c = { z, fault };
	enum deed_status status = DEED_OK;
	size_t i;

	if (z->count == 0 ? end != 0 : z->entries[0].offset != 0)
		zip_faulty(fault, "zip-gap",
			   "the container does not begin with an entry");
	if (z->count > 0 && z->entries[z->count - 1].offset > end)
		zip_faulty(fault, "zip-overlap",
			   "'%s' lies behind the central directory",
			   z->entries[z->count - 1].name);
	for (i = 0; status == DEED_OK && i < z->count && !fault->found; i++)
		status = check_local(
			&c, &headers[i], &z->entries[i],
			i + 1 < z->count ? z->entries[i + 1].offset : end, err);
	return status;
}
