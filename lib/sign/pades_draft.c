/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "crypto/digest.h"
#include "pdf/annotation.h"
#include "pdf/archival.h"
#include "pdf/certify.h"
#include "pdf/crypt.h"
#include "pdf/looks.h"
#include "pdf/sign_field.h"
#include "pdf/write_object.h"
#include "sign/pades_beside.h"
#include "sign/pades_priv.h"
#include "sign/pades_rights.h"
#include "sign/pades_slot.h"

/* The end of a document goes into the identifier of the next. */
#define ID_BYTES 4096

struct drafting {
	const struct pades_draft_order *order;
	const struct pades_params *params;
	struct pdf_document *doc;
	struct pdf_update *u;
	struct pdf_ref value; /* the signature dictionary */
	struct pades_rights rights;
	struct pades_slot slot;
	const char *field;
	struct pades_shown shown;
	struct pades_beneath beneath;
};

void pades_draft_clear(struct pades_draft *d)
{
	free(d->field);
	buf_clear(&d->tail);
	pdf_survey_clear(&d->survey);
	*d = (struct pades_draft)PADES_DRAFT_INIT;
}

/* ---- the signature dictionary (ISO 32000-2 12.8.1) ---- */

/* Everything in the dictionary but /Contents is encrypted where the document
 * is (7.6.2). */
static bool put_object(struct drafting *w, struct buf *b,
		       const struct pdf_object *o)
{
	o = o == NULL ? NULL : pdf_update_protect(w->u, w->value, o);
	if (o == NULL)
		return false;
	pdf_write_object(o, b);
	return true;
}

/* D:YYYYMMDDHHmmSS+00'00' (7.9.4). */
static bool put_time(struct drafting *w, struct buf *b, int64_t t)
{
	struct civil c;
	char text[64];

	clock_to_civil(t, &c);
	snprintf(text, sizeof(text), "D:%04d%02d%02d%02d%02d%02d+00'00'",
		 c.year, c.month, c.day, c.hour, c.minute, c.second);
	buf_str(b, "/M");
	return put_object(
		w, b, pdf_new_string(pdf_update_arena(w->u), slice_str(text)));
}

/* What is empty has no entry, as one without a text would say that there is
 * none. */
static bool put_text(struct drafting *w, struct buf *b, const char *key,
		     const char *utf8)
{
	if (utf8 == NULL || *utf8 == '\0')
		return true;
	buf_printf(b, "\n/%s", key);
	return put_object(w, b, pdf_new_text(pdf_update_arena(w->u), utf8));
}

/* What may change afterwards is signed too. */
static enum deed_status put_reference(struct drafting *w, struct buf *b,
				      struct deed_error *err)
{
	const struct pdf_object *list;
	enum deed_status status;

	status = pades_rights_reference(w->u, w->doc, w->params, &w->rights,
					&list, err);
	if (status != DEED_OK || list == NULL)
		return status;
	buf_str(b, "\n/Reference");
	return put_object(w, b, list) ? DEED_OK : deed_error_memory(err);
}

/* Written by hand and not by the writer of objects: /Contents and /ByteRange
 * need their places known. */
static enum deed_status put_dictionary(struct drafting *w,
				       struct deed_error *err)
{
	const struct pades_params *p = w->params;
	enum deed_status status;
	struct buf b = BUF_INIT;
	bool good;

	buf_str(&b, "<</Type/Sig/Filter/Adobe.PPKLite"
		    "/SubFilter/ETSI.CAdES.detached\n");
	pades_slot_put(&w->slot, w->order->slot, &b);
	buf_byte(&b, '\n');
	good = put_time(w, &b, p->time) && put_text(w, &b, "Name", p->name) &&
	       put_text(w, &b, "Reason", p->reason) &&
	       put_text(w, &b, "Location", p->location);
	status = good ? put_reference(w, &b, err) : deed_error_memory(err);
	buf_str(&b, ">>");
	if (status == DEED_OK)
		status = buf_status(&b, err);
	if (status == DEED_OK)
		pdf_update_put_raw(w->u, w->value, buf_get(&b));
	buf_clear(&b);
	return status;
}

/* Neither a name nor /M: the token of a document time-stamp has its time, and
 * nothing else is claimed. */
static enum deed_status put_timestamp(struct drafting *w,
				      struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	buf_str(&b, "<</Type/DocTimeStamp/Filter/Adobe.PPKLite"
		    "/SubFilter/ETSI.RFC3161\n");
	pades_slot_put(&w->slot, w->order->slot, &b);
	buf_str(&b, "\n>>");
	status = buf_status(&b, err);
	if (status == DEED_OK)
		pdf_update_put_raw(w->u, w->value, buf_get(&b));
	buf_clear(&b);
	return status;
}

/* ---- the field ---- */

static enum deed_status add_bare_field(struct drafting *w,
				       struct deed_error *err)
{
	struct pdf_sign_field field = { .value = w->value };

	return pdf_sign_field_add(w->u, w->doc, &field, &w->field, err);
}

