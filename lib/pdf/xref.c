/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"
#include "pdf/lexer.h"

/* For two, as a hybrid section brings its /XRefStm with it; pdf_section_read
 * adds without looking. */
static enum deed_status room_for_sections(struct pdf_core *core,
					  struct deed_error *err)
{
	if (core->section_count + 2 > PDF_MAX_SECTIONS)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d cross-reference sections",
				      PDF_MAX_SECTIONS);
	if (!array_room(&core->sections, &core->section_cap,
			core->section_count + 2))
		return deed_error_memory(err);
	return DEED_OK;
}

/* An offset that names the white space before a section leads to it, as
 * readers have it. */
static enum deed_status skip_space(struct pdf_core *core, uint64_t *at,
				   struct deed_error *err)
{
	uint64_t from = *at;
	struct pdf_lexer l;

	pdf_lexer_init(&l, core->in, from, pdf_input_size(core->in), NULL);
	while (pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	*at = l.pos;
	return pdf_charge_space(&l, core, from, err);
}

/* The /XRefStm of the section that was read last, 0 for none.  Tables may
 * share one: who updates a file may copy its trailer. */
static enum deed_status read_hybrid(struct pdf_core *core, uint64_t at,
				    struct deed_error *err)
{
	enum deed_status status;
	uint64_t none;

	if (at == 0)
		return DEED_OK;
	status = skip_space(core, &at, err);
	return status == DEED_OK
		       ? pdf_section_read(core, at, true, &none, &none, err)
		       : status;
}

/* From the newest section back.  A section that is met again would make the
 * chain endless; the search is linear, and sections are bounded.  That /Prev
 * leads backwards is not asked: in a linearised file it leads forwards. */
static enum deed_status read_chain(struct pdf_core *core,
				   struct deed_error *err)
{
	uint64_t at = core->startxref, prev, hybrid;
	enum deed_status status;
	size_t i;

	while (at != 0) {
		status = skip_space(core, &at, err);
		if (status != DEED_OK)
			return status;
		for (i = 0; i < core->section_count; i++) {
			if (core->sections[i].at == at)
				return deed_error_set(
					err, DEED_MALFORMED,
					"the cross-reference sections form "
					"a loop");
		}
		status = room_for_sections(core, err);
		if (status == DEED_OK)
			status = pdf_charge(core, 256, err);
		if (status == DEED_OK)
			status = pdf_section_read(core, at, false, &prev,
						  &hybrid, err);
		if (status == DEED_OK)
			status = read_hybrid(core, hybrid, err);
		if (status != DEED_OK)
			return status;
		at = prev;
	}
	return DEED_OK;
}

/* By number, then revision, then what is looked at first in a revision. */
static bool before(const struct pdf_core *core, const struct pdf_xref_entry *a,
		   const struct pdf_xref_entry *b)
{
	uint32_t ra, rb;

	if (a->num != b->num)
		return a->num < b->num;
	ra = core->sections[a->section].revision;
	rb = core->sections[b->section].revision;
	if (ra != rb)
		return ra < rb;
	return a->section < b->section;
}

/* Heapsort's step: the entry at root moves down until none below is later in
 * order. */
static void sift(const struct pdf_core *core, size_t root, size_t count)
{
	struct pdf_xref_entry *e = core->entries, swap;
	size_t child;

	for (child = 2 * root + 1; child < count; child = 2 * root + 1) {
		if (child + 1 < count && before(core, &e[child], &e[child + 1]))
			child++;
		if (!before(core, &e[root], &e[child]))
			return;
		swap = e[root];
		e[root] = e[child];
		e[child] = swap;
		root = child;
	}
}

/* In place: libc's qsort takes as much memory again. */
static void sort_entries(struct pdf_core *core)
{
	struct pdf_xref_entry *e = core->entries, swap;
	size_t count = core->entry_count, i;
	bool sorted = true;

	for (i = 1; i < count && sorted; i++)
		sorted = !before(core, &e[i], &e[i - 1]);
	if (sorted)
		return;
	for (i = count / 2; i > 0; i--)
		sift(core, i - 1, count);
	for (i = count; i > 1; i--) {
		swap = e[0];
		e[0] = e[i - 1];
		e[i - 1] = swap;
		sift(core, 0, i - 1);
	}
}

static bool same_place(const struct pdf_xref_entry *a,
		       const struct pdf_xref_entry *b)
{
	return a->value == b->value && a->gen == b->gen;
}

/*
 * Of the entries [first, last) for one number in one revision, the one that
 * holds: the table's, unless it says free and the /XRefStm knows the object
 * (7.5.8.4).
 */
static size_t choose(const struct pdf_core *core, size_t first, size_t last)
{
	const struct pdf_xref_entry *e = core->entries;

	if (first + 1 < last && pdf_entry_where(&e[first]) == PDF_FREE &&
	    core->sections[e[first + 1].section].extra &&
	    e[first].section + 1 == e[first + 1].section)
		return first + 1;
	return first;
}

/* Kept for structure_entries, which asks whether what the other readers see is
 * there. */
static enum deed_status drop(struct pdf_core *core,
			     const struct pdf_xref_entry *e,
			     struct deed_error *err)
{
	size_t count = core->dropped_count;
	struct pdf_xref_entry *grown;

