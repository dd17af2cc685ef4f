/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/stores.h"

#include <stdlib.h>

struct place_stores {
	pthread_mutex_t mutex;
	struct place_store *first;
};

enum deed_status place_stores_new(struct place_stores **out,
				  struct deed_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&(*out)->mutex, NULL);
	return DEED_OK;
}

/* One that never made a request has no store yet. */
static void store_end(struct place_store *s)
{
	store_free(s->store);
	(void)pthread_mutex_destroy(&s->mutex);
	free(s->key);
	free(s);
}

void place_stores_free(struct place_stores *s)
{
	if (s == NULL)
		return;
	while (s->first != NULL) {
		struct place_store *one = s->first;

		s->first = one->next;
		store_end(one);
	}
	(void)pthread_mutex_destroy(&s->mutex);
	free(s);
}

/* A line each, so that two texts cannot be taken for two others that make the
 * same when put together. */
static void add_text(struct buf *b, const char *text)
{
	buf_str(b, text == NULL ? "" : text);
	buf_byte(b, '\n');
}

/* All that makes a difference: a list of places may be changed meanwhile. */
static char *key_of(const char *name, const struct place_description *d)
{
	struct buf b = BUF_INIT;

	add_text(&b, name);
	add_text(&b, d->where);
	add_text(&b, d->region);
	add_text(&b, d->access_key);
	add_text(&b, d->secret);
	add_text(&b, d->ca);
	add_text(&b, d->proxy);
	buf_printf(&b, "%u %d\n", d->transfers, d->insecure);
	for (size_t i = 0; i < d->endpoint_count; i++)
		add_text(&b, d->endpoint[i]);
	return buf_take(&b, NULL);
}

/* key is the store's then. */
static struct place_store *store_begin_new(char *key)
{
	struct place_store *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		free(key);
		return NULL;
	}
	s->key = key;
	(void)pthread_mutex_init(&s->mutex, NULL);
	return s;
}

/* By all that makes a difference; an archive has few places. */
static struct place_store *find(const struct place_stores *stores,
				const char *key)
{
	struct place_store *s = stores->first;

	while (s != NULL && strcmp(s->key, key) != 0)
		s = s->next;
	return s;
}

/* Places of one description share a connection and what was learned of it, as
 * long as stores lives; without stores each has its own. */
enum deed_status place_store_get(struct place_stores *stores, const char *name,
				 const struct place_description *d,
				 struct place_store **out,
				 struct deed_error *err)
{
	char *key = key_of(name, d);

	*out = NULL;
	if (key == NULL)
		return deed_error_memory(err);
	if (stores == NULL) {
		*out = store_begin_new(key);
		return *out == NULL ? deed_error_memory(err) : DEED_OK;
	}
	(void)pthread_mutex_lock(&stores->mutex);
	*out = find(stores, key);
	if (*out != NULL) {
		free(key);
	} else {
		*out = store_begin_new(key);
		if (*out != NULL) {
			(*out)->kept = true;
			(*out)->next = stores->first;
			stores->first = *out;
		}
	}
	(void)pthread_mutex_unlock(&stores->mutex);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

void place_store_put_back(struct place_store *s)
{
	if (s != NULL && !s->kept)
		store_end(s);
}
