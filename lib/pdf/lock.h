/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_LOCK_H
#define DEED_PDF_LOCK_H

#include "pdf/changes.h"
#include "pdf/signature.h"

/*
 * Whether a field that was filled in after a signature is one that the
 * signature locks (FieldMDP).  *name, if given, is that field's full name,
 * which lives with the document; "" where it cannot be told which.
 */
bool pdf_lock_broken(struct pdf_document *doc, const struct pdf_signature *sig,
		     const struct pdf_changes *changes, const char **name);

#endif
