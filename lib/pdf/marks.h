/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_MARKS_H
#define DEED_PDF_MARKS_H

#include "pdf/geometry.h"

/*
 * What a page paints and where, as far as is needed to tell whether a box
 * that a later revision lays over it can change what a reader sees.  Page
 * content, the forms it draws and the appearances of its annotations are
 * followed (ISO 32000-2 8, 9 and 12.5.5).
 *
 * Every answer errs on the side of more: clipping, optional content and
 * colour are ignored, so that what is cut off, switched off or white counts
 * as shown; a box is at least as large as what is painted in it; and what
 * cannot be followed (a filter or an operator that is not known, a stream
 * that does not decode or breaks off, a limit) is an unknown mark over the
 * whole page, or over the box of the form it happened in.
 *
 * Limits, past which all is unknown: PDF_MARKS_CONTENT bytes of content that
 * a page runs through (a form counts as often as it is drawn),
 * PDF_MARKS_COUNT marks, PDF_MARKS_FORMS forms drawn, PDF_MARKS_DEPTH of them
 * within each other, PDF_MARKS_STATES saved graphics states in one stream.
 * Time is linear in the content; it counts towards the document's work.
 */
#define PDF_MARKS_CONTENT ((size_t)16 << 20)
#define PDF_MARKS_COUNT 65536
#define PDF_MARKS_FORMS 4096
#define PDF_MARKS_DEPTH 12
#define PDF_MARKS_STATES 256

/* More rectangles, straight lines and fillers than this that touch one box,
 * or that lie within it whole, are a drawing: letters can be built of them.
 * A line to sign on lies within; the lines of a table reach further. */
#define PDF_MARKS_PLAIN 64
#define PDF_MARKS_WITHIN 4

enum pdf_mark_kind {
	PDF_MARK_TEXT,
	PDF_MARK_PATH,	  /* a curve, a slanted line, a pattern, a drawing */
	PDF_MARK_PICTURE, /* also inline */
	PDF_MARK_SHADING,
	PDF_MARK_UNKNOWN, /* could not be followed */
};

/* The marks of one page in one view. */
struct pdf_marks;

/*
 * Read the marks of page i (from 0) as this view has it; DEED_NOT_FOUND past
 * the last.  The marks stand by themselves and outlive the document.  Content
 * that is broken is no error; one is DEED_NO_MEMORY, DEED_IO, or what
 * pdf_page_get says.
 */
enum deed_status pdf_marks_read(struct pdf_document *view, size_t page,
				struct pdf_marks **out,
				struct deed_error *err) DEED_MUST_USE;
void pdf_marks_free(struct pdf_marks *m);

/*
 * Whether something lies beneath a rectangle of the page's default user
 * space, and of which kind the first is in painting order.  False where there
 * is nothing but blank page, rectangles, horizontal and vertical lines, and
 * strings that only fill: white space, or one character that is no letter or
 * digit, repeated ("____", "....").  Marks touch where they share a point.
 */
bool pdf_marks_beneath(const struct pdf_marks *m, const struct pdf_rect *r,
		       enum pdf_mark_kind *kind);

/*
 * Does all that a form XObject paints go through /BM /Multiply onto what lies
 * beneath it?  It takes nothing away then, but may add, however dark: colour
 * is not looked at.  True also where it paints nothing; false where that
 * cannot be told.  An error is only DEED_NO_MEMORY or DEED_IO.
 */
enum deed_status pdf_paints_multiply(struct pdf_document *view,
				     const struct pdf_object *stream, bool *out,
				     struct deed_error *err) DEED_MUST_USE;

/* Is there no operator in it that paints, and nothing that may?  Errors as
 * above. */
enum deed_status pdf_paints_nothing(struct pdf_document *view,
				    const struct pdf_object *stream, bool *out,
				    struct deed_error *err) DEED_MUST_USE;

#endif
