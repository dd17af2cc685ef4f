/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/sign_field.h"

#include <stdio.h>
#include <stdlib.h>

#include "pdf/annotation.h"
#include "pdf/core.h"
#include "pdf/form_update.h"
#include "pdf/sign_field_priv.h"
#include "pdf/tagged.h"

/* ---- the field and its widget ---- */

struct new_field {
	struct pdf_update *u;
	struct pdf_document *doc;
	struct pdf_arena *a;
	const struct pdf_sign_field *field;
	const char *name;
	struct pdf_tagged tagged; /* where the new widget is to be told of */
};

/* /AS of an older look would choose among states that the new appearance does
 * not have. */
static bool put_appearance(struct new_field *w, struct pdf_object *widget)
{
	struct pdf_object *ap = pdf_new_dict(w->a);

	if (w->field->contents != NULL &&
	    !pdf_dict_put(w->a, widget, "Contents",
			  pdf_new_text(w->a, w->field->contents)))
		return false;
	if (w->field->form.num == 0)
		return true;
	pdf_dict_remove(widget, "AS");
	return pdf_dict_put(w->a, ap, "N", pdf_new_ref(w->a, w->field->form)) &&
	       pdf_dict_put(w->a, widget, "AP", ap);
}

/* Table 235: lock and seed value are indirect objects. */
static bool put_indirect(struct new_field *w, struct pdf_object *d,
			 const char *key, const struct pdf_object *value)
{
	return value == NULL ||
	       pdf_dict_put(w->a, d, key,
			    pdf_new_ref(w->a, pdf_update_add(w->u, value)));
}

/* Field and widget in one dictionary, as it has one place only.  Locked and
 * printed: nobody is to move the box, and paper is to show it. */
static struct pdf_object *new_widget(struct new_field *w,
				     const struct pdf_page *page)
{
	struct pdf_arena *a = w->a;
	struct pdf_object *d = pdf_new_dict(a);
	const int flags = PDF_ANNOTATION_PRINT | PDF_ANNOTATION_LOCKED;

	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "Annot")) ||
	    !pdf_dict_put(a, d, "Subtype", pdf_new_name(a, "Widget")) ||
	    !pdf_dict_put(a, d, "FT", pdf_new_name(a, "Sig")) ||
	    !pdf_dict_put(a, d, "T", pdf_new_text(a, w->name)) ||
	    (w->field->value.num != 0 &&
	     !pdf_dict_put(a, d, "V", pdf_new_ref(a, w->field->value))) ||
	    !pdf_dict_put(a, d, "F", pdf_new_int(a, flags)) ||
	    !pdf_dict_put(a, d, "Rect",
			  pdf_annotation_rect(a, &w->field->rect)))
		return NULL;
	if (!put_indirect(w, d, "Lock", w->field->lock) ||
	    !put_indirect(w, d, "SV", w->field->seed))
		return NULL;
	if (w->field->tooltip != NULL &&
	    !pdf_dict_put(a, d, "TU", pdf_new_text(a, w->field->tooltip)))
		return NULL;
	if (page->ref.num != 0 &&
	    !pdf_dict_put(a, d, "P", pdf_new_ref(a, page->ref)))
		return NULL;
	if (w->tagged.is &&
	    !pdf_dict_put(a, d, "StructParent", pdf_new_int(a, w->tagged.key)))
		return NULL;
	return put_appearance(w, d) ? d : NULL;
}

/* An invisible field stands in /Annots too, wherever the page can be changed.
 */
static enum deed_status add_to_page(struct new_field *w,
				    const struct pdf_page *page,
				    struct pdf_ref widget,
				    struct deed_error *err)
{
	/* A page that is a direct object cannot be changed alone: the field
	 * then stands in the form only, which is enough for what shows
	 * nothing. */
	if (page->ref.num == 0 && w->field->form.num == 0 &&
	    w->field->rect.x0 == w->field->rect.x1)
		return DEED_OK;
	return pdf_annotation_add(w->u, page, widget, err);
}

/* ---- both together ---- */

/* N of "SignatureN" or "SignatureN.…"; 0 of another name. */
static size_t number_of(const char *name)
{
	static const char word[] = "Signature";
	size_t i, value = 0;

	if (name == NULL || strncmp(name, word, sizeof(word) - 1) != 0)
		return 0;
	name += sizeof(word) - 1;
	for (i = 0; i < 7 && name[i] >= '0' && name[i] <= '9'; i++)
		value = 10 * value + (size_t)(name[i] - '0');
	if (name[0] == '0' || (name[i] != '\0' && name[i] != '.'))
		return 0;
	return value;
}

/* The first number from 1 on that no field has. */
static enum deed_status free_number(const struct pdf_field *fields,
				    size_t count, size_t *out,
				    struct deed_error *err)
{
	bool *has = calloc(count + 2, sizeof(*has));
	size_t i, number;

	*out = 1;
	if (has == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++) {
		number = number_of(fields[i].name);
		if (number <= count)
			has[number] = true;
	}
	while (has[*out])
		++*out;
	free(has);
	return DEED_OK;
}

/* The least number that is free, so that the names in a document stay short.
 * A document has fewer fields than LARGEST_NUMBER, so that one is found. */
static enum deed_status make_name(struct new_field *w, struct deed_error *err)
{
	const struct pdf_field *fields;
	enum deed_status status;
	size_t count, number;
	char text[32];

	if (w->field->name != NULL) {
		w->name = pdf_arena_copy(w->a, w->field->name,
					 strlen(w->field->name) + 1);
		return w->name == NULL ? deed_error_memory(err) : DEED_OK;
	}
	status = pdf_fields(w->doc, &fields, &count, err);
	if (status == DEED_OK)
		status = free_number(fields, count, &number, err);
	if (status != DEED_OK)
		return status;
	snprintf(text, sizeof(text), "Signature%zu", number);
	w->name = pdf_arena_copy(w->a, text, strlen(text) + 1);
	return w->name == NULL ? deed_error_memory(err) : DEED_OK;
}

