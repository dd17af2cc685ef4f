/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_XREF_PRIV_H
#define DEED_PDF_XREF_PRIV_H

#include "pdf/core.h"

/* What xref_section.c and xref_stream.c share: entries, and what is wrong. */

/* DEED_MALFORMED: the section at this byte, and what it is. */
enum deed_status xref_bad(const char *what, uint64_t at,
			  struct deed_error *err);

/* One entry more; its work is charged. */
enum deed_status xref_add(struct pdf_core *core, struct pdf_xref_entry entry,
			  struct deed_error *err) DEED_MUST_USE;

/* The value of an entry: value fits 62 bits. */
static inline uint64_t xref_tagged(enum pdf_where where, uint64_t value)
{
	return (uint64_t)where << 62 | value;
}

/*
 * The section at a byte as a cross-reference stream, without a document:
 * nothing can be resolved before the cross-reference data is known, so that all
 * that it needs must be direct.  The stream lives in the document's arena, as
 * its dictionary serves as trailer.
 */
enum deed_status xref_read_stream(struct pdf_core *core, uint64_t at,
				  uint64_t *after, struct pdf_object **trailer,
				  struct deed_error *err) DEED_MUST_USE;

#endif
