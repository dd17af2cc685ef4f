/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_FIND_TEXT_H
#define DEED_LOOK_FIND_TEXT_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Words among the letters of a page, by where they stand.  Nothing here knows
 * of PDF.
 *
 * Letters are compared as people read them: compatibility forms (full-width
 * and half-width, ligatures, radicals that stand for their ideograph) are one
 * with their letter (NFKC), and white space counts once, or beside a sign or a
 * letter of a script that is written without spaces not at all.  Capitals are
 * not small letters.
 *
 * A word stands on one line: one that the reader of the page made out, or a
 * row of what stands at one height, however it was written, up to a gap of
 * FIND_GAP times its height.
 *
 * Limits: FIND_LETTERS on a page; a regular expression sees no line of more
 * than FIND_LINE bytes.  Time is linear in the letters but for sorting, and
 * for what PCRE makes of an expression, which is the caller's own and has its
 * limits (DEED_USAGE).
 */
#define FIND_LETTERS 200000
#define FIND_LINE 4096
#define FIND_GAP 4

/* Points from the left and top edge of the page as displayed.  '\n' ends a
 * line that was made out. */
struct find_letter {
	uint32_t code;
	double x0, y0, x1, y1;
};

struct find_match {
	double x0, y0, x1, y1;
	double end_x, end_y; /* where reading on goes on */
};

struct find_pattern;

/* text is UTF-8.  DEED_USAGE for an expression (as Perl has them: GRegex) that
 * is none, or a text of nothing but white space. */
enum deed_status find_pattern_new(const char *text, bool regex,
				  struct find_pattern **out,
				  struct deed_error *err) DEED_MUST_USE;
void find_pattern_free(struct find_pattern *p);

/* What there is on a page: letters but for white space, and how many of them
 * stand for no character (private use, U+FFFD, control). */
struct find_seen {
	size_t letters, unreadable;
};

/*
 * All matches of a page, from the top down and then from the left; the caller
 * frees *out.  One that lies over another counts once.
 */
enum deed_status find_on_page(const struct find_pattern *p,
			      const struct find_letter *letters, size_t count,
			      struct find_match **out, size_t *match_count,
			      struct find_seen *seen,
			      struct deed_error *err) DEED_MUST_USE;

#endif
