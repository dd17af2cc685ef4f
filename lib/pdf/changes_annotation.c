/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/annotation.h"
#include "pdf/painted.h"
#include "pdf/step.h"

/* The annotations of one page, in both views. */
struct annots {
	size_t page; /* from 0 */
	struct pdf_arena *arena;
};

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

/* An annotation as readers take it, wherever its /Subtype stands. */
struct annot {
	const struct pdf_object *dict;
	struct slice kind; /* /Subtype */
	bool widget;	   /* by its kind */
	bool field;	   /* or by what it has of a field */
};

static enum deed_status load_annot(struct pdf_document *view,
				   const struct pdf_object *item,
				   struct pdf_arena *arena, struct annot *out,
				   struct deed_error *err)
{
	const struct pdf_object *kind = NULL;
	enum deed_status status;

	status = load_item(view, item, arena, &out->dict, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(view, out->dict, "Subtype", &kind,
					  err);
	out->kind = pdf_get_name(kind);
	out->widget = slice_equal_str(out->kind, "Widget");
	out->field = out->widget || pdf_dict_get(out->dict, "FT") != NULL;
	return status;
}

/* ---- those that stand in both ---- */

/* Keys that neither paint nor say anything on the page.  /RT is none: a note
 * of a group says what the note of its /IRT says (12.5.6.2). */
static const char *const silent_keys[] = { "CreationDate", "M", "NM",
					   "Open",	   "P", "Popup",
					   "StructParent", NULL };

/* Does it paint, or say in a note, another thing? */
static enum deed_status other_sight(struct pdf_step *s, void *arg,
				    struct slice key,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	bool *other = arg, same = true;
	enum deed_status status = DEED_OK;

	if (pdf_name_in(key, silent_keys) || pdf_step_is_private(key))
		return DEED_OK;
	status = pdf_step_equal(s, a, b, PLACE_ANNOTATION, &same, err);
	*other = *other || !same;
	return status;
}

/* Its actions are held to more than its look: one that acts otherwise is
 * OTHER, whatever signatures allow, and is asked for before the level is
 * raised. */
static enum deed_status changed_annotation(struct pdf_step *s,
					   const struct annots *at,
					   const struct annot *a,
					   const struct annot *b, uint32_t num,
					   struct deed_error *err)
{
	enum deed_status status;
	bool other = false;

	status = pdf_step_keys(s, a->dict, b->dict, other_sight, &other, err);
	if (status == DEED_OK)
		status = pdf_step_acts(s, a->dict, b->dict, num, err);
	if (status != DEED_OK)
		return status;
	pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	if (!other)
		return DEED_OK;
	/* What was signed of it is not what is seen any more. */
	pdf_step_lost(s, "changed", a->kind, num);
	return pdf_step_box(s, at->page, b->dict, num, NULL, NULL, err);
}

/* What was there to be seen may be gone, a reader's own mark too. */
static enum deed_status left_place(struct pdf_step *s, size_t page,
				   const struct pdf_object *b, uint32_t num,
				   const struct pdf_rect *was, bool paints,
				   struct deed_error *err)
{
	const struct pdf_object *box;
	enum deed_status status;
	struct pdf_rect now;
	bool there;

	status = pdf_dict_resolve(s->b, b, "Rect", &box, err);
	if (status == DEED_OK)
		status = pdf_rect_read(s->b, box, &there, &now, err);
	if (status == DEED_OK &&
	    (!paints || !there || memcmp(was, &now, sizeof(now)) != 0))
		pdf_step_place(s, page, was, num);
	return status;
}

/* A field, or its widget: the form has compared it. What is filled in stays
 * within the place that was signed, or is a box like any other. */
static enum deed_status kept_widget(struct pdf_step *s, const struct annots *at,
				    const struct pdf_object *item,
				    const struct annot *a,
				    struct deed_error *err)
{
	const struct pdf_object *b, *box, *flags;
	uint32_t num = item->u.ref.num;
	enum deed_status status;
	struct pdf_rect within;
	bool there, paints, seen;

