/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_PNG_H
#define DEED_REPORT_PNG_H

#include "base/buf.h"

/*
 * Pixels as a PNG (ISO/IEC 15948): three bytes each, red first, row by row,
 * width * height * 3 in all.  Appended to out; the same pixels give the same
 * bytes with the same zlib.
 */
void report_png(uint32_t width, uint32_t height, struct slice pixels,
		struct buf *out);

#endif
