/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PUBKEY_PRIV_H
#define DEED_KEY_PUBKEY_PRIV_H

#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/ecc.h>

#include "key/curve_gcrypt.h"
#include "key/pubkey.h"

/* The inside of a public key, for the files of key that compute with it. */
struct pubkey {
	enum pubkey_type type;
	enum ec_curve curve;
	unsigned size; /* bits */
	char text[24];
	uint8_t *der;
	struct slice spki; /* all of der */
	struct slice bits; /* of subjectPublicKey */
	struct slice n, e; /* RSA, inside bits */
	bool rsa;	   /* the numbers below are set */
	mpz_t mpz_n, mpz_e;
	bool ec; /* the point below is set */
	struct ecc_point point;
	bool is_dsa; /* the numbers below are set */
	struct dsa_params dsa;
	mpz_t dsa_y;
	struct curve_key *on_curve; /* of a brainpool curve, or SM2 */
	struct sig_alg pss;	    /* bound to; SIG_NONE: to nothing */
};

const struct ecc_curve *pubkey_nettle_curve(enum ec_curve curve);

/* DSA (FIPS 186-4): the key from pk->bits and its parameters; does a
 * signature hold over a hash; forget the numbers. */
enum deed_status dsa_read(struct pubkey *pk, struct der_reader *params,
			  struct deed_error *err) DEED_MUST_USE;
bool dsa_holds(const struct pubkey *pk, struct slice hash,
	       struct slice signature);
void dsa_forget(struct pubkey *pk);

/* RSA-PSS (RFC 4055 1.2): what the key's parameters bind it to; does a
 * signature's algorithm fit?  DEED_BAD_SIGNATURE, which says what does not. */
enum deed_status pss_read(struct pubkey *pk, struct der_reader *params,
			  struct deed_error *err) DEED_MUST_USE;
enum deed_status pss_check(const struct pubkey *pk, const struct sig_alg *alg,
			   struct deed_error *err) DEED_MUST_USE;

/* Octets of a coordinate. */
size_t pubkey_curve_octets(enum ec_curve curve);
enum ec_curve pubkey_curve_from_oid(enum oid oid);

struct nettle_hash;

/* Of crypto/digest.c, for Nettle's own constructions over a hash. */
const struct nettle_hash *digest_nettle(enum digest_alg alg);

#endif
