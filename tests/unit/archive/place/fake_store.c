/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct fake fake;

struct store {
	int unused;
};

struct store_call {
	struct store_answer answer;
	enum deed_status status;
};

void fake_reset(void)
{
	for (size_t i = 0; i < fake.count; i++)
		free(fake.object[i].bytes);
	memset(&fake, 0, sizeof(fake));
}

struct fake_object *fake_find(const char *key)
{
	for (size_t i = 0; i < fake.count; i++)
		if (!strcmp(fake.object[i].key, key))
			return &fake.object[i];
	return NULL;
}

static void put(const char *key, struct slice bytes)
{
	struct fake_object *o = fake_find(key);
	size_t at = fake.count;

	if (o == NULL) {
		assert(fake.count < FAKE_OBJECTS);
		while (at > 0 && strcmp(fake.object[at - 1].key, key) > 0) {
			fake.object[at] = fake.object[at - 1];
			at--;
		}
		o = &fake.object[at];
		memset(o, 0, sizeof(*o));
		memcpy(o->key, key, strlen(key) + 1);
		fake.count++;
	}
	free(o->bytes);
	o->len = bytes.len;
	o->bytes = malloc(bytes.len + 1);
	assert(o->bytes != NULL);
	if (bytes.len > 0)
		memcpy(o->bytes, bytes.data, bytes.len);
}

void fake_put(const char *key, const char *text)
{
	put(key, slice_of(text, strlen(text)));
}

static enum deed_status no_key(struct store_answer *a)
{
	a->status = 404;
	strcpy(a->code, "NoSuchKey");
	return DEED_NOT_FOUND;
}

static enum deed_status do_put(const struct store_request *r,
			       struct store_answer *a)
{
	if (r->if_absent && fake_find(r->key) != NULL && !fake.silent) {
		a->status = fake.conditions ? 412 : 501;
		return fake.conditions ? DEED_EXISTS : DEED_UNSUPPORTED;
	}
	put(r->key, r->body);
	a->sent = r->body.len;
	return DEED_OK;
}

static void give(const struct store_request *r, const uint8_t *bytes,
		 size_t len, struct store_answer *a)
{
	uint8_t *to = r->into;

	if (to == NULL) {
		buf_append(&a->body, bytes, len);
		to = a->body.data;
	} else {
		memcpy(to, bytes, len);
		a->filled = len;
	}
	fake.hashed += !r->unhashed;
	if (fake.rotten > 0 && len > 0) {
		fake.rotten--;
		to[len - 1] ^= 1;
	}
}

static enum deed_status do_get(const struct store_request *r,
			       struct store_answer *a)
{
	const struct fake_object *o = fake_find(r->key);
	size_t from = (size_t)r->from, len;

	if (o == NULL)
		return no_key(a);
	a->size = o->len;
	if (r->method == STORE_HEAD)
		return DEED_OK;
	if (from >= o->len && r->length > 0) {
		a->status = 416;
		return DEED_REMOTE;
	}
	len = o->len - from;
	if (r->length > 0 && len > r->length)
		len = (size_t)r->length;
	if (len > r->max)
		return DEED_LIMIT;
	give(r, o->bytes + from, len, a);
	a->got = len;
	return DEED_OK;
}

static enum deed_status do_delete(const struct store_request *r,
				  struct store_answer *a)
{
	struct fake_object *o = fake_find(r->key);

	a->marker = fake.versioning != STORE_UNVERSIONED && r->version == NULL;
	if (o == NULL)
		return DEED_OK;
	free(o->bytes);
	fake.count--;
	memmove(o, o + 1, (size_t)(fake.object + fake.count - o) * sizeof(*o));
	return DEED_OK;
}

/* Keys are borrowed from the bucket's objects, which a test does not change
 * while it looks at them; a copy keeps them whole where it does. */
static void add_item(struct store_answer *a, const char *key, uint64_t size)
{
	char *copy = strdup(key);

	a->item[a->item_count].key = copy;
	a->item[a->item_count++].size = size;
}

/* A page of keys that nobody has put, and more behind it. */
static enum deed_status invent(const struct store_request *r,
			       struct store_answer *a)
{
	static unsigned number;
	char key[2 * STORE_KEY_MAX];

