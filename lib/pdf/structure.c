/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/structure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/structure_priv.h"

/* One bit for each kind, weight and revision: of faults that are alike the
 * first is enough. */
static size_t told_bit(enum pdf_fault_kind kind, enum pdf_fault_weight weight,
		       size_t revision)
{
	return (revision * PDF_FAULT_KINDS + (size_t)kind) * PDF_FAULT_WEIGHTS +
	       (size_t)weight;
}

bool structure_told(const struct structure *s, enum pdf_fault_kind kind,
		    enum pdf_fault_weight weight, size_t revision)
{
	size_t i = told_bit(kind, weight, revision);

	return (s->out->told[i / 8] & 1u << i % 8) != 0;
}

enum deed_status structure_fault(struct structure *s, enum pdf_fault_kind kind,
				 enum pdf_fault_weight weight, size_t revision,
				 uint32_t num, struct deed_error *err,
				 const char *fmt, ...)
{
	struct pdf_structure *out = s->out;
	struct pdf_fault *f;
	size_t bit = told_bit(kind, weight, revision);
	va_list args;

	if (structure_told(s, kind, weight, revision))
		return DEED_OK;
	out->told[bit / 8] |= (uint8_t)(1u << bit % 8);
	if (!array_room(&out->list, &out->cap, out->count + 1))
		return deed_error_memory(err);
	f = &out->list[out->count++];
	f->kind = kind;
	f->weight = weight;
	f->revision = (uint32_t)revision;
	f->num = num;
	va_start(args, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, args);
	va_end(args);
	return DEED_OK;
}

/* Malformed is no failure of the look: it is what is looked for, and told by
 * whoever asked.  Work that is spent ends the look, other limits concern the
 * object alone. */
enum deed_status structure_failed(struct structure *s, enum deed_status status,
				  size_t revision, uint32_t num,
				  struct deed_error *err)
{
	switch (status) {
	case DEED_NO_MEMORY:
		return deed_error_memory(err);
	case DEED_IO:
		return deed_error_set(err, DEED_IO, "cannot read '%s'",
				      pdf_input_name(s->core->in));
	case DEED_LIMIT:
		s->spent = s->core->work == s->core->work_max;
		return structure_fault(s, PDF_FAULT_LIMIT, PDF_FAULT_PREPARED,
				       revision, num, err,
				       "object %u is over a limit, and what it "
				       "leads to is not known",
				       (unsigned)num);
	default:
		return DEED_OK;
	}
}

enum deed_status structure_grow(void **list, size_t count, size_t *cap,
				size_t each, struct deed_error *err)
{
	size_t bigger;
	void *grown;

	if (count < *cap)
		return DEED_OK;
	bigger = *cap == 0 ? 64 : *cap + *cap / 2;
	grown = realloc(*list, bigger * each);
	if (grown == NULL)
		return deed_error_memory(err);
	*list = grown;
	*cap = bigger;
	return DEED_OK;
}

/* Entries first: they tell which numbers are named and whether readers would
 * repair the file, by which strays are weighed.  Streams with odd filters are
 * followed only where there are any. */
static enum deed_status look(struct structure *s, struct deed_error *err)
{
	enum deed_status status;

	s->repaired = s->core->padded;
	status = pdf_places_make(s->core, err);
	if (status == DEED_OK)
		status = structure_entries(s, err);
	if (status == DEED_OK)
		status = structure_strays(s, err);
	if (status == DEED_OK && s->unknown_count > 0)
		status = structure_unreadable(s, err);
	return status;
}

/* The answer is put into the document only when it is whole; after a failure
 * the next question looks again. */
enum deed_status pdf_structure_look(struct pdf_document *doc,
				    const struct pdf_structure **out,
				    struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	struct structure s = {
		.doc = pdf_at_revision(doc, core->revision_count - 1),
		.core = core,
		.arena = PDF_ARENA_INIT,
	};
	enum deed_status status;

	*out = core->structure;
	if (core->structure != NULL)
		return DEED_OK;
	s.out = calloc(1, sizeof(*s.out));
	if (s.out != NULL)
		s.out->told = calloc(core->revision_count,
				     PDF_FAULT_KINDS * PDF_FAULT_WEIGHTS);
	status = s.out == NULL || s.out->told == NULL
			 ? deed_error_memory(err)
			 : pdf_set_init(&s.named, doc, err);
	if (status == DEED_OK)
		status = look(&s, err);
	pdf_arena_clear(&s.arena);
	pdf_set_clear(&s.named);
	free(s.holes);
	free(s.unknown);
	if (status != DEED_OK) {
		pdf_structure_free(s.out);
		return status;
	}
	*out = core->structure = s.out;
	return DEED_OK;
}

void pdf_structure_free(struct pdf_structure *s)
{
	if (s == NULL)
		return;
	free(s->list);
	free(s->told);
	free(s);
}
