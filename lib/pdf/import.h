/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_IMPORT_H
#define DEED_PDF_IMPORT_H

#include "pdf/update.h"

/*
 * A one-page PDF as a form XObject of another document: what deed-draw makes,
 * and any page that a user has drawn himself.
 *
 * The page's content streams become one stream, its resources and everything
 * they refer to are copied under new numbers, annotations and /Group are left
 * behind.  The form's /BBox is the page's crop box; its matrix turns it by
 * the page's own /Rotate and by the turn asked for, so that it stands upright
 * where it is shown.
 *
 * Limits: PDF_IMPORT_MAX bytes in, PDF_IMPORT_OBJECTS objects copied.
 */
#define PDF_IMPORT_MAX ((size_t)16 << 20)
#define PDF_IMPORT_OBJECTS 20000

/* Width and height of its one page as displayed, in millimetres. */
enum deed_status pdf_import_size(struct slice pdf, double *width_mm,
				 double *height_mm,
				 struct deed_error *err) DEED_MUST_USE;

/* How it meets what lies beneath. */
struct pdf_import_ink {
	/* By /BM /Multiply (11.3.5.2), as ink on paper does, so that it hides
	 * nothing; left out where the document's PDF/A forbids it
	 * (pdf_archival_blends). */
	bool multiply;
	bool ground; /* a white one, beneath the drawing */
};

/*
 * Import into the update; *form is its number there.  turn is the /Rotate of
 * the page where it will be shown.  aspect is width over height of the place,
 * as displayed: the drawing stands in its middle, undistorted; 0 for a place
 * that has the drawing's own shape.  name is for messages.  DEED_MALFORMED: no
 * PDF.  DEED_UNSUPPORTED: encrypted, not exactly one page, a stream with a
 * filter that cannot be taken apart where it must be, or an outside file.
 * DEED_REFUSED: a font that is not embedded: it would look different on every
 * machine; transparency, where the document is PDF/A-1.  DEED_LIMIT.
 *
 * Into PDF/A without an output intent for RGB the colours go calibrated.
 */
enum deed_status pdf_import_page(struct pdf_update *u, struct slice pdf,
				 const char *name, int turn, double aspect,
				 struct pdf_import_ink ink,
				 struct pdf_ref *form,
				 struct deed_error *err) DEED_MUST_USE;

#endif
