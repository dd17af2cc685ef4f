/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/signature.h"

#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"
#include "pdf/hidden.h"
#include "pdf/orphan.h"
#include "pdf/signature_priv.h"

/* More than this in one file are nobody's. */
#define MAX_SIGNATURES 4096

bool signature_well(struct signature_finder *f, enum deed_status status)
{
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		f->failed = status;
	return status == DEED_OK;
}

static enum deed_status add(struct signature_finder *f,
			    const struct pdf_signature *sig,
			    struct deed_error *err)
{
	if (f->out->count == MAX_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signatures",
				      MAX_SIGNATURES);
	if (!array_room(&f->out->list, &f->cap, f->out->count + 1))
		return deed_error_memory(err);
	f->out->list[f->out->count++] = *sig;
	return DEED_OK;
}

void signature_problem(struct pdf_signature *sig, const char *id,
		       const char *problem)
{
	if (sig->problem != NULL)
		return;
	sig->problem_id = id;
	sig->problem = problem;
}

/* ---- then and now ---- */

/* What the lock allows is signed with the field (table 236). */
static void read_lock_permission(struct signature_finder *f,
				 struct pdf_signature *sig,
				 struct pdf_document *then,
				 const struct pdf_object *holder)
{
	const struct pdf_object *lock, *p;
	int64_t permission;

	if (signature_well(
		    f, pdf_dict_resolve(then, holder, "Lock", &lock, NULL)) &&
	    signature_well(f, pdf_dict_resolve(then, lock, "P", &p, NULL)) &&
	    pdf_get_int(p, &permission) && permission >= 1 && permission <= 3)
		sig->lock_permission = (int)permission;
}

/* The signature dictionary, and the field that holds it, as they stood in the
 * revision that is signed. */
static void compare_with_then(struct signature_finder *f,
			      struct pdf_signature *sig,
			      const struct pdf_field *field)
{
	struct pdf_document *then = pdf_at_revision(f->doc, sig->revision);
	const struct pdf_object *dict, *holder;
	size_t first = sig->revision;

	if (sig->ref.num != 0) {
		if (!signature_well(
			    f, pdf_get_object(then, sig->ref, &dict, NULL)) ||
		    !(dict == sig->dict || pdf_equal(dict, sig->dict))) {
			signature_problem(sig, "dictionary-replaced",
					  "the signature dictionary is not the "
					  "one that was signed");
			return;
		}
		first = pdf_locate(then, sig->ref.num).revision;
	} else if (field != NULL && field->ref.num != 0) {
		first = pdf_locate(then, field->ref.num).revision;
	}
	if (first != sig->revision)
		signature_problem(sig, "signature-misplaced",
				  "the signature value stands outside the "
				  "revision that it signs");
	if (field == NULL || field->ref.num == 0)
		return;
	if (!signature_well(f,
			    pdf_get_object(then, field->ref, &holder, NULL)) ||
	    !pdf_equal(pdf_dict_get(holder, "V"), field->value))
		signature_problem(sig, "signature-misplaced",
				  "the field did not hold this value when it "
				  "was signed");
	else
		read_lock_permission(f, sig, then, holder);
}

static bool known_already(const struct signature_finder *f,
			  const struct pdf_signature *sig)
{
	const struct pdf_signature *other;
	size_t i;

	for (i = 0; i < f->out->count; i++) {
		other = &f->out->list[i];
		if (sig->dict == other->dict ||
		    (sig->ref.num != 0 && sig->ref.num == other->ref.num))
			return true;
	}
	return false;
}

static void fail_twins(struct signature_finder *f, struct pdf_signature *sig)
{
	struct pdf_signature *other;
	size_t i;

	for (i = 0; i < f->out->count; i++) {
		other = &f->out->list[i];
		if ((sig->ref.num != 0 && sig->ref.num == other->ref.num) ||
		    (sig->dict != NULL && sig->dict == other->dict)) {
			signature_problem(other, "value-shared",
					  "two fields hold the same value");
			signature_problem(sig, "value-shared",
					  "two fields hold the same value");
		}
	}
}

/* A field with a name of its own and a value from the field above. */
static bool inherits(const struct pdf_field *field)
{
	return field->value != NULL && slice_equal_str(field->type, "Sig") &&
	       pdf_dict_get(field->dict, "T") != NULL;
}

/* That value is then in several fields.  Parents are met first. */
static void fail_inherited(struct signature_finder *f,
			   struct pdf_document *view,
			   const struct pdf_field *field)
{
	struct pdf_signature *other;
	const struct pdf_object *value;
	size_t i;

	if (!signature_well(f, pdf_resolve(view, field->value, &value, NULL)))
		return;
	for (i = 0; i < f->out->count; i++) {
		other = &f->out->list[i];
		if (other->dict == value) {
			signature_problem(other, "value-shared",
					  "two fields hold the same value");
			other->coverage = PDF_COVERS_PARTIAL;
		}
	}
}

