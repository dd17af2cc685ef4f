/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_field.h"

#include <stdlib.h>

#include "pdf/crypt.h"
#include "pdf/sign_field.h"
#include "pdf/signature.h"
#include "sign/pades_priv.h"

/* Seed value flags (ISO 32000-2 table 237): bit 4, Reasons. */
#define SEED_REASONS 8

/* A new field in a signed document is a change that fails the signature in
 * most readers. */
static enum deed_status check_unsigned(struct pdf_document *doc,
				       struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status;
	size_t count;

	if (!pdf_encryption_may_sign(doc))
		return deed_error_set(err, DEED_REFUSED,
				      "the document's owner allows no changes "
				      "to who has not the owner's password");
	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	count = found.count;
	pdf_signatures_clear(&found);
	if (count > 0)
		return deed_error_set(err, DEED_REFUSED,
				      "the document is signed already: a new "
				      "field would be a change after that");
	return DEED_OK;
}

/* NULL for no memory, which the dictionary that it goes into passes on. */
static struct pdf_object *texts(struct pdf_arena *a, const char *const *list,
				size_t count)
{
	struct pdf_object *array = pdf_new_array(a);
	size_t i;

	for (i = 0; i < count; i++) {
		if (!pdf_array_add(a, array, pdf_new_text(a, list[i])))
			return NULL;
	}
	return array;
}

/* Table 236; *out is NULL where nothing is locked. */
static enum deed_status make_lock(struct pdf_arena *a,
				  const struct pades_field_spec *spec,
				  const struct pdf_object **out,
				  struct deed_error *err)
{
	bool all = spec->lock_all || spec->final;
	struct pdf_object *d;

	*out = NULL;
	if (!all && spec->lock_count == 0)
		return DEED_OK;
	d = pdf_new_dict(a);
	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "SigFieldLock")) ||
	    !pdf_dict_put(a, d, "Action",
			  pdf_new_name(a, all ? "All" : "Include")) ||
	    (!all && !pdf_dict_put(a, d, "Fields",
				   texts(a, spec->locks, spec->lock_count))) ||
	    (spec->final && !pdf_dict_put(a, d, "P", pdf_new_int(a, 1))))
		return deed_error_memory(err);
	*out = d;
	return DEED_OK;
}

/* ISO 32000-2 12.7.5.5, table 237: the reasons, of which the signer must take
 * one. */
static enum deed_status make_seed(struct pdf_arena *a,
				  const struct pades_field_spec *spec,
				  const struct pdf_object **out,
				  struct deed_error *err)
{
	struct pdf_object *d;

	*out = NULL;
	if (spec->reason_count == 0)
		return DEED_OK;
	d = pdf_new_dict(a);
	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "SV")) ||
	    !pdf_dict_put(a, d, "Ff", pdf_new_int(a, SEED_REASONS)) ||
	    !pdf_dict_put(a, d, "Reasons",
			  texts(a, spec->reasons, spec->reason_count)))
		return deed_error_memory(err);
	*out = d;
	return DEED_OK;
}

/* A field without a place belongs to a page all the same, with a rectangle of
 * no size. */
static enum deed_status find_place(struct pdf_document *doc,
				   const struct pades_field_spec *spec,
				   struct pdf_sign_field *field,
				   struct deed_error *err)
{
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page page;

	status = pdf_page_select(doc, spec->page, &field->page, err);
	if (status != DEED_OK || !spec->has_place)
		return status;
	status = pdf_page_get(doc, field->page, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, &page, &sheet, err);
	if (status == DEED_OK)
		status = pdf_sheet_place(&sheet, spec->x_mm, spec->y_mm,
					 spec->width_mm, spec->height_mm,
					 &field->rect, err);
	return status;
}

/* The tooltip is the name where none is given, as a reader for the blind has
 * to say something. */
static enum deed_status add_field(struct pdf_document *doc,
				  struct pdf_update *u,
				  const struct pades_field_spec *spec,
				  struct deed_error *err)
{
	struct pdf_sign_field field = {
		.name = spec->name,
		.tooltip = spec->tooltip != NULL ? spec->tooltip : spec->name,
		.before = spec->before,
	};
	struct pdf_arena *a = pdf_update_arena(u);
	enum deed_status status;
	const char *name;

	status = find_place(doc, spec, &field, err);
	if (status == DEED_OK)
		status = make_lock(a, spec, &field.lock, err);
	if (status == DEED_OK)
		status = make_seed(a, spec, &field.seed, err);
	if (status == DEED_OK)
		status = pdf_sign_field_add(u, doc, &field, &name, err);
	return status;
}

/* Asked of the document that is changed, within one opening of it, so that
 * nothing lies between the question and the change. */
static enum deed_status add_unsigned(const void *arg, struct pdf_document *doc,
				     struct pdf_update *u,
				     struct deed_error *err)
{
	enum deed_status status = check_unsigned(doc, err);

	return status == DEED_OK ? add_field(doc, u, arg, err) : status;
}

