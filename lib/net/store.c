/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/process.h"
#include "base/wire.h"
#include "crypto/digest.h"
#include "net/store_target.h"
#include "net/store_wire.h"

#define HELPER "deed-fetch"

/* The helper ends every request at its deadline; one that says nothing of it
 * for so much longer is killed. */
#define GRACE_MS 5000
/* It ends by itself at the end of its input. */
#define END_MS 1000

/*
 * Bodies that the helper may hold at once, all stores together: a request
 * that would exceed it waits, unless it is alone.
 */
#define BYTES_AT_ONCE ((size_t)28 << 20)

#define PIPE_SIZE (1 << 20)

struct store_client {
	struct store_client_options options;
	/* Who writes to the helper; taken before lock, never after it. */
	pthread_mutex_t writing;
	pthread_mutex_t lock; /* of all below, and of calls and stores */
	pthread_cond_t room;
	struct process *helper;
	pthread_t reader;
	bool reading, dead;
	struct deed_error why;	  /* dead */
	struct store_call *calls; /* under way */
	size_t bytes;		  /* of their bodies */
	uint64_t last_call;
	uint32_t last_store;
};

struct store {
	struct store_client *client;
	struct store_target target;
	char *texts[STORE_ENDPOINTS + 5]; /* what target points to */
	size_t text_count;
	struct secret *secret;
	uint32_t id;
	bool known; /* the helper has been told; only who writes looks */
	unsigned under_way;
};

struct store_call {
	struct store_call *next;
	struct store *store;
	struct store_client *client;
	pthread_cond_t changed;
	uint64_t id;
	size_t weight, max;
	unsigned limit;
	int64_t until; /* the helper has answered by then */
	bool done;
	enum deed_status status;
	struct store_answer answer;
	struct deed_error why;
};

/* ---- clients ---- */

static void cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(c, &attr);
	(void)pthread_condattr_destroy(&attr);
}

enum deed_status store_client_new(const struct store_client_options *options,
				  struct store_client **out,
				  struct deed_error *err)
{
	struct store_client *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	if (options != NULL)
		c->options = *options;
	if (c->options.connect_ms == 0)
		c->options.connect_ms = STORE_CONNECT_MS;
	if (c->options.deadline_ms == 0)
		c->options.deadline_ms = STORE_DEADLINE_MS;
	(void)pthread_mutex_init(&c->writing, NULL);
	(void)pthread_mutex_init(&c->lock, NULL);
	cond_init(&c->room);
	*out = c;
	return DEED_OK;
}

static void unlink_call(struct store_call *call)
{
	struct store_call **at = &call->client->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->client->bytes -= call->weight;
	call->store->under_way--;
}

/* Under the lock: the call has its answer. */
static void end_call(struct store_call *call, enum deed_status status,
		     const struct deed_error *why)
{
	unlink_call(call);
	call->status = status;
	if (status != DEED_OK)
		call->why = *why;
	call->done = true;
	(void)pthread_cond_signal(&call->changed);
	(void)pthread_cond_broadcast(&call->client->room);
}

/* Under the lock: nothing comes from the helper any more. */
static void end_all(struct store_client *c, const struct deed_error *why)
{
	if (!c->dead) {
		c->dead = true;
		c->why = *why;
	}
	while (c->calls != NULL)
		end_call(c->calls, c->why.status, &c->why);
	(void)pthread_cond_broadcast(&c->room);
}

static enum deed_status gone(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM, "'%s' ended before its answer",
			      HELPER);
}

static void wait_until(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms)
{
	const struct timespec until = { .tv_sec = (time_t)(ms / 1000),
					.tv_nsec =
						(long)(ms % 1000) * 1000000L };

	(void)pthread_cond_timedwait(c, lock, &until);
}

/*
 * Under the lock: a helper that hangs is killed, and all calls end.  Returns
 * when to look again.
 */
static int64_t mind_helper(struct store_client *c)
{
	int64_t now = clock_monotonic_ms(), first = INT64_MAX;
	struct deed_error why = DEED_ERROR_INIT;
	const struct store_call *call;

	for (call = c->calls; call != NULL; call = call->next)
		if (call->until < first)
			first = call->until;
	if (first > now)
		return first < now + GRACE_MS ? first : now + GRACE_MS;
	deed_error_set(&why, DEED_SYSTEM, "'%s' does not answer", HELPER);
	if (c->helper != NULL && process_id(c->helper) > 0)
		(void)kill(process_id(c->helper), SIGKILL);
	end_all(c, &why);
	return now;
}

/* ---- answers ---- */

static struct store_call *call_by(struct store_client *c, uint64_t id)
{
	struct store_call *call;

	for (call = c->calls; call != NULL && call->id != id; call = call->next)
		;
	return call;
}

