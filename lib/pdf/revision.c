/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/lexer.h"

/* White space after %%EOF that still belongs to the revision. */
#define MAX_SPACE 256

/*
 * Sections are read from the newest; in a sound file each older one stands
 * before the newer.  The exception is a linearised file (ISO 32000-2 annex
 * F), whose first saving has two: the one for the first page stands at the
 * start of the file and names the main one as /Prev.
 */
static enum deed_status number_sections(struct pdf_core *core,
					struct deed_error *err)
{
	struct pdf_section *s = core->sections, *newer = NULL, *newest = NULL;
	size_t i, mains = 0, seen = 0;
	uint32_t revision = 0;

	for (i = 0; i < core->section_count; i++)
		mains += !s[i].extra;
	for (i = 0; i < core->section_count; i++) {
		if (s[i].extra)
			continue;
		seen++;
		if (newer != NULL && s[i].at > newer->at) {
			/* Even then it stands before the next saving: else it
			 * was appended to a file that was signed. */
			if (seen != mains ||
			    (newest != NULL && s[i].at > newest->at))
				return deed_error_set(
					err, DEED_MALFORMED,
					"the cross-reference sections are "
					"out of order");
			s[i].in_pair = true;
		}
		newest = newer;
		newer = &s[i];
	}
	for (i = core->section_count; i-- > 0;) {
		if (s[i].extra) {
			continue;
		}
		s[i].revision = revision;
		if (i + 1 < core->section_count && s[i + 1].extra)
			s[i + 1].revision = revision;
		if (!s[i].in_pair)
			revision++;
	}
	core->revision_count = revision;
	return DEED_OK;
}

/* "startxref N %%EOF" at the lexer. */
static bool take_eof(struct pdf_lexer *l, uint64_t *value)
{
	const char *word;

	if (!pdf_lex_keyword(l, "startxref") || !pdf_lex_uint(l, 10, value))
		return false;
	while (pdf_is_space(pdf_lex_peek(l)))
		l->pos++;
	for (word = "%%EOF"; *word != '\0'; word++) {
		if (pdf_lex_next(l) != *word)
			return false;
	}
	return true;
}

/* The place after the "%%EOF" that stands right after a section; 0 if there is
 * none, or what is before it does not lead back to the section expected. */
static enum deed_status find_eof(struct pdf_core *core, uint64_t after,
				 uint64_t expected, uint64_t *eof,
				 struct deed_error *err)
{
	uint64_t size = pdf_input_size(core->in), value, at;
	enum deed_status status;
	struct pdf_lexer l;
	bool there;

	*eof = 0;
	pdf_lexer_init(&l, core->in, after, size, NULL);
	there = take_eof(&l, &value);
	at = l.pos;
	status = pdf_charge_space(&l, core, after, err);
	if (status != DEED_OK || !there || value > size)
		return status;
	value += core->base;
	l.pos = value;
	while (l.pos < expected && pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	if (l.pos == expected)
		*eof = at;
	return pdf_charge_space(&l, core, value, err);
}

/* Some white space behind %%EOF belongs to the revision that ends there.
 * Bounded: more than that is no end-of-line, and a file of blanks would be
 * passed for each revision. */
static uint64_t after_space(const struct pdf_core *core, uint64_t at)
{
	struct pdf_lexer l;
	size_t i;

	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in), NULL);
	for (i = 0; i < MAX_SPACE && pdf_is_space(pdf_lex_peek(&l)); i++)
		l.pos++;
	return l.pos;
}

/* An end that lies behind the next section is not that of this revision: it
 * has none then, and says so by 0. */
static enum deed_status set_ends(struct pdf_core *core, struct pdf_revision *r,
				 const struct pdf_section *last, uint64_t limit,
				 struct deed_error *err)
{
	enum deed_status status;

	status = find_eof(core, last->after, r->xref, &r->eof, err);
	if (status != DEED_OK || r->eof == 0 || r->eof > limit) {
		r->eof = 0;
		r->end = 0;
		return status;
	}
	r->end = after_space(core, r->eof);
	if (r->end > limit)
		r->end = limit;
	return DEED_OK;
}

/* The newest revision: everything up to the end is its, or unexplained. */
static void set_last_end(struct pdf_core *core, struct pdf_revision *r)
{
	uint64_t size = pdf_input_size(core->in);

	if (r->eof == 0)
		r->eof = core->eof;
	else if (r->eof != core->eof)
		core->tail = true;
	r->end = core->tail ? after_space(core, r->eof) : size;
}

/* An /XRefStm that stands in a later revision was not there when its own
 * was saved. */
static enum deed_status check_extras(const struct pdf_core *core,
				     struct deed_error *err)
{
	const struct pdf_section *s;
	uint64_t limit;
	size_t i;

	for (i = 0; i < core->section_count; i++) {
		s = &core->sections[i];
		limit = core->revisions[s->revision].end;
		if (limit == 0 && s->revision + 1 < core->revision_count)
			limit = core->revisions[s->revision + 1].xref;
		if (s->extra && limit != 0 && s->after > limit)
			return deed_error_set(err, DEED_MALFORMED,
					      "the /XRefStm at byte %llu lies "
					      "outside its revision",
					      (unsigned long long)s->at);
	}
	return DEED_OK;
}

/* From the newest back: the beginning of one section is the limit for the end
 * of the one before. */
enum deed_status pdf_revisions_load(struct pdf_core *core,
				    struct deed_error *err)
{
	const struct pdf_section *s, *last = NULL;
	uint64_t limit = pdf_input_size(core->in);
	enum deed_status status;
	struct pdf_revision *r;
	size_t i;

	status = number_sections(core, err);
	if (status != DEED_OK)
		return status;
	core->revisions = calloc(core->revision_count, sizeof(*r));
	if (core->revisions == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < core->section_count; i++) {
		s = &core->sections[i];
		r = &core->revisions[s->revision];
		if (s->extra) {
			r->hybrid = true;
			continue;
		}
		if (s->in_pair)
			continue;
		r->xref = s->at;
		r->stream = s->stream;
		/* The pair ends after its older half. */
		last = s;
		if (i + 1 < core->section_count && s[1].in_pair)
			last = &s[1];
		else if (i + 2 < core->section_count && s[1].extra &&
			 s[2].in_pair)
			last = &s[2];
		status = set_ends(core, r, last, limit, err);
		limit = s->at;
	}
	if (status != DEED_OK)
		return status;
	set_last_end(core, &core->revisions[core->revision_count - 1]);
	return check_extras(core, err);
}
