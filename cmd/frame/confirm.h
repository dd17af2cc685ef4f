/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_CONFIRM_H
#define DEED_CMD_FRAME_CONFIRM_H

#include "cmd/frame/session.h"

/*
 * Before what cannot be undone.  The question is asked on the terminal, even
 * where standard output is a file, so it says all that the answer depends
 * on; "[y/N]" is added.  With yes nothing is asked.
 *
 * DEED_REFUSED: the answer was no, or nobody can be asked (no terminal, or
 * --no-input), with --yes as the hint.  With -n nothing is asked either.
 */
enum deed_status confirm(struct session *s, bool yes, const char *question,
			 struct deed_error *err) DEED_MUST_USE;

#endif