enum deed_status pades_field_draft(const struct pdf_input *in,
				   const struct pades_field_spec *spec,
				   struct buf *tail, struct deed_error *err)
{
	return pades_update_draft(in, add_unsigned, spec, slice_str(spec->name),
				  tail, err);
}

/* ---- listing ---- */

/* What is no string is an empty text: a tooltip that is wrong is no reason not
 * to list the field.  NULL is a lack of memory. */
static char *copy_text(struct pdf_arena *arena, const struct pdf_object *o)
{
	const char *text = "";

	if (pdf_is(o, PDF_STRING))
		text = pdf_text(arena, pdf_get_string(o));
	return text == NULL ? NULL : strdup(text);
}

/* In words, for people: who signs decides by the document and not by this. */
static enum deed_status read_lock(struct pdf_document *doc,
				  const struct pdf_object *dict,
				  struct pades_field *out,
				  struct deed_error *err)
{
	const struct pdf_object *lock, *action, *fields, *item, *p;
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status;
	int64_t permission = 0;
	const char *name;
	size_t i;

	status = pdf_dict_resolve(doc, dict, "Lock", &lock, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, lock, "Action", &action, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, lock, "Fields", &fields, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, lock, "P", &p, err);
	if (status != DEED_OK)
		return status;
	out->final = pdf_get_int(p, &permission) && permission == 1;
	if (pdf_is_name(action, "All"))
		buf_str(&text, "all");
	else if (pdf_is_name(action, "Exclude"))
		buf_str(&text, "all but ");
	else if (pdf_is_name(action, "Include"))
		buf_str(&text, "only ");
	for (i = 0; status == DEED_OK && !pdf_is_name(action, "All") &&
		    i < pdf_array_count(fields);
	     i++) {
		status = pdf_resolve(doc, pdf_array_get(fields, i), &item, err);
		name = status == DEED_OK
			       ? pdf_text(&arena, pdf_get_string(item))
			       : NULL;
		buf_str(&text, i > 0 ? ", " : "");
		buf_str(&text, name == NULL ? "" : name);
	}
	pdf_arena_clear(&arena);
	buf_byte(&text, '\0');
	out->lock = buf_take(&text, NULL);
	if (status == DEED_OK && out->lock == NULL)
		status = deed_error_memory(err);
	return status;
}

/* In millimetres as displayed, which is how a place is given to deed. */
static enum deed_status read_place(struct pdf_document *doc,
				   struct pades_field *out,
				   struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_sheet sheet;
	struct pdf_page page;
	struct pdf_rect rect;
	const char *contents;
	enum deed_status status;

	status = pdf_sign_field_shown(doc, out->name, &out->page, &rect, &arena,
				      &contents, err);
	pdf_arena_clear(&arena);
	/* Shown in several places: then no one place is told. */
	if (status == DEED_UNSUPPORTED)
		return DEED_OK;
	out->has_place = status == DEED_OK && rect.x0 < rect.x1;
	if (!out->has_place)
		return status;
	status = pdf_page_get(doc, out->page, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, &page, &sheet, err);
	if (status == DEED_OK)
		pdf_sheet_locate(&sheet, &rect, &out->x_mm, &out->y_mm,
				 &out->width_mm, &out->height_mm);
	out->page++;
	return status;
}

/* Whatever was taken when it fails is freed with the list, to which the field
 * belongs already. */
static enum deed_status read_field(struct pdf_document *doc,
				   const struct pdf_field *field,
				   struct pades_field *out,
				   struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	const struct pdf_object *value, *text, *seed;
	enum deed_status status;

	out->name = strdup(field->name);
	status = pdf_resolve(doc, field->value, &value, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, field->dict, "TU", &text, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, field->dict, "SV", &seed, err);
	if (status != DEED_OK)
		return status;
	out->is_signed = !pdf_is(value, PDF_NULL);
	out->seed = pdf_is_dict(seed);
	out->tooltip = copy_text(&arena, text);
	pdf_arena_clear(&arena);
	if (out->name == NULL || out->tooltip == NULL)
		return deed_error_memory(err);
	status = read_lock(doc, field->dict, out, err);
	return status == DEED_OK ? read_place(doc, out, err) : status;
}

enum deed_status pades_field_read(const struct pdf_input *in,
				  struct pades_fields *out,
				  struct deed_error *err)
{
	const struct pdf_field *fields;
	struct pdf_document *doc = NULL;
	enum deed_status status;
	size_t i, count = 0;

	memset(out, 0, sizeof(*out));
	status = pdf_open(in, &doc, err);
	if (status == DEED_OK)
		status = pdf_fields(doc, &fields, &count, err);
	if (status == DEED_OK) {
		out->list = calloc(count + 1, sizeof(*out->list));
		if (out->list == NULL)
			status = deed_error_memory(err);
	}
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (slice_equal_str(fields[i].type, "Sig"))
			status = read_field(doc, &fields[i],
					    &out->list[out->count++], err);
	}
	pdf_close(doc);
	if (status != DEED_OK)
		pades_fields_clear(out);
	return status;
}
