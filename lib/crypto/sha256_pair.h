/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_SHA256_PAIR_H
#define DEED_CRYPTO_SHA256_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The compression function of SHA-256 (FIPS 180-4 6.2.2) over two messages at
 * once, by the SHA instructions of x86: each of them waits for the one before,
 * so that two messages take hardly longer than one.  Nettle, which takes one
 * at a time, has the rest of the function; private to crypto.
 */

/* Has this processor the instructions?  Else sha256_pair must not be called. */
bool sha256_pair_known(void);

/* As many blocks of 64 bytes of each message, into its state. */
void sha256_pair(uint32_t state_a[8], uint32_t state_b[8], const uint8_t *a,
		 const uint8_t *b, size_t blocks);

#endif
