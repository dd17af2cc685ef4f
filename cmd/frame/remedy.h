/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_REMEDY_H
#define DEED_CMD_FRAME_REMEDY_H

#include "cmd/frame/session.h"

/*
 * What the remedies of errors are called on the command line: the floors
 * below name them by a word (deed_error_remedy), and never an option.  What to
 * do about the reasons of a verdict is in report/remedy.h.
 */

/* Append a hint as it is printed, cleaned, on one line: that of a remedy in
 * words, any other as it is. */
void remedy_text(const struct session *s, const char *hint, struct buf *out);

#endif
