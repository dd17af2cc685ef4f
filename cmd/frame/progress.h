/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_PROGRESS_H
#define DEED_CMD_FRAME_PROGRESS_H

#include "cmd/frame/session.h"

/*
 * One line on standard error that tells how far a long piece of work is: on a
 * terminal only, not with -q, and only once half a second has passed.  One at
 * a time.  Any message takes the line away first.
 */

/* what is being counted ("documents", "MiB"); total 0 if unknown. */
void progress_start(const struct session *s, const char *what, uint64_t total);

/* How many are done by now.  From any thread. */
void progress_set(uint64_t done);

/* Take the line away. */
void progress_end(void);

/* Take the line away for a message; the next progress_set brings it back. */
void progress_clear(void);

#endif
