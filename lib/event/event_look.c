/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include <time.h>

/* A change under way is waited for so often, so long. */
#define TRIES 20
#define PAUSE_NS 20000000

/* That nothing differs is believed as it is.  That something does counts only
 * where nothing was pending before and after and the log has not grown
 * between. */
static enum deed_status look(const struct event_home *home, event_look_fn *fn,
			     void *arg, bool *settled, struct deed_error *err)
{
	struct event_heads before, after;
	bool differs = false;
	enum deed_status status = event_heads_last(home, &before, err);

	if (status == DEED_OK)
		status = fn(arg, &before, &differs, err);
	*settled = status == DEED_OK && !differs;
	if (status != DEED_OK || *settled)
		return status;
	status = event_heads_last(home, &after, err);
	*settled = status == DEED_OK && !before.pending && !after.pending &&
		   after.size == before.size;
	return status;
}

/* Bounded, so that a home which others change all the time holds nobody up who
 * only looks. */
static enum deed_status look_on(const struct event_home *home,
				event_look_fn *fn, void *arg, bool *settled,
				struct deed_error *err)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	enum deed_status status = DEED_OK;

	*settled = false;
	for (int i = 0; status == DEED_OK && !*settled && i < TRIES; i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL);
		status = look(home, fn, arg, settled, err);
	}
	return status;
}

enum deed_status event_look(const struct event_home *home, event_look_fn *fn,
			    void *arg, int64_t time, struct deed_error *err)
{
	bool settled = false;
	enum deed_status status = look_on(home, fn, arg, &settled, err);

	if (status == DEED_OK && !settled) {
		/* Takes the lock: whoever holds it is waited for. */
		status = event_recover(home, time, err);
		if (status == DEED_OK)
			status = look_on(home, fn, arg, &settled, err);
	}
	if (status == DEED_OK && !settled)
		status = deed_error_set(err, DEED_LOCKED,
					"other runs change the home all the "
					"time");
	return status;
}
