/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_ORPHAN_H
#define DEED_PDF_ORPHAN_H

#include "pdf/document.h"

/*
 * Signature dictionaries by where they stand in the file, whoever refers to
 * them, in any revision: so that one that a later change has cut off from its
 * field is not overlooked.  The file is read once for the word /ByteRange; at
 * most 4096 are followed.  Usage rights (UR3) are left out, and what no
 * cross-reference section lists.
 */
typedef enum deed_status pdf_orphan_fn(void *arg, struct pdf_document *view,
				       struct pdf_ref ref,
				       const struct pdf_object *dict,
				       struct deed_error *err);
enum deed_status pdf_orphans_each(struct pdf_document *doc, pdf_orphan_fn *fn,
				  void *arg,
				  struct deed_error *err) DEED_MUST_USE;

/* Objects as they stand in the file ("N G obj"), outside of all that some
 * table lists, at byte at. */
typedef enum deed_status pdf_stray_fn(void *arg, uint32_t num, uint64_t at,
				      struct deed_error *err);
enum deed_status pdf_strays_each(struct pdf_document *doc, pdf_stray_fn *fn,
				 void *arg,
				 struct deed_error *err) DEED_MUST_USE;

#endif