static bool looks_signed(const struct pdf_object *value)
{
	return pdf_is_dict(value) &&
	       (pdf_dict_get(value, "ByteRange") != NULL ||
		pdf_is_name(pdf_dict_get(value, "Type"), "Sig") ||
		pdf_is_name(pdf_dict_get(value, "Type"), "DocTimeStamp"));
}

static enum deed_status machine_failed(const struct signature_finder *f,
				       struct deed_error *err)
{
	if (f->failed == DEED_IO)
		return deed_error_set(
			err, DEED_IO, "cannot read '%s'",
			pdf_input_name(pdf_document_input(f->doc)));
	return deed_error_memory(err);
}

/* One field with a value, seen in a view. */
static enum deed_status take_field(struct signature_finder *f,
				   struct pdf_document *view,
				   const struct pdf_field *field, bool now,
				   struct deed_error *err)
{
	struct pdf_signature sig = { .field_ref = field->ref };
	const struct pdf_object *value;
	enum deed_status status;

	if (!field->own_value) {
		if (now && inherits(field))
			fail_inherited(f, view, field);
		return DEED_OK;
	}
	(void)pdf_get_ref(field->value, &sig.ref);
	status = pdf_resolve(view, field->value, &value, err);
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		return status;
	if (!slice_equal_str(field->type, "Sig") &&
	    !(status == DEED_OK && looks_signed(value)))
		return DEED_OK;
	sig.dict = value;
	sig.revision = pdf_revision_of(view);
	if (!now && known_already(f, &sig))
		return DEED_OK;
	sig.field = pdf_arena_copy(&f->out->arena, field->name,
				   strlen(field->name));
	if (sig.field == NULL)
		return deed_error_memory(err);
	if (status != DEED_OK) {
		sig.dict = NULL;
		signature_problem(&sig, "signature-incomplete",
				  "the signature dictionary cannot be read");
	} else if (!pdf_is(value, PDF_DICT)) {
		/* A null value is an empty field, whatever names it. */
		if (pdf_is(value, PDF_NULL))
			return DEED_OK;
		signature_problem(&sig, "signature-incomplete",
				  "the value is no signature dictionary");
	} else {
		if (!slice_equal_str(field->type, "Sig"))
			signature_problem(&sig, "signature-field",
					  "a field of another type holds a "
					  "signature");
		signature_claims(f, &sig);
		signature_range(f, &sig);
		signature_transforms(f, &sig);
		if (sig.has_byte_range)
			compare_with_then(f, &sig, field);
	}
	if (f->failed != DEED_OK)
		return machine_failed(f, err);
	if (now)
		fail_twins(f, &sig);
	if (sig.problem != NULL)
		sig.coverage = PDF_COVERS_PARTIAL;
	return add(f, &sig, err);
}

static enum deed_status take_fields(struct signature_finder *f,
				    struct pdf_document *view,
				    const struct pdf_field *fields,
				    size_t count, bool now,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < count; i++)
		status = take_field(f, view, &fields[i], now, err);
	return status;
}

/* Those that a later revision took out of the form. */
static enum deed_status take_older(struct signature_finder *f,
				   struct deed_error *err)
{
	size_t i, count, newest = pdf_revision_count(f->doc) - 1;
	const struct pdf_field *fields;
	struct pdf_document *view;
	enum deed_status status;

