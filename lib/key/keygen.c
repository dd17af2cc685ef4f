/* SPDX-License-Identifier: Apache-2.0 */
#include "key/keygen.h"

#include <assert.h>

#include "key/gnutls_priv.h"

static const struct {
	const char *name;
	gnutls_pk_algorithm_t pk;
	unsigned bits; /* or the curve, as GnuTLS has it */
	bool decrypts;
} algs[KEY_ALG_COUNT] = {
	[KEY_P256] = { "p256", GNUTLS_PK_ECDSA,
		       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), true },
	[KEY_P384] = { "p384", GNUTLS_PK_ECDSA,
		       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1),
		       false },
	[KEY_RSA2048] = { "rsa2048", GNUTLS_PK_RSA, 2048, true },
	[KEY_RSA3072] = { "rsa3072", GNUTLS_PK_RSA, 3072, true },
	[KEY_RSA4096] = { "rsa4096", GNUTLS_PK_RSA, 4096, true },
	[KEY_RSA_PSS2048] = { "rsa-pss2048", GNUTLS_PK_RSA_PSS, 2048, false },
	[KEY_RSA_PSS3072] = { "rsa-pss3072", GNUTLS_PK_RSA_PSS, 3072, false },
	[KEY_RSA_PSS4096] = { "rsa-pss4096", GNUTLS_PK_RSA_PSS, 4096, false },
	[KEY_ED25519] = { "ed25519", GNUTLS_PK_EDDSA_ED25519,
			  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519),
			  false },
};

const char *key_alg_name(enum key_alg alg)
{
	assert(alg >= 0 && alg < KEY_ALG_COUNT);
	return algs[alg].name;
}

bool key_alg_from_name(const char *name, enum key_alg *out)
{
	int i;

	for (i = 0; i < KEY_ALG_COUNT; i++) {
		if (!strcmp(algs[i].name, name)) {
			*out = (enum key_alg)i;
			return true;
		}
	}
	return false;
}

bool key_alg_decrypts(enum key_alg alg)
{
	assert(alg >= 0 && alg < KEY_ALG_COUNT);
	return algs[alg].decrypts;
}

enum deed_status keygen(enum key_alg alg, struct secret **pkcs8,
			struct deed_error *err)
{
	gnutls_x509_privkey_t key;
	enum deed_status status;

	*pkcs8 = NULL;
	assert(alg >= 0 && alg < KEY_ALG_COUNT);
	if (gnutls_x509_privkey_init(&key) != 0)
		return deed_error_memory(err);
	if (gnutls_x509_privkey_generate(key, algs[alg].pk, algs[alg].bits,
					 0) != 0)
		status = deed_error_set(err, DEED_SYSTEM,
					"cannot make a key of kind '%s'",
					algs[alg].name);
	else
		status = x509_key_export(key, pkcs8, err);
	gnutls_x509_privkey_deinit(key);
	return status;
}
