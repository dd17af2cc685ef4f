/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_POOL_H
#define DEED_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The same work on many items, by several threads.  Threads live for one
 * call.  Where the system gives fewer threads than asked, or none, the
 * calling thread does the work: a pool cannot fail.
 */

/* The most threads of one pool. */
#define POOL_JOBS_MAX 256

/* Work on item i, from 0; called from any thread, each item once. */
typedef void pool_fn(void *arg, size_t i);

/*
 * Item i is finished: called by the calling thread only, in the order of
 * items.  False stops: no further item is begun, those begun are finished
 * without being told.
 */
typedef bool pool_done_fn(void *arg, size_t i);

/* Processors this process may use, at least 1. */
unsigned pool_processors(void);

/* All items by up to jobs threads (0: one a processor); returns when done. */
void pool_run(unsigned jobs, size_t count, pool_fn *fn, void *arg);

/*
 * The same, with done told in order.  At most window items (0: 4 a thread)
 * are begun ahead of the one that done waits for, so that results do not
 * pile up.  Returns how many items were told to done.
 */
size_t pool_run_ordered(unsigned jobs, size_t count, size_t window, pool_fn *fn,
			pool_done_fn *done, void *arg);

#endif
