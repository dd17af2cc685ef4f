/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/hex.h"
#include "crypto/argon2.h"
#include "crypto/random.h"

/*
 * A new passphrase by one pass of Argon2id, the least that a reader accepts,
 * instead of the three that deed makes: for keys that tests open thousands of
 * times.  The linker puts this in the place of argon2_new.
 */
enum deed_status __wrap_argon2_new(unsigned target_ms, struct slice passphrase,
				   struct argon2_params *params,
				   struct secret **out, struct deed_error *err);

enum deed_status __wrap_argon2_new(unsigned target_ms, struct slice passphrase,
				   struct argon2_params *params,
				   struct secret **out, struct deed_error *err)
{
	uint8_t salt[ARGON2_SALT / 2];
	enum deed_status status;

	(void)target_ms;
	*out = NULL;
	*params = (struct argon2_params){ .memory = ARGON2_LEAST_MEMORY,
					  .passes = 1,
					  .lanes = 1 };
	status = random_bytes(salt, sizeof(salt), err);
	if (status != DEED_OK)
		return status;
	hex_text(slice_of(salt, sizeof(salt)), params->salt);
	return argon2_derive(params, passphrase, out, err);
}
