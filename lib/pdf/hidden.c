/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/hidden.h"

#include "pdf/core.h"
#include "pdf/lexer.h"
#include "pdf/scan.h"

/* How far into a stream the file in it may begin. */
#define HEADER_WINDOW 1024

struct hidden {
	struct pdf_core *core;
	uint64_t end; /* of the last revision that is left out */
	pdf_raw_fn *fn;
	void *arg;
	bool found; /* a signature in one of them */
};

/* Does "startxref N" lead to a section that was read?  0 stands for the first
 * part of a linearised file. */
static enum deed_status leads_to_section(struct pdf_core *core, uint64_t at,
					 bool *out, struct deed_error *err)
{
	uint64_t size = pdf_input_size(core->in), value, from = at + 9;
	const struct pdf_section *section;
	enum deed_status status;
	struct pdf_lexer l;
	bool number;

	*out = true;
	pdf_lexer_init(&l, core->in, from, size, NULL);
	number = pdf_lex_uint(&l, 10, &value);
	status = pdf_charge_space(&l, core, from, err);
	if (status != DEED_OK || !number || value == 0)
		return status;
	*out = false;
	if (value >= size - core->base)
		return DEED_OK;
	from = l.pos = value + core->base;
	while (pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	section = pdf_section_upto(core, l.pos);
	*out = section != NULL && section->at == l.pos;
	return pdf_charge_space(&l, core, from, err);
}

/* In a PDF that a stream holds as it is: an attachment. */
static bool in_attachment(struct pdf_core *core, uint64_t at)
{
	size_t i = pdf_places_upto(core, at), len;
	struct pdf_arena arena = PDF_ARENA_INIT;
	uint8_t head[HEADER_WINDOW];
	struct pdf_object *o;
	uint64_t from, to;
	uint32_t entry;
	bool inside;

	if (i == 0)
		return false;
	entry = core->places[i - 1];
	inside = pdf_load_entry(pdf_entry_view(core, entry), entry, &arena, &o,
				NULL) == DEED_OK &&
		 pdf_is(o, PDF_STREAM);
	if (inside) {
		from = o->u.dict.offset;
		to = from + o->u.dict.length;
		len = to - from < sizeof(head) ? (size_t)(to - from)
					       : sizeof(head);
		inside = at >= from && at < to &&
			 pdf_input_read(core->in, from, head, len, NULL) ==
				 DEED_OK &&
			 memmem(head, len, "%PDF-", 5) != NULL;
	}
	pdf_arena_clear(&arena);
	return inside;
}

/* Hits come in the order of the file: the last one that leads nowhere is where
 * the hidden revisions end. */
static enum deed_status take_end(void *arg, const struct pdf_hit *hit,
				 struct deed_error *err)
{
	enum deed_status status;
	struct hidden *h = arg;
	bool leads;

	/* Reading what it stands in is charged too, but fails there alone. */
	status = pdf_charge(h->core, 16, err);
	if (status == DEED_OK)
		status = leads_to_section(h->core, hit->at, &leads, err);
	if (status == DEED_OK && !leads && !in_attachment(h->core, hit->at))
		h->end = hit->at;
	return status;
}

/* The dictionary begins some bytes after its "N G obj", which is where the
 * table points; PDF_SCAN_BEFORE is more than such a header takes.
 * *looked is how many entries that took: any number may lead to one place. */
static bool is_listed(const struct pdf_core *core, const struct pdf_raw *raw,
		      size_t *looked)
{
	size_t upto = pdf_places_upto(core, raw->dict->start), i;
	const struct pdf_xref_entry *e;
	uint64_t place;

	for (i = upto; i > 0; i--) {
		*looked = upto - i;
		e = &core->entries[core->places[i - 1]];
		place = pdf_places_offset(core, i - 1);
		if (raw->dict->start - place > PDF_SCAN_BEFORE)
			return false;
		if (e->num == raw->ref.num && e->gen == raw->ref.gen)
			return true;
	}
	return false;
}

/* What stands behind the end of the last hidden revision belongs to the chain,
 * or to nothing; what a table leads to is found by other means. */
static enum deed_status take_signature(void *arg, const struct pdf_raw *raw,
				       struct deed_error *err)
{
	enum deed_status status;
	struct hidden *h = arg;
	size_t looked = 0;
	bool listed;

	if (raw->dict->start > h->end)
		return DEED_OK;
	listed = is_listed(h->core, raw, &looked);
	status = pdf_charge(h->core, 16 + looked, err);
	if (status != DEED_OK || listed ||
	    in_attachment(h->core, raw->dict->start))
		return status;
	h->found = true;
	return h->fn(h->arg, raw, err);
}

/* First where the last hidden revision ends, then the signatures before that:
 * a hidden revision without one is no signature's affair, and *end stays 0. */
enum deed_status pdf_hidden_each(struct pdf_document *doc, pdf_raw_fn *fn,
				 void *arg, uint64_t *end,
				 struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	struct hidden h = { .core = core, .fn = fn, .arg = arg };
	enum deed_status status;

	*end = 0;
	status = pdf_places_make(core, err);
	if (status == DEED_OK)
		status = pdf_scan(core->in, 0, "startxref", 5, take_end, &h,
				  err);
	if (status == DEED_OK && h.end != 0)
		status = pdf_raw_each(core, &core->arena, take_signature, &h,
				      err);
	if (h.found)
		*end = h.end;
	return status;
}
