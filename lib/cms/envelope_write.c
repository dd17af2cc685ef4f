/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/envelope.h"

#include <assert.h>

#include "cms/envelope_priv.h"
#include "codec/der.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "crypto/wrap.h"
#include "key/deposit_key.h"

#define RSA_BITS_MIN 2048

enum deed_status envelope_ecdh_kek(const struct secret *z, struct slice ukm,
				   struct secret **kek, struct deed_error *err)
{
	static const uint8_t bits[4] = { 0, 0, 1, 0 }; /* 256 */
	struct buf info = BUF_INIT;
	struct der_writer w;
	enum deed_status status;

	*kek = NULL;
	der_writer_init(&w, &info);
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, OID_AES256_WRAP, false);
	if (ukm.data != NULL) {
		der_begin(&w, DER_CONTEXT_CONS(0));
		der_put_octets(&w, ukm);
		der_end(&w);
	}
	der_begin(&w, DER_CONTEXT_CONS(2));
	der_put_octets(&w, slice_of(bits, sizeof(bits)));
	der_end(&w);
	der_end(&w);
	status = der_writer_status(&w, err);
	if (status == DEED_OK)
		status = secret_new(ENVELOPE_KEY_SIZE, kek, err);
	if (status == DEED_OK)
		x963_kdf(DIGEST_SHA256, secret_slice(z), buf_get(&info),
			 secret_data(*kek), ENVELOPE_KEY_SIZE);
	buf_clear(&info);
	return status;
}

/* The wrapped content key as the OCTET STRING that ends a RecipientInfo. */
static enum deed_status put_wrapped(struct der_writer *w,
				    const struct secret *kek,
				    const struct secret *cek,
				    struct deed_error *err)
{
	struct buf wrapped = BUF_INIT;
	enum deed_status status;

	assert(secret_len(kek) == ENVELOPE_KEY_SIZE);
	status = wrap_key(secret_bytes(kek), ENVELOPE_KEY_SIZE,
			  secret_slice(cek), &wrapped, err);
	if (status == DEED_OK)
		der_put_octets(w, buf_get(&wrapped));
	buf_clear(&wrapped);
	return status;
}

/* KEKRecipientInfo, RFC 5652 6.2.3. */
static enum deed_status put_kek(struct der_writer *w,
				const struct envelope_to *to,
				const struct secret *cek,
				struct deed_error *err)
{
	enum deed_status status;

	der_begin(w, DER_CONTEXT_CONS(2));
	der_put_uint64(w, 4);
	der_begin(w, DER_SEQUENCE);
	der_put_octets(w, to->id);
	der_end(w);
	der_put_algorithm(w, OID_AES256_WRAP, false);
	status = put_wrapped(w, to->kek, cek, err);
	der_end(w);
	return status;
}

/* RSAES-OAEP with SHA-256 for hash and mask; the label's default is empty. */
static void put_oaep_algorithm(struct der_writer *w)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_RSA_OAEP);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_put_algorithm(w, OID_SHA256, true);
	der_end(w);
	der_begin(w, DER_CONTEXT_CONS(1));
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_MGF1);
	der_put_algorithm(w, OID_SHA256, true);
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* KeyTransRecipientInfo, RFC 5652 6.2.1. */
static enum deed_status put_rsa(struct der_writer *w,
				const struct envelope_to *to,
				const struct pubkey *pk,
				const struct secret *cek,
				struct deed_error *err)
{
	struct buf encrypted = BUF_INIT;
	enum deed_status status;

	status = pubkey_oaep(pk, DIGEST_SHA256, secret_slice(cek), &encrypted,
			     err);
	if (status == DEED_OK) {
		der_begin(w, DER_SEQUENCE);
		der_put_uint64(w, 2);
		der_put(w, DER_CONTEXT(0), to->id);
		put_oaep_algorithm(w);
		der_put_octets(w, buf_get(&encrypted));
		der_end(w);
	}
	buf_clear(&encrypted);
	return status;
}

/* OriginatorPublicKey: the curve is the recipient's, RFC 5753 3.1.1. */
static void put_originator(struct der_writer *w, struct slice point)
{
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, DER_CONTEXT_CONS(1));
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_EC);
	der_put_oid(w, OID_P256);
	der_end(w);
	der_put_bits(w, point);
	der_end(w);
	der_end(w);
}

/* KeyAgreeRecipientInfo, RFC 5652 6.2.2. */
static enum deed_status put_ecdh(struct der_writer *w,
				 const struct envelope_to *to,
				 const struct pubkey *pk,
				 const struct secret *cek,
				 struct deed_error *err)
{
	struct secret *z = NULL, *kek = NULL;
	struct buf point = BUF_INIT;
	enum deed_status status;

	status = pubkey_agree(pk, &point, &z, err);
	if (status == DEED_OK)
		status = envelope_ecdh_kek(z, SLICE_NONE, &kek, err);
	if (status != DEED_OK)
		goto out;
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_uint64(w, 3);
	put_originator(w, buf_get(&point));
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_ECDH_SHA256);
	der_put_algorithm(w, OID_AES256_WRAP, false);
	der_end(w);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_put_octets(w, to->id);
	der_end(w);
	status = put_wrapped(w, kek, cek, err);
	der_end(w);
	der_end(w);
	der_end(w);