	/* The room doubles. */
	if ((count & (count - 1)) == 0) {
		grown = realloc(core->dropped,
				(count == 0 ? 1 : 2 * count) * sizeof(*grown));
		if (grown == NULL)
			return deed_error_memory(err);
		core->dropped = grown;
	}
	core->dropped[core->dropped_count++] = *e;
	return DEED_OK;
}

/* What a reader sees of a number that does not know /XRefStm. */
struct legacy {
	struct pdf_xref_entry entry;
	bool have;    /* a table said something of it */
	bool seen;    /* it was in use once */
	bool row;     /* in the table of this revision */
	bool existed; /* to readers that take the table's word first */
};

/*
 * Does the row that holds differ from what such a reader sees?  An object that
 * it has never seen, being free in the table, is what the format is for
 * (7.5.8.4): what it shows may want it, but it shows nothing in its stead.
 * Where it was there before, pdf.js and MuPDF take the free row for its end.
 */
static bool differs(const struct legacy *l, const struct pdf_xref_entry *kept)
{
	bool free = pdf_entry_where(&l->entry) == PDF_FREE;

	if (!l->have || same_place(kept, &l->entry) ||
	    (free && pdf_entry_where(kept) == PDF_FREE))
		return false;
	return !free || l->seen || (l->row && l->existed);
}

/* The rows [first, last) of one number in one revision become one. */
static enum deed_status merge_group(struct pdf_core *core, size_t first,
				    size_t last, struct legacy *l, size_t *out,
				    struct deed_error *err)
{
	const struct pdf_section *sections = core->sections;
	struct pdf_xref_entry *e = core->entries, kept;
	size_t k, chosen = choose(core, first, last);
	enum deed_status status = DEED_OK;
	struct pdf_revision *revision;

	kept = e[chosen];
	for (k = first; k < last && sections[e[k].section].extra; k++)
		;
	l->row = k < last;
	if (l->row) {
		l->entry = e[k];
		l->have = true;
	}
	if (differs(l, &kept)) {
		revision = &core->revisions[sections[kept.section].revision];
		revision->hides = true;
		if (core->conflict == 0)
			core->conflict = kept.num;
	}
	if (l->have && pdf_entry_where(&l->entry) != PDF_FREE)
		l->seen = true;
	/* What the table calls free was never there to them. */
	l->existed = pdf_entry_where(&kept) != PDF_FREE &&
		     (!l->row || pdf_entry_where(&l->entry) != PDF_FREE);
	for (k = first; status == DEED_OK && k < last; k++) {
		if (k != chosen && !same_place(&e[k], &kept) &&
		    pdf_entry_where(&e[k]) != PDF_FREE)
			status = drop(core, &e[k], err);
	}
	e[(*out)++] = kept;
	return status;
}

/* One entry a number and revision; on the way, see whether a reader that
 * does not know /XRefStm sees other content. */
static enum deed_status merge_entries(struct pdf_core *core,
				      struct deed_error *err)
{
	const struct pdf_section *sections = core->sections;
	struct pdf_xref_entry *e = core->entries;
	enum deed_status status = DEED_OK;
	struct legacy legacy = { .have = false };
	size_t i, next, out = 0;
	uint32_t num = 0;

	for (i = 0; status == DEED_OK && i < core->entry_count; i = next) {
		if (i == 0 || e[i].num != num)
			legacy = (struct legacy){ .have = false };
		num = e[i].num;
		for (next = i + 1;
		     next < core->entry_count && e[next].num == num &&
		     sections[e[next].section].revision ==
			     sections[e[i].section].revision;
		     next++)
			;
		status = merge_group(core, i, next, &legacy, &out, err);
	}
	core->entry_count = out;
	return status;
}

/* Revisions must be known before entries are sorted, as they are sorted by
 * them.  The array is cut to what it needs, for it stays as long as the
 * document. */
enum deed_status pdf_xref_load(struct pdf_core *core, struct deed_error *err)
{
	enum deed_status status;
	void *shrunk;

	status = pdf_startxref_find(core, err);
	if (status == DEED_OK)
		status = read_chain(core, err);
	if (status == DEED_OK)
		status = pdf_revisions_load(core, err);
	if (status != DEED_OK)
		return status;
	sort_entries(core);
	status = merge_entries(core, err);
	if (status != DEED_OK)
		return status;
	if (core->entry_count > 0) {
		shrunk = realloc(core->entries,
				 core->entry_count * sizeof(*core->entries));
		if (shrunk != NULL)
			core->entries = shrunk;
		core->entry_cap = core->entry_count;
	}
	return DEED_OK;
}

/* Entries of one number stand together, oldest revision first: the last that
 * is not newer than the view holds. */
uint32_t pdf_find_entry(const struct pdf_core *core, uint32_t num,
			size_t revision)
{
	size_t low = 0, high = core->entry_count, middle;
	const struct pdf_xref_entry *e;

	/* The first entry that is past (num, revision). */
	while (low < high) {
		middle = low + (high - low) / 2;
		e = &core->entries[middle];
		if (e->num < num ||
		    (e->num == num &&
		     core->sections[e->section].revision <= revision))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || core->entries[low - 1].num != num)
		return PDF_NO_ENTRY;
	return (uint32_t)(low - 1);
}
