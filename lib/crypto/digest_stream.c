/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "crypto/hash_priv.h"

/*
 * Nettle, which starts at once.  For the bulk GnuTLS is faster on x86, SHA-512
 * by half and SHA-256 by a tenth, but to start with it costs as much as two
 * verifications: so it is not linked here but loaded where it pays.  Where it
 * is not to be had, and for what it does not compute, Nettle goes on.
 */
struct digest {
	gnutls_hash_hd_t handle; /* NULL: Nettle */
	const struct nettle_hash *nettle;
	union hash_context ctx;
};

static struct {
	int (*init)(gnutls_hash_hd_t *, gnutls_digest_algorithm_t);
	int (*update)(gnutls_hash_hd_t, const void *, size_t);
	gnutls_hash_hd_t (*copy)(gnutls_hash_hd_t);
	void (*output)(gnutls_hash_hd_t, void *);
	void (*deinit)(gnutls_hash_hd_t, void *);
} bulk; /* all or none; written once, before anybody hashes by it */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic bool has_bulk;

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

/* dlsym gives functions as objects; POSIX has them of one size. */
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

/* All functions or none: a library without one of them is not used at all. */
static void load(void)
{
	void *library = dlopen("libgnutls.so.30", RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return;
	has_bulk = find(library, "gnutls_hash_init", &bulk.init) &&
		   find(library, "gnutls_hash", &bulk.update) &&
		   find(library, "gnutls_hash_copy", &bulk.copy) &&
		   find(library, "gnutls_hash_output", &bulk.output) &&
		   find(library, "gnutls_hash_deinit", &bulk.deinit);
	/* It stays: it does not like to be unloaded. */
}

void digest_expect(uint64_t size)
{
	if (size >= DIGEST_BULK)
		(void)pthread_once(&once, load);
}

enum deed_status digest_new(enum digest_alg alg, struct digest **out,
			    struct deed_error *err)
{
	struct digest *d;

	*out = NULL;
	assert(alg > DIGEST_NONE && alg < DIGEST_COUNT);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return deed_error_memory(err);
	d->nettle = digest_nettle(alg);
	if (!has_bulk || algs[alg] == GNUTLS_DIG_UNKNOWN ||
	    bulk.init(&d->handle, algs[alg]) != 0) {
		d->handle = NULL;
		d->nettle->init(&d->ctx);
	}
	*out = d;
	return DEED_OK;
}

void digest_update(struct digest *d, const void *data, size_t len)
{
	int ret = 0;

	if (len == 0)
		return;
	if (d->handle == NULL)
		d->nettle->update(&d->ctx, len, data);
	else
		ret = bulk.update(d->handle, data, len);
	/* It does not fail once the handle stands. */
	if (ret != 0)
		abort();
}

bool digest_bulk_sha256(const struct slice *parts, size_t count,
			uint8_t out[SHA256_SIZE])
{
	gnutls_hash_hd_t handle;
	size_t i;

	if (!has_bulk || bulk.init(&handle, GNUTLS_DIG_SHA256) != 0)
		return false;
	for (i = 0; i < count; i++)
		if (parts[i].len > 0 &&
		    bulk.update(handle, parts[i].data, parts[i].len) != 0)
			abort();
	bulk.deinit(handle, out);
	return true;
}

enum deed_status digest_copy(const struct digest *d, struct digest **out,
			     struct deed_error *err)
{
	struct digest *copy;

	*out = NULL;
	copy = calloc(1, sizeof(*copy));
	if (copy == NULL)
		return deed_error_memory(err);
	*copy = *d;
	if (d->handle != NULL)
		copy->handle = bulk.copy(d->handle);
	if (d->handle != NULL && copy->handle == NULL) {
		free(copy);
		return deed_error_memory(err);
	}
	*out = copy;
	return DEED_OK;
}

void digest_final(struct digest *d, uint8_t *out)
{
	if (d->handle == NULL)
		d->nettle->digest(&d->ctx, d->nettle->digest_size, out);
	else
		bulk.output(d->handle, out);
}

void digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	if (d->handle != NULL)
		bulk.deinit(d->handle, NULL);
	secret_wipe(&d->ctx, sizeof(d->ctx));
	free(d);
}
