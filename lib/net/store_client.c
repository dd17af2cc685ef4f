/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_client.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/frame.h"
#include "net/store_wire.h"

/* It ends by itself at the end of its input. */
#define END_MS 1000

#define PIPE_SIZE (1 << 20)

void store_client_cond(pthread_cond_t *c)
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
	store_client_cond(&c->room);
	*out = c;
	return DEED_OK;
}

/* Under the lock.  What enter waits for is counted down in the same step in
 * which the call leaves the list. */
static void unlink_call(struct store_call *call)
{
	struct store_call **at = &call->client->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->client->bytes -= call->weight;
	call->store->under_way--;
}

void store_client_end_call(struct store_call *call, enum deed_status status,
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

void store_client_end(struct store_client *c, const struct deed_error *why)
{
	struct store_call *call, *next;

	if (!c->dead) {
		c->dead = true;
		c->why = *why;
	}
	for (call = c->calls; call != NULL; call = next) {
		next = call->next;
		if (!call->filling)
			store_client_end_call(call, c->why.status, &c->why);
	}
	(void)pthread_cond_broadcast(&c->room);
}

enum deed_status store_client_gone(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM, "'%s' ended before its answer",
			      STORE_HELPER);
}

void store_client_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms)
{
	const struct timespec until = { .tv_sec = (time_t)(ms / 1000),
					.tv_nsec =
						(long)(ms % 1000) * 1000000L };

	(void)pthread_cond_timedwait(c, lock, &until);
}

int64_t store_client_until(const struct store_client *c)
{
	return clock_monotonic_ms() + (int64_t)c->options.deadline_ms +
	       STORE_GRACE_MS;
}

/* Its reader ends with it. */
static void kill_helper(struct store_client *c)
{
	struct deed_error why = DEED_ERROR_INIT;

	deed_error_set(&why, DEED_SYSTEM, "'%s' does not answer", STORE_HELPER);
	if (c->helper != NULL && process_id(c->helper) > 0)
		(void)kill(process_id(c->helper), SIGKILL);
	store_client_end(c, &why);
}

void store_client_cut(struct store_client *c, int64_t until)
{
	struct deed_error why = DEED_ERROR_INIT;

	if (clock_monotonic_ms() >= until) {
		kill_helper(c);
		return;
	}
	(void)store_client_gone(&why);
	store_client_end(c, &why);
}

int64_t store_client_mind(struct store_client *c)
{
	int64_t now = clock_monotonic_ms(), first = INT64_MAX;
	const struct store_call *call;

	for (call = c->calls; call != NULL && !c->dead; call = call->next)
		if (call->until < first)
			first = call->until;
	if (first > now)
		return first < now + STORE_GRACE_MS ? first
						    : now + STORE_GRACE_MS;
	kill_helper(c);
	return now;
}

/* Where the system gives them: the fewer times the two wait for each other in
 * the middle of an object the better. */
static void widen_pipes(const struct process *helper)
{
	(void)fcntl(process_input(helper), F_SETPIPE_SZ, PIPE_SIZE);
	(void)fcntl(process_output(helper), F_SETPIPE_SZ, PIPE_SIZE);
}

enum deed_status store_client_need(struct store_client *c,
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
		status = process_start_helper(STORE_HELPER, &helper, err);
	if (status == DEED_OK) {
		widen_pipes(helper);
		process_never_block(helper);
		status = frame_write_until(process_input(helper),
					   STORE_FRAME_CLIENT, buf_get(&body),
					   store_client_until(c), err);
	}
	buf_clear(&body);
	if (status != DEED_OK) {
		process_free(helper);
		return status;
	}
	(void)pthread_mutex_lock(&c->lock);
	c->helper = helper;
	c->reading = store_client_listen(c);
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

void store_client_free(struct store_client *c)
{
	if (c == NULL)
		return;
	if (c->helper != NULL) {
		process_close_input(c->helper);
		(void)pthread_mutex_lock(&c->lock);
		if (!c->dead)
			store_client_wait(&c->room, &c->lock,
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
