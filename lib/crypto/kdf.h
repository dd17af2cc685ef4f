/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_KDF_H
#define DEED_CRYPTO_KDF_H

#include "base/secret.h"
#include "crypto/digest.h"

/*
 * Key derivation from secrets that are already strong; for passphrases see
 * crypto/argon2.h.  alg is SHA-256, SHA-384 or SHA-512, and SHA-1 for x963
 * only (what others wrote).
 */

/* HKDF (RFC 5869), extract and expand.  len is at most 255 digests. */
void hkdf(enum digest_alg alg, struct slice ikm, struct slice salt,
	  struct slice info, uint8_t *out, size_t len);

/* The KDF of ANSI X9.63 (SEC 1, 3.6.1): as CMS key agreement uses it. */
void x963_kdf(enum digest_alg alg, struct slice z, struct slice shared_info,
	      uint8_t *out, size_t len);

#endif
