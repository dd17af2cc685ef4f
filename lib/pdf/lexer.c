/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/lexer.h"

#include <stdlib.h>

void pdf_lexer_init(struct pdf_lexer *l, const struct pdf_input *in,
		    uint64_t at, uint64_t end, struct pdf_arena *arena)
{
	struct slice all = pdf_input_memory(in);

	memset(l, 0, offsetof(struct pdf_lexer, own));
	l->text = (struct buf)BUF_INIT;
	l->in = in;
	l->pos = at;
	l->end = end < pdf_input_size(in) ? end : pdf_input_size(in);
	l->arena = arena;
	if (all.data != NULL) {
		l->win = all.data;
		l->win_len = (size_t)l->end;
	}
}

void pdf_lexer_init_memory(struct pdf_lexer *l, struct slice bytes,
			   struct pdf_arena *arena)
{
	memset(l, 0, offsetof(struct pdf_lexer, own));
	l->text = (struct buf)BUF_INIT;
	l->end = bytes.len;
	l->win = bytes.data;
	l->win_len = bytes.len;
	l->arena = arena;
	l->memory = true;
}

void pdf_lexer_clear(struct pdf_lexer *l)
{
	free(l->stack);
	free(l->keys);
	buf_clear(&l->text);
	l->stack = NULL;
	l->keys = NULL;
}

/* A read that fails looks like the end to the caller and is remembered in io:
 * who tells the failure asks there. */
int pdf_lex_refill(struct pdf_lexer *l)
{
	size_t want = sizeof(l->own);

	if (l->pos >= l->end || l->in == NULL || l->io != DEED_OK)
		return -1;
	if (want > l->end - l->pos)
		want = (size_t)(l->end - l->pos);
	l->io = pdf_input_read(l->in, l->pos, l->own, want, NULL);
	if (l->io != DEED_OK)
		return -1;
	l->win = l->own;
	l->win_at = l->pos;
	l->win_len = want;
	return l->own[0];
}

bool pdf_is_delimiter(int c)
{
	return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' ||
	       c == ']' || c == '{' || c == '}' || c == '/' || c == '%';
}

static bool is_regular(int c)
{
	return c >= 0 && !pdf_is_space(c) && !pdf_is_delimiter(c);
}

void pdf_lex_skip_space(struct pdf_lexer *l)
{
	int c;

	for (;;) {
		c = pdf_lex_peek(l);
		if (c == '%') {
			while (c >= 0 && c != '\n' && c != '\r') {
				l->pos++;
				c = pdf_lex_peek(l);
			}
		} else if (c < 0 || !pdf_is_space(c)) {
			return;
		} else {
			l->pos++;
		}
	}
}

bool pdf_lex_keyword(struct pdf_lexer *l, const char *word)
{
	uint64_t start;

	pdf_lex_skip_space(l);
	start = l->pos;
	for (; *word != '\0'; word++) {
		if (pdf_lex_next(l) != *word) {
			l->pos = start;
			return false;
		}
	}
	if (is_regular(pdf_lex_peek(l))) {
		l->pos = start;
		return false;
	}
	return true;
}

bool pdf_lex_uint(struct pdf_lexer *l, int max_digits, uint64_t *out)
{
	uint64_t start, value = 0;
	int c, digits = 0;

	pdf_lex_skip_space(l);
	start = l->pos;
	for (c = pdf_lex_peek(l); c >= '0' && c <= '9'; c = pdf_lex_peek(l)) {
		value = value * 10 + (uint64_t)(c - '0');
		if (++digits > max_digits)
			break;
		l->pos++;
	}
	if (digits == 0 || digits > max_digits || is_regular(c)) {
		l->pos = start;
		return false;
	}
	*out = value;
	return true;
}
