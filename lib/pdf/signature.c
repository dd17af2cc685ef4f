/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/signature.h"

#include <stdlib.h>

#include "codec/ber.h"
#include "codec/der.h"
#include "pdf/core.h"
#include "pdf/date.h"
#include "pdf/hidden.h"
#include "pdf/lexer.h"
#include "pdf/orphan.h"

/* A signature value beyond this is no CMS that anybody makes. */
#define MAX_SIGNATURES 4096

struct finder {
	struct pdf_document *doc; /* the newest view */
	struct pdf_signatures *out;
	size_t cap;
	/* Memory or I/O that failed on the way: no verdict can rest on that. */
	enum deed_status failed;
};

/* Whether a step went well; a failure of the machine is remembered. */
static bool went_well(struct finder *f, enum deed_status status)
{
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		f->failed = status;
	return status == DEED_OK;
}

static enum deed_status add(struct finder *f, const struct pdf_signature *sig,
			    struct deed_error *err)
{
	struct pdf_signature *grown;
	size_t cap;

	if (f->out->count == MAX_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signatures",
				      MAX_SIGNATURES);
	if (f->out->count == f->cap) {
		cap = f->cap == 0 ? 8 : f->cap * 2;
		grown = realloc(f->out->list, cap * sizeof(*grown));
		if (grown == NULL)
			return deed_error_memory(err);
		f->out->list = grown;
		f->cap = cap;
	}
	f->out->list[f->out->count++] = *sig;
	return DEED_OK;
}

static void set_problem(struct pdf_signature *sig, const char *id,
			const char *problem)
{
	if (sig->problem != NULL)
		return;
	sig->problem_id = id;
	sig->problem = problem;
}

/* ---- what the dictionary says ---- */

enum pdf_sub_filter pdf_sub_filter_of(struct slice name)
{
	static const struct {
		const char *name;
		enum pdf_sub_filter value;
	} known[] = {
		{ "adbe.pkcs7.detached", PDF_SUB_FILTER_PKCS7_DETACHED },
		{ "adbe.pkcs7.sha1", PDF_SUB_FILTER_PKCS7_SHA1 },
		{ "adbe.x509.rsa_sha1", PDF_SUB_FILTER_X509_RSA_SHA1 },
		{ "ETSI.CAdES.detached", PDF_SUB_FILTER_CADES_DETACHED },
		{ "ETSI.RFC3161", PDF_SUB_FILTER_RFC3161 },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_equal_str(name, known[i].name))
			return known[i].value;
	}
	return PDF_SUB_FILTER_UNKNOWN;
}

static void read_sub_filter(struct pdf_signature *sig)
{
	const struct pdf_object *type = pdf_dict_get(sig->dict, "Type");

	sig->sub_filter_name =
		pdf_get_name(pdf_dict_get(sig->dict, "SubFilter"));
	sig->sub_filter = pdf_sub_filter_of(sig->sub_filter_name);
	sig->document_timestamp = sig->sub_filter == PDF_SUB_FILTER_RFC3161 ||
				  pdf_is_name(type, "DocTimeStamp");
	if (type != NULL && !pdf_is_name(type, "Sig") &&
	    !pdf_is_name(type, "DocTimeStamp"))
		set_problem(sig, "signature-incomplete",
			    "the signature dictionary has another /Type");
}

static char *read_text(struct finder *f, const struct pdf_signature *sig,
		       const char *key)
{
	const struct pdf_object *value;
	char *text;

	if (!went_well(f, pdf_dict_resolve(f->doc, sig->dict, key, &value,
					   NULL)) ||
	    !pdf_is(value, PDF_STRING))
		return NULL;
	text = pdf_text(&f->out->arena, value->u.text);
	if (text == NULL)
		f->failed = DEED_NO_MEMORY;
	return text;
}

static void read_field_lock(struct finder *f, struct pdf_document *then,
			    struct pdf_signature *sig,
			    const struct pdf_object *params)
{
	const struct pdf_object *action;

	if (!went_well(f,
		       pdf_dict_resolve(then, params, "Action", &action, NULL)))
		action = NULL;
	if (pdf_is_name(action, "Include"))
		sig->lock = PDF_LOCK_INCLUDE;
	else if (pdf_is_name(action, "Exclude"))
		sig->lock = PDF_LOCK_EXCLUDE;
	else
		/* All, or something that is not understood. */
		sig->lock = PDF_LOCK_ALL;
	if (!went_well(f, pdf_dict_resolve(then, params, "Fields",
					   &sig->lock_fields, NULL)))
		sig->lock = PDF_LOCK_ALL;
}

