/* SPDX-License-Identifier: Apache-2.0 */
#include "key/rsa_priv.h"

#include <assert.h>

#include "codec/der.h"

void rsa_import(mpz_t out, struct slice bytes)
{
	mpz_import(out, bytes.len, 1, 1, 1, 0, bytes.data);
}

bool rsa_export(const mpz_t value, uint8_t *out, size_t len)
{
	const size_t limb = sizeof(mp_limb_t);
	mp_limb_t over = 0;
	size_t i;

	for (i = len / limb; i < mpz_size(value); i++) {
		mp_limb_t v = mpz_getlimbn(value, (mp_size_t)i);

		/* Of the limb that is used in part, what is above. */
		if (i == len / limb && len % limb != 0)
			v >>= 8 * (len % limb);
		over |= v;
	}
	for (i = 0; i < len; i++)
		out[len - 1 - i] =
			(uint8_t)(mpz_getlimbn(value, (mp_size_t)(i / limb)) >>
				  8 * (i % limb));
	return over == 0;
}

void rsa_wipe(mpz_t value)
{
	size_t size = mpz_size(value);

	if (size > 0)
		secret_wipe(mpz_limbs_modify(value, (mp_size_t)size),
			    size * sizeof(mp_limb_t));
	mpz_limbs_finish(value, 0);
	mpz_clear(value);
}

bool rsa_pkcs1_encode_hash(enum digest_alg alg, struct slice hash, uint8_t *out,
			   size_t len)
{
	struct buf info = BUF_INIT;
	struct der_writer w;
	bool good;

	/* DigestInfo; the parameters are NULL (RFC 8017 A.2.4, note 2). */
	der_writer_init(&w, &info);
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, digest_oid(alg), true);
	der_put_octets(&w, hash);
	der_end(&w);
	good = der_writer_status(&w, NULL) == DEED_OK && len >= info.len + 11;
	if (good) {
		memset(out, 0xff, len);
		out[0] = 0;
		out[1] = 1;
		out[len - info.len - 1] = 0;
		memcpy(out + len - info.len, info.data, info.len);
	}
	buf_clear(&info);
	return good;
}

/* MGF1 (RFC 8017 B.2.1): out ^= mask from seed. */
static void mask(enum digest_alg alg, const uint8_t *seed, size_t seed_len,
		 uint8_t *out, size_t len)
{
	uint8_t input[RSA_OCTETS_MAX + 4], block[DIGEST_MAX];
	size_t size = digest_size(alg), at, i;
	uint32_t counter = 0;

	assert(seed_len <= RSA_OCTETS_MAX);
	memcpy(input, seed, seed_len);
	for (at = 0; at < len; at += size, counter++) {
		input[seed_len] = (uint8_t)(counter >> 24);
		input[seed_len + 1] = (uint8_t)(counter >> 16);
		input[seed_len + 2] = (uint8_t)(counter >> 8);
		input[seed_len + 3] = (uint8_t)counter;
		digest_once(alg, slice_of(input, seed_len + 4), block);
		for (i = 0; i < size && at + i < len; i++)
			out[at + i] ^= block[i];
	}
	secret_wipe(input, sizeof(input));
	secret_wipe(block, sizeof(block));
}

bool rsa_pss_verify(enum digest_alg alg, enum digest_alg mgf1, size_t salt_len,
		    struct slice hash, uint8_t *em, unsigned bits)
{
	size_t len = (bits - 1 + 7) / 8, h = digest_size(alg), db_len, i;
	unsigned unused = (unsigned)(8 * len) - (bits - 1);
	uint8_t input[8 + DIGEST_MAX + RSA_OCTETS_MAX] = { 0 };
	uint8_t again[DIGEST_MAX];

	/* Steps 3 to 6. */
	if (hash.len != h || len < h + 2 || salt_len > len - h - 2 ||
	    em[len - 1] != 0xbc || (em[0] & ~(0xff >> unused)) != 0)
		return false;
	db_len = len - h - 1;
	mask(mgf1, em + db_len, h, em, db_len);
	em[0] &= (uint8_t)(0xff >> unused);
	for (i = 0; i < db_len - salt_len - 1; i++) {
		if (em[i] != 0)
			return false;
	}
	if (em[i] != 1)
		return false;
	/* M' = eight zeros, the hash, the salt (step 12). */
	memcpy(input + 8, hash.data, h);
	memcpy(input + 8 + h, em + i + 1, salt_len);
	digest_once(alg, slice_of(input, 8 + h + salt_len), again);
	return memcmp(again, em + db_len, h) == 0;
}

bool rsa_oaep_encode(enum digest_alg alg, struct slice message,
		     const uint8_t *seed, uint8_t *em, size_t len)
{
	size_t h = digest_size(alg);
	uint8_t *db = em + 1 + h;
	size_t db_len;

	if (len < 2 * h + 2 || message.len > len - 2 * h - 2)
		return false;
	db_len = len - 1 - h;
	memset(em, 0, len);
	memcpy(em + 1, seed, h);
	digest_once(alg, SLICE_NONE, db);
	db[db_len - message.len - 1] = 1;
	if (message.len > 0)
		memcpy(db + db_len - message.len, message.data, message.len);
	mask(alg, em + 1, h, db, db_len);
	mask(alg, db, db_len, em + 1, h);
	return true;
}

bool rsa_oaep_decode(enum digest_alg alg, uint8_t *em, size_t len, size_t *at)
{
	size_t h = digest_size(alg), i, db_len, found = 0;
	uint8_t label[DIGEST_MAX], *db = em + 1 + h;
	unsigned bad, looking = 1;

	if (len < 2 * h + 2)
		return false;
	db_len = len - 1 - h;
	mask(alg, db, db_len, em + 1, h);
	mask(alg, em + 1, h, db, db_len);
	digest_once(alg, SLICE_NONE, label);
	/* Manger's attack asks which check failed: all are made, and one
	 * answer is given (RFC 8017 7.1.2, note). */
	bad = em[0];
	for (i = 0; i < h; i++)
		bad |= db[i] ^ label[i];
	for (i = h; i < db_len; i++) {
		unsigned is_zero = ((unsigned)db[i] - 1) >> 31;
		unsigned is_one = (((unsigned)db[i] ^ 1) - 1) >> 31;

		found |= (0 - (size_t)(looking & is_one)) & (i + 1);
		bad |= looking & (is_zero ^ 1) & (is_one ^ 1);
		looking &= is_one ^ 1;
	}
	bad |= looking;
	*at = 1 + h + found;
	return bad == 0;
}
