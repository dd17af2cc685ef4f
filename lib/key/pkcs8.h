/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PKCS8_H
#define DEED_KEY_PKCS8_H

#include "base/secret.h"
#include "key/pubkey.h"

/*
 * PKCS#8 (RFC 5208, 5958) in and out.  Inside deed a private key is always
 * an unencrypted PrivateKeyInfo in DER inside a struct secret.
 */

/* Is the file an encrypted key, so that import needs a passphrase? */
bool pkcs8_is_encrypted(struct slice file);

/*
 * Read PEM or DER: PrivateKeyInfo, EncryptedPrivateKeyInfo, and the older
 * RSAPrivateKey and ECPrivateKey.  passphrase is SLICE_NONE if there is
 * none.  DEED_NO_PASSPHRASE, DEED_WRONG_PASSPHRASE, DEED_MALFORMED,
 * DEED_UNSUPPORTED.
 */
enum deed_status pkcs8_import(struct slice file, struct slice passphrase,
			      struct secret **out,
			      struct deed_error *err) DEED_MUST_USE;

/* Append PEM "ENCRYPTED PRIVATE KEY" (PBES2, PBKDF2 with HMAC-SHA-256,
 * AES-256-CBC). */
enum deed_status pkcs8_export(const struct secret *pkcs8,
			      struct slice passphrase, struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Append the SubjectPublicKeyInfo that belongs to a private key. */
enum deed_status pkcs8_spki(const struct secret *pkcs8, struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * An RSA key whose certificate says id-RSASSA-PSS gets that name, with what it
 * is bound to: it signs nothing else from now on, and its public key is the
 * certificate's, octet by octet.  spki is of the same key; whatever else it is,
 * nothing is done.  DEED_UNSUPPORTED where deed does not sign so.
 */
enum deed_status pkcs8_bind(struct secret **pkcs8, struct slice spki,
			    struct deed_error *err) DEED_MUST_USE;

#endif
