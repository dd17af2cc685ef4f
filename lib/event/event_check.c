/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "event/audit.h"
#include "event/event_priv.h"

#define ATTEMPTS 3

/*
 * The copy is read before the log: a writer brings the log forward first, so
 * that a copy read later could be ahead of it.
 */
static enum deed_status compare(const struct event_home *home,
				const struct note_verifier *v,
				struct deed_error *err)
{
	struct checkpoint copy;
	struct tlog *log = NULL;
	enum deed_status status = event_read_copy(home, v, &copy, err);

	if (status == DEED_OK)
		status = tlog_open(home->audit, v, &log, err);
	if (status == DEED_OK)
		status = tlog_contains(log, &copy, err);
	tlog_close(log);
	return status;
}

enum deed_status event_check(const struct event_home *home, bool *pending,
			     struct deed_error *err)
{
	char *lock = path_join(home->audit, EVENT_LOCK_NAME);
	struct deed_error why = DEED_ERROR_INIT;
	struct note_verifier v;
	enum deed_status status;
	int i;

	*pending = false;
	if (lock == NULL)
		return deed_error_memory(err);
	status = audit_key(home, &v, err);
	if (status != DEED_OK)
		goto out;
	/* A writer may replace a partial tile under a reader's eyes. */
	for (i = 0; i < ATTEMPTS; i++) {
		status = compare(home, &v, &why);
		if (status == DEED_OK || !lock_is_held(lock))
			break;
	}
	if (status != DEED_OK && err != NULL)
		*err = why;
	*pending = event_pending_exists(home) && !lock_is_held(lock) &&
		   event_pending_exists(home);
out:
	free(lock);
	return status;
}
