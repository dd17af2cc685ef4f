/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_ARGON2_H
#define DEED_CRYPTO_ARGON2_H

#include "base/secret.h"

/*
 * Keys from passphrases: Argon2id version 1.3 (RFC 9106).  The derivation
 * runs in a forked child that sends back 32 octets, so that its memory never
 * counts to this process and is gone at once.  Call it from the main thread,
 * or where forking is safe.
 *
 * The salt is text: 16 random octets in lower-case hexadecimal, and these
 * characters themselves are the salt, so that argon2(1), which takes it as an
 * argument, comes to the same key.
 */
#define ARGON2_KEY 32
#define ARGON2_SALT 32

/* What a file may ask for: more is DEED_LIMIT, less DEED_MALFORMED. */
#define ARGON2_LEAST_MEMORY 65536  /* KiB: 64 MiB */
#define ARGON2_MOST_MEMORY 2097152 /* KiB: 2 GiB */
#define ARGON2_MOST_PASSES 64
#define ARGON2_MOST_LANES 16

struct argon2_params {
	uint32_t memory; /* KiB */
	uint32_t passes;
	uint32_t lanes;
	char salt[ARGON2_SALT + 1]; /* hexadecimal digits, as they are */
};

/* *out is ARGON2_KEY octets. */
enum deed_status argon2_derive(const struct argon2_params *params,
			       struct slice passphrase, struct secret **out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * For a new passphrase: *params with a fresh salt, one lane, at least
 * ARGON2_LEAST_MEMORY and as many passes (at least 3) as take about target_ms
 * on this machine, measured once a process, and in *out the key they give.  0
 * asks for the least.
 */
enum deed_status argon2_new(unsigned target_ms, struct slice passphrase,
			    struct argon2_params *params, struct secret **out,
			    struct deed_error *err) DEED_MUST_USE;

/* How many passes, 3 to ARGON2_MOST_PASSES, of pass_ms take target_ms. */
unsigned argon2_passes(unsigned target_ms, int64_t pass_ms);

#endif
