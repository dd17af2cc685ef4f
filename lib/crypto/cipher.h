/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_CIPHER_H
#define DEED_CRYPTO_CIPHER_H

#include "base/slice.h"

/*
 * Bare ciphers, for formats of others that are built on them (encrypted PDF).
 * None of them tells whether what it decrypts was changed.  Nothing that deed
 * designs uses them: see crypto/aead.h.
 */
#define CIPHER_BLOCK 16

/* RC4; key of 1 to 256 octets.  out may be in.data. */
void rc4(struct slice key, struct slice in, uint8_t *out);

/* AES in CBC mode without padding; key of 16 or 32 octets, in.len a multiple
 * of CIPHER_BLOCK.  out may be in.data. */
void aes_cbc_encrypt(struct slice key, const uint8_t iv[CIPHER_BLOCK],
		     struct slice in, uint8_t *out);
void aes_cbc_decrypt(struct slice key, const uint8_t iv[CIPHER_BLOCK],
		     struct slice in, uint8_t *out);

/* One block of AES-256. */
void aes256_decrypt_block(const uint8_t key[32], const uint8_t in[CIPHER_BLOCK],
			  uint8_t out[CIPHER_BLOCK]);

#endif
