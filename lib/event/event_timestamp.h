/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_TIMESTAMP_H
#define DEED_EVENT_TIMESTAMP_H

#include "base/buf.h"
#include "event/event.h"

/*
 * Time-stamps on what the office says of itself, where an authority is
 * configured: on statements (a signature-time-stamp, as CAdES has it, in the
 * CMS) and on checkpoints of the log (a token beside it), so that neither can
 * be dated back, by the office itself no less.
 *
 * An authority that does not answer keeps nothing from happening: it is
 * warned of, and the next checkpoint covers all before it.  Where time-stamps
 * are required, a statement is not made without one, and an operation whose
 * checkpoint got none says so although it is done (DEED_REMOTE).
 *
 * No lock is held while an authority is asked.
 */
typedef enum deed_status event_timestamp_fn(void *arg, struct slice sha256,
					    struct buf *token,
					    struct deed_error *err);

/* Whom to ask.  Read only; fn is called from any thread.  Below NULL stands
 * for nobody, and nothing is stamped. */
struct event_timestamps {
	event_timestamp_fn *fn;
	void *arg;
	bool required;
};

/* Put a time-stamp into a statement that was just signed. */
enum deed_status
event_timestamp_statement(const struct event_timestamps *timestamps,
			  struct buf *statement,
			  struct deed_error *err) DEED_MUST_USE;

/* The same for one that lies in a file, which is replaced at once: what is
 * signed under the log's lock is stamped afterwards. */
enum deed_status event_timestamp_file(const struct event_timestamps *timestamps,
				      const char *path,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * The checkpoint that the log has now, unless it has a time-stamp, by
 * home->timestamps: kept as timestamp/SIZE.checkpoint beside
 * timestamp/SIZE.tst in the log's directory, as deed-log(5) describes.
 * event_finish calls it.
 */
enum deed_status
event_timestamp_checkpoint(const struct event_home *home,
			   struct deed_error *err) DEED_MUST_USE;

/*
 * Judge the log's time-stamps: each token is intact and of its checkpoint.
 * Calls fn with the checkpoint and the time; a bad one with fault, in words.
 * Whom to believe is not asked.
 */
typedef enum deed_status event_timestamps_fn(void *arg, const char *name,
					     struct slice checkpoint,
					     int64_t time, const char *fault,
					     struct deed_error *err);
enum deed_status event_timestamps_each(const struct event_home *home,
				       event_timestamps_fn *fn, void *arg,
				       struct deed_error *err) DEED_MUST_USE;

#endif
