/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_CRL_WATCH_H
#define DEED_CMD_FRAME_CRL_WATCH_H

#include "cmd/frame/session.h"

/*
 * A word, once a run and on a terminal alone, where a revocation list of the
 * home has less than a week: nothing can be signed or relied on when it has
 * ended.  Not from the commands that tell or mend it.
 */
void crl_watch(struct session *s, const struct home *home);

#endif
