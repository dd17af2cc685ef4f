/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/content.h"

#include <stdlib.h>

#include "base/array.h"
#include "pdf/content_priv.h"
#include "pdf/core.h"

void pdf_content_init(struct pdf_content *c, struct slice bytes)
{
	memset(c, 0, offsetof(struct pdf_content, lexer));
	c->bytes = bytes;
	c->arena = (struct pdf_arena)PDF_ARENA_INIT;
	c->operands = NULL;
	c->count = c->cap = 0;
	c->image = NULL;
	pdf_lexer_init_memory(&c->lexer, bytes, &c->arena);
}

void pdf_content_clear(struct pdf_content *c)
{
	pdf_lexer_clear(&c->lexer);
	pdf_arena_clear(&c->arena);
	free(c->operands);
	c->operands = NULL;
}

enum deed_status content_bad(const struct pdf_content *c, const char *what,
			     struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "%s at byte %llu of the content", what,
			      (unsigned long long)c->lexer.pos);
}

/* A limit on operands bounds memory: without an operator behind them they
 * would gather until the end of the stream. */
static enum deed_status push(struct pdf_content *c, const struct pdf_object *o,
			     struct deed_error *err)
{
	if (c->count == PDF_CONTENT_OPERANDS)
		return deed_error_set(err, DEED_LIMIT, "more than %d operands",
				      PDF_CONTENT_OPERANDS);
	if (!array_room(&c->operands, &c->cap, c->count + 1))
		return deed_error_memory(err);
	c->operands[c->count++] = o;
	return DEED_OK;
}

/* Not a word that is a value. */
static enum deed_status read_word(struct pdf_content *c, bool *operator,
				  struct deed_error * err)
{
	uint64_t start = c->lexer.pos;
	size_t len = 0;
	int p;

	for (p = pdf_lex_peek(&c->lexer);
	     p >= 0 && !pdf_is_space(p) && !pdf_is_delimiter(p);
	     p = pdf_lex_peek(&c->lexer)) {
		if (len + 1 == sizeof(c->name))
			return content_bad(c, "an operator that is too long",
					   err);
		c->name[len++] = (char)p;
		c->lexer.pos++;
	}
	c->name[len] = '\0';
	if (len == 0 || strlen(c->name) != len)
		return content_bad(c, "no operator", err);
	*operator= strcmp(c->name, "true") != 0 &&
		strcmp(c->name, "false") != 0 && strcmp(c->name, "null") != 0;
	if (!*operator)
		c->lexer.pos = start;
	return DEED_OK;
}

static bool begins_value(int c)
{
	return c == '(' || c == '<' || c == '[' || c == '/' || c == '+' ||
	       c == '-' || c == '.' || (c >= '0' && c <= '9');
}

/* The arena is reset first: operands of the operator before are gone by then.
 * Words that are values (true, false, null) are told from operators by their
 * name alone. */
enum deed_status pdf_content_next(struct pdf_content *c, bool *more,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_object *o;
	bool word = false;
	int p;

	pdf_arena_reset(&c->arena);
	c->count = 0;
	c->image = NULL;
	*more = false;
	while (status == DEED_OK) {
		pdf_lex_skip_space(&c->lexer);
		p = pdf_lex_peek(&c->lexer);
		if (p < 0)
			return DEED_OK;
		if (!begins_value(p))
			status = read_word(c, &word, err);
		if (status == DEED_OK && word)
			break;
		if (status == DEED_OK)
			status = pdf_lex_object(&c->lexer, &o, err);
		if (status == DEED_OK)
			status = push(c, o, err);
	}
	if (status == DEED_OK && strcmp(c->name, "BI") == 0)
		status = content_image(c, err);
	*more = status == DEED_OK;
	return status;
}

/* ---- bytes ---- */

/* Pieces of content are joined by white space (ISO 32000-1 7.8.2), so that a
 * word does not reach from one into the next. */
static enum deed_status gather(struct pdf_document *doc,
			       const struct pdf_object *stream, size_t max,
			       struct buf *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t before = out->len;

	if (pdf_is(stream, PDF_NULL))
		return DEED_OK;
	if (!pdf_is(stream, PDF_STREAM))
		return deed_error_set(err, DEED_MALFORMED,
				      "content that is no stream");
	if (before >= max || stream->u.dict.length > max)
		return deed_error_set(err, DEED_LIMIT,
				      "content of more than %zu bytes", max);
	status = pdf_charge(doc->core, stream->u.dict.length, err);
	if (status == DEED_OK)
		status = pdf_stream_decode(doc, stream, max - before, out, err);
	if (status == DEED_OK)
		status = pdf_charge(doc->core, out->len - before, err);
	buf_byte(out, '\n');
	return status == DEED_OK ? buf_status(out, err) : status;
}

enum deed_status pdf_content_gather(struct pdf_document *doc,
				    const struct pdf_object *contents,
				    size_t max, struct buf *out,
				    struct deed_error *err)
{
	const struct pdf_object *o;
	enum deed_status status;
	size_t i;

	status = pdf_resolve(doc, contents, &o, err);
	if (status != DEED_OK || !pdf_is(o, PDF_ARRAY))
		return status == DEED_OK ? gather(doc, o, max, out, err)
					 : status;
	contents = o;
	for (i = 0; i < pdf_array_count(contents) && status == DEED_OK; i++) {
		status = pdf_resolve(doc, pdf_array_get(contents, i), &o, err);
		if (status == DEED_OK)
			status = gather(doc, o, max, out, err);
	}
	return status;
}
