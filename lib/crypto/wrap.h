/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_WRAP_H
#define DEED_CRYPTO_WRAP_H

#include "base/buf.h"
#include "base/secret.h"

/*
 * AES key wrap (RFC 3394) with the default initial value.  kek_len is 16, 24
 * or 32 octets; the key is 16 to WRAP_MAX octets, a multiple of 8, and the
 * wrapped form 8 octets longer.
 */
#define WRAP_MAX 512

enum deed_status wrap_key(const uint8_t *kek, size_t kek_len, struct slice key,
			  struct buf *out,
			  struct deed_error *err) DEED_MUST_USE;

/* DEED_DAMAGED where the check value does not come out (wrong KEK too);
 * DEED_MALFORMED for a length that cannot be. */
enum deed_status unwrap_key(const uint8_t *kek, size_t kek_len,
			    struct slice wrapped, struct secret **out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