/* One signature reference dictionary (table 255), as it was signed. */
static void read_transform(struct finder *f, struct pdf_document *then,
			   struct pdf_signature *sig,
			   const struct pdf_object *ref)
{
	const struct pdf_object *method, *params, *number;
	int64_t permission;

	if (!went_well(f, pdf_resolve(then, ref, &ref, NULL)) ||
	    !went_well(f, pdf_dict_resolve(then, ref, "TransformMethod",
					   &method, NULL)))
		return;
	if (!went_well(f, pdf_dict_resolve(then, ref, "TransformParams",
					   &params, NULL)))
		params = NULL;
	if (pdf_is_name(method, "FieldMDP"))
		read_field_lock(f, then, sig, params);
	if (!pdf_is_name(method, "DocMDP"))
		return;
	sig->docmdp = 2;
	if (params == NULL ||
	    !went_well(f, pdf_dict_resolve(then, params, "P", &number, NULL)))
		/* It forbids something: what cannot be read forbids all. */
		sig->docmdp = 1;
	else if (pdf_get_int(number, &permission) && permission >= 1 &&
		 permission <= 3)
		sig->docmdp = (int)permission;
}

/* /Reference: what may change after this signature (12.8.2). */
static void read_transforms(struct finder *f, struct pdf_signature *sig)
{
	struct pdf_document *then = pdf_at_revision(f->doc, sig->revision);
	const struct pdf_object *list;
	size_t i;

	if (!went_well(f, pdf_dict_resolve(then, sig->dict, "Reference", &list,
					   NULL)))
		return;
	for (i = 0; i < pdf_array_count(list); i++)
		read_transform(f, then, sig, pdf_array_get(list, i));
}

static void read_claims(struct finder *f, struct pdf_signature *sig)
{
	const struct pdf_object *when = pdf_dict_get(sig->dict, "M");

	read_sub_filter(sig);
	sig->claimed_time = read_text(f, sig, "M");
	sig->name = read_text(f, sig, "Name");
	sig->reason = read_text(f, sig, "Reason");
	sig->location = read_text(f, sig, "Location");
	sig->contact = read_text(f, sig, "ContactInfo");
	sig->has_signing_time =
		pdf_date_parse(pdf_get_string(when), &sig->signing_time);
}

/* ---- ByteRange and Contents ---- */

static bool read_byte_range(const struct pdf_object *array, uint64_t out[4])
{
	uint64_t values[4];
	int64_t value;
	size_t i;

	if (pdf_array_count(array) != 4)
		return false;
	for (i = 0; i < 4; i++) {
		if (!pdf_get_int(pdf_array_get(array, i), &value) ||
		    value < 0 || (uint64_t)value > PDF_INPUT_MAX)
			return false;
		values[i] = (uint64_t)value;
	}
	memcpy(out, values, sizeof(values));
	return true;
}

/* Which revision ends at this byte; false if none does. */
static bool revision_at(const struct pdf_document *doc, uint64_t end,
			size_t *out)
{
	const struct pdf_revision *r;
	size_t i, count = pdf_revision_count(doc);

	for (i = count; i > 0; i--) {
		r = pdf_revision_get(doc, i - 1);
		if (r->eof != 0 && end >= r->eof && end <= r->end) {
			*out = i - 1;
			return true;
		}
	}
	*out = count - 1;
	return end == pdf_input_size(pdf_document_input(doc));
}

/* The length of a value of this tag in DER, by its first length octets; what
 * lies in it is looked at by who judges it.  False where they do not say. */
static bool definite_length(struct slice c, uint8_t tag, size_t *used)
{
	struct der_reader r;
	struct slice whole;

	der_init(&r, c);
	if (!der_get_element(&r, tag, &whole))
		return false;
	*used = whole.len;
	return true;
}

/*
 * Cut the padding off.  Some programs leave old bytes there instead of zeros.
 * Nobody signed them, and nobody reads them for anything else: they are digits
 * in the gap, inside of one string.
 */
static void cut_contents(struct finder *f, struct pdf_signature *sig)
{
	uint8_t tag = sig->sub_filter == PDF_SUB_FILTER_X509_RSA_SHA1
			      ? DER_OCTET_STRING
			      : DER_SEQUENCE;
	struct slice c = sig->contents;
	struct buf der = BUF_INIT;
	size_t used = 0, i;

	if (definite_length(c, tag, &used) ||
	    went_well(f, ber_to_der(c, &used, &der, NULL))) {
		for (i = used; i < c.len && c.data[i] == 0; i++)
			;
		sig->has_more = i < c.len;
		sig->contents.len = used;
	}
	buf_clear(&der);
}

