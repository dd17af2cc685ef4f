/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/signature_priv.h"

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

/* By dictionary, or by number: older revisions have the same signatures in
 * their forms, and those were judged as the newest has them. */
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

/* Each of the two is marked, whichever came first: which field was meant to be
 * signed cannot be told. */
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

/* A field of another type whose value is a signature would else be passed
 * over, though some reader shows it as one. */
static bool looks_signed(const struct pdf_object *value)
{
	return pdf_is_dict(value) &&
	       (pdf_dict_get(value, "ByteRange") != NULL ||
		pdf_is_name(pdf_dict_get(value, "Type"), "Sig") ||
		pdf_is_name(pdf_dict_get(value, "Type"), "DocTimeStamp"));
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
	/* Each revision has all of them again. */
	if (!now && pdf_charge(f->doc->core, f->out->count, err) != DEED_OK)
		return DEED_LIMIT;
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
		return signature_failed(f, err);
	if (now)
		fail_twins(f, &sig);
	if (sig.problem != NULL)
		sig.coverage = PDF_COVERS_PARTIAL;
	return signature_add(f, &sig, err);
}

enum deed_status signature_fields(struct signature_finder *f,
				  struct pdf_document *view,
				  const struct pdf_field *fields, size_t count,
				  bool now, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < count; i++)
		status = take_field(f, view, &fields[i], now, err);
	return status;
}
