/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/looks.h"

#include "pdf/annotation.h"
#include "pdf/core.h"
#include "pdf/signature.h"

/* Field flags (tables 229 and 233). */
#define PUSH_BUTTON (1 << 16)
#define COMBO (1 << 17)

struct form_look {
	struct pdf_document *doc;
	struct pdf_set shown; /* widgets that stand on a page */
	size_t widgets;
};

/* ---- what a field shows ---- */

/* A rectangle of no width or height is how invisible fields are written.
 * NoView with Print is shown on paper, so that it has a place. */
static enum deed_status has_place(struct pdf_document *doc,
				  const struct pdf_object *widget, bool *has,
				  struct deed_error *err)
{
	const struct pdf_object *flags, *rect, *item;
	double v[4] = { 0, 0, 0, 0 };
	enum deed_status status;
	int64_t bits = 0;
	size_t i;

	status = pdf_dict_resolve(doc, widget, "F", &flags, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, widget, "Rect", &rect, err);
	for (i = 0; status == DEED_OK && i < 4; i++) {
		status = pdf_resolve(doc, pdf_array_get(rect, i), &item, err);
		if (status == DEED_OK)
			(void)pdf_get_number(item, &v[i]);
	}
	if (status != DEED_OK)
		return status;
	(void)pdf_get_int(flags, &bits);
	*has = v[0] != v[2] && v[1] != v[3] &&
	       (bits & PDF_ANNOTATION_HIDDEN) == 0 &&
	       (bits & (PDF_ANNOTATION_NO_VIEW | PDF_ANNOTATION_PRINT)) !=
		       PDF_ANNOTATION_NO_VIEW;
	return DEED_OK;
}

/* Off is the state of a box that is not ticked; an empty text or choice draws
 * nothing either. */
static bool says_nothing(const struct pdf_object *value)
{
	return value == NULL || pdf_is(value, PDF_NULL) ||
	       pdf_is_name(value, "Off") ||
	       (pdf_is(value, PDF_STRING) && pdf_get_string(value).len == 0) ||
	       (pdf_is(value, PDF_ARRAY) && pdf_array_count(value) == 0);
}

/* Any of these keys of the widget's /MK (table 192)? */
static enum deed_status is_dressed(struct pdf_document *doc,
				   const struct pdf_object *widget,
				   const char *const *keys, bool *is,
				   struct deed_error *err)
{
	const struct pdf_object *look, *value = NULL;
	enum deed_status status;

	status = pdf_dict_resolve(doc, widget, "MK", &look, err);
	for (; status == DEED_OK && !*is && *keys != NULL; keys++) {
		status = pdf_dict_resolve(doc, look, *keys, &value, err);
		*is = status == DEED_OK && !says_nothing(value);
	}
	return status;
}

/* Would a reader that draws the field anew draw anything? */
static enum deed_status shows_something(struct form_look *w,
					const struct pdf_field *field,
					const struct pdf_object *widget,
					bool *shows, struct deed_error *err)
{
	static const char *const frame[] = { "BC", "BG", NULL };
	static const char *const face[] = { "CA", "I", NULL };
	const struct pdf_object *flags, *value, *more = NULL;
	bool button = slice_equal_str(field->type, "Btn");
	enum deed_status status;
	int64_t bits = 0;

	*shows = false;
	status = pdf_inherited(w->doc, widget, "Ff", PDF_NULL, &flags, err);
	if (status == DEED_OK)
		status = is_dressed(w->doc, widget, frame, shows, err);
	if (status != DEED_OK || *shows)
		return status;
	(void)pdf_get_int(flags, &bits);
	if (button && (bits & PUSH_BUTTON) != 0)
		return is_dressed(w->doc, widget, face, shows, err);
	/* Of a button its state, which need not be what the field says. */
	if (button)
		status = pdf_dict_resolve(w->doc, widget, "AS", &value, err);
	if (status == DEED_OK && (!button || pdf_is(value, PDF_NULL)))
		status = pdf_resolve(w->doc, field->value, &value, err);
	/* A list box shows what there is to choose from. */
	if (status == DEED_OK && slice_equal_str(field->type, "Ch") &&
	    (bits & COMBO) == 0)
		status = pdf_inherited(w->doc, widget, "Opt", PDF_NULL, &more,
				       err);
	if (status == DEED_OK)
		*shows = !says_nothing(value) || !says_nothing(more);
	return status;
}

