/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define WINDOW 262144

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
	uint8_t value[DIGEST_MAX], *window = NULL;
	struct digest *digest = NULL;
	enum deed_status status;
	enum digest_alg alg;
	off_t at = 0;
	ssize_t got;

	status = cades_digest(params, &alg, err);
	if (status == DEED_OK)
		status = digest_new(alg, &digest, err);
	if (status != DEED_OK)
		return status;
	window = malloc(WINDOW);
	if (window == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	for (;;) {
		got = pread(fd, window, WINDOW, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			status = deed_error_errno(err, errno,
						  "cannot read '%s'", name);
			goto out;
		}
		if (got == 0)
			break;
		digest_update(digest, window, (size_t)got);
		at += got;
	}
	digest_final(digest, value);
	status = cades_sign_digest(params, slice_of(value, digest_size(alg)),
				   out, err);
out:
	free(window);
	digest_free(digest);
	return status;
}
