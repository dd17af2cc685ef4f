/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

struct page {
	struct pdf_ref ref;
	struct pdf_arena *arena;
};

static const char *const content_keys[] = { "Contents", "Resources", "Group",
					    NULL };

/* An item of /Annots in a view, read into the page's arena. */
static enum deed_status load_item(struct pdf_document *view,
				  const struct pdf_object *item,
				  struct pdf_arena *arena,
				  const struct pdf_object **out,
				  struct deed_error *err)
{
	struct pdf_object *loaded;
	enum deed_status status;

	*out = item;
	if (!pdf_is(item, PDF_REF))
		return DEED_OK;
	/* Of another generation it is null, or what some readers take it
	 * for. */
	*out = NULL;
	if (pdf_locate(view, item->u.ref.num).gen != item->u.ref.gen)
		return DEED_OK;
	status = pdf_load(view, item->u.ref.num, arena, &loaded, err);
	*out = loaded;
	return status;
}

static bool is_widget(const struct pdf_object *o)
{
	return pdf_is_name(pdf_dict_get(o, "Subtype"), "Widget") ||
	       pdf_dict_get(o, "FT") != NULL;
}

/* What was signed of it is not what is seen any more. */
static void changed_annotation(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, uint32_t num)
{
	bool harmless = pdf_annotation_cover(s->a, a) == PDF_COVER_NOTHING &&
			pdf_annotation_cover(s->b, b) == PDF_COVER_NOTHING;

	pdf_step_cover(s, harmless ? PDF_COVER_NOTHING : PDF_COVER_FORGES,
		       "changed", pdf_get_name(pdf_dict_get(a, "Subtype")),
		       num);
}

/* An annotation that stands in both. */
static enum deed_status kept_annotation(struct pdf_step *s,
					const struct pdf_object *item,
					struct pdf_arena *arena,
					struct deed_error *err)
{
	const struct pdf_object *a, *b;
	enum deed_status status;

	if (pdf_is(item, PDF_REF) && pdf_set_has(&s->parts, item->u.ref.num))
		return DEED_OK;
	status = load_item(s->a, item, arena, &a, err);
	if (status != DEED_OK)
		return status;
	if (is_widget(a)) {
		if (pdf_is(item, PDF_REF))
			return pdf_step_field(s, item->u.ref, SLICE_NONE, 0,
					      false, err);
		return pdf_step_follow(s, a, PLACE_STRUCTURE, err);
	}
	if (pdf_is(item, PDF_REF)) {
		(void)pdf_set_add(&s->parts, item->u.ref.num);
		if (pdf_step_touched(s, item->u.ref.num)) {
			status = load_item(s->b, item, arena, &b, err);
			if (status != DEED_OK)
				return status;
			if (is_widget(b))
				return pdf_step_other(s, PDF_ID_FORM,
						      "an annotation turns "
						      "into a form field "
						      "(object %u)",
						      item->u.ref.num);
			if (!pdf_equal(a, b))
				changed_annotation(s, a, b, item->u.ref.num);
		}
	}
	return pdf_step_follow(s, a, PLACE_ANNOTATION, err);
}

static enum deed_status gone_annotation(struct pdf_step *s,
					const struct pdf_object *item,
					struct pdf_arena *arena,
					struct deed_error *err)
{
	const struct pdf_object *a;
	enum deed_status status;

	status = load_item(s->a, item, arena, &a, err);
	if (status != DEED_OK)
		return status;
	if (is_widget(a))
		return pdf_step_other(s, PDF_ID_FORM,
				      "a form field is taken off a page");
	pdf_step_cover(s,
		       pdf_annotation_cover(s->a, a) == PDF_COVER_NOTHING
			       ? PDF_COVER_NOTHING
			       : PDF_COVER_FORGES,
		       "gone", pdf_get_name(pdf_dict_get(a, "Subtype")),
		       pdf_is(item, PDF_REF) ? item->u.ref.num : 0);
	return DEED_OK;
}

static enum deed_status new_annotation(struct pdf_step *s,
				       const struct pdf_object *item,
				       struct pdf_arena *arena,
				       struct deed_error *err)
{
	const struct pdf_object *b;
	enum deed_status status;
	struct slice kind;
	uint32_t num = 0;

	if (pdf_is(item, PDF_REF)) {
		num = item->u.ref.num;
		/* The widget of a field that was there but on no page: what
		 * it shows was signed, where it is shown was not. */
		if (pdf_step_existed(s, num))
			return pdf_step_other(s, PDF_ID_FORM,
					      "object %u is put on a page",
					      num);
	}
	status = load_item(s->b, item, arena, &b, err);
	if (status != DEED_OK)
		return status;
	if (num != 0 && !pdf_set_add(&s->placed, num))
		return pdf_step_other(s, PDF_ID_FIELD,
				      "object %u is put on the pages twice",
				      num);
	/* What is no widget is an annotation, whatever else it says it is. */
	kind = pdf_get_name(pdf_dict_get(b, "Subtype"));
	if (!slice_equal_str(kind, "Widget"))
		pdf_step_cover(s, pdf_annotation_cover(s->b, b), "new", kind,
			       num);
	else if (!pdf_set_has(&s->new_fields, num))
		return pdf_step_new_field(s, item, (struct pdf_new_field){ 0 },
					  err);
	return DEED_OK;
}

