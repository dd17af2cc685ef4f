/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PKCS12_H
#define DEED_KEY_PKCS12_H

#include "base/secret.h"
#include "key/cert.h"

/*
 * PKCS#12 (RFC 7292) in and out.  A file is one private key with its
 * certificate and chain.  At most PKCS12_MAX_SIZE octets.
 */
#define PKCS12_MAX_SIZE (1024 * 1024)

/* Does it begin as PKCS#12 does (version 3, then a content info)? */
bool pkcs12_looks_like(struct slice file);

/*
 * *pkcs8 is the key; chain, which the caller initialised, gets its
 * certificate first, where there is one, and then the others; what that binds
 * an RSA key to holds of *pkcs8 too (pkcs8_bind).  A passphrase of no octets
 * opens what was written without one.  DEED_WRONG_PASSPHRASE, DEED_NO_KEY (no
 * key in it), DEED_MALFORMED (cut short, or changed since), DEED_UNSUPPORTED
 * (the message names the algorithm or the curve; or there are several keys),
 * DEED_LIMIT.
 */
enum deed_status pkcs12_import(struct slice file, struct slice passphrase,
			       struct secret **pkcs8, struct cert_list *chain,
			       struct deed_error *err) DEED_MUST_USE;

/* Append DER.  chain: the key's certificate first; may be empty. */
enum deed_status pkcs12_export(const struct secret *pkcs8,
			       const struct cert_list *chain, const char *name,
			       struct slice passphrase, struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
