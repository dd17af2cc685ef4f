/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/lexer.h"
#include "pdf/step.h"

/*
 * What the form says of the looks of all fields: a reader that draws a field
 * by itself takes them from here, so that a change shows where no field was
 * touched.
 */

static const struct pdf_part form_resources = { PDF_ID_FORM,
						"the form's resources", 0 };

/* New fonts that are looked for in all fields. */
#define NEW_FONTS 64

/* ---- which fonts the fields ask for ---- */

/* Is /name a word of a /DA (12.7.4.3)? */
static bool names_font(struct slice da, struct slice name)
{
	size_t i, end;

	for (i = 0; i + name.len < da.len; i++) {
		end = i + 1 + name.len;
		if (da.data[i] == '/' &&
		    !memcmp(da.data + i + 1, name.data, name.len) &&
		    (end == da.len || pdf_is_space(da.data[end]) ||
		     pdf_is_delimiter(da.data[end])))
			return true;
	}
	return false;
}

typedef bool da_fn(const void *arg, const struct pdf_object *dict);

/* What looking at one dictionary counts for, beside its strings. */
#define LOOK_WORK 16

/* Fields share those above them, whose strings may be long. */
static enum deed_status ask(struct pdf_step *s, const struct pdf_object *dict,
			    da_fn *fn, const void *arg, bool *out,
			    struct deed_error *err)
{
	size_t len = pdf_get_string(pdf_dict_get(dict, "DA")).len +
		     pdf_get_string(pdf_dict_get(dict, "DS")).len;
	enum deed_status status;

	status = pdf_charge(s->a->core, LOOK_WORK + len, err);
	*out = status == DEED_OK && fn(arg, dict);
	return status;
}

/* fn over a field, those above it and the widgets below, in a. */
static enum deed_status any_of_field(struct pdf_step *s,
				     const struct pdf_object *dict, da_fn *fn,
				     const void *arg, bool *out,
				     struct deed_error *err)
{
	const struct pdf_object *kids, *kid, *up = dict;
	enum deed_status status;
	unsigned level;
	size_t i;

	status = pdf_dict_resolve(s->a, dict, "Kids", &kids, err);
	for (i = 0; status == DEED_OK && !*out && i < pdf_array_count(kids);
	     i++) {
		status = pdf_resolve(s->a, pdf_array_get(kids, i), &kid, err);
		if (status == DEED_OK)
			status = ask(s, kid, fn, arg, out, err);
	}
	for (level = 0; status == DEED_OK && !*out &&
			level < PDF_MAX_TREE_DEPTH && pdf_is_dict(up);
	     level++) {
		status = ask(s, up, fn, arg, out, err);
		if (status == DEED_OK)
			status = pdf_dict_resolve(s->a, up, "Parent", &up, err);
	}
	return status;
}

/* Signature fields are left out: signers give them an appearance, and no
 * reader draws text for them by /DA. */
static enum deed_status any_field(struct pdf_step *s, da_fn *fn,
				  const void *arg, bool *out,
				  struct deed_error *err)
{
	const struct pdf_field *fields;
	enum deed_status status;
	size_t count, i;

	*out = false;
	status = pdf_fields(s->a, &fields, &count, err);
	for (i = 0; status == DEED_OK && !*out && i < count; i++) {
		if (slice_equal_str(fields[i].type, "Sig"))
			continue;
		status = any_of_field(s, fields[i].dict, fn, arg, out, err);
	}
	return status;
}

/* /DS, the style of rich text, counts as if it named fonts like /DA: that errs
 * on the stricter side. */
static bool asks_for(const void *arg, const struct pdf_object *dict)
{
	const struct slice *name = arg;

	return names_font(pdf_get_string(pdf_dict_get(dict, "DA")), *name) ||
	       names_font(pdf_get_string(pdf_dict_get(dict, "DS")), *name);
}

/* Is there any field at all?  Every one is drawn otherwise when
 * /NeedAppearances changes. */
static bool exists(const void *arg, const struct pdf_object *dict)
{
	(void)arg;
	(void)dict;
	return true;
}

/* Is drawn by readers, having no look of its own. */
static bool has_no_look(const void *arg, const struct pdf_object *dict)
{
	(void)arg;
	return pdf_dict_get(dict, "Rect") != NULL &&
	       pdf_dict_get(dict, "AP") == NULL;
}

/* The catalog that cannot be read is an error here: who asks compares the form
 * and cannot go on without. */
