/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

/* What a field is while its keys are compared. */
struct field {
	struct pdf_ref ref;
	struct slice type;
	int64_t flags; /* Ff */
	unsigned depth;
	bool signature;	    /* FT is Sig */
	bool signed_before; /* and a holds its value */
	bool signed_now;    /* and only b does */
	bool has_widget;    /* a has a place on a page */
	bool filled;	    /* the parent's value is another in b */
	bool has_value;	    /* V is its own, in a or b */
	bool has_look;	    /* AP, in a */
	bool value_changed; /* of a field that is filled in */
};

/* Flags of fields (tables 227 and 229). */
#define FLAG_READ_ONLY 1
#define FLAG_PUSH_BUTTON (1 << 16)

/* What signing may add to the dictionary of a field that was empty. */
static const char *const signing_adds[] = {
	"AP",		"AS", "BS",   "Border", "Contents", "DA",   "F",
	"Lock",		"M",  "MK",   "NM",	"P",	    "Rect", "Subtype",
	"StructParent", "TU", "Type", NULL
};

/* What filling in sets beside the value and its look: font and side of the
 * text, the first option in view (table 234). */
static const char *const filling_sets[] = { "DA", "Q", "TI", NULL };

/* ---- lists of fields ---- */

/*
 * A new member of a list of fields.  In the form, or a group, it is a field of
 * its own.  Under a signature field it is a place on a page, which only the
 * signing of that field may bring.
 */
static enum deed_status new_in_list(struct pdf_step *s,
				    const struct pdf_object *item,
				    struct slice type, unsigned depth,
				    const struct field *holder,
				    struct deed_error *err)
{
	struct pdf_new_field new = { .type = type };
	const struct pdf_object *dict;
	enum deed_status status;

	if (holder == NULL || !holder->signature)
		return pdf_step_new_field(s, item, new, err);
	status = pdf_resolve(s->b, item, &dict, err);
	if (status != DEED_OK)
		return status;
	if (pdf_dict_get(dict, "T") != NULL)
		return pdf_step_new_field(s, item, new, err);
	if (!holder->signed_now || holder->has_widget)
		return pdf_step_other(s, PDF_ID_FIELD,
				      "a signature field gets another place on "
				      "a page (object %u)",
				      holder->ref.num);
	new.depth = depth;
	new.signed_now = true;
	return pdf_step_new_field(s, item, new, err);
}

/*
 * A member that stood there.  A widget shows the value of the field above it;
 * a field below a group has a name and a look of its own, and nobody fills in
 * groups.
 */
static enum deed_status kept_in_list(struct pdf_step *s, struct pdf_ref ref,
				     struct slice type, unsigned depth,
				     const struct field *holder,
				     struct deed_error *err)
{
	bool filled = holder != NULL && holder->value_changed;
	const struct pdf_object *dict;
	enum deed_status status;

	status = pdf_get_object(s->a, ref, &dict, err);
	if (status != DEED_OK)
		return status;
	if (filled && pdf_dict_get(dict, "T") != NULL)
		return pdf_step_other(s, PDF_ID_FORM,
				      "a group of fields gets a value "
				      "(object %u)",
				      holder->ref.num);
	return pdf_step_field(s, ref, type, depth, filled, err);
}

/*
 * The fields of a, in their order, must all be in b; what stands between is
 * new.
 */
static enum deed_status
compare_list(struct pdf_step *s, const struct pdf_object *a,
	     const struct pdf_object *b, struct slice type, unsigned depth,
	     const struct field *holder, struct deed_error *err)
{
	enum deed_status status;
	size_t i = 0, k;

	status = pdf_step_resolve(s, &a, &b, err);
	for (k = 0; status == DEED_OK && k < pdf_array_count(b); k++) {
		const struct pdf_object *x = pdf_array_get(a, i);
		const struct pdf_object *y = pdf_array_get(b, k);

		if (x == NULL || !pdf_equal(x, y)) {
			status = new_in_list(s, y, type, depth, holder, err);
			continue;
		}
		i++;
		if (pdf_is(x, PDF_REF))
			status = kept_in_list(s, x->u.ref, type, depth, holder,
					      err);
		else
			status = pdf_step_follow(s, x, PLACE_STRUCTURE, err);
	}
	if (status == DEED_OK && i < pdf_array_count(a))
		return pdf_step_other(s, PDF_ID_FORM,
				      "a form field is removed or moved "
				      "(in object %u)",
				      holder == NULL ? 0 : holder->ref.num);
	return status;
}

