/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_WHERE_H
#define DEED_OFFICE_SIGN_WHERE_H

#include "look/look.h"
#include "sign/pades.h"

/*
 * A place for a seal or a box by a text of the document, such as the words
 * that a contract has where it is to be sealed: beside them, where a reader
 * goes on, in the middle of their line, and on the page whole.  What may stand
 * anywhere goes beneath them, where it would cover something there.
 */
struct sign_where {
	const char *text; /* look/find.h */
	bool regex;
	long page;    /* 1 is the first, -1 the last, 0 any */
	unsigned nth; /* which of them, from 1; 0: it has to be the only one */
	double x_mm, y_mm; /* moved by that, to the right and down */
};

/*
 * Find it in the PDF at path (name in messages) and put the place into *a.
 * *total is how many there are, also after a failure.  Statuses as look_find;
 * DEED_USAGE where the text is not there, or more than once, or less often
 * than nth.
 */
enum deed_status sign_where_find(struct look *l, const char *path,
				 const char *name,
				 const struct secret *password,
				 const struct sign_where *where,
				 struct pades_appearance *a, uint32_t *total,
				 struct deed_error *err) DEED_MUST_USE;

#endif
