/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cpu.h"

#include <sys/resource.h>

/* Of the children only those count that were waited for: a helper that is
 * still running is not in it. */
static int64_t used_by(int who)
{
	struct rusage r = { .ru_nvcsw = 0 };

	(void)getrusage(who, &r);
	return ((int64_t)r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
	       (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

int64_t cpu_used_ms(void)
{
	return used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
}
