/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/each.h"

#include "archive/place/place.h"

#define AT_ONCE 64

bool each_is_local(const struct archive *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (!place_is_local(a->place[i]))
			return false;
	return true;
}

void each_run(const struct archive *a, size_t count, pool_fn *fn, void *arg)
{
	pool_run(each_is_local(a) ? 1 : AT_ONCE, count, fn, arg);
}

unsigned each_jobs(const struct archive *a, unsigned most)
{
	unsigned jobs = pool_processors();

	return each_is_local(a) && jobs < most ? jobs : most;
}
