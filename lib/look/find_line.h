/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_FIND_LINE_H
#define DEED_LOOK_FIND_LINE_H

#include "look/find_text.h"

/*
 * The lines that find_text.c looks in: letters made comparable, with the way
 * back from each byte to the letter that it comes from.
 */
struct find_line {
	struct buf text; /* UTF-8, folded, with its end */
	const struct find_letter **letters;
	uint32_t *map; /* of each byte of text, the end apart: its letter */
};

/* A text as lines have it.  A regular expression keeps what it says: of its
 * letters each is made comparable by itself, without becoming a sign of the
 * expression. */
void find_fold(const char *utf8, struct buf *out);
void find_fold_regex(const char *utf8, struct buf *out);

typedef enum deed_status find_line_fn(void *arg, const struct find_line *line);

/* Every line, as made out and then by height.  DEED_NO_MEMORY, or what fn
 * returns. */
enum deed_status find_each_line(const struct find_letter *letters, size_t count,
				find_line_fn *fn, void *arg) DEED_MUST_USE;

#endif
