/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/content.h"

#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"

/* Keys of an inline image, and how much text must follow its EI. */
#define IMAGE_KEYS 32
#define IMAGE_SIDE 65536
#define TEXT_AFTER 10

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

static enum deed_status malformed(const struct pdf_content *c, const char *what,
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

/* ---- inline images (8.9.7) ---- */

/* An inline image has its keys in brief or in full (8.9.7); where both are
 * given the brief one counts. */
static const struct pdf_object *either(const struct pdf_object *dict,
				       const char *brief, const char *full)
{
	const struct pdf_object *o = pdf_dict_get(dict, brief);

	return o != NULL ? o : pdf_dict_get(dict, full);
}

/* 0 for a space that is a name of the resources, or an array of another kind:
 * then the data's length is not known, and its end is searched for. */
static int64_t components(const struct pdf_object *space)
{
	static const char *const one[] = { "G", "DeviceGray", "CalGray",
					   "I", "Indexed",    NULL };
	static const char *const three[] = { "RGB", "DeviceRGB", NULL };
	static const char *const four[] = { "CMYK", "DeviceCMYK", NULL };
	struct slice name = pdf_get_name(
		pdf_is(space, PDF_ARRAY) ? pdf_array_get(space, 0) : space);

	if (pdf_name_in(name, one))
		return 1;
	if (pdf_name_in(name, three))
		return 3;
	return pdf_name_in(name, four) ? 4 : 0;
}

/* How long the data is, where the dictionary alone says so. */
static bool image_length(const struct pdf_object *dict, uint64_t *out)
{
	int64_t width, height, bits = 1, n = 1;
	bool stencil = false;

	if (either(dict, "F", "Filter") != NULL ||
	    !pdf_get_int(either(dict, "W", "Width"), &width) ||
	    !pdf_get_int(either(dict, "H", "Height"), &height) || width < 1 ||
	    height < 1 || width > IMAGE_SIDE || height > IMAGE_SIDE)
		return false;
	(void)pdf_get_bool(either(dict, "IM", "ImageMask"), &stencil);
	if (!stencil) {
		n = components(either(dict, "CS", "ColorSpace"));
		if (n == 0 ||
		    !pdf_get_int(either(dict, "BPC", "BitsPerComponent"),
				 &bits) ||
		    bits < 1 || bits > 16)
			return false;
	}
	*out = (uint64_t)((width * bits * n + 7) / 8 * height);
	return true;
}

/* Whether "EI" stands at a position as an operator of its own, with nothing
 * but text in the bytes behind it: in the midst of data that is unlikely. */
static bool ends_here(struct slice b, uint64_t at)
{
	size_t i, end;

	if (at + 2 > b.len || b.data[at] != 'E' || b.data[at + 1] != 'I' ||
	    (at + 2 < b.len && !pdf_is_space(b.data[at + 2])))
		return false;
	end = at + 2 + TEXT_AFTER < b.len ? (size_t)at + 2 + TEXT_AFTER : b.len;
	for (i = (size_t)at + 2; i < end; i++) {
		if (b.data[i] == 0 || b.data[i] > 0x7e ||
		    (b.data[i] < 0x20 && !pdf_is_space(b.data[i])))
			return false;
	}
	return true;
}

/* Behind ID and one white space. */
static enum deed_status skip_data(struct pdf_content *c, struct deed_error *err)
{
	uint64_t at = c->lexer.pos, length;
	struct slice b = c->bytes;

	if (image_length(c->image, &length)) {
		if (length > b.len - at)
			return malformed(c, "an inline image is cut off", err);
		for (at += length; at < b.len && pdf_is_space(b.data[at]); at++)
			;
		if (!ends_here(b, at))
			return malformed(c, "an inline image of another length",
					 err);
		c->lexer.pos = at + 2;
		return DEED_OK;
	}
	for (; at + 2 <= b.len; at++) {
		if (b.data[at] == 'E' && pdf_is_space(b.data[at - 1]) &&
		    ends_here(b, at)) {
			c->lexer.pos = at + 2;
			return DEED_OK;
		}
	}
	return malformed(c, "an inline image without end", err);
}

/* ISO 32000-1 8.9.7.  What follows ID has no length, so that its end must be
 * looked for. */
static enum deed_status read_image(struct pdf_content *c,
				   struct deed_error *err)
{
	struct pdf_object *key, *value;
	enum deed_status status;
	int keys = 0;

	c->image = pdf_new_dict(&c->arena);
	if (c->image == NULL)
		return deed_error_memory(err);
	while (!pdf_lex_keyword(&c->lexer, "ID")) {
		status = pdf_lex_object(&c->lexer, &key, err);
		if (status == DEED_OK)
			status = pdf_lex_object(&c->lexer, &value, err);
		if (status != DEED_OK)
			return status;
		if (!pdf_is(key, PDF_NAME) || keys++ == IMAGE_KEYS ||
		    pdf_dict_get(c->image, (const char *)key->u.text.data))
			return malformed(c, "a bad inline image", err);
		if (!pdf_dict_put(&c->arena, c->image,
				  (const char *)key->u.text.data, value))
			return deed_error_memory(err);
	}
	if (!pdf_is_space(pdf_lex_next(&c->lexer)))
		return malformed(c, "a bad inline image", err);
	return skip_data(c, err);
}

/* ---- operators ---- */

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
			return malformed(c, "an operator that is too long",
					 err);
		c->name[len++] = (char)p;
		c->lexer.pos++;
	}
	c->name[len] = '\0';
	if (len == 0 || strlen(c->name) != len)
		return malformed(c, "no operator", err);
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
		status = read_image(c, err);
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
