/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/structure.h"
#include "pdf/survey_priv.h"

/* What a fault is to a signature: *id NULL if nothing. */
static enum pdf_severity weigh(const struct pdf_fault *f, bool later,
			       const char **id)
{
	static const char *const ids[] = {
		[PDF_FAULT_ENTRY] = "entry-broken",
		[PDF_FAULT_REFERENCE] = "reference-broken",
		[PDF_FAULT_STRAY] = "stray-object",
		[PDF_FAULT_FILTER] = "reader-dependent",
		[PDF_FAULT_LIMIT] = "structure-unread",
	};

	*id = ids[f->kind];
	if (f->kind == PDF_FAULT_FILTER || f->kind == PDF_FAULT_LIMIT)
		return PDF_FINDING_DOUBT;
	if (f->weight == PDF_FAULT_HARMLESS)
		return PDF_FINDING_NOTE;
	if (later)
		return PDF_FINDING_FAIL;
	/* Null, says ISO 32000-2 7.3.10: many files have such. */
	if (f->kind == PDF_FAULT_REFERENCE)
		*id = NULL;
	if (f->weight != PDF_FAULT_PREPARED)
		return PDF_FINDING_NOTE;
	*id = "prepared";
	return PDF_FINDING_DOUBT;
}

/* By revision: a fault that arose after the signature fails it, one that was
 * signed does not. */
enum deed_status pdf_survey_tell_structure(struct pdf_document *doc,
					   const struct pdf_signature *sig,
					   struct pdf_survey *s,
					   struct pdf_survey_signature *out,
					   struct deed_error *err)
{
	const struct pdf_structure *structure;
	enum pdf_severity severity;
	const struct pdf_fault *f;
	enum deed_status status;
	bool noted = false;
	const char *id;
	size_t i;

	status = pdf_structure_look(doc, &structure, err);
	for (i = 0; status == DEED_OK && i < structure->count; i++) {
		f = &structure->list[i];
		severity = weigh(f, f->revision > sig->revision, &id);
		/* One word on what is harmless will do. */
		if (id == NULL || (severity == PDF_FINDING_NOTE && noted))
			continue;
		noted = noted || severity == PDF_FINDING_NOTE;
		status = pdf_survey_find(
			s, out, severity, id, err, "%s (revision %u)%s",
			f->text, (unsigned)f->revision + 1,
			severity == PDF_FINDING_NOTE
				? ""
				: ": readers that repair the file show "
				  "something else");
		/* It does not become worse. */
		if (severity == PDF_FINDING_FAIL)
			break;
	}
	return status;
}
