/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_LOG_H
#define DEED_BASE_LOG_H

#include "base/status.h"

/*
 * What the library has to say while it works.  It never prints: cmd gives a
 * function, which prints what -v and -q allow; without one nothing is said.
 * The function may be called from any thread of a pool.  Text from outside
 * is passed as it is: whoever prints it cleans it.
 */
enum log_level {
	LOG_WARNING,  /* shown without -v, gone with -q */
	LOG_STEP,     /* -v: what is done */
	LOG_DECISION, /* -vv: why */
};

typedef void log_fn(void *arg, enum log_level level, const char *message);

/* Set once, before threads start.  fn may be NULL. */
void log_set(log_fn *fn, void *arg);

void log_say(enum log_level level, const char *fmt, ...) DEED_PRINTF(2, 3);

#endif
