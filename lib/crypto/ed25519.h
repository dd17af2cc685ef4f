/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_ED25519_H
#define DEED_CRYPTO_ED25519_H

#include "base/slice.h"

/* Ed25519 (RFC 8032) on raw keys, as signed notes use it.  Keys inside
 * certificates and key files go through key/signing_key.h. */
#define ED25519_SEED 32
#define ED25519_PUBLIC 32
#define ED25519_SIGNATURE 64

void ed25519_public(const uint8_t seed[ED25519_SEED],
		    uint8_t out[ED25519_PUBLIC]);
void ed25519_sign(const uint8_t seed[ED25519_SEED], struct slice message,
		  uint8_t signature[ED25519_SIGNATURE]);
bool ed25519_verify(const uint8_t public_key[ED25519_PUBLIC],
		    struct slice message,
		    const uint8_t signature[ED25519_SIGNATURE]);

#endif
