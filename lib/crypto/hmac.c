/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hmac.h"

#include "crypto/hash_priv.h"

#define BLOCK_MAX 144 /* SHA3-224 */

/* RFC 2104 2: one pass, with the key padded and masked by pad. */
static void start(const struct nettle_hash *h, union hash_context *ctx,
		  const uint8_t *key, uint8_t pad)
{
	uint8_t block[BLOCK_MAX];
	size_t i;

	for (i = 0; i < h->block_size; i++)
		block[i] = key[i] ^ pad;
	h->init(ctx);
	h->update(ctx, h->block_size, block);
	secret_wipe(block, sizeof(block));
}

void hmac_parts(enum digest_alg alg, struct slice key,
		const struct slice *parts, size_t count, uint8_t *out)
{
	const struct nettle_hash *h = digest_nettle(alg);
	uint8_t padded[BLOCK_MAX] = { 0 }, inner[DIGEST_MAX];
	union hash_context ctx;
	size_t i;

	if (key.len > h->block_size)
		digest_once(alg, key, padded);
	else if (key.len > 0)
		memcpy(padded, key.data, key.len);
	start(h, &ctx, padded, 0x36);
	for (i = 0; i < count; i++)
		h->update(&ctx, parts[i].len, parts[i].data);
	h->digest(&ctx, h->digest_size, inner);
	start(h, &ctx, padded, 0x5c);
	h->update(&ctx, h->digest_size, inner);
	h->digest(&ctx, h->digest_size, out);
	secret_wipe(&ctx, sizeof(ctx));
	secret_wipe(padded, sizeof(padded));
	secret_wipe(inner, sizeof(inner));
}

void hmac(enum digest_alg alg, struct slice key, struct slice data,
	  uint8_t *out)
{
	hmac_parts(alg, key, &data, 1, out);
}
