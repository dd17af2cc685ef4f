/* SPDX-License-Identifier: Apache-2.0 */
#include "base/worker.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/worker_wire.h"

_Static_assert(WORKERS_TOGETHER <= WORKER_TOGETHER, "a helper takes as many");

/* A helper whose socket is closed should be ending. */
#define GRACE_MS 1000

/* What an order takes, mostly, is far less. */
#define TURN_MS 5

/* One helper; in the list while it is idle. */
struct worker {
	struct worker *next;
	struct process *process;
	unsigned served;
	int processor;	 /* that it is bound to, -1 */
	struct buf room; /* for its frames */
};

struct workers {
	char name[64];
	struct worker_limits limits;
	pthread_mutex_t lock; /* of what follows */
	struct worker *idle;
	enum workers_confined confined;
};

enum deed_status workers_new(const char *helper,
			     const struct worker_limits *limits,
			     struct workers **out, struct deed_error *err)
{
	struct workers *w = calloc(1, sizeof(*w));

	*out = w;
	if (w == NULL)
		return deed_error_memory(err);
	(void)snprintf(w->name, sizeof(w->name), "%s", helper);
	w->limits = *limits;
	(void)pthread_mutex_init(&w->lock, NULL);
	return DEED_OK;
}

static void worker_free(struct worker *one)
{
	if (one == NULL)
		return;
	/* At the end of its orders it ends; one that does not is killed. */
	if (one->process != NULL)
		(void)!process_end(one->process, GRACE_MS, NULL);
	process_free(one->process);
	buf_clear(&one->room);
	free(one);
}

void workers_free(struct workers *w)
{
	struct worker *one;

	if (w == NULL)
		return;
	while (w->idle != NULL) {
		one = w->idle;
		w->idle = one->next;
		worker_free(one);
	}
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}

enum workers_confined workers_confined(const struct workers *w)
{
	return w->confined;
}

/* ---- the conversation ---- */

/*
 * Caller and helper take turns.  On one processor a turn is a switch from one
 * to the other; on two it wakes a processor that has gone to sleep, which
 * costs about as much as parsing a small document.
 */
static void bring_here(struct worker *one)
{
	int here = sched_getcpu();
	cpu_set_t set;

	if (here < 0 || here >= CPU_SETSIZE || here == one->processor)
		return;
	CPU_ZERO(&set);
	CPU_SET(here, &set);
	if (sched_setaffinity(process_id(one->process), sizeof(set), &set) == 0)
		one->processor = here;
}

/* Who computes for long goes where there is room, as far as we may. */
static void let_go(struct worker *one)
{
	cpu_set_t set;

	if (one->processor < 0 || sched_getaffinity(0, sizeof(set), &set) != 0)
		return;
	(void)sched_setaffinity(process_id(one->process), sizeof(set), &set);
	one->processor = -1;
}

/* An answer; body lies in the room of one. */
static enum worker_got receive(const struct workers *w, struct worker *one,
			       uint32_t *type, struct slice *body)
{
	int64_t now = clock_monotonic_ms();
	int64_t until = now + 1000 * (int64_t)w->limits.seconds;

	if (!worker_wait(process_output(one->process), now + TURN_MS))
		let_go(one);
	return worker_receive(process_output(one->process), w->limits.answer,
			      until, NULL, &one->room, type, body);
}

/* Nothing is known of what it was asked; say what became of it. */
static enum deed_status lost(const struct workers *w, struct worker *one,
			     enum worker_got got, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;

	if (got == WORKER_NO_MEMORY)
		return deed_error_memory(err);
	if (got == WORKER_LATE)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "'%s' did not answer within %u seconds",
				      w->name, w->limits.seconds);
	if (got == WORKER_NONSENSE)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "'%s' answered nonsense", w->name);
	if (process_end(one->process, GRACE_MS, &why) == DEED_OK)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "'%s' ended without an answer", w->name);
	return deed_error_set(err, DEED_INDETERMINATE, "%s", why.message);
}

/* ---- helpers, idle and new ---- */

