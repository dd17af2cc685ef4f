/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_NAME_FOLD_H
#define DEED_KEY_NAME_FOLD_H

#include "base/buf.h"

/*
 * Text as names compare it (RFC 5280 7.1, RFC 4518 2): what is mapped to
 * nothing left out, every kind of space one U+0020, none at the ends and
 * runs of them one, letters in lower case.  Case is folded in the Latin,
 * Greek, Cyrillic, Armenian and fullwidth alphabets; text is not otherwise
 * normalised (an e with a combining accent is not the e with accent).
 * Octets that are not UTF-8 stand for themselves.
 */
void name_fold(struct slice text, struct buf *out);

#endif
