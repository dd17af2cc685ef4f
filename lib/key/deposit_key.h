/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_DEPOSIT_KEY_H
#define DEED_KEY_DEPOSIT_KEY_H

#include "base/secret.h"
#include "key/pubkey.h"

/*
 * A private key that decrypts: RSA (OAEP, RFC 8017 7.1) or EC P-256 (ECDH,
 * SEC 1 3.3.1, without cofactor).  It never signs.  Any number of threads
 * may use one.  Decryption takes the same time whether padding is right or
 * wrong.
 */
struct deposit_key;

/* From PKCS#8 DER, copied.  DEED_UNSUPPORTED for other kinds of key. */
enum deed_status deposit_key_from_pkcs8(const struct secret *pkcs8,
					struct deposit_key **out,
					struct deed_error *err) DEED_MUST_USE;
void deposit_key_free(struct deposit_key *k);

const struct pubkey *deposit_key_public(const struct deposit_key *k);

/* The identifier that deed's certificates carry for this key. */
const uint8_t *deposit_key_id(const struct deposit_key *k);

/* RSA-OAEP, MGF1 and label hash with the same digest, empty label.
 * DEED_NOT_RECIPIENT where it does not open; DEED_USAGE for an EC key. */
enum deed_status deposit_key_oaep(const struct deposit_key *k,
				  enum digest_alg digest,
				  struct slice ciphertext, struct secret **out,
				  struct deed_error *err) DEED_MUST_USE;

/* ECDH with the sender's point (04 X Y, checked): *out is the 32-octet x
 * coordinate.  DEED_NOT_RECIPIENT for a bad point; DEED_USAGE for RSA. */
enum deed_status deposit_key_agree(const struct deposit_key *k,
				   struct slice point, struct secret **out,
				   struct deed_error *err) DEED_MUST_USE;

/* The sender's side: encrypt to a public key (digest as above). */
enum deed_status pubkey_oaep(const struct pubkey *pk, enum digest_alg digest,
			     struct slice plaintext, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* A fresh ephemeral P-256 key agreed with pk: its point (65 octets) is
 * appended, *z is the shared x coordinate. */
enum deed_status pubkey_agree(const struct pubkey *pk, struct buf *point,
			      struct secret **z,
			      struct deed_error *err) DEED_MUST_USE;

#endif