	status = pdf_step_field(s, item->u.ref, SLICE_NONE, 0, false, err);
	if (status != DEED_OK || !pdf_set_has(&s->filled, num))
		return status;
	status = load_item(s->b, item, at->arena, &b, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->a, a->dict, "Rect", &box, err);
	if (status == DEED_OK)
		status = pdf_rect_read(s->a, box, &there, &within, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->a, a->dict, "F", &flags, err);
	if (status != DEED_OK)
		return status;
	/* Nobody knew of a place that no reader showed. */
	seen = a->widget &&
	       (pdf_annotation_flags(flags) & PDF_ANNOTATION_UNSEEN) == 0;
	status = pdf_step_box(s, at->page, b, num,
			      there && seen ? &within : NULL, &paints, err);
	if (status == DEED_OK && there)
		status = left_place(s, at->page, b, num, &within, paints, err);
	/* A time-stamp is upkeep as long as nobody sees it. */
	if (status == DEED_OK && paints)
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
	return status;
}

/* Fields are compared by the form, and widgets there with their field; here
 * only what stands on the page is looked at.  A number in parts has been
 * compared, unless its field was filled in: then its place matters. */
static enum deed_status kept_annotation(struct pdf_step *s,
					const struct annots *at,
					const struct pdf_object *item,
					struct deed_error *err)
{
	enum deed_status status;
	struct annot a, b;
	uint32_t num;

	if (pdf_is(item, PDF_REF) && pdf_set_has(&s->parts, item->u.ref.num) &&
	    !pdf_set_has(&s->filled, item->u.ref.num))
		return DEED_OK;
	status = load_annot(s->a, item, at->arena, &a, err);
	if (status != DEED_OK)
		return status;
	if (a.field) {
		if (pdf_is(item, PDF_REF))
			return kept_widget(s, at, item, &a, err);
		return pdf_step_follow(s, a.dict, PLACE_STRUCTURE, err);
	}
	if (!pdf_is(item, PDF_REF))
		return pdf_step_follow(s, a.dict, PLACE_ANNOTATION, err);
	num = item->u.ref.num;
	(void)pdf_set_add(&s->parts, num);
	if (pdf_step_touched(s, num)) {
		status = load_annot(s->b, item, at->arena, &b, err);
		if (status != DEED_OK)
			return status;
		if (b.field)
			return pdf_step_other(s, PDF_ID_FORM,
					      "an annotation turns into a form "
					      "field (object %u)",
					      num);
		if (!pdf_equal(a.dict, b.dict))
			status = changed_annotation(s, at, &a, &b, num, err);
	}
	/* What it does when it is clicked is no part of its look. */
	if (status == DEED_OK)
		status = pdf_step_follow_acts(s, a.dict, err);
	return status == DEED_OK
		       ? pdf_step_follow(s, a.dict, PLACE_ANNOTATION, err)
		       : status;
}

/* ---- those that are gone ---- */

/* A widget belongs to a field, which must not go; a note may, if somebody says
 * that it did.  One that painted nothing is not missed. */
static enum deed_status gone_annotation(struct pdf_step *s,
					const struct annots *at,
					const struct pdf_object *item,
					struct deed_error *err)
{
	struct pdf_painted painted;
	enum deed_status status;
	struct pdf_sheet sheet;
	struct pdf_page page;
	struct annot a;

