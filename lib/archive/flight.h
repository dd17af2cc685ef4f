/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_FLIGHT_H
#define DEED_ARCHIVE_FLIGHT_H

#include <pthread.h>

#include "archive/place/place.h"

/*
 * Transfers that were begun and are finished together, so that places work at
 * the same time.  What became of each is told to one function, by whoever
 * finishes it; at most a number of them is out, then the oldest is waited for.
 *
 *	flight_init(&f, most, fn, arg)
 *	flight_add(&f, ticket, what, part)	any number, by any thread
 *	flight_settle(&f)			optional: as place_settle, of
 *						as many as memory allows
 *	flight_land(&f)				all are done, and told
 *	flight_clear(&f)			lands what is still out
 */

/* why is what place_finish said.  No lock is held.  NULL: nobody asks. */
typedef void flight_fn(void *arg, void *what, unsigned part,
		       enum deed_status status, const struct deed_error *why);

struct flight_item;

struct flight {
	flight_fn *fn;
	void *arg;
	size_t most;
	pthread_mutex_t mutex; /* over what follows */
	struct flight_item *item;
	size_t first, count, cap; /* a ring */
};

/* most 0: any number. */
void flight_init(struct flight *f, size_t most, flight_fn *fn, void *arg);
void flight_clear(struct flight *f);

/* The ticket is the flight's.  what and part are for fn. */
void flight_add(struct flight *f, struct place_ticket *ticket, void *what,
		unsigned part);

/* While nobody else adds. */
void flight_settle(struct flight *f);
void flight_land(struct flight *f);

#endif
