/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/lock.h"
#include "pdf/survey_priv.h"

/* What happened after a signature, and what it left open. */

/* A certification says how much may change after it (12.8.2.2), and so may
 * the lock of any field that is signed. */
static bool forbidden(const struct pdf_signature *sig, enum pdf_change change)
{
	switch (pdf_signature_permission(sig)) {
	case 1:
		return change > PDF_CHANGE_ARCHIVAL;
	case 2:
		return change > PDF_CHANGE_FORM_FILL;
	default:
		return false;
	}
}

/* A place so far out is on no page: it only has to be a number. */
static double coordinate(double value)
{
	if (!(value > -PDF_SURVEY_COORDINATE))
		return -PDF_SURVEY_COORDINATE;
	return value < PDF_SURVEY_COORDINATE ? value : PDF_SURVEY_COORDINATE;
}

/* What a reader may show is a copy in the survey's arena; coordinates are
 * brought into the bounds that the wire checks.  More than are listed are told
 * as a number. */
static enum deed_status take_boxes(const struct pdf_changes *changes,
				   struct pdf_survey *s,
				   struct pdf_survey_signature *out,
				   struct deed_error *err)
{
	size_t i, k, count = changes->box_count;
	struct pdf_survey_box *to;

	if (count > PDF_CHANGE_BOXES)
		count = PDF_CHANGE_BOXES;
	if (count == 0)
		return DEED_OK;
	out->boxes = pdf_arena_alloc(&s->arena, count * sizeof(*out->boxes));
	if (out->boxes == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++) {
		to = &out->boxes[i];
		to->revision = changes->boxes[i].revision;
		to->page = changes->boxes[i].page;
		for (k = 0; k < 4; k++)
			to->box[k] = coordinate(changes->boxes[i].box[k]);
		to->covers = changes->boxes[i].covers;
		to->what = pdf_survey_keep(s, changes->boxes[i].what);
		if (to->what == NULL)
			return deed_error_memory(err);
	}
	out->box_count = count;
	if (changes->box_count == count)
		return DEED_OK;
	return pdf_survey_find(s, out, PDF_FINDING_NOTE, "more-boxes", err,
			       "later revisions put %zu things on pages; the "
			       "first %zu are listed",
			       changes->box_count, count);
}

/* What readers calculate was signed as a rule, not as a value. */
static enum deed_status tell_calculated(struct pdf_document *doc,
					const struct pdf_changes *changes,
					struct pdf_survey *s,
					struct pdf_survey_signature *out,
					struct deed_error *err)
{
	size_t i, k, count, told = changes->calculated_count;
	const struct pdf_object *value;
	const struct pdf_field *fields;
	enum deed_status status;
	const char *text;

	if (told == 0)
		return DEED_OK;
	if (told > PDF_CHANGE_FILLED)
		told = PDF_CHANGE_FILLED;
	status = pdf_fields(doc, &fields, &count, err);
	for (i = 0; status == DEED_OK && i < told; i++) {
		for (k = 0; k < count; k++) {
			if (fields[k].ref.num == changes->calculated[i])
				break;
		}
		if (k == count)
			continue;
		status = pdf_resolve(doc, fields[k].value, &value, err);
		text = pdf_text(&s->arena, pdf_get_string(value));
		if (status == DEED_OK)
			status = pdf_survey_find(
				s, out, PDF_FINDING_NOTE, "field-calculated",
				err,
				"the field '%.60s' was calculated anew: "
				"'%.100s'",
				fields[k].name, text == NULL ? "" : text);
	}
	return status;
}

/* Where readers are told to draw the fields themselves, each does so in its
 * own way: their looks were not signed (12.7.3). */
enum deed_status pdf_survey_take_looks(struct pdf_document *doc,
				       const struct pdf_signature *sig,
				       struct pdf_survey *s,
				       struct pdf_survey_signature *out,
				       struct deed_error *err)
{
	struct pdf_document *then = pdf_at_revision(doc, sig->revision);
	bool need;

	if (pdf_need_appearances(then, &need, NULL) != DEED_OK || !need)
		return DEED_OK;
	return pdf_survey_find(s, out, PDF_FINDING_NOTE, "need-appearances",
			       err,
			       "what the form's fields show depends on the "
			       "reader: the signed document has each draw them "
			       "by itself (/NeedAppearances)");
}

/* In order of weight: what is OTHER or forbidden fails, and nothing more need
 * be said; what covers is a doubt; the rest are notes, and the lock. */
enum deed_status pdf_survey_take_changes(struct pdf_document *doc,
					 const struct pdf_signature *sig,
					 struct pdf_survey *s,
					 struct pdf_survey_signature *out,
					 struct deed_error *err)
{
	struct pdf_changes changes = { .level = PDF_CHANGE_NONE };
	enum deed_status status = DEED_OK;
	const char *field;

	/* Nothing comes after the last byte. */
	if (sig->coverage != PDF_COVERS_FILE)
		status = pdf_changes_after(doc, sig->revision, &changes, err);
	if (status != DEED_OK)
		return status;
	out->changes_after = changes.level;
	out->covers_unlisted = changes.covers_unlisted;
	status = take_boxes(&changes, s, out, err);
	if (status != DEED_OK)
		return status;
	if (changes.level == PDF_CHANGE_OTHER)
		return pdf_survey_find(s, out,
				       changes.limit ? PDF_FINDING_DOUBT
						     : PDF_FINDING_FAIL,
				       changes.id, err,
				       "the document was changed after this "
				       "signature: %s",
				       changes.reason);
	if (forbidden(sig, changes.level))
		return pdf_survey_find(s, out, PDF_FINDING_FAIL, "docmdp", err,
				       "the document was changed (%s) although "
				       "this %s forbids it",
				       pdf_change_name(changes.level),
				       sig->docmdp != 0
					       ? "certification"
					       : "signature's field lock");
	/* Whether that hides something, somebody must look. */
	if (changes.covers)
		status = pdf_survey_find(
			s, out, PDF_FINDING_DOUBT, "annotation-covers", err,
			"%s; compare with revision %u", changes.cover_reason,
			(unsigned)sig->revision + 1);
	if (status == DEED_OK)
		status = tell_calculated(doc, &changes, s, out, err);
	if (status == DEED_OK && pdf_lock_broken(doc, sig, &changes, &field))
		return pdf_survey_find(s, out, PDF_FINDING_FAIL, "fieldmdp",
				       err,
				       "the field '%s' was filled in although "
				       "this signature locks it",
				       field);
	return status;
}
