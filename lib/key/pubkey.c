/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pubkey.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/nettle-meta.h>
#include <nettle/pss.h>

#include "crypto/ed25519.h"
#include "crypto/ed448.h"
#include "key/pubkey_priv.h"
#include "key/rsa_priv.h"

/*
 * Verification goes to Nettle and GMP directly, on which GnuTLS stands too:
 * the rate is the same, RSA-PSS is not tied to one salt length, no system
 * policy turns an old signature from "holds" into an error, and nothing is
 * opened or allocated behind a lock, so that it works in the sandbox.
 */

#define RSA_BITS_MIN 1024
#define RSA_BITS_MAX 16384

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the public key is malformed: %s", what);
}

static enum deed_status does_not_hold(struct deed_error *err)
{
	return deed_error_set(err, DEED_BAD_SIGNATURE,
			      "the signature value does not hold");
}

const struct ecc_curve *pubkey_nettle_curve(enum ec_curve curve)
{
	switch (curve) {
	case EC_P256:
		return nettle_get_secp_256r1();
	case EC_P384:
		return nettle_get_secp_384r1();
	case EC_P521:
		return nettle_get_secp_521r1();
	case EC_NONE:
		break;
	}
	return NULL;
}

size_t pubkey_curve_octets(enum ec_curve curve)
{
	static const size_t octets[] = { 0, 32, 48, 66 };

	return octets[curve];
}

enum ec_curve pubkey_curve_from_oid(enum oid oid)
{
	switch (oid) {
	case OID_P256:
		return EC_P256;
	case OID_P384:
		return EC_P384;
	case OID_P521:
		return EC_P521;
	default:
		return EC_NONE;
	}
}

/* One number of an RSAPublicKey; *what is said where it is none. */
static bool read_number(struct der_reader *r, struct slice *out,
			const char *negative, const char *other,
			const char **what)
{
	struct der_reader at = *r;
	struct slice any;

	if (der_get_unsigned(r, out))
		return true;
	*what = der_get_integer(&at, &any) ? negative : other;
	return false;
}

/* RSAPublicKey (RFC 8017 A.1.1). */
static enum deed_status read_rsa(struct pubkey *pk, struct deed_error *err)
{
	const char *what = "its RSA key is not two numbers";
	struct der_reader r;

	if (!der_open(pk->bits, DER_SEQUENCE, &r) ||
	    !read_number(&r, &pk->n, "its RSA modulus is negative",
			 "its RSA modulus is no INTEGER of DER", &what) ||
	    !read_number(&r, &pk->e, "its RSA exponent is negative",
			 "its RSA exponent is no INTEGER of DER", &what) ||
	    !der_at_end(&r))
		return malformed(err, what);
	mpz_init(pk->mpz_n);
	mpz_init(pk->mpz_e);
	pk->rsa = true;
	rsa_import(pk->mpz_n, pk->n);
	rsa_import(pk->mpz_e, pk->e);
	pk->size = (unsigned)mpz_sizeinbase(pk->mpz_n, 2);
	/* Even numbers would send GMP astray; a huge exponent costs time. */
	if (!mpz_odd_p(pk->mpz_n))
		return malformed(err, "its RSA modulus is even");
	if (!mpz_odd_p(pk->mpz_e) || mpz_cmp_ui(pk->mpz_e, 3) < 0)
		return malformed(err, "its RSA exponent is even or 1");
	if (pk->size < RSA_BITS_MIN || pk->size > RSA_BITS_MAX ||
	    mpz_sizeinbase(pk->mpz_e, 2) > 64)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "an RSA key of %u bits is not supported",
				      pk->size);
	(void)snprintf(pk->text, sizeof(pk->text), "RSA %u", pk->size);
	return DEED_OK;
}

/* 04 X Y, of the curve's size? */
static enum deed_status check_point(const struct pubkey *pk, size_t octets,
				    struct deed_error *err)
{
	if (pk->bits.len == 1 + octets &&
	    (pk->bits.data[0] == 2 || pk->bits.data[0] == 3))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "compressed points are not supported");
	if (pk->bits.len != 1 + 2 * octets || pk->bits.data[0] != 4)
		return malformed(err, "its point is not of the curve's size");
	return DEED_OK;
}

