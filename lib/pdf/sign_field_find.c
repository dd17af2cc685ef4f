/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/sign_field_priv.h"

/* Signature fields that are there: what an empty one says of itself, and how a
 * signed one is shown. */

const struct pdf_field *sign_field_named(const struct pdf_field *fields,
					 size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].name != NULL && !strcmp(fields[i].name, name))
			return &fields[i];
	}
	return NULL;
}

/* Is the name taken, by a field or by a node above one? */
static bool taken(const struct pdf_field *fields, size_t count,
		  const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < count; i++) {
		if (fields[i].name != NULL &&
		    !strncmp(fields[i].name, name, len) &&
		    (fields[i].name[len] == '\0' || fields[i].name[len] == '.'))
			return true;
	}
	return false;
}

enum deed_status sign_field_widget(struct pdf_document *doc,
				   const struct pdf_field *field,
				   struct pdf_ref *ref,
				   const struct pdf_object **dict,
				   struct deed_error *err)
{
	const struct pdf_object *kids, *kid;
	enum deed_status status;

	*ref = field->ref;
	*dict = field->dict;
	status = pdf_dict_resolve(doc, field->dict, "Kids", &kids, err);
	if (status != DEED_OK || pdf_array_count(kids) == 0)
		return status;
	if (pdf_array_count(kids) > 1 ||
	    !pdf_get_ref(pdf_array_get(kids, 0), ref))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the signature field '%s' is shown in "
				      "several places",
				      field->name);
	status = pdf_resolve(doc, pdf_array_get(kids, 0), &kid, err);
	*dict = kid;
	if (status == DEED_OK && !pdf_is_dict(kid))
		return deed_error_set(err, DEED_MALFORMED,
				      "the signature field '%s' is broken",
				      field->name);
	return status;
}

/* By /Annots, not by the widget's /P, which need not be there and may lie. */
static enum deed_status on_page(struct pdf_document *doc, size_t i,
				struct pdf_ref widget, bool *is,
				struct deed_error *err)
{
	const struct pdf_object *annots;
	enum deed_status status;
	struct pdf_page page;
	struct pdf_ref ref;
	size_t j;

	*is = false;
	status = pdf_page_get(doc, i, &page, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, page.dict, "Annots", &annots,
					  err);
	for (j = 0; status == DEED_OK && j < pdf_array_count(annots); j++) {
		if (pdf_get_ref(pdf_array_get(annots, j), &ref) &&
		    ref.num == widget.num)
			*is = true;
	}
	return status;
}

/* Where the widget stands is looked for page by page: its /P is optional and
 * often wrong. */
static enum deed_status find_place(struct pdf_document *doc, struct pdf_ref ref,
				   const struct pdf_object *widget,
				   size_t *page, struct pdf_rect *rect,
				   struct deed_error *err)
{
	const struct pdf_object *array, *item;
	enum deed_status status;
	size_t i, count;
	double v[4] = { 0, 0, 0, 0 };
	bool is = false;

	status = pdf_dict_resolve(doc, widget, "Rect", &array, err);
	for (i = 0; status == DEED_OK && i < 4; i++) {
		status = pdf_resolve(doc, pdf_array_get(array, i), &item, err);
		if (status == DEED_OK)
			(void)pdf_get_number(item, &v[i]);
	}
	if (status == DEED_OK)
		status = pdf_page_count(doc, &count, err);
	if (status != DEED_OK || v[0] == v[2] || v[1] == v[3])
		return status;
	for (i = 0; status == DEED_OK && !is && i < count; i++) {
		status = on_page(doc, i, ref, &is, err);
		if (is)
			*page = i;
	}
	if (status == DEED_OK && is)
		*rect = (struct pdf_rect){ v[0] < v[2] ? v[0] : v[2],
					   v[1] < v[3] ? v[1] : v[3],
					   v[0] < v[2] ? v[2] : v[0],
					   v[1] < v[3] ? v[3] : v[1] };
	return status;
}

/* A value that is null leaves a field empty, however it is written. */
enum deed_status sign_field_empty(struct pdf_document *doc, const char *name,
				  const struct pdf_field **field,
				  struct deed_error *err)
{
	const struct pdf_object *value;
	const struct pdf_field *fields;
	enum deed_status status;
	size_t count;

