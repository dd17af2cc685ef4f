/* SPDX-License-Identifier: Apache-2.0 */
#include "key/deposit_key.h"

#include <stdlib.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/rsa.h>

#include "crypto/random.h"
#include "key/pkcs8.h"
#include "key/pubkey_priv.h"
#include "key/rsa_priv.h"

struct deposit_key {
	struct pubkey *pub;
	uint8_t id[KEY_ID_SIZE];
	bool rsa; /* the two below are set */
	struct rsa_public_key rsa_pub;
	struct rsa_private_key rsa_key;
	bool ec; /* the one below is set */
	struct ecc_scalar scalar;
};

#define P256_OCTETS 32

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the private key is malformed");
}

/* For Nettle, which has no way to report that there is no randomness. */
static void nettle_random(void *ctx, size_t len, uint8_t *out)
{
	(void)ctx;
	if (random_bytes(out, len, NULL) != DEED_OK)
		abort();
}

/* The key itself inside PrivateKeyInfo (RFC 5958 2). */
static bool open_pkcs8(struct slice der, struct slice *key)
{
	struct der_reader r;
	struct slice algorithm;
	uint64_t version;

	return der_open(der, DER_SEQUENCE, &r) &&
	       der_get_uint64(&r, &version) && version <= 1 &&
	       der_get(&r, DER_SEQUENCE, &algorithm) &&
	       der_get(&r, DER_OCTET_STRING, key);
}

/* What is read becomes secret; deposit_key_free wipes it, also after a
 * failure. */
static bool get_number(struct der_reader *r, mpz_t out)
{
	struct slice s;

	if (!der_get_unsigned(r, &s))
		return false;
	rsa_import(out, s);
	return true;
}

/* RSAPrivateKey (RFC 8017 A.1.2). */
static enum deed_status read_rsa(struct deposit_key *k, struct slice key,
				 struct deed_error *err)
{
	struct rsa_private_key *p = &k->rsa_key;
	struct der_reader r;
	uint64_t version;

	rsa_public_key_init(&k->rsa_pub);
	rsa_private_key_init(p);
	k->rsa = true;
	if (!der_open(key, DER_SEQUENCE, &r) || !der_get_uint64(&r, &version) ||
	    version != 0 || !get_number(&r, k->rsa_pub.n) ||
	    !get_number(&r, k->rsa_pub.e) || !get_number(&r, p->d) ||
	    !get_number(&r, p->p) || !get_number(&r, p->q) ||
	    !get_number(&r, p->a) || !get_number(&r, p->b) ||
	    !get_number(&r, p->c) || !der_at_end(&r))
		return malformed(err);
	if (!rsa_public_key_prepare(&k->rsa_pub) ||
	    !rsa_private_key_prepare(p) || k->rsa_pub.size != p->size ||
	    mpz_cmp(k->rsa_pub.n, k->pub->mpz_n) != 0)
		return malformed(err);
	return DEED_OK;
}

/* ECPrivateKey (RFC 5915 3). */
static enum deed_status read_ec(struct deposit_key *k, struct slice key,
				struct deed_error *err)
{
	struct der_reader r;
	struct slice secret;
	uint64_t version;
	mpz_t d;
	int in_range;

	if (!der_open(key, DER_SEQUENCE, &r) || !der_get_uint64(&r, &version) ||
	    version != 1 || !der_get(&r, DER_OCTET_STRING, &secret))
		return malformed(err);
	/* GnuTLS puts a zero before a high bit, against RFC 5915. */
	if (secret.len == P256_OCTETS + 1 && secret.data[0] == 0)
		secret = slice_of(secret.data + 1, P256_OCTETS);
	if (secret.len > P256_OCTETS)
		return malformed(err);
	ecc_scalar_init(&k->scalar, nettle_get_secp_256r1());
	k->ec = true;
	mpz_init2(d, 8 * P256_OCTETS);
	rsa_import(d, secret);
	in_range = ecc_scalar_set(&k->scalar, d);
	rsa_wipe(d);
	return in_range ? DEED_OK : malformed(err);
}

/* k owns what was read before a failure, and the caller frees it.  The kinds
 * are those to which deposits are encrypted. */