/* On a curve that Nettle lacks. */
static enum deed_status read_other_ec(struct pubkey *pk, enum oid curve,
				      struct deed_error *err)
{
	size_t octets = curve_octets(curve);
	enum deed_status status = check_point(pk, octets, err);

	pk->type = curve == OID_SM2 ? PUBKEY_SM2 : PUBKEY_BRAINPOOL;
	pk->size = 8 * (unsigned)octets;
	(void)snprintf(pk->text, sizeof(pk->text), "%s", curve_text(curve));
	if (status == DEED_OK)
		status = curve_key_new(curve, pk->bits, &pk->on_curve, err);
	return status;
}

/* A point off the curve is refused: what is computed with it means nothing. */
static enum deed_status read_ec(struct pubkey *pk, struct der_reader *params,
				struct deed_error *err)
{
	static const char *const names[] = { "", "EC P-256", "EC P-384",
					     "EC P-521" };
	enum deed_status status;
	struct slice dotted;
	enum oid named;
	size_t octets;
	mpz_t x, y;
	int on_curve;

	if (!der_get_oid(params, &dotted) || !der_at_end(params))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the elliptic curve is given by its "
				      "numbers: expected the name of one");
	named = oid_find(dotted);
	if (curve_known(named))
		return read_other_ec(pk, named, err);
	pk->curve = pubkey_curve_from_oid(named);
	if (pk->curve == EC_NONE)
		return oid_not_known("elliptic curve", dotted, err);
	octets = pubkey_curve_octets(pk->curve);
	status = check_point(pk, octets, err);
	if (status != DEED_OK)
		return status;
	ecc_point_init(&pk->point, pubkey_nettle_curve(pk->curve));
	pk->ec = true;
	mpz_init(x);
	mpz_init(y);
	rsa_import(x, slice_of(pk->bits.data + 1, octets));
	rsa_import(y, slice_of(pk->bits.data + 1 + octets, octets));
	on_curve = ecc_point_set(&pk->point, x, y);
	mpz_clear(x);
	mpz_clear(y);
	if (!on_curve)
		return malformed(err, "its point is not on the curve");
	pk->size = pk->curve == EC_P521 ? 521 : (unsigned)octets * 8;
	(void)snprintf(pk->text, sizeof(pk->text), "%s", names[pk->curve]);
	return DEED_OK;
}

/* RFC 8410 4: the octets alone. */
static enum deed_status read_edwards(struct pubkey *pk, enum pubkey_type type,
				     struct deed_error *err)
{
	bool is_448 = type == PUBKEY_ED448;

	pk->type = type;
	if (pk->bits.len != (is_448 ? ED448_PUBLIC : ED25519_PUBLIC))
		return malformed(err, "its point is not of the curve's size");
	pk->size = 8 * (unsigned)pk->bits.len;
	(void)snprintf(pk->text, sizeof(pk->text), "%s",
		       is_448 ? "Ed448" : "Ed25519");
	return DEED_OK;
}

/* What is initialised of pk is noted in it: it is freed also after a failure.
 */
static enum deed_status read_key(struct pubkey *pk, struct deed_error *err)
{
	struct der_reader r, algorithm;
	enum deed_status status;
	struct slice dotted;

	if (!der_open(pk->spki, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &algorithm) ||
	    !der_get_oid(&algorithm, &dotted) ||
	    !der_get_bits(&r, &pk->bits, NULL) || !der_at_end(&r))
		return malformed(err, "it is no SubjectPublicKeyInfo");
	switch (oid_find(dotted)) {
	case OID_RSA:
		pk->type = PUBKEY_RSA;
		return read_rsa(pk, err);
	case OID_RSA_PSS:
		pk->type = PUBKEY_RSA_PSS;
		status = pss_read(pk, &algorithm, err);
		return status == DEED_OK ? read_rsa(pk, err) : status;
	case OID_EC:
		pk->type = PUBKEY_EC;
		return read_ec(pk, &algorithm, err);
	case OID_ED25519:
		return read_edwards(pk, PUBKEY_ED25519, err);
	case OID_ED448:
		return read_edwards(pk, PUBKEY_ED448, err);
	case OID_DSA:
		pk->type = PUBKEY_DSA;
		return dsa_read(pk, &algorithm, err);
	default:
		return oid_not_known("public key algorithm", dotted, err);
	}
}