static enum deed_status check_digits(void *arg, struct slice window,
				     struct deed_error *err)
{
	bool *plain = arg;
	size_t i;
	uint8_t c;

	(void)err;
	for (i = 0; i < window.len; i++) {
		c = window.data[i];
		if (!(c >= '0' && c <= '9') &&
		    !((c | 32) >= 'a' && (c | 32) <= 'f') && !pdf_is_space(c))
			*plain = false;
	}
	return DEED_OK;
}

/*
 * Nothing but digits and white space between the angle brackets (7.3.4.3):
 * readers agree on what that is.
 */
static bool is_plain_hex(struct finder *f, const struct pdf_object *contents)
{
	bool plain = contents->hex;

	if (!plain || contents->end < contents->start + 2)
		return false;
	return went_well(f, pdf_input_each(pdf_document_input(f->doc),
					   contents->start + 1,
					   contents->end - contents->start - 2,
					   check_digits, &plain, NULL)) &&
	       plain;
}

/* The rules that make a ByteRange mean what a reader thinks it does. */
static void check_byte_range(struct finder *f, struct pdf_signature *sig)
{
	const struct pdf_object *contents = pdf_dict_get(sig->dict, "Contents");
	uint64_t *r = sig->byte_range, size;
	bool ends;

	size = pdf_input_size(pdf_document_input(f->doc));
	sig->has_byte_range =
		read_byte_range(pdf_dict_get(sig->dict, "ByteRange"), r);
	if (pdf_is(contents, PDF_STRING)) {
		sig->contents = contents->u.text;
		cut_contents(f, sig);
	} else {
		set_problem(sig, "signature-incomplete",
			    "the signature dictionary has no /Contents "
			    "string of its own");
	}
	if (!sig->has_byte_range) {
		set_problem(sig, "signature-incomplete",
			    "/ByteRange is not an array of four numbers");
		return;
	}
	if (r[2] > size || r[3] > size - r[2] || r[1] > size) {
		set_problem(sig, "byte-range-bounds",
			    "/ByteRange goes past the end of the file");
		return;
	}
	if (r[0] != 0)
		set_problem(sig, "byte-range-bounds",
			    "/ByteRange does not begin at byte 0");
	if (!pdf_is(contents, PDF_STRING))
		return;
	if (r[2] < r[1])
		set_problem(sig, "byte-range-overlap",
			    "the two ranges of /ByteRange overlap");
	if (contents->end == 0 || contents->start != r[1] ||
	    contents->end != r[2])
		set_problem(sig, "byte-range-gap",
			    "the gap in /ByteRange is not exactly this "
			    "signature's /Contents");
	if (!is_plain_hex(f, contents))
		set_problem(sig, "signature-value",
			    "/Contents is not a plain hexadecimal "
			    "string");
	ends = revision_at(f->doc, r[2] + r[3], &sig->revision);
	if (!ends)
		set_problem(sig, "byte-range-end",
			    "/ByteRange does not end at the end of a "
			    "revision");
	if (sig->problem == NULL)
		sig->coverage = r[2] + r[3] == size ? PDF_COVERS_FILE
						    : PDF_COVERS_REVISION;
}

/* ---- then and now ---- */

/* What the lock allows is signed with the field (table 236). */
static void read_lock_permission(struct finder *f, struct pdf_signature *sig,
				 struct pdf_document *then,
				 const struct pdf_object *holder)
{
	const struct pdf_object *lock, *p;
	int64_t permission;

	if (went_well(f, pdf_dict_resolve(then, holder, "Lock", &lock, NULL)) &&
	    went_well(f, pdf_dict_resolve(then, lock, "P", &p, NULL)) &&
	    pdf_get_int(p, &permission) && permission >= 1 && permission <= 3)
		sig->lock_permission = (int)permission;
}

/* The signature dictionary, and the field that holds it, as they stood in the
 * revision that is signed. */