out:
	buf_clear(&point);
	secret_free(kek);
	secret_free(z);
	return status;
}

/* A public key: which kind of recipient it makes is the key's matter. */
static enum deed_status put_public(struct der_writer *w,
				   const struct envelope_to *to,
				   const struct secret *cek,
				   struct deed_error *err)
{
	struct pubkey *pk = NULL;
	enum deed_status status = pubkey_from_spki(to->spki, &pk, err);

	if (status != DEED_OK)
		return status;
	if (to->kind == ENVELOPE_RSA && pubkey_type(pk) == PUBKEY_RSA &&
	    pubkey_bits(pk) >= RSA_BITS_MIN)
		status = put_rsa(w, to, pk, cek, err);
	else if (to->kind == ENVELOPE_ECDH && pubkey_type(pk) == PUBKEY_EC &&
		 pubkey_curve(pk) == EC_P256)
		status = put_ecdh(w, to, pk, cek, err);
	else
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"nothing can be encrypted to a key of "
					"type %s: RSA of %d bits or more, or "
					"P-256",
					pubkey_text(pk), RSA_BITS_MIN);
	pubkey_free(pk);
	return status;
}

enum deed_status envelope_to_spki(struct slice ski, struct slice spki,
				  struct envelope_to *out,
				  struct deed_error *err)
{
	struct pubkey *pk = NULL;
	enum deed_status status = pubkey_from_spki(spki, &pk, err);

	memset(out, 0, sizeof(*out));
	if (status != DEED_OK)
		return status;
	out->kind =
		pubkey_type(pk) == PUBKEY_RSA ? ENVELOPE_RSA : ENVELOPE_ECDH;
	out->id = ski;
	out->spki = spki;
	pubkey_free(pk);
	return DEED_OK;
}

/* Those that are kept are copied whole, though nobody here could decrypt them.
 * The SET is sorted: its order tells nothing about who was added when. */
static enum deed_status put_recipients(struct der_writer *w,
				       const struct envelope_to *to,
				       size_t count, const struct secret *cek,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	der_begin(w, DER_SET);
	for (i = 0; i < count && status == DEED_OK; i++) {
		assert(to[i].kind != ENVELOPE_OTHER);
		if (to[i].kind == ENVELOPE_KEPT)
			der_put_raw(w, to[i].der);
		else if (to[i].kind == ENVELOPE_KEK)
			status = put_kek(w, &to[i], cek, err);
		else
			status = put_public(w, &to[i], cek, err);
	}
	der_end_set_of(w);
	return status;
}

/* EncryptedContentInfo and mac, RFC 5083 2.1, RFC 5084 3.2. */
static enum deed_status put_content(struct der_writer *w,
				    const struct secret *cek,
				    struct slice plain, struct deed_error *err)
{
	uint8_t nonce[AEAD_NONCE], tag[AEAD_TAG];
	struct buf sealed = BUF_INIT;
	uint8_t *room = buf_reserve(&sealed, plain.len);
	enum deed_status status;

	if (room == NULL)
		return deed_error_memory(err);
	status = random_bytes(nonce, sizeof(nonce), err);
	if (status == DEED_OK)
		status = aead_seal(secret_bytes(cek), nonce, SLICE_NONE, plain,
				   room, tag, err);
	if (status == DEED_OK) {
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_DATA);
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_AES256_GCM);
		der_begin(w, DER_SEQUENCE);
		der_put_octets(w, slice_of(nonce, sizeof(nonce)));
		der_put_uint64(w, AEAD_TAG);
		der_end(w);
		der_end(w);
		der_put(w, DER_CONTEXT(0), slice_of(room, plain.len));
		der_end(w);
		der_put_octets(w, slice_of(tag, sizeof(tag)));
	}
	buf_clear(&sealed);
	return status;
}

enum deed_status envelope_write(const struct envelope_to *to, size_t count,
				const struct secret *cek, struct slice plain,
				struct buf *out, struct deed_error *err)
{
	struct secret *fresh = NULL;
	struct der_writer w;
	enum deed_status status = DEED_OK;

	assert(count > 0);
	if (count > ENVELOPE_RECIPIENTS_MAX)
		return deed_error_set(err, DEED_LIMIT, "over %d recipients",
				      ENVELOPE_RECIPIENTS_MAX);
	if (cek == NULL) {
		status = random_secret(ENVELOPE_KEY_SIZE, &fresh, err);
		if (status != DEED_OK)
			return status;
		cek = fresh;
	}
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_AUTH_ENVELOPED_DATA);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 0);
	status = put_recipients(&w, to, count, cek, err);
	if (status == DEED_OK)
		status = put_content(&w, cek, plain, err);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	if (status == DEED_OK)
		status = der_writer_status(&w, err);
	secret_free(fresh);
	return status;
}
