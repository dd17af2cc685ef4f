/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <assert.h>

#include "codec/der.h"
#include "crypto/hash_priv.h"

static void shake256_digest(void *ctx, size_t len, uint8_t *out)
{
	sha3_256_shake(ctx, len, out);
}

/* 512 bits of SHAKE256 (RFC 8702 2): Nettle has the function, and no
 * description of it. */
static const struct nettle_hash shake256 = {
	.name = "shake256",
	.context_size = sizeof(struct sha3_256_ctx),
	.digest_size = 64,
	.block_size = SHA3_256_BLOCK_SIZE,
	.init = (nettle_hash_init_func *)sha3_256_init,
	.update = (nettle_hash_update_func *)sha3_256_update,
	.digest = shake256_digest,
};

static const struct {
	const struct nettle_hash *nettle;
	enum oid oid;
} algs[DIGEST_COUNT] = {
	[DIGEST_MD5] = { &nettle_md5, OID_MD5 },
	[DIGEST_SHA1] = { &nettle_sha1, OID_SHA1 },
	[DIGEST_SHA224] = { &nettle_sha224, OID_SHA224 },
	[DIGEST_SHA256] = { &nettle_sha256, OID_SHA256 },
	[DIGEST_SHA384] = { &nettle_sha384, OID_SHA384 },
	[DIGEST_SHA512] = { &nettle_sha512, OID_SHA512 },
	[DIGEST_SHA3_224] = { &nettle_sha3_224, OID_SHA3_224 },
	[DIGEST_SHA3_256] = { &nettle_sha3_256, OID_SHA3_256 },
	[DIGEST_SHA3_384] = { &nettle_sha3_384, OID_SHA3_384 },
	[DIGEST_SHA3_512] = { &nettle_sha3_512, OID_SHA3_512 },
	[DIGEST_SHAKE256] = { &shake256, OID_SHAKE256 },
	[DIGEST_SM3] = { &nettle_sm3, OID_SM3 },
};

const struct nettle_hash *digest_nettle(enum digest_alg alg)
{
	assert(alg > DIGEST_NONE && alg < DIGEST_COUNT);
	return algs[alg].nettle;
}

size_t digest_size(enum digest_alg alg)
{
	return alg == DIGEST_NONE ? 0 : digest_nettle(alg)->digest_size;
}

const char *digest_name(enum digest_alg alg)
{
	return alg == DIGEST_NONE ? "none" : oid_text(algs[alg].oid);
}

enum digest_alg digest_from_name(const char *name)
{
	return digest_from_oid(oid_find_text(name));
}

enum digest_alg digest_from_oid(enum oid oid)
{
	int i;

	for (i = DIGEST_NONE + 1; i < DIGEST_COUNT; i++) {
		if (algs[i].oid == oid)
			return (enum digest_alg)i;
	}
	return DIGEST_NONE;
}

enum oid digest_oid(enum digest_alg alg)
{
	assert(alg >= DIGEST_NONE && alg < DIGEST_COUNT);
	return algs[alg].oid;
}

enum digest_alg digest_from_algorithm(struct slice algorithm)
{
	uint64_t bits;
	struct der_reader r;
	enum oid oid;

	if (!der_open(algorithm, DER_SEQUENCE, &r) ||
	    !der_get_known_oid(&r, &oid))
		return DIGEST_NONE;
	if (oid == OID_SHAKE256_LEN)
		return der_get_uint64(&r, &bits) && bits == 512 &&
				       der_at_end(&r)
			       ? DIGEST_SHAKE256
			       : DIGEST_NONE;
	if (!der_at_end(&r) && (!der_get_null(&r) || !der_at_end(&r)))
		return DIGEST_NONE;
	return digest_from_oid(oid);
}

void digest_once(enum digest_alg alg, struct slice data, uint8_t *out)
{
	const struct nettle_hash *h = digest_nettle(alg);
	union hash_context ctx;

	h->init(&ctx);
	h->update(&ctx, data.len, data.data);
	h->digest(&ctx, h->digest_size, out);
	secret_wipe(&ctx, sizeof(ctx));
}

void sha256(struct slice data, uint8_t out[SHA256_SIZE])
{
	sha256_parts(&data, 1, out);
}

/* From here on a context of the faster library is worth being made. */
#define LONG (64u << 10)

void sha256_parts(const struct slice *parts, size_t count,
		  uint8_t out[SHA256_SIZE])
{
	struct sha256_ctx ctx;
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += parts[i].len;
	if (total >= LONG && digest_bulk_sha256(parts, count, out))
		return;
	sha256_init(&ctx);
	for (i = 0; i < count; i++)
		sha256_update(&ctx, parts[i].len, parts[i].data);
	sha256_digest(&ctx, SHA256_SIZE, out);
	secret_wipe(&ctx, sizeof(ctx));
}
