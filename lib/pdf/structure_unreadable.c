/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/structure_priv.h"

/*
 * Streams with a filter that ISO 32000-2 7.4 does not know, or knows since
 * yesterday (BrotliDecode): one reader shows them, another leaves them out.
 */
bool structure_filter_known(struct pdf_document *view,
			    const struct pdf_object *stream)
{
	static const char *const known[] = {
		"ASCIIHexDecode",  "AHx", "ASCII85Decode",  "A85",
		"LZWDecode",	   "LZW", "FlateDecode",    "Fl",
		"RunLengthDecode", "RL",  "CCITTFaxDecode", "CCF",
		"JBIG2Decode",	   "DCT", "DCTDecode",	    "JPXDecode",
		"Crypt",	   NULL,
	};
	const struct pdf_object *filter, *one;
	size_t i, count;

	if (pdf_dict_resolve(view, stream, "Filter", &filter, NULL) != DEED_OK)
		return true;
	count = pdf_is(filter, PDF_ARRAY) ? pdf_array_count(filter) : 1;
	for (i = 0; i < count; i++) {
		one = pdf_is(filter, PDF_ARRAY) ? pdf_array_get(filter, i)
						: filter;
		if (pdf_resolve(view, one, &one, NULL) != DEED_OK ||
		    !pdf_is(one, PDF_NAME))
			continue;
		if (!pdf_name_in(pdf_get_name(one), known))
			return false;
	}
	return true;
}

/* Everything that pages lead to. */
struct reach {
	struct structure *s;
	struct pdf_set seen;
	uint32_t *pending;
	size_t count, cap;
};

/* Each number once: the set ends loops and bounds the stack. */
static enum deed_status push(struct reach *r, uint32_t num,
			     struct deed_error *err)
{
	if (!pdf_set_add(&r->seen, num))
		return DEED_OK;
	if (!array_room(&r->pending, &r->cap, r->count + 1))
		return deed_error_memory(err);
	r->pending[r->count++] = num;
	return DEED_OK;
}

/* Recursion is as deep as the parser let the object nest.  Numbers past the
 * limit are those of no object. */
static enum deed_status push_all(struct reach *r, const struct pdf_object *o,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (pdf_is(o, PDF_REF))
		return o->u.ref.num < r->seen.limit ? push(r, o->u.ref.num, err)
						    : DEED_OK;
	if (pdf_is(o, PDF_ARRAY)) {
		for (i = 0; status == DEED_OK && i < o->u.array.count; i++)
			status = push_all(r, o->u.array.items[i], err);
	} else if (pdf_is_dict(o)) {
		for (i = 0; status == DEED_OK && i < o->u.dict.count; i++)
			status = push_all(r, o->u.dict.entries[i].value, err);
	}
	return status;
}

/* Past the cache: everything that pages lead to would else stay in memory.
 * Pages lead to each other by /Parent, which does no harm. */
static enum deed_status walk(struct reach *r, struct deed_error *err)
{
	struct structure *s = r->s;
	enum deed_status status = DEED_OK;
	struct pdf_object *o;
	uint32_t num;

	while (status == DEED_OK && r->count > 0 && !s->spent) {
		num = r->pending[--r->count];
		status = pdf_load(s->doc, num, &s->arena, &o, NULL);
		if (status == DEED_OK)
			status = push_all(r, o, err);
		else
			status = structure_failed(s, status, s->doc->revision,
						  num, err);
		pdf_arena_reset(&s->arena);
	}
	return status;
}

/* Where the pages cannot be walked, that is told elsewhere, and no stream can
 * be said to be on one. */
enum deed_status structure_unreadable(struct structure *s,
				      struct deed_error *err)
{
	struct pdf_core *core = s->core;
	struct reach r = { .s = s };
	const struct pdf_xref_entry *e;
	enum deed_status status;
	struct pdf_ref ref;
	size_t pages, i;

	if (pdf_page_count(s->doc, &pages, NULL) != DEED_OK)
		return DEED_OK;
	status = pdf_set_init(&r.seen, s->doc, err);
	for (i = 0; status == DEED_OK && i < pages; i++) {
		status = pdf_page_ref(s->doc, i, &ref, err);
		if (status == DEED_OK)
			status = push(&r, ref.num, err);
	}
	if (status == DEED_OK)
		status = walk(&r, err);
	for (i = 0; status == DEED_OK && i < s->unknown_count; i++) {
		e = &core->entries[s->unknown[i]];
		if (pdf_set_has(&r.seen, e->num))
			status = structure_fault(
				s, PDF_FAULT_FILTER, PDF_FAULT_PREPARED,
				pdf_entry_revision(core, s->unknown[i]), e->num,
				err,
				"object %u is packed in a way that common "
				"readers cannot open",
				(unsigned)e->num);
	}
	free(r.pending);
	pdf_set_clear(&r.seen);
	return status;
}
