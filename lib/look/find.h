/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_FIND_H
#define DEED_LOOK_FIND_H

#include "look/look.h"

/*
 * Where a text stands in a document, as poppler reads it in deed-look
 * (look/look.h): what is compared and how is in look/find_text.h.
 *
 * Limits: LOOK_TEXT bytes of a text, LOOK_FOUND places that are told, and
 * those of look.h.
 */
#define LOOK_TEXT 512
#define LOOK_FOUND 64

struct look_wanted {
	const char *text; /* UTF-8 */
	bool regex;	  /* it is an expression, as Perl has them */
	int32_t page;	  /* 1 is the first, -1 the last, 0 all of them */
};

/* Millimetres from the left and top edge of the page as displayed. */
struct look_hit {
	uint32_t page; /* from 1 */
	double x, y, width, height;
	double end_x, end_y; /* where reading on goes on */
};

struct look_found {
	struct look_hit list[LOOK_FOUND]; /* in the order of the pages */
	size_t count;
	uint32_t total; /* as many there are */
	uint32_t pages; /* that were looked at */
	/* Of those: that have no letter at all, or of whose letters most stand
	 * for no character; and the first of these. */
	uint32_t blank, first_blank;
};

/*
 * Look.  fd is a regular file that is lent; *out is all zeros unless DEED_OK.
 * DEED_USAGE: there is no such page, or the expression is none.  DEED_LIMIT,
 * DEED_MALFORMED: poppler or deed cannot read it.  DEED_INDETERMINATE where
 * nothing is known: the helper is missing, has no sandbox or was killed.
 */
enum deed_status look_find(struct look *l, int fd,
			   const struct secret *password,
			   const struct look_wanted *wanted,
			   struct look_found *out,
			   struct deed_error *err) DEED_MUST_USE;

/* ---- as bytes, and back (look/wire.h) ---- */

struct look_find_order {
	struct secret *password; /* NULL: none */
	char *text;
	struct look_wanted wanted; /* its text is the one above */
};

void look_find_order_write(const struct secret *password,
			   const struct look_wanted *wanted, struct buf *out);

/* look_find_order_clear afterwards, always.  DEED_MALFORMED. */
enum deed_status look_find_order_read(struct slice in,
				      struct look_find_order *out,
				      struct deed_error *err) DEED_MUST_USE;
void look_find_order_clear(struct look_find_order *o);

void look_found_write(const struct look_found *found, struct buf *out);
enum deed_status look_found_read(struct slice in, struct look_found *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