enum deed_status pubkey_from_spki(struct slice spki, struct pubkey **out,
				  struct deed_error *err)
{
	enum deed_status status;
	struct pubkey *pk;

	*out = NULL;
	pk = calloc(1, sizeof(*pk));
	if (pk == NULL)
		return deed_error_memory(err);
	pk->der = malloc(spki.len + 1);
	if (pk->der == NULL) {
		free(pk);
		return deed_error_memory(err);
	}
	if (spki.len > 0)
		memcpy(pk->der, spki.data, spki.len);
	pk->spki = slice_of(pk->der, spki.len);
	status = read_key(pk, err);
	if (status != DEED_OK) {
		pubkey_free(pk);
		return status;
	}
	*out = pk;
	return DEED_OK;
}

void pubkey_free(struct pubkey *pk)
{
	if (pk == NULL)
		return;
	if (pk->rsa) {
		mpz_clear(pk->mpz_n);
		mpz_clear(pk->mpz_e);
	}
	if (pk->ec)
		ecc_point_clear(&pk->point);
	dsa_forget(pk);
	curve_key_free(pk->on_curve);
	free(pk->der);
	free(pk);
}

bool pubkey_verifies_only(const struct pubkey *pk)
{
	return pk->type >= PUBKEY_ED448;
}

enum pubkey_type pubkey_type(const struct pubkey *pk)
{
	return pk->type;
}

enum ec_curve pubkey_curve(const struct pubkey *pk)
{
	return pk->curve;
}

unsigned pubkey_bits(const struct pubkey *pk)
{
	return pk->size;
}

const char *pubkey_text(const struct pubkey *pk)
{
	return pk->text;
}

struct slice pubkey_spki(const struct pubkey *pk)
{
	return pk->spki;
}

/* RSAVP1 (RFC 8017 5.2.2): m = s^e mod n.  False if s is out of range. */
static bool rsa_open(const struct pubkey *pk, struct slice signature, mpz_t m)
{
	mpz_t s;
	bool fits;

	/* RFC 8017 8.1.2 and 8.2.2, step 1: exactly the modulus's length. */
	if (signature.len != (pk->size + 7) / 8)
		return false;
	mpz_init(s);
	rsa_import(s, signature);
	fits = mpz_cmp(s, pk->mpz_n) < 0;
	if (fits)
		mpz_powm(m, s, pk->mpz_e, pk->mpz_n);
	mpz_clear(s);
	return fits;
}

/* Encoded anew and compared whole (RFC 8017 8.2.2): padding that is parsed can
 * be forged. */
static bool rsa_pkcs1_holds(const struct pubkey *pk, enum digest_alg digest,
			    struct slice hash, struct slice signature)
{
	uint8_t em[RSA_OCTETS_MAX], expected[RSA_OCTETS_MAX];
	size_t len = (pk->size + 7) / 8;
	bool good;
	mpz_t m;

	mpz_init(m);
	good = rsa_open(pk, signature, m) && rsa_export(m, em, len) &&
	       rsa_pkcs1_encode_hash(digest, hash, expected, len) &&
	       !memcmp(em, expected, len);
	mpz_clear(m);
	return good;
}

/* 00 01 FF... 00 DigestInfo (RFC 8017 9.2). */
static bool digest_info(struct slice em, enum digest_alg *out)
{
	struct der_reader r;
	struct slice algorithm;
	size_t i = 2;

	if (em.len < 2 || em.data[0] != 0 || em.data[1] != 1)
		return false;
	while (i < em.len && em.data[i] == 0xff)
		i++;
	if (i == em.len || em.data[i] != 0 ||
	    !der_open(slice_of(em.data + i + 1, em.len - i - 1), DER_SEQUENCE,
		      &r) ||
	    !der_get_element(&r, DER_SEQUENCE, &algorithm))
		return false;
	*out = digest_from_algorithm(algorithm);
	return true;
}

