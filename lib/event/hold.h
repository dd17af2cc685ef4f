/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_HOLD_H
#define DEED_EVENT_HOLD_H

#include "tlog/note.h"
#include "event/event.h"

/*
 * The home held still, for who copies it: as long as it is held no
 * transaction begins to change it, and none is half done.  Hold it for as
 * short as can be; others wait.
 */
struct event_hold;

/*
 * Lock the log as a writer does, finish or undo what an interrupted
 * transaction left, and compare the log with its second copy.  DEED_LOCKED,
 * DEED_INCONSISTENT as event_finish.  *out is let go by event_release.
 */
enum deed_status event_hold(const struct event_home *home, int64_t time,
			    struct event_hold **out,
			    struct deed_error *err) DEED_MUST_USE;

/* What the log's checkpoint says, and the signed note that says it. */
const struct checkpoint *event_held_checkpoint(const struct event_hold *hold);
struct slice event_held_note(const struct event_hold *hold);

/* NULL does nothing. */
void event_release(struct event_hold *hold);

#endif
