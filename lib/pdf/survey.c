/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/survey.h"

#include <stdarg.h>
#include <stdio.h>

#include "pdf/survey_priv.h"

const char *pdf_survey_keep(struct pdf_survey *s, const char *text)
{
	return pdf_arena_copy(&s->arena, text, strlen(text) + 1);
}

/* Room is made at 0, 1, 2, 4, 8 findings, when the count is a power of two, so
 * that no capacity need be kept. */
static enum deed_status grow(struct pdf_survey *s,
			     struct pdf_survey_signature *sig,
			     struct deed_error *err)
{
	struct pdf_finding *list;

	/* The arena frees nothing: the room doubles. */
	if ((sig->finding_count & (sig->finding_count - 1)) != 0)
		return DEED_OK;
	list = pdf_arena_alloc(
		&s->arena,
		(sig->finding_count == 0 ? 1 : 2 * sig->finding_count) *
			sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	if (sig->finding_count > 0)
		memcpy(list, sig->findings, sig->finding_count * sizeof(*list));
	sig->findings = list;
	return DEED_OK;
}

/* A worse finding takes the place of the last: the verdict must not hang on
 * how many notes came before it. */
enum deed_status pdf_survey_find(struct pdf_survey *s,
				 struct pdf_survey_signature *sig,
				 enum pdf_severity severity, const char *id,
				 struct deed_error *err, const char *fmt, ...)
{
	char message[PDF_FINDING_MESSAGE + 1];
	struct pdf_finding *f;
	enum deed_status status;
	va_list args;

	if (sig->finding_count == PDF_SURVEY_FINDINGS) {
		f = &sig->findings[PDF_SURVEY_FINDINGS - 1];
		if (severity <= f->severity)
			return DEED_OK;
	} else {
		status = grow(s, sig, err);
		if (status != DEED_OK)
			return status;
		f = &sig->findings[sig->finding_count];
	}
	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	f->severity = severity;
	f->id = pdf_survey_keep(s, id);
	f->message = pdf_survey_keep(s, message);
	if (f->id == NULL || f->message == NULL)
		return deed_error_memory(err);
	if (f == &sig->findings[sig->finding_count])
		sig->finding_count++;
	return DEED_OK;
}

/* A signature's ByteRange says to the byte where its revision ends, which the
 * end-of-line behind %%EOF leaves open. */
static enum deed_status take_ends(struct pdf_document *doc,
				  const struct pdf_signatures *list,
				  struct pdf_survey *s, struct deed_error *err)
{
	const struct pdf_signature *sig;
	size_t i;

	s->ends = pdf_arena_alloc(&s->arena, s->revisions * sizeof(*s->ends));
	if (s->ends == NULL)
		return deed_error_memory(err);
	for (i = 0; i < s->revisions; i++)
		s->ends[i] = pdf_revision_get(doc, i)->end;
	for (i = 0; i < list->count; i++) {
		sig = &list->list[i];
		if (sig->problem == NULL && sig->has_byte_range)
			s->ends[sig->revision] =
				sig->byte_range[2] + sig->byte_range[3];
	}
	return DEED_OK;
}

/* The validation data last: it is taken only where there is a signature to be
 * judged with it. */
static enum deed_status survey_all(struct pdf_document *doc,
				   const struct pdf_signatures *list,
				   struct pdf_survey *out,
				   struct deed_error *err)
{
	enum deed_status status;

	status = take_ends(doc, list, out, err);
	if (status == DEED_OK)
		status = pdf_survey_take_signatures(doc, list, out, err);
	if (status == DEED_OK)
		status = pdf_survey_take_values(doc, out, err);
	return status;
}

enum deed_status pdf_survey_document(struct pdf_document *doc,
				     struct pdf_survey *out,
				     struct deed_error *err)
{
	struct pdf_signatures list;
	enum deed_status status;

	*out = (struct pdf_survey){ .arena = PDF_ARENA_INIT };
	out->revisions = (uint32_t)pdf_revision_count(doc);
	status = pdf_signatures_find(doc, &list, err);
	if (status != DEED_OK)
		return status;
	status = survey_all(doc, &list, out, err);
	pdf_signatures_clear(&list);
	return status;
}

/* Only what may be somebody's doing is looked at again: memory and I/O are
 * told as they are, and a file without a signature in its bytes keeps its own
 * error. */
enum deed_status pdf_survey_make(const struct pdf_input *in,
				 struct pdf_survey *out, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status, broken;
	struct pdf_document *doc;

	*out = (struct pdf_survey){ .arena = PDF_ARENA_INIT };
	status = pdf_open(in, &doc, &why);
	if (status == DEED_OK)
		status = pdf_survey_document(doc, out, &why);
	pdf_close(doc);
	if (status == DEED_OK)
		return DEED_OK;
	/* Whoever breaks a file behind a signature does not get rid of it. */
	if (status == DEED_MALFORMED || status == DEED_LIMIT) {
		broken = pdf_survey_broken(in, status, why.message, out, err);
		if (broken != DEED_OK || out->signature_count > 0)
			return broken;
	}
	pdf_survey_clear(out);
	if (err != NULL)
		*err = why;
	return status;
}

void pdf_survey_clear(struct pdf_survey *s)
{
	pdf_arena_clear(&s->arena);
	*s = (struct pdf_survey){ .arena = PDF_ARENA_INIT };
}
