/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PKCS12_SHAPE_H
#define DEED_KEY_PKCS12_SHAPE_H

#include "codec/der.h"

/*
 * What a PKCS#12 file (RFC 7292) says of itself without a passphrase, so that
 * a failure of the library that opens it can be told truly: whole or cut
 * short, how it is protected, how often the passphrase is hashed, and the
 * private key where it lies open to be tried.  Depth and count are limited,
 * time is linear in the file.
 */
struct pkcs12_shape {
	bool has_mac;
	char mac[64];	/* its algorithm, in words */
	struct buf key; /* the first shrouded key, DER; empty if none is seen */
};

/*
 * DEED_MALFORMED (cut short, followed by other bytes, damaged),
 * DEED_UNSUPPORTED (under public keys, or with an unknown MAC), DEED_LIMIT
 * (too many iterations).  out is to be cleared in each case.
 */
enum deed_status pkcs12_shape_read(struct slice file, struct pkcs12_shape *out,
				   struct deed_error *err) DEED_MUST_USE;
void pkcs12_shape_clear(struct pkcs12_shape *s);

#endif
