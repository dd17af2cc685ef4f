/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wire.h"

#include <math.h>

/* Big-endian, as everything on the wire. */
static void put(struct buf *b, uint64_t value, int bytes)
{
	int shift;

	for (shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		buf_byte(b, (uint8_t)(value >> shift));
}

void wire_put_u8(struct buf *b, unsigned value)
{
	buf_byte(b, (uint8_t)value);
}

void wire_put_u32(struct buf *b, uint32_t value)
{
	put(b, value, 4);
}

void wire_put_u64(struct buf *b, uint64_t value)
{
	put(b, value, 8);
}

void wire_put_double(struct buf *b, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	wire_put_u64(b, bits);
}

void wire_put_bytes(struct buf *b, struct slice bytes)
{
	if (bytes.len > UINT32_MAX) {
		b->failed = true;
		return;
	}
	put(b, bytes.len, 4);
	buf_slice(b, bytes);
}

/* Takes all or nothing: after false the slice is where it was. */
static bool get(struct slice *in, size_t bytes, uint64_t *out)
{
	size_t i;

	if (in->len < bytes)
		return false;
	*out = 0;
	for (i = 0; i < bytes; i++)
		*out = *out << 8 | in->data[i];
	*in = slice_of(in->data + bytes, in->len - bytes);
	return true;
}

bool wire_get_u8(struct slice *in, unsigned *out)
{
	uint64_t value;

	if (!get(in, 1, &value))
		return false;
	*out = (unsigned)value;
	return true;
}

bool wire_get_u32(struct slice *in, uint32_t *out)
{
	uint64_t value;

	if (!get(in, 4, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

bool wire_get_u64(struct slice *in, uint64_t *out)
{
	return get(in, 8, out);
}

bool wire_get_double(struct slice *in, double *out)
{
	uint64_t bits;

	if (!wire_get_u64(in, &bits))
		return false;
	memcpy(out, &bits, sizeof(bits));
	return isfinite(*out);
}

bool wire_get_bytes(struct slice *in, size_t max, struct slice *out)
{
	struct slice rest = *in;
	uint64_t len;

	if (!get(&rest, 4, &len) || len > max || len > rest.len)
		return false;
	*out = slice_of(rest.data, (size_t)len);
	*in = slice_of(rest.data + len, rest.len - (size_t)len);
	return true;
}

bool wire_get_enum(struct slice *in, unsigned count, unsigned *out)
{
	if (in->len == 0 || in->data[0] >= count)
		return false;
	return wire_get_u8(in, out);
}

bool wire_get_bool(struct slice *in, bool *out)
{
	unsigned value;

	if (!wire_get_enum(in, 2, &value))
		return false;
	*out = value != 0;
	return true;
}
