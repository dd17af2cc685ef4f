/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_LEXER_H
#define DEED_PDF_LEXER_H

#include "pdf/input.h"
#include "pdf/object.h"

/*
 * Bytes, tokens and direct objects (ISO 32000-2 7.2 and 7.3), read forward
 * from a position of the input, or of memory.  For the files of this floor.
 *
 * Objects nest at most PDF_MAX_DEPTH deep (DEED_LIMIT); a dictionary with a
 * key twice is malformed, since readers differ in which they take.
 */
struct pdf_lexer {
	const struct pdf_input *in; /* NULL: memory */
	uint64_t pos, end;	    /* next byte; first byte that is not ours */
	const uint8_t *win;	    /* bytes [win_at, win_at + win_len) */
	uint64_t win_at;
	size_t win_len;
	struct pdf_arena *arena;   /* where objects go */
	struct pdf_object **stack; /* items of unfinished arrays */
	size_t stack_len, stack_cap;
	struct pdf_entry *keys; /* entries of unfinished dictionaries */
	size_t keys_len, keys_cap;
	struct buf text;     /* the string or name being read */
	enum deed_status io; /* a window that could not be read */
	bool memory;	     /* positions mean nothing outside */
	uint8_t own[1024];
};

/* Over [at, end) of the input. */
void pdf_lexer_init(struct pdf_lexer *l, const struct pdf_input *in,
		    uint64_t at, uint64_t end, struct pdf_arena *arena);

/* Over memory, which must outlive the lexer but not the objects. */
void pdf_lexer_init_memory(struct pdf_lexer *l, struct slice bytes,
			   struct pdf_arena *arena);
void pdf_lexer_clear(struct pdf_lexer *l);

/* The window did not reach: move it.  As pdf_lex_peek. */
int pdf_lex_refill(struct pdf_lexer *l);

/* What is in the window from the next byte on; may be nothing. */
static inline struct slice pdf_lex_window(const struct pdf_lexer *l)
{
	uint64_t end = l->win_at + l->win_len;

	if (l->pos < l->win_at || l->pos >= end || l->pos >= l->end)
		return SLICE_NONE;
	return slice_of(l->win + (l->pos - l->win_at),
			(size_t)((end < l->end ? end : l->end) - l->pos));
}

/* The next byte without or with taking it; -1 at the end. */
static inline int pdf_lex_peek(struct pdf_lexer *l)
{
	if (l->pos >= l->win_at && l->pos - l->win_at < l->win_len &&
	    l->pos < l->end)
		return l->win[l->pos - l->win_at];
	return pdf_lex_refill(l);
}

static inline int pdf_lex_next(struct pdf_lexer *l)
{
	int c = pdf_lex_peek(l);

	if (c >= 0)
		l->pos++;
	return c;
}

/* White space and comments. */
void pdf_lex_skip_space(struct pdf_lexer *l);

/* Skip space, then take the keyword if it stands there, not followed by a
 * regular character; otherwise stay behind the space. */
bool pdf_lex_keyword(struct pdf_lexer *l, const char *word);

/* Skip space, then take an unsigned integer of at most max_digits digits. */
bool pdf_lex_uint(struct pdf_lexer *l, int max_digits, uint64_t *out);

/* Take one direct object or reference. */
enum deed_status pdf_lex_object(struct pdf_lexer *l, struct pdf_object **out,
				struct deed_error *err) DEED_MUST_USE;

static inline bool pdf_is_space(int c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
	       c == ' ';
}

bool pdf_is_delimiter(int c);

#endif
