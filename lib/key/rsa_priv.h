/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_RSA_PRIV_H
#define DEED_KEY_RSA_PRIV_H

#include <gmp.h>

#include "base/secret.h"
#include "crypto/digest.h"

/* Numbers and paddings of RSA, over GMP; private to key. */

#define RSA_OCTETS_MAX 2048 /* a modulus of 16384 bits */

void rsa_import(mpz_t out, struct slice bytes);

/* value as len octets, big-endian; false if it needs more.  The time does not
 * depend on leading zeros. */
bool rsa_export(const mpz_t value, uint8_t *out, size_t len);

/* mpz_clear, after wiping. */
void rsa_wipe(mpz_t value);

/*
 * EMSA-PKCS1-v1_5 (RFC 8017 9.2) of a hash, in len octets; false if len is
 * too small.
 */
bool rsa_pkcs1_encode_hash(enum digest_alg alg, struct slice hash, uint8_t *out,
			   size_t len);

/*
 * EMSA-PSS-VERIFY (RFC 8017 9.1.2) with MGF1 over a digest of its own: is em
 * the encoding of hash, of a modulus of that many bits?  em has the octets of
 * bits - 1 and is written to.
 */
bool rsa_pss_verify(enum digest_alg alg, enum digest_alg mgf1, size_t salt_len,
		    struct slice hash, uint8_t *em, unsigned bits);

/*
 * EME-OAEP (RFC 8017 7.1.1) with an empty label: em has len octets and gets
 * the encoded message; seed has digest_size octets.  False if it is too long.
 */
bool rsa_oaep_encode(enum digest_alg alg, struct slice message,
		     const uint8_t *seed, uint8_t *em, size_t len);

/*
 * The reverse, in place and in constant time: *at is where the message begins
 * in em, which ends with it.
 */
bool rsa_oaep_decode(enum digest_alg alg, uint8_t *em, size_t len, size_t *at);

#endif
