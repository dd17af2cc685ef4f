/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cms/signed.h"
#include "cms/signed_write.h"
#include "crypto/digest.h"
#include "pdf/annotation.h"
#include "pdf/archival.h"
#include "pdf/certify.h"
#include "pdf/crypt.h"
#include "pdf/import.h"
#include "pdf/sign_field.h"
#include "pdf/write_object.h"
#include "sign/augment.h"
#include "sign/pades_elsewhere.h"
#include "sign/pades_priv.h"
#include "sign/pades_rights.h"
#include "sign/pades_slot.h"

/* A time-stamp's attribute around its token, and what a second token may
 * differ from the first by. */
#define STAMP_SPARE 128
#define STAMP_TRIES 3

struct work {
	const struct pdf_input *in;
	const struct pades_params *params;
	struct cms_sign_params cms;
	struct sig_alg alg;
	enum digest_alg content_alg;

	struct pdf_document *doc;
	struct pdf_update *u;
	struct pdf_ref value; /* the signature dictionary */
	struct pades_rights rights;
	struct pades_slot slot;
	size_t cms_max;
	bool longer; /* cms_max was too little and is enough now */

	struct digest *content; /* of the input, which is signed */
	struct digest *whole;	/* SHA-256 of the output */
	struct buf tail;
	struct pdf_document *own; /* doc, if it was opened here */
	uint8_t *foreign;	  /* what another signs is put there; or NULL */
	pades_write_fn *write;
	void *arg;
	const char *field;
};

void pades_result_clear(struct pades_result *r)
{
	free(r->field);
	memset(r, 0, sizeof(*r));
}

enum deed_status pades_name_input(const struct pdf_input *in,
				  enum deed_status status,
				  struct deed_error *err)
{
	if (status == DEED_NO_PASSPHRASE)
		deed_error_hint(err, "--document-passphrase SOURCE gives it");
	if (err == NULL || strstr(err->message, pdf_input_name(in)) != NULL)
		return status;
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
	    status == DEED_LIMIT || status == DEED_REFUSED)
		deed_error_prefix(err, "'%s'", pdf_input_name(in));
	return status;
}

/* ---- the signature dictionary (ISO 32000-2 12.8.1) ---- */

/* Everything in the dictionary but /Contents is encrypted where the document
 * is (7.6.2). */
static bool put_object(struct work *w, struct buf *b,
		       const struct pdf_object *o)
{
	o = o == NULL ? NULL : pdf_update_protect(w->u, w->value, o);
	if (o == NULL)
		return false;
	pdf_write_object(o, b);
	return true;
}

/* D:YYYYMMDDHHmmSS+00'00' (7.9.4). */
static bool put_time(struct work *w, struct buf *b, int64_t t)
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

static bool put_text(struct work *w, struct buf *b, const char *key,
		     const char *utf8)
{
	if (utf8 == NULL || *utf8 == '\0')
		return true;
	buf_printf(b, "\n/%s", key);
	return put_object(w, b, pdf_new_text(pdf_update_arena(w->u), utf8));
}

