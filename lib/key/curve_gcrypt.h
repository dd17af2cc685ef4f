/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_CURVE_GCRYPT_H
#define DEED_KEY_CURVE_GCRYPT_H

#include "codec/oid.h"

/*
 * Public keys on curves that Nettle lacks: brainpoolP256r1, P384r1, P512r1
 * (RFC 5639) and SM2 (GB/T 32918).  They verify, and do nothing else.
 * libgcrypt computes; it is loaded at the first such key of the process and
 * stays.  Keys are immutable; any number of threads may use one.
 */
struct curve_key;

/* Is it such a curve?  Nothing is loaded. */
bool curve_known(enum oid curve);

/* Octets of a coordinate; "EC brainpoolP256r1", "SM2". */
size_t curve_octets(enum oid curve);
const char *curve_text(enum oid curve);

/*
 * The key of point, which is 04 X Y of the curve's size and not kept.
 * DEED_MALFORMED: it is not on the curve.  DEED_UNSUPPORTED: the library is
 * not there; the message has the curve's name.
 */
enum deed_status curve_key_new(enum oid curve, struct slice point,
			       struct curve_key **out,
			       struct deed_error *err) DEED_MUST_USE;
void curve_key_free(struct curve_key *key);

/* Does the signature (r, s), unsigned big-endian, hold over a hash (of ECDSA,
 * or of SM2 the value e)? */
bool curve_holds(const struct curve_key *key, struct slice hash, struct slice r,
		 struct slice s);

/*
 * What SM2 signs of data: e is SM3(Z data), where Z binds the signer's
 * public key and identifier to it (GB/T 32918.2 5.5), here the usual one,
 * 1234567812345678 (GM/T 0009 10).
 */
#define SM2_HASH_SIZE 32
void sm2_hash(struct slice point, struct slice data,
	      uint8_t out[SM2_HASH_SIZE]);

#endif
