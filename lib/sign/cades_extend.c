/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades_extend.h"

#include <stdlib.h>

#include "cms/amend.h"
#include "codec/der.h"
#include "sign/cades_archive.h"

/* One SignedData on its way up. */
struct extending {
	const struct augment_params *params;
	const struct cms_content *content;
	struct cms_signed *sd; /* as it is now */
	struct buf bytes;      /* the same */
};

static enum deed_status reparse(struct extending *w, struct deed_error *err)
{
	cms_signed_free(w->sd);
	return cms_signed_parse(buf_get(&w->bytes), &w->sd, err);
}

/* Parsed anew after each step, as what was parsed points into the bytes that
 * are replaced. */
static enum deed_status amend(struct extending *w,
			      const struct cms_amendment *what,
			      struct deed_error *err)
{
	struct buf next = BUF_INIT;
	enum deed_status status;

	status = cms_amend(w->sd, what, &next, err);
	if (status != DEED_OK) {
		buf_clear(&next);
		return status;
	}
	buf_clear(&w->bytes);
	w->bytes = next;
	return reparse(w, err);
}

/* ---- attributes, one a signer ---- */

typedef enum deed_status make_fn(struct extending *w,
				 const struct cms_signer *signer,
				 struct buf *token, struct deed_error *err);

/* Give every signer that wants one an attribute of this type. */
static enum deed_status timestamp_all(struct extending *w, enum oid type,
				      bool once, make_fn *make,
				      struct deed_error *err)
{
	unsigned count = w->sd->signer_count, i;
	struct cms_amend_attribute *attributes;
	struct cms_amendment what = { 0 };
	enum deed_status status = DEED_OK;
	struct buf *tokens;

	attributes = calloc(count, sizeof(*attributes));
	tokens = calloc(count, sizeof(*tokens));
	if (attributes == NULL || tokens == NULL)
		status = deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		const struct cms_signer *s = &w->sd->signers[i];
		struct cms_amend_attribute *a =
			&attributes[what.attribute_count];

		if (once && cms_find(&s->unsigned_attrs, type, NULL) != NULL)
			continue;
		status = make(w, s, &tokens[i], err);
		*a = (struct cms_amend_attribute){
			i, { type, buf_get(&tokens[i]) }
		};
		what.attribute_count++;
	}
	what.attributes = attributes;
	if (status == DEED_OK && what.attribute_count > 0)
		status = amend(w, &what, err);
	for (i = 0; tokens != NULL && i < count; i++)
		buf_clear(&tokens[i]);
	free(tokens);
	free(attributes);
	return status;
}

/* EN 319 122-1 5.3: over the octets of the signature value. */
static enum deed_status make_signature_token(struct extending *w,
					     const struct cms_signer *signer,
					     struct buf *token,
					     struct deed_error *err)
{
	return augment_token(w->params, signer->signature, token, err);
}

/* ---- values ---- */

/*
 * An archive time-stamp of the older forms covers the sets as they are (TS
 * 101 733 6.4.1): nothing may be put into them any more.
 */
static bool is_closed(const struct cms_signed *sd)
{
	unsigned i;

	for (i = 0; i < sd->signer_count; i++) {
		const struct cms_attributes *a = &sd->signers[i].unsigned_attrs;

		if (cms_find(a, OID_ARCHIVE_TIMESTAMP, NULL) != NULL ||
		    cms_find(a, OID_ARCHIVE_TIMESTAMP_V2, NULL) != NULL)
			return true;
	}
	return false;
}

/* Into certificates and crls of the SignedData, where ETSI EN 319 122-1 6.3
 * wants them at the level B-LT. */
static enum deed_status embed(struct extending *w, struct deed_error *err)
{
	struct augment_values values = AUGMENT_VALUES_INIT;
	struct cms_amendment what = { 0 };
	enum deed_status status;

