/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_STRIP_H
#define DEED_PDF_STRIP_H

#include "pdf/update.h"

/*
 * A part of a form XObject as a form of its own: what is cut off by its /BBox
 * (ISO 32000-2 8.10.1).  The whole is painted by reference, so that a hundred
 * strips take no more room than their frames.
 *
 * form is one of this update (pdf/import.h).  from and to are parts of its
 * width, from 0 to 1, as it stands by its own matrix; turn is what it is
 * turned by on top of that, counterclockwise in degrees (pdf_turn_matrix).
 */
enum deed_status pdf_strip_make(struct pdf_update *u, struct pdf_ref form,
				double from, double to, int turn,
				struct pdf_ref *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
