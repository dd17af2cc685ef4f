/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/flight.h"

#include <stdlib.h>

/* What is read back at the same time lies in memory. */
#define BACK_AT_ONCE ((size_t)24 << 20)

struct flight_item {
	struct place_ticket *ticket;
	void *what;
	unsigned part;
};

void flight_init(struct flight *f, size_t most, flight_fn *fn, void *arg)
{
	*f = (struct flight){ .fn = fn,
			      .arg = arg,
			      .most = most,
			      .mutex = PTHREAD_MUTEX_INITIALIZER };
}

void flight_clear(struct flight *f)
{
	flight_land(f);
	free(f->item);
	f->item = NULL;
	f->cap = 0;
	(void)pthread_mutex_destroy(&f->mutex);
}

/* No lock is held: the function that is told may begin another transfer. */
static void finish(struct flight *f, const struct flight_item *one)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = place_finish(one->ticket, &why);

	if (f->fn != NULL)
		f->fn(f->arg, one->what, one->part, status, &why);
}

/* The lock is held. */
static struct flight_item *item_at(struct flight *f, size_t i)
{
	return &f->item[(f->first + i) % f->cap];
}

/* The oldest, if there are more than so many. */
static bool take(struct flight *f, size_t most, struct flight_item *out)
{
	bool any;

	(void)pthread_mutex_lock(&f->mutex);
	any = f->count > most;
	if (any) {
		*out = *item_at(f, 0);
		f->first = (f->first + 1) % f->cap;
		f->count--;
	}
	(void)pthread_mutex_unlock(&f->mutex);
	return any;
}

/* The lock is held.  The old ones come first. */
static bool grow(struct flight *f)
{
	size_t cap = f->cap == 0 ? 16 : 2 * f->cap;
	struct flight_item *more = calloc(cap, sizeof(*more));

	if (more == NULL)
		return false;
	for (size_t i = 0; i < f->count; i++)
		more[i] = *item_at(f, i);
	free(f->item);
	f->item = more;
	f->first = 0;
	f->cap = cap;
	return true;
}

void flight_add(struct flight *f, struct place_ticket *ticket, void *what,
		unsigned part)
{
	struct flight_item one = { ticket, what, part };
	bool kept;

	(void)pthread_mutex_lock(&f->mutex);
	kept = f->count < f->cap || grow(f);
	if (kept) {
		f->count++;
		*item_at(f, f->count - 1) = one;
	}
	(void)pthread_mutex_unlock(&f->mutex);
	/* Without memory to keep it, it is waited for. */
	if (!kept)
		finish(f, &one);
	while (f->most > 0 && take(f, f->most, &one))
		finish(f, &one);
}

/* Nobody adds or lands meanwhile: a ticket that is waited for stays. */
void flight_settle(struct flight *f)
{
	size_t back = 0;

	for (size_t i = 0; i < f->count; i++) {
		back += place_settle_size(item_at(f, i)->ticket);
		if (i > 0 && back > BACK_AT_ONCE)
			break;
		place_settle(item_at(f, i)->ticket);
	}
}

void flight_land(struct flight *f)
{
	struct flight_item one;

	flight_settle(f);
	while (take(f, 0, &one)) {
		finish(f, &one);
		flight_settle(f);
	}
}
