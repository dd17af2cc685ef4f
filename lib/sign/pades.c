/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include <stdlib.h>

#include "cms/signed.h"
#include "cms/signed_write.h"
#include "crypto/digest.h"
#include "sign/augment.h"
#include "sign/pades_client.h"
#include "sign/pades_elsewhere.h"
#include "sign/pades_priv.h"
#include "sign/pades_slot.h"

struct pades_signing {
	const struct pdf_input *in;
	const struct pades_params *params;
	struct cms_sign_params cms;
	struct sig_alg alg;
	enum digest_alg content_alg;

	struct pades_draft draft;
	struct pdf_shadow shadow;
	struct despite_told told;
	size_t cms_max;
	bool longer; /* cms_max was too little and is enough now */

	struct digest *content; /* of the input, which is signed */
	struct digest *whole;	/* SHA-256 of the output */
	uint8_t *foreign;	/* what another signs is put there; or NULL */
	pades_write_fn *write;
	void *arg;
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
		deed_error_remedy(err, "document-passphrase", NULL);
	if (err == NULL || strstr(err->message, pdf_input_name(in)) != NULL)
		return status;
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
	    status == DEED_LIMIT || status == DEED_REFUSED)
		deed_error_prefix(err, "'%s'", pdf_input_name(in));
	return status;
}

/* ---- the bytes ---- */

/* The digests are taken of what is written, window by window, so that a large
 * document is read once. */
static enum deed_status take_window(void *arg, struct slice window,
				    struct deed_error *err)
{
	struct pades_signing *w = arg;

	digest_update(w->content, window.data, window.len);
	if (w->whole != NULL)
		digest_update(w->whole, window.data, window.len);
	/* What is in memory is written in one piece with the update. */
	if (w->write == NULL || pdf_input_memory(w->in).data != NULL)
		return DEED_OK;
	return w->write(w->arg, window, err);
}

/* Hand the input on and hash it: once where both hashes are SHA-256. */
static enum deed_status copy_input(struct pades_signing *w,
				   struct deed_error *err)
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

/* EN 319 142-1 6.3, B-T: signature-time-stamp, over the signature value. */
static enum deed_status add_timestamp(struct pades_signing *w, struct buf *cms,
				      struct deed_error *err)
{
	struct cms_write_attribute attr = { .type = OID_TIMESTAMP_TOKEN };
	struct buf token = BUF_INIT, bare = *cms;
	struct cms_signed *sd = NULL;
	enum deed_status status;

