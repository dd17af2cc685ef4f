/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_stamp.h"

#include "base/clock.h"
#include "pdf/sign_field.h"
#include "sign/pades_slot.h"

/* What a second token may be longer by than the first. */
#define SPARE 128
#define TRIES 3

struct work {
	const struct augment_params *params;
	struct pdf_document *doc;
	const struct digest *digest;
	struct pdf_update *u;
	struct pdf_ref value;
	struct pades_slot slot;
	struct buf tail;
	size_t max;
	bool fits;
};

void pades_update_id(const struct digest *digest, int64_t now, const char *what,
		     uint8_t id[SHA256_SIZE])
{
	char text[CLOCK_TEXT];
	struct digest *d;

	memset(id, 0, SHA256_SIZE);
	if (digest_copy(digest, &d, NULL) != DEED_OK)
		return;
	clock_format(now, text);
	digest_update(d, text, sizeof(text));
	digest_update(d, what, strlen(what));
	digest_final(d, id);
	digest_free(d);
}

/* The update without its value. */
static enum deed_status build(struct work *w, struct deed_error *err)
{
	struct pdf_sign_field field = { .name = NULL };
	struct buf body = BUF_INIT;
	uint8_t id[SHA256_SIZE];
	enum deed_status status;
	const char *name;

	w->value = pdf_update_reserve(w->u);
	field.value = w->value;
	buf_str(&body, "<</Type/DocTimeStamp/Filter/Adobe.PPKLite"
		       "/SubFilter/ETSI.RFC3161\n");
	pades_slot_put(&w->slot, w->max, &body);
	buf_str(&body, "\n>>");
	status = buf_status(&body, err);
	if (status == DEED_OK)
		pdf_update_put_raw(w->u, w->value, buf_get(&body));
	buf_clear(&body);
	if (status == DEED_OK)
		status = pdf_sign_field_add(w->u, w->doc, &field, &name, err);
	if (status != DEED_OK)
		return status;
	pades_update_id(w->digest, w->params->now, name, id);
	return pdf_update_finish(w->u, id, &w->tail, err);
}

static enum deed_status fill(struct work *w, struct deed_error *err)
{
	uint64_t size = pdf_input_size(pdf_document_input(w->doc)), range[4];
	struct buf token = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;
	size_t first, second;
	struct digest *d;

	pades_slot_range(&w->slot, size, pdf_update_offset(w->u, w->value),
			 &w->tail, range, &first, &second);
	status = digest_copy(w->digest, &d, err);
	if (status != DEED_OK)
		return status;
	digest_update(d, w->tail.data, first);
	digest_update(d, w->tail.data + second, w->tail.len - second);
	digest_final(d, hash);
	digest_free(d);
	status = w->params->stamp(w->params->stamp_arg, DIGEST_SHA256,
				  slice_of(hash, sizeof(hash)), &token, err);
	if (status == DEED_OK)
		status = pades_slot_fill(buf_get(&token), &w->tail, first,
					 second, &w->fits, err);
	if (status == DEED_OK && !w->fits)
		w->max = token.len + SPARE;
	buf_clear(&token);
	return status;
}

static enum deed_status attempt(struct work *w, struct deed_error *err)
{
	enum deed_status status;

	pdf_update_free(w->u);
	buf_clear(&w->tail);
	status = pdf_update_new(w->doc, &w->u, err);
	if (status == DEED_OK)
		status = build(w, err);
	return status == DEED_OK ? fill(w, err) : status;
}

enum deed_status pades_stamp(const struct augment_params *params,
			     struct pdf_document *doc,
			     const struct digest *digest, struct buf *out,
			     struct deed_error *err)
{
	struct work w = {
		.params = params, .doc = doc, .digest = digest, .tail = BUF_INIT
	};
	enum deed_status status;
	int tries = 0;

	if (params->stamp == NULL)
		return augment_stamp(params, SLICE_NONE, out, err);
	w.max = augment_stamp_size(params);
	do {
		status = attempt(&w, err);
	} while (status == DEED_OK && !w.fits && ++tries < TRIES);
	if (status == DEED_OK && !w.fits)
		status = deed_error_set(err, DEED_REMOTE,
					"the authority's time-stamps grow each "
					"time: there is no room for one");
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&w.tail));
		status = buf_status(out, err);
	}
	pdf_update_free(w.u);
	buf_clear(&w.tail);
	return status;
}
