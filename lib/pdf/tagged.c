/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/tagged.h"

/* The largest number in a number tree that readers agree on. */
#define KEY_MAX (INT32_MAX - 1)

/* Names of a role map that lead to others. */
#define ROLES_MAX 8

/* ---- looking ---- */

/* The last kid of a node; num 0 for a leaf.  False for anything else. */
static bool last_kid(struct pdf_document *doc, const struct pdf_object *node,
		     struct pdf_ref *kid)
{
	const struct pdf_object *kids;
	size_t count;

	kid->num = 0;
	if (!pdf_is(node, PDF_DICT) ||
	    pdf_dict_resolve(doc, node, "Kids", &kids, NULL) != DEED_OK)
		return false;
	count = pdf_array_count(kids);
	return count == 0 || (pdf_dict_get(node, "Nums") == NULL &&
			      pdf_get_ref(pdf_array_get(kids, count - 1), kid));
}

/* After every key of the last leaf. */
static bool raise_key(struct pdf_document *doc, const struct pdf_object *leaf,
		      int64_t *key)
{
	const struct pdf_object *nums;
	int64_t value;
	size_t i;

	if (pdf_dict_resolve(doc, leaf, "Nums", &nums, NULL) != DEED_OK ||
	    pdf_array_count(nums) % 2 != 0 ||
	    (!pdf_is(nums, PDF_ARRAY) && !pdf_is(nums, PDF_NULL)))
		return false;
	for (i = 0; i < pdf_array_count(nums); i += 2) {
		if (!pdf_get_int(pdf_array_get(nums, i), &value) ||
		    value > KEY_MAX)
			return false;
		if (value >= *key)
			*key = value + 1;
	}
	return *key >= 0 && *key <= KEY_MAX;
}

/* Down the last kid of each level, as the new key comes after all others; the
 * depth is bounded, which also ends loops.  False leaves the structure alone.
 */
static bool look_at_parent_tree(struct pdf_document *doc,
				const struct pdf_object *root,
				struct pdf_tagged *out)
{
	const struct pdf_object *next, *node = pdf_dict_get(root, "ParentTree");
	struct pdf_ref ref = { 0, 0 };

	if (pdf_dict_resolve(doc, root, "ParentTreeNextKey", &next, NULL) !=
	    DEED_OK)
		return false;
	(void)pdf_get_int(next, &out->key);
	(void)pdf_get_ref(node, &ref);
	if (pdf_dict_resolve(doc, root, "ParentTree", &node, NULL) != DEED_OK)
		return false;
	/* There is none yet. */
	if (pdf_is(node, PDF_NULL))
		return out->key >= 0 && out->key <= KEY_MAX;
	do {
		if (out->depth == PDF_MAX_TREE_DEPTH)
			return false;
		out->path[out->depth++] = ref;
		if (!last_kid(doc, node, &ref))
			return false;
		if (ref.num != 0 &&
		    pdf_get_object(doc, ref, &node, NULL) != DEED_OK)
			return false;
	} while (ref.num != 0);
	return raise_key(doc, node, &out->key);
}

/* An element in which any other may stand (ISO 32000-2 14.8.4.3, 14.8.4.4). */
static bool is_grouping(struct pdf_document *doc, const struct pdf_object *root,
			const struct pdf_object *element)
{
	static const char *const names[] = { "Document", "Part", "Art", "Sect",
					     "Div" };
	const struct pdf_object *roles, *role = pdf_dict_get(element, "S");
	char name[64];
	size_t i, j;

	if (pdf_dict_resolve(doc, root, "RoleMap", &roles, NULL) != DEED_OK)
		return false;
	for (i = 0; i < ROLES_MAX && pdf_is(role, PDF_NAME); i++) {
		struct slice text = pdf_get_name(role);

		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			if (pdf_is_name(role, names[j]))
				return true;
		}
		if (text.len >= sizeof(name))
			return false;
		memcpy(name, text.data, text.len);
		name[text.len] = '\0';
		if (pdf_dict_resolve(doc, roles, name, &role, NULL) != DEED_OK)
			return false;
	}
	return false;
}

/* The one element at the top, where there is one that takes another. */
static bool look_at_parent(struct pdf_document *doc,
			   const struct pdf_object *root,
			   struct pdf_tagged *out)
{
	const struct pdf_object *kids, *only, *element;
	struct pdf_ref ref;

	out->parent = out->root;
	only = pdf_dict_get(root, "K");
	if (pdf_resolve(doc, only, &kids, NULL) != DEED_OK)
		return false;
	if (pdf_is(kids, PDF_ARRAY)) {
		if (pdf_array_count(kids) != 1)
			return true;
		only = pdf_array_get(kids, 0);
	}
	if (!pdf_get_ref(only, &ref))
		return true;
	if (pdf_get_object(doc, ref, &element, NULL) != DEED_OK)
		return false;
	if (pdf_is(element, PDF_DICT) && is_grouping(doc, root, element))
		out->parent = ref;
	return true;
}

