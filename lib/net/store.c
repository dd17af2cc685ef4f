/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store.h"

#include <stdlib.h>

#include "base/frame.h"
#include "base/wire.h"
#include "crypto/digest.h"
#include "net/store_client.h"
#include "net/store_target.h"
#include "net/store_wire.h"

/*
 * Bodies that the helper may hold at once, all stores together: a request
 * that would exceed it waits, unless it is alone.
 */
#define BYTES_AT_ONCE ((size_t)28 << 20)

/* ---- stores ---- */

/* False: no memory. */
static bool keep(struct store *s, const char *text, const char **out)
{
	char *copy;

	*out = NULL;
	if (text == NULL)
		return true;
	copy = strdup(text);
	*out = copy;
	if (copy != NULL)
		s->texts[s->text_count++] = copy;
	return copy != NULL;
}

/* Until all of it is copied some of the target's pointers are the caller's:
 * where it fails the store is freed and none of them is used. */
static bool copy_target(struct store *s, const struct store_target *t)
{
	bool good = true;
	size_t i;

	s->target = *t;
	for (i = 0; i < t->endpoint_count; i++)
		good = good && keep(s, t->endpoint[i], &s->target.endpoint[i]);
	good = good && keep(s, t->bucket, &s->target.bucket) &&
	       keep(s, t->region != NULL ? t->region : STORE_REGION,
		    &s->target.region) &&
	       keep(s, t->access_key, &s->target.access_key) &&
	       keep(s, t->ca, &s->target.ca) &&
	       keep(s, t->proxy, &s->target.proxy);
	if (s->target.transfers == 0)
		s->target.transfers = STORE_TRANSFERS;
	return good;
}

enum deed_status store_new(struct store_client *client,
			   const struct store_target *target,
			   struct store **out, struct deed_error *err)
{
	enum deed_status status = store_target_check(target, err);
	struct slice secret;
	struct store *s;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return deed_error_memory(err);
	s->client = client;
	secret = secret_slice(target->secret);
	status = copy_target(s, target)
			 ? secret_copy(secret.data, secret.len, &s->secret, err)
			 : deed_error_memory(err);
	s->target.secret = s->secret;
	if (status != DEED_OK) {
		store_free(s);
		return status;
	}
	(void)pthread_mutex_lock(&client->lock);
	s->id = ++client->last_store;
	(void)pthread_mutex_unlock(&client->lock);
	*out = s;
	return DEED_OK;
}

/* A helper that is gone has forgotten it anyway. */
static void forget(struct store *s)
{
	struct store_client *c = s->client;
	struct buf body = BUF_INIT;
	int64_t until;

	/* Of the time of another's large body it has used nothing then. */
	(void)pthread_mutex_lock(&c->writing);
	until = store_client_until(c);
	wire_put_u32(&body, s->id);
	if (s->known && !body.failed &&
	    frame_write_until(process_input(c->helper), STORE_FRAME_CLOSE,
			      buf_get(&body), until, NULL) != DEED_OK) {
		(void)pthread_mutex_lock(&c->lock);
		store_client_cut(c, until);
		(void)pthread_mutex_unlock(&c->lock);
	}
	(void)pthread_mutex_unlock(&c->writing);
	buf_clear(&body);
}

void store_free(struct store *s)
{
	if (s == NULL)
		return;
	forget(s);
	while (s->text_count > 0)
		free(s->texts[--s->text_count]);
	secret_free(s->secret);
	free(s);
}
/* ---- calls ---- */

static void call_free(struct store_call *call)
{
	store_answer_clear(&call->answer);
	(void)pthread_cond_destroy(&call->changed);
	free(call);
}

/* A GET weighs what its answer may have at most, a PUT its body: so much the
 * helper may hold for it, and that is what BYTES_AT_ONCE bounds. */
static enum deed_status call_new(struct store *s, const struct store_request *r,
				 struct store_call **out,
				 struct deed_error *err)
{
	struct store_call *call = calloc(1, sizeof(*call));

	*out = call;
	if (call == NULL)
		return deed_error_memory(err);
	call->store = s;
	call->client = s->client;
	store_client_cond(&call->changed);
	if (r->method == STORE_GET)
		call->max = r->max;
	call->into = r->into;
	call->limit = r->limit;
	call->weight = r->method == STORE_PUT ? r->body.len : call->max;
	if (r->method == STORE_GET && r->length != 0 &&
	    r->length < call->weight)
		call->weight = (size_t)r->length;
	return DEED_OK;
}

/* One that is larger than all that the helper may hold goes alone. */
static bool is_full(const struct store_call *call)
{
	const struct store_client *c = call->client;

	return call->store->under_way >= call->store->target.transfers ||
	       (c->bytes > 0 && c->bytes + call->weight > BYTES_AT_ONCE);
}

/* Waits for its turn; the call is one of those under way then. */
static enum deed_status enter(struct store_call *call, struct deed_error *err)
{
	struct store_client *c = call->client;
	enum deed_status status = DEED_OK;

	(void)pthread_mutex_lock(&c->lock);
	while (!c->dead && is_full(call))
		store_client_wait(&c->room, &c->lock, store_client_mind(c));
	if (c->dead) {
		if (err != NULL)
			*err = c->why;
		status = c->why.status;
	} else {
		call->id = ++c->last_call;
		call->until = INT64_MAX;
		call->next = c->calls;
		c->calls = call;
		c->bytes += call->weight;
		call->store->under_way++;
	}
	(void)pthread_mutex_unlock(&c->lock);
	return status;
}

