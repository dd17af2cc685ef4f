/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_PAINTED_H
#define DEED_PDF_PAINTED_H

#include "pdf/geometry.h"

/*
 * What an annotation paints, and where (ISO 32000-2 12.5.5): measured as the
 * readers that people use do it, each in its own way, so that the area is the
 * largest of theirs.  One with an appearance paints inside its /Rect; one
 * without is drawn by the reader itself, by its kind, with its border.
 *
 * Where that cannot be told (geometry beside /Rect, an appearance that cannot
 * be measured) it may paint anywhere on the page: unbounded.
 */
struct pdf_painted {
	bool any;	/* it paints something */
	bool hint;	/* or a reader says by itself that one may sign here,
			 * which hides what lies beneath */
	bool multiply;	/* and all of it by /BM /Multiply: it takes nothing
			 * away, but may add, however dark */
	bool unbounded; /* it may paint anywhere; area is the whole sheet */
	struct pdf_rect area; /* default user space of the page */
};

/* view: the revision in which the annotation stands; sheet: of its page. */
enum deed_status pdf_painted_read(struct pdf_document *view,
				  const struct pdf_object *annotation,
				  const struct pdf_sheet *sheet,
				  struct pdf_painted *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
