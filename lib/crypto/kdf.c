/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/kdf.h"

#include <assert.h>

#include "crypto/hash_priv.h"
#include "crypto/hmac.h"

void hkdf(enum digest_alg alg, struct slice ikm, struct slice salt,
	  struct slice info, uint8_t *out, size_t len)
{
	size_t size = digest_size(alg), take;
	uint8_t prk[DIGEST_MAX], t[DIGEST_MAX];
	struct slice parts[3] = { SLICE_NONE, info, SLICE_NONE };
	uint8_t counter = 0;

	assert(len <= 255 * size);
	/* RFC 5869 2.2: without a salt, zeros, which HMAC pads anyway. */
	hmac(alg, salt, ikm, prk);
	while (len > 0) {
		counter++;
		parts[2] = slice_of(&counter, 1);
		hmac_parts(alg, slice_of(prk, size), parts, 3, t);
		parts[0] = slice_of(t, size);
		take = len < size ? len : size;
		memcpy(out, t, take);
		out += take;
		len -= take;
	}
	secret_wipe(prk, sizeof(prk));
	secret_wipe(t, sizeof(t));
}

void x963_kdf(enum digest_alg alg, struct slice z, struct slice shared_info,
	      uint8_t *out, size_t len)
{
	const struct nettle_hash *h = digest_nettle(alg);
	uint8_t block[DIGEST_MAX], number[4];
	union hash_context ctx;
	uint32_t counter = 0;
	size_t take;

	while (len > 0) {
		counter++;
		number[0] = (uint8_t)(counter >> 24);
		number[1] = (uint8_t)(counter >> 16);
		number[2] = (uint8_t)(counter >> 8);
		number[3] = (uint8_t)counter;
		h->init(&ctx);
		h->update(&ctx, z.len, z.data);
		h->update(&ctx, sizeof(number), number);
		h->update(&ctx, shared_info.len, shared_info.data);
		h->digest(&ctx, h->digest_size, block);
		take = len < h->digest_size ? len : h->digest_size;
		memcpy(out, block, take);
		out += take;
		len -= take;
	}
	secret_wipe(&ctx, sizeof(ctx));
	secret_wipe(block, sizeof(block));
}