/* Who writes: the helper knows of the store from here on. */
static enum deed_status need_store(struct store *s, int64_t until,
				   struct deed_error *err)
{
	int fd = process_input(s->client->helper);
	struct buf body = BUF_INIT;
	enum deed_status status;

	if (s->known)
		return DEED_OK;
	store_wire_put_target(s->id, &s->target, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = frame_write_until(fd, STORE_FRAME_TARGET,
					   buf_get(&body), until, err);
	buf_clear(&body);
	if (status == DEED_OK)
		status = frame_write_until(fd, STORE_FRAME_SECRET,
					   secret_slice(s->secret), until, err);
	s->known = status == DEED_OK;
	return status;
}

/* Who writes holds c->writing, so that the frames of two requests never mix
 * and a store is told of before it is asked for the first time. */
static enum deed_status write_order(struct store_call *call,
				    const struct store_request *r,
				    int64_t until, struct deed_error *err)
{
	const struct store_order order = { .store = call->store->id,
					   .call = call->id,
					   .request = *r };
	struct buf body = BUF_INIT;
	enum deed_status status;
	int fd;

	store_wire_put_order(&order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = store_client_need(call->client, err);
	if (status == DEED_OK)
		status = need_store(call->store, until, err);
	if (status == DEED_OK) {
		fd = process_input(call->client->helper);
		status = frame_write_until(fd, STORE_FRAME_REQUEST,
					   buf_get(&body), until, err);
		if (status == DEED_OK && r->method == STORE_PUT)
			status = frame_write_until(fd, STORE_FRAME_BODY,
						   r->body, until, err);
	}
	buf_clear(&body);
	return status;
}

/* What cannot be written ends all: half a frame may be there. */
static void send_call(struct store_call *call, const struct store_request *r)
{
	struct store_client *c = call->client;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	int64_t until;

	(void)pthread_mutex_lock(&c->writing);
	until = store_client_until(c);
	status = write_order(call, r, until, &why);
	(void)pthread_mutex_lock(&c->lock);
	if (status != DEED_OK && c->reading)
		store_client_cut(c, until);
	else if (status != DEED_OK)
		store_client_end(c, &why);
	call->until = store_client_until(c);
	(void)pthread_mutex_unlock(&c->lock);
	(void)pthread_mutex_unlock(&c->writing);
}

/* A call that is under way is always answered by store_finish: a caller has
 * but one place to learn of failures that have to do with the store. */
static enum deed_status begin(struct store *s, const struct store_request *r,
			      struct store_call **out, struct deed_error *err)
{
	struct store_call *call;
	enum deed_status status = call_new(s, r, &call, err);

	if (status != DEED_OK)
		return status;
	status = enter(call, err);
	if (status != DEED_OK) {
		call_free(call);
		return status;
	}
	/* What fails from here on is the call's answer. */
	send_call(call, r);
	*out = call;
	return DEED_OK;
}

enum deed_status store_begin(struct store *s, const struct store_request *r,
			     struct store_call **out, struct deed_error *err)
{
	enum deed_status status = store_request_check(r, err);
	struct store_request whole = *r;
	uint8_t digest[SHA256_SIZE];

	*out = NULL;
	if (status != DEED_OK)
		return status;
	if (s->client->options.offline) {
		deed_error_set(err, DEED_REFUSED,
			       "the bucket '%s' is not asked: this run keeps "
			       "off the network",
			       s->target.bucket);
		deed_error_remedy(err, "offline", NULL);
		return DEED_REFUSED;
	}
	/* Room for nothing is never filled. */
	if (whole.max == 0)
		whole.into = NULL;
	if (whole.limit == 0 || whole.limit > STORE_PAGE)
		whole.limit = STORE_PAGE;
	if (whole.max == 0 || whole.max > STORE_OBJECT_MAX)
		whole.max = STORE_OBJECT_MAX;
	if (whole.method != STORE_GET) {
		whole.into = NULL;
		whole.unhashed = false;
	}
	if (whole.method != STORE_PUT) {
		whole.body = SLICE_NONE;
		whole.sha256 = NULL;
	} else if (whole.sha256 == NULL) {
		sha256(whole.body, digest);
		whole.sha256 = digest;
	}
	return begin(s, &whole, out, err);
}

enum deed_status store_finish(struct store_call *call, struct store_answer *out,
			      struct deed_error *err)
{
	struct store_client *c = call->client;
	enum deed_status status;

	(void)pthread_mutex_lock(&c->lock);
	while (!call->done)
		store_client_wait(&call->changed, &c->lock,
				  store_client_mind(c));
	(void)pthread_mutex_unlock(&c->lock);
	store_answer_clear(out);
	*out = call->answer;
	call->answer = (struct store_answer)STORE_ANSWER_INIT;
	status = call->status;
	if (status != DEED_OK && err != NULL)
		*err = call->why;
	call_free(call);
	return status;
}

void store_answer_clear(struct store_answer *a)
{
	buf_clear(&a->body);
	buf_clear(&a->text);
	free(a->item);
	*a = (struct store_answer)STORE_ANSWER_INIT;
}
