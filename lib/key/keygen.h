/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_KEYGEN_H
#define DEED_KEY_KEYGEN_H

#include "base/secret.h"
#include "key/pubkey.h"

/* New private keys, as PKCS#8 PrivateKeyInfo in DER. */
enum key_alg {
	KEY_P256, /* the default */
	KEY_P384,
	KEY_RSA2048,
	KEY_RSA3072,
	KEY_RSA4096,
	KEY_RSA_PSS2048, /* id-RSASSA-PSS: signs by RSA-PSS alone */
	KEY_RSA_PSS3072,
	KEY_RSA_PSS4096,
	KEY_ED25519,
	KEY_ALG_COUNT
};

/* "p256", "p384", "rsa2048", ..., "rsa-pss2048", ..., "ed25519". */
const char *key_alg_name(enum key_alg alg);
bool key_alg_from_name(const char *name, enum key_alg *out);

/* May a deposit key be of this kind (P-256, RSA)? */
bool key_alg_decrypts(enum key_alg alg);

enum deed_status keygen(enum key_alg alg, struct secret **pkcs8,
			struct deed_error *err) DEED_MUST_USE;

#endif
