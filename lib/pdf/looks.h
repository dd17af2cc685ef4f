/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_LOOKS_H
#define DEED_PDF_LOOKS_H

#include "pdf/update.h"

/*
 * A form with /NeedAppearances true (ISO 32000-2 table 224) is drawn anew by
 * every reader, each in its own way, the box of a signature included: nobody
 * can say what was signed.  Where every field that shows something has an
 * appearance (12.5.5), the first signature takes the flag away; later ones
 * leave it, for that would be a change after the first.
 *
 * Call it last, when the form is in the update as it is to be.  DEED_REFUSED
 * names the first field that has none.  Nothing is changed without the flag
 * and in a document that is signed.  Limits: PDF_LOOKS_WIDGETS.
 */
#define PDF_LOOKS_WIDGETS 500000

enum deed_status pdf_looks_settle(struct pdf_update *u,
				  struct deed_error *err) DEED_MUST_USE;

#endif
