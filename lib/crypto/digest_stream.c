/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "crypto/hash_priv.h"

/*
 * GnuTLS for the bulk: it is faster than Nettle on x86, SHA-512 by half.  In a
 * file of its own, so that a helper that hashes short inputs alone does not
 * start with all of GnuTLS.  What GnuTLS does not compute, Nettle does.
 */
struct digest {
	gnutls_hash_hd_t handle;
	const struct nettle_hash *nettle; /* NULL: the handle */
	union hash_context ctx;
};

static const gnutls_digest_algorithm_t algs[DIGEST_COUNT] = {
	[DIGEST_MD5] = GNUTLS_DIG_MD5,
	[DIGEST_SHA1] = GNUTLS_DIG_SHA1,
	[DIGEST_SHA224] = GNUTLS_DIG_SHA224,
	[DIGEST_SHA256] = GNUTLS_DIG_SHA256,
	[DIGEST_SHA384] = GNUTLS_DIG_SHA384,
	[DIGEST_SHA512] = GNUTLS_DIG_SHA512,
	[DIGEST_SHA3_224] = GNUTLS_DIG_SHA3_224,
	[DIGEST_SHA3_256] = GNUTLS_DIG_SHA3_256,
	[DIGEST_SHA3_384] = GNUTLS_DIG_SHA3_384,
	[DIGEST_SHA3_512] = GNUTLS_DIG_SHA3_512,
};

enum deed_status digest_new(enum digest_alg alg, struct digest **out,
			    struct deed_error *err)
{
	struct digest *d;

	*out = NULL;
	assert(alg > DIGEST_NONE && alg < DIGEST_COUNT);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return deed_error_memory(err);
	if (algs[alg] == GNUTLS_DIG_UNKNOWN) {
		d->nettle = digest_nettle(alg);
		d->nettle->init(&d->ctx);
	} else if (gnutls_hash_init(&d->handle, algs[alg]) != 0) {
		free(d);
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "this system does not compute %s",
				      digest_name(alg));
	}
	*out = d;
	return DEED_OK;
}

void digest_update(struct digest *d, const void *data, size_t len)
{
	int ret = 0;

	if (len == 0)
		return;
	if (d->nettle != NULL)
		d->nettle->update(&d->ctx, len, data);
	else
		ret = gnutls_hash(d->handle, data, len);
	/* It does not fail once the handle stands. */
	if (ret != 0)
		abort();
}

enum deed_status digest_copy(const struct digest *d, struct digest **out,
			     struct deed_error *err)
{
	struct digest *copy;

	*out = NULL;
	copy = calloc(1, sizeof(*copy));
	if (copy == NULL)
		return deed_error_memory(err);
	copy->nettle = d->nettle;
	copy->ctx = d->ctx;
	if (d->nettle == NULL)
		copy->handle = gnutls_hash_copy(d->handle);
	if (d->nettle == NULL && copy->handle == NULL) {
		free(copy);
		return deed_error_memory(err);
	}
	*out = copy;
	return DEED_OK;
}

void digest_final(struct digest *d, uint8_t *out)
{
	if (d->nettle != NULL)
		d->nettle->digest(&d->ctx, d->nettle->digest_size, out);
	else
		gnutls_hash_output(d->handle, out);
}

void digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	if (d->nettle == NULL)
		gnutls_hash_deinit(d->handle, NULL);
	secret_wipe(&d->ctx, sizeof(d->ctx));
	free(d);
}
