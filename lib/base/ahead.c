/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ahead.h"

#include <assert.h>
#include <signal.h>

void ahead_init(struct ahead *a, size_t slots, ahead_fn *fn, void *arg)
{
	assert(slots > 0 && slots <= AHEAD_SLOTS_MAX);
	*a = (struct ahead){ .fn = fn,
			     .arg = arg,
			     .slots = slots,
			     .mutex = PTHREAD_MUTEX_INITIALIZER,
			     .change = PTHREAD_COND_INITIALIZER };
}

void ahead_clear(struct ahead *a)
{
	(void)pthread_mutex_lock(&a->mutex);
	a->stop = true;
	(void)pthread_cond_broadcast(&a->change);
	(void)pthread_mutex_unlock(&a->mutex);
	while (a->threads > 0)
		(void)pthread_join(a->thread[--a->threads], NULL);
	(void)pthread_cond_destroy(&a->change);
	(void)pthread_mutex_destroy(&a->mutex);
}

/* The lock is held, here and below. */
static bool holds(const struct ahead *a, size_t item, enum ahead_state state)
{
	size_t slot = item % a->slots;

	return a->slot[slot].item == item && a->slot[slot].state == state;
}

/*
 * May the next one be begun?  One that is there, or that is under way for who
 * was here before, is passed over.
 */
static bool can_begin(struct ahead *a)
{
	while (a->next < a->end && a->next - a->turn < a->slots &&
	       (holds(a, a->next, AHEAD_GOOD) || holds(a, a->next, AHEAD_BUSY)))
		a->next++;
	return a->next < a->end && a->next - a->turn < a->slots &&
	       a->slot[a->next % a->slots].state != AHEAD_BUSY;
}

/* The lock is dropped for the work itself. */
static void begin(struct ahead *a)
{
	size_t item = a->next++, slot = item % a->slots;
	bool good;

	a->slot[slot].item = item;
	a->slot[slot].state = AHEAD_BUSY;
	(void)pthread_mutex_unlock(&a->mutex);
	good = a->fn(a->arg, item, slot);
	(void)pthread_mutex_lock(&a->mutex);
	a->slot[slot].state = good ? AHEAD_GOOD : AHEAD_FAILED;
	(void)pthread_cond_broadcast(&a->change);
}

/* A thread stays for as long as the structure does: between two seeks it
 * sleeps, so that seeking costs no new threads. */
static void *worker(void *arg)
{
	struct ahead *a = arg;

	(void)pthread_mutex_lock(&a->mutex);
	while (!a->stop)
		if (can_begin(a))
			begin(a);
		else
			(void)pthread_cond_wait(&a->change, &a->mutex);
	(void)pthread_mutex_unlock(&a->mutex);
	return NULL;
}

/* As many as there is work for.  Signals are the main thread's. */
static void start_threads(struct ahead *a)
{
	size_t left = a->end - a->turn;
	size_t most = left < a->slots ? left : a->slots;
	sigset_t all, old;

	if (most < 2 || a->threads >= most)
		return;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	while (a->threads < most &&
	       pthread_create(&a->thread[a->threads], NULL, worker, a) == 0)
		a->threads++;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* Far off, only what is there or under way is used again. */
void ahead_seek(struct ahead *a, size_t first, size_t end)
{
	(void)pthread_mutex_lock(&a->mutex);
	if (first < a->turn || first >= a->next)
		a->next = first;
	a->turn = first;
	a->end = end > first ? end : first;
	(void)pthread_cond_broadcast(&a->change);
	(void)pthread_mutex_unlock(&a->mutex);
}

/* What failed is ready as well: whoever takes it finds out and says so.  It is
 * only not kept for a second seek. */
static bool is_ready(const struct ahead *a)
{
	return a->turn < a->next && (holds(a, a->turn, AHEAD_GOOD) ||
				     holds(a, a->turn, AHEAD_FAILED));
}

/* Who waits does the work if nobody has begun it. */
static void await_turn(struct ahead *a)
{
	bool more = can_begin(a);

	while (!is_ready(a)) {
		if (more && a->next == a->turn)
			begin(a);
		else
			(void)pthread_cond_wait(&a->change, &a->mutex);
		more = can_begin(a);
	}
}

bool ahead_take(struct ahead *a, size_t *slot)
{
	bool any;

	(void)pthread_mutex_lock(&a->mutex);
	any = a->turn < a->end;
	if (any) {
		start_threads(a);
		await_turn(a);
	}
	*slot = a->turn % a->slots;
	(void)pthread_mutex_unlock(&a->mutex);
	return any;
}

void ahead_pass(struct ahead *a)
{
	(void)pthread_mutex_lock(&a->mutex);
	a->turn++;
	(void)pthread_cond_broadcast(&a->change);
	(void)pthread_mutex_unlock(&a->mutex);
}
