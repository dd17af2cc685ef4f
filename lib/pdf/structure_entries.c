/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/lexer.h"
#include "pdf/structure_priv.h"

/*
 * Every entry leads to its object, in file order: objects in the file by
 * their offset, and behind each object stream the entries that lead into it.
 * An entry that leads into a stream which a later revision replaces leads
 * into that one from then on, and is looked at again.
 */
struct member {
	uint32_t holder; /* entry of the object stream */
	uint32_t entry;
};

/* An entry, the revision from which on it leads to nothing, and whether an
 * object of its number begins there that cannot be read. */
struct broken {
	uint32_t entry;
	uint32_t revision;
	bool begins;
};

struct follow {
	struct structure *s;
	struct member *members; /* by holder's offset, then index */
	size_t count, cap;
	struct broken *broken;
	size_t broken_count, broken_cap;
};

/* Told later (tell_broken), when all references are known: whether one leads
 * there makes the difference.  That an entry leads nowhere is enough for
 * readers to repair. */
static enum deed_status breaks(struct follow *f, struct broken broken,
			       struct deed_error *err)
{
	void *list = f->broken;
	enum deed_status status;

	f->s->repaired = true;
	status = structure_grow(&list, f->broken_count, &f->broken_cap,
				sizeof(broken), err);
	f->broken = list;
	if (status == DEED_OK)
		f->broken[f->broken_count++] = broken;
	return status;
}

/* ---- objects in the file ---- */

/*
 * A cross-reference stream that is none of the chain's: some tools write one
 * beside their table.  Whoever repairs the file takes its catalog.
 */
static bool names_other_root(struct structure *s, const struct pdf_object *o,
			     uint32_t revision)
{
	const struct pdf_section *section = pdf_section_upto(s->core, o->start);
	const struct pdf_object *root = pdf_dict_get(o, "Root");

	return pdf_is_name(pdf_dict_get(o, "Type"), "XRef") && root != NULL &&
	       (section == NULL || section->at != o->start) &&
	       !pdf_equal(root, pdf_dict_get(s->core->views[revision].trailer,
					     "Root"));
}

/* Whether a page leads to it is asked at the end, in one walk for all of them.
 */
static enum deed_status remember_filter(struct structure *s, uint32_t entry,
					struct deed_error *err)
{
	void *list = s->unknown;
	enum deed_status status;

	status = structure_grow(&list, s->unknown_count, &s->unknown_cap,
				sizeof(*s->unknown), err);
	s->unknown = list;
	if (status == DEED_OK)
		s->unknown[s->unknown_count++] = entry;
	return status;
}

/* What else is to be known of an object that is where it should be. */
static enum deed_status look_at(struct follow *f, uint32_t entry,
				const struct pdf_object *o,
				struct deed_error *err)
{
	struct structure *s = f->s;
	uint32_t revision = pdf_entry_revision(s->core, entry);
	enum deed_status status = DEED_OK;

	status = structure_name(s, o, revision, err);
	if (status != DEED_OK || !pdf_is(o, PDF_STREAM))
		return status;
	if (!structure_filter_known(&s->core->views[revision], o))
		status = remember_filter(s, entry, err);
	if (status == DEED_OK && names_other_root(s, o, revision))
		status = structure_fault(
			s, PDF_FAULT_STRAY, PDF_FAULT_LATER, revision,
			s->core->entries[entry].num, err,
			"object %u is a cross-reference stream of no revision",
			(unsigned)s->core->entries[entry].num);
	return status;
}

/* "N G obj" of the entry's own numbers: readers take no more for an object,
 * whatever follows. */
static bool begins(const struct pdf_core *core, const struct pdf_xref_entry *e)
{
	uint64_t num, gen, at = pdf_entry_offset(e);
	struct pdf_lexer l;

	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in), NULL);
	return pdf_lex_uint(&l, 10, &num) && pdf_lex_uint(&l, 5, &gen) &&
	       pdf_lex_keyword(&l, "obj") && num == e->num && gen == e->gen;
}

