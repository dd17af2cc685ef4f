/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_serve.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/wire.h"
#include "net/store_frames.h"
#include "net/store_transfer.h"
#include "net/store_wire.h"

/* Frames taken before the sockets are looked at again. */
#define FRAMES_AT_ONCE 16
#define POLL_MS 1000
/* Connections kept for the next request, of all stores together. */
#define KEPT_CONNECTIONS 256L

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "an order for a store is malformed");
}

static void known_free(struct known *k)
{
	secret_free(k->secret);
	buf_clear(&k->text);
	free(k);
}

/* ---- orders ---- */

static struct known *known_by(const struct serving *s, uint32_t id)
{
	struct known *k;

	for (k = s->stores; k != NULL && k->id != id; k = k->next)
		;
	return k;
}

/* The texts of the target lie in the frame's body, which is taken over for as
 * long as the store is known. */
static enum deed_status take_target(struct serving *s, struct buf *body,
				    struct deed_error *err)
{
	enum deed_status status;
	struct known *k;
	uint32_t id;

	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return deed_error_memory(err);
	status = store_wire_get_target(buf_get(body), &id, &k->target, err);
	if (status == DEED_OK && (known_by(s, id) != NULL || s->last != NULL))
		status = malformed(err);
	if (status != DEED_OK) {
		free(k);
		return status;
	}
	k->id = id;
	k->text = *body;
	*body = (struct buf)BUF_INIT;
	store_turn_init(&k->turn, k->target.endpoint_count,
			s->client.deadline_ms / STORE_MOST_PART);
	k->next = s->stores;
	s->stores = k;
	s->last = k;
	return DEED_OK;
}

/* libcurl wants a string. */
static enum deed_status take_secret(struct serving *s, const struct buf *body,
				    struct deed_error *err)
{
	enum deed_status status;

	if (s->last == NULL || body->len == 0 || body->len >= SECRET_MAX ||
	    memchr(body->data, 0, body->len) != NULL)
		return malformed(err);
	status = secret_new(body->len + 1, &s->last->secret, err);
	if (status == DEED_OK)
		memcpy(secret_data(s->last->secret), body->data, body->len);
	s->last = NULL;
	return status;
}

/* deed closes a store when no call of it is under way (store_free): else
 * transfers would lose the store that they are of. */
static enum deed_status take_close(struct serving *s, struct slice body,
				   struct deed_error *err)
{
	struct known **at, *k;
	uint32_t id;

	if (!wire_get_u32(&body, &id) || body.len != 0)
		return malformed(err);
	for (at = &s->stores; *at != NULL && (*at)->id != id; at = &(*at)->next)
		;
	k = *at;
	if (k == NULL || k->under_way > 0 || k == s->last)
		return malformed(err);
	*at = k->next;
	known_free(k);
	return DEED_OK;
}

/* The other side waits while a store has as many as its transfers (store.c):
 * what is over that is not its doing, and memory stays bounded without trust
 * in it. */
static enum deed_status take_request(struct serving *s, struct buf *body,
				     struct deed_error *err)
{
	int64_t now = clock_monotonic_ms();
	enum deed_status status;
	struct store_order order;
	struct transfer *t;
	struct known *k;

	status = store_wire_get_order(buf_get(body), &order, err);
	if (status != DEED_OK)
		return status;
	k = known_by(s, order.store);
	if (k == NULL || k->secret == NULL ||
	    k->under_way >= k->target.transfers)
		return malformed(err);
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	t->order = order;
	t->text = *body;
	*body = (struct buf)BUF_INIT;
	t->store = k;
	k->under_way++;
	t->until = now + s->client.deadline_ms;
	t->next = s->transfers;
	s->transfers = t;
	if (order.request.method == STORE_PUT)
		s->unfed = t;
	return DEED_OK;
}

/* Exactly as long as its REQUEST said: the hash that is signed was made of
 * that much. */
static enum deed_status take_body(struct serving *s, struct buf *body,
				  struct deed_error *err)
{
	struct transfer *t = s->unfed;

