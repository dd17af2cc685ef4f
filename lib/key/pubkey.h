/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PUBKEY_H
#define DEED_KEY_PUBKEY_H

#include "key/sig_alg.h"

/*
 * Public keys from SubjectPublicKeyInfo (RFC 5280 4.1.2.7): RSA of 1024 to
 * 16384 bits, EC on P-256, P-384 and P-521 (uncompressed points, checked to
 * lie on the curve), Ed25519; and, for what others signed, Ed448, DSA with
 * parameters of its own, brainpool curves and SM2 (key/curve_gcrypt.h).
 * Immutable; any number of threads may use one.
 */
enum pubkey_type {
	PUBKEY_RSA,
	PUBKEY_RSA_PSS, /* id-RSASSA-PSS: RSA-PSS only; see pubkey_pss */
	PUBKEY_EC,
	PUBKEY_ED25519,
	PUBKEY_ED448, /* verifies; deed has no such keys */
	PUBKEY_DSA,   /* verifies; deed has no such keys */
	/* EC on brainpoolP256r1, P384r1, P512r1: the same. */
	PUBKEY_BRAINPOOL,
	PUBKEY_SM2, /* the same */
};

enum ec_curve { EC_NONE, EC_P256, EC_P384, EC_P521 };

struct pubkey;

/* Copies the SPKI.  DEED_MALFORMED, or DEED_UNSUPPORTED for an algorithm or
 * curve that deed does not know; the message says what is wrong, or names
 * it, by its object identifier too. */
enum deed_status pubkey_from_spki(struct slice spki, struct pubkey **out,
				  struct deed_error *err) DEED_MUST_USE;
void pubkey_free(struct pubkey *pk);

/* Is it of a kind that only others have: nothing is signed with it? */
bool pubkey_verifies_only(const struct pubkey *pk);

enum pubkey_type pubkey_type(const struct pubkey *pk);
enum ec_curve pubkey_curve(const struct pubkey *pk); /* EC_NONE unless
						       PUBKEY_EC */
unsigned pubkey_bits(const struct pubkey *pk);

/* "RSA 2048", "EC P-256", "Ed25519", "Ed448", "EC brainpoolP256r1", "SM2";
 * static storage or the key's. */
const char *pubkey_text(const struct pubkey *pk);

/*
 * Is the key bound to one form of RSA-PSS, by the parameters beside the name
 * id-RSASSA-PSS (RFC 4055 1.2)?  Then *out has its digest and mask, and the
 * least salt that a signature may have; it verifies no others.
 */
bool pubkey_pss(const struct pubkey *pk, struct sig_alg *out);

/*
 * Are two SubjectPublicKeyInfo of one key?  An RSA key may stand in the one as
 * rsaEncryption, as private keys and tokens tell theirs, and as id-RSASSA-PSS
 * in the other, its certificate's: it is the same key, and what the certificate
 * binds it to holds (signing_key_alg_for).
 */
bool spki_same_key(struct slice a, struct slice b);

/* The whole SubjectPublicKeyInfo; borrowed. */
struct slice pubkey_spki(const struct pubkey *pk);

/*
 * Does signature hold over data (which is hashed here), or over a hash that
 * was made before?  DEED_OK: it holds.  DEED_BAD_SIGNATURE: it does not, or
 * the algorithm does not suit the key.  DEED_UNSUPPORTED: cannot be told.
 * Ed25519, Ed448 and SM2 take data only (with a hash: DEED_UNSUPPORTED).
 */
enum deed_status pubkey_verify(const struct pubkey *pk,
			       const struct sig_alg *alg, struct slice data,
			       struct slice signature,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status pubkey_verify_hash(const struct pubkey *pk,
				    const struct sig_alg *alg,
				    struct slice hash, struct slice signature,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Which digest does an RSASSA-PKCS1-v1_5 signature say that it is over, where
 * nothing else says it: the algorithm in its DigestInfo, DIGEST_NONE for one
 * that deed does not know.  False where there is none, or the key is not of
 * RSA.  Nothing is verified.
 */
bool pubkey_pkcs1_digest(const struct pubkey *pk, struct slice signature,
			 enum digest_alg *out);

/*
 * Key identifier of an SPKI, as deed's certificates carry it: the leftmost
 * 160 bits of the SHA-256 of the subjectPublicKey (RFC 7093 2, method 1).
 * False if it is no SPKI.
 */
#define KEY_ID_SIZE 20
bool spki_key_id(struct slice spki, uint8_t out[KEY_ID_SIZE]);

#endif
