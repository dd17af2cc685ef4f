/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_AEAD_H
#define DEED_CRYPTO_AEAD_H

#include "base/secret.h"

/*
 * AES-256-GCM (NIST SP 800-38D): 32-octet key, 12-octet nonce, 16-octet tag.
 * One key must never see the same nonce twice.  A context belongs to one
 * thread.
 */
#define AEAD_KEY 32
#define AEAD_NONCE 12
#define AEAD_TAG 16

/*
 * In one call.  out has room for in.len octets and may be in.data itself.
 * aead_open writes nothing that may be used before it has answered DEED_OK;
 * DEED_DAMAGED where the tag does not fit (out is then wiped).
 */
enum deed_status aead_seal(const uint8_t key[AEAD_KEY],
			   const uint8_t nonce[AEAD_NONCE], struct slice aad,
			   struct slice in, uint8_t *out, uint8_t tag[AEAD_TAG],
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status aead_open(const uint8_t key[AEAD_KEY],
			   const uint8_t nonce[AEAD_NONCE], struct slice aad,
			   struct slice in, const uint8_t tag[AEAD_TAG],
			   uint8_t *out, struct deed_error *err) DEED_MUST_USE;

/*
 * In pieces.  All pieces but the last are multiples of 16 octets.  Plain
 * text from aead_update of a decryption is not to be trusted before
 * aead_check has answered DEED_OK.
 */
struct aead;

enum deed_status aead_new(const uint8_t key[AEAD_KEY],
			  const uint8_t nonce[AEAD_NONCE], bool encrypt,
			  struct slice aad, struct aead **out,
			  struct deed_error *err) DEED_MUST_USE;
enum deed_status aead_update(struct aead *a, struct slice in, uint8_t *out,
			     struct deed_error *err) DEED_MUST_USE;

/* After the last piece: take the tag. */
void aead_tag(struct aead *a, uint8_t tag[AEAD_TAG]);
void aead_free(struct aead *a);

#endif
