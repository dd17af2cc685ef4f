/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

/* Keys under which producers leave notes for themselves (14.5, and iText's
 * version): no reader reads them. */
static const char *const private_keys[] = { "ITXT", "LastModified", "PieceInfo",
					    NULL };

bool pdf_step_is_private(struct slice key)
{
	return pdf_name_in(key, private_keys);
}

static void from_key(struct pdf_step *s, struct slice key)
{
	s->origin = (struct pdf_origin){ PDF_FROM_KEY, 0, key };
}

/* ---- the trailer ---- */

/*
 * What belongs to the section, not to the document; and what LibreOffice
 * puts there for itself, which other tools renumber blindly.
 */
static const char *const section_keys[] = { "AdditionalStreams",
					    "DocChecksum",
					    "Size",
					    "Prev",
					    "XRefStm",
					    "W",
					    "Index",
					    "Length",
					    "Filter",
					    "DecodeParms",
					    "Type",
					    "ID",
					    "Root",
					    "Info",
					    NULL };

/* Everything that the trailer holds beside what belongs to the section: a key
 * that is not known may mean something to some reader and must stay.  One that
 * goes takes nothing from the page, but what it referred to is still walked.
 */
static enum deed_status trailer_key(struct pdf_step *s, void *arg,
				    struct slice key,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	(void)arg;
	if (pdf_name_in(key, section_keys) || pdf_step_is_private(key))
		return DEED_OK;
	from_key(s, key);
	/* A private key that is dropped is looked at by nobody. */
	if (b == NULL)
		return pdf_step_follow(s, a, PLACE_STRUCTURE, err);
	return pdf_step_same(
		s, a, b, (struct pdf_part){ PDF_ID_CATALOG, "the trailer", 0 },
		key, PLACE_STRUCTURE, err);
}

/* Document information: strings that no page shows. */
static enum deed_status compare_info(struct pdf_step *s, struct deed_error *err)
{
	const struct pdf_object *a = pdf_dict_get(s->a->trailer, "Info");
	const struct pdf_object *b = pdf_dict_get(s->b->trailer, "Info");
	enum deed_status status;

	status = pdf_step_resolve(s, &a, &b, err);
	if (status == DEED_OK && !pdf_equal(a, b))
		pdf_step_raise(s, PDF_CHANGE_ARCHIVAL);
	return status;
}

/* ---- the catalog ---- */

/* Under these nothing is shown: a change of any kind is upkeep.  What they
 * share with a page is caught from there. */
static const char *const archival_keys[] = { "Extensions", "Metadata",
					     "Version", NULL };

/* Does anything that o refers to, some levels down, differ? */
static bool differs_below(struct pdf_step *s, const struct pdf_object *a,
			  const struct pdf_object *b)
{
	return !pdf_equal(a, b) ||
	       (pdf_is(a, PDF_REF) && pdf_step_touched(s, a->u.ref.num));
}

/* Validation data may grow; what was signed together with it stays. */
static enum deed_status compare_dss(struct pdf_step *s,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	enum deed_status status;
	struct slice key;
	size_t i, at;

	if (differs_below(s, a, b))
		pdf_step_raise(s, PDF_CHANGE_ARCHIVAL);
	status = pdf_step_resolve(s, &a, &b, err);
	if (status != DEED_OK || !pdf_is(a, PDF_DICT))
		return status;
	for (i = 0; i < a->u.dict.count; i++) {
		key = a->u.dict.entries[i].key;
		if (!pdf_is(b, PDF_DICT) || !pdf_dict_find(b, key, &at))
			return pdf_step_other(
				s, PDF_ID_CATALOG,
				"validation data is taken away (/%.*s of "
				"/DSS)",
				(int)(key.len > 40 ? 40 : key.len),
				(const char *)key.data);
	}
	return DEED_OK;
}

/* A certification may come with a later signature (12.8.6): a new /DocMDP that
 * names a dictionary of this revision.  One that was there, usage rights among
 * them, stays as it is. */
static enum deed_status perms_key(struct pdf_step *s, void *arg,
				  struct slice key, const struct pdf_object *a,
				  const struct pdf_object *b,
				  struct deed_error *err)
{
	(void)arg;
	if (a == NULL && slice_equal_str(key, "DocMDP") && pdf_is(b, PDF_REF) &&
	    !pdf_step_existed(s, b->u.ref.num)) {
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
		return DEED_OK;
	}
	return pdf_step_same(s, a, b,
			     (struct pdf_part){ PDF_ID_CATALOG, "/Perms", 0 },
			     key, PLACE_STRUCTURE, err);
}

/* Key by key, so that the dictionary may change its number or become direct.
 */
static enum deed_status compare_perms(struct pdf_step *s,
				      const struct pdf_object *a,
				      const struct pdf_object *b,
				      struct deed_error *err)
{
	enum deed_status status;

	status = pdf_step_resolve(s, &a, &b, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, a, b, perms_key, NULL, err);
	return status;
}

