/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_NAME_FOLD_H
#define DEED_KEY_NAME_FOLD_H

#include "base/buf.h"

/*
 * Append text as names compare it (RFC 5280 7.1, RFC 4518 2.2 to 2.6): what is
 * mapped to nothing left out, every kind of space one U+0020, none at the ends
 * and runs of them one, case folded and normalised (NFKC) by the tables of
 * libunistring, which are newer than Unicode 3.2: what had no letters then is
 * not prohibited, and no text is refused.  Octets that are not UTF-8 stand for
 * themselves.
 */
void name_fold(struct slice text, struct buf *out);

#endif
