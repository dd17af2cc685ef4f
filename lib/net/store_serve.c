/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_serve.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/wire.h"
#include "crypto/random.h"
#include "net/store_frames.h"
#include "net/store_try.h"
#include "net/store_turn.h"
#include "net/store_wire.h"

/* Frames taken before the sockets are looked at again. */
#define FRAMES_AT_ONCE 16
#define POLL_MS 1000
/* Connections kept for the next request, of all stores together. */
#define KEPT_CONNECTIONS 256L
/* A try in which nothing moves has this part of its request's time. */
#define IDLE_PART 4
#define IDLE_MIN_MS 2000
/* libcurl's clock and ours differ by less. */
#define CUT_OFF_MS 20

/* A store, by what TARGET and SECRET said of it. */
struct known {
	struct known *next;
	uint32_t id;
	struct buf text; /* what target points into */
	struct store_target target;
	struct secret *secret; /* with a NUL */
	struct store_turn turn;
	unsigned under_way;
};

/* A request from REQUEST to ANSWER. */
struct transfer {
	struct transfer *next;
	struct known *store;
	struct buf text, body; /* what order points into */
	struct store_order order;
	struct store_request instead; /* of HEAD: store_verdict.unsure */
	bool running, asks_instead, answered;
	int64_t until, due; /* the deadline, the next try */
	unsigned tries, most_tries;
	size_t endpoint;
	struct store_try try;
	struct store_answer answer;
	struct deed_error away;	  /* of a try that got no answer to its end */
	struct deed_error before; /* of the try before */
};

struct serving {
	int in, out;
	CURLM *multi;
	struct store_wire_client client;
	struct store_frames frames;
	struct known *stores, *last;	    /* last: waits for its SECRET */
	struct transfer *transfers, *unfed; /* unfed: waits for its BODY */
	bool end;
};

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

static void transfer_free(struct serving *s, struct transfer *t)
{
	if (t->running)
		(void)curl_multi_remove_handle(s->multi, t->try.easy);
	store_try_clear(&t->try);
	t->store->under_way--;
	buf_clear(&t->text);
	buf_clear(&t->body);
	free(t);
}

/* ---- answers ---- */

static enum deed_status send_answer(struct serving *s, struct transfer *t,
				    enum deed_status result,
				    const struct deed_error *why,
				    const struct buf *items,
				    struct deed_error *err)
{
	struct store_wire_answer head = { .call = t->order.call,
					  .status = result };
	enum store_method method = t->order.request.method;
	struct buf frame = BUF_INIT;
	enum deed_status status;

	if (result != DEED_OK)
		head.why = *why;
	else if (method == STORE_GET)
		head.follows = STORE_FOLLOWS_DATA;
	else if (method == STORE_LIST || method == STORE_VERSIONS)
		head.follows = STORE_FOLLOWS_ITEMS;
	store_wire_put_answer(&head, &t->answer, &frame);
	status = buf_status(&frame, err);
	if (status == DEED_OK)
		status = frame_write(s->out, STORE_FRAME_ANSWER,
				     buf_get(&frame), err);
	if (status == DEED_OK && head.follows == STORE_FOLLOWS_DATA)
		status = frame_write(s->out, STORE_FRAME_DATA,
				     buf_get(&t->try.body), err);
	if (status == DEED_OK && head.follows == STORE_FOLLOWS_ITEMS)
		status = frame_write(s->out, STORE_FRAME_ITEMS, buf_get(items),
				     err);
	buf_clear(&frame);
	return status;
}

/* The transfer is gone after this. */
static enum deed_status finish(struct serving *s, struct transfer *t,
			       enum deed_status result,
			       const struct deed_error *why,
			       const struct buf *items, struct deed_error *err)
{
	enum deed_status status;
	struct transfer **at;

	/* What may be an outage is no word on the object. */
	if (result == DEED_DAMAGED && t->away.status != DEED_OK) {
		result = t->away.status;
		why = &t->away;
	}
	status = send_answer(s, t, result, why, items, err);
	for (at = &s->transfers; *at != t; at = &(*at)->next)
		;
	*at = t->next;
	transfer_free(s, t);
	return status;
}

