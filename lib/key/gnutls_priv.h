/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_GNUTLS_PRIV_H
#define DEED_KEY_GNUTLS_PRIV_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "base/buf.h"
#include "base/secret.h"

/* What the files of key that stand on GnuTLS share; private to key. */

static inline gnutls_datum_t datum(struct slice s)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.data,
				 (unsigned)s.len };
}

/* An unencrypted PrivateKeyInfo in DER to GnuTLS's key (the caller deinits
 * it).  DEED_MALFORMED, DEED_UNSUPPORTED. */
enum deed_status x509_key_import(const struct secret *pkcs8,
				 gnutls_x509_privkey_t *out,
				 struct deed_error *err) DEED_MUST_USE;

/* The reverse. */
enum deed_status x509_key_export(gnutls_x509_privkey_t key,
				 struct secret **pkcs8,
				 struct deed_error *err) DEED_MUST_USE;

/* Passphrases go to GnuTLS as C strings: a secret that ends with a NUL.
 * DEED_USAGE for one that holds a NUL. */
enum deed_status passphrase_string(struct slice passphrase, struct secret **out,
				   struct deed_error *err) DEED_MUST_USE;

/* An unencrypted EC private key, whose public half is missing, as a whole
 * PKCS#8; false if the file (PEM or DER) is none. */
bool pkcs8_complete_ec(struct slice file, struct secret **out);

/* Append the SubjectPublicKeyInfo of a private key that is named
 * id-RSASSA-PSS, with its parameters as they are; false for others. */
bool pkcs8_pss_spki(const struct secret *pkcs8, struct buf *out);

/*
 * Is the private key (PrivateKeyInfo or ECPrivateKey in DER) of a kind that
 * deed cannot use?  DEED_UNSUPPORTED, naming it; DEED_OK also for what is
 * no private key.
 */
enum deed_status private_key_kind(struct slice der,
				  struct deed_error *err) DEED_MUST_USE;

/* What is a file that is no private key?  DEED_MALFORMED, in words. */
enum deed_status not_a_key(struct slice file,
			   struct deed_error *err) DEED_MUST_USE;

/* Does fn take one of the unencrypted private keys of a file (PEM or DER)? */
typedef bool private_der_fn(struct slice der, void *context);
bool private_der_any(struct slice file, private_der_fn *fn, void *context);

#endif
