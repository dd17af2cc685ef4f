/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/lexer.h"

enum deed_status pdf_charge(struct pdf_core *core, uint64_t bytes,
			    struct deed_error *err)
{
	if (bytes > core->work_max - core->work) {
		core->work = core->work_max;
		return deed_error_set(err, DEED_LIMIT,
				      "reading it takes more work than a file "
				      "of its size may ask for");
	}
	core->work += bytes;
	return DEED_OK;
}

enum deed_status pdf_charge_space(const struct pdf_lexer *l,
				  struct pdf_core *core, uint64_t from,
				  struct deed_error *err)
{
	if (l->io != DEED_OK)
		return deed_error_set(err, l->io, "cannot read '%s'",
				      pdf_input_name(core->in));
	return pdf_charge(core, PDF_PASSED * (l->pos - from), err);
}

enum deed_status pdf_charge_decoded(struct pdf_core *core, uint64_t in,
				    uint64_t out, struct deed_error *err)
{
	/* Neither is more than PDF_MAX_DECODED, or a file. */
	if (out > PDF_SWELL * in)
		core->swollen += out - PDF_SWELL * in;
	if (core->swollen > PDF_SWOLLEN_MAX)
		out = core->work_max;
	return pdf_charge(core, out, err);
}

/* By its place in the file, as the number is not known before it is read; who
 * knows it puts it in front (pdf_load_entry). */
static enum deed_status bad_object(uint64_t at, const char *what,
				   struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED, "the object at byte %llu %s",
			      (unsigned long long)at, what);
}

/* A cross-reference stream has no document yet that could resolve a reference.
 * Nothing is searched for where /Length is wrong: readers that do so find
 * different ends. */
static enum deed_status stream_length(struct pdf_document *doc,
				      const struct pdf_object *dict,
				      uint64_t at, uint64_t *out,
				      struct deed_error *err)
{
	const struct pdf_object *length = pdf_dict_get(dict, "Length");
	enum deed_status status;
	int64_t value;

	if (doc != NULL) {
		status = pdf_resolve(doc, length, &length, err);
		if (status != DEED_OK)
			return status;
	}
	if (!pdf_get_int(length, &value) || value < 0)
		return bad_object(at, "is a stream without a right /Length",
				  err);
	*out = (uint64_t)value;
	return DEED_OK;
}

/* After the keyword "stream" (ISO 32000-2 7.3.8). */
static enum deed_status finish_stream(struct pdf_document *doc,
				      struct pdf_lexer *l, struct pdf_object *o,
				      uint64_t at, struct deed_error *err)
{
	enum deed_status status;
	uint64_t length;
	int c;

	c = pdf_lex_next(l);
	if (c == '\r')
		c = pdf_lex_next(l);
	if (c != '\n')
		return bad_object(at, "has no end-of-line after 'stream'", err);
	o->type = PDF_STREAM;
	o->u.dict.offset = l->pos;
	status = stream_length(doc, o, at, &length, err);
	if (status != DEED_OK)
		return status;
	if (length > l->end - l->pos)
		return bad_object(at, "is a stream past the end", err);
	o->u.dict.length = length;
	l->pos += length;
	while (pdf_is_space(pdf_lex_peek(l)))
		l->pos++;
	if (!pdf_lex_keyword(l, "endstream"))
		return bad_object(at,
				  "has no 'endstream' where its /Length "
				  "ends",
				  err);
	return DEED_OK;
}

/* ISO 32000-1 7.3.10, with no leniency: what begins or ends otherwise some
 * readers repair in their own ways. */
static enum deed_status read_indirect(struct pdf_document *doc,
				      struct pdf_lexer *l, uint64_t at,
				      struct pdf_ref *ref,
				      struct pdf_object **out,
				      struct deed_error *err)
{
	enum deed_status status;
	uint64_t num, gen, start;
	struct pdf_object *o;

	pdf_lex_skip_space(l);
	start = l->pos;
	if (!pdf_lex_uint(l, 10, &num) || !pdf_lex_uint(l, 5, &gen) ||
	    !pdf_lex_keyword(l, "obj") || num > PDF_MAX_NUM)
		return bad_object(at, "does not begin with 'N G obj'", err);
	ref->num = (uint32_t)num;
	ref->gen = (uint32_t)gen;
	if (pdf_lex_keyword(l, "endobj")) {
		o = pdf_new_null(l->arena);
		if (o == NULL)
			return deed_error_memory(err);
		o->start = start;
		o->end = l->pos;
		*out = o;
		return DEED_OK;
	}
	status = pdf_lex_object(l, &o, err);
	if (status != DEED_OK)
		return status;
	/* Some readers follow it, others do not: two documents. */
	if (pdf_is(o, PDF_REF))
		return bad_object(at, "is nothing but a reference", err);
	if (pdf_is(o, PDF_DICT) && pdf_lex_keyword(l, "stream")) {
		status = finish_stream(doc, l, o, at, err);
		if (status != DEED_OK)
			return status;
	}
	if (!pdf_lex_keyword(l, "endobj"))
		return bad_object(at, "does not end with 'endobj'", err);
	o->start = start;
	o->end = l->pos;
	*out = o;
	return DEED_OK;
}

