/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/step.h"

/*
 * The parent tree of the structure (ISO 32000-2 14.7.5.4, 7.9.7): from what
 * stands on pages back to its elements.  It may get entries of new elements,
 * and no other.
 */

#define TREE_DEPTH 32
#define TREE_ENTRIES 2000000

struct pair {
	int64_t key;
	const struct pdf_object *value;
};

struct tree {
	struct pdf_step *s;
	struct pdf_document *view;
	struct pair *pairs;
	size_t count, cap, nodes;
	bool broken; /* out of order, too deep, too much */
	bool mark;   /* its nodes are compared here, not walked */
};

/* ISO 32000-1 7.9.7: the keys of a number tree ascend.  Where they do not,
 * readers find different entries. */
static enum deed_status add_pair(struct tree *t, int64_t key,
				 const struct pdf_object *value,
				 struct deed_error *err)
{
	if ((t->count > 0 && t->pairs[t->count - 1].key >= key) ||
	    t->count == TREE_ENTRIES) {
		t->broken = true;
		return DEED_OK;
	}
	if (!array_room(&t->pairs, &t->cap, t->count + 1))
		return deed_error_memory(err);
	t->pairs[t->count].key = key;
	t->pairs[t->count++].value = value;
	return DEED_OK;
}

/* The number of nodes is bounded as well as the depth: a tree may refer to the
 * same kids from many places. */