bool pubkey_pkcs1_digest(const struct pubkey *pk, struct slice signature,
			 enum digest_alg *out)
{
	size_t len = (pk->size + 7) / 8;
	uint8_t em[RSA_OCTETS_MAX];
	bool good;
	mpz_t m;

	*out = DIGEST_NONE;
	if (pk->type != PUBKEY_RSA)
		return false;
	mpz_init(m);
	good = rsa_open(pk, signature, m) && rsa_export(m, em, len) &&
	       digest_info(slice_of(em, len), out);
	mpz_clear(m);
	return good;
}

/* emBits is one less than the modulus has (RFC 8017 8.1.2). */
static bool rsa_pss_holds(const struct pubkey *pk, const struct sig_alg *alg,
			  struct slice hash, struct slice signature)
{
	uint8_t em[RSA_OCTETS_MAX];
	bool good;
	mpz_t m;

	mpz_init(m);
	good = rsa_open(pk, signature, m);
	/* Nettle has one digest for both. */
	if (good && alg->mask == DIGEST_NONE)
		good = pss_verify_mgf1(m, pk->size - 1,
				       digest_nettle(alg->digest),
				       alg->salt_len, hash.data);
	else if (good)
		good = rsa_export(m, em, (pk->size + 6) / 8) &&
		       rsa_pss_verify(alg->digest, alg->mask, alg->salt_len,
				      hash, em, pk->size);
	mpz_clear(m);
	return good;
}

/* Strict DER: a second spelling of one signature is none. */
static bool ecdsa_holds(const struct pubkey *pk, struct slice hash,
			struct slice signature)
{
	struct dsa_signature value;
	struct der_reader der;
	struct slice r, s;
	bool good;

	if (!der_open(signature, DER_SEQUENCE, &der) ||
	    !der_get_unsigned(&der, &r) || !der_get_unsigned(&der, &s) ||
	    !der_at_end(&der))
		return false;
	if (pk->on_curve != NULL)
		return curve_holds(pk->on_curve, hash, r, s);
	dsa_signature_init(&value);
	rsa_import(value.r, r);
	rsa_import(value.s, s);
	good = ecdsa_verify(&pk->point, hash.len, hash.data, &value);
	dsa_signature_clear(&value);
	return good;
}

/* Does the algorithm suit the key?  An RSA-PSS key signs nothing else. */
static bool suits(const struct pubkey *pk, enum sig_scheme scheme)
{
	switch (scheme) {
	case SIG_RSA:
		return pk->type == PUBKEY_RSA;
	case SIG_RSA_PSS:
		return pk->type == PUBKEY_RSA || pk->type == PUBKEY_RSA_PSS;
	case SIG_ECDSA:
		return pk->type == PUBKEY_EC || pk->type == PUBKEY_BRAINPOOL;
	case SIG_ED25519:
		return pk->type == PUBKEY_ED25519;
	case SIG_ED448:
		return pk->type == PUBKEY_ED448;
	case SIG_DSA:
		return pk->type == PUBKEY_DSA;
	case SIG_SM2:
		return pk->type == PUBKEY_SM2;
	case SIG_NONE:
		break;
	}
	return false;
}

enum deed_status pubkey_verify_hash(const struct pubkey *pk,
				    const struct sig_alg *alg,
				    struct slice hash, struct slice signature,
				    struct deed_error *err)
{
	enum deed_status status;
	bool good;

