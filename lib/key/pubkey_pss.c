/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pubkey_priv.h"

/*
 * What a key named id-RSASSA-PSS is bound to by the parameters beside its name
 * (RFC 4055 1.2, 3.1): one hash, one mask, and a salt of at least so many
 * octets.
 */

enum deed_status pss_read(struct pubkey *pk, struct der_reader *params,
			  struct deed_error *err)
{
	struct der_reader at = *params;
	enum deed_status status;

	/* Some write the NULL of rsaEncryption. */
	if (der_at_end(params) || (der_get_null(&at) && der_at_end(&at)))
		return DEED_OK;
	status = sig_alg_read_pss(params, &pk->pss, err);
	if (status == DEED_MALFORMED)
		return deed_error_set(err, DEED_MALFORMED,
				      "the public key is malformed: its "
				      "parameters are none of RSA-PSS");
	if (status != DEED_OK)
		deed_error_prefix(err, "what the public key is bound to");
	return status;
}

bool pubkey_pss(const struct pubkey *pk, struct sig_alg *out)
{
	*out = pk->pss;
	return pk->pss.scheme == SIG_RSA_PSS;
}

static enum digest_alg mask_of(const struct sig_alg *alg)
{
	return alg->mask != DIGEST_NONE ? alg->mask : alg->digest;
}

enum deed_status pss_check(const struct pubkey *pk, const struct sig_alg *alg,
			   struct deed_error *err)
{
	if (pk->pss.scheme == SIG_NONE)
		return DEED_OK;
	if (alg->digest != pk->pss.digest || mask_of(alg) != mask_of(&pk->pss))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "the key is bound to RSA-PSS with %s and "
				      "a mask by %s, and the signature is with "
				      "%s and %s",
				      digest_name(pk->pss.digest),
				      digest_name(mask_of(&pk->pss)),
				      digest_name(alg->digest),
				      digest_name(mask_of(alg)));
	if (alg->salt_len < pk->pss.salt_len)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "the key is bound to RSA-PSS with a salt "
				      "of at least %u octets, and the "
				      "signature's has %u",
				      pk->pss.salt_len, alg->salt_len);
	return DEED_OK;
}
