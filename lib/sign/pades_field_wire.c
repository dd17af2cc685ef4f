/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sign/pades_field.h"
#include "sign/pades_wire.h"

/* Octets that a field takes on the wire, at least. */
#define FIELD_LEAST 56

void pades_fields_clear(struct pades_fields *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		free(f->list[i].name);
		free(f->list[i].tooltip);
		free(f->list[i].lock);
	}
	free(f->list);
	memset(f, 0, sizeof(*f));
}

/* ---- a field to be made ---- */

/* The page is signed where it is wished for, as it may count from the end. */
static void put_place(struct buf *b, uint64_t page, const double place[4])
{
	int i;

	wire_put_u64(b, page);
	for (i = 0; i < 4; i++)
		wire_put_double(b, place[i]);
}

/* Whether such a place lies on the page is told when it is placed; here the
 * numbers are finite. */
static bool get_place(struct slice *in, int64_t *page, double place[4])
{
	int i;

	if (!pades_wire_get_i64(in, page))
		return false;
	for (i = 0; i < 4; i++) {
		if (!wire_get_double(in, &place[i]))
			return false;
	}
	return true;
}

void pades_field_spec_write(const struct pades_field_spec *spec,
			    struct buf *out)
{
	const double place[4] = { spec->x_mm, spec->y_mm, spec->width_mm,
				  spec->height_mm };

	pades_wire_put_text(out, spec->name);
	pades_wire_put_text(out, spec->tooltip);
	pades_wire_put_text(out, spec->before);
	wire_put_u8(out, spec->has_place);
	put_place(out, (uint64_t)spec->page, place);
	wire_put_u8(out, spec->lock_all);
	wire_put_u8(out, spec->final);
	pades_wire_put_texts(out, spec->locks, spec->lock_count);
	pades_wire_put_texts(out, spec->reasons, spec->reason_count);
}

/* Both lists are set before their reading is judged, so that what was
 * allocated is freed with the spec. */
static bool get_spec(struct slice *in, struct pades_field_spec *out)
{
	const char **locks, **reasons;
	double place[4];
	int64_t page;
	bool good;

	if (!pades_wire_get_text(in, &out->name) || out->name == NULL ||
	    !pades_wire_get_text(in, &out->tooltip) ||
	    !pades_wire_get_text(in, &out->before) ||
	    !wire_get_bool(in, &out->has_place) ||
	    !get_place(in, &page, place) ||
	    !wire_get_bool(in, &out->lock_all) ||
	    !wire_get_bool(in, &out->final))
		return false;
	out->page = (long)page;
	out->x_mm = place[0];
	out->y_mm = place[1];
	out->width_mm = place[2];
	out->height_mm = place[3];
	good = pades_wire_get_texts(in, &locks, &out->lock_count);
	out->locks = locks;
	if (!good)
		return false;
	good = pades_wire_get_texts(in, &reasons, &out->reason_count);
	out->reasons = reasons;
	return good && in->len == 0;
}

enum deed_status pades_field_spec_read(struct slice in,
				       struct pades_field_spec *out,
				       struct deed_error *err)
{
	memset(out, 0, sizeof(*out));
	return get_spec(&in, out)
		       ? DEED_OK
		       : deed_error_set(err, DEED_MALFORMED,
					"an order for a field is malformed");
}

void pades_field_spec_clear(struct pades_field_spec *spec)
{
	free((void *)(uintptr_t)spec->locks);
	free((void *)(uintptr_t)spec->reasons);
	memset(spec, 0, sizeof(*spec));
}

/* ---- fields as they are listed ---- */

/* Names come out of the document and may be of any length, while the reader
 * takes no text above its bound: the whole list would fail for one of them.
 * The cut may lie within a character. */
static void put_cut(struct buf *b, const char *text)
{
	size_t len = strlen(text);

	if (len > PADES_WIRE_TEXT - 1)
		len = PADES_WIRE_TEXT - 1;
	wire_put_u32(b, (uint32_t)len + 1);
	buf_slice(b, slice_of(text, len));
	buf_byte(b, 0);
}

void pades_fields_write(const struct pades_fields *f, struct buf *out)
{
	size_t i;

	wire_put_u32(out, (uint32_t)f->count);
	for (i = 0; i < f->count; i++) {
		const struct pades_field *field = &f->list[i];
		const double place[4] = { field->x_mm, field->y_mm,
					  field->width_mm, field->height_mm };

		put_cut(out, field->name);
		put_cut(out, field->tooltip);
		put_cut(out, field->lock);
		wire_put_u8(out, field->is_signed);
		wire_put_u8(out, field->has_place);
		put_place(out, field->page, place);
		wire_put_u8(out, field->final);
		wire_put_u8(out, field->seed);
	}
}

/* A lack of memory counts as malformed here: either way there is no list. */
static bool get_copy(struct slice *in, char **out)
{
	const char *text;

	if (!pades_wire_get_text(in, &text) || text == NULL)
		return false;
	*out = strdup(text);
	return *out != NULL;
}

/* The parser has read a hostile document, so that what it says of the fields
 * is checked for its form and believed for nothing but display. */
static bool get_field(struct slice *in, struct pades_field *out)
{
	double place[4];
	int64_t page;

	if (!get_copy(in, &out->name) || !get_copy(in, &out->tooltip) ||
	    !get_copy(in, &out->lock) || !wire_get_bool(in, &out->is_signed) ||
	    !wire_get_bool(in, &out->has_place) ||
	    !get_place(in, &page, place) || page < 0 ||
	    !wire_get_bool(in, &out->final) || !wire_get_bool(in, &out->seed))
		return false;
	out->page = (size_t)page;
	out->x_mm = place[0];
	out->y_mm = place[1];
	out->width_mm = place[2];
	out->height_mm = place[3];
	return true;
}

enum deed_status pades_fields_read(struct slice in, struct pades_fields *out,
				   struct deed_error *err)
{
	bool good;
	uint32_t n;

	memset(out, 0, sizeof(*out));
	good = wire_get_u32(&in, &n) && n <= in.len / FIELD_LEAST;
	if (good) {
		out->list = calloc((size_t)n + 1, sizeof(*out->list));
		if (out->list == NULL)
			return deed_error_memory(err);
	}
	while (good && out->count < n)
		good = get_field(&in, &out->list[out->count++]);
	if (good && in.len == 0)
		return DEED_OK;
	pades_fields_clear(out);
	return deed_error_set(err, DEED_MALFORMED,
			      "a list of fields is malformed");
}
