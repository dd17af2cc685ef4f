/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"

/* ISO 32000-2 12.7.4: fields are a tree; a terminal field and its only widget
 * are often one dictionary. */

#define MAX_FIELDS 100000
#define MAX_FIELD_NAME 4096

/* What looking at a kid counts for. */
#define KID_WORK 32

/* A node that waits to be visited, with what it inherits. */
struct node {
	const struct pdf_object *object; /* as found: a reference or direct */
	const char *name;		 /* of the parent; "" at the top */
	struct slice type;
	const struct pdf_object *value;
	unsigned depth;
};

struct walk {
	struct pdf_document *doc;
	struct pdf_arena *arena; /* the document's */
	struct node *pending;
	size_t pending_count, pending_cap;
	struct pdf_field *fields;
	size_t count, cap;
	struct pdf_set seen;
	bool pages; /* the walk is over the pages' annotations now */
};

static enum deed_status push(struct walk *w, struct node node,
			     struct deed_error *err)
{
	if (!array_room(&w->pending, &w->pending_cap, w->pending_count + 1))
		return deed_error_memory(err);
	w->pending[w->pending_count++] = node;
	return DEED_OK;
}

/* The limit bounds everything that runs over all fields. */
static enum deed_status emit(struct walk *w, const struct pdf_field *field,
			     struct deed_error *err)
{
	if (w->count == MAX_FIELDS)
		return deed_error_set(err, DEED_LIMIT, "more than %d fields",
				      MAX_FIELDS);
	if (!array_room(&w->fields, &w->cap, w->count + 1))
		return deed_error_memory(err);
	w->fields[w->count++] = *field;
	return DEED_OK;
}

/* A name that would be longer than MAX_FIELD_NAME begins anew with its own
 * part: names of a deep tree would else take memory by the square of its
 * depth. */
static char *join_names(struct pdf_arena *a, const char *parent,
			struct slice partial)
{
	char *own = pdf_text(a, partial), *out;
	size_t before = strlen(parent), len;

	if (own == NULL || before == 0)
		return own;
	len = strlen(own);
	if (before + len > MAX_FIELD_NAME)
		return own;
	out = pdf_arena_alloc(a, before + len + 2);
	if (out == NULL)
		return NULL;
	memcpy(out, parent, before);
	out[before] = '.';
	memcpy(out + before + 1, own, len);
	return out;
}

/* Push the kids; *fields says whether one of them is a field of its own. */
static enum deed_status push_kids(struct walk *w, const struct pdf_object *kids,
				  struct node node, bool *fields,
				  struct deed_error *err)
{
	const struct pdf_object *kid, *seen;
	enum deed_status status = DEED_OK;
	size_t i;

	*fields = false;
	node.depth++;
	if (node.depth > PDF_MAX_TREE_DEPTH)
		return deed_error_set(err, DEED_LIMIT,
				      "fields nest more than %d levels deep",
				      PDF_MAX_TREE_DEPTH);
	for (i = pdf_array_count(kids); status == DEED_OK && i > 0; i--) {
		kid = pdf_array_get(kids, i - 1);
		/* Fields may share their kids. */
		status = pdf_charge(w->doc->core, KID_WORK, err);
		if (status == DEED_OK)
			status = pdf_resolve(w->doc, kid, &seen, err);
		if (status != DEED_OK || !pdf_is_dict(seen))
			continue;
		if (pdf_dict_get(seen, "T") != NULL)
			*fields = true;
		node.object = kid;
		status = push(w, node, err);
	}
	return status;
}

/* Type and value are inherited from the field above (ISO 32000-1 12.7.3.1),
 * and names are joined with a full stop. */
static enum deed_status read_field(struct walk *w, const struct node *node,
				   struct pdf_field *field,
				   struct deed_error *err)
{
	const struct pdf_object *found;
	enum deed_status status;

	status = pdf_dict_resolve(w->doc, field->dict, "FT", &found, err);
	if (status != DEED_OK)
		return status;
	field->type = pdf_is(found, PDF_NAME) ? found->u.text : node->type;
	status = pdf_dict_resolve(w->doc, field->dict, "T", &found, err);
	if (status != DEED_OK)
		return status;
	field->name = pdf_is(found, PDF_STRING)
			      ? join_names(w->arena, node->name, found->u.text)
			      : pdf_arena_copy(w->arena, node->name,
					       strlen(node->name));
	if (field->name == NULL)
		return deed_error_memory(err);
	field->value = pdf_dict_get(field->dict, "V");
	field->own_value = field->value != NULL;
	if (field->value == NULL)
		field->value = node->value;
	field->in_form = !w->pages;
	return DEED_OK;
}

