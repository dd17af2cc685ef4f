/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/lexer.h"

/* Where startxref is looked for, from the end. */
#define TAIL_SIZE 2048

static bool all_space(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!pdf_is_space(p[i]))
			return false;
	}
	return true;
}

static const uint8_t *find_last(const uint8_t *data, size_t len,
				const char *word)
{
	size_t n = strlen(word), at;

	for (at = len; at >= n; at--) {
		if (!memcmp(data + at - n, word, n))
			return data + at - n;
	}
	return NULL;
}

/* The last startxref and the %%EOF behind it (ISO 32000-2 7.5.5). */
static enum deed_status find_startxref(struct pdf_core *core,
				       struct deed_error *err)
{
	uint64_t size = pdf_input_size(core->in), from, value = 0;
	size_t len = size < TAIL_SIZE ? (size_t)size : TAIL_SIZE, at;
	const uint8_t *word, *eof = NULL;
	enum deed_status status;
	uint8_t tail[TAIL_SIZE];
	int digits = 0;

	from = size - len;
	status = pdf_input_read(core->in, from, tail, len, err);
	if (status != DEED_OK)
		return status;
	word = find_last(tail, len, "startxref");
	if (word == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "no startxref in the last %d bytes",
				      TAIL_SIZE);
	at = (size_t)(word - tail) + 9;
	while (at < len && pdf_is_space(tail[at]))
		at++;
	for (; at < len && tail[at] >= '0' && tail[at] <= '9'; at++) {
		value = value * 10 + (uint64_t)(tail[at] - '0');
		if (++digits > 10)
			break;
	}
	if (digits == 0 || digits > 10 || value == 0 ||
	    value >= size - core->base)
		return deed_error_set(err, DEED_MALFORMED,
				      "startxref names no place in the file");
	if (len - at >= 5)
		eof = memmem(tail + at, len - at, "%%EOF", 5);
	if (eof == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "no %%%%EOF after the last startxref");
	core->startxref = value + core->base;
	core->eof = from + (uint64_t)(eof - tail) + 5;
	core->tail = !all_space(eof + 5, (size_t)(tail + len - eof) - 5);
	return DEED_OK;
}

static enum deed_status room_for_sections(struct pdf_core *core,
					  struct deed_error *err)
{
	struct pdf_section *grown;
	size_t cap;

	if (core->section_count + 2 > PDF_MAX_SECTIONS)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d cross-reference sections",
				      PDF_MAX_SECTIONS);
	if (core->section_count + 2 <= core->section_cap)
		return DEED_OK;
	cap = core->section_cap == 0 ? 16 : core->section_cap * 2;
	grown = realloc(core->sections, cap * sizeof(*grown));
	if (grown == NULL)
		return deed_error_memory(err);
	core->sections = grown;
	core->section_cap = cap;
	return DEED_OK;
}

static uint64_t skip_space(const struct pdf_core *core, uint64_t at)
{
	struct pdf_lexer l;

	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in), NULL);
	while (pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	return l.pos;
}

static enum deed_status read_chain(struct pdf_core *core,
				   struct deed_error *err)
{
	uint64_t at = core->startxref, prev, hybrid, none;
	enum deed_status status;
	size_t i;

	while (at != 0) {
		at = skip_space(core, at);
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
		if (status == DEED_OK && hybrid != 0)
			status = pdf_section_read(core, hybrid, true, &none,
						  &none, err);
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

/* One entry a number and revision; on the way, see whether a reader that
 * does not know /XRefStm sees other content. */
static void merge_entries(struct pdf_core *core)
{
	const struct pdf_section *sections = core->sections;
	struct pdf_xref_entry *e = core->entries, kept, without = { 0 };
	size_t i, next, k, out = 0;
	bool have_without = false;
	uint32_t num = 0;

	for (i = 0; i < core->entry_count; i = next) {
		if (i == 0 || e[i].num != num)
			have_without = false;
		num = e[i].num;
		for (next = i + 1;
		     next < core->entry_count && e[next].num == e[i].num &&
		     sections[e[next].section].revision ==
			     sections[e[i].section].revision;
		     next++)
			;
		for (k = i; k < next; k++) {
			if (sections[e[k].section].extra)
				continue;
			without = e[k];
			have_without = true;
			break;
		}
		kept = e[choose(core, i, next)];
		if (have_without && !same_place(&kept, &without) &&
		    pdf_entry_where(&without) != PDF_FREE &&
		    core->conflict == 0)
			core->conflict = num;
		if (sections[kept.section].extra)
			core->revisions[sections[kept.section].revision].hides =
				true;
		e[out++] = kept;
	}
	core->entry_count = out;
}

enum deed_status pdf_xref_load(struct pdf_core *core, struct deed_error *err)
{
	enum deed_status status;
	void *shrunk;

	status = find_startxref(core, err);
	if (status == DEED_OK)
		status = read_chain(core, err);
	if (status == DEED_OK)
		status = pdf_revisions_load(core, err);
	if (status != DEED_OK)
		return status;
	sort_entries(core);
	merge_entries(core);
	if (core->entry_count > 0) {
		shrunk = realloc(core->entries,
				 core->entry_count * sizeof(*core->entries));
		if (shrunk != NULL)
			core->entries = shrunk;
		core->entry_cap = core->entry_count;
	}
	return DEED_OK;
}

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
