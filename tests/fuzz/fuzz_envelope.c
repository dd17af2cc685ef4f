/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "cms/envelope.h"
#include "cms/envelope_chunk.h"
#include "key/deposit_key.h"
#include "key/keygen.h"

static void inside(struct slice all, struct slice part)
{
	assert(part.data == NULL ||
	       (part.data >= all.data &&
		part.data + part.len <= all.data + all.len));
}

/* A key that none of the corpus is for, made once. */
static struct deposit_key *stranger(enum key_alg alg)
{
	struct deposit_key *key;
	struct secret *pkcs8;

	if (keygen(alg, &pkcs8, NULL) != DEED_OK ||
	    deposit_key_from_pkcs8(pkcs8, &key, NULL) != DEED_OK)
		abort();
	secret_free(pkcs8);
	return key;
}

static void open_as_stranger(const struct envelope *e, const struct secret *any)
{
	static struct deposit_key *keys[2];
	struct secret *cek = NULL, *secret = NULL;
	struct buf out = BUF_INIT;
	size_t i, k;

	if (keys[0] == NULL) {
		keys[0] = stranger(KEY_P256);
		keys[1] = stranger(KEY_RSA2048);
	}
	for (i = 0; i < e->count; i++) {
		for (k = 0; k < 2; k++)
			assert(envelope_unwrap_key(e, e->to[i].id, keys[k],
						   &cek, NULL) != DEED_OK);
	}
	assert(envelope_decrypt(e, any, &out, NULL) != DEED_OK);
	assert(out.len == 0);
	assert(envelope_decrypt_secret(e, any, &secret, NULL) != DEED_OK);
	assert(secret == NULL);
	buf_clear(&out);
}

/* Everything that is read lies within the input; nothing opens by chance. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret *kek;
	static const uint8_t id[ENVELOPE_CHUNK_ID];
	struct slice in = slice_of(data, size), plain;
	struct secret *cek = NULL;
	struct envelope e;
	uint8_t *copy;
	size_t i;

	if (kek == NULL && secret_new(32, &kek, NULL) != DEED_OK)
		abort();
	if (envelope_parse(in, &e, NULL) == DEED_OK) {
		assert(e.count > 0 && e.count <= ENVELOPE_RECIPIENTS_MAX);
		inside(in, e.ciphertext);
		assert(e.nonce.len == ENVELOPE_NONCE_SIZE);
		assert(e.tag.len == ENVELOPE_TAG_SIZE);
		for (i = 0; i < e.count; i++) {
			inside(in, e.to[i].id);
			inside(in, e.to[i].wrapped);
			inside(in, e.to[i].der);
			assert(envelope_unwrap_kek(&e, e.to[i].id, kek, &cek,
						   NULL) != DEED_OK);
		}
		open_as_stranger(&e, kek);
	}
	copy = malloc(size + 1);
	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	assert(envelope_chunk_open(copy, size, id, kek, &plain, NULL) !=
	       DEED_OK);
	free(copy);
	return 0;
}