/* ---- tries ---- */

static enum deed_status tell(struct serving *s, const struct transfer *t,
			     struct deed_error *err)
{
	const char *url = (const char *)t->try.url.data;
	struct buf body = BUF_INIT;
	enum deed_status status;

	if (!s->client.tell)
		return DEED_OK;
	wire_put_u8(&body, t->try.request->method);
	buf_append(&body, url, strcspn(url, "?"));
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = frame_write(s->out, STORE_FRAME_TOLD, buf_get(&body),
				     err);
	buf_clear(&body);
	return status;
}

static enum deed_status start_try(struct serving *s, struct transfer *t,
				  int64_t now, struct deed_error *err)
{
	uint32_t idle = s->client.deadline_ms / IDLE_PART;
	struct deed_error why = DEED_ERROR_INIT;
	struct store_try_order order = {
		.target = &t->store->target,
		.secret = (const char *)secret_bytes(t->store->secret),
		.request = t->asks_instead ? &t->instead : &t->order.request,
		.connect_ms = s->client.connect_ms,
		.ms = t->until - now > 1 ? (uint32_t)(t->until - now) : 1,
		.idle_ms = idle > IDLE_MIN_MS ? idle : IDLE_MIN_MS,
	};
	enum deed_status status;

	t->endpoint = store_turn_take(&t->store->turn, now);
	order.endpoint = t->endpoint;
	status = store_try_begin(&t->try, &order, &why);
	if (status == DEED_OK &&
	    curl_multi_add_handle(s->multi, t->try.easy) != CURLM_OK)
		status = deed_error_memory(&why);
	if (status != DEED_OK)
		return finish(s, t, status, &why, NULL, err);
	t->running = true;
	t->tries++;
	t->answer.tries++;
	return tell(s, t, err);
}

static enum deed_status start_due(struct serving *s, struct deed_error *err)
{
	int64_t now = clock_monotonic_ms();
	enum deed_status status = DEED_OK;
	struct transfer *t, *next;

	for (t = s->transfers; status == DEED_OK && t != NULL; t = next) {
		next = t->next;
		if (!t->running && t != s->unfed && t->due <= now)
			status = start_try(s, t, now, err);
	}
	return status;
}

/* HEAD fails with no body that says why: a GET of the same has one. */
static void ask_instead(struct transfer *t)
{
	t->asks_instead = true;
	t->instead =
		(struct store_request){ .method = STORE_GET,
					.key = t->order.request.key,
					.version = t->order.request.version,
					.length = 1,
					.max = STORE_FRAME_MAX };
	t->due = 0;
}

/* Is there to be another try?  Then when. */
static bool try_again(struct transfer *t, const struct store_verdict *v)
{
	int64_t now = clock_monotonic_ms();
	uint32_t chance = 0;

	if (v->unsure && t->tries < t->most_tries) {
		ask_instead(t);
		return true;
	}
	if (!v->again || t->tries >= t->most_tries)
		return false;
	(void)!random_bytes(&chance, sizeof(chance), NULL);
	t->due = now + store_turn_backoff(t->tries, chance);
	return t->due < t->until;
}

/* What the GET in a HEAD's place found: there is one, as it seems. */
static void mind_instead(struct transfer *t, enum deed_status *status,
			 struct store_verdict *v)
{
	bool is_there = *status == DEED_OK || t->answer.status == 416;

	t->asks_instead = false;
	if (!is_there)
		return;
	*status = DEED_REMOTE;
	v->again = true;
}

/* What it answers when it is to rest is no sign that it works. */
static void mind_endpoint(struct transfer *t, enum deed_status status,
			  const struct store_verdict *v)
{
	struct store_turn *turn = &t->store->turn;
	int64_t now = clock_monotonic_ms();

	if (v->here)
		turn->bucket_known[t->endpoint] = true;
	if (v->rest)
		store_turn_rest(turn, t->endpoint, now);
	else if (t->answer.status != 0)
		store_turn_up(turn, t->endpoint);
	t->answered = t->answered || (t->answer.status != 0 && !v->rest);
	if (status == DEED_REMOTE && !t->answered && t->tries >= t->most_tries)
		store_turn_down(turn, now);
}