/* *holds: it is an object stream. */
static enum deed_status follow_place(struct follow *f, uint32_t entry,
				     bool *holds, struct deed_error *err)
{
	struct structure *s = f->s;
	uint32_t revision = pdf_entry_revision(s->core, entry);
	enum deed_status status;
	struct pdf_object *o;

	*holds = false;
	status = pdf_load_entry(&s->core->views[revision], entry, &s->arena, &o,
				NULL);
	if (status == DEED_OK) {
		*holds = pdf_is(o, PDF_STREAM) &&
			 pdf_is_name(pdf_dict_get(o, "Type"), "ObjStm");
		status = look_at(f, entry, o, err);
	} else if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED) {
		status = breaks(
			f,
			(struct broken){
				entry, revision,
				begins(s->core, &s->core->entries[entry]) },
			err);
	} else {
		status = structure_failed(s, status, revision,
					  s->core->entries[entry].num, err);
	}
	pdf_arena_reset(&s->arena);
	return status;
}

/* ---- objects in streams ---- */

/* All versions of a holder are PDF_IN_FILE, so that their values compare as
 * offsets; of members the low half is the index in the stream. */
static int by_holder(const void *a, const void *b, void *arg)
{
	const struct pdf_xref_entry *entries = arg;
	const struct member *x = a, *y = b;
	uint64_t p = entries[x->holder].value, q = entries[y->holder].value;

	if (p == q && x->holder != y->holder)
		return x->holder > y->holder ? 1 : -1;
	if (p == q) {
		p = (uint32_t)entries[x->entry].value;
		q = (uint32_t)entries[y->entry].value;
	}
	return (p > q) - (p < q);
}

/* One for each version of the stream: memory is bounded by what add_member
 * charges. */
static enum deed_status push_member(struct follow *f, uint32_t holder,
				    uint32_t entry, struct deed_error *err)
{
	void *list = f->members;
	enum deed_status status;

	status = structure_grow(&list, f->count, &f->cap, sizeof(*f->members),
				err);
	f->members = list;
	if (status == DEED_OK)
		f->members[f->count++] = (struct member){ holder, entry };
	return status;
}

/* The entry, with each version of its stream while it holds. */
static enum deed_status add_member(struct follow *f, uint32_t entry,
				   struct deed_error *err)
{
	struct pdf_core *core = f->s->core;
	const struct pdf_xref_entry *e = core->entries;
	uint32_t stream = (uint32_t)(e[entry].value >> 32) & 0x3fffffff;
	uint32_t first = pdf_entry_revision(core, entry), holder;
	uint32_t end = (uint32_t)core->revision_count;
	enum deed_status status = DEED_OK;

	if (entry + 1 < core->entry_count && e[entry + 1].num == e[entry].num)
		end = pdf_entry_revision(core, entry + 1);
	holder = pdf_find_entry(core, stream, first);
	if (holder == PDF_NO_ENTRY)
		return breaks(f, (struct broken){ entry, first, false }, err);
	for (;
	     status == DEED_OK && holder < core->entry_count &&
	     e[holder].num == stream && pdf_entry_revision(core, holder) < end;
	     holder++) {
		if (pdf_entry_revision(core, holder) > first)
			first = pdf_entry_revision(core, holder);
		if (pdf_charge(core, 16, NULL) != DEED_OK)
			return structure_failed(f->s, DEED_LIMIT, first, stream,
						err);
		status =
			pdf_entry_where(&e[holder]) == PDF_IN_FILE
				? push_member(f, holder, entry, err)
				: breaks(f,
					 (struct broken){ entry, first, false },
					 err);
	}
	return status;
}

/* Seen in the revision from which on both hold, the entry and this version of
 * its stream. */
