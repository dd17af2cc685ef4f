/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/painted.h"
#include "pdf/step.h"

/*
 * Fields that only b has.  A signature may be added, or a place for one.
 * What comes with it is where the sneaky signature attack hides: a field that
 * is not signed but shows something, one that is no widget, one that stands
 * in more places than one (ISO 32000-2 12.7.5.5: a signature field shall
 * never refer to more than one annotation).
 */

/* An older dictionary under a new field would show a signature where nobody
 * signed.  Whether the value verifies is for the judge: here it only must be
 * one. */
enum deed_status pdf_step_new_signature(struct pdf_step *s,
					const struct pdf_object *value,
					uint32_t num, struct deed_error *err)
{
	const struct pdf_object *dict;
	enum deed_status status;
	bool timestamp;

	if (pdf_is(value, PDF_REF) && pdf_step_existed(s, value->u.ref.num))
		return pdf_step_other(s, PDF_ID_FIELD,
				      "field %u takes an older object as "
				      "its signature",
				      num);
	status = pdf_resolve(s->b, value, &dict, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(dict, PDF_DICT) ||
	    pdf_dict_get(dict, "ByteRange") == NULL ||
	    pdf_dict_get(dict, "Contents") == NULL)
		return pdf_step_other(s, PDF_ID_FIELD,
				      "field %u gets a value that is no "
				      "signature",
				      num);
	timestamp =
		pdf_is_name(pdf_dict_get(dict, "Type"), "DocTimeStamp") ||
		pdf_is_name(pdf_dict_get(dict, "SubFilter"), "ETSI.RFC3161");
	pdf_step_raise(s,
		       timestamp ? PDF_CHANGE_ARCHIVAL : PDF_CHANGE_FORM_FILL);
	return DEED_OK;
}

/* Nothing can be read in a place of so many default units squared. */
#define SPECK 4.0

/* A field that is not signed shows nothing: no look, no background, no
 * border, wherever it may stand. */
static enum deed_status shows_nothing(struct pdf_step *s,
				      const struct pdf_object *dict, bool *out,
				      struct deed_error *err)
{
	const struct pdf_sheet sheet = { .unit = 1 };
	struct pdf_painted painted;
	enum deed_status status;
	struct pdf_rect *r;

	status = pdf_painted_read(s->b, dict, &sheet, &painted, err);
	r = &painted.area;
	*out = status == DEED_OK &&
	       (!painted.any || (!painted.unbounded &&
				 (r->x1 - r->x0) * (r->y1 - r->y0) <= SPECK));
	return status;
}

/* Is it a widget, or the field above one, and nothing that acts? */
static enum deed_status check_kind(struct pdf_step *s,
				   const struct pdf_object *dict, uint32_t num,
				   struct deed_error *err)
{
	const struct pdf_object *kind;
	enum deed_status status;

	status = pdf_dict_resolve(s->b, dict, "Subtype", &kind, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(kind, PDF_NULL) && !pdf_is_name(kind, "Widget"))
		return pdf_step_other(s, PDF_ID_FIELD,
				      "a new field is an annotation of another "
				      "kind (object %u)",
				      num);
	return pdf_step_acts(s, NULL, dict, num, err);
}

/* A signature field has one widget: with two, one could stand where the signer
 * never looked (ISO 32000-2 12.7.5.5 allows it, and no signer needs it). */
static enum deed_status new_kids(struct pdf_step *s,
				 const struct pdf_object *kids, uint32_t num,
				 struct pdf_new_field inherited,
				 struct deed_error *err)
{
	size_t i, count = pdf_array_count(kids), widgets = 0;
	enum deed_status status = DEED_OK;
	const struct pdf_object *kid;

	inherited.depth++;
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_resolve(s->b, pdf_array_get(kids, i), &kid, err);
		if (status != DEED_OK)
			return status;
		widgets += pdf_dict_get(kid, "T") == NULL;
		if (widgets > 1 ||
		    (inherited.signed_now && pdf_dict_get(kid, "T") != NULL))
			return pdf_step_other(s, PDF_ID_FIELD,
					      "a new signature field stands in "
					      "several places (object %u)",
					      num);
		status = pdf_step_new_field(s, pdf_array_get(kids, i),
					    inherited, err);
	}
	return status;
}

/* Whatever is not a signature field changes what the form asks for: OTHER. A
 * number that existed had another part before, and takes that along into the
 * form. */
enum deed_status pdf_step_new_field(struct pdf_step *s,
				    const struct pdf_object *item,
				    struct pdf_new_field inherited,
				    struct deed_error *err)
{
	const struct pdf_object *dict, *value, *kids;
	struct pdf_ref ref = { 0 };
	enum deed_status status;
	struct slice type;
	bool nothing;

	if (inherited.depth > PDF_MAX_TREE_DEPTH)
		return pdf_step_other(s, PDF_ID_FORM,
				      "new fields nest too deep");
	if (pdf_get_ref(item, &ref)) {
		if (pdf_step_existed(s, ref.num))
			return pdf_step_other(s, PDF_ID_FORM,
					      "object %u is put into the "
					      "form",
					      ref.num);
		if (!pdf_set_add(&s->new_fields, ref.num))
			return DEED_OK;
	}
	status = pdf_resolve(s->b, item, &dict, err);
	if (status != DEED_OK)
		return status;
	type = pdf_get_name(pdf_dict_get(dict, "FT"));
	if (type.data != NULL)
		inherited.type = type;
	if (!pdf_is(dict, PDF_DICT) || !slice_equal_str(inherited.type, "Sig"))
		return pdf_step_other(s, PDF_ID_FORM,
				      "a form field is added (object %u)",
				      ref.num);
	status = check_kind(s, dict, ref.num, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->b, dict, "Kids", &kids, err);
	if (status != DEED_OK)
		return status;
	value = pdf_dict_get(dict, "V");
	if (value != NULL) {
		inherited.signed_now = true;
		status = pdf_step_new_signature(s, value, ref.num, err);
	} else if (inherited.depth == 0) {
		/* An empty field, ready to be signed: filling in the form
		 * is not to add to it (12.8.2.2, table 257). */
		pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	}
	if (status == DEED_OK && !inherited.signed_now) {
		status = shows_nothing(s, dict, &nothing, err);
		if (status == DEED_OK && !nothing)
			return pdf_step_other(s, PDF_ID_FIELD,
					      "a new field that is not signed "
					      "shows something (object %u)",
					      ref.num);
	}
	return status == DEED_OK ? new_kids(s, kids, ref.num, inherited, err)
				 : status;
}
