/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_SIGNING_KEY_H
#define DEED_KEY_SIGNING_KEY_H

#include "base/secret.h"
#include "key/pubkey.h"

/*
 * A private key that signs, wherever it lies: in memory, or on a token
 * (key/token.h).  Open it once, sign as often as needed, from any number of
 * threads.
 */
struct signing_key;

/* From a PKCS#8 PrivateKeyInfo in DER, copied.  DEED_MALFORMED,
 * DEED_UNSUPPORTED. */
enum deed_status signing_key_from_pkcs8(const struct secret *pkcs8,
					struct signing_key **out,
					struct deed_error *err) DEED_MUST_USE;
void signing_key_free(struct signing_key *k);

const struct pubkey *signing_key_public(const struct signing_key *k);

/* Subject public key info, borrowed: what a certificate must carry. */
struct slice signing_key_spki(const struct signing_key *k);

/*
 * The algorithm deed uses with this key: RSA PKCS#1 v1.5 with SHA-256 (the
 * one that every reader knows), RSA-PSS with SHA-256 or what a key named
 * id-RSASSA-PSS is bound to, ECDSA with SHA-256 on P-256, SHA-384 on P-384,
 * SHA-512 on P-521, Ed25519.
 */
void signing_key_default_alg(const struct signing_key *k, struct sig_alg *out);

/* The default for signatures that a certificate with this public key has to
 * verify: RSA-PSS where that binds an RSA key to it, with the digest that it
 * is bound to (RFC 4055 1.2), whatever the private key is called. */
void signing_key_alg_for(const struct signing_key *k,
			 const struct pubkey *certified, struct sig_alg *out);

/*
 * From now on an RSA key's default is RSA-PSS with SHA-256 and a salt of 32
 * octets; before the key is shared between threads.  Others stay as they are.
 */
void signing_key_prefer_pss(struct signing_key *k);

/* The longest signature this key makes, in octets (DER for ECDSA). */
size_t signing_key_max_signature(const struct signing_key *k);

/*
 * Sign data and append the signature to out.  ECDSA is
 * deterministic (RFC 6979) where the back end can do it.  DEED_USAGE if
 * the algorithm does not suit the key; DEED_NO_KEY if the key's holder
 * refuses.
 */
enum deed_status signing_key_sign(const struct signing_key *k,
				  const struct sig_alg *alg, struct slice data,
				  struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
