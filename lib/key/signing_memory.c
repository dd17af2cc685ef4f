/* SPDX-License-Identifier: Apache-2.0 */
#include "key/signing_key_priv.h"

#include <stdlib.h>

#include "key/gnutls_priv.h"
#include "key/pkcs8.h"

/* The back end of keys in memory: GnuTLS. */

static gnutls_sign_algorithm_t rsa_algorithm(enum digest_alg digest)
{
	switch (digest) {
	case DIGEST_SHA256:
		return GNUTLS_SIGN_RSA_SHA256;
	case DIGEST_SHA384:
		return GNUTLS_SIGN_RSA_SHA384;
	case DIGEST_SHA512:
		return GNUTLS_SIGN_RSA_SHA512;
	default:
		return GNUTLS_SIGN_UNKNOWN;
	}
}

static gnutls_sign_algorithm_t pss_algorithm(enum digest_alg digest)
{
	switch (digest) {
	case DIGEST_SHA256:
		return GNUTLS_SIGN_RSA_PSS_SHA256;
	case DIGEST_SHA384:
		return GNUTLS_SIGN_RSA_PSS_SHA384;
	case DIGEST_SHA512:
		return GNUTLS_SIGN_RSA_PSS_SHA512;
	default:
		return GNUTLS_SIGN_UNKNOWN;
	}
}

static gnutls_sign_algorithm_t ecdsa_algorithm(enum digest_alg digest)
{
	switch (digest) {
	case DIGEST_SHA256:
		return GNUTLS_SIGN_ECDSA_SHA256;
	case DIGEST_SHA384:
		return GNUTLS_SIGN_ECDSA_SHA384;
	case DIGEST_SHA512:
		return GNUTLS_SIGN_ECDSA_SHA512;
	default:
		return GNUTLS_SIGN_UNKNOWN;
	}
}

static gnutls_sign_algorithm_t gnutls_algorithm(const struct sig_alg *alg)
{
	switch (alg->scheme) {
	case SIG_RSA:
		return rsa_algorithm(alg->digest);
	case SIG_RSA_PSS:
		/* GnuTLS signs with a salt of the digest's length only. */
		return alg->salt_len == digest_size(alg->digest)
			       ? pss_algorithm(alg->digest)
			       : GNUTLS_SIGN_UNKNOWN;
	case SIG_ECDSA:
		return ecdsa_algorithm(alg->digest);
	case SIG_ED25519:
		return GNUTLS_SIGN_EDDSA_ED25519;
	case SIG_DSA:
	case SIG_NONE:
		break;
	}
	return GNUTLS_SIGN_UNKNOWN;
}

static enum deed_status memory_sign(const void *state,
				    const struct sig_alg *alg, bool hash,
				    struct slice in, struct buf *out,
				    struct deed_error *err)
{
	/* GnuTLS takes it without const and does not change it. */
	gnutls_privkey_t key = (gnutls_privkey_t)(uintptr_t)state;
	gnutls_sign_algorithm_t algorithm = gnutls_algorithm(alg);
	gnutls_datum_t data = datum(in), signature = { NULL, 0 };
	unsigned flags = 0;
	int ret;

	if (algorithm == GNUTLS_SIGN_UNKNOWN)
		return deed_error_set(
			err, DEED_USAGE, "deed does not sign with %s and '%s'",
			sig_scheme_name(alg->scheme), digest_name(alg->digest));
	/* RFC 6979.  Never with RSA-PSS: the salt would be empty. */
	if (alg->scheme == SIG_ECDSA)
		flags = GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE;
	ret = hash ? gnutls_privkey_sign_hash2(key, algorithm, flags, &data,
					       &signature)
		   : gnutls_privkey_sign_data2(key, algorithm, flags, &data,
					       &signature);
	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	if (ret != 0)
		return deed_error_set(err, DEED_NO_KEY,
				      "the private key does not sign");
	buf_append(out, signature.data, signature.size);
	gnutls_free(signature.data);
	return buf_status(out, err);
}

static void memory_close(void *state)
{
	gnutls_privkey_deinit(state);
}

static const struct signing_backend memory_backend = { memory_sign,
						       memory_close };

static enum deed_status import(const struct secret *pkcs8,
			       gnutls_privkey_t *out, struct deed_error *err)
{
	gnutls_x509_privkey_t key;
	enum deed_status status;

	*out = NULL;
	status = x509_key_import(pkcs8, &key, err);
	if (status != DEED_OK)
		return status;
	if (gnutls_privkey_init(out) != 0) {
		gnutls_x509_privkey_deinit(key);
		*out = NULL;
		return deed_error_memory(err);
	}
	if (gnutls_privkey_import_x509(*out, key,
				       GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) == 0)
		return DEED_OK;
	gnutls_x509_privkey_deinit(key);
	gnutls_privkey_deinit(*out);
	*out = NULL;
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "this kind of private key does not sign");
}

enum deed_status signing_key_from_pkcs8(const struct secret *pkcs8,
					struct signing_key **out,
					struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	gnutls_privkey_t key;
	enum deed_status status;

	*out = NULL;
	status = import(pkcs8, &key, err);
	if (status != DEED_OK)
		return status;
	status = pkcs8_spki(pkcs8, &spki, err);
	if (status == DEED_OK)
		status = signing_key_wrap(&memory_backend, key, buf_get(&spki),
					  out, err);
	else
		gnutls_privkey_deinit(key);
	buf_clear(&spki);
	return status;
}
