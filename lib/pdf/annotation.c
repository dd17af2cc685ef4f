/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/annotation.h"

#include "pdf/core.h"

int64_t pdf_annotation_flags(const struct pdf_object *f)
{
	int64_t flags;

	return pdf_get_int(f, &flags) && flags >= 0 && flags <= INT32_MAX
		       ? flags
		       : 0;
}

struct pdf_object *pdf_annotation_rect(struct pdf_arena *a,
				       const struct pdf_rect *r)
{
	const double v[4] = { r->x0, r->y0, r->x1, r->y1 };
	struct pdf_object *array = pdf_new_array(a);
	bool good = array != NULL;
	size_t i;

	for (i = 0; good && i < 4; i++)
		good = pdf_array_add(a, array, pdf_new_real(a, v[i]));
	return good ? array : NULL;
}

enum deed_status pdf_annotation_append(struct pdf_update *u,
				       struct pdf_object *owner,
				       const char *key, struct pdf_ref item,
				       bool *owner_changed,
				       struct deed_error *err)
{
	const struct pdf_object *entry = pdf_dict_get(owner, key), *old = entry;
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *array;
	struct pdf_ref ref = { 0, 0 };
	enum deed_status status = DEED_OK;

	*owner_changed = false;
	if (pdf_get_ref(entry, &ref))
		status = pdf_update_get(u, ref, &old, err);
	if (status != DEED_OK)
		return status;
	if (old != NULL && !pdf_is(old, PDF_ARRAY) && !pdf_is(old, PDF_NULL))
		return deed_error_set(err, DEED_MALFORMED,
				      "/%s is not an array", key);
	array = pdf_is(old, PDF_ARRAY) ? pdf_copy_shallow(a, old)
				       : pdf_new_array(a);
	if (!pdf_array_add(a, array, pdf_new_ref(a, item)))
		return deed_error_memory(err);
	if (ref.num != 0 && pdf_is(old, PDF_ARRAY)) {
		pdf_update_put(u, ref, array);
		return DEED_OK;
	}
	*owner_changed = true;
	return pdf_dict_put(a, owner, key, array) ? DEED_OK
						  : deed_error_memory(err);
}

/* By the number of the array, not by its items: pages that list one array show
 * what is put into it, however they came to share it. */
enum deed_status pdf_annotation_shared(struct pdf_document *doc,
				       const struct pdf_object *array,
				       uint32_t except, bool *is,
				       struct deed_error *err)
{
	struct pdf_arena scratch = PDF_ARENA_INIT;
	struct pdf_ref wanted, ref;
	enum deed_status status;
	struct pdf_object *page;
	size_t i, count;

	*is = false;
	if (!pdf_get_ref(array, &wanted))
		return DEED_OK;
	status = pdf_page_count(doc, &count, err);
	for (i = 0; status == DEED_OK && !*is && i < count; i++) {
		status = pdf_page_ref(doc, i, &ref, err);
		if (status != DEED_OK || ref.num == except)
			continue;
		status = pdf_load(doc, ref.num, &scratch, &page, err);
		*is = status == DEED_OK &&
		      pdf_get_ref(pdf_dict_get(page, "Annots"), &ref) &&
		      ref.num == wanted.num;
		pdf_arena_reset(&scratch);
	}
	pdf_arena_clear(&scratch);
	return status;
}

/* The page's own array, of what was there and one more. */
static enum deed_status own_array(struct pdf_update *u, struct pdf_object *page,
				  const struct pdf_object *old,
				  struct pdf_ref annotation,
				  struct deed_error *err)
{
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *array = pdf_is(old, PDF_ARRAY)
					   ? pdf_copy_shallow(a, old)
					   : pdf_new_array(a);

	if (!pdf_array_add(a, array, pdf_new_ref(a, annotation)) ||
	    !pdf_dict_put(a, page, "Annots",
			  pdf_new_ref(a, pdf_update_add(u, array))))
		return deed_error_memory(err);
	return DEED_OK;
}

/* A new array gets a number of its own and the page a reference to it; where
 * the page has one behind a reference already, only that is written, and the
 * page stays as it was signed. */
enum deed_status pdf_annotation_add(struct pdf_update *u,
				    const struct pdf_page *page,
				    struct pdf_ref annotation,
				    struct deed_error *err)
{
	struct pdf_document *doc = pdf_update_document(u);
	const struct pdf_object *entry, *now, *old;
	struct pdf_ref ref = { 0, 0 };
	bool changed, shared = false;
	enum deed_status status;
	struct pdf_object *copy;

	if (page->ref.num == 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the page is a direct object and cannot "
				      "take an annotation");
	/* As it is by now: it may have got another. */
	status = pdf_update_get(u, page->ref, &now, err);
	if (status != DEED_OK)
		return status;
	copy = pdf_copy_shallow(pdf_update_arena(u), now);
	if (copy == NULL)
		return deed_error_memory(err);
	entry = old = pdf_dict_get(copy, "Annots");
	if (pdf_get_ref(entry, &ref))
		status = pdf_update_get(u, ref, &old, err);
	if (status == DEED_OK && ref.num < pdf_next_number(doc))
		status = pdf_annotation_shared(doc, entry, page->ref.num,
					       &shared, err);
	if (status != DEED_OK)
		return status;
	/* An array of its own number: the next signature leaves the page
	 * alone. */
	shared = shared && pdf_is(old, PDF_ARRAY);
	changed = shared || entry == NULL;
	if (changed)
		status = own_array(u, copy, old, annotation, err);
	else
		status = pdf_annotation_append(u, copy, "Annots", annotation,
					       &changed, err);
	if (status == DEED_OK && changed)
		pdf_update_put(u, page->ref, copy);
	return status;
}

/* Locked, so that nobody moves it by accident; printed, so that paper shows
 * what the screen does. */
enum deed_status
pdf_stamp_annotation_add(struct pdf_update *u, const struct pdf_page *page,
			 const struct pdf_rect *rect, struct pdf_ref form,
			 const char *contents, struct deed_error *err)
{
	const int flags = PDF_ANNOTATION_PRINT | PDF_ANNOTATION_LOCKED;
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *d = pdf_new_dict(a), *ap = pdf_new_dict(a);

	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "Annot")) ||
	    !pdf_dict_put(a, d, "Subtype", pdf_new_name(a, "Stamp")) ||
	    !pdf_dict_put(a, d, "F", pdf_new_int(a, flags)) ||
	    !pdf_dict_put(a, d, "Rect", pdf_annotation_rect(a, rect)) ||
	    !pdf_dict_put(a, d, "Contents", pdf_new_text(a, contents)) ||
	    !pdf_dict_put(a, ap, "N", pdf_new_ref(a, form)) ||
	    !pdf_dict_put(a, d, "AP", ap))
		return deed_error_memory(err);
	return pdf_annotation_add(u, page, pdf_update_add(u, d), err);
}
