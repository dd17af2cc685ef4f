/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/form_update.h"

#include "pdf/annotation.h"

struct form_entry {
	struct pdf_update *u;
	struct pdf_document *doc;
	struct pdf_arena *a;
	struct pdf_ref added;
	int flags;
	const struct pdf_ref *before;
};

/* The last of the fields moves to its place before another. */
static enum deed_status move_before(struct form_entry *w,
				    struct pdf_object *form,
				    struct deed_error *err)
{
	const struct pdf_object *entry = pdf_dict_get(form, "Fields"), *list;
	struct pdf_ref holder = { 0, 0 }, ref;
	struct pdf_object *copy, *last;
	enum deed_status status = DEED_OK;
	size_t i;

	list = entry;
	if (pdf_get_ref(entry, &holder))
		status = pdf_update_get(w->u, holder, &list, err);
	if (status != DEED_OK)
		return status;
	copy = pdf_copy_shallow(w->a, list);
	if (copy == NULL)
		return deed_error_memory(err);
	i = copy->u.array.count - 1;
	last = copy->u.array.items[i];
	for (; i > 0; i--) {
		copy->u.array.items[i] = copy->u.array.items[i - 1];
		if (pdf_get_ref(copy->u.array.items[i], &ref) &&
		    ref.num == w->before->num)
			break;
	}
	if (i == 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the field does not stand in the form's "
				      "own list: nothing can go before it");
	copy->u.array.items[i - 1] = last;
	if (holder.num != 0)
		pdf_update_put(w->u, holder, copy);
	else if (!pdf_dict_put(w->a, form, "Fields", copy))
		return deed_error_memory(err);
	return DEED_OK;
}

/* A list of fields that is a page's list of annotations too is the form's own
 * from here on: what is added stands on one page only. */
static enum deed_status own_fields(struct form_entry *w,
				   struct pdf_object *form,
				   struct deed_error *err)
{
	const struct pdf_object *entry = pdf_dict_get(form, "Fields"), *list;
	enum deed_status status;
	bool shared;

	status = pdf_annotation_shared(w->doc, entry, 0, &shared, err);
	if (status != DEED_OK || !shared)
		return status;
	status = pdf_update_resolve(w->u, entry, &list, err);
	if (status == DEED_OK && !pdf_dict_put(w->a, form, "Fields", list))
		return deed_error_memory(err);
	return status;
}

/* Set SigFlags and, for a new field, /Fields, in a copy of the form. */
static enum deed_status change_form(struct form_entry *w,
				    struct pdf_object *form, bool *changed,
				    struct deed_error *err)
{
	const struct pdf_object *flags;
	enum deed_status status;
	int64_t value = 0;

	*changed = false;
	status = pdf_dict_resolve(w->doc, form, "SigFlags", &flags, err);
	if (status == DEED_OK && w->added.num != 0)
		status = own_fields(w, form, err);
	if (status == DEED_OK && w->added.num != 0)
		status = pdf_annotation_append(w->u, form, "Fields", w->added,
					       changed, err);
	if (status == DEED_OK && w->before != NULL)
		status = move_before(w, form, err);
	if (status != DEED_OK)
		return status;
	(void)pdf_get_int(flags, &value);
	if ((value & w->flags) == w->flags)
		return DEED_OK;
	*changed = true;
	if (!pdf_dict_put(w->a, form, "SigFlags",
			  pdf_new_int(w->a, value | w->flags)))
		return deed_error_memory(err);
	return DEED_OK;
}

/* Needed where the form is direct in the catalog, or new; everything else of
 * the catalog is copied as it is. */
static enum deed_status put_catalog(struct form_entry *w,
				    const struct pdf_object *form,
				    struct deed_error *err)
{
	const struct pdf_object *catalog;
	struct pdf_object *copy;
	enum deed_status status;
	struct pdf_ref root;

	status = pdf_update_catalog(w->u, &root, &catalog, err);
	if (status != DEED_OK)
		return status;
	copy = pdf_copy_shallow(w->a, catalog);
	if (!pdf_dict_put(w->a, copy, "AcroForm", form))
		return deed_error_memory(err);
	pdf_update_put(w->u, root, copy);
	return DEED_OK;
}

/* What is added is one reference and two bits at most: later signatures
 * compare the form key by key, and allow no more. */
enum deed_status pdf_form_update(struct pdf_update *u, struct pdf_document *doc,
				 struct pdf_ref added, int flags,
				 const struct pdf_ref *before,
				 struct deed_error *err)
{
	struct form_entry w = { u,     doc,   pdf_update_arena(u),
				added, flags, before };
	const struct pdf_object *catalog, *entry, *old;
	struct pdf_object *form;
	struct pdf_ref ref = { 0, 0 }, root;
	enum deed_status status;
	bool changed, there;

	status = pdf_update_catalog(u, &root, &catalog, err);
	if (status != DEED_OK)
		return status;
	entry = pdf_dict_get(catalog, "AcroForm");
	status = pdf_update_resolve(u, entry, &old, err);
	if (status != DEED_OK)
		return status;
	there = pdf_is(old, PDF_DICT);
	if (!there && !pdf_is(old, PDF_NULL))
		return deed_error_set(err, DEED_MALFORMED,
				      "/AcroForm is not a dictionary");
	form = there ? pdf_copy_shallow(w.a, old) : pdf_new_dict(w.a);
	if (form == NULL)
		return deed_error_memory(err);
	status = change_form(&w, form, &changed, err);
	if (status != DEED_OK || !changed)
		return status;
	if (there && pdf_get_ref(entry, &ref)) {
		pdf_update_put(u, ref, form);
		return DEED_OK;
	}
	/* A form of its own number: the next signature leaves the catalog
	 * alone. */
	if (!there)
		return put_catalog(
			&w, pdf_new_ref(w.a, pdf_update_add(u, form)), err);
	return put_catalog(&w, form, err);
}