static enum deed_status read_node(struct tree *t, const struct pdf_object *item,
				  unsigned depth, struct deed_error *err)
{
	const struct pdf_object *node, *nums, *kids, *key;
	enum deed_status status;
	int64_t number;
	size_t i;

	if (depth > TREE_DEPTH || ++t->nodes > TREE_ENTRIES)
		t->broken = true;
	if (t->broken)
		return DEED_OK;
	if (t->mark && pdf_is(item, PDF_REF))
		(void)pdf_set_add(&t->s->structure, item->u.ref.num);
	status = pdf_resolve(t->view, item, &node, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(t->view, node, "Nums", &nums, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(t->view, node, "Kids", &kids, err);
	for (i = 0; status == DEED_OK && i + 1 < pdf_array_count(nums);
	     i += 2) {
		status =
			pdf_resolve(t->view, pdf_array_get(nums, i), &key, err);
		if (status == DEED_OK && !pdf_get_int(key, &number))
			t->broken = true;
		if (status == DEED_OK && !t->broken)
			status = add_pair(t, number, pdf_array_get(nums, i + 1),
					  err);
	}
	for (i = 0; status == DEED_OK && i < pdf_array_count(kids); i++)
		status = read_node(t, pdf_array_get(kids, i), depth + 1, err);
	return status;
}

/* Which elements are new is known when all have been walked. */
static enum deed_status new_entry(struct pdf_step *s, const struct pair *p,
				  int64_t next, struct deed_error *err)
{
	if (p->key < next || !pdf_is(p->value, PDF_REF) ||
	    pdf_step_existed(s, p->value->u.ref.num))
		return pdf_step_bad_structure(
			s, "an entry is added to the parent tree of",
			pdf_is(p->value, PDF_REF) ? p->value->u.ref.num : 0);
	if (!array_room(&s->parents, &s->parent_cap, s->parent_count + 1))
		return deed_error_memory(err);
	s->parents[s->parent_count++] = p->value->u.ref.num;
	return DEED_OK;
}

enum deed_status pdf_step_check_parents(struct pdf_step *s)
{
	size_t i;

	for (i = 0; i < s->parent_count; i++) {
		if (!pdf_set_has(&s->elements, s->parents[i]))
			return pdf_step_bad_structure(
				s, "an entry is added to the parent tree of",
				s->parents[i]);
	}
	return DEED_OK;
}

/* Both are sorted, and are passed through once. */
static enum deed_status merge_trees(struct pdf_step *s, const struct tree *a,
				    const struct tree *b, int64_t next,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i = 0, k;
	bool same;

	for (k = 0; status == DEED_OK && k < b->count; k++) {
		if (i == a->count || b->pairs[k].key < a->pairs[i].key) {
			status = new_entry(s, &b->pairs[k], next, err);
			continue;
		}
		if (b->pairs[k].key > a->pairs[i].key)
			break;
		status = pdf_step_equal(s, a->pairs[i].value, b->pairs[k].value,
					PLACE_STRUCTURE, &same, err);
		if (status == DEED_OK && !same)
			return pdf_step_bad_structure(
				s,
				"an entry is another in the parent tree "
				"of",
				0);
		i++;
	}
	if (status == DEED_OK && i < a->count)
		return pdf_step_bad_structure(
			s, "an entry is taken out of the parent tree of", 0);
	return status;
}

/* The least key that nothing in a can have meant. */
static int64_t next_key(const struct pdf_object *root, const struct tree *a)
{
	int64_t next = 0, said;

	if (a->count > 0)
		next = a->pairs[a->count - 1].key + 1;
	if (pdf_get_int(pdf_dict_get(root, "ParentTreeNextKey"), &said) &&
	    said > next)
		next = said;
	return next;
}

/* A tree that is broken has no key that is free for sure.  What failed is not
 * remembered as known. */
static enum deed_status find_next_parent(struct pdf_step *s,
					 struct deed_error *err)
{
	struct tree tree = { .s = s, .view = s->a };
	const struct pdf_object *root;
	enum deed_status status;

	status = pdf_catalog(s->a, &root, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->a, root, "StructTreeRoot", &root,
					  err);
	if (status == DEED_OK)
		status = read_node(&tree, pdf_dict_get(root, "ParentTree"), 0,
				   err);
	s->next_parent = tree.broken ? INT64_MAX : next_key(root, &tree);
	s->next_parent_known = status == DEED_OK;
	free(tree.pairs);
	return status;
}

/* A key that is no integer is not free: what it means differs with the reader.
 */
enum deed_status pdf_step_parent_free(struct pdf_step *s,
				      const struct pdf_object *key, bool *is,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	int64_t number;

	*is = false;
	if (!pdf_get_int(key, &number))
		return DEED_OK;
	if (!s->next_parent_known)
		status = find_next_parent(s, err);
	*is = status == DEED_OK && number >= s->next_parent;
	return status;
}

/* The old tree is read twice: only once it is known to be sound are its nodes
 * excused from the walk. */
enum deed_status pdf_step_parents(struct pdf_step *s,
				  const struct pdf_object *root_a,
				  const struct pdf_object *root_b,
				  struct deed_error *err)
{
	const struct pdf_object *top_a = pdf_dict_get(root_a, "ParentTree");
	const struct pdf_object *top_b = pdf_dict_get(root_b, "ParentTree");
	struct tree a = { .s = s, .view = s->a }, b = { .s = s, .view = s->b };
	struct tree marked = { .s = s, .view = s->a, .mark = true };
	enum deed_status status;

	status = read_node(&a, top_a, 0, err);
	if (status == DEED_OK && !a.broken)
		status = read_node(&b, top_b, 0, err);
	/* What is broken may stay as it is. */
	if (status == DEED_OK && a.broken)
		status = pdf_step_same(
			s, top_a, top_b,
			(struct pdf_part){ PDF_ID_STRUCTURE,
					   "the structure tree", 0 },
			slice_str("ParentTree"), PLACE_STRUCTURE, err);
	else if (status == DEED_OK && b.broken)
		status = pdf_step_bad_structure(
			s, "the parent tree is broken in", 0);
	else if (status == DEED_OK)
		status = merge_trees(s, &a, &b, next_key(root_a, &a), err);
	if (status == DEED_OK && !a.broken)
		status = read_node(&marked, top_a, 0, err);
	free(a.pairs);
	free(b.pairs);
	free(marked.pairs);
	return status;
}