/* A field that is reached twice counts once; the walk has its own stack, for a
 * tree may be a million deep. */
static enum deed_status visit(struct walk *w, struct node node,
			      struct deed_error *err)
{
	struct pdf_field field = { 0 };
	const struct pdf_object *kids;
	enum deed_status status;
	bool field_kids = false;

	if (pdf_get_ref(node.object, &field.ref) &&
	    !pdf_set_add(&w->seen, field.ref.num))
		return DEED_OK;
	status = pdf_resolve(w->doc, node.object, &field.dict, err);
	if (status != DEED_OK || !pdf_is(field.dict, PDF_DICT))
		return status;
	status = read_field(w, &node, &field, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(w->doc, field.dict, "Kids", &kids,
					  err);
	if (status != DEED_OK)
		return status;
	node.name = field.name;
	node.type = field.type;
	node.value = field.value;
	status = push_kids(w, kids, node, &field_kids, err);
	if (status != DEED_OK)
		return status;
	/* A widget under its field has neither name nor value of its own. */
	if (!field.own_value &&
	    (field_kids ||
	     (node.depth > 0 && pdf_dict_get(field.dict, "T") == NULL)))
		return DEED_OK;
	return emit(w, &field, err);
}

/* A stack instead of recursion, so that the depth of the form costs no memory
 * of the process's own stack. */
static enum deed_status drain(struct walk *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && w->pending_count > 0)
		status = visit(w, w->pending[--w->pending_count], err);
	return status;
}

/* The members of /Fields are at the top, whatever push_kids says of kids:
 * depth counts from the form. */
static enum deed_status walk_form(struct walk *w, struct deed_error *err)
{
	const struct pdf_object *catalog, *form, *fields;
	struct node top = { .name = "" };
	enum deed_status status;
	bool unused;