static enum deed_status follow_member(struct follow *f, struct member m,
				      struct deed_error *err)
{
	struct structure *s = f->s;
	const struct pdf_xref_entry *e = &s->core->entries[m.entry];
	uint32_t revision = pdf_entry_revision(s->core, m.entry), holder, num;
	enum deed_status status;
	struct pdf_object *o;
	bool there;

	holder = pdf_entry_revision(s->core, m.holder);
	if (holder > revision)
		revision = holder;
	status = pdf_load_entry(&s->core->views[revision], m.entry, &s->arena,
				&o, NULL);
	if (status == DEED_OK) {
		status = structure_name(s, o, revision, err);
	} else if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED) {
		there = pdf_objstm_number(&s->core->views[revision],
					  s->core->entries[m.holder].num,
					  (uint32_t)e->value, &num) &&
			num == e->num;
		status = breaks(f, (struct broken){ m.entry, revision, there },
				err);
	} else {
		status = structure_failed(s, status, revision, e->num, err);
	}
	pdf_arena_reset(&s->arena);
	return status;
}

/* An object of a stream that no entry leads to. */
static enum deed_status unlisted(struct follow *f, uint32_t holder, size_t i,
				 uint32_t num, struct deed_error *err)
{
	struct structure *s = f->s;
	struct pdf_core *core = s->core;
	uint32_t revision = pdf_entry_revision(core, holder);
	struct pdf_document *view = &core->views[revision];
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_ref ref = { num, 0 };
	enum deed_status status;
	struct pdf_object *o;

	status = pdf_load_from_stream(view, num, s->core->entries[holder].num,
				      (uint32_t)i, &arena, &o, NULL);
	if (status == DEED_OK)
		status = structure_stray(
			s, ref, o, revision, true,
			pdf_entry_offset(&core->entries[holder]), err);
	else
		status = structure_failed(s, status, revision, num, err);
	pdf_arena_clear(&arena);
	return status;
}

/* The members [*at, …) of one holder, and what else lies in it. */
static enum deed_status follow_stream(struct follow *f, uint32_t holder,
				      bool holds, size_t *at,
				      struct deed_error *err)
{
	struct pdf_core *core = f->s->core;
	struct pdf_document *view = pdf_entry_view(core, holder);
	enum deed_status status = DEED_OK;
	size_t first = *at, k, i;
	uint32_t num, index = 0;

	while (status == DEED_OK && !f->s->spent && *at < f->count &&
	       f->members[*at].holder == holder)
		status = follow_member(f, f->members[(*at)++], err);
	k = first;
	for (i = 0; holds && status == DEED_OK && !f->s->spent &&
		    pdf_objstm_number(view, core->entries[holder].num, i, &num);
	     i++) {
		for (; k < *at; k++) {
			index = (uint32_t)core->entries[f->members[k].entry]
					.value;
			if (index >= i)
				break;
		}
		if (k == *at || index != i)
			status = unlisted(f, holder, i, num, err);
	}
	return status;
}

/* ---- all of them ---- */

/* Sorted by where the streams stand, so that each is decoded once, when its
 * place comes. */
static enum deed_status collect(struct follow *f, struct deed_error *err)
{
	struct pdf_core *core = f->s->core;
	const struct pdf_xref_entry *e = core->entries;
	enum deed_status status = DEED_OK;
	uint32_t i;

	for (i = 0; status == DEED_OK && !f->s->spent && i < core->entry_count;
	     i++) {
		if (pdf_entry_where(&e[i]) == PDF_IN_STREAM)
			status = add_member(f, i, err);
		else if (pdf_entry_where(&e[i]) == PDF_FREE &&
			 (e[i].value & 3) == PDF_FREE_UNKNOWN)
			status = breaks(
				f,
				(struct broken){ i, pdf_entry_revision(core, i),
						 false },
				err);
	}
	if (status == DEED_OK && f->count > 1)
		qsort_r(f->members, f->count, sizeof(*f->members), by_holder,
			core->entries);
	return status;
}

