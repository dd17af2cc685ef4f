/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/lexer.h"
#include "pdf/xref_priv.h"

/* A section: a table (ISO 32000-2 7.5.4) with its trailer, or a stream. */

/* What an entry counts for: four times the memory that it takes. */
#define ENTRY_WORK 64

enum deed_status xref_bad(const char *what, uint64_t at, struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the cross-reference section at byte %llu %s",
			      (unsigned long long)at, what);
}

/* Grown by a half, not doubled: of millions of entries the room that stays
 * empty matters.  The index must fit 32 bits, one of which means none. */
enum deed_status xref_add(struct pdf_core *core, struct pdf_xref_entry entry,
			  struct deed_error *err)
{
	struct pdf_xref_entry *grown;
	enum deed_status status;
	size_t cap;

	/* A row of a stream is a byte, or less than one where it is packed, and
	 * sections may be read more than once, or overlap. */
	status = pdf_charge(core, ENTRY_WORK, err);
	if (status != DEED_OK)
		return status;
	if (core->entry_count == core->entry_cap) {
		cap = core->entry_cap == 0
			      ? 64
			      : core->entry_cap + core->entry_cap / 2;
		if (cap >= PDF_NO_ENTRY)
			return deed_error_set(err, DEED_LIMIT,
					      "too many objects");
		grown = realloc(core->entries, cap * sizeof(*grown));
		if (grown == NULL)
			return deed_error_memory(err);
		core->entries = grown;
		core->entry_cap = cap;
	}
	core->entries[core->entry_count++] = entry;
	return DEED_OK;
}

enum pdf_where pdf_entry_where(const struct pdf_xref_entry *e)
{
	return (enum pdf_where)(e->value >> 62);
}

uint64_t pdf_entry_offset(const struct pdf_xref_entry *e)
{
	return e->value & ~(UINT64_C(3) << 62);
}

uint32_t pdf_entry_revision(const struct pdf_core *core, uint32_t entry)
{
	return core->sections[core->entries[entry].section].revision;
}

struct pdf_document *pdf_entry_view(struct pdf_core *core, uint32_t entry)
{
	return &core->views[pdf_entry_revision(core, entry)];
}

