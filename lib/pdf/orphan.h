/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_ORPHAN_H
#define DEED_PDF_ORPHAN_H

#include "pdf/document.h"

/*
 * Signature dictionaries by where they stand in the file, whoever refers to
 * them, in any revision: so that one that a later change has cut off from its
 * field is not overlooked.  The file is read once for the word /ByteRange.
 * Usage rights (UR3) are left out, and what no cross-reference section lists.
 */
typedef enum deed_status pdf_orphan_fn(void *arg, struct pdf_document *view,
				       struct pdf_ref ref,
				       const struct pdf_object *dict,
				       struct deed_error *err);
enum deed_status pdf_orphans_each(struct pdf_document *doc, pdf_orphan_fn *fn,
				  void *arg,
				  struct deed_error *err) DEED_MUST_USE;

#endif