/* Several entries may point to one place; what else lies in a stream there is
 * told once. */
static enum deed_status follow_all(struct follow *f, struct deed_error *err)
{
	struct pdf_core *core = f->s->core;
	enum deed_status status = DEED_OK;
	uint64_t before = UINT64_MAX;
	size_t i, at = 0;
	uint32_t entry;
	bool holds;

	for (i = 0; status == DEED_OK && !f->s->spent && i < core->place_count;
	     i++) {
		entry = core->places[i];
		holds = false;
		status = follow_place(f, entry, &holds, err);
		if (status == DEED_OK)
			status = follow_stream(
				f, entry,
				holds && pdf_places_offset(core, i) != before,
				&at, err);
		before = pdf_places_offset(core, i);
	}
	return status;
}

/* Rows of a hybrid file that do not hold: readers that take the other row
 * must find an object too. */
static enum deed_status follow_dropped(struct follow *f, struct deed_error *err)
{
	struct structure *s = f->s;
	struct pdf_core *core = s->core;
	enum deed_status status = DEED_OK;
	const struct pdf_xref_entry *e;
	struct pdf_xref_entry was;
	struct pdf_object *o;
	uint32_t revision, entry;
	size_t i;

	for (i = 0; status == DEED_OK && !s->spent && i < core->dropped_count;
	     i++) {
		e = &core->dropped[i];
		revision = core->sections[e->section].revision;
		entry = pdf_find_entry(core, e->num, revision);
		if (entry == PDF_NO_ENTRY)
			continue;
		/* Seen through the row that holds. */
		was = core->entries[entry];
		core->entries[entry] = *e;
		status = pdf_load_entry(&core->views[revision], entry,
					&s->arena, &o, NULL);
		core->entries[entry] = was;
		if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED)
			status = breaks(
				f, (struct broken){ entry, revision, false },
				err);
		else if (status != DEED_OK)
			status = structure_failed(s, status, revision, e->num,
						  err);
		pdf_arena_reset(&s->arena);
	}
	return status;
}

/*
 * It matters most where a reference leads there: all are known by now.  Where
 * the object begins as it should and cannot be read, readers agree on which it
 * is: no doubt comes of that alone.
 */
static enum deed_status tell_broken(struct follow *f, struct deed_error *err)
{
	struct structure *s = f->s;
	enum deed_status status = DEED_OK;
	const struct pdf_xref_entry *e;
	const struct broken *b;
	size_t i;

	for (i = 0; status == DEED_OK && i < f->broken_count; i++) {
		b = &f->broken[i];
		e = &s->core->entries[b->entry];
		status = structure_fault(
			s, PDF_FAULT_ENTRY,
			structure_named(s, e->num) && !b->begins
				? PDF_FAULT_PREPARED
				: PDF_FAULT_LATER,
			b->revision, e->num, err,
			b->begins ? "object %u cannot be read"
			: pdf_entry_where(e) == PDF_FREE
				? "the cross-reference row of object %u is of "
				  "an unknown type"
				: "the cross-reference data leads to no "
				  "object %u",
			(unsigned)e->num);
	}
	return status;
}

/* Holes can be asked for only when every object has been noted; both reports
 * come after that. */
enum deed_status structure_entries(struct structure *s, struct deed_error *err)
{
	struct follow f = { .s = s };
	enum deed_status status;

	status = structure_name_trailers(s, err);
	if (status == DEED_OK)
		status = collect(&f, err);
	if (status == DEED_OK)
		status = follow_all(&f, err);
	if (status == DEED_OK)
		status = follow_dropped(&f, err);
	structure_order_holes(s);
	if (status == DEED_OK)
		status = tell_broken(&f, err);
	if (status == DEED_OK)
		status = structure_tell_holes(s, err);
	free(f.members);
	free(f.broken);
	return status;
}