	a->more = true;
	a->item = calloc(STORE_PAGE, sizeof(*a->item));
	while (a->item_count < (r->method == STORE_LIST ? STORE_PAGE : 1)) {
		(void)snprintf(key, sizeof(key), "%s%010u%0600d", r->key,
			       number++, 0);
		add_item(a, key, 1);
		a->item[a->item_count - 1].version = "v";
	}
	return DEED_OK;
}

static enum deed_status do_list(const struct store_request *r,
				struct store_answer *a)
{
	size_t limit = r->limit == 0 ? STORE_PAGE : r->limit;
	const char *after = r->after == NULL ? "" : r->after;

	if (fake.page != 0 && fake.page < limit)
		limit = fake.page;
	if (fake.lie == FAKE_REPEATS)
		after = "";
	a->item = calloc(limit + 1, sizeof(*a->item));
	for (size_t i = 0; i < fake.count && !a->more; i++) {
		const struct fake_object *o = &fake.object[i];

		if (strncmp(o->key, r->key, strlen(r->key)) != 0 ||
		    strcmp(o->key, after) <= 0)
			continue;
		if (a->item_count == limit || fake.lie == FAKE_ENDLESS)
			a->more = true;
		else
			add_item(a, o->key, o->len);
	}
	if (fake.lie == FAKE_OUTSIDE)
		add_item(a, "zzz/outside", 1);
	if (fake.lie == FAKE_UNORDERED && a->item_count > 1) {
		struct store_item one = a->item[0];

		a->item[0] = a->item[1];
		a->item[1] = one;
	}
	return DEED_OK;
}

static enum deed_status answer(const struct store_request *r,
			       struct store_answer *a)
{
	enum deed_status failure = fake.answer;

	a->tries = 1;
	a->date = fake.date;
	if (fake.code != NULL)
		strcpy(a->code, fake.code);
	if (fake.answers > 0 && --fake.answers == 0)
		fake.answer = DEED_OK;
	if (failure != DEED_OK)
		return failure;
	a->status = 200;
	switch (r->method) {
	case STORE_PUT:
		return do_put(r, a);
	case STORE_GET:
	case STORE_HEAD:
		return do_get(r, a);
	case STORE_DELETE:
		return do_delete(r, a);
	case STORE_LIST:
		return fake.lie == FAKE_INVENTS ? invent(r, a) : do_list(r, a);
	case STORE_VERSIONS:
		return fake.lie == FAKE_INVENTS ? invent(r, a) : DEED_OK;
	case STORE_VERSIONING:
		a->versioning = fake.versioning;
		return DEED_OK;
	default:
		return DEED_OK;
	}
}

enum deed_status store_client_new(const struct store_client_options *options,
				  struct store_client **out,
				  struct deed_error *err)
{
	(void)options;
	(void)err;
	*out = NULL;
	return DEED_OK;
}

void store_client_free(struct store_client *client)
{
	(void)client;
}

enum deed_status store_new(struct store_client *client,
			   const struct store_target *target,
			   struct store **out, struct deed_error *err)
{
	(void)client;
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	fake.target = *target;
	fake.stores++;
	return DEED_OK;
}

void store_free(struct store *s)
{
	assert(fake.under_way == 0);
	free(s);
}

enum deed_status store_begin(struct store *s, const struct store_request *r,
			     struct store_call **out, struct deed_error *err)
{
	(void)s;
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	fake.requests[r->method]++;
	fake.under_way++;
	(*out)->answer = (struct store_answer)STORE_ANSWER_INIT;
	(*out)->status = answer(r, &(*out)->answer);
	return DEED_OK;
}

enum deed_status store_finish(struct store_call *call, struct store_answer *out,
			      struct deed_error *err)
{
	enum deed_status status = call->status;

	*out = call->answer;
	free(call);
	fake.under_way--;
	return status == DEED_OK ? DEED_OK
				 : deed_error_set(err, status, "it says so");
}

void store_answer_clear(struct store_answer *a)
{
	for (size_t i = 0; i < a->item_count; i++)
		free((void *)(uintptr_t)a->item[i].key);
	free(a->item);
	buf_clear(&a->body);
	buf_clear(&a->text);
	memset(a, 0, sizeof(*a));
}
