/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"

/* ISO 32000-2 7.7.3. */

#define NO_PARENT UINT32_MAX

/* What each ancestor past PDF_MAX_TREE_DEPTH counts for. */
#define ANCESTOR_WORK 64

/* A node of the tree; pages and intermediate ones alike. */
struct node {
	struct pdf_ref ref;
	uint32_t parent; /* index into nodes */
};

struct pdf_page_list {
	struct node *nodes; /* intermediate ones */
	size_t node_count, node_cap;
	struct node *pages;
	size_t page_count, page_cap;
};

struct walk {
	struct pdf_document *doc;
	struct pdf_page_list *list;
	struct node *pending; /* a stack, the next on top */
	size_t pending_count, pending_cap;
	struct pdf_set seen;
	struct pdf_arena arena;
};

void pdf_pages_free(struct pdf_document *doc)
{
	if (doc->pages == NULL)
		return;
	free(doc->pages->nodes);
	free(doc->pages->pages);
	free(doc->pages);
	doc->pages = NULL;
}

static enum deed_status add(struct node **list, size_t *count, size_t *cap,
			    struct node node, struct deed_error *err)
{
	if (!array_room(list, cap, *count + 1))
		return deed_error_memory(err);
	(*list)[(*count)++] = node;
	return DEED_OK;
}

static enum deed_status bad_tree(uint32_t num, const char *what,
				 struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "object %u in the page tree %s", num, what);
}

/* In reverse, so that the stack gives them back in the order of the pages. */
static enum deed_status push_kids(struct walk *w, struct node node,
				  const struct pdf_object *kids,
				  struct deed_error *err)
{
	uint32_t parent = (uint32_t)w->list->node_count;
	enum deed_status status;
	struct node kid;
	size_t i;

	status = add(&w->list->nodes, &w->list->node_count, &w->list->node_cap,
		     node, err);
	for (i = pdf_array_count(kids); status == DEED_OK && i > 0; i--) {
		kid.parent = parent;
		if (pdf_is(pdf_array_get(kids, i - 1), PDF_NULL))
			continue;
		if (!pdf_get_ref(pdf_array_get(kids, i - 1), &kid.ref))
			return bad_tree(node.ref.num,
					"has a kid that is no reference", err);
		if (!pdf_set_add(&w->seen, kid.ref.num))
			return bad_tree(kid.ref.num, "is reached twice", err);
		status = add(&w->pending, &w->pending_count, &w->pending_cap,
			     kid, err);
	}
	return status;
}

/* Readers that meet neither /Page nor /Pages differ in what they take it for.
 */
static enum deed_status visit(struct walk *w, struct node node,
			      struct deed_error *err)
{
	const struct pdf_object *kids;
	enum deed_status status;
	struct pdf_object *o;

	status = pdf_load(w->doc, node.ref.num, &w->arena, &o, err);
	if (status != DEED_OK)
		return status;
	if (o == NULL && node.parent == NO_PARENT)
		return bad_tree(node.ref.num, "is not there", err);
	if (o == NULL)
		return DEED_OK;
	if (!pdf_is(o, PDF_DICT))
		return bad_tree(node.ref.num, "is no dictionary", err);
	kids = pdf_dict_get(o, "Kids");
	if (kids == NULL || pdf_is_name(pdf_dict_get(o, "Type"), "Page")) {
		if (pdf_dict_get(o, "Type") != NULL &&
		    !pdf_is_name(pdf_dict_get(o, "Type"), "Page"))
			return bad_tree(node.ref.num,
					"is neither /Page nor /Pages", err);
		if (w->list->page_count == PDF_MAX_PAGES)
			return deed_error_set(err, DEED_LIMIT,
					      "more than %d pages",
					      PDF_MAX_PAGES);
		return add(&w->list->pages, &w->list->page_count,
			   &w->list->page_cap, node, err);
	}
	status = pdf_resolve(w->doc, kids, &kids, err);
	if (status == DEED_OK && !pdf_is(kids, PDF_ARRAY))
		return bad_tree(node.ref.num, "has a /Kids that is no array",
				err);
	if (status == DEED_OK)
		status = push_kids(w, node, kids, err);
	return status;
}

/* A stack of its own instead of recursion: the file decides how deep the tree
 * is.  The root counts as seen, so that no kid can lead back to it. */
static enum deed_status walk_tree(struct walk *w, struct deed_error *err)
{
	const struct pdf_object *catalog;
	struct node node = { .parent = NO_PARENT };
	enum deed_status status;