static enum deed_status read_key(struct deposit_key *k,
				 const struct secret *pkcs8,
				 struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status;
	struct slice key;

	status = pkcs8_spki(pkcs8, &spki, err);
	if (status == DEED_OK)
		status = pubkey_from_spki(buf_get(&spki), &k->pub, err);
	buf_clear(&spki);
	if (status != DEED_OK)
		return status;
	if (!spki_key_id(k->pub->spki, k->id) ||
	    !open_pkcs8(secret_slice(pkcs8), &key))
		return malformed(err);
	if (k->pub->type == PUBKEY_RSA)
		return read_rsa(k, key, err);
	if (k->pub->type == PUBKEY_EC && k->pub->curve == EC_P256)
		return read_ec(k, key, err);
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "a key '%s' cannot decrypt deposits; P-256 and "
			      "RSA can",
			      pubkey_text(k->pub));
}

enum deed_status deposit_key_from_pkcs8(const struct secret *pkcs8,
					struct deposit_key **out,
					struct deed_error *err)
{
	struct deposit_key *k;
	enum deed_status status;

	*out = NULL;
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return deed_error_memory(err);
	status = read_key(k, pkcs8, err);
	if (status != DEED_OK) {
		deposit_key_free(k);
		return status;
	}
	*out = k;
	return DEED_OK;
}

void deposit_key_free(struct deposit_key *k)
{
	if (k == NULL)
		return;
	if (k->rsa) {
		struct rsa_private_key *p = &k->rsa_key;

		rsa_wipe(p->d);
		rsa_wipe(p->p);
		rsa_wipe(p->q);
		rsa_wipe(p->a);
		rsa_wipe(p->b);
		rsa_wipe(p->c);
		rsa_public_key_clear(&k->rsa_pub);
	}
	/* ecc_scalar_clear leaves the value in freed memory otherwise. */
	if (k->ec) {
		secret_wipe(k->scalar.p, P256_OCTETS);
		ecc_scalar_clear(&k->scalar);
	}
	pubkey_free(k->pub);
	free(k);
}

const struct pubkey *deposit_key_public(const struct deposit_key *k)
{
	return k->pub;
}

const uint8_t *deposit_key_id(const struct deposit_key *k)
{
	return k->id;
}

/* The same for every cause of a failed decryption: what differs could be used
 * to decrypt by asking (RFC 8017 7.1.2). */
static enum deed_status not_recipient(struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_RECIPIENT,
			      "the key does not open it");
}

/* RSADP (RFC 8017 5.1.2), blinded and checked, into k's size of octets. */
static bool rsa_decrypt_raw(const struct deposit_key *k,
			    struct slice ciphertext, uint8_t *em)
{
	bool good = false;
	mpz_t c, m;

	if (ciphertext.len != k->rsa_pub.size)
		return false;
	mpz_init(c);
	mpz_init2(m, k->rsa_pub.size * 8 + 64);
	rsa_import(c, ciphertext);
	if (mpz_cmp(c, k->rsa_pub.n) < 0 &&
	    rsa_compute_root_tr(&k->rsa_pub, &k->rsa_key, NULL, nettle_random,
				m, c))
		good = rsa_export(m, em, k->rsa_pub.size);
	mpz_clear(c);
	rsa_wipe(m);
	return good;
}

enum deed_status deposit_key_oaep(const struct deposit_key *k,
				  enum digest_alg digest,
				  struct slice ciphertext, struct secret **out,
				  struct deed_error *err)
{
	struct secret *em = NULL;
	enum deed_status status;
	size_t at = 0;

	*out = NULL;
	if (!k->rsa)
		return deed_error_set(err, DEED_USAGE,
				      "only an RSA key opens RSA-OAEP");
	status = secret_new(k->rsa_pub.size, &em, err);
	if (status != DEED_OK)
		return status;
	if (!rsa_decrypt_raw(k, ciphertext, secret_data(em)) ||
	    !rsa_oaep_decode(digest, secret_data(em), secret_len(em), &at) ||
	    at == secret_len(em))
		status = not_recipient(err);
	else
		status = secret_copy(secret_bytes(em) + at, secret_len(em) - at,
				     out, err);
	secret_free(em);
	return status;
}

/* The x coordinate of scalar times point. */
static enum deed_status multiply(const struct ecc_scalar *scalar,
				 const struct ecc_point *point,
				 struct secret **z, struct deed_error *err)
{
	struct ecc_point product;
	enum deed_status status;
	mpz_t x;

	status = secret_new(P256_OCTETS, z, err);
	if (status != DEED_OK)
		return status;
	ecc_point_init(&product, nettle_get_secp_256r1());
	mpz_init2(x, 8 * P256_OCTETS);
	ecc_point_mul(&product, scalar, point);
	ecc_point_get(&product, x, NULL);
	(void)rsa_export(x, secret_data(*z), P256_OCTETS);
	rsa_wipe(x);
	/* Both coordinates: one follows from the other. */
	secret_wipe(product.p, 2 * P256_OCTETS);
	ecc_point_clear(&product);
	return DEED_OK;
}