enum deed_status pdf_tagged_look(struct pdf_update *u, struct pdf_tagged *out,
				 struct deed_error *err)
{
	struct pdf_document *doc = pdf_update_document(u);
	const struct pdf_object *catalog, *root;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = pdf_catalog(doc, &catalog, err);
	if (status != DEED_OK ||
	    !pdf_get_ref(pdf_dict_get(catalog, "StructTreeRoot"), &out->root))
		return status;
	if (pdf_get_object(doc, out->root, &root, NULL) != DEED_OK ||
	    !pdf_is(root, PDF_DICT))
		return DEED_OK;
	out->is = look_at_parent_tree(doc, root, out) &&
		  look_at_parent(doc, root, out);
	return DEED_OK;
}

/* ---- adding ---- */

struct tagging {
	struct pdf_update *u;
	struct pdf_document *doc;
	struct pdf_arena *a;
	const struct pdf_tagged *t;
	struct pdf_ref element;
};

/* The object as the update leaves it, to be changed and put. */
static enum deed_status take(struct tagging *w, struct pdf_ref ref,
			     struct pdf_object **out, struct deed_error *err)
{
	const struct pdf_object *old;
	enum deed_status status = pdf_update_get(w->u, ref, &old, err);

	*out = status == DEED_OK ? pdf_copy_shallow(w->a, old) : NULL;
	return status == DEED_OK && *out == NULL ? deed_error_memory(err)
						 : status;
}

/*
 * Add one or two items to what stands behind key in owner: an array, of its
 * own number or not, one value, or nothing.  It is owner's own from here on,
 * so that who compares the two sees what it belongs to.
 */
static enum deed_status append(struct tagging *w, struct pdf_object *owner,
			       const char *key, const struct pdf_object *first,
			       const struct pdf_object *second,
			       struct deed_error *err)
{
	const struct pdf_object *entry = pdf_dict_get(owner, key), *old = entry;
	struct pdf_ref ref = { 0, 0 };
	enum deed_status status = DEED_OK;
	struct pdf_object *array;

	if (pdf_get_ref(entry, &ref))
		status = pdf_update_get(w->u, ref, &old, err);
	if (status != DEED_OK)
		return status;
	array = pdf_is(old, PDF_ARRAY) ? pdf_copy_shallow(w->a, old)
				       : pdf_new_array(w->a);
	if (array == NULL)
		return deed_error_memory(err);
	if (old != NULL && !pdf_is(old, PDF_ARRAY) && !pdf_is(old, PDF_NULL) &&
	    !pdf_array_add(w->a, array, entry))
		return deed_error_memory(err);
	if (!pdf_array_add(w->a, array, first) ||
	    (second != NULL && !pdf_array_add(w->a, array, second)))
		return deed_error_memory(err);
	return pdf_dict_put(w->a, owner, key, array) ? DEED_OK
						     : deed_error_memory(err);
}

/* Of every node but the root: the last key below it. */
static enum deed_status put_limits(struct tagging *w, struct pdf_object *node,
				   struct deed_error *err)
{
	const struct pdf_object *old, *low;
	struct pdf_object *limits;
	enum deed_status status;

	status = pdf_dict_resolve(w->doc, node, "Limits", &old, err);
	if (status != DEED_OK || pdf_array_count(old) == 0)
		return status;
	low = pdf_array_get(old, 0);
	limits = pdf_new_array(w->a);
	if (!pdf_array_add(w->a, limits, low) ||
	    !pdf_array_add(w->a, limits, pdf_new_int(w->a, w->t->key)) ||
	    !pdf_dict_put(w->a, node, "Limits", limits))
		return deed_error_memory(err);
	return DEED_OK;
}

/* The root of a number tree has no /Limits (ISO 32000-2 7.9.7); the leaf at
 * the end of the path gets the pair. */
static enum deed_status change_node(struct tagging *w, size_t i,
				    struct pdf_object *node,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (i > 0)
		status = put_limits(w, node, err);
	if (status == DEED_OK && i + 1 >= w->t->depth)
		status = append(w, node, "Nums", pdf_new_int(w->a, w->t->key),
				pdf_new_ref(w->a, w->element), err);
	return status;
}

/* The tree's root where it has no number of its own, and where there is none
 * yet. */
