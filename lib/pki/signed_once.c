/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/signed_once.h"

#include <pthread.h>
#include <stdlib.h>

struct signed_once {
	pthread_mutex_t lock;
	struct {
		uint8_t key[SHA256_SIZE]; /* of the SubjectPublicKeyInfo */
		bool good;
	} seen[SIGNED_ONCE_KEYS];
	unsigned count, next;
};

struct signed_once *signed_once_new(void)
{
	struct signed_once *s = calloc(1, sizeof(*s));

	if (s != NULL)
		(void)pthread_mutex_init(&s->lock, NULL);
	return s;
}

void signed_once_free(struct signed_once *s)
{
	if (s == NULL)
		return;
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

/* A signature that cannot be verified, for its algorithm or its key, counts as
 * one that does not hold. */
static bool signature_holds(const struct cert *signer, struct slice algorithm,
			    struct slice tbs, struct slice signature)
{
	const struct pubkey *pk;
	struct sig_alg alg;

	return sig_alg_parse(algorithm, &alg, NULL) == DEED_OK &&
	       cert_pubkey(signer, &pk, NULL) == DEED_OK &&
	       pubkey_verify(pk, &alg, tbs, signature, NULL) == DEED_OK;
}

bool signed_once_check(struct signed_once *s, const struct cert *signer,
		       struct slice algorithm, struct slice tbs,
		       struct slice signature)
{
	const uint8_t *key = cert_spki_sha256(signer);
	unsigned i;
	bool good;

	(void)pthread_mutex_lock(&s->lock);
	for (i = 0; i < s->count; i++) {
		if (memcmp(s->seen[i].key, key, SHA256_SIZE) == 0)
			break;
	}
	if (i == s->count) {
		/* When all places are taken the oldest goes. */
		i = s->next;
		s->next = (s->next + 1) % SIGNED_ONCE_KEYS;
		if (s->count < SIGNED_ONCE_KEYS)
			s->count++;
		memcpy(s->seen[i].key, key, SHA256_SIZE);
		s->seen[i].good =
			signature_holds(signer, algorithm, tbs, signature);
	}
	good = s->seen[i].good;
	(void)pthread_mutex_unlock(&s->lock);
	return good;
}
