/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/sign_field.h"
#include "pdf/signature.h"

/* Does a lock (ISO 32000-2 table 236) or FieldMDP parameters (table 256)
 * cover the field?  NULL is a field that nobody has named yet. */
static enum deed_status covers(struct pdf_document *doc,
			       const struct pdf_object *lock, const char *name,
			       bool *yes, struct deed_error *err)
{
	const struct pdf_object *action, *fields, *item;
	struct pdf_arena arena = PDF_ARENA_INIT;
	enum deed_status status;
	bool listed = false;
	const char *text;
	size_t i, len;

	status = pdf_dict_resolve(doc, lock, "Action", &action, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, lock, "Fields", &fields, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(fields); i++) {
		status = pdf_resolve(doc, pdf_array_get(fields, i), &item, err);
		if (status != DEED_OK || name == NULL)
			continue;
		text = pdf_text(&arena, pdf_get_string(item));
		len = text == NULL ? 0 : strlen(text);
		if (len > 0 && !strncmp(name, text, len) &&
		    (name[len] == '\0' || name[len] == '.'))
			listed = true;
	}
	pdf_arena_clear(&arena);
	if (status != DEED_OK)
		return status;
	if (pdf_is_name(action, "All"))
		*yes = true;
	else if (pdf_is_name(action, "Include"))
		*yes = *yes || listed;
	else if (pdf_is_name(action, "Exclude"))
		*yes = *yes || !listed;
	return DEED_OK;
}

/* ISO 32000-2 12.7.5.5: what the field's author wants locked once it is
 * signed; the signature repeats it as FieldMDP. */
static enum deed_status lock_of_field(struct pdf_document *doc,
				      const struct pdf_signature *sig,
				      const char *name, bool *yes,
				      struct deed_error *err)
{
	const struct pdf_object *field, *lock, *p;
	enum deed_status status;
	int64_t permission = 0;

	if (sig->field_ref.num == 0)
		return DEED_OK;
	status = pdf_get_object(doc, sig->field_ref, &field, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, field, "Lock", &lock, err);
	if (status != DEED_OK || !pdf_is(lock, PDF_DICT))
		return status;
	status = pdf_dict_resolve(doc, lock, "P", &p, err);
	if (status == DEED_OK && pdf_get_int(p, &permission) && permission == 1)
		*yes = true;
	return status == DEED_OK ? covers(doc, lock, name, yes, err) : status;
}

/* What the signature itself says, ISO 32000-1 12.8.2.4: it holds even where
 * the field's /Lock is gone. */
static enum deed_status lock_of_value(struct pdf_document *doc,
				      const struct pdf_signature *sig,
				      const char *name, bool *yes,
				      struct deed_error *err)
{
	const struct pdf_object *list, *item, *params;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(doc, sig->dict, "Reference", &list, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(list); i++) {
		status = pdf_resolve(doc, pdf_array_get(list, i), &item, err);
		if (status != DEED_OK ||
		    !pdf_is_name(pdf_dict_get(item, "TransformMethod"),
				 "FieldMDP"))
			continue;
		status = pdf_dict_resolve(doc, item, "TransformParams", &params,
					  err);
		if (status == DEED_OK)
			status = covers(doc, params, name, yes, err);
	}
	return status;
}

/* Every earlier signature is asked, valid or not: what one forbids would break
 * it in the eyes of whoever holds it to be valid. */
enum deed_status pdf_sign_allowed(struct pdf_document *doc, const char *name,
				  struct deed_error *err)
{
	struct pdf_signatures found;
	const struct pdf_signature *sig;
	enum deed_status status;
	bool locked = false;
	size_t i;

	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; status == DEED_OK && i < found.count; i++) {
		sig = &found.list[i];
		if (pdf_signature_permission(sig) == 1)
			status = deed_error_set(
				err, DEED_REFUSED,
				"the signature '%s' %s the document "
				"and allows no changes",
				sig->field,
				sig->docmdp == 1 ? "certifies" : "locks");
		if (status == DEED_OK)
			status = lock_of_field(doc, sig, name, &locked, err);
		if (status == DEED_OK)
			status = lock_of_value(doc, sig, name, &locked, err);
		if (status == DEED_OK && locked)
			status = deed_error_set(
				err, DEED_REFUSED,
				"the signature '%s' has locked the fields of "
				"the document",
				sig->field);
	}
	pdf_signatures_clear(&found);
	return status;
}

enum deed_status pdf_sign_allows_more(struct pdf_document *doc,
				      struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status;
	size_t i;

	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; status == DEED_OK && i < found.count; i++) {
		if (pdf_signature_permission(&found.list[i]) == 2)
			status = deed_error_set(
				err, DEED_REFUSED,
				"the signature '%s' allows forms and further "
				"signatures alone, and no picture beside one",
				found.list[i].field);
	}
	pdf_signatures_clear(&found);
	return status;
}