static enum deed_status form_of(struct pdf_document *view,
				const struct pdf_object **out,
				struct deed_error *err)
{
	const struct pdf_object *catalog;
	enum deed_status status = pdf_catalog(view, &catalog, err);

	return status == DEED_OK
		       ? pdf_dict_resolve(view, catalog, "AcroForm", out, err)
		       : status;
}

/* ---- /DR ---- */

/* A new font is nobody's as long as nobody asks for it. */
static enum deed_status new_resource(struct pdf_step *s, struct slice key,
				     struct deed_error *err)
{
	const struct pdf_object *form;
	enum deed_status status;
	bool asked;

	status = form_of(s->a, &form, err);
	if (status == DEED_OK)
		status = any_field(s, asks_for, &key, &asked, err);
	if (status != DEED_OK)
		return status;
	if (!asked && !asks_for(&key, form))
		return DEED_OK;
	return pdf_step_other(s, PDF_ID_FORM,
			      "the form's resources get a font for a name "
			      "that fields use already (/%.*s)",
			      (int)(key.len > 40 ? 40 : key.len),
			      (const char *)key.data);
}

/* Each new font is looked for in all fields, hence the limit; a reader that
 * finds a font under a name takes it, so what was there must stay. */
static enum deed_status resource_entry(struct pdf_step *s, void *arg,
				       struct slice key,
				       const struct pdf_object *a,
				       const struct pdf_object *b,
				       struct deed_error *err)
{
	unsigned *count = arg;

	if (a == NULL && ++*count > NEW_FONTS)
		return pdf_step_other(s, PDF_ID_FORM,
				      "the form gets more than %d fonts",
				      NEW_FONTS);
	if (a == NULL)
		return new_resource(s, key, err);
	return pdf_step_same(s, a, b, form_resources, key, PLACE_STRUCTURE,
			     err);
}

/* XObjects serve whoever draws signatures, and no field's text. */
static enum deed_status resource_category(struct pdf_step *s, void *arg,
					  struct slice key,
					  const struct pdf_object *a,
					  const struct pdf_object *b,
					  struct deed_error *err)
{
	enum deed_status status;

	if (slice_equal_str(key, "XObject"))
		return DEED_OK;
	if (pdf_equal(a, b) && !pdf_is(a, PDF_REF))
		return pdf_step_follow(s, a, PLACE_STRUCTURE, err);
	status = pdf_step_resolve(s, &a, &b, err);
	if (status != DEED_OK)
		return status;
	if (pdf_is(a, PDF_NULL) && !slice_equal_str(key, "Font"))
		return DEED_OK;
	if ((!pdf_is(a, PDF_DICT) && !pdf_is(a, PDF_NULL)) ||
	    !pdf_is(b, PDF_DICT))
		return pdf_step_same(s, a, b, form_resources, key,
				     PLACE_STRUCTURE, err);
	return pdf_step_keys(s, a, b, resource_entry, arg, err);
}

enum deed_status pdf_step_resources(struct pdf_step *s,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	enum deed_status status;
	unsigned count = 0;

	status = pdf_step_resolve(s, &a, &b, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, a, b, resource_category, &count, err);
	return status;
}

/* ---- /DA, /NeedAppearances ---- */

enum deed_status pdf_step_default_look(struct pdf_step *s,
				       struct deed_error *err)
{
	enum deed_status status;
	bool drawn;

	status = any_field(s, has_no_look, NULL, &drawn, err);
	if (status != DEED_OK || !drawn)
		return status;
	return pdf_step_other(s, PDF_ID_FORM,
			      "the form gets a /DA, by which fields without a "
			      "look of their own are drawn");
}

enum deed_status pdf_step_need_appearances(struct pdf_step *s,
					   const struct pdf_object *a,
					   const struct pdf_object *b,
					   struct deed_error *err)
{
	bool before = false, after = false, fields;
	enum deed_status status;

	status = pdf_step_resolve(s, &a, &b, err);
	(void)pdf_get_bool(a, &before);
	(void)pdf_get_bool(b, &after);
	if (status != DEED_OK || before == after)
		return status;
	status = any_field(s, exists, NULL, &fields, err);
	if (status != DEED_OK || !fields)
		return status;
	return pdf_step_other(s, PDF_ID_FORM,
			      "/NeedAppearances of the form is %s: readers "
			      "show the fields otherwise than they were signed",
			      after ? "new" : "gone");
}
