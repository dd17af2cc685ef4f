/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>

#include "judge/judge_private.h"
#include "judge/past_validation.h"

#define BUCKETS 1024

/* Answers are never changed or taken out while the cache lives. */
struct entry {
	struct entry *next;
	uint8_t key[SHA256_SIZE];
	struct past_validation_basic basic;
};

struct judge_cache {
	pthread_mutex_t lock;
	size_t count;
	struct entry *bucket[BUCKETS];
};

enum deed_status judge_cache_new(struct judge_cache **out,
				 struct deed_error *err)
{
	struct judge_cache *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&c->lock, NULL);
	*out = c;
	return DEED_OK;
}

void judge_cache_free(struct judge_cache *c)
{
	struct entry *e;
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < BUCKETS; i++) {
		while ((e = c->bucket[i]) != NULL) {
			c->bucket[i] = e->next;
			free(e);
		}
	}
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

/* All that the answer depends on, but for what the cache is made for. */
static void key_of(const struct past_validation_query *q,
		   uint8_t key[SHA256_SIZE])
{
	uint8_t all[2 * SHA256_SIZE + 1];

	memcpy(all, cert_sha256(q->cert), SHA256_SIZE);
	memcpy(all + SHA256_SIZE, q->material, SHA256_SIZE);
	all[2 * SHA256_SIZE] = (uint8_t)q->purpose;
	sha256(slice_of(all, sizeof(all)), key);
}

static struct entry **bucket_of(struct judge_cache *c,
				const uint8_t key[SHA256_SIZE])
{
	return &c->bucket[(key[0] | key[1] << 8) % BUCKETS];
}

/* The caller holds the lock. */
static struct entry *find(struct judge_cache *c, const uint8_t key[SHA256_SIZE])
{
	struct entry *e = *bucket_of(c, key);

	while (e != NULL && memcmp(e->key, key, SHA256_SIZE) != 0)
		e = e->next;
	return e;
}

bool judge_cache_find(struct judge_cache *c,
		      const struct past_validation_query *q,
		      struct past_validation_basic *out)
{
	uint8_t key[SHA256_SIZE];
	const struct entry *e;

	if (c == NULL)
		return false;
	key_of(q, key);
	(void)pthread_mutex_lock(&c->lock);
	e = find(c, key);
	if (e != NULL)
		*out = e->basic;
	(void)pthread_mutex_unlock(&c->lock);
	return e != NULL;
}

/* Without memory it is not kept: the answer stands all the same. */
void judge_cache_add(struct judge_cache *c,
		     const struct past_validation_query *q,
		     const struct past_validation_basic *basic)
{
	struct entry *e;

	e = c == NULL ? NULL : malloc(sizeof(*e));
	if (e == NULL)
		return;
	key_of(q, e->key);
	e->basic = *basic;
	(void)pthread_mutex_lock(&c->lock);
	if (c->count < JUDGE_CACHE_MAX && find(c, e->key) == NULL) {
		e->next = *bucket_of(c, e->key);
		*bucket_of(c, e->key) = e;
		c->count++;
		e = NULL;
	}
	(void)pthread_mutex_unlock(&c->lock);
	free(e);
}