	*cms = (struct buf)BUF_INIT;
	status = cms_signed_parse(buf_get(&bare), &sd, err);
	if (status == DEED_OK)
		status = augment_token(w->params->augment,
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
static enum deed_status hash_ranges(const struct pades_signing *w,
				    uint8_t hash[DIGEST_MAX],
				    struct deed_error *err)
{
	const struct pades_draft *d = &w->draft;
	enum deed_status status;
	struct digest *digest;

	status = digest_copy(w->content, &digest, err);
	if (status != DEED_OK)
		return status;
	digest_update(digest, d->tail.data, d->first);
	digest_update(digest, d->tail.data + d->second,
		      d->tail.len - d->second);
	digest_final(digest, hash);
	digest_free(digest);
	return DEED_OK;
}

/* The time-stamp goes in before the value is put into its place, as it is part
 * of the same CMS and nothing in the PDF may change afterwards. */
static enum deed_status make_cms(struct pades_signing *w, struct buf *cms,
				 struct deed_error *err)
{
	uint8_t hash[DIGEST_MAX];
	enum deed_status status;

	status = hash_ranges(w, hash, err);
	if (status != DEED_OK)
		return status;
	status = cms_sign(&w->cms, slice_of(hash, digest_size(w->content_alg)),
			  cms, err);
	if (status == DEED_OK && w->params->augment != NULL)
		status = add_timestamp(w, cms, err);
	return status;
}

/* A time-stamp may be longer than the one before; then the room is measured
 * anew and the draft made once more. */
static enum deed_status put_signature(struct pades_signing *w,
				      struct deed_error *err)
{
	struct buf cms = BUF_INIT;
	enum deed_status status;
	bool fits = true;

	status = make_cms(w, &cms, err);
	if (status == DEED_OK)
		status = pades_slot_fill(buf_get(&cms), &w->draft.tail,
					 w->draft.first, w->draft.second, &fits,
					 err);
	/* The key's signatures are as foreseen; a token may be longer. */
	w->longer = !fits;
	if (w->longer)
		w->cms_max = cms.len + PADES_SLOT_SPARE;
	buf_clear(&cms);
	return status;
}

/* May it be signed as it is?  A longer draft is not asked again. */
static enum deed_status check_input(struct pades_signing *w,
				    struct deed_error *err)
{
	const struct despite *despite = &w->params->despite;
	enum deed_status status;

	w->shadow = w->draft.shadow;
	status = pades_earlier(w->in, &w->draft.survey, w->params->time,
			       despite, &w->told, err);
	if (status == DEED_OK)
		status = despite_shadow(despite, &w->shadow,
					w->params->refuse_shadow,
					pdf_input_name(w->in), &w->told, err);
	return status;
}

/* An order that is repeated for a longer place does not look at earlier
 * signatures and shadows again, which take longest and have not changed. */
static void fill_order(const struct pades_signing *w,
		       struct pades_draft_order *order)
{
	*order = (struct pades_draft_order){ .params = w->params,
					     .slot = w->cms_max,
					     .time = w->params->time,
					     .earlier = !w->longer,
					     .shadows = !w->longer,
					     .digest = w->content_alg,
					     .chain = w->cms.chain,
					     .chain_count = w->cms.chain_len };
}

/* An answer that was asked for ahead is for the first attempt only: its place
 * is the one that was too short. */
static enum deed_status get_draft(struct pades_signing *w,
				  struct deed_error *err)
{
	const struct pades_ahead *ahead = w->params->ahead;
	struct pades_draft_order order;

	fill_order(w, &order);
	pades_draft_clear(&w->draft);
	if (w->longer || ahead == NULL || !ahead->asked)
		return pades_client_draft(w->params->parser, w->params->fd,
					  w->in, &order, &w->draft, err);
	if (ahead->status == DEED_OK)
		return pades_client_take(buf_get(&ahead->answer), w->in, &order,
					 &w->draft, err);
	if (err != NULL)
		*err = ahead->err;
	return ahead->status;
}

/* The update with its signature in place, or longer. */
static enum deed_status attempt(struct pades_signing *w, struct deed_error *err)
{
	enum deed_status status = get_draft(w, err);

	if (status == DEED_OK && !w->longer)
		status = check_input(w, err);
	if (status == DEED_OK && w->content == NULL)
		status = copy_input(w, err);
	if (status == DEED_OK && w->foreign != NULL)
		status = hash_ranges(w, w->foreign, err);
	else if (status == DEED_OK)
		status = put_signature(w, err);
	return status;
}

/* A document in memory goes out together with its update, in one write. */
static enum deed_status write_tail(struct pades_signing *w,
				   struct deed_error *err)
{
	struct slice input = pdf_input_memory(w->in);
	struct buf all = BUF_INIT;
	enum deed_status status;

	if (w->write == NULL)
		return DEED_OK;
	if (input.data == NULL)
		return w->write(w->arg, buf_get(&w->draft.tail), err);
	if (buf_reserve(&all, input.len + w->draft.tail.len) != NULL) {
		buf_slice(&all, input);
		buf_slice(&all, buf_get(&w->draft.tail));
	}
	status = buf_status(&all, err);
	if (status == DEED_OK)
		status = w->write(w->arg, buf_get(&all), err);
	buf_clear(&all);
	return status;
}

/* Nothing of the update is written before the value is in its place: a key
 * that refuses leaves the caller with the input only.  The digest of the input
 * is taken from the running one, before the update goes into it. */
static enum deed_status emit(struct pades_signing *w,
			     struct pades_result *result,
			     struct deed_error *err)
{
	struct pades_draft *d = &w->draft;
	enum deed_status status;
	struct digest *input;
	int tries = 0;

	do {
		status = attempt(w, err);
	} while (status == DEED_OK && w->longer && ++tries < PADES_SLOT_TRIES);
	if (status == DEED_OK && w->longer)
		status = deed_error_set(err, DEED_REMOTE,
					"the authority's time-stamps grow each "
					"time: there is no room for one");
	if (status != DEED_OK)
		return status;
	status = digest_copy(w->whole, &input, err);
	if (status != DEED_OK)
		return status;
	digest_final(input, result->input);
	digest_free(input);
	digest_update(w->whole, d->tail.data, d->tail.len);
	digest_final(w->whole, result->sha256);
	result->size = pdf_input_size(w->in) + d->tail.len;
	memcpy(result->byte_range, d->byte_range, sizeof(d->byte_range));
	result->shadow = w->shadow;
	result->shown = d->shown;
	result->beneath = d->beneath;
	result->field = d->field;
	d->field = NULL;
	return write_tail(w, err);
}

/* How large the CMS will be is told by the key and the chain; only a
 * time-stamp is guessed at, and may need another attempt. */
static enum deed_status prepare(struct pades_signing *w,
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
	if (w->params->augment != NULL)
		w->cms_max += augment_token_size(w->params->augment) +
			      PADES_SLOT_SPARE;
	/* RFC 8419 3: what Ed25519 signs is digested with SHA-512. */
	w->content_alg =
		w->alg.scheme == SIG_ED25519 ? DIGEST_SHA512 : w->alg.digest;
	return status;
}

/* ---- ahead ---- */

/* What pades_sign will ask; false where it will not come to that. */
static bool put_question(const struct pades_question *q,
			 const struct pades_signer *signer, struct buf *body,
			 struct parser_ask *ask)
{
	struct pades_signing w = { .in = q->in, .params = q->params };
	struct pades_draft_order order;

	if (prepare(&w, signer, NULL) != DEED_OK)
		return false;
	fill_order(&w, &order);
	pades_order_write(&order, body);
	*ask = (struct parser_ask){ .number = PADES_CLIENT_DRAFT,
				    .fd = pdf_input_fd(q->in),
				    .name = pdf_input_name(q->in),
				    .password = pdf_input_password(q->in),
				    .more = buf_get(body) };
	return !body->failed;
}

void pades_ask_ahead(struct parser *p, const struct pades_signer *signer,
		     const struct pades_question *list, size_t count)
{
	struct parser_ask *asks = calloc(PADES_TOGETHER, sizeof(*asks));
	struct buf body[PADES_TOGETHER] = { BUF_INIT };
	bool good = asks != NULL && count <= PADES_TOGETHER;
	size_t i;

	for (i = 0; good && i < count; i++)
		good = put_question(&list[i], signer, &body[i], &asks[i]);
	if (good)
		parser_call_many(p, asks, count);
	for (i = 0; i < count && i < PADES_TOGETHER; i++) {
		if (good) {
			list[i].ahead->answer = asks[i].answer;
			list[i].ahead->status = asks[i].status;
			list[i].ahead->err = asks[i].err;
			list[i].ahead->asked = true;
		}
		buf_clear(&body[i]);
	}
	free(asks);
}

void pades_ahead_clear(struct pades_ahead *a)
{
	buf_clear(&a->answer);
	a->asked = false;
}

/* What was told goes back also where it failed, since it says why. */
static enum deed_status finish(struct pades_signing *w, enum deed_status status,
			       struct pades_result *result,
			       struct deed_error *err)
{
	if (status != DEED_OK)
		pades_result_clear(result);
	result->told = w->told;
	pades_draft_clear(&w->draft);
	digest_free(w->content);
	digest_free(w->whole);
	return pades_name_input(w->in, status, err);
}

enum deed_status pades_sign(const struct pdf_input *in,
			    const struct pades_params *params,
			    const struct pades_signer *signer,
			    pades_write_fn *write, void *arg,
			    struct pades_result *result, struct deed_error *err)
{
	struct pades_signing w = { .in = in,
				   .params = params,
				   .draft = PADES_DRAFT_INIT,
				   .write = write,
				   .arg = arg };
	enum deed_status status;

	memset(result, 0, sizeof(*result));
	status = prepare(&w, signer, err);
	if (status == DEED_OK)
		status = emit(&w, result, err);
	return finish(&w, status, result, err);
}

enum deed_status pades_prepare(const struct pdf_input *in,
			       const struct pades_params *params, size_t space,
			       enum digest_alg alg, uint8_t digest[DIGEST_MAX],
			       pades_write_fn *write, void *arg,
			       struct pades_result *result,
			       struct deed_error *err)
{
	struct pades_signing w = { .in = in,
				   .params = params,
				   .draft = PADES_DRAFT_INIT,
				   .cms_max = space,
				   .content_alg = alg,
				   .foreign = digest,
				   .write = write,
				   .arg = arg };
	enum deed_status status;

	memset(result, 0, sizeof(*result));
	status = emit(&w, result, err);
	return finish(&w, status, result, err);
}