/* List the new field in the form. */
static enum deed_status list_field(struct new_field *w, struct pdf_ref ref,
				   struct deed_error *err)
{
	bool empty = w->field->value.num == 0;
	const struct pdf_field *fields, *next;
	enum deed_status status;
	size_t count;

	if (w->field->before == NULL)
		return pdf_form_update(w->u, w->doc, ref,
				       empty ? PDF_SIG_EXIST : PDF_SIG_FLAGS,
				       NULL, err);
	status = pdf_fields(w->doc, &fields, &count, err);
	if (status != DEED_OK)
		return status;
	next = sign_field_named(fields, count, w->field->before);
	if (next == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no field '%s'",
				      w->field->before);
	return pdf_form_update(w->u, w->doc, ref,
			       empty ? PDF_SIG_EXIST : PDF_SIG_FLAGS,
			       &next->ref, err);
}

/* A full stop parts the names of a hierarchy (12.7.4.2): a new field at the
 * top cannot have one.  The structure is looked at before the widget is made,
 * which carries its key. */
static enum deed_status add_new(struct new_field *w, struct deed_error *err)
{
	struct pdf_page page = { .ref = { 0, 0 } };
	enum deed_status status;
	struct pdf_ref ref;

	if (strchr(w->name, '.') != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "there is no field '%s', and a new one "
				      "has no full stop in its name",
				      w->name);
	status = pdf_page_get(w->doc, w->field->page, &page, err);
	if (status == DEED_OK && w->field->tooltip != NULL && page.ref.num != 0)
		status = pdf_tagged_look(w->u, &w->tagged, err);
	if (status != DEED_OK)
		return status;
	ref = pdf_update_add(w->u, new_widget(w, &page));
	status = add_to_page(w, &page, ref, err);
	if (status == DEED_OK && w->tagged.is)
		status = pdf_tagged_add(w->u, &w->tagged, &page, ref,
					w->field->tooltip, err);
	return status == DEED_OK ? list_field(w, ref, err) : status;
}

/* The field keeps all that it has; where field and widget are one dictionary,
 * one copy gets both the value and the look. /Fields is changed only if the
 * form did not list it. */
static enum deed_status fill(struct new_field *w, const struct pdf_field *field,
			     struct deed_error *err)
{
	const struct pdf_object *dict;
	struct pdf_object *copy, *widget;
	struct pdf_ref none = { 0, 0 }, ref;
	enum deed_status status;

	status = sign_field_widget(w->doc, field, &ref, &dict, err);
	if (status != DEED_OK)
		return status;
	copy = pdf_copy_shallow(w->a, field->dict);
	if (!pdf_dict_put(w->a, copy, "V", pdf_new_ref(w->a, w->field->value)))
		return deed_error_memory(err);
	pdf_update_put(w->u, field->ref, copy);
	widget = copy;
	if (ref.num != field->ref.num && w->field->form.num != 0) {
		widget = pdf_copy_shallow(w->a, dict);
		pdf_update_put(w->u, ref, widget);
	}
	if (w->field->form.num != 0 && widget != NULL &&
	    !put_appearance(w, widget))
		return deed_error_memory(err);
	return pdf_form_update(w->u, w->doc, field->in_form ? none : field->ref,
			       PDF_SIG_FLAGS, NULL, err);
}

/* Who walks the pages later would meet what was not made to be read so. */
static enum deed_status check_pages(struct pdf_document *doc,
				    struct deed_error *err)
{
	uint32_t crypt = doc->core->crypt_num;
	struct pdf_ref ref = { 0, 0 };
	enum deed_status status;
	size_t i, count;
	bool is = false;

	if (crypt == 0)
		return DEED_OK;
	status = pdf_page_count(doc, &count, err);
	for (i = 0; status == DEED_OK && !is && i < count; i++) {
		status = pdf_page_ref(doc, i, &ref, err);
		is = status == DEED_OK && ref.num == crypt;
	}
	for (i = 0; status == DEED_OK && !is && pdf_page_node(doc, i, &ref);
	     i++)
		is = ref.num == crypt;
	if (is)
		return deed_error_set(err, DEED_MALFORMED,
				      "the page tree leads to object %u, the "
				      "encryption dictionary",
				      (unsigned)crypt);
	return status;
}

/* The name is made before the field is looked for, so that the caller learns
 * what it is called.  Pages are checked first, as a document that leads to
 * /Encrypt by them cannot be updated. */
enum deed_status pdf_sign_field_add(struct pdf_update *u,
				    struct pdf_document *doc,
				    const struct pdf_sign_field *field,
				    const char **name, struct deed_error *err)
{
	struct new_field w = {
		.u = u, .doc = doc, .a = pdf_update_arena(u), .field = field
	};
	const struct pdf_field *empty = NULL;
	enum deed_status status;

	*name = NULL;
	status = check_pages(doc, err);
	if (status == DEED_OK)
		status = make_name(&w, err);
	if (status == DEED_OK && field->name != NULL)
		status = sign_field_empty(doc, field->name, &empty, err);
	if (status == DEED_OK && empty != NULL && field->value.num == 0)
		status = deed_error_set(err, DEED_REFUSED,
					"there is a field '%s' already",
					field->name);
	if (status != DEED_OK)
		return status;
	status = empty != NULL ? fill(&w, empty, err) : add_new(&w, err);
	if (status == DEED_OK)
		*name = w.name;
	return status;
}