	if (t == NULL || body->len != t->order.request.body.len)
		return malformed(err);
	t->body = *body;
	*body = (struct buf)BUF_INIT;
	t->order.request.body = buf_get(&t->body);
	s->unfed = NULL;
	return DEED_OK;
}

/* A secret is that of the target before it, a body that of the request before
 * it. */
static enum deed_status take_frame(struct serving *s, struct deed_error *err)
{
	struct buf *body = &s->frames.body;

	/* Nothing comes between the two halves of what has two. */
	if ((s->unfed != NULL) != (s->frames.type == STORE_FRAME_BODY) ||
	    (s->last != NULL) != (s->frames.type == STORE_FRAME_SECRET))
		return malformed(err);
	switch (s->frames.type) {
	case STORE_FRAME_TARGET:
		return take_target(s, body, err);
	case STORE_FRAME_SECRET:
		return take_secret(s, body, err);
	case STORE_FRAME_CLOSE:
		return take_close(s, buf_get(body), err);
	case STORE_FRAME_REQUEST:
		return take_request(s, body, err);
	case STORE_FRAME_BODY:
		return take_body(s, body, err);
	default:
		return malformed(err);
	}
}

/* A few at a time: who sends without end does not keep what is under way from
 * moving. */
static enum deed_status take_frames(struct serving *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool whole = true;
	unsigned i;

	for (i = 0; status == DEED_OK && whole && i < FRAMES_AT_ONCE; i++) {
		status = store_frames_next(&s->frames, s->in, &whole, &s->end,
					   err);
		if (status == DEED_OK && whole)
			status = take_frame(s, err);
	}
	return status;
}

/* ---- the loop ---- */

/* When the next try is due that waits; libcurl wakes for its own times, and
 * this only bounds them. */
static int until_due(const struct serving *s)
{
	int64_t now = clock_monotonic_ms(), least = POLL_MS;
	const struct transfer *t;

	for (t = s->transfers; t != NULL; t = t->next)
		if (!t->running && t != s->unfed && t->due - now < least)
			least = t->due - now;
	return least > 0 ? (int)least : 0;
}

/* Answers are sent before further orders are taken in, so that what is done
 * makes room for what is new. */
static enum deed_status turn(struct serving *s, struct deed_error *err)
{
	struct curl_waitfd in = { .fd = s->in, .events = CURL_WAIT_POLLIN };
	enum deed_status status;
	int running;

	status = transfers_start(s, err);
	if (status != DEED_OK)
		return status;
	if (curl_multi_perform(s->multi, &running) != CURLM_OK)
		return deed_error_set(err, DEED_SYSTEM, "libcurl fails");
	status = transfers_end(s, err);
	if (status != DEED_OK)
		return status;
	if (curl_multi_poll(s->multi, &in, 1, until_due(s), NULL) != CURLM_OK)
		return deed_error_set(err, DEED_SYSTEM, "libcurl fails");
	return in.revents != 0 ? take_frames(s, err) : DEED_OK;
}

/* Transfers go first: each counts in its store and is in libcurl's hands. */
static void serving_clear(struct serving *s)
{
	struct transfer *t;
	struct known *k;

	while ((t = s->transfers) != NULL) {
		s->transfers = t->next;
		transfer_free(s, t);
	}
	while ((k = s->stores) != NULL) {
		s->stores = k->next;
		known_free(k);
	}
	store_frames_clear(&s->frames);
	(void)curl_multi_cleanup(s->multi);
	curl_global_cleanup();
}

enum deed_status store_serve(int in, int out, struct slice client,
			     struct deed_error *err)
{
	struct serving s = { .in = in, .out = out };
	enum deed_status status;

	status = store_wire_get_client(client, &s.client, err);
	if (status != DEED_OK)
		return status;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (s.multi = curl_multi_init()) == NULL ||
	    curl_multi_setopt(s.multi, CURLMOPT_MAXCONNECTS,
			      KEPT_CONNECTIONS) != CURLM_OK ||
	    fcntl(in, F_SETFL, O_NONBLOCK) != 0)
		return deed_error_set(err, DEED_SYSTEM, "cannot start libcurl");
	while (status == DEED_OK && !s.end)
		status = turn(&s, err);
	serving_clear(&s);
	return status;
}
