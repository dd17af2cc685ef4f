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

/* "startxref N %%EOF" right after a section; true and the place after
 * "%%EOF" if it is there and N leads back to the section named. */
static bool find_eof(const struct pdf_core *core, uint64_t after,
		     uint64_t expected, uint64_t *eof)
{
	struct pdf_lexer l;
	uint64_t value, at;
	const char *word;

	pdf_lexer_init(&l, core->in, after, pdf_input_size(core->in), NULL);
	if (!pdf_lex_keyword(&l, "startxref") || !pdf_lex_uint(&l, 10, &value))
		return false;
	while (pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	for (word = "%%EOF"; *word != '\0'; word++) {
		if (pdf_lex_next(&l) != *word)
			return false;
	}
	at = l.pos;
	if (value > pdf_input_size(core->in))
		return false;
	l.pos = value + core->base;
	while (l.pos < expected && pdf_is_space(pdf_lex_peek(&l)))
		l.pos++;
	*eof = at;
	return l.pos == expected;
}

static uint64_t after_space(const struct pdf_core *core, uint64_t at)
{
	struct pdf_lexer l;
	size_t i;

	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in), NULL);
	for (i = 0; i < MAX_SPACE && pdf_is_space(pdf_lex_peek(&l)); i++)
		l.pos++;
	return l.pos;
}

static void set_ends(struct pdf_core *core, struct pdf_revision *r,
		     const struct pdf_section *last, uint64_t limit)
{
	if (!find_eof(core, last->after, r->xref, &r->eof) || r->eof > limit) {
		r->eof = 0;
		r->end = 0;
		return;
	}
	r->end = after_space(core, r->eof);
	if (r->end > limit)
		r->end = limit;
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
	for (i = 0; i < core->section_count; i++) {
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
		set_ends(core, r, last, limit);
		limit = s->at;
	}
	set_last_end(core, &core->revisions[core->revision_count - 1]);
	return check_extras(core, err);
}