/* Those of a keep their order; what b has between them is new. */
static enum deed_status compare_annots(struct pdf_step *s,
				       const struct pdf_object *a,
				       const struct pdf_object *b,
				       struct pdf_arena *arena,
				       struct deed_error *err)
{
	enum deed_status status;
	size_t i = 0, k;

	status = load_item(s->a, a, arena, &a, err);
	if (status == DEED_OK)
		status = load_item(s->b, b, arena, &b, err);
	for (k = 0; status == DEED_OK && k < pdf_array_count(b); k++) {
		const struct pdf_object *item = pdf_array_get(b, k);
		bool existed = pdf_is(item, PDF_REF) &&
			       pdf_step_existed(s, item->u.ref.num);

		while (status == DEED_OK && existed && i < pdf_array_count(a) &&
		       !pdf_equal(pdf_array_get(a, i), item))
			status = gone_annotation(s, pdf_array_get(a, i++),
						 arena, err);
		if (status != DEED_OK)
			break;
		if (i < pdf_array_count(a) &&
		    pdf_equal(pdf_array_get(a, i), item)) {
			i++;
			status = kept_annotation(s, item, arena, err);
		} else {
			status = new_annotation(s, item, arena, err);
		}
	}
	for (; status == DEED_OK && i < pdf_array_count(a); i++)
		status = gone_annotation(s, pdf_array_get(a, i), arena, err);
	return status;
}

static enum deed_status page_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	struct page *page = arg;

	if (slice_equal_str(key, "Annots"))
		return compare_annots(s, a, b, page->arena, err);
	if (a == NULL &&
	    (slice_equal_str(key, "Tabs") ||
	     (slice_equal_str(key, "StructParents") && pdf_is(b, PDF_INT))))
		return DEED_OK;
	return pdf_step_same(
		s, a, b,
		(struct pdf_part){ PDF_ID_PAGE, "a page", page->ref.num }, key,
		pdf_name_in(key, content_keys) ? PLACE_CONTENT
					       : PLACE_STRUCTURE,
		err);
}

static enum deed_status node_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	struct page *node = arg;

	/* iText leaves its version there. */
	if (slice_equal_str(key, "ITXT") && a == NULL && pdf_is(b, PDF_STRING))
		return DEED_OK;
	return pdf_step_same(s, a, b,
			     (struct pdf_part){ PDF_ID_PAGE, "the page tree",
						node->ref.num },
			     key,
			     pdf_name_in(key, content_keys) ? PLACE_CONTENT
							    : PLACE_STRUCTURE,
			     err);
}

/* A page, or an intermediate node, key by key. */
static enum deed_status compare_node(struct pdf_step *s, struct pdf_ref ref,
				     pdf_key_fn *key, struct pdf_arena *arena,
				     struct deed_error *err)
{
	struct page node = { ref, arena };
	struct pdf_object *a, *b;
	enum deed_status status;

	status = pdf_load(s->a, ref.num, arena, &a, err);
	if (status == DEED_OK)
		status = pdf_load(s->b, ref.num, arena, &b, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, a, b, key, &node, err);
	pdf_arena_reset(arena);
	return status;
}

static enum deed_status compare_nodes(struct pdf_step *s,
				      struct pdf_arena *arena,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_ref ref;
	size_t i;

	for (i = 0; status == DEED_OK && pdf_page_node(s->a, i, &ref); i++)
		(void)pdf_set_add(&s->structure, ref.num);
	for (i = 0; status == DEED_OK && pdf_page_node(s->a, i, &ref); i++)
		status = compare_node(s, ref, node_key, arena, err);
	return status;
}

enum deed_status pdf_step_pages(struct pdf_step *s, struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_ref a = { 0 }, b = { 0 };
	enum deed_status status;
	size_t count, after, i;

	status = pdf_page_count(s->a, &count, err);
	if (status == DEED_OK)
		status = pdf_page_count(s->b, &after, err);
	if (status != DEED_OK)
		return status;
	if (count != after)
		return pdf_step_other(s, PDF_ID_PAGE,
				      "there were %zu pages, and are %zu",
				      count, after);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_page_ref(s->a, i, &a, err);
		if (status == DEED_OK)
			status = pdf_page_ref(s->b, i, &b, err);
		if (status == DEED_OK && (a.num != b.num || a.gen != b.gen))
			status = pdf_step_other(s, PDF_ID_PAGE,
						"page %zu is another one",
						i + 1);
		(void)pdf_set_add(&s->structure, a.num);
	}
	if (status == DEED_OK)
		status = compare_nodes(s, &arena, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_page_ref(s->a, i, &a, err);
		if (status == DEED_OK)
			status = compare_node(s, a, page_key, &arena, err);
	}
	pdf_arena_clear(&arena);
	return status;
}
