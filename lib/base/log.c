/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static log_fn *sink;
static void *sink_arg;

void log_set(log_fn *fn, void *arg)
{
	sink = fn;
	sink_arg = arg;
}

void log_say(enum log_level level, const char *fmt, ...)
{
	char message[1024];
	va_list args;

	if (sink == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	sink(sink_arg, level, message);
}
