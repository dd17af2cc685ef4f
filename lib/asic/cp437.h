/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_CP437_H
#define DEED_ASIC_CP437_H

#include "base/buf.h"

/*
 * Append text of code page 437 as UTF-8: the character set of a ZIP entry's
 * name whose bit 11 is absent (APPNOTE 6.3.3, appendix D.1).  Bytes below 0x80
 * are those of ASCII, control characters too.
 */
void cp437_decode(struct slice text, struct buf *out);

#endif