	for (i = newest; i > 0; i--) {
		view = pdf_at_revision(f->doc, i - 1);
		status = pdf_form_fields(view, &fields, &count, err);
		if (status == DEED_MALFORMED)
			continue;
		if (status == DEED_OK)
			status =
				take_fields(f, view, fields, count, false, err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/* A signature that nothing holds, with what is wrong about that. */
static enum deed_status add_cut_off(struct signature_finder *f,
				    struct pdf_signature *sig, const char *id,
				    const char *problem, struct deed_error *err)
{
	sig->field = pdf_arena_copy(&f->out->arena, "", 1);
	if (sig->field == NULL)
		return deed_error_memory(err);
	sig->problem = NULL;
	signature_problem(sig, id, problem);
	sig->coverage = PDF_COVERS_PARTIAL;
	return f->failed != DEED_OK ? machine_failed(f, err) : add(f, sig, err);
}

/* One in a revision that the file's history leaves out. */
static enum deed_status take_hidden(void *arg, const struct pdf_raw *raw,
				    struct deed_error *err)
{
	struct pdf_signature sig = { .dict = raw->dict };
	struct signature_finder *f = arg;

	signature_claims(f, &sig);
	signature_range(f, &sig);
	sig.hidden = true;
	sig.revision = pdf_revision_at(f->doc->core, raw->dict->start);
	return add_cut_off(f, &sig, "revision-hidden",
			   "a later revision skips the revision that this "
			   "signature closes, so that the file's history no "
			   "longer contains it",
			   err);
}

/* A dictionary that stands in the file, and whose value no field had. */
static enum deed_status take_orphan(void *arg, struct pdf_document *view,
				    struct pdf_ref ref,
				    const struct pdf_object *dict,
				    struct deed_error *err)
{
	struct pdf_signature sig = { .ref = ref, .dict = dict };
	const struct pdf_object *value, *known;
	struct signature_finder *f = arg;
	size_t i;

	value = pdf_dict_get(dict, "Contents");
	for (i = 0; i < f->out->count; i++) {
		known = pdf_dict_get(f->out->list[i].dict, "Contents");
		if (known == value || f->out->list[i].ref.num == ref.num ||
		    (known != NULL && value->start != 0 &&
		     known->start == value->start))
			return DEED_OK;
	}
	sig.revision = pdf_revision_of(view);
	signature_claims(f, &sig);
	signature_range(f, &sig);
	return add_cut_off(f, &sig, "signature-orphaned",
			   "no form field holds this signature: it was removed "
			   "from the form, or never belonged to this document",
			   err);
}

static int by_place(const void *a, const void *b)
{
	const struct pdf_signature *x = a, *y = b;

	if (x->revision != y->revision)
		return x->revision < y->revision ? -1 : 1;
	if (x->byte_range[1] != y->byte_range[1])
		return x->byte_range[1] < y->byte_range[1] ? -1 : 1;
	return strcmp(x->field, y->field);
}

static void overlaps(struct pdf_signature *sig)
{
	signature_problem(sig, "byte-range-overlap",
			  "two signatures claim the same revision");
	sig->coverage = PDF_COVERS_PARTIAL;
}

/* Two signatures of one revision: the later one's gap, or the earlier one's,
 * lies in bytes that the other calls signed. */
static void check_overlaps(struct pdf_signatures *s)
{
	size_t i;

	for (i = 1; i < s->count; i++) {
		if (s->list[i].has_byte_range &&
		    s->list[i - 1].has_byte_range && !s->list[i].hidden &&
		    !s->list[i - 1].hidden &&
		    s->list[i].revision == s->list[i - 1].revision) {
			overlaps(&s->list[i]);
			overlaps(&s->list[i - 1]);
		}
	}
}

enum deed_status pdf_signatures_find(struct pdf_document *doc,
				     struct pdf_signatures *out,
				     struct deed_error *err)
{
	size_t count, i, newest = pdf_revision_count(doc) - 1;
	struct signature_finder f = { .doc = pdf_at_revision(doc, newest),
				      .out = out };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status, pages;
	const struct pdf_field *fields;

	*out = (struct pdf_signatures){ .arena = PDF_ARENA_INIT };
	/* Most documents that are to be signed have none, and are asked
	 * several times. */
	if (doc->core->has_no_signature)
		return DEED_OK;
	pages = pdf_fields(f.doc, &fields, &count, &why);
	status = pages;
	if (pages == DEED_MALFORMED)
		/* Pages that cannot be walked hide no signature that the form
		 * leads to. */
		status = pdf_form_fields(f.doc, &fields, &count, &why);
	if (status == DEED_OK)
		status = take_fields(&f, f.doc, fields, count, true, &why);
	if (status == DEED_OK)
		status = take_older(&f, &why);
	if (status == DEED_OK)
		status = pdf_orphans_each(f.doc, take_orphan, &f, &why);
	if (status == DEED_OK)
		status = pdf_hidden_each(f.doc, take_hidden, &f, &out->hidden,
					 &why);
	if (status == DEED_OK && pages != DEED_OK && out->count == 0)
		status = pages;
	if (status != DEED_OK) {
		if (err != NULL)
			*err = why;
		pdf_signatures_clear(out);
		return status;
	}
	for (i = 0; pages != DEED_OK && i < out->count; i++) {
		signature_problem(&out->list[i], "pages-unreadable",
				  "the document's pages cannot be "
				  "read");
		out->list[i].coverage = PDF_COVERS_PARTIAL;
	}
	doc->core->has_no_signature = out->count == 0;
	if (out->count > 1)
		qsort(out->list, out->count, sizeof(*out->list), by_place);
	check_overlaps(out);
	return DEED_OK;
}

void pdf_signatures_clear(struct pdf_signatures *s)
{
	free(s->list);
	pdf_arena_clear(&s->arena);
	*s = (struct pdf_signatures){ .arena = PDF_ARENA_INIT };
}

int pdf_signature_permission(const struct pdf_signature *sig)
{
	int least = 3;

	if (sig->docmdp != 0 && sig->docmdp < least)
		least = sig->docmdp;
	if (sig->lock_permission != 0 && sig->lock_permission < least)
		least = sig->lock_permission;
	return least;
}