/* ISO 19005-1 6.9: every field has an appearance, also one that shows
 * nothing. */
static enum deed_status empty_form(struct drafting *w, struct pdf_ref *form,
				   struct deed_error *err)
{
	const struct pdf_rect nothing = { 0, 0, 0, 0 };
	struct pdf_arena *a = pdf_update_arena(w->u);
	struct pdf_archival archival;
	struct pdf_object *stream;
	enum deed_status status;

	status = pdf_archival_read(w->doc, &archival, err);
	if (status != DEED_OK || archival.part != 1)
		return status;
	stream = pdf_new_stream(a, slice_of("", 0));
	if (stream == NULL ||
	    !pdf_dict_put(a, stream, "Type", pdf_new_name(a, "XObject")) ||
	    !pdf_dict_put(a, stream, "Subtype", pdf_new_name(a, "Form")) ||
	    !pdf_dict_put(a, stream, "BBox",
			  pdf_annotation_rect(a, &nothing)) ||
	    !pdf_dict_put(a, stream, "Resources", pdf_new_dict(a)))
		return deed_error_memory(err);
	*form = pdf_update_add(w->u, stream);
	return DEED_OK;
}

/* What a program that reads aloud says of the field. */
static const char *tooltip(struct drafting *w)
{
	const char *name = w->params->name;
	struct buf text = BUF_INIT;
	const char *out;

	buf_str(&text, "Signature");
	if (name != NULL && *name != '\0')
		buf_printf(&text, " of %s", name);
	buf_byte(&text, '\0');
	out = text.failed ? NULL
			  : pdf_arena_copy(pdf_update_arena(w->u), text.data,
					   text.len);
	buf_clear(&text);
	return out;
}

/* As it was found, since the caller may have asked for a place that was not
 * free.  Pages count from 1. */
static enum deed_status tell_place(struct drafting *w,
				   const struct pades_place *place,
				   struct deed_error *err)
{
	struct pades_shown *s = &w->shown;
	enum deed_status status;
	struct pdf_sheet sheet;
	struct pdf_page page;

	status = pdf_page_get(w->doc, place->page, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(w->doc, &page, &sheet, err);
	if (status != DEED_OK)
		return status;
	s->page = (uint32_t)place->page + 1;
	pdf_sheet_locate(&sheet, &place->rect, &s->x_mm, &s->y_mm, &s->width_mm,
			 &s->height_mm);
	return DEED_OK;
}

/* In the field, and beside it. */
static enum deed_status show(struct drafting *w,
			     const struct pades_place *place,
			     struct pdf_sign_field *field,
			     struct deed_error *err)
{
	const struct pades_appearance *a = w->params->appearance;
	struct pdf_ref form = { 0, 0 };
	enum deed_status status;

	if (a == NULL || a->no_field) {
		status = empty_form(w, &field->form, err);
	} else {
		field->contents = a->contents;
		status =
			pades_put_look(w->u, a, place, &form, &w->beneath, err);
		field->form = form;
		if (status == DEED_OK)
			status = tell_place(w, place, err);
	}
	if (status == DEED_OK && a != NULL)
		status = pades_beside_add(w->u, a, place, form, false,
					  &w->shown, err);
	return status;
}

/* The look comes before the field, which refers to it.  What certifies and
 * what locks is put in together with the field, as it belongs to the same
 * revision. */
static enum deed_status add_field(struct drafting *w, struct deed_error *err)
{
	const struct pades_params *p = w->params;
	struct pdf_sign_field field = { .name = p->field, .value = w->value };
	struct pades_place place;
	enum deed_status status;

	status = pades_find_place(w->doc, p, &place, err);
	if (status == DEED_OK)
		status = show(w, &place, &field, err);
	if (status != DEED_OK)
		return status;
	field.page = place.page;
	field.rect = place.rect;
	field.tooltip = tooltip(w);
	if (field.tooltip == NULL)
		return deed_error_memory(err);
	if (w->rights.lock_all) {
		field.lock = pdf_lock_all(pdf_update_arena(w->u));
		if (field.lock == NULL)
			return deed_error_memory(err);
	}
	status = pdf_sign_field_add(w->u, w->doc, &field, &w->field, err);
	if (status == DEED_OK && w->rights.certify != 0)
		status = pdf_certify(w->u, w->doc, w->value, err);
	if (status == DEED_OK)
		status = pdf_looks_settle(w->u, err);
	return status;
}

/* ---- all of it ---- */

/* From what the document ends with, the time and the field: the same signing
 * gives the same bytes. */
static enum deed_status make_id(const struct drafting *w,
				uint8_t id[SHA256_SIZE], struct deed_error *err)
{
	const struct pdf_input *in = pdf_document_input(w->doc);
	uint64_t size = pdf_input_size(in);
	size_t len = size < ID_BYTES ? (size_t)size : ID_BYTES;
	struct buf b = BUF_INIT;
	enum deed_status status;

	buf_printf(&b, "%llu %lld %s\n", (unsigned long long)size,
		   (long long)w->order->time, w->field);
	status = pdf_input_append(in, size - len, len, &b, err);
	if (status == DEED_OK)
		status = buf_status(&b, err);
	if (status == DEED_OK)
		sha256(buf_get(&b), id);
	buf_clear(&b);
	return status;
}

/* The ByteRange is filled in last, as its numbers depend on the length of
 * everything else; its room is fixed, so that this moves nothing. */
static enum deed_status fill_draft(struct drafting *w, struct pades_draft *out,
				   struct deed_error *err)
{
	uint64_t size = pdf_input_size(pdf_document_input(w->doc));
	uint8_t id[SHA256_SIZE];
	enum deed_status status;

