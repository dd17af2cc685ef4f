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

/* Does it look like PKCS#12 (DER with version 3 and a content info)? */
bool pkcs12_looks_like(struct slice file);

/*
 * *pkcs8 is the first key; chain, which the caller initialised, gets its
 * certificate first and then the others.  DEED_WRONG_PASSPHRASE (the MAC
 * does not fit), DEED_NO_KEY (no key in it), DEED_MALFORMED, DEED_UNSUPPORTED.
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
