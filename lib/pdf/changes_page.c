/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

struct page {
	struct pdf_ref ref;
	size_t number; /* from 0; of no meaning to a node */
	struct pdf_arena *arena;
};

static const char *const content_keys[] = { "Contents", "Resources", "Group",
					    NULL };

/* What a page inherits, or has by default (table 31), may stand in itself. */
static enum deed_status was_inherited(struct pdf_step *s, size_t number,
				      struct slice key,
				      const struct pdf_object *b, bool *same,
				      struct deed_error *err)
{
	const struct pdf_object *a = NULL;
	enum deed_status status;
	struct pdf_page page;
	int64_t turn;

	*same = false;
	status = pdf_page_get(s->a, number, &page, err);
	if (status == DEED_OK)
		status = pdf_resolve(s->b, b, &b, err);
	if (status != DEED_OK)
		return status;
	if (slice_equal_str(key, "Resources"))
		a = page.resources;
	else if (slice_equal_str(key, "MediaBox"))
		a = page.media_box;
	else if (slice_equal_str(key, "CropBox"))
		a = pdf_is(page.crop_box, PDF_NULL) ? page.media_box
						    : page.crop_box;
	else if (slice_equal_str(key, "Rotate"))
		a = page.rotate;
	else
		return DEED_OK;
	if (slice_equal_str(key, "Rotate") && pdf_is(a, PDF_NULL)) {
		*same = pdf_get_int(b, &turn) && turn == 0;
		return DEED_OK;
	}
	return pdf_step_equal(s, a, b, PLACE_CONTENT, same, err);
}

/* One stream, and an array of this one. */
static bool same_contents(const struct pdf_object *a,
			  const struct pdf_object *b)
{
	if (pdf_array_count(a) == 1)
		a = pdf_array_get(a, 0);
	if (pdf_array_count(b) == 1)
		b = pdf_array_get(b, 0);
	return pdf_is(a, PDF_REF) && pdf_equal(a, b);
}

/* A page keeps every key that shows something.  Annotations are compared one
 * by one; Tabs orders them for the keyboard alone. */
static enum deed_status page_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	enum deed_status status;
	struct page *page = arg;
	bool same = false;

	if (slice_equal_str(key, "Annots"))
		return pdf_step_annots(s, page->number, a, b, page->arena, err);
	if (pdf_step_is_private(key))
		return DEED_OK;
	if (a == NULL && slice_equal_str(key, "Tabs"))
		return DEED_OK;
	/* By a key that means something, what is read aloud of the page would
	 * be what was signed of another. */
	if (a == NULL && slice_equal_str(key, "StructParents")) {
		status = pdf_step_parent_free(s, b, &same, err);
		if (status != DEED_OK || same)
			return status;
	}
	if (a == NULL) {
		status = was_inherited(s, page->number, key, b, &same, err);
		if (status != DEED_OK || same)
			return status;
	}
	if (slice_equal_str(key, "Contents") && same_contents(a, b))
		return pdf_step_follow(s, a, PLACE_CONTENT, err);
	return pdf_step_same(
		s, a, b, (struct pdf_part){ PDF_ID_PAGE, NULL, page->ref.num },
		key,
		pdf_name_in(key, content_keys) ? PLACE_CONTENT
					       : PLACE_STRUCTURE,
		err);
}

/* What a node hands down (7.7.3.4) is as much of its pages as what they hold
 * themselves, so that /Resources counts as content here too. */
static enum deed_status node_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	struct page *node = arg;

	if (pdf_step_is_private(key))
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
				     size_t number, pdf_key_fn *key,
				     struct pdf_arena *arena,
				     struct deed_error *err)
{
	struct page node = { ref, number, arena };
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

/* All numbers are known as nodes before the first is compared: a node refers
 * to others by /Kids and /Parent, and those must not be walked as plain
 * objects. */
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
		status = compare_node(s, ref, 0, node_key, arena, err);
	return status;
}

/* Pages are held to their numbers and order before any is compared: a page
 * that is another under the same number shows in its keys.  All are of the
 * structure, so that no walk compares them as a whole. */
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
		s->origin = (struct pdf_origin){ .kind = PDF_FROM_PAGE,
						 .number = (uint32_t)i + 1 };
		if (status == DEED_OK)
			status = compare_node(s, a, i, page_key, &arena, err);
	}
	pdf_arena_clear(&arena);
	return status;
}
