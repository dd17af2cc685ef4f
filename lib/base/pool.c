/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t mutex;
	pthread_cond_t change;
	size_t next; /* the first item that nobody has begun */
	size_t end;  /* no item from here on is begun */
	size_t told; /* items before this were told to done */
	size_t window;
	uint8_t *finished; /* one an item; NULL where nobody is told */
	pool_fn *fn;
	void *arg;
};

unsigned pool_processors(void)
{
	cpu_set_t set;
	int count;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	count = CPU_COUNT(&set);
	return count < 1 ? 1 : (unsigned)count;
}

/* With the mutex held: take the next item, or false when there is none. */
static bool take(struct pool *p, bool wait, size_t *item)
{
	while (p->next < p->end && p->next - p->told >= p->window) {
		if (!wait)
			return false;
		(void)pthread_cond_wait(&p->change, &p->mutex);
	}
	if (p->next >= p->end)
		return false;
	*item = p->next++;
	return true;
}

/* With the mutex held, which is dropped for the work itself. */
static void do_item(struct pool *p, size_t item)
{
	(void)pthread_mutex_unlock(&p->mutex);
	p->fn(p->arg, item);
	(void)pthread_mutex_lock(&p->mutex);
	if (p->finished != NULL)
		p->finished[item] = 1;
	(void)pthread_cond_broadcast(&p->change);
}

/* Also run by the calling thread, where no other could be started and nobody
 * is told. */
static void *worker(void *arg)
{
	struct pool *p = arg;
	size_t item;

	(void)pthread_mutex_lock(&p->mutex);
	while (take(p, true, &item))
		do_item(p, item);
	(void)pthread_mutex_unlock(&p->mutex);
	return NULL;
}

/* Fewer than asked for is no fault: the threads that there are, or the caller,
 * do the rest. */
static unsigned start_threads(pthread_t *threads, unsigned count,
			      struct pool *p)
{
	sigset_t all, old;
	unsigned i;

	/* Signals are the main thread's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, worker, p) != 0)
			break;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return i;
}

/*
 * The calling thread tells what is finished, in order, and works itself only
 * where no thread could be started.
 */
static void tell(struct pool *p, unsigned threads, pool_done_fn *done)
{
	size_t item;
	bool go_on;

	(void)pthread_mutex_lock(&p->mutex);
	while (p->told < p->end) {
		if (p->finished[p->told]) {
			(void)pthread_mutex_unlock(&p->mutex);
			go_on = done(p->arg, p->told);
			(void)pthread_mutex_lock(&p->mutex);
			p->told++;
			if (!go_on)
				p->end = p->told;
			(void)pthread_cond_broadcast(&p->change);
		} else if (threads == 0 && take(p, false, &item)) {
			do_item(p, item);
		} else {
			(void)pthread_cond_wait(&p->change, &p->mutex);
		}
	}
	(void)pthread_mutex_unlock(&p->mutex);
}

/* One job needs no thread: the caller does it, by tell or by worker.  The
 * threads end by themselves, since tell lowers the end where it is stopped. */
static size_t run_jobs(struct pool *p, unsigned jobs, pool_done_fn *done)
{
	pthread_t threads[POOL_JOBS_MAX];
	unsigned started, i;

	started = jobs > 1 ? start_threads(threads, jobs, p) : 0;
	if (done != NULL)
		tell(p, started, done);
	else if (started == 0)
		(void)worker(p);
	for (i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	return p->told;
}

/* More threads than items would only start and end; the limit bounds the array
 * of threads on the stack. */
static unsigned clamp_jobs(unsigned jobs, size_t count)
{
	if (jobs == 0)
		jobs = pool_processors();
	if (jobs > POOL_JOBS_MAX)
		jobs = POOL_JOBS_MAX;
	return jobs > count ? (unsigned)count : jobs;
}

/* Without memory for the order: one after the other. */
static size_t run_plainly(size_t count, pool_fn *fn, pool_done_fn *done,
			  void *arg)
{
	size_t i;

	for (i = 0; i < count; i++) {
		fn(arg, i);
		if (!done(arg, i))
			return i + 1;
	}
	return count;
}

void pool_run(unsigned jobs, size_t count, pool_fn *fn, void *arg)
{
	struct pool p = { .mutex = PTHREAD_MUTEX_INITIALIZER,
			  .change = PTHREAD_COND_INITIALIZER,
			  .end = count,
			  .window = SIZE_MAX,
			  .fn = fn,
			  .arg = arg };

	(void)run_jobs(&p, clamp_jobs(jobs, count), NULL);
}

size_t pool_run_ordered(unsigned jobs, size_t count, size_t window, pool_fn *fn,
			pool_done_fn *done, void *arg)
{
	struct pool p = { .mutex = PTHREAD_MUTEX_INITIALIZER,
			  .change = PTHREAD_COND_INITIALIZER,
			  .end = count,
			  .fn = fn,
			  .arg = arg };
	size_t told;

	if (count == 0)
		return 0;
	jobs = clamp_jobs(jobs, count);
	p.window = window == 0 ? (size_t)jobs * 4 : window;
	p.finished = calloc(count, 1);
	if (p.finished == NULL)
		return run_plainly(count, fn, done, arg);
	told = run_jobs(&p, jobs, done);
	free(p.finished);
	return told;
}
