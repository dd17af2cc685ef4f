/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cipher.h"

#include <assert.h>
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/cbc.h>

#include "base/secret.h"

void rc4(struct slice key, struct slice in, uint8_t *out)
{
	struct arcfour_ctx ctx;

	assert(key.len >= ARCFOUR_MIN_KEY_SIZE &&
	       key.len <= ARCFOUR_MAX_KEY_SIZE);
	arcfour_set_key(&ctx, key.len, key.data);
	arcfour_crypt(&ctx, in.len, out, in.data);
	secret_wipe(&ctx, sizeof(ctx));
}

union aes {
	struct aes128_ctx aes128;
	struct aes256_ctx aes256;
};

void aes_cbc_encrypt(struct slice key, const uint8_t iv[CIPHER_BLOCK],
		     struct slice in, uint8_t *out)
{
	uint8_t chain[CIPHER_BLOCK];
	union aes ctx;

	assert((key.len == 16 || key.len == 32) && in.len % CIPHER_BLOCK == 0);
	memcpy(chain, iv, sizeof(chain));
	if (key.len == 16) {
		aes128_set_encrypt_key(&ctx.aes128, key.data);
		cbc_encrypt(&ctx.aes128, (nettle_cipher_func *)aes128_encrypt,
			    CIPHER_BLOCK, chain, in.len, out, in.data);
	} else {
		aes256_set_encrypt_key(&ctx.aes256, key.data);
		cbc_encrypt(&ctx.aes256, (nettle_cipher_func *)aes256_encrypt,
			    CIPHER_BLOCK, chain, in.len, out, in.data);
	}
	secret_wipe(&ctx, sizeof(ctx));
}

void aes_cbc_decrypt(struct slice key, const uint8_t iv[CIPHER_BLOCK],
		     struct slice in, uint8_t *out)
{
	uint8_t chain[CIPHER_BLOCK];
	union aes ctx;

	assert((key.len == 16 || key.len == 32) && in.len % CIPHER_BLOCK == 0);
	memcpy(chain, iv, sizeof(chain));
	if (key.len == 16) {
		aes128_set_decrypt_key(&ctx.aes128, key.data);
		cbc_decrypt(&ctx.aes128, (nettle_cipher_func *)aes128_decrypt,
			    CIPHER_BLOCK, chain, in.len, out, in.data);
	} else {
		aes256_set_decrypt_key(&ctx.aes256, key.data);
		cbc_decrypt(&ctx.aes256, (nettle_cipher_func *)aes256_decrypt,
			    CIPHER_BLOCK, chain, in.len, out, in.data);
	}
	secret_wipe(&ctx, sizeof(ctx));
}

void aes256_decrypt_block(const uint8_t key[32], const uint8_t in[CIPHER_BLOCK],
			  uint8_t out[CIPHER_BLOCK])
{
	struct aes256_ctx ctx;

	aes256_set_decrypt_key(&ctx, key);
	aes256_decrypt(&ctx, CIPHER_BLOCK, out, in);
	secret_wipe(&ctx, sizeof(ctx));
}
