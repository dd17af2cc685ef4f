/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_HMAC_H
#define DEED_CRYPTO_HMAC_H

#include "crypto/digest.h"

/* HMAC (RFC 2104) with SHA-256 or SHA-512; out has room for the digest. */
void hmac(enum digest_alg alg, struct slice key, struct slice data,
	  uint8_t *out);

/* The same over count pieces one after another. */
void hmac_parts(enum digest_alg alg, struct slice key,
		const struct slice *parts, size_t count, uint8_t *out);

#endif
