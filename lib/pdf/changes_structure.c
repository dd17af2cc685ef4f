/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

/*
 * The structure tree (ISO 32000-2 14.7): what is read aloud, and copied.  A
 * signature that is added to a tagged document gets an element of its own, a
 * /Form at the end of some list of kids, and an entry in the parent tree.
 * Anything else could say something that no page shows.
 */

#define NEW_DEPTH 8

enum deed_status pdf_step_bad_structure(struct pdf_step *s, const char *what,
					uint32_t num)
{
	return pdf_step_other(s, PDF_ID_STRUCTURE,
			      "%s the structure that is read aloud and copied "
			      "(object %u)",
			      what, (unsigned)num);
}

/* ---- new elements ---- */

/* A list of what is allowed: a key that no one has thought of may carry text
 * (/ActualText, /Lang) that is read aloud. */
static bool only_keys(const struct pdf_object *dict, const char *const *list)
{
	size_t i;

	for (i = 0; i < dict->u.dict.count; i++) {
		if (!pdf_name_in(dict->u.dict.entries[i].key, list))
			return false;
	}
	return true;
}

/* The text of an element is that of the field that it stands for. */
static enum deed_status says_the_same(struct pdf_step *s,
				      const struct pdf_object *alt,
				      struct pdf_ref widget, bool *out,
				      struct deed_error *err)
{
	const struct pdf_object *dict, *tu;
	enum deed_status status;

	*out = alt == NULL;
	if (*out)
		return DEED_OK;
	status = pdf_get_object(s->b, widget, &dict, err);
	if (status == DEED_OK && pdf_dict_get(dict, "TU") == NULL)
		status = pdf_dict_resolve(s->b, dict, "Parent", &dict, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->b, dict, "TU", &tu, err);
	if (status == DEED_OK)
		status = pdf_resolve(s->b, alt, &alt, err);
	*out = status == DEED_OK && pdf_is(alt, PDF_STRING) &&
	       pdf_equal(alt, tu);
	return status;
}

/* /Form: it holds one reference to a widget that the update brought. */
static enum deed_status check_form(struct pdf_step *s,
				   const struct pdf_object *dict, uint32_t num,
				   struct deed_error *err)
{
	static const char *const keys[] = { "Type", "S",   "P", "K",
					    "Pg",   "Alt", NULL };
	static const char *const inner[] = { "Type", "Obj", "Pg", NULL };
	const struct pdf_object *kid;
	enum deed_status status;
	struct pdf_ref widget;
	bool same;

	status = pdf_dict_resolve(s->b, dict, "K", &kid, err);
	if (status == DEED_OK && pdf_array_count(kid) == 1)
		status = pdf_resolve(s->b, pdf_array_get(kid, 0), &kid, err);
	if (status != DEED_OK)
		return status;
	if (!only_keys(dict, keys) || !pdf_is(kid, PDF_DICT) ||
	    !only_keys(kid, inner) ||
	    !pdf_is_name(pdf_dict_get(kid, "Type"), "OBJR") ||
	    !pdf_get_ref(pdf_dict_get(kid, "Obj"), &widget) ||
	    !(pdf_set_has(&s->new_fields, widget.num) ||
	      pdf_set_has(&s->filled, widget.num)))
		return pdf_step_bad_structure(
			s,
			"an element that is no new signature's is added "
			"to",
			num);
	status =
		says_the_same(s, pdf_dict_get(dict, "Alt"), widget, &same, err);
	if (status == DEED_OK && !same)
		return pdf_step_bad_structure(
			s,
			"an element that says something else than its "
			"field is added to",
			num);
	return status;
}

static enum deed_status new_kids(struct pdf_step *s,
				 const struct pdf_object *kids, unsigned depth,
				 struct deed_error *err);

/* A tagged PDF gets an element for a new signature (ISO 14289-1 7.18.4);
 * groups around it may be new, and nothing else. */
static enum deed_status new_element(struct pdf_step *s,
				    const struct pdf_object *item,
				    unsigned depth, struct deed_error *err)
{
	static const char *const groups[] = { "Document", "Part",      "Sect",
					      "Div",	  "NonStruct", NULL };
	static const char *const keys[] = { "Type", "S", "P", "K", NULL };
	const struct pdf_object *dict;
	struct pdf_ref ref = { 0, 0 };
	enum deed_status status;

	if (!pdf_get_ref(item, &ref) || pdf_step_existed(s, ref.num) ||
	    depth > NEW_DEPTH)
		return pdf_step_bad_structure(s, "something is added to",
					      ref.num);
	if (!pdf_set_add(&s->elements, ref.num))
		return pdf_step_bad_structure(s, "an element stands twice in",
					      ref.num);
	status = pdf_get_object(s->b, ref, &dict, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(dict, PDF_DICT))
		return pdf_step_bad_structure(s, "something is added to",
					      ref.num);
	pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
	if (pdf_is_name(pdf_dict_get(dict, "S"), "Form"))
		return check_form(s, dict, ref.num, err);
	if (!pdf_name_in(pdf_get_name(pdf_dict_get(dict, "S")), groups) ||
	    !only_keys(dict, keys))
		return pdf_step_bad_structure(
			s,
			"an element that is no new signature's is added "
			"to",
			ref.num);
	return new_kids(s, pdf_dict_get(dict, "K"), depth + 1, err);
}

static enum deed_status new_kids(struct pdf_step *s,
				 const struct pdf_object *kids, unsigned depth,
				 struct deed_error *err)
{
	const struct pdf_object *list;
	enum deed_status status;
	size_t i;

