/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CONTENT_PRIV_H
#define DEED_PDF_CONTENT_PRIV_H

#include "pdf/content.h"

/* What content.c and content_image.c share. */

/* DEED_MALFORMED: what, at the byte that was reached. */
enum deed_status content_bad(const struct pdf_content *c, const char *what,
			     struct deed_error *err);

/* Behind BI: read the image to its EI; its dictionary is c->image. */
enum deed_status content_image(struct pdf_content *c,
			       struct deed_error *err) DEED_MUST_USE;

#endif
