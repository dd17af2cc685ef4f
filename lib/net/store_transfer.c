/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_transfer.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/wire.h"
#include "crypto/random.h"

/* A try in which nothing moves has this part of its request's time. */
#define IDLE_PART 4
#define IDLE_MIN_MS 2000
/* libcurl's clock and ours differ by less. */
#define CUT_OFF_MS 20

void transfer_free(struct serving *s, struct transfer *t)
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

/* Behind a failure nothing follows, however much had arrived: half an object
 * is none. */
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

/* The query is left out: it has prefixes, markers and versions alone. */
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

static uint32_t at_most(uint32_t a, int64_t b)
{
	return b < 1 ? 1 : a < b ? a : (uint32_t)b;
}

/* A quick one is no longer than it takes to see that a store is back. */
static void set_times(const struct serving *s, const struct transfer *t,
		      int64_t now, struct store_try_order *o)
{
	bool quick = store_turn_quick(&t->store->turn);
	uint32_t idle = s->client.deadline_ms / IDLE_PART;

	o->connect_ms = s->client.connect_ms;
	o->ms = at_most(UINT32_MAX, t->until - now);
	o->idle_ms = idle > IDLE_MIN_MS ? idle : IDLE_MIN_MS;
	if (!quick)
		return;
	o->connect_ms = at_most(o->connect_ms, STORE_QUICK_MS);
	o->idle_ms = at_most(o->idle_ms, STORE_QUICK_MS);
	o->ms = at_most(o->ms, STORE_QUICK_ALL_MS);
}

/* What fails here is this machine's matter: it ends the request, and nothing
 * is held against the store. */
static enum deed_status start_try(struct serving *s, struct transfer *t,
				  int64_t now, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct store_try_order order = {
		.target = &t->store->target,
		.secret = (const char *)secret_bytes(t->store->secret),
		.request = t->asks_instead ? &t->instead : &t->order.request,
	};
	enum deed_status status;

	set_times(s, t, now, &order);
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

/* Or fail, where it was not answered for so long that nothing is asked. */
static enum deed_status start(struct serving *s, struct transfer *t,
			      int64_t now, struct deed_error *err)
{
	struct known *k = t->store;

	if (t->tries == 0) {
		t->most_tries = store_turn_tries(&k->turn, now);
		t->began = now;
	}
	if (t->most_tries == 0)
		return finish(s, t, DEED_REMOTE, &k->why, NULL, err);
	return start_try(s, t, now, err);
}

enum deed_status transfers_start(struct serving *s, struct deed_error *err)
{
	int64_t now = clock_monotonic_ms();
	enum deed_status status = DEED_OK;
	struct transfer *t, *next;

	for (t = s->transfers; status == DEED_OK && t != NULL; t = next) {
		next = t->next;
		if (!t->running && t != s->unfed && t->due <= now)
			status = start(s, t, now, err);
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
static bool try_again(struct transfer *t, const struct store_verdict *v,
		      bool may)
{
	int64_t now = clock_monotonic_ms();
	uint32_t chance = 0;

	if (v->unsure && t->tries <= t->most_tries) {
		ask_instead(t);
		return true;
	}
	if (!v->again || !may || t->tries >= t->most_tries)
		return false;
	(void)!random_bytes(&chance, sizeof(chance), NULL);
	t->due = now + store_turn_backoff(t->tries, chance);
	return t->due < t->until;
}

/* What the GET in a HEAD's place found: there is one, as it seems, and what
 * was said of the HEAD is to be told. */
static void mind_instead(struct transfer *t, enum deed_status *status,
			 struct store_verdict *v, struct deed_error *why)
{
	bool is_there = *status == DEED_OK || t->answer.status == 416;

	t->asks_instead = false;
	if (!is_there)
		return;
	*why = t->before;
	*status = why->status = DEED_REMOTE;
	v->again = true;
}

/* An answer of any kind shows that it is up, unless it is one of those after
 * which it is to rest. */
static void mind_endpoint(struct transfer *t, const struct store_verdict *v)
{
	struct store_turn *turn = &t->store->turn;

	if (v->here)
		turn->bucket_known[t->endpoint] = true;
	if (v->rest)
		store_turn_rest(turn, t->endpoint, clock_monotonic_ms());
	else if (t->answer.status != 0)
		store_turn_up(turn, t->endpoint);
}

/* Time that the store had; may there be another try of this?  What it answers
 * when it is to rest is no sign that it works, nor what it may answer
 * otherwise the next time. */
static bool mind_store(struct transfer *t, enum deed_status status,
		       const struct store_verdict *v)
{
	struct store_turn *turn = &t->store->turn;
	int64_t now = clock_monotonic_ms();

	if (v->unsure) /* What is asked instead tells. */
		return true;
	if (status == DEED_OK || !v->again) {
		if (t->answer.status != 0)
			store_turn_answered(turn, t->began, now);
		return true;
	}
	return store_turn_failed(turn, t->began, status == DEED_DAMAGED, now);
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

/* It fails for good. */
static void mind_end(struct transfer *t, const struct store_verdict *v,
		     const struct deed_error *why)
{
	if (why->status != DEED_REMOTE || !v->again)
		return;
	t->store->why = *why;
	store_turn_down(&t->store->turn, t->began);
}

/* What is told of a try; and kept, for the next may say less. */
static enum deed_status mind_words(struct transfer *t, CURLcode code,
				   enum deed_status status,
				   const struct store_verdict *v,
				   struct deed_error *why)
{
	if (is_cut_off(t, code)) {
		*why = t->before;
		status = why->status;
	} else if (status == DEED_REMOTE && !v->unsure) {
		t->away = *why;
	}
	t->before = *why;
	return status;
}

/* The endpoint is judged by the verdict as it came; the store only after what
 * a GET in a HEAD's place found was taken into it; then the words are chosen,
 * and whether there is another try. */
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
	bool may;

	t->answer.status = 0;
	status = store_try_end(&t->try, code, &asked, &t->answer, &items, &v,
			       &why);
	(void)curl_multi_remove_handle(s->multi, t->try.easy);
	t->running = false;
	mind_endpoint(t, &v);
	if (t->asks_instead)
		mind_instead(t, &status, &v, &why);
	may = mind_store(t, status, &v);
	status = mind_words(t, code, status, &v, &why);
	if (status != DEED_OK && try_again(t, &v, may)) {
		store_try_clear(&t->try);
		status = DEED_OK;
	} else {
		mind_end(t, &v, &why);
		status = finish(s, t, status, &why, &items, err);
	}
	buf_clear(&items);
	return status;
}

enum deed_status transfers_end(struct serving *s, struct deed_error *err)
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