	status = augment_gather_cms(w->params, w->sd, w->params->now, NULL,
				    &values, err);
	if (status == DEED_OK) {
		augment_values_amend(&values, &what);
		status = amend(w, &what, err);
	}
	augment_values_clear(&values);
	return status;
}

/* ---- archive-time-stamp-v3 ---- */

/* What is inside goes before what is given, since that is what the signature
 * is over.  Nothing is downloaded or guessed for a detached one. */
static enum deed_status content_digest(struct extending *w,
				       uint8_t out[DIGEST_MAX],
				       struct deed_error *err)
{
	struct slice inside = w->sd->content;
	struct cms_content own;

	if (w->sd->has_content) {
		cms_content_memory(&own, &inside);
		return own.digest(own.arg, DIGEST_SHA256, out, err);
	}
	if (w->content == NULL) {
		deed_error_set(err, DEED_NOT_FOUND,
			       "the content of the detached signature is "
			       "not there: an archive time-stamp covers it");
		deed_error_remedy(err, "content", NULL);
		return DEED_NOT_FOUND;
	}
	return w->content->digest(w->content->arg, DIGEST_SHA256, out, err);
}

/* The index becomes an unsigned attribute of the token (5.5.2). */
static enum deed_status add_index(struct slice token, struct slice index,
				  struct buf *out, struct deed_error *err)
{
	struct cms_amend_attribute attribute = {
		0, { OID_ATS_HASH_INDEX_V3, index }
	};
	struct cms_amendment what = { .attributes = &attribute,
				      .attribute_count = 1 };
	struct cms_signed *sd = NULL;
	enum deed_status status;

	status = cms_signed_parse(token, &sd, err);
	if (status == DEED_OK)
		status = cms_amend(sd, &what, out, err);
	cms_signed_free(sd);
	return status;
}

/* ETSI EN 319 122-1 5.5.3: archive-time-stamp-v3, with the index of what it
 * covers in the token itself. */
static enum deed_status make_archive_token(struct extending *w,
					   const struct cms_signer *signer,
					   struct buf *token,
					   struct deed_error *err)
{
	struct buf index = BUF_INIT, covered = BUF_INIT, bare = BUF_INIT;
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	status = content_digest(w, digest, err);
	if (status == DEED_OK)
		status = cades_hash_index(w->sd, signer, &index, err);
	if (status == DEED_OK)
		status = cades_archive_imprint(w->sd, signer,
					       slice_of(digest, SHA256_SIZE),
					       buf_get(&index), &covered, err);
	if (status == DEED_OK)
		status =
			augment_token(w->params, buf_get(&covered), &bare, err);
	if (status == DEED_OK)
		status = add_index(buf_get(&bare), buf_get(&index), token, err);
	buf_clear(&index);
	buf_clear(&covered);
	buf_clear(&bare);
	return status;
}

enum deed_status cades_extend(const struct augment_params *params,
			      struct slice in,
			      const struct cms_content *content,
			      struct buf *out, struct deed_error *err)
{
	struct extending w = { .params = params,
			       .content = content,
			       .bytes = BUF_INIT };
	enum deed_status status;

	status = cms_signed_parse(in, &w.sd, err);
	if (status == DEED_OK && w.sd->signer_count == 0)
		status = deed_error_set(err, DEED_NO_SIGNATURE,
					"there is no signature to raise");
	if (status == DEED_OK)
		status = timestamp_all(&w, OID_TIMESTAMP_TOKEN, true,
				       make_signature_token, err);
	if (status == DEED_OK && params->level >= LEVEL_B_LT &&
	    !is_closed(w.sd))
		status = embed(&w, err);
	if (status == DEED_OK && params->level >= LEVEL_B_LTA)
		status = timestamp_all(&w, OID_ARCHIVE_TIMESTAMP_V3, false,
				       make_archive_token, err);
	if (status == DEED_OK) {
		buf_slice(out, w.sd->whole);
		status = buf_status(out, err);
	}
	cms_signed_free(w.sd);
	buf_clear(&w.bytes);
	return status;
}