/* ---- what it has ---- */

/* A state that is off shows nothing, and needs no stream. */
static enum deed_status has_appearance(struct form_look *w,
				       const struct pdf_object *widget,
				       bool *has, struct deed_error *err)
{
	const struct pdf_object *look, *state, *one;
	enum deed_status status;
	struct slice name;
	char key[256];

	*has = false;
	status = pdf_dict_resolve(w->doc, widget, "AP", &look, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(w->doc, look, "N", &look, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(w->doc, widget, "AS", &state, err);
	if (status != DEED_OK)
		return status;
	*has = pdf_is(look, PDF_STREAM) ||
	       (pdf_is(look, PDF_DICT) && pdf_is_name(state, "Off"));
	name = pdf_get_name(state);
	if (*has || !pdf_is(look, PDF_DICT) || name.len >= sizeof(key) ||
	    name.len == 0 || memchr(name.data, '\0', name.len) != NULL)
		return DEED_OK;
	memcpy(key, name.data, name.len);
	key[name.len] = '\0';
	status = pdf_dict_resolve(w->doc, look, key, &one, err);
	*has = status == DEED_OK && pdf_is(one, PDF_STREAM);
	return status;
}

/* Where each reader draws the fields anew, what the signer sees is not what
 * the next one sees: that is refused before it is signed. */
static enum deed_status check_widget(struct form_look *w,
				     const struct pdf_field *field,
				     struct pdf_ref ref,
				     const struct pdf_object *widget,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool place = false, shows = false, has = false;

	if (++w->widgets > PDF_LOOKS_WIDGETS)
		return deed_error_set(err, DEED_LIMIT,
				      "fields are shown in more than %d places",
				      PDF_LOOKS_WIDGETS);
	if (ref.num != 0 && !pdf_set_has(&w->shown, ref.num))
		return DEED_OK;
	status = has_place(w->doc, widget, &place, err);
	if (status == DEED_OK && place)
		status = shows_something(w, field, widget, &shows, err);
	if (status == DEED_OK && shows)
		status = has_appearance(w, widget, &has, err);
	if (status != DEED_OK || !shows || has)
		return status;
	deed_error_set(err, DEED_REFUSED,
		       "each reader draws this form in its own way "
		       "(/NeedAppearances), and the field '%.200s' has no "
		       "appearance that could be signed",
		       field->name);
	deed_error_hint(err, "save it with a program that draws its fields");
	return DEED_REFUSED;
}

/* The field itself, or its kids. */
static enum deed_status check_field(struct form_look *w,
				    const struct pdf_field *field,
				    struct deed_error *err)
{
	const struct pdf_object *kids, *kid;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(w->doc, field->dict, "Kids", &kids, err);
	if (status == DEED_OK && pdf_array_count(kids) == 0)
		return check_widget(w, field, field->ref, field->dict, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(kids); i++) {
		struct pdf_ref ref = { 0, 0 };

		(void)pdf_get_ref(pdf_array_get(kids, i), &ref);
		status = pdf_resolve(w->doc, pdf_array_get(kids, i), &kid, err);
		if (status == DEED_OK)
			status = check_widget(w, field, ref, kid, err);
	}
	return status;
}

/* A widget that stands on no page is seen by nobody. */
static enum deed_status find_shown(struct form_look *w, struct deed_error *err)
{
	struct pdf_arena scratch = PDF_ARENA_INIT;
	const struct pdf_object *annots;
	struct pdf_object *object;
	enum deed_status status;
	struct pdf_ref ref;
	size_t i, j, count;

	status = pdf_page_count(w->doc, &count, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_page_ref(w->doc, i, &ref, err);
		if (status == DEED_OK)
			status = pdf_load(w->doc, ref.num, &scratch, &object,
					  err);
		annots = status == DEED_OK ? pdf_dict_get(object, "Annots")
					   : NULL;
		if (pdf_get_ref(annots, &ref)) {
			status = pdf_load(w->doc, ref.num, &scratch, &object,
					  err);
			annots = status == DEED_OK ? object : NULL;
		}
		for (j = 0; j < pdf_array_count(annots); j++) {
			if (pdf_get_ref(pdf_array_get(annots, j), &ref))
				(void)pdf_set_add(&w->shown, ref.num);
		}
		pdf_arena_reset(&scratch);
	}
	pdf_arena_clear(&scratch);
	return status;
}

/* The set of shown widgets is made only for a document that has fields; it may
 * be as large as a bit for each object. */
static enum deed_status check_fields(struct pdf_document *doc,
				     struct deed_error *err)
{
	struct form_look w = { .doc = doc };
	const struct pdf_field *fields;
	enum deed_status status;
	size_t i, count = 0;

	status = pdf_fields(doc, &fields, &count, err);
	if (status == DEED_OK && count > 0)
		status = pdf_set_init(&w.shown, doc, err);
	if (status == DEED_OK && count > 0)
		status = find_shown(&w, err);
	/* A signature field has no look that a reader would make. */
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (!slice_equal_str(fields[i].type, "Sig"))
			status = check_field(&w, &fields[i], err);
	}
	pdf_set_clear(&w.shown);
	return status;
}

/* ---- the flag ---- */

/* Signatures of any kind, hidden and orphaned ones too: the flag would be a
 * change after each. */
static enum deed_status is_signed(struct pdf_document *doc, bool *is,
				  struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status = pdf_signatures_find(doc, &found, err);

	*is = status == DEED_OK && found.count > 0;
	if (status == DEED_OK)
		pdf_signatures_clear(&found);
	return status;
}

/* Where the form is direct in the catalog, the catalog is written again; the
 * update holds what the caller has put there before. */
static enum deed_status clear_flag(struct pdf_update *u, struct pdf_ref root,
				   const struct pdf_object *catalog,
				   struct pdf_ref form,
				   const struct pdf_object *old,
				   struct deed_error *err)
{
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *copy = pdf_copy_shallow(a, old), *top;

	if (copy == NULL)
		return deed_error_memory(err);
	pdf_dict_remove(copy, "NeedAppearances");
	if (form.num != 0) {
		pdf_update_put(u, form, copy);
		return DEED_OK;
	}
	top = pdf_copy_shallow(a, catalog);
	if (!pdf_dict_put(a, top, "AcroForm", copy))
		return deed_error_memory(err);
	pdf_update_put(u, root, top);
	return DEED_OK;
}

/* Read by way of the update, as the form may have been changed in it; whether
 * there is an older signature, and what the fields look like, by the document.
 */
enum deed_status pdf_looks_settle(struct pdf_update *u, struct deed_error *err)
{
	struct pdf_document *doc = pdf_update_document(u);
	const struct pdf_object *catalog, *form, *flag;
	struct pdf_ref root, ref = { 0, 0 };
	enum deed_status status;
	bool set = false, before = false;

	status = pdf_update_catalog(u, &root, &catalog, err);
	form = status == DEED_OK ? pdf_dict_get(catalog, "AcroForm") : NULL;
	if (pdf_get_ref(form, &ref))
		status = pdf_update_get(u, ref, &form, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, form, "NeedAppearances", &flag,
					  err);
	if (status != DEED_OK || !pdf_get_bool(flag, &set) || !set)
		return status;
	status = is_signed(doc, &before, err);
	if (status != DEED_OK || before)
		return status;
	status = check_fields(doc, err);
	return status == DEED_OK ? clear_flag(u, root, catalog, ref, form, err)
				 : status;
}
