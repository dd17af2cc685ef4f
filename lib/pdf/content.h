/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CONTENT_H
#define DEED_PDF_CONTENT_H

#include "pdf/document.h"
#include "pdf/lexer.h"

/*
 * The one reader of content streams (ISO 32000-2 7.8.2): operators with what
 * stands before them.  It knows no operator but BI, and reads as strictly as
 * all of this floor: content that readers would have to repair is
 * DEED_MALFORMED.  For the files of this floor.
 *
 * Limits: PDF_CONTENT_OPERANDS operands of one operator, PDF_CONTENT_WORD
 * bytes of an operator's name.  Time is linear in the bytes.
 */
#define PDF_CONTENT_OPERANDS 1024
#define PDF_CONTENT_WORD 32

struct pdf_content {
	struct slice bytes;
	struct pdf_lexer lexer;
	struct pdf_arena arena;
	/* The last operator; its operands live until the next. */
	char name[PDF_CONTENT_WORD];
	const struct pdf_object **operands;
	size_t count, cap;
	/* Of "BI": an inline image has been read to its EI, and this is its
	 * dictionary with the keys as written. */
	struct pdf_object *image;
};

/* The bytes must outlive the reader. */
void pdf_content_init(struct pdf_content *c, struct slice bytes);
void pdf_content_clear(struct pdf_content *c);

/*
 * The next operator; *more is false at the end, where operands without one
 * are nothing.  DEED_MALFORMED, DEED_LIMIT or DEED_NO_MEMORY end the reading.
 */
enum deed_status pdf_content_next(struct pdf_content *c, bool *more,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * The bytes of a page's or form's content, at most max in all, to the end of
 * out: a stream, or an array of streams that are joined by white space.  What
 * is not there is nothing; anything else is DEED_MALFORMED.  Raw and decoded
 * bytes count towards the document's work.
 */
enum deed_status pdf_content_gather(struct pdf_document *doc,
				    const struct pdf_object *contents,
				    size_t max, struct buf *out,
				    struct deed_error *err) DEED_MUST_USE;

#endif