	status = pdf_catalog(w->doc, &catalog, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_get_ref(pdf_dict_get(catalog, "Pages"), &node.ref))
		return deed_error_set(err, DEED_MALFORMED,
				      "the catalog has no page tree");
	(void)pdf_set_add(&w->seen, node.ref.num);
	status =
		add(&w->pending, &w->pending_count, &w->pending_cap, node, err);
	while (status == DEED_OK && w->pending_count > 0) {
		status = visit(w, w->pending[--w->pending_count], err);
		pdf_arena_reset(&w->arena);
	}
	return status;
}

/* The list is set while it is made, as push_kids writes into it, and taken
 * back on failure: no half of a tree stays. */
static enum deed_status get_list(struct pdf_document *doc,
				 struct pdf_page_list **out,
				 struct deed_error *err)
{
	struct walk w = { .doc = doc, .arena = PDF_ARENA_INIT };
	enum deed_status status;

	*out = doc->pages;
	if (doc->pages != NULL)
		return DEED_OK;
	doc->pages = calloc(1, sizeof(*doc->pages));
	if (doc->pages == NULL)
		return deed_error_memory(err);
	w.list = doc->pages;
	status = pdf_set_init(&w.seen, doc, err);
	if (status == DEED_OK)
		status = walk_tree(&w, err);
	pdf_set_clear(&w.seen);
	pdf_arena_clear(&w.arena);
	free(w.pending);
	if (status != DEED_OK)
		pdf_pages_free(doc);
	*out = doc->pages;
	return status;
}

enum deed_status pdf_page_count(struct pdf_document *doc, size_t *out,
				struct deed_error *err)
{
	struct pdf_page_list *list;
	enum deed_status status;

	*out = 0;
	status = get_list(doc, &list, err);
	if (status == DEED_OK)
		*out = list->page_count;
	return status;
}

bool pdf_page_node(const struct pdf_document *doc, size_t i,
		   struct pdf_ref *out)
{
	if (doc->pages == NULL || i >= doc->pages->node_count)
		return false;
	*out = doc->pages->nodes[i].ref;
	return true;
}

/* Counted as users count in the message, from 0 in the code. */
static enum deed_status get_node(struct pdf_document *doc, size_t i,
				 struct node *out, struct deed_error *err)
{
	struct pdf_page_list *list;
	enum deed_status status;

	status = get_list(doc, &list, err);
	if (status != DEED_OK)
		return status;
	if (i >= list->page_count)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no page %zu: the document has "
				      "%zu",
				      i + 1, list->page_count);
	*out = list->pages[i];
	return DEED_OK;
}

enum deed_status pdf_page_ref(struct pdf_document *doc, size_t i,
			      struct pdf_ref *out, struct deed_error *err)
{
	struct node node = { 0 };
	enum deed_status status;

	status = get_node(doc, i, &node, err);
	*out = node.ref;
	return status;
}

/* From the page up through its ancestors in the tree, which /Parent may
 * belie. */
static enum deed_status inherit(struct pdf_document *doc, struct node node,
				const char *key, const struct pdf_object **out,
				struct deed_error *err)
{
	const struct pdf_object *dict;
	enum deed_status status;
	unsigned level;

	for (level = 0;; level++) {
		status = pdf_get_object(doc, node.ref, &dict, err);
		/* Nobody's tree is so deep, but one may be made to be. */
		if (status == DEED_OK && level >= PDF_MAX_TREE_DEPTH)
			status = pdf_charge(doc->core, ANCESTOR_WORK, err);
		if (status == DEED_OK)
			status = pdf_dict_resolve(doc, dict, key, out, err);
		if (status != DEED_OK || !pdf_is(*out, PDF_NULL) ||
		    node.parent == NO_PARENT)
			return status;
		node = doc->pages->nodes[node.parent];
	}
}

/* Inherited values are looked up along the tree that was walked, not along
 * /Parent, which may lead elsewhere. */
enum deed_status pdf_page_get(struct pdf_document *doc, size_t i,
			      struct pdf_page *out, struct deed_error *err)
{
	enum deed_status status;
	struct node node = { 0 };

	memset(out, 0, sizeof(*out));
	status = get_node(doc, i, &node, err);
	if (status != DEED_OK)
		return status;
	out->ref = node.ref;
	status = pdf_get_object(doc, node.ref, &out->dict, err);
	if (status == DEED_OK)
		status = inherit(doc, node, "Resources", &out->resources, err);
	if (status == DEED_OK)
		status = inherit(doc, node, "MediaBox", &out->media_box, err);
	if (status == DEED_OK)
		status = inherit(doc, node, "CropBox", &out->crop_box, err);
	if (status == DEED_OK)
		status = inherit(doc, node, "Rotate", &out->rotate, err);
	return status;
}