/* What may change afterwards is signed too. */
static enum deed_status put_reference(struct work *w, struct buf *b,
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

static enum deed_status put_dictionary(struct work *w, struct deed_error *err)
{
	const struct pades_params *p = w->params;
	enum deed_status status;
	struct buf b = BUF_INIT;
	bool good;

	buf_str(&b, "<</Type/Sig/Filter/Adobe.PPKLite"
		    "/SubFilter/ETSI.CAdES.detached\n");
	pades_slot_put(&w->slot, w->cms_max, &b);
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

/* ---- the field ---- */

static enum deed_status read_sheet(struct pdf_document *doc, size_t index,
				   struct pdf_sheet *sheet,
				   struct deed_error *err)
{
	enum deed_status status;
	struct pdf_page page;

	status = pdf_page_get(doc, index, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, &page, sheet, err);
	return status;
}

enum deed_status pades_find_place(struct pdf_document *doc,
				  const struct pades_params *params,
				  struct pades_place *out,
				  struct deed_error *err)
{
	const struct pades_appearance *a = params->appearance;
	double width, height, x, y;
	struct pdf_sheet sheet;
	enum deed_status status;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (params->field != NULL) {
		status = pdf_sign_field_find(doc, params->field, &found,
					     &out->page, &out->rect, err);
		if (status != DEED_OK)
			return status;
	}
	out->field_has_place = found && out->rect.x0 < out->rect.x1;
	if (a == NULL)
		return DEED_OK;
	if (found && !out->field_has_place)
		return deed_error_set(err, DEED_REFUSED,
				      "the field '%s' has no place on a page "
				      "to show anything",
				      params->field);
	status = pdf_import_size(a->pdf, &width, &height, err);
	if (status == DEED_OK && !out->field_has_place)
		status = pdf_page_select(doc, a->page, &out->page, err);
	if (status == DEED_OK)
		status = read_sheet(doc, out->page, &sheet, err);
	if (status != DEED_OK)
		return status;
	out->rotate = sheet.rotate;
	if (!out->field_has_place)
		return pdf_sheet_place(&sheet, a->x_mm, a->y_mm, a->width_mm,
				       a->width_mm * height / width, &out->rect,
				       err);
	pdf_sheet_locate(&sheet, &out->rect, &x, &y, &width, &height);
	out->aspect = width / height;
	return DEED_OK;
}

/* ISO 19005-1 6.9: every field has an appearance, also one that shows
 * nothing. */
static enum deed_status empty_form(struct work *w, struct pdf_ref *form,
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

static enum deed_status add_field(struct work *w, struct deed_error *err)
{
	const struct pades_params *p = w->params;
	struct pdf_sign_field field = { .name = p->field, .value = w->value };
	struct pades_place place;
	enum deed_status status;

	status = pades_find_place(w->doc, p, &place, err);
	if (status == DEED_OK && p->appearance != NULL) {
		field.contents = p->appearance->contents;
		status = pdf_import_page(w->u, p->appearance->pdf,
					 "the drawing", place.rotate,
					 place.aspect, &field.form, err);
	} else if (status == DEED_OK) {
		status = empty_form(w, &field.form, err);
	}
	if (status != DEED_OK)
		return status;
	field.page = place.page;
	field.rect = place.rect;
	if (w->rights.lock_all) {
		field.lock = pdf_lock_all(pdf_update_arena(w->u));
		if (field.lock == NULL)
			return deed_error_memory(err);
	}
	status = pdf_sign_field_add(w->u, w->doc, &field, &w->field, err);
	if (status == DEED_OK && w->rights.certify != 0)
		status = pdf_certify(w->u, w->doc, w->value, err);
	return status;
}

/* ---- the bytes ---- */

static enum deed_status take_window(void *arg, struct slice window,
				    struct deed_error *err)
{
	struct work *w = arg;

	digest_update(w->content, window.data, window.len);
	if (w->whole != NULL)
		digest_update(w->whole, window.data, window.len);
	/* What is in memory is written in one piece with the update. */
	if (w->write == NULL || pdf_input_memory(w->in).data != NULL)
		return DEED_OK;
	return w->write(w->arg, window, err);
}

/* Hand the input on and hash it: once where both hashes are SHA-256. */
static enum deed_status copy_input(struct work *w, struct deed_error *err)
{
	bool one = w->content_alg == DIGEST_SHA256;
	enum deed_status status;

	status = digest_new(w->content_alg, &w->content, err);
	if (status == DEED_OK && !one)
		status = digest_new(DIGEST_SHA256, &w->whole, err);
	if (status == DEED_OK)
		status = pdf_input_each(w->in, 0, pdf_input_size(w->in),
					take_window, w, err);
	if (status == DEED_OK && one)
		status = digest_copy(w->content, &w->whole, err);
	return status;
}

/* The second half of /ID: from the content and the time, so that the same
 * signing gives the same bytes. */
static enum deed_status make_tail(struct work *w, struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	enum deed_status status;
	struct digest *d;
	char text[CLOCK_TEXT];

	status = digest_copy(w->whole, &d, err);
	if (status != DEED_OK)
		return status;
	clock_format(w->params->time, text);
	digest_update(d, text, sizeof(text));
	digest_update(d, w->field, strlen(w->field));
	digest_final(d, id);
	digest_free(d);
	return pdf_update_finish(w->u, id, &w->tail, err);
}

/* EN 319 142-1 6.3, B-T: signature-time-stamp, over the signature value. */
static enum deed_status add_stamp(struct work *w, struct buf *cms,
				  struct deed_error *err)
{
	struct cms_write_attribute attr = { .type = OID_TIMESTAMP_TOKEN };
	struct buf token = BUF_INIT, bare = *cms;
	struct cms_signed *sd = NULL;
	enum deed_status status;

	*cms = (struct buf)BUF_INIT;
	status = cms_signed_parse(buf_get(&bare), &sd, err);
	if (status == DEED_OK)
		status = augment_stamp(w->params->stamp,
				       sd->signers[0].signature, &token, err);
	attr.value = buf_get(&token);
	if (status == DEED_OK)
		status = cms_add_unsigned(buf_get(&bare), &attr, cms, err);
	cms_signed_free(sd);
	buf_clear(&token);
	buf_clear(&bare);
	return status;
}

/* Of everything but the gap: what is signed. */
static enum deed_status hash_ranges(struct work *w, size_t first, size_t second,
				    uint8_t hash[DIGEST_MAX],
				    struct deed_error *err)
{
	enum deed_status status;
	struct digest *d;

	status = digest_copy(w->content, &d, err);
	if (status != DEED_OK)
		return status;
	digest_update(d, w->tail.data, first);
	digest_update(d, w->tail.data + second, w->tail.len - second);
	digest_final(d, hash);
	digest_free(d);
	return DEED_OK;
}

static enum deed_status make_cms(struct work *w, size_t first, size_t second,
				 struct buf *cms, struct deed_error *err)
{
	uint8_t hash[DIGEST_MAX];
	enum deed_status status;

	status = hash_ranges(w, first, second, hash, err);
	if (status != DEED_OK)
		return status;
	status = cms_sign(&w->cms, slice_of(hash, digest_size(w->content_alg)),
			  cms, err);
	if (status == DEED_OK && w->params->stamp != NULL)
		status = add_stamp(w, cms, err);
	return status;
}

static enum deed_status put_signature(struct work *w, size_t first,
				      size_t second, struct deed_error *err)
{
	struct buf cms = BUF_INIT;
	enum deed_status status;
	bool fits = true;

	status = make_cms(w, first, second, &cms, err);
	if (status == DEED_OK)
		status = pades_slot_fill(buf_get(&cms), &w->tail, first, second,
					 &fits, err);
	/* The key's signatures are as foreseen; a token may be longer. */
	w->longer = !fits;
	if (w->longer)
		w->cms_max = cms.len + STAMP_SPARE;
	buf_clear(&cms);
	return status;
}

/* The update with its signature in place, or longer. */
static enum deed_status attempt(struct work *w, struct pades_result *result,
				struct deed_error *err)
{
	enum deed_status status;
	size_t first, second;

	w->longer = false;
	buf_clear(&w->tail);
	pdf_update_free(w->u);
	status = pdf_update_new(w->doc, &w->u, err);
	if (status != DEED_OK)
		return status;
	w->value = pdf_update_reserve(w->u);
	status = put_dictionary(w, err);
	if (status == DEED_OK)
		status = add_field(w, err);
	if (status == DEED_OK && w->content == NULL)
		status = copy_input(w, err);
	if (status == DEED_OK)
		status = make_tail(w, err);
	if (status != DEED_OK)
		return status;
	pades_slot_range(&w->slot, pdf_input_size(w->in),
			 pdf_update_offset(w->u, w->value), &w->tail,
			 result->byte_range, &first, &second);
	if (w->foreign != NULL)
		return hash_ranges(w, first, second, w->foreign, err);
	return put_signature(w, first, second, err);
}

static enum deed_status write_tail(struct work *w, struct deed_error *err)
{
	struct slice input = pdf_input_memory(w->in);
	struct buf all = BUF_INIT;
	enum deed_status status;

	if (w->write == NULL)
		return DEED_OK;
	if (input.data == NULL)
		return w->write(w->arg, buf_get(&w->tail), err);
	if (buf_reserve(&all, input.len + w->tail.len) != NULL) {
		buf_slice(&all, input);
		buf_slice(&all, buf_get(&w->tail));
	}
	status = buf_status(&all, err);
	if (status == DEED_OK)
		status = w->write(w->arg, buf_get(&all), err);
	buf_clear(&all);
	return status;
}

static enum deed_status emit(struct work *w, struct pades_result *result,
			     struct deed_error *err)
{
	enum deed_status status;
	int tries = 0;

	do {
		status = attempt(w, result, err);
	} while (status == DEED_OK && w->longer && ++tries < STAMP_TRIES);
	if (status == DEED_OK && w->longer)
		status = deed_error_set(err, DEED_REMOTE,
					"the authority's time-stamps grow each "
					"time: there is no room for one");
	if (status != DEED_OK)
		return status;
	digest_update(w->whole, w->tail.data, w->tail.len);
	digest_final(w->whole, result->sha256);
	result->size = pdf_input_size(w->in) + w->tail.len;
	result->field = strdup(w->field);
	if (result->field == NULL)
		return deed_error_memory(err);
	return write_tail(w, err);
}

static enum deed_status prepare(struct work *w,
				const struct pades_signer *signer,
				struct deed_error *err)
{
	enum deed_status status;

	/* EN 319 142-1 6.3: the time of signing is /M, not an attribute. */
	w->cms.key = signer->key;
	w->cms.chain = signer->chain;
	w->cms.chain_len = signer->chain_count;
	status = cms_sign_algorithm(&w->cms, &w->alg, err);
	if (status == DEED_OK)
		status = cms_sign_size(&w->cms, &w->cms_max, err);
	if (w->params->stamp != NULL)
		w->cms_max +=
			augment_stamp_size(w->params->stamp) + STAMP_SPARE;
	/* RFC 8419 3: what Ed25519 signs is digested with SHA-512. */
	w->content_alg =
		w->alg.scheme == SIG_ED25519 ? DIGEST_SHA512 : w->alg.digest;
	return status;
}

static enum deed_status make(struct work *w, struct pades_result *result,
			     struct deed_error *err)
{
	const struct pades_params *params = w->params;
	const struct pades_seed_question q = { params, w->content_alg,
					       w->cms.chain, w->cms.chain_len };
	enum deed_status status = DEED_OK;

	w->doc = params->document;
	if (w->doc == NULL) {
		status = pdf_open(w->in, &w->own, err);
		w->doc = w->own;
	}
	if (status == DEED_OK && !pdf_encryption_may_sign(w->doc))
		status = deed_error_set(err, DEED_REFUSED,
					"the document's owner allows nobody to "
					"sign it who has not the owner's "
					"password");
	if (status == DEED_OK)
		status = pdf_sign_allowed(w->doc, params->field, err);
	if (status == DEED_OK)
		status = pades_rights_find(w->doc, &q, &w->rights, err);
	return status == DEED_OK ? emit(w, result, err) : status;
}

static enum deed_status finish(struct work *w, enum deed_status status,
			       struct pades_result *result,
			       struct deed_error *err)
{
	if (status != DEED_OK)
		pades_result_clear(result);
	buf_clear(&w->tail);
	digest_free(w->content);
	digest_free(w->whole);
	pdf_update_free(w->u);
	pdf_close(w->own);
	return pades_name_input(w->in, status, err);
}

enum deed_status pades_sign(const struct pdf_input *in,
			    const struct pades_params *params,
			    const struct pades_signer *signer,
			    pades_write_fn *write, void *arg,
			    struct pades_result *result, struct deed_error *err)
{
	struct work w = { .in = in, .params = params, .tail = BUF_INIT };
	enum deed_status status;

	w.write = write;
	w.arg = arg;
	memset(result, 0, sizeof(*result));
	status = prepare(&w, signer, err);
	if (status == DEED_OK)
		status = make(&w, result, err);
	return finish(&w, status, result, err);
}

enum deed_status pades_prepare(const struct pdf_input *in,
			       const struct pades_params *params, size_t space,
			       enum digest_alg alg, uint8_t digest[DIGEST_MAX],
			       pades_write_fn *write, void *arg,
			       struct pades_result *result,
			       struct deed_error *err)
{
	struct work w = { .in = in, .params = params, .tail = BUF_INIT };
	enum deed_status status;

	w.write = write;
	w.arg = arg;
	w.cms_max = space;
	w.content_alg = alg;
	w.foreign = digest;
	memset(result, 0, sizeof(*result));
	status = make(&w, result, err);
	return finish(&w, status, result, err);
}
