/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_ARCHIVAL_H
#define DEED_PDF_ARCHIVAL_H

#include "pdf/document.h"

/*
 * PDF/A (ISO 19005): what a document claims to be, so that what is added to
 * it does not make that untrue.  Whether the claim was true is not asked.
 */
struct pdf_archival {
	int part;	 /* pdfaid:part of its metadata, 1 to 4; 0 if none */
	bool rgb_intent; /* it has an output intent for RGB */
};

/* Metadata that cannot be read claims nothing.  DEED_NO_MEMORY, DEED_IO. */
enum deed_status pdf_archival_read(struct pdf_document *doc,
				   struct pdf_archival *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * May what is added blend with the page (ISO 32000-2 11.3.5)?  Not in PDF/A-1,
 * which has no transparency; nor in later parts without an output intent for
 * RGB, where every page would have to say in which colours it blends (ISO
 * 19005-2 6.2.10).
 */
bool pdf_archival_blends(const struct pdf_archival *a);

/* Resources' /ColorSpace with calibrated /DefaultRGB and /DefaultGray (ISO
 * 32000-2 8.6.5.6), which PDF/A wants where no output intent says what RGB
 * means.  False without memory. */
bool pdf_archival_colours(struct pdf_arena *a, struct pdf_object *resources);

#endif