/* "nnnnnnnnnn ggggg n" */
static bool parse_row(const uint8_t row[18], uint64_t *value, uint32_t *gen,
		      bool *in_use)
{
	uint64_t v = 0;
	uint32_t g = 0;
	int i;

	for (i = 0; i < 10; i++) {
		if (row[i] < '0' || row[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(row[i] - '0');
	}
	for (i = 11; i < 16; i++) {
		if (row[i] < '0' || row[i] > '9')
			return false;
		g = g * 10 + (uint32_t)(row[i] - '0');
	}
	if (row[10] != ' ' || row[16] != ' ' ||
	    (row[17] != 'n' && row[17] != 'f'))
		return false;
	*value = v;
	*gen = g;
	*in_use = row[17] == 'n';
	/* A common slip in the head of the free list. */
	if (g > UINT16_MAX && !*in_use)
		*gen = UINT16_MAX;
	return *gen <= UINT16_MAX;
}

/*
 * The end-of-line of a row: two bytes by 7.5.4; one or three occur and leave
 * no doubt either, as long as rows are not found by counting.
 */
static bool row_end(struct pdf_lexer *l)
{
	int c = pdf_lex_next(l);

	if (c == ' ')
		c = pdf_lex_next(l);
	if (c == '\r' && pdf_lex_peek(l) == '\n')
		l->pos++;
	return c == '\r' || c == '\n';
}

/* Rows are read by their form, not by counting bytes, so that a wrong
 * end-of-line shifts nothing.  Memory is taken only for rows that are there,
 * whatever count says. */
static enum deed_status read_rows(struct pdf_core *core, struct pdf_lexer *l,
				  uint64_t first, uint64_t count, uint64_t at,
				  struct deed_error *err)
{
	uint16_t section = (uint16_t)core->section_count;
	struct pdf_xref_entry entry;
	enum deed_status status;
	enum pdf_free kind;
	uint8_t row[18];
	uint64_t value, i;
	uint32_t gen;
	bool in_use;
	size_t k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < sizeof(row); k++)
			row[k] = (uint8_t)pdf_lex_next(l);
		if (l->pos >= l->end)
			return xref_bad("is cut short", at, err);
		if (!parse_row(row, &value, &gen, &in_use) || !row_end(l))
			return xref_bad("has a malformed row", at, err);
		/* Offset 0 never holds an object: some writers mean a free
		 * one. */
		kind = in_use ? PDF_FREE_AT_ZERO : PDF_FREE_ROW;
		if (value == 0)
			in_use = false;
		entry.num = (uint32_t)(first + i);
		entry.gen = (uint16_t)gen;
		entry.section = section;
		entry.value =
			in_use ? xref_tagged(PDF_IN_FILE, value + core->base)
			       : xref_tagged(PDF_FREE, kind);
		if (in_use && value >= pdf_input_size(core->in))
			return xref_bad("points past the end of the file", at,
					err);
		status = xref_add(core, entry, err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/* Subsections until the trailer.  Comments and any white space may stand
 * between them, as readers allow it. */
static enum deed_status read_table(struct pdf_core *core, struct pdf_lexer *l,
				   uint64_t at, struct pdf_object **trailer,
				   struct deed_error *err)
{
	enum deed_status status;
	uint64_t first, count;
	int c;

	while (!pdf_lex_keyword(l, "trailer")) {
		if (!pdf_lex_uint(l, 10, &first) ||
		    !pdf_lex_uint(l, 10, &count))
			return xref_bad(
				"has neither a subsection nor a trailer", at,
				err);
		if (first > PDF_MAX_NUM || count > PDF_MAX_NUM + 1 - first)
			return xref_bad("has an impossible object number", at,
					err);
		/* The rows begin on the next line. */
		for (c = pdf_lex_peek(l); c == ' ' || c == '\t';
		     c = pdf_lex_peek(l))
			l->pos++;
		if (count > 0 && c == '\r')
			l->pos++;
		if (count > 0 && pdf_lex_peek(l) == '\n')
			l->pos++;
		status = read_rows(core, l, first, count, at, err);
		if (status != DEED_OK)
			return status;
	}
	status = pdf_lex_object(l, trailer, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(*trailer, PDF_DICT))
		return xref_bad("has no trailer dictionary", at, err);
	return DEED_OK;
}

/* Held within the file here; what stands there is for the section to say. */
static enum deed_status get_offset(struct pdf_core *core,
				   const struct pdf_object *trailer,
				   const char *key, uint64_t at, uint64_t *out,
				   struct deed_error *err)
{
	const struct pdf_object *value = pdf_dict_get(trailer, key);
	int64_t offset;

	*out = 0;
	if (value == NULL)
		return DEED_OK;
	if (!pdf_get_int(value, &offset) || offset < 0 ||
	    (uint64_t)offset >= pdf_input_size(core->in))
		return xref_bad("has an impossible /Prev or /XRefStm", at, err);
	/* Some writers say so that there is none. */
	if (offset == 0)
		return DEED_OK;
	*out = (uint64_t)offset + core->base;
	return DEED_OK;
}

/* By number alone: which rows of one number come first does not matter, as two
 * of them are refused. */
static int compare_numbers(const void *a, const void *b)
{
	const struct pdf_xref_entry *x = a, *y = b;

	return (x->num > y->num) - (x->num < y->num);
}

/* A number twice in one section has two meanings. */
static enum deed_status check_numbers(struct pdf_core *core, size_t first,
				      const struct pdf_object *trailer,
				      uint64_t at, struct deed_error *err)
{
	size_t i, count = core->entry_count - first;
	struct pdf_xref_entry *e;
	bool sorted = true;
	int64_t size;

	if (!pdf_get_int(pdf_dict_get(trailer, "Size"), &size) || size < 0)
		return xref_bad("has no /Size", at, err);
	/* Poppler opens no such file. */
	if (size > PDF_MAX_NUM + 1)
		return xref_bad("has an impossible /Size", at, err);
	if (count == 0)
		return DEED_OK;
	e = core->entries + first;
	for (i = 1; i < count; i++)
		sorted = sorted && e[i - 1].num <= e[i].num;
	if (!sorted)
		qsort(e, count, sizeof(*e), compare_numbers);
	for (i = 1; i < count; i++) {
		if (e[i - 1].num == e[i].num)
			return xref_bad("lists an object twice", at, err);
	}
	/* 7.5.5 says that a number past /Size is not defined; no reader
	 * passes over such rows, and common tools write them. */
	return DEED_OK;
}

/* The section counts only when all of it has been read; entries of one that
 * fails stay behind in the array, but the document is then refused. */
enum deed_status pdf_section_read(struct pdf_core *core, uint64_t at,
				  bool extra, uint64_t *prev, uint64_t *hybrid,
				  struct deed_error *err)
{
	struct pdf_section *section = &core->sections[core->section_count];
	struct pdf_object *trailer = NULL;
	size_t first = core->entry_count;
	enum deed_status status;
	struct pdf_lexer l;
	uint64_t after;
	bool table;

	*prev = 0;
	*hybrid = 0;
	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in),
		       &core->arena);
	table = !extra && pdf_lex_keyword(&l, "xref");
	if (table) {
		status = read_table(core, &l, at, &trailer, err);
		after = l.pos;
		/* The string of a trailer may hold further ones. */
		if (status == DEED_OK)
			status = pdf_charge(core, after - at, err);
	} else {
		status = xref_read_stream(core, at, &after, &trailer, err);
	}
	if (status == DEED_MALFORMED && l.io != DEED_OK)
		/* What looked malformed was not there to be read. */
		status = deed_error_set(err, l.io, "cannot read '%s'",
					pdf_input_name(core->in));
	pdf_lexer_clear(&l);
	if (status == DEED_OK)
		status = check_numbers(core, first, trailer, at, err);
	if (status == DEED_OK && !extra)
		status = get_offset(core, trailer, "Prev", at, prev, err);
	if (status == DEED_OK && table)
		status = get_offset(core, trailer, "XRefStm", at, hybrid, err);
	if (status != DEED_OK)
		return status;
	memset(section, 0, sizeof(*section));
	section->at = at;
	section->after = after;
	section->trailer = trailer;
	section->stream = !table;
	section->extra = extra;
	core->section_count++;
	return DEED_OK;
}