/* ---- one field in both ---- */

/* The fields that the signed form has readers calculate (/CO, table 224). */
static enum deed_status find_calculated(struct pdf_step *s,
					struct deed_error *err)
{
	const struct pdf_object *catalog, *form, *order;
	enum deed_status status;
	struct pdf_ref ref;
	size_t i;

	s->calculated_known = true;
	status = pdf_catalog(s->a, &catalog, err);
	if (status == DEED_OK)
		status =
			pdf_dict_resolve(s->a, catalog, "AcroForm", &form, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->a, form, "CO", &order, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(order); i++) {
		if (pdf_get_ref(pdf_array_get(order, i), &ref))
			(void)pdf_set_add(&s->calculated, ref.num);
	}
	return status;
}

/* A field that people cannot fill in is filled in by nobody, but for one
 * that the signed document has readers calculate. */
static enum deed_status may_be_filled(struct pdf_step *s, const struct field *f,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (slice_equal_str(f->type, "Btn") &&
	    (f->flags & FLAG_PUSH_BUTTON) != 0)
		return pdf_step_other(s, PDF_ID_FIELD,
				      "the button '%.60s', which holds no "
				      "value, gets one (object %u)",
				      pdf_field_name(s->a, f->ref.num),
				      f->ref.num);
	if ((f->flags & FLAG_READ_ONLY) == 0)
		return DEED_OK;
	if (!s->calculated_known)
		status = find_calculated(s, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_set_has(&s->calculated, f->ref.num))
		return pdf_step_other(s, PDF_ID_READ_ONLY,
				      "the field '%.60s' is filled in although "
				      "it is read-only (object %u)",
				      pdf_field_name(s->a, f->ref.num),
				      f->ref.num);
	if (s->out->calculated_count < PDF_CHANGE_FILLED)
		s->out->calculated[s->out->calculated_count] = f->ref.num;
	s->out->calculated_count++;
	return DEED_OK;
}

/* A signed value never changes; an empty signature field takes one; any other
 * field may be filled where locks and permissions let it. */
static enum deed_status value_key(struct pdf_step *s, const struct field *f,
				  const struct pdf_object *a,
				  const struct pdf_object *b,
				  struct deed_error *err)
{
	if (f->signed_before)
		return pdf_step_same(s, a, b,
				     (struct pdf_part){ PDF_ID_SIGNED,
							"a signed field",
							f->ref.num },
				     slice_str("V"), PLACE_STRUCTURE, err);
	if (f->signature) {
		if (b == NULL || !f->signed_now)
			return pdf_step_follow(s, a, PLACE_STRUCTURE, err);
		return pdf_step_new_signature(s, b, f->ref.num, err);
	}
	if (f->value_changed && f->has_value) {
		enum deed_status status = may_be_filled(s, f, err);

		if (status != DEED_OK)
			return status;
		if (s->out->filled_count < PDF_CHANGE_FILLED)
			s->out->filled[s->out->filled_count] = f->ref.num;
		s->out->filled_count++;
	}
	if (!pdf_equal(a, b) || f->value_changed)
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
	/* What a value that stays consists of, stays too. */
	return pdf_step_follow(
		s, a, f->value_changed ? PLACE_FIELD : PLACE_STRUCTURE, err);
}

/* /AP and what goes with it. */
static enum deed_status appearance_key(struct pdf_step *s,
				       const struct field *f, struct slice key,
				       const struct pdf_object *a,
				       const struct pdf_object *b,
				       struct deed_error *err)
{
	bool changes =
		f->signature ? f->signed_now || f->filled : f->value_changed;
	enum deed_status status;

