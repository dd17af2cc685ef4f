/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/s3.h"

#include <stdlib.h>

/* Pages of versions that are read of one folder: a store that tells ever new
 * ones is not listened to for ever. */
#define PAGES_MAX 1000

enum deed_status s3_modified(struct place *p, const char *folder,
			     const char *name, int64_t *out,
			     struct deed_error *err)
{
	struct s3 *s = p->state;
	struct store_answer a = STORE_ANSWER_INIT;
	char key[STORE_KEY_MAX + 1];
	const struct store_request r = { .method = STORE_HEAD, .key = key };
	enum deed_status status;

	s3_key(s, folder, name, key);
	status = s3_ask(s, PLACE_HEAD, &r, &a, err);
	if (status == DEED_OK && a.modified == 0)
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' does not say when '%s/%s' was "
					"written",
					s->d.where, folder, name);
	*out = a.modified;
	store_answer_clear(&a);
	return status;
}

struct versions {
	struct s3 *s;
	char prefix[STORE_KEY_MAX + 1]; /* of the folder */
	char after[STORE_KEY_MAX + 1];
	char *after_version;
	place_version_fn *fn;
	void *arg;
};

/* What is not of the folder, or in a folder in it, is none of its objects. */
static enum deed_status tell(const struct versions *v,
			     const struct store_item *item,
			     struct deed_error *err)
{
	size_t len = strlen(v->prefix);
	const struct place_version one = {
		.name = item->key + len,
		.version = item->version,
		.latest = item->latest,
		.marker = item->marker,
	};

	if (strncmp(item->key, v->prefix, len) != 0 || item->version == NULL ||
	    one.name[0] == '\0' || strchr(one.name, '/') != NULL)
		return DEED_OK;
	return v->fn(v->arg, &one, err);
}

/* The next page begins behind the last version of this one, of which key and
 * version are both needed. */
static enum deed_status go_on(struct versions *v, const struct store_answer *a,
			      struct deed_error *err)
{
	const struct store_item *last = &a->item[a->item_count - 1];

	if (last->version == NULL || strlen(last->key) > STORE_KEY_MAX)
		return deed_error_set(err, DEED_DAMAGED,
				      "'%s' lists versions that are none",
				      v->s->d.where);
	memcpy(v->after, last->key, strlen(last->key) + 1);
	free(v->after_version);
	v->after_version = strdup(last->version);
	return v->after_version == NULL ? deed_error_memory(err) : DEED_OK;
}

/* A page that says that there are more, and has none, is the end: there is
 * nothing to go on behind. */
static enum deed_status page(struct versions *v, bool *more,
			     struct deed_error *err)
{
	const struct store_request r = {
		.method = STORE_VERSIONS,
		.key = v->prefix,
		.after = v->after[0] == '\0' ? NULL : v->after,
		.after_version = v->after_version,
	};
	struct store_answer a = STORE_ANSWER_INIT;
	enum deed_status status = s3_ask(v->s, PLACE_LIST, &r, &a, err);

	for (size_t i = 0; i < a.item_count && status == DEED_OK; i++)
		status = tell(v, &a.item[i], err);
	*more = status == DEED_OK && a.more && a.item_count > 0;
	if (*more)
		status = go_on(v, &a, err);
	store_answer_clear(&a);
	return status;
}

/* What the bucket says of itself.  It is asked again after an outage, and not
 * where it does not tell. */
static void ask_versioning(struct s3 *s)
{
	struct store_answer a = STORE_ANSWER_INIT;
	const struct store_request r = {
		.method = STORE_VERSIONING,
		.key = "",
	};
	enum deed_status status = s3_ask(s, PLACE_LIST, &r, &a, NULL);
	bool none = status == DEED_OK && a.versioning == STORE_UNVERSIONED;

	store_answer_clear(&a);
	if (status != DEED_OK && status != DEED_DENIED &&
	    status != DEED_UNSUPPORTED && status != DEED_NOT_FOUND)
		return;
	(void)pthread_mutex_lock(&s->store->mutex);
	s->store->versions = none ? PLACE_VERSIONS_NONE : PLACE_VERSIONS_MAYBE;
	(void)pthread_mutex_unlock(&s->store->mutex);
}

/* Is it known that the bucket never kept versions? */
static bool keeps_none(struct s3 *s)
{
	bool none, asked;

	(void)pthread_mutex_lock(&s->store->mutex);
	none = s->store->versions == PLACE_VERSIONS_NONE;
	asked = s->store->versions != PLACE_VERSIONS_UNASKED;
	(void)pthread_mutex_unlock(&s->store->mutex);
	if (asked)
		return none;
	ask_versioning(s);
	(void)pthread_mutex_lock(&s->store->mutex);
	none = s->store->versions == PLACE_VERSIONS_NONE;
	(void)pthread_mutex_unlock(&s->store->mutex);
	return none;
}

/* A store that has no such thing keeps none. */
enum deed_status s3_versions(struct place *p, const char *folder,
			     place_version_fn *fn, void *arg,
			     struct deed_error *err)
{
	struct versions v = { .s = p->state, .fn = fn, .arg = arg };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	bool more = true;
	int left = PAGES_MAX;

	if (keeps_none(v.s))
		return DEED_OK;
	s3_key(v.s, folder, NULL, v.prefix);
	while (more && status == DEED_OK && left-- > 0)
		status = page(&v, &more, &why);
	free(v.after_version);
	if (status == DEED_OK && more)
		status = deed_error_set(&why, DEED_LIMIT,
					"'%s' lists more versions than are "
					"looked at",
					v.s->d.where);
	if (status == DEED_UNSUPPORTED)
		return DEED_OK;
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

enum deed_status s3_undelete(struct place *p, const char *folder,
			     const char *name, const char *version,
			     struct deed_error *err)
{
	struct s3 *s = p->state;
	struct store_answer a = STORE_ANSWER_INIT;
	char key[STORE_KEY_MAX + 1];
	const struct store_request r = {
		.method = STORE_DELETE,
		.key = key,
		.version = version,
	};
	enum deed_status status;

	s3_key(s, folder, name, key);
	status = s3_ask(s, PLACE_REMOVE, &r, &a, err);
	store_answer_clear(&a);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}
