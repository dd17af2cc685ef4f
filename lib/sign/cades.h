/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_CADES_H
#define DEED_SIGN_CADES_H

#include "cms/signed_write.h"

/*
 * CAdES baseline B-B (ETSI EN 319 122-1) over a detached content: the
 * attributes of cms/signed_write.h with signing-time.
 */
struct cades_params {
	const struct signing_key *key;
	const struct cert *const *chain; /* the signer's first */
	size_t chain_len;
	struct sig_alg algorithm; /* zero: the key's default */
	int64_t signing_time;
};

/* The digest that the content is hashed with. */
enum deed_status cades_digest(const struct cades_params *params,
			      enum digest_alg *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Sign a digest taken with cades_digest; appends DER to out. */
enum deed_status cades_sign_digest(const struct cades_params *params,
				   struct slice digest, struct buf *out,
				   struct deed_error *err) DEED_MUST_USE;

/* Sign a file's content, read in windows from its beginning; name is for
 * messages. */
enum deed_status cades_sign_fd(const struct cades_params *params, int fd,
			       const char *name, struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
