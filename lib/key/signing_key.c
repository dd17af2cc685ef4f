/* SPDX-License-Identifier: Apache-2.0 */
#include "key/signing_key.h"

#include <stdlib.h>

#include "key/signing_key_priv.h"

enum deed_status signing_key_wrap(const struct signing_backend *backend,
				  void *state, struct slice spki,
				  struct signing_key **out,
				  struct deed_error *err)
{
	struct signing_key *k = calloc(1, sizeof(*k));
	enum deed_status status;

	*out = NULL;
	if (k == NULL) {
		backend->close(state);
		return deed_error_memory(err);
	}
	k->backend = backend;
	k->state = state;
	status = pubkey_from_spki(spki, &k->pub, err);
	if (status == DEED_OK && pubkey_verifies_only(k->pub))
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"%s is verified, and no signatures "
					"are made with it",
					pubkey_text(k->pub));
	if (status != DEED_OK) {
		signing_key_free(k);
		return status;
	}
	*out = k;
	return DEED_OK;
}

void signing_key_free(struct signing_key *k)
{
	if (k == NULL)
		return;
	k->backend->close(k->state);
	pubkey_free(k->pub);
	free(k);
}

const struct pubkey *signing_key_public(const struct signing_key *k)
{
	return k->pub;
}

struct slice signing_key_spki(const struct signing_key *k)
{
	return pubkey_spki(k->pub);
}

/* RSA-PSS with SHA-256, or what the key is bound to; with a salt of the
 * digest's length, as most do, unless it must be longer. */
static struct sig_alg pss_of(const struct pubkey *pk)
{
	struct sig_alg alg, least;

	alg = (struct sig_alg){ .scheme = SIG_RSA_PSS,
				.digest = DIGEST_SHA256 };
	if (pubkey_pss(pk, &least))
		alg = least;
	if (alg.salt_len < digest_size(alg.digest))
		alg.salt_len = (unsigned)digest_size(alg.digest);
	return alg;
}

void signing_key_default_alg(const struct signing_key *k, struct sig_alg *out)
{
	*out = (struct sig_alg){ .scheme = SIG_ECDSA, .digest = DIGEST_SHA256 };
	switch (pubkey_type(k->pub)) {
	case PUBKEY_RSA:
		out->scheme = SIG_RSA;
		if (k->prefer_pss)
			*out = pss_of(k->pub);
		break;
	case PUBKEY_RSA_PSS:
		*out = pss_of(k->pub);
		break;
	case PUBKEY_ED25519:
		*out = (struct sig_alg){ .scheme = SIG_ED25519 };
		break;
	case PUBKEY_EC:
		if (pubkey_curve(k->pub) == EC_P384)
			out->digest = DIGEST_SHA384;
		else if (pubkey_curve(k->pub) == EC_P521)
			out->digest = DIGEST_SHA512;
		break;
	case PUBKEY_ED448:
	case PUBKEY_DSA:
	case PUBKEY_BRAINPOOL:
	case PUBKEY_SM2:
		break;
	}
}

void signing_key_alg_for(const struct signing_key *k,
			 const struct pubkey *certified, struct sig_alg *out)
{
	signing_key_default_alg(k, out);
	if (pubkey_type(certified) == PUBKEY_RSA_PSS &&
	    (out->scheme == SIG_RSA || out->scheme == SIG_RSA_PSS))
		*out = pss_of(certified);
}

void signing_key_prefer_pss(struct signing_key *k)
{
	k->prefer_pss = true;
}

size_t signing_key_max_signature(const struct signing_key *k)
{
	size_t octets = (pubkey_bits(k->pub) + 7) / 8;

	switch (pubkey_type(k->pub)) {
	case PUBKEY_EC:
		/* SEQUENCE of two INTEGERs, each with a leading zero. */
		return 2 * (octets + 1 + 2) + 3;
	case PUBKEY_ED25519:
		return 64;
	default:
		return octets;
	}
}

/* A key named id-RSASSA-PSS is bound to that scheme (RFC 4055 1.2), one named
 * rsaEncryption to neither. */
static bool suits(const struct signing_key *k, enum sig_scheme scheme)
{
	switch (pubkey_type(k->pub)) {
	case PUBKEY_RSA:
		return scheme == SIG_RSA || scheme == SIG_RSA_PSS;
	case PUBKEY_RSA_PSS:
		return scheme == SIG_RSA_PSS;
	case PUBKEY_EC:
		return scheme == SIG_ECDSA;
	case PUBKEY_ED25519:
		return scheme == SIG_ED25519;
	case PUBKEY_ED448:
	case PUBKEY_DSA:
	case PUBKEY_BRAINPOOL:
	case PUBKEY_SM2:
		break;
	}
	return false;
}

/* Ed25519 takes the data whole and has no digest to choose; all other schemes
 * need one. */
static enum deed_status check_alg(const struct signing_key *k,
				  const struct sig_alg *alg,
				  struct deed_error *err)
{
	if (!suits(k, alg->scheme))
		return deed_error_set(
			err, DEED_USAGE, "a key '%s' does not sign with %s",
			pubkey_text(k->pub), sig_scheme_name(alg->scheme));
	if ((alg->scheme == SIG_ED25519) != (alg->digest == DIGEST_NONE))
		return deed_error_set(
			err, DEED_USAGE, "%s does not go with the digest '%s'",
			sig_scheme_name(alg->scheme), digest_name(alg->digest));
	return DEED_OK;
}

enum deed_status signing_key_sign(const struct signing_key *k,
				  const struct sig_alg *alg, struct slice data,
				  struct buf *out, struct deed_error *err)
{
	enum deed_status status = check_alg(k, alg, err);

	if (status != DEED_OK)
		return status;
	return k->backend->sign(k->state, alg, data, out, err);
}