/* 04 X Y; false if it is none or not on the curve. */
static bool read_point(struct slice in, struct ecc_point *out)
{
	mpz_t x, y;
	int good;

	if (in.len != 1 + 2 * P256_OCTETS || in.data[0] != 4)
		return false;
	mpz_init(x);
	mpz_init(y);
	rsa_import(x, slice_of(in.data + 1, P256_OCTETS));
	rsa_import(y, slice_of(in.data + 1 + P256_OCTETS, P256_OCTETS));
	good = ecc_point_set(out, x, y);
	mpz_clear(x);
	mpz_clear(y);
	return good != 0;
}

enum deed_status deposit_key_agree(const struct deposit_key *k,
				   struct slice point, struct secret **out,
				   struct deed_error *err)
{
	struct ecc_point peer;
	enum deed_status status;

	*out = NULL;
	if (!k->ec)
		return deed_error_set(err, DEED_USAGE,
				      "only an EC key agrees on a secret");
	ecc_point_init(&peer, nettle_get_secp_256r1());
	/* SEC 1 3.2.2.1: a point off the curve would leak the key. */
	status = read_point(point, &peer)
			 ? multiply(&k->scalar, &peer, out, err)
			 : not_recipient(err);
	ecc_point_clear(&peer);
	return status;
}

enum deed_status pubkey_oaep(const struct pubkey *pk, enum digest_alg digest,
			     struct slice plaintext, struct buf *out,
			     struct deed_error *err)
{
	size_t len = (pk->size + 7) / 8;
	uint8_t seed[DIGEST_MAX];
	struct secret *em = NULL;
	enum deed_status status;
	uint8_t *to;
	mpz_t m;

	if (pk->type != PUBKEY_RSA)
		return deed_error_set(err, DEED_USAGE,
				      "RSA-OAEP needs an RSA key");
	status = random_bytes(seed, digest_size(digest), err);
	if (status == DEED_OK)
		status = secret_new(len, &em, err);
	if (status != DEED_OK)
		return status;
	to = buf_reserve(out, len);
	mpz_init2(m, len * 8 + 64);
	if (to == NULL) {
		status = deed_error_memory(err);
	} else if (!rsa_oaep_encode(digest, plaintext, seed, secret_data(em),
				    len)) {
		status = deed_error_set(err, DEED_LIMIT,
					"%zu bytes do not fit into RSA-OAEP",
					plaintext.len);
	} else {
		rsa_import(m, secret_slice(em));
		mpz_powm_sec(m, m, pk->mpz_e, pk->mpz_n);
		(void)rsa_export(m, to, len);
		out->len += len;
	}
	rsa_wipe(m);
	secret_free(em);
	secret_wipe(seed, sizeof(seed));
	return status;
}

/* Uncompressed, the coordinates of full length (SEC 1 2.3.3).  The point is
 * public, so nothing is wiped. */
static void put_point(const struct ecc_point *p, struct buf *out)
{
	uint8_t octets[1 + 2 * P256_OCTETS] = { 4 };
	mpz_t x, y;

	mpz_init(x);
	mpz_init(y);
	ecc_point_get(p, x, y);
	(void)rsa_export(x, octets + 1, P256_OCTETS);
	(void)rsa_export(y, octets + 1 + P256_OCTETS, P256_OCTETS);
	mpz_clear(x);
	mpz_clear(y);
	buf_append(out, octets, sizeof(octets));
}

enum deed_status pubkey_agree(const struct pubkey *pk, struct buf *point,
			      struct secret **z, struct deed_error *err)
{
	struct ecc_scalar ephemeral;
	struct ecc_point own;
	enum deed_status status;

	*z = NULL;
	if (pk->type != PUBKEY_EC || pk->curve != EC_P256)
		return deed_error_set(err, DEED_USAGE,
				      "key agreement needs a P-256 key");
	ecc_scalar_init(&ephemeral, nettle_get_secp_256r1());
	ecc_point_init(&own, nettle_get_secp_256r1());
	ecdsa_generate_keypair(&own, &ephemeral, NULL, nettle_random);
	put_point(&own, point);
	status = multiply(&ephemeral, &pk->point, z, err);
	secret_wipe(ephemeral.p, P256_OCTETS);
	ecc_scalar_clear(&ephemeral);
	ecc_point_clear(&own);
	return status != DEED_OK ? status : buf_status(point, err);
}