	status = pdf_catalog(w->doc, &catalog, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(w->doc, catalog, "AcroForm", &form,
					  err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(w->doc, form, "Fields", &fields, err);
	if (status == DEED_OK)
		status = push_kids(w, fields, top, &unused, err);
	for (size_t i = 0; i < w->pending_count; i++)
		w->pending[i].depth = 0;
	if (status == DEED_OK)
		status = drain(w, err);
	return status;
}

/* Does a widget that the form does not lead to belong to a field? */
static enum deed_status is_field_widget(struct walk *w,
					const struct pdf_object *o, bool *out,
					struct deed_error *err)
{
	const struct pdf_object *kind;
	enum deed_status status;

	*out = pdf_is(o, PDF_DICT) &&
	       (pdf_dict_get(o, "FT") != NULL || pdf_dict_get(o, "V") != NULL ||
		pdf_dict_get(o, "T") != NULL);
	if (!*out)
		return DEED_OK;
	status = pdf_dict_resolve(w->doc, o, "Subtype", &kind, err);
	*out = status == DEED_OK && pdf_is_name(kind, "Widget");
	return status;
}

/* The pages' annotations are read into a scratch arena, since most are no
 * fields; what is a field is read again, to be kept. */
static enum deed_status walk_annotation(struct walk *w, struct pdf_ref page,
					size_t i,
					const struct pdf_object *annotation,
					struct pdf_arena *scratch,
					struct deed_error *err)
{
	struct node top = { .name = "", .object = annotation };
	const struct pdf_object *kept;
	enum deed_status status;
	struct pdf_object *o;
	struct pdf_ref ref;
	bool is;

	if (pdf_get_ref(annotation, &ref)) {
		if (pdf_set_has(&w->seen, ref.num))
			return DEED_OK;
		status = pdf_load(w->doc, ref.num, scratch, &o, err);
		if (status == DEED_OK)
			status = is_field_widget(w, o, &is, err);
		if (status != DEED_OK || !is)
			return status;
		top.object = pdf_new_ref(w->arena, ref);
		if (top.object == NULL)
			return deed_error_memory(err);
	} else {
		status = is_field_widget(w, annotation, &is, err);
		if (status != DEED_OK || !is)
			return status;
		status = pdf_get_object(w->doc, page, &kept, err);
		if (status == DEED_OK)
			status = pdf_dict_resolve(w->doc, kept, "Annots", &kept,
						  err);
		if (status != DEED_OK)
			return status;
		top.object = pdf_array_get(kept, i);
	}
	status = push(w, top, err);
	return status == DEED_OK ? drain(w, err) : status;
}

/* Widgets that no field leads to: readers show them, and some sign them. */
static enum deed_status walk_page(struct walk *w, struct pdf_ref ref,
				  struct pdf_arena *scratch,
				  struct deed_error *err)
{
	const struct pdf_object *annots;
	struct pdf_object *page, *list;
	enum deed_status status;
	struct pdf_ref to;
	size_t i;

	status = pdf_load(w->doc, ref.num, scratch, &page, err);
	if (status != DEED_OK)
		return status;
	annots = pdf_dict_get(page, "Annots");
	if (pdf_get_ref(annots, &to)) {
		status = pdf_load(w->doc, to.num, scratch, &list, err);
		annots = list;
	}
	for (i = 0; status == DEED_OK && i < pdf_array_count(annots); i++)
		status = walk_annotation(w, ref, i, pdf_array_get(annots, i),
					 scratch, err);
	return status;
}

/* After the form, so that a field is listed by its name there; what only a
 * page leads to comes behind.  A page is read into scratch memory and
 * forgotten: with many pages they would fill the arena. */
static enum deed_status walk_pages(struct walk *w, struct deed_error *err)
{
	struct pdf_arena scratch = PDF_ARENA_INIT;
	enum deed_status status;
	struct pdf_ref ref;
	size_t count, i;

	w->pages = true;
	status = pdf_page_count(w->doc, &count, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_page_ref(w->doc, i, &ref, err);
		if (status == DEED_OK)
			status = walk_page(w, ref, &scratch, err);
		pdf_arena_reset(&scratch);
	}
	pdf_arena_clear(&scratch);
	return status;
}

/* Once for each view, and kept.  On failure nothing is kept, and the next
 * question walks again; names that were made stay in the document's arena
 * until it is closed. */
static enum deed_status collect(struct pdf_document *doc, bool pages,
				struct pdf_field_list *list,
				struct deed_error *err)
{
	struct walk w = { .doc = doc, .arena = &doc->core->arena };
	enum deed_status status;

	if (list->have)
		return DEED_OK;
	status = pdf_set_init(&w.seen, doc, err);
	if (status == DEED_OK)
		status = walk_form(&w, err);
	if (status == DEED_OK && pages)
		status = walk_pages(&w, err);
	pdf_set_clear(&w.seen);
	free(w.pending);
	if (status == DEED_OK)
		status = pdf_charge(doc->core, 64 * (w.count + 1), err);
	if (status != DEED_OK) {
		free(w.fields);
		return status;
	}
	list->fields = w.fields;
	list->count = w.count;
	list->have = true;
	return DEED_OK;
}

enum deed_status pdf_fields(struct pdf_document *doc,
			    const struct pdf_field **out, size_t *count,
			    struct deed_error *err)
{
	enum deed_status status = collect(doc, true, &doc->fields, err);

	*out = status == DEED_OK ? doc->fields.fields : NULL;
	*count = status == DEED_OK ? doc->fields.count : 0;
	return status;
}

enum deed_status pdf_form_fields(struct pdf_document *doc,
				 const struct pdf_field **out, size_t *count,
				 struct deed_error *err)
{
	enum deed_status status = collect(doc, false, &doc->form_fields, err);

	*out = status == DEED_OK ? doc->form_fields.fields : NULL;
	*count = status == DEED_OK ? doc->form_fields.count : 0;
	return status;
}

enum deed_status pdf_inherited(struct pdf_document *doc,
			       const struct pdf_object *dict, const char *key,
			       enum pdf_type type,
			       const struct pdf_object **out,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned level;
	bool found;

	for (level = 0; status == DEED_OK && level < PDF_MAX_TREE_DEPTH;
	     level++) {
		status = pdf_dict_resolve(doc, dict, key, out, err);
		if (status != DEED_OK)
			break;
		found = type == PDF_NULL ? !pdf_is(*out, PDF_NULL)
					 : pdf_is(*out, type);
		if (found)
			return DEED_OK;
		if (pdf_dict_get(dict, "Parent") == NULL)
			break;
		status = pdf_dict_resolve(doc, dict, "Parent", &dict, err);
	}
	*out = NULL;
	return status;
}

enum deed_status pdf_need_appearances(struct pdf_document *doc, bool *need,
				      struct deed_error *err)
{
	const struct pdf_object *form, *flag = NULL;
	enum deed_status status;

	*need = false;
	status = pdf_catalog(doc, &form, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, form, "AcroForm", &form, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, form, "NeedAppearances", &flag,
					  err);
	(void)pdf_get_bool(flag, need);
	return status;
}
