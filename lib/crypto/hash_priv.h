/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_HASH_PRIV_H
#define DEED_CRYPTO_HASH_PRIV_H

#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>
#include <nettle/sm3.h>

#include "base/secret.h"
#include "crypto/digest.h"

/*
 * Nettle's hashes on the stack, for short inputs and for the constructions
 * over a digest; private to crypto.
 */
union hash_context {
	struct md5_ctx md5;
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	struct sha512_ctx sha512;
	struct sha3_224_ctx sha3_224;
	struct sha3_256_ctx sha3_256;
	struct sha3_384_ctx sha3_384;
	struct sha3_512_ctx sha3_512;
	struct sm3_ctx sm3;
};

const struct nettle_hash *digest_nettle(enum digest_alg alg);

/* By the faster library; false where it is not loaded or not to be had. */
bool digest_bulk_sha256(const struct slice *parts, size_t count,
			uint8_t out[SHA256_SIZE]);

#endif
