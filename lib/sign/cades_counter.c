/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades_counter.h"

#include <stdlib.h>

#include "cms/amend.h"
#include "cms/signed.h"
#include "codec/der.h"

/* Is there a counter-signature by this certificate already? */
static bool is_countered(const struct cms_signer *signer, const struct cert *c)
{
	const struct cms_attributes *attrs = &signer->unsigned_attrs;
	struct cms_signer counter;
	struct der_reader r;
	struct slice value;
	bool found = false;
	unsigned i;

	for (i = 0; i < attrs->count && !found; i++) {
		if (attrs->list[i].oid != OID_COUNTERSIGNATURE)
			continue;
		der_init(&r, attrs->list[i].values);
		while (!found && der_get_any(&r, NULL, NULL, &value)) {
			if (cms_signer_parse(value, &counter, NULL) != DEED_OK)
				continue;
			found = cms_signer_names(&counter, c);
			cms_signer_clear(&counter);
		}
	}
	return found;
}

/* RFC 5652 11.4: what a counter-signature signs is the other's signature
 * value. */
static enum deed_status counter_one(const struct cades_params *params,
				    const struct cms_signer *signer,
				    struct buf *out, struct deed_error *err)
{
	const struct cms_sign_params write = {
		.key = params->key,
		.chain = params->chain,
		.chain_len = params->chain_len,
		.algorithm = params->algorithm,
		.has_signing_time = true,
		.signing_time = params->signing_time,
	};
	enum digest_alg alg = DIGEST_NONE;
	uint8_t hash[DIGEST_MAX];
	enum deed_status status;

	status = cades_digest(params, &alg, err);
	if (status != DEED_OK)
		return status;
	digest_once(alg, signer->signature, hash);
	return cms_sign_counter(&write, slice_of(hash, digest_size(alg)), out,
				err);
}

/* What was made goes in, with the chain. */
static enum deed_status
put_counter(const struct cades_params *params, const struct cms_signed *sd,
	    const struct cms_amend_attribute *attributes, size_t count,
	    struct buf *out, struct deed_error *err)
{
	struct slice *chain = calloc(params->chain_len + 1, sizeof(*chain));
	struct cms_amendment what = { .attributes = attributes,
				      .attribute_count = count,
				      .certificates = chain,
				      .certificate_count = params->chain_len };
	enum deed_status status;
	size_t i;

	if (chain == NULL)
		return deed_error_memory(err);
	for (i = 0; i < params->chain_len; i++)
		chain[i] = cert_fields(params->chain[i])->der;
	status = cms_amend(sd, &what, out, err);
	free(chain);
	return status;
}

/* A signature that this certificate has counter-signed is passed over, so that
 * a run that was repeated adds none. */
static enum deed_status counter_all(const struct cades_params *params,
				    const struct cms_signed *sd,
				    struct buf *out, struct deed_error *err)
{
	struct cms_amend_attribute *attributes;
	enum deed_status status = DEED_OK;
	struct buf *values;
	size_t count = 0;
	unsigned i;

	attributes = calloc(sd->signer_count, sizeof(*attributes));
	values = calloc(sd->signer_count, sizeof(*values));
	if (attributes == NULL || values == NULL)
		status = deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++) {
		if (is_countered(&sd->signers[i], params->chain[0]))
			continue;
		status = counter_one(params, &sd->signers[i], &values[i], err);
		attributes[count++] = (struct cms_amend_attribute){
			i, { OID_COUNTERSIGNATURE, buf_get(&values[i]) }
		};
	}
	if (status == DEED_OK && count == 0)
		status = deed_error_set(err, DEED_REFUSED,
					"it is counter-signed by this "
					"certificate already");
	if (status == DEED_OK)
		status = put_counter(params, sd, attributes, count, out, err);
	for (i = 0; values != NULL && i < sd->signer_count; i++)
		buf_clear(&values[i]);
	free(values);
	free(attributes);
	return status;
}

enum deed_status cades_counter_sign(const struct cades_params *params,
				    struct slice in, struct buf *out,
				    struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	enum deed_status status;

	status = cms_signed_parse(in, &sd, err);
	if (status == DEED_OK && sd->signer_count == 0)
		status = deed_error_set(err, DEED_NO_SIGNATURE,
					"there is no signature to "
					"counter-sign");
	if (status == DEED_OK)
		status = counter_all(params, sd, out, err);
	cms_signed_free(sd);
	return status;
}
