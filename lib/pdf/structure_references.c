/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/structure_priv.h"

/*
 * Numbers that references name, of those no table has: a reader that repairs
 * the file may find an object for each.
 */

/* Of one number the earliest revision comes first: that is the one to be kept.
 */
static int by_number(const void *a, const void *b)
{
	const struct structure_hole *x = a, *y = b;

	if (x->num != y->num)
		return x->num > y->num ? 1 : -1;
	return (x->revision > y->revision) - (x->revision < y->revision);
}

void structure_order_holes(struct structure *s)
{
	size_t i, out = 0;

	if (s->hole_count > 1)
		qsort(s->holes, s->hole_count, sizeof(*s->holes), by_number);
	for (i = 0; i < s->hole_count; i++) {
		if (out == 0 || s->holes[out - 1].num != s->holes[i].num)
			s->holes[out++] = s->holes[i];
	}
	s->hole_count = out;
}

bool structure_named(const struct structure *s, uint32_t num)
{
	size_t low = 0, high = s->hole_count, middle;

	if (pdf_set_has(&s->named, num))
		return true;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (s->holes[middle].num < num)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->hole_count && s->holes[low].num == num;
}

/* References to one number often follow each other: only the last is compared
 * here.  The list is put in order, each number once, when all are known. */
static enum deed_status hole(struct structure *s, uint32_t num,
			     uint32_t revision, struct deed_error *err)
{
	const struct structure_hole *last;
	enum deed_status status = DEED_OK;
	void *list = s->holes;

	s->repaired = true;
	if (s->hole_count > 0) {
		last = &s->holes[s->hole_count - 1];
		if (last->num == num && last->revision == revision)
			return DEED_OK;
	}
	/* Full: perhaps of the same few.  Half of the room is free then, so
	 * that this is seldom done. */
	if (s->hole_count == s->hole_cap) {
		structure_order_holes(s);
		status = structure_grow(&list, 2 * s->hole_count, &s->hole_cap,
					sizeof(*s->holes), err);
		s->holes = list;
	}
	if (status == DEED_OK)
		s->holes[s->hole_count++] =
			(struct structure_hole){ num, revision };
	return status;
}

/* Objects in object streams have generation 0 (ISO 32000-2 7.5.7).  A
 * reference with another generation is null to some readers and an object to
 * others. */
static enum deed_status name_one(struct structure *s, struct pdf_ref ref,
				 uint32_t revision, struct deed_error *err)
{
	const struct pdf_xref_entry *e;
	uint32_t entry, gen = 0;

	(void)pdf_set_add(&s->named, ref.num);
	entry = pdf_find_entry(s->core, ref.num, revision);
	if (entry == PDF_NO_ENTRY)
		return hole(s, ref.num, revision, err);
	e = &s->core->entries[entry];
	if (pdf_entry_where(e) == PDF_FREE) {
		/* Readers take this for null, but one of them repairs. */
		s->repaired = true;
		return (e->value & 3) == PDF_FREE_ROW
			       ? DEED_OK
			       : hole(s, ref.num, revision, err);
	}
	if (pdf_entry_where(e) == PDF_IN_FILE)
		gen = e->gen;
	return gen == ref.gen ? DEED_OK : hole(s, ref.num, revision, err);
}

/* As deep as the parser lets objects nest. */
enum deed_status structure_name(struct structure *s, const struct pdf_object *o,
				uint32_t revision, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (pdf_is(o, PDF_REF))
		return name_one(s, o->u.ref, revision, err);
	if (pdf_is(o, PDF_ARRAY)) {
		for (i = 0; status == DEED_OK && i < o->u.array.count; i++)
			status = structure_name(s, o->u.array.items[i],
						revision, err);
	} else if (pdf_is_dict(o)) {
		for (i = 0; status == DEED_OK && i < o->u.dict.count; i++)
			status = structure_name(s, o->u.dict.entries[i].value,
						revision, err);
	}
	return status;
}

/* What a reader follows of a trailer; other keys are a tool's own, and others
 * renumber blindly. */
enum deed_status structure_name_trailers(struct structure *s,
					 struct deed_error *err)
{
	static const char *const keys[] = { "Root", "Info", "Encrypt" };
	enum deed_status status = DEED_OK;
	const struct pdf_object *trailer;
	size_t i, k;

	for (i = 0; status == DEED_OK && i < s->core->revision_count; i++) {
		trailer = s->core->views[i].trailer;
		for (k = 0;
		     status == DEED_OK && k < sizeof(keys) / sizeof(keys[0]);
		     k++)
			status = structure_name(s,
						pdf_dict_get(trailer, keys[k]),
						(uint32_t)i, err);
	}
	return status;
}

/* A later revision that names what is not there is made to be repaired. */
enum deed_status structure_tell_holes(struct structure *s,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const struct structure_hole *h;
	size_t i;

	for (i = 0; status == DEED_OK && i < s->hole_count; i++) {
		h = &s->holes[i];
		if (h->revision > 0)
			status = structure_fault(
				s, PDF_FAULT_REFERENCE, PDF_FAULT_LATER,
				h->revision, h->num, err,
				"a reference leads to object %u, which is not "
				"there",
				(unsigned)h->num);
	}
	return status;
}
