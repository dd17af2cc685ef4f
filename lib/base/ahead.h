/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_AHEAD_H
#define DEED_BASE_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Items that one thread takes in order, while others are at work on the next
 * ones: what takes its time to come is under way when it is asked for.  There
 * is a fixed number of slots, which bounds the memory; a thread for each stays
 * until the end.  Where the system gives no threads, and for one slot or one
 * item, the work is done by who takes.
 *
 *	ahead_init(&a, slots, fn, arg)
 *	ahead_seek(&a, first, end)	nothing is begun before this
 *	ahead_take(&a, &slot)		the item in turn: all of it is there
 *	ahead_pass(&a)			it is not needed any more; the next
 *	ahead_clear(&a)			waits for what is under way
 *
 * All but fn is called by one thread.
 */
#define AHEAD_SLOTS_MAX 16

/* Work on an item in its slot, by any thread.  What failed (false) is taken
 * as well, but is not kept for who comes back to it. */
typedef bool ahead_fn(void *arg, size_t item, size_t slot);

enum ahead_state { AHEAD_EMPTY, AHEAD_BUSY, AHEAD_GOOD, AHEAD_FAILED };

struct ahead {
	ahead_fn *fn;
	void *arg;
	size_t slots;
	pthread_t thread[AHEAD_SLOTS_MAX];
	size_t threads;
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t change;
	size_t turn; /* the item that is to be taken */
	size_t next; /* the first that nobody has begun */
	size_t end;  /* none from here on is begun */
	bool stop;
	struct {
		enum ahead_state state;
		size_t item;
	} slot[AHEAD_SLOTS_MAX];
};

/* slots from 1 to AHEAD_SLOTS_MAX. */
void ahead_init(struct ahead *a, size_t slots, ahead_fn *fn, void *arg);
void ahead_clear(struct ahead *a);

/*
 * Go on at item first, wherever it is, up to end.  What is there, or under
 * way, is not begun again.  What was taken before is not to be used any more.
 */
void ahead_seek(struct ahead *a, size_t first, size_t end);

/* The slot of the item in turn, as often as one likes; false: at the end. */
bool ahead_take(struct ahead *a, size_t *slot);
void ahead_pass(struct ahead *a);

#endif
