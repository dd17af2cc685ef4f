/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SIGN_FIELD_PRIV_H
#define DEED_PDF_SIGN_FIELD_PRIV_H

#include "pdf/sign_field.h"

/* What sign_field.c, which makes and fills fields, asks of
 * sign_field_find.c. */

/* By the full name in UTF-8, as the user gives it; a list of fields may have
 * several, of which the first counts.  NULL where there is none. */
const struct pdf_field *sign_field_named(const struct pdf_field *fields,
					 size_t count, const char *name);

/* The widget of a field: itself, or its one kid (ISO 32000-2 12.7.4.2), with
 * its number.  DEED_UNSUPPORTED where there are several. */
enum deed_status sign_field_widget(struct pdf_document *doc,
				   const struct pdf_field *field,
				   struct pdf_ref *ref,
				   const struct pdf_object **dict,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * The empty signature field of that name.  NULL without an error: no field and
 * no node above one has the name, so that a new field may take it.
 * DEED_REFUSED as pdf_sign_field_find.
 */
enum deed_status sign_field_empty(struct pdf_document *doc, const char *name,
				  const struct pdf_field **field,
				  struct deed_error *err) DEED_MUST_USE;

#endif