	/* A new look for the same value is how a reader is shown one thing
	 * while the form, or the signature, says another. */
	if (!changes)
		return pdf_step_same(
			s, a, b,
			(struct pdf_part){ PDF_ID_LOOKS, NULL, f->ref.num },
			key, PLACE_LOOKS, err);
	if (!pdf_equal(a, b) && !f->signed_now)
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
	if (slice_equal_str(key, "AP") && !pdf_equal(a, b)) {
		status = pdf_step_own(s, a, err);
		if (status != DEED_OK)
			return status;
	}
	return pdf_step_follow(s, a, PLACE_FIELD, err);
}

/* Read-only may be set (a signature's lock does it), nothing else. */
static bool flags_allowed(const struct pdf_object *a,
			  const struct pdf_object *b)
{
	int64_t before = 0, after = 0;

	(void)pdf_get_int(a, &before);
	return pdf_get_int(b, &after) && (before | 1) == after;
}

/* What filling or signing a field sets beside its value; all else of a field
 * stays. */
static enum deed_status field_key(struct pdf_step *s, void *arg,
				  struct slice key, const struct pdf_object *a,
				  const struct pdf_object *b,
				  struct deed_error *err)
{
	static const char *const appearance[] = { "AP", "AS", "I", "RV", NULL };
	const struct field *f = arg;

	s->origin = (struct pdf_origin){ .kind = PDF_FROM_FIELD,
					 .number = f->ref.num };
	if (slice_equal_str(key, "V"))
		return value_key(s, f, a, b, err);
	if (slice_equal_str(key, "Kids"))
		return compare_list(s, a, b, f->type, f->depth + 1, f, err);
	if (pdf_name_in(key, appearance))
		return appearance_key(s, f, key, a, b, err);
	if (slice_equal_str(key, "Ff") && !pdf_equal(a, b) &&
	    flags_allowed(a, b)) {
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
		return DEED_OK;
	}
	if (f->value_changed && !f->signature &&
	    pdf_name_in(key, filling_sets)) {
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
		return DEED_OK;
	}
	if (pdf_step_is_private(key))
		return DEED_OK;
	if (slice_equal_str(key, "M") && !f->signed_before) {
		pdf_step_raise(s, PDF_CHANGE_ARCHIVAL);
		return DEED_OK;
	}
	if (f->signed_now && pdf_name_in(key, signing_adds)) {
		/* Where it will stand is measured with the page: PDFBox takes
		 * an empty field away from sight to sign it. */
		if (a == NULL || slice_equal_str(key, "F") ||
		    slice_equal_str(key, "MK") ||
		    (slice_equal_str(key, "Rect") && !f->has_look))
			return pdf_step_follow(s, a, PLACE_FIELD, err);
	}
	return pdf_step_same(s, a, b,
			     (struct pdf_part){ PDF_ID_FORM, NULL, f->ref.num },
			     key, PLACE_STRUCTURE, err);
}

/* A value behind the same reference is the same unless its object was touched:
 * pdf_equal alone would call a stream another each time. */
static bool value_changed(struct pdf_step *s, const struct pdf_object *a,
			  const struct pdf_object *b,
			  const struct pdf_object *before,
			  const struct pdf_object *after)
{
	a = pdf_dict_get(a, "V");
	b = pdf_dict_get(b, "V");
	if (pdf_is(a, PDF_REF) && pdf_equal(a, b))
		return pdf_step_touched(s, a->u.ref.num) &&
		       !pdf_equal(before, after);
	return !pdf_equal(before, after);
}

/* A field is compared once, whether the form or a page leads to it first.  Its
 * actions are asked for before its keys, as what acts is not excused by being
 * filled in. */
