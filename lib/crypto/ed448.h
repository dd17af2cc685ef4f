/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_ED448_H
#define DEED_CRYPTO_ED448_H

#include "base/slice.h"

/* Ed448 (RFC 8032 5.2) on raw keys, to judge what others signed; deed makes
 * no such signatures. */
#define ED448_PUBLIC 57
#define ED448_SIGNATURE 114

bool ed448_verify(const uint8_t public_key[ED448_PUBLIC], struct slice message,
		  const uint8_t signature[ED448_SIGNATURE]);

#endif
