/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/date.h"
#include "pdf/signature_priv.h"

enum pdf_sub_filter pdf_sub_filter_of(struct slice name)
{
	static const struct {
		const char *name;
		enum pdf_sub_filter value;
	} known[] = {
		{ "adbe.pkcs7.detached", PDF_SUB_FILTER_PKCS7_DETACHED },
		{ "adbe.pkcs7.sha1", PDF_SUB_FILTER_PKCS7_SHA1 },
		{ "adbe.x509.rsa_sha1", PDF_SUB_FILTER_X509_RSA_SHA1 },
		{ "ETSI.CAdES.detached", PDF_SUB_FILTER_CADES_DETACHED },
		{ "ETSI.RFC3161", PDF_SUB_FILTER_RFC3161 },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_equal_str(name, known[i].name))
			return known[i].value;
	}
	return PDF_SUB_FILTER_UNKNOWN;
}

/* Either of the two makes it a document time-stamp: a judge that knew one only
 * could be led to take it for a signature of a person. */
static void read_sub_filter(struct pdf_signature *sig)
{
	const struct pdf_object *type = pdf_dict_get(sig->dict, "Type");

	sig->sub_filter_name =
		pdf_get_name(pdf_dict_get(sig->dict, "SubFilter"));
	sig->sub_filter = pdf_sub_filter_of(sig->sub_filter_name);
	sig->document_timestamp = sig->sub_filter == PDF_SUB_FILTER_RFC3161 ||
				  pdf_is_name(type, "DocTimeStamp");
	if (type != NULL && !pdf_is_name(type, "Sig") &&
	    !pdf_is_name(type, "DocTimeStamp"))
		signature_problem(sig, "signature-incomplete",
				  "the signature dictionary has another /Type");
}

/* A value of another type, or one that cannot be read, is no claim: it proves
 * nothing either way. */
static char *read_text(struct signature_finder *f,
		       const struct pdf_signature *sig, const char *key)
{
	const struct pdf_object *value;
	char *text;

	if (!signature_well(f, pdf_dict_resolve(f->doc, sig->dict, key, &value,
						NULL)) ||
	    !pdf_is(value, PDF_STRING))
		return NULL;
	text = pdf_text(&f->out->arena, value->u.text);
	if (text == NULL)
		f->failed = DEED_NO_MEMORY;
	return text;
}

/* What is not understood locks everything: an update fails rather than passing
 * by accident. */
static void read_field_lock(struct signature_finder *f,
			    struct pdf_document *then,
			    struct pdf_signature *sig,
			    const struct pdf_object *params)
{
	const struct pdf_object *action;

	if (!signature_well(
		    f, pdf_dict_resolve(then, params, "Action", &action, NULL)))
		action = NULL;
	if (pdf_is_name(action, "Include"))
		sig->lock = PDF_LOCK_INCLUDE;
	else if (pdf_is_name(action, "Exclude"))
		sig->lock = PDF_LOCK_EXCLUDE;
	else
		/* All, or something that is not understood. */
		sig->lock = PDF_LOCK_ALL;
	if (!signature_well(f, pdf_dict_resolve(then, params, "Fields",
						&sig->lock_fields, NULL)))
		sig->lock = PDF_LOCK_ALL;
}

/* One signature reference dictionary (table 255), as it was signed. */
static void read_transform(struct signature_finder *f,
			   struct pdf_document *then, struct pdf_signature *sig,
			   const struct pdf_object *ref)
{
	const struct pdf_object *method, *params, *number;
	int64_t permission;

	if (!signature_well(f, pdf_resolve(then, ref, &ref, NULL)) ||
	    !signature_well(f, pdf_dict_resolve(then, ref, "TransformMethod",
						&method, NULL)))
		return;
	if (!signature_well(f, pdf_dict_resolve(then, ref, "TransformParams",
						&params, NULL)))
		params = NULL;
	if (pdf_is_name(method, "FieldMDP"))
		read_field_lock(f, then, sig, params);
	if (!pdf_is_name(method, "DocMDP"))
		return;
	sig->docmdp = 2;
	if (params == NULL ||
	    !signature_well(f,
			    pdf_dict_resolve(then, params, "P", &number, NULL)))
		/* It forbids something: what cannot be read forbids all. */
		sig->docmdp = 1;
	else if (pdf_get_int(number, &permission) && permission >= 1 &&
		 permission <= 3)
		sig->docmdp = (int)permission;
}

void signature_transforms(struct signature_finder *f, struct pdf_signature *sig)
{
	struct pdf_document *then = pdf_at_revision(f->doc, sig->revision);
	const struct pdf_object *list;
	size_t i;

	if (!signature_well(f, pdf_dict_resolve(then, sig->dict, "Reference",
						&list, NULL)))
		return;
	for (i = 0; i < pdf_array_count(list); i++)
		read_transform(f, then, sig, pdf_array_get(list, i));
}

void signature_claims(struct signature_finder *f, struct pdf_signature *sig)
{
	const struct pdf_object *when = pdf_dict_get(sig->dict, "M");

	read_sub_filter(sig);
	sig->claimed_time = read_text(f, sig, "M");
	sig->name = read_text(f, sig, "Name");
	sig->reason = read_text(f, sig, "Reason");
	sig->location = read_text(f, sig, "Location");
	sig->contact = read_text(f, sig, "ContactInfo");
	sig->has_signing_time =
		pdf_date_parse(pdf_get_string(when), &sig->signing_time);
}