	status = load_annot(s->a, item, at->arena, &a, err);
	if (status != DEED_OK)
		return status;
	if (a.field)
		return pdf_step_other(s, PDF_ID_FORM,
				      "a form field is taken off page %zu, or "
				      "stands there in another order",
				      at->page + 1);
	pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	status = pdf_page_get(s->a, at->page, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(s->a, &page, &sheet, err);
	if (status == DEED_OK)
		status = pdf_painted_read(s->a, a.dict, &sheet, &painted, err);
	if (status == DEED_OK && painted.any)
		pdf_step_lost(s, "gone", a.kind,
			      pdf_is(item, PDF_REF) ? item->u.ref.num : 0);
	return status;
}

/* ---- those that are new ---- */

/* Asked once a step, and only where a field that was on no page appears on
 * one.  Fields that cannot be listed leave the set empty, which allows less.
 */
static void find_unplaced(struct pdf_step *s)
{
	const struct pdf_field *fields;
	size_t count, i;

	s->unplaced_known = true;
	if (pdf_fields(s->a, &fields, &count, NULL) != DEED_OK)
		return;
	for (i = 0; i < count; i++) {
		if (slice_equal_str(fields[i].type, "Sig") &&
		    !fields[i].in_page && fields[i].ref.num != 0)
			(void)pdf_set_add(&s->unplaced, fields[i].ref.num);
	}
}

/* The widget of a field that was there but on no page: signing it may put it
 * there (ISO 32000-2 12.7.5.5), nothing else may. */
static bool is_placed_by_signing(struct pdf_step *s, uint32_t num)
{
	if (!pdf_set_has(&s->filled, num))
		return false;
	if (!s->unplaced_known)
		find_unplaced(s);
	return pdf_set_has(&s->unplaced, num);
}

/* A widget on a page need not stand in the form: then it is judged here as a
 * new field.  One that paints is at least filling in a form, even where its
 * field was known. */
static enum deed_status new_widget(struct pdf_step *s, const struct annots *at,
				   const struct pdf_object *item,
				   const struct pdf_object *b, uint32_t num,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool paints;

	if (!pdf_set_has(&s->new_fields, num) && !pdf_set_has(&s->filled, num))
		status = pdf_step_new_field(s, item,
					    (struct pdf_new_field){ 0 }, err);
	if (status == DEED_OK)
		status = pdf_step_box(s, at->page, b, num, NULL, &paints, err);
	if (status == DEED_OK && paints)
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
	return status;
}

/* An object that was there before does not become an annotation: what it was,
 * a form or a picture perhaps, was signed for another use. */
static enum deed_status new_annotation(struct pdf_step *s,
				       const struct annots *at,
				       const struct pdf_object *item,
				       struct deed_error *err)
{
	enum deed_status status;
	uint32_t num = 0;
	struct annot b;

	if (pdf_is(item, PDF_REF)) {
		num = item->u.ref.num;
		if (pdf_step_existed(s, num) && !is_placed_by_signing(s, num))
			return pdf_step_other(s, PDF_ID_FORM,
					      "object %u is put on page %zu",
					      num, at->page + 1);
	}
	status = load_annot(s->b, item, at->arena, &b, err);
	if (status != DEED_OK)
		return status;
	if (num != 0 && !pdf_set_add(&s->placed, num))
		return pdf_step_other(s, PDF_ID_FIELD,
				      "object %u is put on the pages twice",
				      num);
	/* What is no widget is an annotation, whatever else it says it is. */
	if (b.widget)
		return new_widget(s, at, item, b.dict, num, err);
	pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	status = pdf_step_acts(s, NULL, b.dict, num, err);
	return status == DEED_OK
		       ? pdf_step_box(s, at->page, b.dict, num, NULL, NULL, err)
		       : status;
}

/* ---- the list ---- */

/* Those of a keep their order; what b has between them is new. */
enum deed_status pdf_step_annots(struct pdf_step *s, size_t page,
				 const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct pdf_arena *arena,
				 struct deed_error *err)
{
	struct annots at = { page, arena };
	enum deed_status status;
	size_t i = 0, k;

	status = load_item(s->a, a, arena, &a, err);
	if (status == DEED_OK)
		status = load_item(s->b, b, arena, &b, err);
	/* Poppler shows no page whose list is none. */
	if (status == DEED_OK && !pdf_is(b, PDF_NULL) && !pdf_is(b, PDF_ARRAY))
		return pdf_step_other(s, PDF_ID_PAGE,
				      "/Annots of page %zu is no list",
				      page + 1);
	for (k = 0; status == DEED_OK && k < pdf_array_count(b); k++) {
		const struct pdf_object *item = pdf_array_get(b, k);
		bool existed = pdf_is(item, PDF_REF) &&
			       pdf_step_existed(s, item->u.ref.num) &&
			       !is_placed_by_signing(s, item->u.ref.num);

		while (status == DEED_OK && existed && i < pdf_array_count(a) &&
		       !pdf_equal(pdf_array_get(a, i), item))
			status = gone_annotation(s, &at, pdf_array_get(a, i++),
						 err);
		if (status != DEED_OK)
			break;
		if (i < pdf_array_count(a) &&
		    pdf_equal(pdf_array_get(a, i), item)) {
			i++;
			status = kept_annotation(s, &at, item, err);
		} else {
			status = new_annotation(s, &at, item, err);
		}
	}
	for (; status == DEED_OK && i < pdf_array_count(a); i++)
		status = gone_annotation(s, &at, pdf_array_get(a, i), err);
	return status;
}