static void compare_with_then(struct finder *f, struct pdf_signature *sig,
			      const struct pdf_field *field)
{
	struct pdf_document *then = pdf_at_revision(f->doc, sig->revision);
	const struct pdf_object *dict, *holder;
	size_t first = sig->revision;

	if (sig->ref.num != 0) {
		if (!went_well(f,
			       pdf_get_object(then, sig->ref, &dict, NULL)) ||
		    !(dict == sig->dict || pdf_equal(dict, sig->dict))) {
			set_problem(sig, "dictionary-replaced",
				    "the signature dictionary is not the "
				    "one that was signed");
			return;
		}
		first = pdf_locate(then, sig->ref.num).revision;
	} else if (field != NULL && field->ref.num != 0) {
		first = pdf_locate(then, field->ref.num).revision;
	}
	if (first != sig->revision)
		set_problem(sig, "signature-misplaced",
			    "the signature value stands outside the "
			    "revision that it signs");
	if (field == NULL || field->ref.num == 0)
		return;
	if (!went_well(f, pdf_get_object(then, field->ref, &holder, NULL)) ||
	    !pdf_equal(pdf_dict_get(holder, "V"), field->value))
		set_problem(sig, "signature-misplaced",
			    "the field did not hold this value when it "
			    "was signed");
	else
		read_lock_permission(f, sig, then, holder);
}

static bool known_already(const struct finder *f,
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

static void fail_twins(struct finder *f, struct pdf_signature *sig)
{
	struct pdf_signature *other;
	size_t i;

	for (i = 0; i < f->out->count; i++) {
		other = &f->out->list[i];
		if ((sig->ref.num != 0 && sig->ref.num == other->ref.num) ||
		    (sig->dict != NULL && sig->dict == other->dict)) {
			set_problem(other, "value-shared",
				    "two fields hold the same value");
			set_problem(sig, "value-shared",
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
static void fail_inherited(struct finder *f, struct pdf_document *view,
			   const struct pdf_field *field)
{
	struct pdf_signature *other;
	const struct pdf_object *value;
	size_t i;

	if (!went_well(f, pdf_resolve(view, field->value, &value, NULL)))
		return;
	for (i = 0; i < f->out->count; i++) {
		other = &f->out->list[i];
		if (other->dict == value) {
			set_problem(other, "value-shared",
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

static enum deed_status machine_failed(const struct finder *f,
				       struct deed_error *err)
{
	if (f->failed == DEED_IO)
		return deed_error_set(
			err, DEED_IO, "cannot read '%s'",
			pdf_input_name(pdf_document_input(f->doc)));
	return deed_error_memory(err);
}

/* One field with a value, seen in a view. */
static enum deed_status take_field(struct finder *f, struct pdf_document *view,
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
		set_problem(&sig, "signature-incomplete",
			    "the signature dictionary cannot be read");
	} else if (!pdf_is(value, PDF_DICT)) {
		/* A null value is an empty field, whatever names it. */
		if (pdf_is(value, PDF_NULL))
			return DEED_OK;
		set_problem(&sig, "signature-incomplete",
			    "the value is no signature dictionary");
	} else {
		if (!slice_equal_str(field->type, "Sig"))
			set_problem(&sig, "signature-field",
				    "a field of another type holds a "
				    "signature");
		read_claims(f, &sig);
		check_byte_range(f, &sig);
		read_transforms(f, &sig);
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

static enum deed_status take_fields(struct finder *f, struct pdf_document *view,
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
static enum deed_status take_older(struct finder *f, struct deed_error *err)
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
static enum deed_status add_cut_off(struct finder *f, struct pdf_signature *sig,
				    const char *id, const char *problem,
				    struct deed_error *err)
{
	sig->field = pdf_arena_copy(&f->out->arena, "", 1);
	if (sig->field == NULL)
		return deed_error_memory(err);
	sig->problem = NULL;
	set_problem(sig, id, problem);
	sig->coverage = PDF_COVERS_PARTIAL;
	return f->failed != DEED_OK ? machine_failed(f, err) : add(f, sig, err);
}

/* One in a revision that the file's history leaves out. */
static enum deed_status take_hidden(void *arg, const struct pdf_raw *raw,
				    struct deed_error *err)
{
	struct pdf_signature sig = { .dict = raw->dict };
	struct finder *f = arg;

	read_claims(f, &sig);
	check_byte_range(f, &sig);
	sig.hidden = true;
	sig.revision = pdf_revision_at(f->doc->core, raw->dict->start);
	return add_cut_off(f, &sig, "revision-hidden",
			   "a later revision leaves the one that this "
			   "signature closes out of the file's history: it was "
			   "cut off",
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
	struct finder *f = arg;
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
	read_claims(f, &sig);
	check_byte_range(f, &sig);
	return add_cut_off(f, &sig, "signature-orphaned",
			   "no field holds this signature: it was cut off, or "
			   "never was one of the document",
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
	set_problem(sig, "byte-range-overlap",
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
	struct finder f = { .doc = pdf_at_revision(doc, newest), .out = out };
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
		set_problem(&out->list[i], "pages-unreadable",
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
