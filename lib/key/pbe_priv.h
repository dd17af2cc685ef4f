/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_PBE_PRIV_H
#define DEED_KEY_PBE_PRIV_H

#include <gnutls/crypto.h>

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

/* What an AlgorithmIdentifier says, as far as it is known; borrowed. */
struct pbe {
	bool pbes2;
	gnutls_mac_algorithm_t prf;
	gnutls_cipher_algorithm_t cipher;
	struct slice salt, iv;
	uint64_t iterations;
};

/* May the count of iterations be computed?  algorithm is a whole
 * AlgorithmIdentifier, of encryption or PBMAC1; one that is not known is fine
 * here.  DEED_LIMIT. */
enum deed_status pbe_check(struct slice algorithm,
			   struct deed_error *err) DEED_MUST_USE;

/* The same of an EncryptedPrivateKeyInfo. */
enum deed_status pbe_check_key(struct slice key,
			       struct deed_error *err) DEED_MUST_USE;

/* How an EncryptedPrivateKeyInfo is encrypted, and its octets, borrowed; false
 * where it is none.  The members tell whether it can be opened. */
bool pbe_read_key(struct slice key, struct pbe *p, struct slice *data);

/* Is this what a passphrase should open?  A wrong one gives other octets. */
bool pbe_is_private_key(struct slice der);

/*
 * The PrivateKeyInfo in an EncryptedPrivateKeyInfo (both DER); passphrase is
 * UTF-8 and ends with a NUL.  False where the passphrase is wrong, or the
 * scheme is not one of the two.
 */
bool pbe_decrypt_key(struct slice key, const char *passphrase,
		     struct secret **out);

#endif
