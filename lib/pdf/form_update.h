/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_FORM_UPDATE_H
#define DEED_PDF_FORM_UPDATE_H

#include "pdf/update.h"

/* SigFlags (ISO 32000-2 table 225). */
#define PDF_SIG_EXIST 1	      /* there is a signature field */
#define PDF_SIG_APPEND_ONLY 2 /* and a signature */
#define PDF_SIG_FLAGS (PDF_SIG_EXIST | PDF_SIG_APPEND_ONLY)

/*
 * Set flags in the form's /SigFlags, and list a field that is added (num 0:
 * none) in its /Fields, before another one if that is given.  A document
 * without a form gets one, of an object of its own.  What need not change is
 * left alone.
 */
enum deed_status pdf_form_update(struct pdf_update *u, struct pdf_document *doc,
				 struct pdf_ref added, int flags,
				 const struct pdf_ref *before,
				 struct deed_error *err) DEED_MUST_USE;

#endif
