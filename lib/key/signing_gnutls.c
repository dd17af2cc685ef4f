/* SPDX-License-Identifier: Apache-2.0 */
#include "key/signing_gnutls.h"

#include "key/gnutls_priv.h"

/* Only these are signed with; the older ones are there to verify. */
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

/* As rsa_algorithm; MGF1 is over the same digest. */
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

/* As rsa_algorithm; the curve is the key's. */
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

/* GNUTLS_SIGN_UNKNOWN where deed does not sign so, whatever GnuTLS could do.
 */
static gnutls_sign_algorithm_t gnutls_algorithm(const struct sig_alg *alg)
{
	switch (alg->scheme) {
	case SIG_RSA:
		return rsa_algorithm(alg->digest);
	case SIG_RSA_PSS:
		/* GnuTLS signs with a salt of the digest's length only, and
		 * with one digest for both. */
		return alg->salt_len == digest_size(alg->digest) &&
				       alg->mask == DIGEST_NONE
			       ? pss_algorithm(alg->digest)
			       : GNUTLS_SIGN_UNKNOWN;
	case SIG_ECDSA:
		return ecdsa_algorithm(alg->digest);
	case SIG_ED25519:
		return GNUTLS_SIGN_EDDSA_ED25519;
	case SIG_ED448:
	case SIG_DSA:
	case SIG_SM2:
	case SIG_NONE:
		break;
	}
	return GNUTLS_SIGN_UNKNOWN;
}

enum deed_status signing_gnutls(gnutls_privkey_t key, const struct sig_alg *alg,
				unsigned flags, struct slice in,
				struct buf *out, struct deed_error *err)
{
	gnutls_sign_algorithm_t algorithm = gnutls_algorithm(alg);
	gnutls_datum_t data = datum(in), signature = { NULL, 0 };
	int ret;

	if (algorithm == GNUTLS_SIGN_UNKNOWN && alg->scheme == SIG_RSA_PSS)
		return deed_error_set(
			err, DEED_USAGE,
			"deed does not sign with RSA-PSS, '%s', a mask by "
			"'%s' and a salt of %u octets",
			digest_name(alg->digest),
			digest_name(alg->mask != DIGEST_NONE ? alg->mask
							     : alg->digest),
			alg->salt_len);
	if (algorithm == GNUTLS_SIGN_UNKNOWN)
		return deed_error_set(
			err, DEED_USAGE, "deed does not sign with %s and '%s'",
			sig_scheme_name(alg->scheme), digest_name(alg->digest));
	ret = gnutls_privkey_sign_data2(key, algorithm, flags, &data,
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