enum deed_status pdf_step_field(struct pdf_step *s, struct pdf_ref ref,
				struct slice inherited_type, unsigned depth,
				bool filled, struct deed_error *err)
{
	struct field f = { .ref = ref, .depth = depth, .filled = filled };
	const struct pdf_object *a, *b, *before, *after, *inherited;
	enum deed_status status;

	if (!pdf_set_add(&s->parts, ref.num))
		return DEED_OK;
	if (depth > PDF_MAX_TREE_DEPTH)
		return pdf_step_other(s, PDF_ID_FORM,
				      "form fields nest too deep");
	status = pdf_get_object(s->a, ref, &a, err);
	if (status == DEED_OK)
		status = pdf_get_object(s->b, ref, &b, err);
	if (status != DEED_OK)
		return status;
	if (a->type != b->type)
		return pdf_step_other(s, PDF_ID_FORM,
				      "form field %u is gone or changed",
				      ref.num);
	if (!pdf_is(a, PDF_DICT))
		return DEED_OK;
	f.type = inherited_type;
	status = pdf_inherited(s->a, a, "FT", PDF_NAME, &inherited, err);
	if (inherited != NULL)
		f.type = pdf_get_name(inherited);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->a, a, "V", &before, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(s->b, b, "V", &after, err);
	if (status != DEED_OK)
		return status;
	f.signature = slice_equal_str(f.type, "Sig");
	/* Another state of a box whose value is the same is a look that
	 * belies it. */
	f.value_changed = filled || value_changed(s, a, b, before, after);
	f.signed_before = f.signature && !pdf_is(before, PDF_NULL);
	f.signed_now =
		f.signature && !f.signed_before && !pdf_is(after, PDF_NULL);
	f.has_widget = pdf_dict_get(a, "Rect") != NULL ||
		       pdf_dict_get(a, "Kids") != NULL;
	f.has_value =
		pdf_dict_get(a, "V") != NULL || pdf_dict_get(b, "V") != NULL;
	if (f.value_changed || f.signed_now)
		(void)pdf_set_add(&s->filled, ref.num);
	if (f.value_changed)
		status = pdf_inherited(s->a, a, "Ff", PDF_INT, &inherited, err);
	(void)pdf_get_int(inherited, &f.flags);
	if (status == DEED_OK)
		status = pdf_step_acts(s, a, b, ref.num, err);
	if (status != DEED_OK)
		return status;
	return pdf_step_keys(s, a, b, field_key, &f, err);
}

/* ---- the form ---- */

/* Signing sets SignaturesExist and AppendOnly (table 225); nobody clears
 * them. */
static bool sig_flags_allowed(const struct pdf_object *a,
			      const struct pdf_object *b)
{
	int64_t before = 0, after = 0;

	(void)pdf_get_int(a, &before);
	return pdf_get_int(b, &after) && (before | 3) == (after | 3) &&
	       (before & ~after) == 0;
}

/* Of the form itself, what signing and filling must touch. */
static enum deed_status form_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	(void)arg;
	if (slice_equal_str(key, "Fields"))
		return compare_list(s, a, b, SLICE_NONE, 0, NULL, err);
	if (slice_equal_str(key, "SigFlags") && sig_flags_allowed(a, b))
		return DEED_OK;
	if (slice_equal_str(key, "DR"))
		return pdf_step_resources(s, a, b, err);
	if (slice_equal_str(key, "DA") && a == NULL)
		return pdf_step_default_look(s, err);
	if (slice_equal_str(key, "NeedAppearances"))
		return pdf_step_need_appearances(s, a, b, err);
	if (pdf_step_is_private(key))
		return DEED_OK;
	return pdf_step_same(s, a, b,
			     (struct pdf_part){ PDF_ID_FORM, "the form", 0 },
			     key, PLACE_STRUCTURE, err);
}

enum deed_status pdf_step_form(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b,
			       struct deed_error *err)
{
	enum deed_status status;

	status = pdf_step_resolve(s, &a, &b, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(a, PDF_NULL) && !pdf_is(b, PDF_DICT))
		return pdf_step_other(s, PDF_ID_FORM, "the form is gone");
	if (!pdf_equal(a, b))
		pdf_step_raise(s, PDF_CHANGE_ARCHIVAL);
	return pdf_step_keys(s, a, b, form_key, NULL, err);
}
