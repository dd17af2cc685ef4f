/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PBE_PRIV_H
#define DEED_KEY_PBE_PRIV_H

#include "base/secret.h"
#include "codec/der.h"

/*
 * Encryption by passphrase in key files of others: PBES2 with PBKDF2
 * (RFC 8018 6.2) and pbeWithSHA1And3-KeyTripleDES-CBC (RFC 7292 appendix C).
 * GnuTLS opens these and some more, but calls a passphrase wrong where the
 * key that it found is of a kind that it does not know; this tells the two
 * apart.  Private to key.
 */

/* More would keep a machine busy for minutes; programs take thousands. */
#define PBE_MAX_ITERATIONS 10000000

/* May the count of iterations be computed?  algorithm is a whole
 * AlgorithmIdentifier, of encryption or PBMAC1; one that is not known is fine
 * here.  DEED_LIMIT. */
enum deed_status pbe_check(struct slice algorithm,
			   struct deed_error *err) DEED_MUST_USE;

/* The same of an EncryptedPrivateKeyInfo. */
enum deed_status pbe_check_key(struct slice key,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * The PrivateKeyInfo in an EncryptedPrivateKeyInfo (both DER); passphrase is
 * UTF-8 and ends with a NUL.  False where the passphrase is wrong, or the
 * scheme is not one of the two.
 */
bool pbe_decrypt_key(struct slice key, const char *passphrase,
		     struct secret **out);

#endif
