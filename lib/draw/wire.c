/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/wire.h"

#define UM_PER_MM 1000.0

static void put(uint8_t *out, uint64_t value, int bytes)
{
	for (; bytes > 0; bytes--, value >>= 8)
		out[bytes - 1] = (uint8_t)value;
}

/* Big-endian, as put writes it. */
static uint64_t get(const uint8_t *in, int bytes)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < bytes; i++)
		value = value << 8 | in[i];
	return value;
}

static uint64_t micrometres(double mm)
{
	return (uint64_t)(mm * UM_PER_MM + 0.5);
}

void wire_put_spec(const struct draw_spec *spec, uint8_t out[DRAW_WIRE_SPEC])
{
	out[0] = (uint8_t)spec->kind;
	out[1] = (uint8_t)spec->emblem;
	put(out + 2, micrometres(spec->width_mm), 4);
	put(out + 6, (uint64_t)spec->time, 8);
}

enum deed_status wire_get_spec(struct slice body, struct draw_spec *spec,
			       struct deed_error *err)
{
	if (body.len != DRAW_WIRE_SPEC || body.data[0] > DRAW_IMAGE ||
	    body.data[1] > DRAW_EMBLEM_IMAGE)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order for a drawing is malformed");
	spec->kind = (enum draw_kind)body.data[0];
	spec->emblem = (enum draw_emblem)body.data[1];
	spec->width_mm = (double)get(body.data + 2, 4) / UM_PER_MM;
	spec->time = (int64_t)get(body.data + 6, 8);
	return DEED_OK;
}

void wire_put_size(const struct drawing *d, uint8_t out[DRAW_WIRE_SIZE])
{
	put(out, micrometres(d->width_mm), 4);
	put(out + 4, micrometres(d->height_mm), 4);
}

enum deed_status wire_get_size(struct slice body, struct drawing *d,
			       struct deed_error *err)
{
	if (body.len != DRAW_WIRE_SIZE)
		return deed_error_set(err, DEED_MALFORMED,
				      "the size of a drawing is malformed");
	d->width_mm = (double)get(body.data, 4) / UM_PER_MM;
	d->height_mm = (double)get(body.data + 4, 4) / UM_PER_MM;
	return DEED_OK;
}