	if (kids == NULL)
		return DEED_OK;
	status = pdf_resolve(s->b, kids, &list, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(list, PDF_ARRAY))
		return new_element(s, kids, depth, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(list); i++)
		status = new_element(s, pdf_array_get(list, i), depth, err);
	return status;
}

/* ---- kids that there were ---- */

/* A list of kids, or the one kid that stands for a list. */
struct kids {
	const struct pdf_object *one, *list;
	size_t count;
};

/* One kid need not stand in an array (table 355): a list of one then.  A null
 * is no kid. */
static enum deed_status read_kids(struct pdf_document *view,
				  const struct pdf_object *value,
				  struct kids *out, struct deed_error *err)
{
	enum deed_status status = pdf_resolve(view, value, &out->list, err);

	out->one = value;
	out->count = pdf_is(out->list, PDF_ARRAY)
			     ? pdf_array_count(out->list)
			     : !pdf_is(out->list, PDF_NULL);
	return status;
}

static const struct pdf_object *kid_at(const struct kids *k, size_t i)
{
	return pdf_is(k->list, PDF_ARRAY) ? pdf_array_get(k->list, i) : k->one;
}

/* Those of a, in their order, then new ones. */
static enum deed_status compare_kids(struct pdf_step *s,
				     const struct pdf_object *a,
				     const struct pdf_object *b, uint32_t num,
				     struct deed_error *err)
{
	struct kids before, after;
	enum deed_status status;
	bool same;
	size_t i;

	status = read_kids(s->a, a, &before, err);
	if (status == DEED_OK)
		status = read_kids(s->b, b, &after, err);
	if (status != DEED_OK)
		return status;
	/* The list has been compared: it is not to be walked as it stands. */
	if (pdf_is(a, PDF_REF) && pdf_is(before.list, PDF_ARRAY))
		(void)pdf_set_add(&s->structure, a->u.ref.num);
	if (after.count < before.count)
		return pdf_step_bad_structure(s, "an element is taken out of",
					      num);
	for (i = 0; status == DEED_OK && i < after.count; i++) {
		if (i >= before.count) {
			status = new_element(s, kid_at(&after, i), 0, err);
			continue;
		}
		status =
			pdf_step_equal(s, kid_at(&before, i), kid_at(&after, i),
				       PLACE_STRUCTURE, &same, err);
		if (status == DEED_OK && !same)
			return pdf_step_bad_structure(
				s, "an element is another in", num);
	}
	return status;
}

struct element {
	uint32_t num;
};

/* The list of kids alone may grow, at its end; what the element says of itself
 * (/Alt, /ActualText, /S) was signed. */
static enum deed_status element_key(struct pdf_step *s, void *arg,
				    struct slice key,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	const struct element *e = arg;

	if (slice_equal_str(key, "K"))
		return compare_kids(s, a, b, e->num, err);
	return pdf_step_same(s, a, b,
			     (struct pdf_part){ PDF_ID_STRUCTURE,
						"a structure element", e->num },
			     key, PLACE_STRUCTURE, err);
}

enum deed_status pdf_step_element(struct pdf_step *s, uint32_t num,
				  const struct pdf_object *a,
				  const struct pdf_object *b, bool *is,
				  struct deed_error *err)
{
	struct element e = { num };

	*is = s->origin.kind == PDF_FROM_KEY &&
	      slice_equal_str(s->origin.key, "StructTreeRoot") &&
	      pdf_is(a, PDF_DICT) && pdf_is(b, PDF_DICT) &&
	      pdf_is(pdf_dict_get(a, "S"), PDF_NAME) &&
	      pdf_dict_get(a, "P") != NULL;
	return *is ? pdf_step_keys(s, a, b, element_key, &e, err) : DEED_OK;
}

/* ---- the root ---- */

/* A new map that maps nothing. */
static bool is_empty(const struct pdf_step *s, const struct pdf_object *b)
{
	return pdf_resolve(s->b, b, &b, NULL) == DEED_OK &&
	       pdf_is(b, PDF_DICT) && b->u.dict.count == 0;
}

/* /ParentTree is compared by its entries afterwards (pdf_step_parents).  The
 * next key may only rise: by one that falls an old key would be given away
 * anew. */
static enum deed_status root_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	int64_t before = 0, after = 0;

	(void)arg;
	if (a == NULL && is_empty(s, b))
		return DEED_OK;
	if (slice_equal_str(key, "K"))
		return compare_kids(s, a, b, 0, err);
	if (slice_equal_str(key, "ParentTree") || pdf_step_is_private(key) ||
	    (slice_equal_str(key, "Type") && a == NULL))
		return DEED_OK;
	if (slice_equal_str(key, "ParentTreeNextKey") &&
	    (a == NULL || pdf_get_int(a, &before)) && pdf_get_int(b, &after) &&
	    after >= before)
		return DEED_OK;
	return pdf_step_same(
		s, a, b,
		(struct pdf_part){ PDF_ID_STRUCTURE, "the structure tree", 0 },
		key, PLACE_STRUCTURE, err);
}

/* A tree may come where there was none (a NULL): its elements are then all
 * new, and held to what new ones may be. */
enum deed_status pdf_step_structure(struct pdf_step *s,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	enum deed_status status;

	if (pdf_is(a, PDF_REF))
		(void)pdf_set_add(&s->structure, a->u.ref.num);
	status = pdf_step_resolve(s, &a, &b, err);
	if (status != DEED_OK)
		return status;
	if (pdf_is(a, PDF_DICT) && !pdf_is(b, PDF_DICT))
		return pdf_step_bad_structure(s, "nothing is left of", 0);
	status = pdf_step_keys(s, a, b, root_key, NULL, err);
	return status == DEED_OK ? pdf_step_parents(s, a, b, err) : status;
}
