/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_SESSION_RUN_H
#define DEED_CMD_FRAME_SESSION_RUN_H

#include "base/log.h"
#include "cmd/frame/session.h"

/* The session's beginning and end, for program.c alone. */

/* Clear it with session_clear also after a failure. */
enum deed_status session_init(struct session *s, const struct command *c,
			      int64_t now,
			      struct deed_error *err) DEED_MUST_USE;
void session_clear(struct session *s);

/* The log's sink (base/log.h); arg is the session. */
log_fn session_log;

#endif