	*field = NULL;
	status = pdf_fields(doc, &fields, &count, err);
	if (status != DEED_OK)
		return status;
	*field = sign_field_named(fields, count, name);
	if (*field == NULL) {
		if (taken(fields, count, name))
			return deed_error_set(err, DEED_REFUSED,
					      "'%s' is not a signature field",
					      name);
		return DEED_OK;
	}
	if (!slice_equal_str((*field)->type, "Sig"))
		return deed_error_set(err, DEED_REFUSED,
				      "the field '%s' is not for signatures",
				      name);
	status = pdf_resolve(doc, (*field)->value, &value, err);
	if (status == DEED_OK && !pdf_is(value, PDF_NULL))
		return deed_error_set(err, DEED_REFUSED,
				      "the field '%s' is signed already", name);
	if (status == DEED_OK && (*field)->ref.num == 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the field '%s' is a direct object and "
				      "cannot be filled",
				      name);
	return status;
}

enum deed_status pdf_sign_field_find(struct pdf_document *doc, const char *name,
				     bool *found, size_t *page,
				     struct pdf_rect *rect,
				     struct deed_error *err)
{
	const struct pdf_object *dict;
	const struct pdf_field *field;
	enum deed_status status;
	struct pdf_ref widget;

	*found = false;
	*page = 0;
	memset(rect, 0, sizeof(*rect));
	status = sign_field_empty(doc, name, &field, err);
	if (status != DEED_OK || field == NULL)
		return status;
	*found = true;
	status = sign_field_widget(doc, field, &widget, &dict, err);
	if (status == DEED_OK)
		status = find_place(doc, widget, dict, page, rect, err);
	return status;
}

enum deed_status
pdf_sign_field_shown(struct pdf_document *doc, const char *name, size_t *page,
		     struct pdf_rect *rect, struct pdf_arena *arena,
		     const char **contents, struct deed_error *err)
{
	const struct pdf_object *dict, *text;
	const struct pdf_field *fields, *field;
	enum deed_status status;
	struct pdf_ref widget;
	size_t count;

	*page = 0;
	*contents = "";
	memset(rect, 0, sizeof(*rect));
	status = pdf_fields(doc, &fields, &count, err);
	if (status != DEED_OK)
		return status;
	field = sign_field_named(fields, count, name);
	if (field == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no field '%s'", name);
	status = sign_field_widget(doc, field, &widget, &dict, err);
	if (status == DEED_OK)
		status = find_place(doc, widget, dict, page, rect, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, dict, "Contents", &text, err);
	if (status != DEED_OK || !pdf_is(text, PDF_STRING))
		return status;
	*contents = pdf_text(arena, pdf_get_string(text));
	return *contents == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status pdf_sign_field_entry(struct pdf_document *doc,
				      const char *name, const char *key,
				      bool *found,
				      const struct pdf_object **out,
				      struct deed_error *err)
{
	const struct pdf_field *field;
	enum deed_status status;

	*out = NULL;
	status = sign_field_empty(doc, name, &field, err);
	*found = status == DEED_OK && field != NULL;
	if (*found)
		status = pdf_dict_resolve(doc, field->dict, key, out, err);
	return status;
}

/* A turn that is no multiple of 90 counts as not given; negative ones are
 * counted round. */
enum deed_status pdf_sign_field_turn(struct pdf_document *doc, const char *name,
				     bool *given, int *degrees,
				     struct deed_error *err)
{
	const struct pdf_object *dict, *look, *turn = NULL;
	const struct pdf_field *field;
	enum deed_status status;
	struct pdf_ref widget;
	int64_t value;

	*given = false;
	*degrees = 0;
	status = sign_field_empty(doc, name, &field, err);
	if (status != DEED_OK || field == NULL)
		return status;
	status = sign_field_widget(doc, field, &widget, &dict, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, dict, "MK", &look, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, look, "R", &turn, err);
	if (status != DEED_OK || !pdf_get_int(turn, &value) || value % 90 != 0)
		return status;
	*given = true;
	*degrees = (int)((value % 360 + 360) % 360);
	return DEED_OK;
}

/* /P is of the lock, not of a FieldMDP transform: it is left out of the
 * parameters. */
enum deed_status pdf_sign_field_lock(struct pdf_document *doc, const char *name,
				     struct pdf_arena *a,
				     const struct pdf_object **params,
				     struct deed_error *err)
{
	const struct pdf_object *lock;
	struct pdf_object *copy;
	enum deed_status status;
	bool found;

	*params = NULL;
	status = pdf_sign_field_entry(doc, name, "Lock", &found, &lock, err);
	if (status != DEED_OK || !pdf_is(lock, PDF_DICT))
		return status;
	copy = pdf_copy_shallow(a, lock);
	if (!pdf_dict_put(a, copy, "Type",
			  pdf_new_name(a, "TransformParams")) ||
	    !pdf_dict_put(a, copy, "V", pdf_new_name(a, "1.2")))
		return deed_error_memory(err);
	pdf_dict_remove(copy, "P");
	*params = copy;
	return DEED_OK;
}
