/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_rights.h"

#include "pdf/certify.h"
#include "pdf/sign_field.h"
#include "pdf/signature.h"

/* Document time-stamps count too: a certification comes before all of them. */
static enum deed_status count_signatures(struct pdf_document *doc,
					 size_t *count, struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status;

	*count = 0;
	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	*count = found.count;
	pdf_signatures_clear(&found);
	return DEED_OK;
}

/*
 * The lock of a field that stands in a signed document is as its author made
 * it: another one would be a change after the earlier signatures.
 */
static enum deed_status check_lock(struct pdf_document *doc, const char *name,
				   struct deed_error *err)
{
	const struct pdf_object *lock;
	enum deed_status status;
	bool found;

	if (name == NULL)
		return DEED_OK;
	status = pdf_sign_field_entry(doc, name, "Lock", &found, &lock, err);
	if (status != DEED_OK || !found || pdf_lock_is_all(lock))
		return status;
	return deed_error_set(err, DEED_REFUSED,
			      "the field '%s' was made without a lock over "
			      "all, and the document is signed: a final "
			      "signature needs a field of its own",
			      name);
}

enum deed_status pades_rights_find(struct pdf_document *doc,
				   const struct pades_seed_question *q,
				   struct pades_rights *out,
				   struct deed_error *err)
{
	const struct pades_params *params = q->params;
	struct pades_seed_answer seed;
	enum deed_status status;
	bool final = params->final;
	int certify = params->certify;
	size_t count;

	memset(out, 0, sizeof(*out));
	status = pades_seed_check(doc, q, &seed, err);
	if (status != DEED_OK)
		return status;
	final = final || seed.lock;
	if (certify == 0 && seed.certify > 0 && !final)
		certify = seed.certify;
	if (certify == 0 && !final)
		return DEED_OK;
	status = count_signatures(doc, &count, err);
	if (status != DEED_OK)
		return status;
	if (certify != 0 && count > 0)
		return deed_error_set(err, DEED_REFUSED,
				      "the document is signed already: only "
				      "its first signature can certify it");
	out->certify = final ? 1 : certify;
	if (!final || count == 0)
		return DEED_OK;
	out->certify = 0;
	out->lock_all = true;
	return check_lock(doc, params->field, err);
}

/* One signature reference dictionary (table 255). */
static bool add_reference(struct pdf_arena *a, struct pdf_object *list,
			  const char *method, const struct pdf_object *data,
			  const struct pdf_object *params)
{
	struct pdf_object *d = pdf_new_dict(a);

	return pdf_dict_put(a, d, "Type", pdf_new_name(a, "SigRef")) &&
	       pdf_dict_put(a, d, "TransformMethod", pdf_new_name(a, method)) &&
	       (data == NULL || pdf_dict_put(a, d, "Data", data)) &&
	       pdf_dict_put(a, d, "TransformParams", params) &&
	       pdf_array_add(a, list, d);
}

/* Without /Data, as it is about the document that the signature stands in.
 * The version is the one that the standard names for these parameters. */
static bool add_docmdp(struct pdf_arena *a, struct pdf_object *list, int level)
{
	struct pdf_object *d = pdf_new_dict(a);

	return pdf_dict_put(a, d, "Type", pdf_new_name(a, "TransformParams")) &&
	       pdf_dict_put(a, d, "P", pdf_new_int(a, level)) &&
	       pdf_dict_put(a, d, "V", pdf_new_name(a, "1.2")) &&
	       add_reference(a, list, "DocMDP", NULL, d);
}

/* The parameters of a lock over all. */
static struct pdf_object *all_fields(struct pdf_arena *a)
{
	struct pdf_object *d = pdf_new_dict(a);

	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "TransformParams")) ||
	    !pdf_dict_put(a, d, "Action", pdf_new_name(a, "All")) ||
	    !pdf_dict_put(a, d, "V", pdf_new_name(a, "1.2")))
		return NULL;
	return d;
}

enum deed_status pades_rights_reference(struct pdf_update *u,
					struct pdf_document *doc,
					const struct pades_params *params,
					const struct pades_rights *rights,
					const struct pdf_object **out,
					struct deed_error *err)
{
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *list = pdf_new_array(a);
	const struct pdf_object *lock = NULL;
	enum deed_status status = DEED_OK;
	bool good = list != NULL;

	*out = NULL;
	if (rights->lock_all) {
		lock = all_fields(a);
		good = good && lock != NULL;
	} else if (params->field != NULL) {
		status = pdf_sign_field_lock(doc, params->field, a, &lock, err);
	}
	if (status != DEED_OK)
		return status;
	if (good && rights->certify != 0)
		good = add_docmdp(a, list, rights->certify);
	if (good && lock != NULL)
		good = add_reference(a, list, "FieldMDP",
				     pdf_dict_get(pdf_trailer(doc), "Root"),
				     lock);
	if (!good)
		return deed_error_memory(err);
	if (pdf_array_count(list) > 0)
		*out = list;
	return DEED_OK;
}
