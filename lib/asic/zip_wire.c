/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_wire.h"

#include <stdlib.h>

#include "asic/names.h"
#include "asic/zip_private.h"
#include "base/wire.h"

void zip_directory_write(const struct zip *z, const struct zip_fault *fault,
			 struct buf *out)
{
	const struct zip_entry *e;
	size_t i;

	wire_put_u8(out, fault->found);
	wire_put_bytes(out, slice_str(fault->id));
	wire_put_bytes(out, slice_str(fault->message));
	wire_put_u8(out, z != NULL && z->comment);
	wire_put_u32(out, z == NULL ? 0 : (uint32_t)z->count);
	for (i = 0; z != NULL && i < z->count; i++) {
		e = &z->entries[i];
		wire_put_bytes(out, slice_str(e->name));
		wire_put_u8(out, e->method == ZIP_DEFLATED);
		wire_put_u64(out, e->offset);
		wire_put_u64(out, e->data);
		wire_put_u64(out, e->packed);
		wire_put_u64(out, e->size);
		wire_put_u32(out, e->crc);
		wire_put_u8(out, e->extra);
	}
}

/* ---- reading ---- */

/* Sizes count the NUL that is put behind; one within the text would cut it
 * short for whoever reads it as a C string. */
static bool get_text(struct slice *in, char *out, size_t size)
{
	struct slice text;

	if (!wire_get_bytes(in, size - 1, &text) ||
	    (text.len > 0 && memchr(text.data, 0, text.len) != NULL))
		return false;
	if (text.len > 0)
		memcpy(out, text.data, text.len);
	out[text.len] = '\0';
	return true;
}

/* The places are those of the file, one after the other: what the directory
 * says may be wrong, but not lead elsewhere. */
static bool get_entry(struct slice *in, const struct zip *z, uint64_t *at,
		      struct zip_entry *e, bool *no_memory)
{
	char name[ZIP_NAME + 1];
	bool deflated;

	if (!get_text(in, name, sizeof(name)) || !asic_name_is_good(name) ||
	    !wire_get_bool(in, &deflated) || !wire_get_u64(in, &e->offset) ||
	    !wire_get_u64(in, &e->data) || !wire_get_u64(in, &e->packed) ||
	    !wire_get_u64(in, &e->size) || !wire_get_u32(in, &e->crc) ||
	    !wire_get_bool(in, &e->extra))
		return false;
	if (e->offset < *at || e->data < e->offset || e->data > z->size ||
	    e->packed > z->size - e->data)
		return false;
	*at = e->data + e->packed;
	e->method = deflated ? ZIP_DEFLATED : ZIP_STORED;
	e->name = strdup(name);
	*no_memory = e->name == NULL;
	return e->name != NULL;
}

/* The sandboxed helper may be in the hands of the container it read: the count
 * is bounded, places only go forward, and nothing may be left over. */
static bool get_entries(struct slice *in, struct zip *z, bool *no_memory)
{
	uint64_t at = 0;
	uint32_t count;

	if (!wire_get_u32(in, &count) || count > ZIP_ENTRIES)
		return false;
	z->entries = calloc((size_t)count + 1, sizeof(*z->entries));
	*no_memory = z->entries == NULL;
	while (z->entries != NULL && z->count < count) {
		if (!get_entry(in, z, &at, &z->entries[z->count], no_memory))
			return false;
		z->count++;
	}
	return z->entries != NULL && in->len == 0;
}

/* Comes from a helper that read a hostile container and may be in its hands:
 * names and places are judged again, against the file. */
enum deed_status zip_directory_read(struct slice in, int fd, const char *name,
				    struct zip **out, struct zip_fault *fault,
				    struct deed_error *err)
{
	bool no_memory = false, sound;
	enum deed_status status;
	struct zip *z;

	*out = NULL;
	*fault = (struct zip_fault){ 0 };
	status = zip_new(fd, name, &z, err);
	if (status != DEED_OK)
		return status;
	sound = wire_get_bool(&in, &fault->found) &&
		get_text(&in, fault->id, sizeof(fault->id)) &&
		get_text(&in, fault->message, sizeof(fault->message)) &&
		wire_get_bool(&in, &z->comment) &&
		get_entries(&in, z, &no_memory);
	if (no_memory || !sound || fault->found) {
		zip_close(z);
		return no_memory ? deed_error_memory(err)
		       : sound	 ? DEED_OK
				 : deed_error_set(err, DEED_MALFORMED,
						  "the directory of a "
						    "container is malformed");
	}
	status = zip_index(z, err);
	if (status != DEED_OK)
		zip_close(z);
	else
		*out = z;
	return status;
}
