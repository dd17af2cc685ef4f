/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/envelope.h"

#include <assert.h>

#include "cms/envelope_priv.h"
#include "codec/der.h"
#include "crypto/aead.h"
#include "crypto/wrap.h"
#include "key/deposit_key.h"

/* A key that does not fit and a wrapped key that was changed look the same. */
static enum deed_status not_recipient(struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_RECIPIENT,
			      "the key opens none of it");
}

/* AES-256 key wrap of a content key of the right size. */
static enum deed_status unwrap(const struct secret *kek, struct slice wrapped,
			       struct secret **cek, struct deed_error *err)
{
	enum deed_status status;

	assert(secret_len(kek) == ENVELOPE_KEY_SIZE);
	if (wrapped.len != ENVELOPE_KEY_SIZE + 8)
		return not_recipient(err);
	status = unwrap_key(secret_bytes(kek), ENVELOPE_KEY_SIZE, wrapped, cek,
			    err);
	return status == DEED_DAMAGED ? not_recipient(err) : status;
}

enum deed_status envelope_unwrap_kek(const struct envelope *e, struct slice id,
				     const struct secret *kek,
				     struct secret **cek,
				     struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	*cek = NULL;
	for (i = 0; i < e->count; i++) {
		const struct envelope_recipient *to = &e->to[i];

		if (to->kind != ENVELOPE_KEK || !slice_equal(to->id, id))
			continue;
		status = unwrap(kek, to->wrapped, cek, err);
		if (status != DEED_NOT_RECIPIENT)
			return status;
	}
	return not_recipient(err);
}

/* One recipient, by key; NOT_RECIPIENT where it does not come out. */
static enum deed_status unwrap_one(const struct envelope_recipient *to,
				   const struct deposit_key *key,
				   struct secret **cek, struct deed_error *err)
{
	struct secret *z = NULL, *kek = NULL;
	enum deed_status status;

	if (to->kind == ENVELOPE_RSA) {
		status = deposit_key_oaep(key, DIGEST_SHA256, to->wrapped, cek,
					  err);
		if (status == DEED_OK &&
		    secret_len(*cek) != ENVELOPE_KEY_SIZE) {
			secret_free(*cek);
			*cek = NULL;
			status = not_recipient(err);
		}
		return status;
	}
	status = deposit_key_agree(key, to->ephemeral, &z, err);
	if (status == DEED_OK)
		status = envelope_ecdh_kek(z, to->ukm, &kek, err);
	if (status == DEED_OK)
		status = unwrap(kek, to->wrapped, cek, err);
	secret_free(kek);
	secret_free(z);
	return status;
}

enum deed_status envelope_unwrap_key(const struct envelope *e, struct slice ski,
				     const struct deposit_key *key,
				     struct secret **cek,
				     struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	*cek = NULL;
	for (i = 0; i < e->count; i++) {
		const struct envelope_recipient *to = &e->to[i];

		if ((to->kind != ENVELOPE_RSA && to->kind != ENVELOPE_ECDH) ||
		    !slice_equal(to->id, ski))
			continue;
		status = unwrap_one(to, key, cek, err);
		if (status != DEED_NOT_RECIPIENT)
			return status;
	}
	return not_recipient(err);
}

/*
 * Authenticated attributes, if there are any, are additional data under the
 * tag of a SET instead of [1] (RFC 5083 2.2).
 */
static enum deed_status decrypt(const struct envelope *e,
				const struct secret *cek, uint8_t *out,
				struct deed_error *err)
{
	struct buf aad = BUF_INIT;
	enum deed_status status;

	assert(secret_len(cek) == ENVELOPE_KEY_SIZE);
	buf_slice(&aad, e->aad);
	if (aad.len > 0)
		aad.data[0] = DER_SET;
	status = buf_status(&aad, err);
	if (status == DEED_OK)
		status = aead_open(secret_bytes(cek), e->nonce.data,
				   buf_get(&aad), e->ciphertext, e->tag.data,
				   out, err);
	buf_clear(&aad);
	return status;
}

enum deed_status envelope_decrypt(const struct envelope *e,
				  const struct secret *cek, struct buf *out,
				  struct deed_error *err)
{
	uint8_t *room = buf_reserve(out, e->ciphertext.len);
	enum deed_status status;

	if (room == NULL)
		return deed_error_memory(err);
	status = decrypt(e, cek, room, err);
	if (status == DEED_OK)
		out->len += e->ciphertext.len;
	return status;
}

enum deed_status envelope_decrypt_secret(const struct envelope *e,
					 const struct secret *cek,
					 struct secret **out,
					 struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (e->ciphertext.len == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the envelope holds nothing");
	status = secret_new(e->ciphertext.len, out, err);
	if (status == DEED_OK)
		status = decrypt(e, cek, secret_data(*out), err);
	if (status != DEED_OK) {
		secret_free(*out);
		*out = NULL;
	}
	return status;
}
