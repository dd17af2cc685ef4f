/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_PREVIEW_H
#define DEED_PDF_PREVIEW_H

#include "pdf/geometry.h"
#include "pdf/update.h"

/*
 * The word PREVIEW, pale, beside a drawing on a page that is not signed, so
 * that it is not taken for the thing and the thing is seen as it would be: on
 * its right, else left, below or above, wherever the page has room, else on
 * it.  After the drawing's own annotation.  The word is in a font that every
 * reader has and no file embeds.
 */
enum deed_status pdf_preview_word(struct pdf_update *u,
				  const struct pdf_page *page,
				  const struct pdf_rect *drawing,
				  struct deed_error *err) DEED_MUST_USE;

#endif