static enum deed_status change_direct(struct tagging *w,
				      struct pdf_object *root,
				      struct deed_error *err)
{
	const struct pdf_object *old = pdf_dict_get(root, "ParentTree");
	struct pdf_object *node = pdf_is(old, PDF_DICT)
					  ? pdf_copy_shallow(w->a, old)
					  : pdf_new_dict(w->a);
	enum deed_status status;

	if (node == NULL)
		return deed_error_memory(err);
	status = change_node(w, 0, node, err);
	if (status == DEED_OK && !pdf_dict_put(w->a, root, "ParentTree", node))
		return deed_error_memory(err);
	return status;
}

/* Every node on the path gets a new upper limit, and is written again; a root
 * without a number of its own is written with the structure's root. */
static enum deed_status change_tree(struct tagging *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_object *node;
	size_t i;

	for (i = 0; status == DEED_OK && i < w->t->depth; i++) {
		if (w->t->path[i].num == 0)
			continue;
		status = take(w, w->t->path[i], &node, err);
		if (status == DEED_OK)
			status = change_node(w, i, node, err);
		if (status == DEED_OK)
			pdf_update_put(w->u, w->t->path[i], node);
	}
	return status;
}

/* The next key rises even where there was none, so that whoever comes later
 * need not search the tree. */
static enum deed_status change_root(struct tagging *w, struct deed_error *err)
{
	struct pdf_object *root;
	enum deed_status status = take(w, w->t->root, &root, err);

	if (status != DEED_OK)
		return status;
	if (!pdf_dict_put(w->a, root, "ParentTreeNextKey",
			  pdf_new_int(w->a, w->t->key + 1)))
		return deed_error_memory(err);
	if (w->t->depth == 0 || w->t->path[0].num == 0)
		status = change_direct(w, root, err);
	if (status == DEED_OK)
		pdf_update_put(w->u, w->t->root, root);
	return status;
}

/* At the end of the list, so that it is read aloud after all that was there.
 * The object may have been put in this update already: take() looks there
 * first. */
static enum deed_status list_element(struct tagging *w, struct deed_error *err)
{
	struct pdf_object *parent;
	enum deed_status status = take(w, w->t->parent, &parent, err);

	if (status == DEED_OK)
		status = append(w, parent, "K", pdf_new_ref(w->a, w->element),
				NULL, err);
	if (status == DEED_OK)
		pdf_update_put(w->u, w->t->parent, parent);
	return status;
}

static struct pdf_object *new_element(struct tagging *w,
				      const struct pdf_page *page,
				      struct pdf_ref widget, const char *alt)
{
	struct pdf_arena *a = w->a;
	struct pdf_object *d = pdf_new_dict(a), *of = pdf_new_dict(a);

	if (!pdf_dict_put(a, of, "Type", pdf_new_name(a, "OBJR")) ||
	    !pdf_dict_put(a, of, "Obj", pdf_new_ref(a, widget)) ||
	    !pdf_dict_put(a, d, "Type", pdf_new_name(a, "StructElem")) ||
	    !pdf_dict_put(a, d, "S", pdf_new_name(a, "Form")) ||
	    !pdf_dict_put(a, d, "P", pdf_new_ref(a, w->t->parent)) ||
	    !pdf_dict_put(a, d, "Pg", pdf_new_ref(a, page->ref)) ||
	    !pdf_dict_put(a, d, "K", of) ||
	    !pdf_dict_put(a, d, "Alt", pdf_new_text(a, alt)))
		return NULL;
	return d;
}

/* Whoever goes on by the tab key comes by in the order of the structure. */
static enum deed_status order_page(struct tagging *w,
				   const struct pdf_page *page,
				   struct deed_error *err)
{
	struct pdf_object *copy;
	enum deed_status status = take(w, page->ref, &copy, err);

	if (status != DEED_OK || pdf_dict_get(copy, "Tabs") != NULL)
		return status;
	if (!pdf_dict_put(w->a, copy, "Tabs", pdf_new_name(w->a, "S")))
		return deed_error_memory(err);
	pdf_update_put(w->u, page->ref, copy);
	return DEED_OK;
}

enum deed_status pdf_tagged_add(struct pdf_update *u,
				const struct pdf_tagged *t,
				const struct pdf_page *page,
				struct pdf_ref widget, const char *alt,
				struct deed_error *err)
{
	struct tagging w = {
		u, pdf_update_document(u), pdf_update_arena(u), t, { 0, 0 }
	};
	enum deed_status status;

	w.element = pdf_update_add(u, new_element(&w, page, widget, alt));
	status = change_root(&w, err);
	if (status == DEED_OK)
		status = change_tree(&w, err);
	if (status == DEED_OK)
		status = list_element(&w, err);
	return status == DEED_OK ? order_page(&w, page, err) : status;
}