	/* It would be a curve like any other, but for the standard. */
	if (alg->scheme == SIG_ECDSA && pk->type == PUBKEY_SM2)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "ECDSA by a key on the curve sm2 is not "
				      "judged");
	if (!suits(pk, alg->scheme))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "a signature with %s cannot be of a key "
				      "'%s'",
				      sig_scheme_name(alg->scheme), pk->text);
	if (alg->digest == DIGEST_NONE || !sig_scheme_hashes(alg->scheme))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "%s does not sign a hash",
				      sig_scheme_name(alg->scheme));
	if (alg->scheme == SIG_SM2)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "SM2 signs data, of which its hash is "
				      "not enough to judge by");
	/* RFC 8702 has SHAKE with a name of its own, and not for PKCS #1 v1.5;
	 * SM3 is SM2's. */
	if ((alg->digest == DIGEST_SHAKE256 && alg->scheme != SIG_ECDSA) ||
	    alg->digest == DIGEST_SM3)
		return deed_error_set(
			err, DEED_UNSUPPORTED, "%s over %s is not known",
			sig_scheme_name(alg->scheme), digest_name(alg->digest));
	status = pss_check(pk, alg, err);
	if (status != DEED_OK)
		return status;
	if (hash.len != digest_size(alg->digest))
		return does_not_hold(err);
	switch (alg->scheme) {
	case SIG_RSA:
		good = rsa_pkcs1_holds(pk, alg->digest, hash, signature);
		break;
	case SIG_RSA_PSS:
		good = rsa_pss_holds(pk, alg, hash, signature);
		break;
	case SIG_DSA:
		good = dsa_holds(pk, hash, signature);
		break;
	default:
		good = ecdsa_holds(pk, hash, signature);
		break;
	}
	return good ? DEED_OK : does_not_hold(err);
}

/* The lengths first: so many octets are read. */
static bool edwards_holds(const struct pubkey *pk, struct slice data,
			  struct slice signature)
{
	if (pk->type == PUBKEY_ED448)
		return signature.len == ED448_SIGNATURE &&
		       ed448_verify(pk->bits.data, data, signature.data);
	return signature.len == ED25519_SIGNATURE &&
	       ed25519_verify(pk->bits.data, data, signature.data);
}

/* With another digest the standard does not have it. */
static enum deed_status sm2_verify(const struct pubkey *pk,
				   const struct sig_alg *alg, struct slice data,
				   struct slice signature,
				   struct deed_error *err)
{
	uint8_t hash[SM2_HASH_SIZE];

	if (alg->digest != DIGEST_SM3)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "SM2 over %s is not known",
				      digest_name(alg->digest));
	sm2_hash(pk->bits, data, hash);
	return ecdsa_holds(pk, slice_of(hash, sizeof(hash)), signature)
		       ? DEED_OK
		       : does_not_hold(err);
}

enum deed_status pubkey_verify(const struct pubkey *pk,
			       const struct sig_alg *alg, struct slice data,
			       struct slice signature, struct deed_error *err)
{
	uint8_t hash[DIGEST_MAX];

	if (!sig_scheme_hashes(alg->scheme) && suits(pk, alg->scheme))
		return edwards_holds(pk, data, signature) ? DEED_OK
							  : does_not_hold(err);
	if (alg->scheme == SIG_SM2 && suits(pk, alg->scheme))
		return sm2_verify(pk, alg, data, signature, err);
	if (alg->digest != DIGEST_NONE)
		digest_once(alg->digest, data, hash);
	return pubkey_verify_hash(pk, alg,
				  slice_of(hash, digest_size(alg->digest)),
				  signature, err);
}

/* The RSAPublicKey of an RSA key, under either name. */
static bool rsa_bits(struct slice spki, struct slice *bits)
{
	struct der_reader r, algorithm;
	enum oid name;

	return der_open(spki, DER_SEQUENCE, &r) &&
	       der_enter(&r, DER_SEQUENCE, &algorithm) &&
	       der_get_known_oid(&algorithm, &name) &&
	       (name == OID_RSA || name == OID_RSA_PSS) &&
	       der_get_bits(&r, bits, NULL) && der_at_end(&r);
}

/* DER has one form for two numbers, so that octets are enough. */
bool spki_same_key(struct slice a, struct slice b)
{
	struct slice x, y;

	return slice_equal(a, b) ||
	       (rsa_bits(a, &x) && rsa_bits(b, &y) && slice_equal(x, y));
}

bool spki_key_id(struct slice spki, uint8_t out[KEY_ID_SIZE])
{
	uint8_t digest[SHA256_SIZE];
	struct der_reader r;
	struct slice bits;

	if (!der_open(spki, DER_SEQUENCE, &r) ||
	    !der_get(&r, DER_SEQUENCE, &bits) ||
	    !der_get_bits(&r, &bits, NULL) || !der_at_end(&r))
		return false;
	sha256(bits, digest);
	memcpy(out, digest, KEY_ID_SIZE);
	return true;
}