/* loading bounds how deep objects load each other (/Length behind a
 * reference).  What was read is charged whether it was well formed or not,
 * without the bytes of a stream, which cost when they are decoded. */
enum deed_status pdf_load_at(struct pdf_document *doc, struct pdf_core *core,
			     uint64_t at, uint64_t end, struct pdf_arena *arena,
			     struct pdf_ref *ref, uint64_t *after,
			     struct pdf_object **out, struct deed_error *err)
{
	enum deed_status status;
	struct pdf_lexer l;
	uint64_t used;

	*out = NULL;
	if (core->loading >= PDF_MAX_LOADING)
		return bad_object(at, "leads to itself", err);
	core->loading++;
	pdf_lexer_init(&l, core->in, at, end, arena);
	status = read_indirect(doc, &l, at, ref, out, err);
	*after = l.pos;
	used = l.pos - at;
	if (status == DEED_OK && pdf_is(*out, PDF_STREAM))
		used -= (*out)->u.dict.length;
	if (status != DEED_OK && l.io != DEED_OK)
		/* What looked malformed was not there to be read. */
		status = deed_error_set(err, l.io, "cannot read '%s'",
					pdf_input_name(core->in));
	/* What cannot be read costs as much. */
	else if (status != DEED_NO_MEMORY &&
		 pdf_charge(core, used + 64, err) != DEED_OK)
		status = DEED_LIMIT;
	pdf_lexer_clear(&l);
	core->loading--;
	if (status != DEED_OK)
		*out = NULL;
	return status;
}

/*
 * Where the bytes of an entry's revision end at the latest.  A revision that
 * points further shows what was appended later, not what was signed.
 */
static uint64_t revision_limit(const struct pdf_core *core,
			       const struct pdf_xref_entry *e)
{
	size_t revision = core->sections[e->section].revision;

	if (core->revisions[revision].end != 0)
		return core->revisions[revision].end;
	if (revision + 1 < core->revision_count)
		return core->revisions[revision + 1].xref;
	return pdf_input_size(core->in);
}

/* An object must begin with its own number and generation, and end before the
 * bytes of its revision do.  The encryption dictionary itself is never
 * decrypted. */
enum deed_status pdf_load_entry(struct pdf_document *doc, uint32_t entry,
				struct pdf_arena *arena,
				struct pdf_object **out, struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	const struct pdf_xref_entry *e = &core->entries[entry];
	enum deed_status status;
	struct pdf_ref ref;
	uint64_t after, value = e->value & ~(UINT64_C(3) << 62);

	*out = NULL;
	switch (pdf_entry_where(e)) {
	case PDF_IN_FILE:
		break;
	case PDF_IN_STREAM:
		return pdf_load_from_stream(doc, e->num,
					    (uint32_t)(value >> 32),
					    (uint32_t)value, arena, out, err);
	default:
		return DEED_OK;
	}
	status = pdf_load_at(doc, core, value, revision_limit(core, e), arena,
			     &ref, &after, out, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "object %u", e->num);
		return status;
	}
	if (ref.num != e->num || ref.gen != e->gen) {
		*out = NULL;
		return deed_error_set(err, DEED_MALFORMED,
				      "object %u %u is not where the "
				      "cross-reference data says",
				      e->num, (unsigned)e->gen);
	}
	if (core->crypt == NULL || e->num == core->crypt_num)
		return DEED_OK;
	status = pdf_crypt_read(core->crypt, ref, *out, arena, err);
	if (status != DEED_OK)
		*out = NULL;
	return status;
}

enum deed_status pdf_load(struct pdf_document *doc, uint32_t num,
			  struct pdf_arena *arena, struct pdf_object **out,
			  struct deed_error *err)
{
	uint32_t entry = pdf_find_entry(doc->core, num, doc->revision);

	*out = NULL;
	return entry == PDF_NO_ENTRY
		       ? DEED_OK
		       : pdf_load_entry(doc, entry, arena, out, err);
}
