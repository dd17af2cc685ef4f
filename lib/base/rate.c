/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rate.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

/* The monotonic clock: setting the time neither stops a transfer nor lets it
 * rush. */
static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Until a point in time, so that a signal that interrupts does not lengthen
 * the pause. */
static void sleep_until(double when)
{
	struct timespec t = { .tv_sec = (time_t)when };

	t.tv_nsec = (long)((when - (double)t.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
}

/* What was not used while nothing was done is not saved up. */
void rate_take(struct rate *r, uint64_t count)
{
	double present = now(), due;

	if (r == NULL || r->bytes == 0)
		return;
	(void)pthread_mutex_lock(&r->mutex);
	if (r->due < present)
		r->due = present;
	r->due += (double)count / (double)r->bytes;
	due = r->due;
	(void)pthread_mutex_unlock(&r->mutex);
	sleep_until(due);
}
