/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "pdf/step.h"

const char *pdf_change_name(enum pdf_change change)
{
	static const char *const names[] = {
		[PDF_CHANGE_NONE] = "none",
		[PDF_CHANGE_ARCHIVAL] = "archival",
		[PDF_CHANGE_FORM_FILL] = "form-fill",
		[PDF_CHANGE_ANNOTATION] = "annotation",
		[PDF_CHANGE_OTHER] = "other",
	};

	return names[change];
}

/* One revision against the one before it.  What cannot be compared is no error
 * of the run but a finding: it might be anything. */
static enum deed_status compare_step(struct pdf_document *doc, size_t i,
				     struct pdf_changes *out,
				     struct deed_error *err)
{
	struct pdf_step s = {
		.a = pdf_at_revision(doc, i),
		.b = pdf_at_revision(doc, i + 1),
		.out = out,
	};
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	status = pdf_step_init(&s, &why);
	if (status != DEED_OK)
		goto out;
	if (pdf_revision_get(doc, i + 1)->hides)
		status = pdf_step_other(&s, PDF_ID_HYBRID,
					"revision %zu adds /XRefStm, so "
					"that readers see different "
					"documents",
					i + 2);
	if (status == DEED_OK)
		status = pdf_step_catalog(&s, &why);
	if (status == DEED_OK)
		status = pdf_step_walk(&s, &why);
	if (status == DEED_OK)
		status = pdf_step_check_shared(&s);
	if (status == DEED_OK)
		status = pdf_step_check_parents(&s);
out:
	pdf_step_clear(&s);
	if (status == DEED_NO)
		return DEED_OK;
	if (status == DEED_NO_MEMORY || status == DEED_IO) {
		if (err != NULL)
			*err = why;
		return status;
	}
	out->limit = status == DEED_LIMIT;
	/* What cannot be compared might be anything. */
	if (status != DEED_OK)
		(void)pdf_step_other(&s, PDF_ID_UNKNOWN,
				     "revision %zu cannot be compared: %s",
				     i + 2, why.message);
	return DEED_OK;
}

/* Steps are listed in their order, so what finds no room is the latest.  That
 * one of those covers something must still be known, or the doubt would have
 * no cause in the list. */
static void add_boxes(struct pdf_changes *out, const struct pdf_changes *step,
		      size_t revision)
{
	struct pdf_change_box *to;
	size_t i;

	for (i = 0; i < step->box_count && i < PDF_CHANGE_BOXES &&
		    out->box_count + i < PDF_CHANGE_BOXES;
	     i++) {
		to = &out->boxes[out->box_count + i];
		*to = step->boxes[i];
		to->revision = (uint32_t)revision;
	}
	/* Those that find no room. */
	for (; i < step->box_count && i < PDF_CHANGE_BOXES; i++)
		out->covers_unlisted |= step->boxes[i].covers;
	out->covers_unlisted |= step->covers_unlisted;
	out->box_count += step->box_count;
}

/* What the step to this revision changed. */
static void add_step(struct pdf_changes *out, const struct pdf_changes *step,
		     size_t revision)
{
	size_t i;

	for (i = 0; i < step->filled_count; i++) {
		if (out->filled_count < PDF_CHANGE_FILLED &&
		    i < PDF_CHANGE_FILLED)
			out->filled[out->filled_count] = step->filled[i];
		out->filled_count++;
	}
	for (i = 0; i < step->calculated_count; i++) {
		if (out->calculated_count < PDF_CHANGE_FILLED &&
		    i < PDF_CHANGE_FILLED)
			out->calculated[out->calculated_count] =
				step->calculated[i];
		out->calculated_count++;
	}
	add_boxes(out, step, revision);
	if (step->covers && !out->covers) {
		out->covers = true;
		memcpy(out->cover_reason, step->cover_reason,
		       sizeof(out->cover_reason));
	}
	if (step->level > out->level) {
		out->level = step->level;
		out->id = step->id;
		out->limit = step->limit;
		memcpy(out->reason, step->reason, sizeof(out->reason));
	}
}

/* Steps are compared once and kept, as every signature asks for those after
 * it; the first that is OTHER ends the adding up. */
enum deed_status pdf_changes_after(struct pdf_document *doc, size_t i,
				   struct pdf_changes *out,
				   struct deed_error *err)
{
	size_t count = pdf_revision_count(doc);
	enum deed_status status = DEED_OK;
	struct pdf_core *core = doc->core;
	struct pdf_changes *known;

	memset(out, 0, sizeof(*out));
	if (core->steps == NULL && count > 1) {
		core->steps = calloc(count, sizeof(*core->steps));
		if (core->steps == NULL)
			return deed_error_memory(err);
	}
	for (; status == DEED_OK && i + 1 < count &&
	       out->level != PDF_CHANGE_OTHER;
	     i++) {
		if (core->steps[i] == NULL) {
			known = calloc(1, sizeof(*known));
			if (known == NULL)
				return deed_error_memory(err);
			status = compare_step(doc, i, known, err);
			/* Half of an answer is none to keep. */
			if (status != DEED_OK) {
				free(known);
				return status;
			}
			core->steps[i] = known;
		}
		/* Saving again without a visible change is upkeep. */
		if (core->steps[i]->level == PDF_CHANGE_NONE)
			core->steps[i]->level = PDF_CHANGE_ARCHIVAL;
		add_step(out, core->steps[i], i + 1);
	}
	if (status == DEED_OK && core->tail && out->level != PDF_CHANGE_OTHER) {
		out->level = PDF_CHANGE_OTHER;
		out->id = PDF_ID_BYTES;
		(void)snprintf(out->reason, sizeof(out->reason),
			       "unexplained bytes follow the last revision");
	}
	return status;
}
