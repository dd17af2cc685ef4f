/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define FIRST_MS 500
#define AGAIN_MS 100

static struct {
	pthread_mutex_t mutex;
	const char *what; /* NULL while nothing is shown */
	uint64_t total;
	int64_t next_ms;
	bool shown;
} line = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void wipe(void)
{
	if (line.shown)
		(void)fputs("\r\033[K", stderr);
	line.shown = false;
}

void progress_start(const struct session *s, const char *what, uint64_t total)
{
	(void)pthread_mutex_lock(&line.mutex);
	line.what = !s->quiet && isatty(STDERR_FILENO) ? what : NULL;
	line.total = total;
	line.next_ms = clock_monotonic_ms() + FIRST_MS;
	(void)pthread_mutex_unlock(&line.mutex);
}

void progress_set(uint64_t done)
{
	int64_t now;

	(void)pthread_mutex_lock(&line.mutex);
	now = line.what == NULL ? 0 : clock_monotonic_ms();
	if (line.what != NULL && now >= line.next_ms) {
		line.next_ms = now + AGAIN_MS;
		wipe();
		(void)fprintf(stderr, "%" PRIu64, done);
		if (line.total > 0)
			(void)fprintf(stderr, " of %" PRIu64, line.total);
		(void)fprintf(stderr, " %s", line.what);
		(void)fflush(stderr);
		line.shown = true;
	}
	(void)pthread_mutex_unlock(&line.mutex);
}

void progress_clear(void)
{
	(void)pthread_mutex_lock(&line.mutex);
	wipe();
	(void)pthread_mutex_unlock(&line.mutex);
}

void progress_end(void)
{
	(void)pthread_mutex_lock(&line.mutex);
	wipe();
	line.what = NULL;
	(void)pthread_mutex_unlock(&line.mutex);
}