/* Named appearances are the icons of annotations. */
static enum deed_status names_key(struct pdf_step *s, void *arg,
				  struct slice key, const struct pdf_object *a,
				  const struct pdf_object *b,
				  struct deed_error *err)
{
	(void)arg;
	if (slice_equal_str(key, "AP") && a == NULL) {
		/* Icons for annotations that name them. */
		pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
		return DEED_OK;
	}
	return pdf_step_same(
		s, a, b, (struct pdf_part){ PDF_ID_CATALOG, "/Names", 0 }, key,
		slice_equal_str(key, "AP") ? PLACE_ANNOTATION : PLACE_STRUCTURE,
		err);
}

/* The dictionary's number is of the structure: its keys are compared here, and
 * it is not to be held as a whole where something else refers to it. */
static enum deed_status compare_names(struct pdf_step *s,
				      const struct pdf_object *a,
				      const struct pdf_object *b,
				      struct deed_error *err)
{
	enum deed_status status;

	if (pdf_is(a, PDF_REF))
		(void)pdf_set_add(&s->structure, a->u.ref.num);
	status = pdf_step_resolve(s, &a, &b, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, a, b, names_key, NULL, err);
	return status;
}

/* /MarkInfo that says what holds without it (table 353). */
static bool marks_nothing(const struct pdf_object *info)
{
	bool flag;
	size_t i;

	for (i = 0; pdf_is(info, PDF_DICT) && i < info->u.dict.count; i++) {
		if (!pdf_get_bool(info->u.dict.entries[i].value, &flag) || flag)
			return false;
	}
	return pdf_is(info, PDF_DICT);
}

/* A new key of the catalog is refused unless it is known to be harmless: what
 * readers make of an unknown one nobody can say. */
static enum deed_status catalog_key(struct pdf_step *s, void *arg,
				    struct slice key,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err)
{
	(void)arg;
	if (pdf_step_is_private(key))
		return DEED_OK;
	from_key(s, key);
	if (slice_equal_str(key, "DSS"))
		return compare_dss(s, a, b, err);
	/* Readers that expect a name take a reference for damage. */
	if (slice_equal_str(key, "Version") && b != NULL &&
	    !pdf_is(b, PDF_NAME))
		return pdf_step_other(s, PDF_ID_CATALOG,
				      "/Version of the catalog is no name");
	if (pdf_name_in(key, archival_keys)) {
		if (differs_below(s, a, b))
			pdf_step_raise(s, PDF_CHANGE_ARCHIVAL);
		return DEED_OK;
	}
	if (slice_equal_str(key, "MarkInfo") && a == NULL && marks_nothing(b))
		return DEED_OK;
	if (slice_equal_str(key, "Perms"))
		return compare_perms(s, a, b, err);
	if (slice_equal_str(key, "AcroForm"))
		return DEED_OK; /* done before */
	if (slice_equal_str(key, "StructTreeRoot"))
		return pdf_step_structure(s, a, b, err);
	if (slice_equal_str(key, "Names"))
		return compare_names(s, a, b, err);
	return pdf_step_same(
		s, a, b, (struct pdf_part){ PDF_ID_CATALOG, "the catalog", 0 },
		key, PLACE_STRUCTURE, err);
}

/* The form comes before the pages, which ask it for the fields that are new or
 * filled in; the other keys come last, when annotations and fields are known
 * and the walk passes over them. */
static enum deed_status compare_catalog(struct pdf_step *s,
					struct deed_error *err)
{
	const struct pdf_object *a, *b, *form_a, *form_b;
	struct pdf_ref root_a = { 0 }, root_b = { 0 }, form;
	enum deed_status status;

	status = pdf_catalog(s->a, &a, err);
	if (status == DEED_OK)
		status = pdf_catalog(s->b, &b, err);
	if (status != DEED_OK)
		return status;
	(void)pdf_get_ref(pdf_dict_get(s->a->trailer, "Root"), &root_a);
	(void)pdf_get_ref(pdf_dict_get(s->b->trailer, "Root"), &root_b);
	/* A catalog written under a new number is held to the same keys. */
	if (root_a.num == 0 || root_b.num == 0 ||
	    (root_a.num != root_b.num && pdf_step_existed(s, root_b.num)))
		return pdf_step_other(s, PDF_ID_CATALOG,
				      "the document has another catalog");
	(void)pdf_set_add(&s->structure, root_a.num);
	form_a = pdf_dict_get(a, "AcroForm");
	form_b = pdf_dict_get(b, "AcroForm");
	if (pdf_get_ref(form_a, &form))
		(void)pdf_set_add(&s->structure, form.num);
	status = pdf_step_form(s, form_a, form_b, err);
	if (status == DEED_OK)
		status = pdf_step_pages(s, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, a, b, catalog_key, NULL, err);
	return status;
}

enum deed_status pdf_step_catalog(struct pdf_step *s, struct deed_error *err)
{
	enum deed_status status = compare_info(s, err);

	if (status == DEED_OK)
		status = compare_catalog(s, err);
	if (status == DEED_OK)
		status = pdf_step_keys(s, s->a->trailer, s->b->trailer,
				       trailer_key, NULL, err);
	return status;
}
