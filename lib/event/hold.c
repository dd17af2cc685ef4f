/* SPDX-License-Identifier: Apache-2.0 */
#include "event/hold.h"

#include <stdlib.h>

#include "event/event_priv.h"

struct event_hold {
	struct event_lock lock;
};

enum deed_status event_hold(const struct event_home *home, int64_t time,
			    struct event_hold **out, struct deed_error *err)
{
	struct event_hold *hold = calloc(1, sizeof(*hold));
	enum deed_status status;

	*out = NULL;
	if (hold == NULL)
		return deed_error_memory(err);
	status = event_lock_log(home, time, true, &hold->lock, err);
	if (status == DEED_OK)
		status = event_finish_pending(&hold->lock, err);
	if (status != DEED_OK) {
		event_release(hold);
		return status;
	}
	*out = hold;
	return DEED_OK;
}

const struct checkpoint *event_held_checkpoint(const struct event_hold *hold)
{
	return tlog_checkpoint(hold->lock.log);
}

struct slice event_held_note(const struct event_hold *hold)
{
	return tlog_checkpoint_note(hold->lock.log);
}

void event_release(struct event_hold *hold)
{
	if (hold == NULL)
		return;
	event_unlock_log(&hold->lock);
	free(hold);
}
