/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades.h"

/* EN 319 122-1 6.3: signing-time is mandatory at B-B. */
static struct cms_sign_params write_params(const struct cades_params *params)
{
	return (struct cms_sign_params){ .key = params->key,
					 .chain = params->chain,
					 .chain_len = params->chain_len,
					 .algorithm = params->algorithm,
					 .has_signing_time = true,
					 .signing_time = params->signing_time };
}

enum deed_status cades_digest(const struct cades_params *params,
			      enum digest_alg *out, struct deed_error *err)
{
	struct cms_sign_params write = write_params(params);
	enum deed_status status;
	struct sig_alg alg;

	*out = DIGEST_NONE;
	status = cms_sign_algorithm(&write, &alg, err);
	if (status == DEED_OK)
		*out = alg.scheme == SIG_ED25519 ? DIGEST_SHA512 : alg.digest;
	return status;
}

enum deed_status cades_sign_digest(const struct cades_params *params,
				   struct slice digest, struct buf *out,
				   struct deed_error *err)
{
	struct cms_sign_params write = write_params(params);

	return cms_sign(&write, digest, out, err);
}

enum deed_status cades_sign_fd(const struct cades_params *params, int fd,
			       const char *name, struct buf *out,
			       struct deed_error *err)
{
	uint8_t value[DIGEST_MAX];
	enum deed_status status;
	enum digest_alg alg;

	status = cades_digest(params, &alg, err);
	if (status == DEED_OK)
		status = digest_fd(alg, fd, name, value, err);
	if (status == DEED_OK)
		status = cades_sign_digest(
			params, slice_of(value, digest_size(alg)), out, err);
	return status;
}