/*
 * A try that our own deadline ended says less than the one before it: that is
 * what is told.
 */
static bool is_cut_off(const struct transfer *t, CURLcode code)
{
	return code == CURLE_OPERATION_TIMEDOUT &&
	       t->before.status != DEED_OK &&
	       clock_monotonic_ms() >= t->until - CUT_OFF_MS;
}

static enum deed_status end_try(struct serving *s, struct transfer *t,
				CURLcode code, struct deed_error *err)
{
	const struct store_asked asked = {
		.endpoint = t->store->target.endpoint[t->endpoint],
		.bucket = t->store->target.bucket,
		.request = t->try.request,
		.bucket_known = t->store->turn.bucket_known[t->endpoint],
		.now = clock_now(),
	};
	struct deed_error why = DEED_ERROR_INIT;
	struct buf items = BUF_INIT;
	struct store_verdict v;
	enum deed_status status;

	t->answer.status = 0;
	status = store_try_end(&t->try, code, &asked, &t->answer, &items, &v,
			       &why);
	(void)curl_multi_remove_handle(s->multi, t->try.easy);
	t->running = false;
	mind_endpoint(t, status, &v);
	if (t->asks_instead)
		mind_instead(t, &status, &v);
	if (is_cut_off(t, code)) {
		why = t->before;
		status = why.status;
	} else if (status == DEED_REMOTE && !v.unsure) {
		t->away = why;
	}
	t->before = why;
	if (status != DEED_OK && try_again(t, &v)) {
		store_try_clear(&t->try);
		status = DEED_OK;
	} else {
		status = finish(s, t, status, &why, &items, err);
	}
	buf_clear(&items);
	return status;
}

static enum deed_status end_tries(struct serving *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct transfer *t;
	CURLMsg *message;
	int left;

	while (status == DEED_OK &&
	       (message = curl_multi_info_read(s->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		for (t = s->transfers;
		     t != NULL && t->try.easy != message->easy_handle;
		     t = t->next)
			;
		if (t != NULL)
			status = end_try(s, t, message->data.result, err);
	}
	return status;
}

/* ---- orders ---- */

static struct known *known_by(const struct serving *s, uint32_t id)
{
	struct known *k;

	for (k = s->stores; k != NULL && k->id != id; k = k->next)
		;
	return k;
}

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
	k->turn.count = k->target.endpoint_count;
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
	t->most_tries = store_turn_tries(&k->turn, now);
	t->next = s->transfers;
	s->transfers = t;
	if (order.request.method == STORE_PUT)
		s->unfed = t;
	return DEED_OK;
}

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

static int until_due(const struct serving *s)
{
	int64_t now = clock_monotonic_ms(), least = POLL_MS;
	const struct transfer *t;

	for (t = s->transfers; t != NULL; t = t->next)
		if (!t->running && t != s->unfed && t->due - now < least)
			least = t->due - now;
	return least > 0 ? (int)least : 0;
}

static enum deed_status turn(struct serving *s, struct deed_error *err)
{
	struct curl_waitfd in = { .fd = s->in, .events = CURL_WAIT_POLLIN };
	enum deed_status status;
	int running;

	status = start_due(s, err);
	if (status != DEED_OK)
		return status;
	if (curl_multi_perform(s->multi, &running) != CURLM_OK)
		return deed_error_set(err, DEED_SYSTEM, "libcurl fails");
	status = end_tries(s, err);
	if (status != DEED_OK)
		return status;
	if (curl_multi_poll(s->multi, &in, 1, until_due(s), NULL) != CURLM_OK)
		return deed_error_set(err, DEED_SYSTEM, "libcurl fails");
	return in.revents != 0 ? take_frames(s, err) : DEED_OK;
}

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
