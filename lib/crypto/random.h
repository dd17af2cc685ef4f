/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_RANDOM_H
#define DEED_CRYPTO_RANDOM_H

#include "base/secret.h"

/* The kernel's random octets (getrandom), for keys, salts and nonces. */
enum deed_status random_bytes(void *out, size_t len,
			      struct deed_error *err) DEED_MUST_USE;

/* A new secret of len random octets. */
enum deed_status random_secret(size_t len, struct secret **out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
