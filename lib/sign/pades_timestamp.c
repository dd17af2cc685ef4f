/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_timestamp.h"

#include "sign/pades_client.h"
#include "sign/pades_slot.h"

struct timestamping {
	const struct augment_params *params;
	const struct pades_timestamped *what;
	struct pades_draft draft;
	size_t max;
	bool fits;
};

/* The digest of the document is copied and goes on over the update, so that
 * the file is not read again for each attempt. */
static enum deed_status fill(struct timestamping *w, struct deed_error *err)
{
	struct pades_draft *d = &w->draft;
	struct buf token = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;
	struct digest *digest;

	status = digest_copy(w->what->digest, &digest, err);
	if (status != DEED_OK)
		return status;
	digest_update(digest, d->tail.data, d->first);
	digest_update(digest, d->tail.data + d->second,
		      d->tail.len - d->second);
	digest_final(digest, hash);
	digest_free(digest);
	status = w->params->ask(w->params->ask_arg, DIGEST_SHA256,
				slice_of(hash, sizeof(hash)), &token, err);
	if (status == DEED_OK)
		status = pades_slot_fill(buf_get(&token), &d->tail, d->first,
					 d->second, &w->fits, err);
	if (status == DEED_OK && !w->fits)
		w->max = token.len + PADES_SLOT_SPARE;
	buf_clear(&token);
	return status;
}

/* Drafted anew where the token was too long, as the place is part of what the
 * token is over. */
static enum deed_status attempt(struct timestamping *w, struct deed_error *err)
{
	const struct pades_draft_order order = { .slot = w->max,
						 .time = w->params->now };
	enum deed_status status;

	pades_draft_clear(&w->draft);
	status = pades_client_draft(w->what->parser, w->what->fd, w->what->in,
				    &order, &w->draft, err);
	return status == DEED_OK ? fill(w, err) : status;
}

enum deed_status pades_timestamp(const struct augment_params *params,
				 const struct pades_timestamped *what,
				 struct buf *out, struct deed_error *err)
{
	struct timestamping w = { .params = params,
				  .what = what,
				  .draft = PADES_DRAFT_INIT };
	enum deed_status status;
	int tries = 0;

	if (params->ask == NULL)
		return augment_token(params, SLICE_NONE, out, err);
	w.max = augment_token_size(params);
	do {
		status = attempt(&w, err);
	} while (status == DEED_OK && !w.fits && ++tries < PADES_SLOT_TRIES);
	if (status == DEED_OK && !w.fits)
		status = deed_error_set(err, DEED_REMOTE,
					"the authority's time-stamps grow each "
					"time: there is no room for one");
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&w.draft.tail));
		status = buf_status(out, err);
	}
	pades_draft_clear(&w.draft);
	return status;
}
