/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ed25519.h"

#include <nettle/eddsa.h>

void ed25519_public(const uint8_t seed[ED25519_SEED],
		    uint8_t out[ED25519_PUBLIC])
{
	ed25519_sha512_public_key(out, seed);
}

void ed25519_sign(const uint8_t seed[ED25519_SEED], struct slice message,
		  uint8_t signature[ED25519_SIGNATURE])
{
	uint8_t pub[ED25519_PUBLIC];

	ed25519_sha512_public_key(pub, seed);
	ed25519_sha512_sign(pub, seed, message.len, message.data, signature);
}

bool ed25519_verify(const uint8_t public_key[ED25519_PUBLIC],
		    struct slice message,
		    const uint8_t signature[ED25519_SIGNATURE])
{
	return ed25519_sha512_verify(public_key, message.len, message.data,
				     signature) != 0;
}
