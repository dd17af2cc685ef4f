/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/survey_priv.h"

/* One signature as the survey tells it. */

/* The survey of a document is not lost for a name that is too long. */
static const char *keep_name(struct pdf_survey *s, const char *name)
{
	size_t len = strlen(name);

	if (len > PDF_SURVEY_NAME) {
		/* Not within a character. */
		for (len = PDF_SURVEY_NAME;
		     len > 0 && ((uint8_t)name[len] & 0xc0) == 0x80; len--)
			;
	}
	return pdf_arena_copy(&s->arena, name, len);
}

/* dict is NULL where the signature's dictionary cannot be read: it is listed
 * all the same.  The key is made of the whole value, padding and all. */
enum deed_status pdf_survey_take_value(struct pdf_survey *s,
				       const struct pdf_object *dict,
				       const char *field,
				       struct pdf_survey_signature *out,
				       struct deed_error *err)
{
	struct slice filter = pdf_get_name(pdf_dict_get(dict, "SubFilter"));
	size_t len = filter.len;
	char name[128];

	if (len >= sizeof(name))
		len = sizeof(name) - 1;
	if (len > 0)
		memcpy(name, filter.data, len);
	name[len] = '\0';
	out->sub_filter = pdf_sub_filter_of(filter);
	out->document_timestamp =
		out->sub_filter == PDF_SUB_FILTER_RFC3161 ||
		pdf_is_name(pdf_dict_get(dict, "Type"), "DocTimeStamp");
	out->sub_filter_name = pdf_survey_keep(s, name);
	out->field = keep_name(s, field);
	if (out->sub_filter_name == NULL || out->field == NULL)
		return deed_error_memory(err);
	if (dict == NULL)
		return DEED_OK;
	pdf_dss_key(dict, out->vri_key);
	out->contents.data = pdf_arena_copy(&s->arena, out->contents.data,
					    out->contents.len);
	return out->contents.data == NULL ? deed_error_memory(err) : DEED_OK;
}

/* What came before it and is left out. */
static enum deed_status tell_hidden(const struct pdf_signatures *list,
				    const struct pdf_signature *sig,
				    struct pdf_survey *s,
				    struct pdf_survey_signature *out,
				    struct deed_error *err)
{
	if (list->hidden == 0 || sig->problem != NULL ||
	    sig->byte_range[2] + sig->byte_range[3] <= list->hidden)
		return DEED_OK;
	return pdf_survey_find(
		s, out, PDF_FINDING_FAIL, "revision-hidden", err,
		"a signed revision before this signature is left "
		"out of the file's history");
}

/* sound is what the judge goes by: the ByteRange has been found to hold, and
 * the contents stand where it says.  The signature's own problem is told
 * first, as the list has an end. */
static enum deed_status
take_signature(struct pdf_document *doc, const struct pdf_signatures *list,
	       const struct pdf_signature *sig, struct pdf_survey *s,
	       struct pdf_survey_signature *out, struct deed_error *err)
{
	enum deed_status status;
	uint32_t num;

	out->revision = (uint32_t)sig->revision;
	out->coverage = sig->coverage;
	out->has_byte_range = sig->has_byte_range;
	memcpy(out->byte_range, sig->byte_range, sizeof(out->byte_range));
	out->sound = sig->has_byte_range && sig->problem == NULL;
	out->has_signing_time = sig->has_signing_time;
	out->signing_time = sig->signing_time;
	out->contents = sig->contents;
	out->has_more = sig->has_more;
	status = pdf_survey_take_value(
		s, sig->dict, sig->field == NULL ? "" : sig->field, out, err);
	if (status == DEED_OK &&
	    sig->sub_filter == PDF_SUB_FILTER_X509_RSA_SHA1)
		status = pdf_survey_take_certificates(doc, sig, s, out, err);
	if (status == DEED_OK && sig->problem != NULL)
		status = pdf_survey_find(s, out, PDF_FINDING_FAIL,
					 sig->problem_id, err, "%s",
					 sig->problem);
	if (status == DEED_OK && pdf_hybrid_conflict(doc, &num))
		status = pdf_survey_find(
			s, out, PDF_FINDING_FAIL, "hybrid-reference", err,
			"readers see object %u differently, depending on "
			"whether they know /XRefStm",
			(unsigned)num);
	if (status == DEED_OK)
		status = tell_hidden(list, sig, s, out, err);
	if (status == DEED_OK)
		status = pdf_survey_take_changes(doc, sig, s, out, err);
	if (status == DEED_OK)
		status = pdf_survey_take_looks(doc, sig, s, out, err);
	if (status == DEED_OK && sig->problem == NULL)
		status = pdf_survey_tell_structure(doc, sig, s, out, err);
	return status;
}

/* One more than there are, so that an empty list is no lack of memory.  The
 * count is raised before the signature is read: what failed is freed with the
 * arena. */
enum deed_status pdf_survey_take_signatures(struct pdf_document *doc,
					    const struct pdf_signatures *list,
					    struct pdf_survey *s,
					    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (list->count > PDF_SURVEY_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has more than %d signatures",
				      pdf_input_name(pdf_document_input(doc)),
				      PDF_SURVEY_SIGNATURES);
	s->signatures = pdf_arena_alloc(
		&s->arena, (list->count + 1) * sizeof(*s->signatures));
	if (s->signatures == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < list->count; i++)
		status = take_signature(doc, list, &list->list[i], s,
					&s->signatures[s->signature_count++],
					err);
	return status;
}