static enum deed_status no_sense(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM,
			      "'%s' answers what was not asked", HELPER);
}

/* An ANSWER, and what is still to come of it. */
struct heard {
	struct store_wire_answer head;
	struct store_answer answer;
	bool open;
};

/* The call has all of its answer. */
static enum deed_status deliver(struct store_client *c, struct heard *h,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct store_call *call;

	h->open = false;
	(void)pthread_mutex_lock(&c->lock);
	call = call_by(c, h->head.call);
	if (call != NULL && h->answer.body.len <= call->max &&
	    h->answer.item_count <= call->limit) {
		call->answer = h->answer;
		h->answer = (struct store_answer)STORE_ANSWER_INIT;
		end_call(call, h->head.status, &h->head.why);
	} else {
		status = no_sense(err);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return status;
}

static enum deed_status take_answer(struct store_client *c, struct heard *h,
				    const struct buf *body,
				    struct deed_error *err)
{
	enum deed_status status;

	h->answer = (struct store_answer)STORE_ANSWER_INIT;
	status =
		store_wire_get_answer(buf_get(body), &h->head, &h->answer, err);
	if (status != DEED_OK)
		return status;
	h->open = h->head.follows != STORE_FOLLOWS_NONE;
	return h->open ? DEED_OK : deliver(c, h, err);
}

static const char *const methods[] = { "PUT", "GET", "HEAD", "DELETE",
				       "GET", "GET", "GET" };

static enum deed_status take_told(struct store_client *c, struct buf *body,
				  struct deed_error *err)
{
	struct slice in;
	unsigned method;

	buf_byte(body, 0);
	in = buf_get(body);
	if (c->options.told == NULL || body->failed ||
	    !wire_get_enum(&in, sizeof(methods) / sizeof(methods[0]), &method))
		return no_sense(err);
	c->options.told(c->options.arg, methods[method], (const char *)in.data);
	return DEED_OK;
}

static enum deed_status take_frame(struct store_client *c, struct heard *h,
				   uint32_t type, struct buf *body,
				   struct deed_error *err)
{
	enum deed_status status;

	if (h->open && type == STORE_FRAME_DATA &&
	    h->head.follows == STORE_FOLLOWS_DATA) {
		h->answer.body = *body;
		*body = (struct buf)BUF_INIT;
		return deliver(c, h, err);
	}
	if (h->open && type == STORE_FRAME_ITEMS &&
	    h->head.follows == STORE_FOLLOWS_ITEMS) {
		status =
			store_wire_get_items(body, STORE_PAGE, &h->answer, err);
		return status == DEED_OK ? deliver(c, h, err) : status;
	}
	if (h->open)
		return no_sense(err);
	if (type == STORE_FRAME_TOLD)
		return take_told(c, body, err);
	if (type == STORE_FRAME_ANSWER)
		return take_answer(c, h, body, err);
	return type == FRAME_END ? gone(err) : no_sense(err);
}

static void *read_answers(void *arg)
{
	struct heard h = { .answer = STORE_ANSWER_INIT };
	struct deed_error why = DEED_ERROR_INIT;
	struct store_client *c = arg;
	struct buf body = BUF_INIT;
	enum deed_status status;
	uint32_t type;

	do {
		status = frame_read(process_output(c->helper), &type, &body,
				    STORE_OBJECT_MAX, &why);
		if (status == DEED_OK)
			status = take_frame(c, &h, type, &body, &why);
	} while (status == DEED_OK);
	store_answer_clear(&h.answer);
	buf_clear(&body);
	(void)pthread_mutex_lock(&c->lock);
	end_all(c, &why);
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* Signals are for the program's own threads. */
static bool start_reader(struct store_client *c)
{
	sigset_t all, before;
	bool started;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&c->reader, NULL, read_answers, c) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

/* ---- the helper ---- */

/* Where the system gives them: the fewer times the two wait for each other in
 * the middle of an object the better. */
static void widen_pipes(const struct process *helper)
{
	(void)fcntl(process_input(helper), F_SETPIPE_SZ, PIPE_SIZE);
	(void)fcntl(process_output(helper), F_SETPIPE_SZ, PIPE_SIZE);
}

/* Who writes: start it, if this is the first request. */
static enum deed_status need_helper(struct store_client *c,
				    struct deed_error *err)
{
	const struct store_wire_client wire = {
		.connect_ms = c->options.connect_ms,
		.deadline_ms = c->options.deadline_ms,
		.tell = c->options.told != NULL,
	};
	struct process *helper = NULL;
	struct buf body = BUF_INIT;
	enum deed_status status;

	if (c->helper != NULL)
		return DEED_OK;
	store_wire_put_client(&wire, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = process_start_helper(HELPER, &helper, err);
	if (status == DEED_OK) {
		widen_pipes(helper);
		status = frame_write(process_input(helper), STORE_FRAME_CLIENT,
				     buf_get(&body), err);
	}
	buf_clear(&body);
	if (status != DEED_OK) {
		process_free(helper);
		return status;
	}
	(void)pthread_mutex_lock(&c->lock);
	c->helper = helper;
	c->reading = start_reader(c);
	if (!c->reading) {
		c->helper = NULL;
		status = deed_error_set(err, DEED_SYSTEM,
					"cannot start a thread");
	}
	(void)pthread_mutex_unlock(&c->lock);
	if (status != DEED_OK)
		process_free(helper);
	return status;
}

/* Who writes: the helper knows of the store from here on. */
static enum deed_status need_store(struct store *s, struct deed_error *err)
{
	int fd = process_input(s->client->helper);
	struct buf body = BUF_INIT;
	enum deed_status status;

	if (s->known)
		return DEED_OK;
	store_wire_put_target(s->id, &s->target, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = frame_write(fd, STORE_FRAME_TARGET, buf_get(&body),
				     err);
	buf_clear(&body);
	if (status == DEED_OK)
		status = frame_write(fd, STORE_FRAME_SECRET,
				     secret_slice(s->secret), err);
	s->known = status == DEED_OK;
	return status;
}

void store_client_free(struct store_client *c)
{
	if (c == NULL)
		return;
	if (c->helper != NULL) {
		process_close_input(c->helper);
		(void)pthread_mutex_lock(&c->lock);
		if (!c->dead)
			wait_until(&c->room, &c->lock,
				   clock_monotonic_ms() + END_MS);
		if (!c->dead && process_id(c->helper) > 0)
			(void)kill(process_id(c->helper), SIGKILL);
		(void)pthread_mutex_unlock(&c->lock);
		(void)pthread_join(c->reader, NULL);
		(void)!process_end(c->helper, END_MS, NULL);
		process_free(c->helper);
	}
	(void)pthread_cond_destroy(&c->room);
	(void)pthread_mutex_destroy(&c->lock);
	(void)pthread_mutex_destroy(&c->writing);
	free(c);
}

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
	struct buf body = BUF_INIT;

	(void)pthread_mutex_lock(&s->client->writing);
	wire_put_u32(&body, s->id);
	if (s->known && !body.failed)
		(void)!frame_write(process_input(s->client->helper),
				   STORE_FRAME_CLOSE, buf_get(&body), NULL);
	(void)pthread_mutex_unlock(&s->client->writing);
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
	cond_init(&call->changed);
	if (r->method == STORE_GET)
		call->max = r->max;
	call->limit = r->limit;
	call->weight = r->method == STORE_PUT ? r->body.len : call->max;
	if (r->method == STORE_GET && r->length != 0 &&
	    r->length < call->weight)
		call->weight = (size_t)r->length;
	return DEED_OK;
}

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
		wait_until(&c->room, &c->lock, mind_helper(c));
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

static enum deed_status write_order(struct store_call *call,
				    const struct store_request *r,
				    struct deed_error *err)
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
		status = need_helper(call->client, err);
	if (status == DEED_OK)
		status = need_store(call->store, err);
	if (status == DEED_OK) {
		fd = process_input(call->client->helper);
		status = frame_write(fd, STORE_FRAME_REQUEST, buf_get(&body),
				     err);
		if (status == DEED_OK && r->method == STORE_PUT)
			status =
				frame_write(fd, STORE_FRAME_BODY, r->body, err);
	}
	buf_clear(&body);
	return status;
}

/* What cannot be written ends all: half a frame may be there. */
static enum deed_status send_call(struct store_call *call,
				  const struct store_request *r)
{
	struct store_client *c = call->client;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	(void)pthread_mutex_lock(&c->writing);
	status = write_order(call, r, &why);
	(void)pthread_mutex_lock(&c->lock);
	if (status != DEED_OK) {
		if (c->reading)
			status = gone(&why);
		end_all(c, &why);
	}
	call->until = clock_monotonic_ms() + (int64_t)c->options.deadline_ms +
		      GRACE_MS;
	(void)pthread_mutex_unlock(&c->lock);
	(void)pthread_mutex_unlock(&c->writing);
	return status;
}

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
	(void)!send_call(call, r);
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
	if (whole.limit == 0 || whole.limit > STORE_PAGE)
		whole.limit = STORE_PAGE;
	if (whole.max == 0 || whole.max > STORE_OBJECT_MAX)
		whole.max = STORE_OBJECT_MAX;
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
		wait_until(&call->changed, &c->lock, mind_helper(c));
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
