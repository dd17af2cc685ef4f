/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CERTIFY_H
#define DEED_PDF_CERTIFY_H

#include "pdf/update.h"

/*
 * What a signature that is being made leaves to those who come after it.
 */

/* A field lock (ISO 32000-2 table 236) over all fields that allows nothing
 * afterwards: /Action /All, /P 1.  NULL without memory. */
struct pdf_object *pdf_lock_all(struct pdf_arena *a);

/* Is it one, whatever else it says? */
bool pdf_lock_is_all(const struct pdf_object *lock);

/*
 * Name the signature dictionary in the catalog's /Perms as the one that
 * certifies (12.8.6, /DocMDP).  After everything else that changes the
 * catalog.
 */
enum deed_status pdf_certify(struct pdf_update *u, struct pdf_document *doc,
			     struct pdf_ref value,
			     struct deed_error *err) DEED_MUST_USE;

#endif