	status = make_id(w, id, err);
	if (status == DEED_OK)
		status = pdf_update_finish(w->u, id, &out->tail, err);
	if (status != DEED_OK)
		return status;
	pades_slot_range(&w->slot, size, pdf_update_offset(w->u, w->value),
			 &out->tail, out->byte_range, &out->first,
			 &out->second);
	out->shown = w->shown;
	out->beneath = w->beneath;
	out->field = strdup(w->field);
	return out->field == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Rights are those that the document grants to this password, its field, and
 * the field's seed values.  All are asked before anything is drafted. */
static enum deed_status may_sign(struct drafting *w, struct deed_error *err)
{
	const struct pades_seed_question q = { w->params, w->order->digest,
					       w->order->chain,
					       w->order->chain_count };
	enum deed_status status;

	if (!pdf_encryption_may_sign(w->doc))
		return deed_error_set(err, DEED_REFUSED,
				      "the document's owner allows nobody to "
				      "sign it who has not the owner's "
				      "password");
	status = pdf_sign_allowed(w->doc, w->params->field, err);
	if (status == DEED_OK)
		status = pades_rights_find(w->doc, &q, &w->rights, err);
	return status;
}

/* A store that would say nothing new is not written: each revision makes a
 * document longer. */
static enum deed_status make_store(struct drafting *w, struct pades_draft *out,
				   struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	enum deed_status status;
	bool changed = false;

	w->field = "DSS";
	status = pdf_update_new(w->doc, &w->u, err);
	if (status == DEED_OK)
		status = pdf_dss_write(w->u, w->doc, w->order->vri,
				       w->order->vri_count, &changed, err);
	if (status == DEED_OK && changed)
		status = make_id(w, id, err);
	if (status == DEED_OK && changed)
		status = pdf_update_finish(w->u, id, &out->tail, err);
	pdf_update_free(w->u);
	return status;
}

/* One of three: a store, a signature, or a document time-stamp, which has no
 * params. */
static enum deed_status pades_draft_make(struct pdf_document *doc,
					 const struct pades_draft_order *order,
					 struct pades_draft *out,
					 struct deed_error *err)
{
	struct drafting w = { .order = order,
			      .params = order->params,
			      .doc = doc };
	enum deed_status status = DEED_OK;

	if (order->vri != NULL)
		return make_store(&w, out, err);
	if (w.params != NULL)
		status = may_sign(&w, err);
	if (status == DEED_OK)
		status = pdf_update_new(doc, &w.u, err);
	if (status != DEED_OK)
		return status;
	w.value = pdf_update_reserve(w.u);
	status = w.params != NULL ? put_dictionary(&w, err)
				  : put_timestamp(&w, err);
	if (status == DEED_OK)
		status = w.params != NULL ? add_field(&w, err)
					  : add_bare_field(&w, err);
	if (status == DEED_OK)
		status = fill_draft(&w, out, err);
	pdf_update_free(w.u);
	return status;
}

enum deed_status pades_draft(const struct pdf_input *in,
			     const struct pades_draft_order *order,
			     struct pades_draft *out, struct deed_error *err)
{
	struct pdf_document *doc;
	enum deed_status status;

	*out = (struct pades_draft)PADES_DRAFT_INIT;
	status = pdf_open(in, &doc, err);
	if (status == DEED_OK && order->earlier)
		status = pdf_survey_document(doc, &out->survey, err);
	if (status == DEED_OK && order->shadows)
		status = pdf_shadow_look(doc, &out->shadow, err);
	if (status == DEED_OK)
		status = pades_draft_make(doc, order, out, err);
	pdf_close(doc);
	return status;
}

enum deed_status pades_update_draft(const struct pdf_input *in,
				    pades_change_fn *change, const void *arg,
				    struct slice name, struct buf *tail,
				    struct deed_error *err)
{
	struct pdf_document *doc = NULL;
	struct pdf_update *u = NULL;
	uint8_t id[SHA256_SIZE];
	enum deed_status status;

	status = pdf_open(in, &doc, err);
	if (status == DEED_OK)
		status = pdf_update_new(doc, &u, err);
	if (status == DEED_OK)
		status = change(arg, doc, u, err);
	if (status == DEED_OK) {
		sha256(name, id);
		status = pdf_update_finish(u, id, tail, err);
	}
	pdf_update_free(u);
	pdf_close(doc);
	return status;
}