/* One that takes no order is as bad as one that does not answer. */
static void set_patience(const struct workers *w, int socket)
{
	struct timeval time = { .tv_sec = (time_t)w->limits.seconds };

	(void)setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

/* A new one says first what holds it, or why it does not serve. */
static enum deed_status listen_to(struct workers *w, struct worker *one,
				  struct deed_error *err)
{
	enum worker_got got;
	struct slice hello;
	uint32_t type;

	set_patience(w, process_output(one->process));
	got = receive(w, one, &type, &hello);
	if (got == WORKER_FRAME && type == FRAME_ERROR)
		return frame_take_error(hello, err);
	if (got != WORKER_FRAME || type != WORKER_HELLO || hello.len != 1)
		return lost(w, one, got == WORKER_FRAME ? WORKER_NONSENSE : got,
			    err);
	log_say(LOG_STEP,
		hello.data[0] == 1
			? "'%s' runs in a sandbox"
			: "'%s' runs without a sandbox: the kernel or this "
			  "build has none",
		w->name);
	(void)pthread_mutex_lock(&w->lock);
	w->confined =
		hello.data[0] == 1 ? WORKERS_CONFINED : WORKERS_UNCONFINED;
	(void)pthread_mutex_unlock(&w->lock);
	return DEED_OK;
}

/* It is not in the list: it belongs to whoever asked, until give_back. */
static enum deed_status start(struct workers *w, struct worker **out,
			      struct deed_error *err)
{
	struct worker *one = calloc(1, sizeof(*one));
	enum deed_status status;

	*out = NULL;
	if (one == NULL)
		return deed_error_memory(err);
	one->processor = -1;
	status = process_start_worker(w->name, &one->process, err);
	if (status == DEED_OK)
		status = listen_to(w, one, err);
	if (status == DEED_OK)
		*out = one;
	else
		worker_free(one);
	return status;
}

/* The lock is not held while a helper is started, which takes milliseconds:
 * others take idle ones or start their own meanwhile. */
static enum deed_status take(struct workers *w, struct worker **out,
			     struct deed_error *err)
{
	(void)pthread_mutex_lock(&w->lock);
	*out = w->idle;
	if (*out != NULL)
		w->idle = (*out)->next;
	(void)pthread_mutex_unlock(&w->lock);
	return *out != NULL ? DEED_OK : start(w, out, err);
}

/* Only after a good conversation: one that answered nonsense is freed.
 * Replaced after a number of orders, so that what a hostile document left
 * behind in a parser does not last. */
static void give_back(struct workers *w, struct worker *one, size_t served)
{
	one->served += (unsigned)served;
	if (one->served >= w->limits.orders) {
		worker_free(one);
		return;
	}
	(void)pthread_mutex_lock(&w->lock);
	one->next = w->idle;
	w->idle = one;
	(void)pthread_mutex_unlock(&w->lock);
}

/* A helper that did not answer well is ended here, and no other thread gets
 * it: it may still be at work on the order. */
enum deed_status workers_call(struct workers *w, uint32_t order,
			      struct slice body, int fd, uint32_t *type,
			      struct buf *answer, struct deed_error *err)
{
	enum worker_got got = WORKER_END;
	enum deed_status status;
	struct worker *one;
	struct slice said;

	*type = FRAME_END;
	buf_reset(answer);
	if (body.len > WORKER_BODY_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "an order of %zu bytes is too large",
				      body.len);
	status = take(w, &one, err);
	if (status != DEED_OK)
		return status;
	bring_here(one);
	if (worker_send(process_output(one->process), order, body, &fd, fd >= 0,
			&one->room))
		got = receive(w, one, type, &said);
	if (got != WORKER_FRAME) {
		status = lost(w, one, got, err);
		worker_free(one);
		return status;
	}
	if (*type == FRAME_ERROR) {
		status = frame_take_error(said, err);
	} else {
		buf_slice(answer, said);
		status = buf_status(answer, err);
	}
	give_back(w, one, 1);
	return status;
}

/* ---- together ---- */

/* The helper's own error is an answer like any other: the conversation goes
 * on. */
static bool take_answer(struct slice *many, struct workers_order *o)
{
	struct slice said;

	if (!worker_next(many, &o->type, &said))
		return false;
	buf_reset(&o->answer);
	if (o->type == FRAME_ERROR) {
		o->status = frame_take_error(said, &o->err);
	} else {
		buf_slice(&o->answer, said);
		o->status = buf_status(&o->answer, &o->err);
	}
	return true;
}

/* All or none are answered. */
static bool call_together(struct workers *w, struct worker *one,
			  struct workers_order *orders, size_t count)
{
	struct buf body = BUF_INIT;
	struct slice said;
	uint32_t type;
	int fds[WORKERS_TOGETHER];
	bool good = true;
	size_t i;

	for (i = 0; i < count; i++) {
		frame_put(&body, orders[i].order, orders[i].body);
		fds[i] = orders[i].fd;
	}
	bring_here(one);
	good = !body.failed && body.len <= WORKER_BODY_MAX &&
	       worker_send(process_output(one->process), WORKER_MANY,
			   buf_get(&body), fds, count, &one->room) &&
	       receive(w, one, &type, &said) == WORKER_FRAME &&
	       type == WORKER_MANY;
	for (i = 0; i < count && good; i++)
		good = take_answer(&said, &orders[i]);
	/* There may be passwords in it. */
	if (body.data != NULL)
		secret_wipe(body.data, body.len);
	buf_clear(&body);
	return good && said.len == 0;
}

void workers_call_many(struct workers *w, struct workers_order *orders,
		       size_t count)
{
	struct worker *one = NULL;
	bool good = false;
	size_t i;

	assert(count <= WORKERS_TOGETHER);
	for (i = 0; i < count; i++)
		orders[i].err = (struct deed_error)DEED_ERROR_INIT;
	if (count > 1 && take(w, &one, NULL) == DEED_OK) {
		good = call_together(w, one, orders, count);
		if (good)
			give_back(w, one, count);
		else
			worker_free(one);
	}
	for (i = 0; i < count && !good; i++)
		orders[i].status = workers_call(
			w, orders[i].order, orders[i].body, orders[i].fd,
			&orders[i].type, &orders[i].answer, &orders[i].err);
}
