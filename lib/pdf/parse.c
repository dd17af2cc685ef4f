/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "codec/hex.h"
#include "pdf/document.h"
#include "pdf/lexer.h"
#include "pdf/object_internal.h"

/* Names are short (127 in ISO 32000-1 Annex C), numbers shorter. */
#define MAX_NAME 4096
#define MAX_NUMBER 64

static enum deed_status parse(struct pdf_lexer *l, unsigned depth,
			      struct pdf_object **out, struct deed_error *err);

/* An input that could not be read looks like its end: that is told as what it
 * is, or a fault of the disk would be a fault of the document. */
static enum deed_status malformed(const struct pdf_lexer *l, const char *what,
				  struct deed_error *err)
{
	if (l->io != DEED_OK)
		return deed_error_set(err, l->io, "cannot read '%s'",
				      pdf_input_name(l->in));
	return deed_error_set(err, DEED_MALFORMED, "%s at byte %llu%s", what,
			      (unsigned long long)l->pos,
			      l->memory ? " of an object stream" : "");
}

/* An arena gives NULL for both reasons; a fairly full one is over its limit
 * more likely than the machine is out of memory. */
static enum deed_status no_memory(const struct pdf_lexer *l,
				  struct deed_error *err)
{
	if (l->arena->total > PDF_ARENA_MAX / 2)
		return deed_error_set(err, DEED_LIMIT,
				      "the objects take more than %zu bytes",
				      PDF_ARENA_MAX / 2);
	return deed_error_memory(err);
}

#define HEX_RUN 2048

/* What was gathered in l->text becomes the object's text. */
static enum deed_status finish_text(struct pdf_lexer *l, enum pdf_type type,
				    struct pdf_object **out,
				    struct deed_error *err)
{
	struct pdf_object *o = pdf_new_object(l->arena, type);

	if (buf_status(&l->text, err) != DEED_OK || o == NULL)
		return no_memory(l, err);
	o->u.text.data = pdf_arena_copy(l->arena, l->text.data, l->text.len);
	o->u.text.len = l->text.len;
	if (o->u.text.data == NULL)
		return no_memory(l, err);
	*out = o;
	return DEED_OK;
}

/* hex_digit takes bytes: the end is told apart before. */
static int next_digit(struct pdf_lexer *l)
{
	int c = pdf_lex_next(l);

	return c < 0 ? -1 : hex_digit((uint8_t)c);
}

/* Bytes that stand for themselves, as many as are at hand and a name may
 * have, and one more. */
static void read_plain(struct pdf_lexer *l)
{
	struct slice in = pdf_lex_window(l);
	size_t i = 0, max = MAX_NAME + 1 - l->text.len;
	uint8_t c;

	for (; i < in.len && i < max; i++) {
		c = in.data[i];
		if (c == '#' || pdf_is_space(c) || pdf_is_delimiter(c))
			break;
	}
	buf_append(&l->text, in.data, i);
	l->pos += i;
}

/* #00 is no character of a name (ISO 32000-1 7.3.5); names are held as C
 * strings. */
static enum deed_status read_name(struct pdf_lexer *l, struct deed_error *err)
{
	int c, high, low;

	buf_reset(&l->text);
	(void)pdf_lex_next(l);
	for (;;) {
		read_plain(l);
		if (l->text.len > MAX_NAME)
			return malformed(l, "a name that is too long", err);
		c = pdf_lex_peek(l);
		if (c < 0 || pdf_is_space(c) || pdf_is_delimiter(c))
			return buf_status(&l->text, err);
		if (c != '#')
			continue; /* the window has moved */
		l->pos++;
		high = next_digit(l);
		low = next_digit(l);
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return malformed(l, "a name with a bad '#'", err);
		buf_byte(&l->text, (uint8_t)(high * 16 + low));
	}
}

/* Pairs of digits, as many as there are in a run: the value of a signature is
 * tens of thousands of them. */
static void read_pairs(struct pdf_lexer *l)
{
	struct slice in = pdf_lex_window(l);
	size_t i = 0, len = in.len < HEX_RUN ? in.len : HEX_RUN;
	uint8_t *out = buf_reserve(&l->text, HEX_RUN / 2);
	int high, low;

	if (out == NULL)
		return; /* the buffer remembers */
	while (i + 1 < len) {
		high = hex_digit(in.data[i]);
		low = hex_digit(in.data[i + 1]);
		if (high < 0 || low < 0)
			break;
		out[i / 2] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	l->text.len += i / 2;
	l->pos += i;
}

/* A digit alone at the end stands for itself and a zero (ISO 32000-2 7.3.4.3).
 * That it was hexadecimal is kept: a ByteRange leaves out such a string alone.
 */
static enum deed_status parse_hex(struct pdf_lexer *l, struct pdf_object **out,
				  struct deed_error *err)
{
	enum deed_status status;
	int c, digit, high = -1;

	buf_reset(&l->text);
	l->pos++;
	for (;;) {
		if (high < 0)
			read_pairs(l);
		c = pdf_lex_next(l);
		if (c == '>')
			break;
		if (c >= 0 && pdf_is_space(c))
			continue;
		digit = c < 0 ? -1 : hex_digit((uint8_t)c);
		if (digit < 0)
			return malformed(l, "a bad hexadecimal string", err);
		if (high < 0) {
			high = digit;
		} else {
			buf_byte(&l->text, (uint8_t)(high * 16 + digit));
			high = -1;
		}
	}
	if (high >= 0)
		buf_byte(&l->text, (uint8_t)(high * 16));
	status = finish_text(l, PDF_STRING, out, err);
	if (status == DEED_OK)
		(*out)->hex = true;
	return status;
}

/* A backslash was taken (ISO 32000-2 table 3). */
static void read_escape(struct pdf_lexer *l)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	int c = pdf_lex_next(l), value, digits;
	const char *at;

	if (c >= '0' && c <= '7') {
		value = c - '0';
		for (digits = 1; digits < 3; digits++) {
			c = pdf_lex_peek(l);
			if (c < '0' || c > '7')
				break;
			value = value * 8 + (c - '0');
			l->pos++;
		}
		buf_byte(&l->text, (uint8_t)value);
		return;
	}
	if (c == '\r' && pdf_lex_peek(l) == '\n')
		l->pos++;
	if (c < 0 || c == '\r' || c == '\n')
		return;
	at = c != '\0' ? strchr(from, c) : NULL;
	buf_byte(&l->text, (uint8_t)(at != NULL ? to[at - from] : c));
}

/* Parentheses in pairs need no backslash (7.3.4.2); they are counted, not
 * nested, so that their depth costs nothing. */
static enum deed_status parse_string(struct pdf_lexer *l,
				     struct pdf_object **out,
				     struct deed_error *err)
{
	size_t open = 1;
	int c;

	buf_reset(&l->text);
	l->pos++;
	for (;;) {
		c = pdf_lex_next(l);
		if (c < 0)
			return malformed(l, "a string without end", err);
		if (c == '\\') {
			read_escape(l);
			continue;
		}
		if (c == '\r') {
			/* An end-of-line in a string is a line feed. */
			if (pdf_lex_peek(l) == '\n')
				l->pos++;
			c = '\n';
		}
		if (c == '(')
			open++;
		if (c == ')' && --open == 0)
			return finish_text(l, PDF_STRING, out, err);
		buf_byte(&l->text, (uint8_t)c);
	}
}

/* After an integer: "G R" makes it a reference. */
static bool try_ref(struct pdf_lexer *l, int64_t num, struct pdf_ref *out)
{
	uint64_t start = l->pos, gen;

	if (num < 0 || !pdf_lex_uint(l, 5, &gen) || !pdf_lex_keyword(l, "R")) {
		l->pos = start;
		return false;
	}
	out->num = num > PDF_MAX_NUM ? 0 : (uint32_t)num;
	out->gen = (uint32_t)gen;
	return true;
}

/* "1 0 R" begins as a number; a number that does not fit stays as it was
 * written, as a real. */
static enum deed_status parse_number(struct pdf_lexer *l,
				     struct pdf_object **out,
				     struct deed_error *err)
{
	bool negative = false, real = false, any = false, overflow = false;
	struct pdf_object *o;
	struct pdf_ref ref;
	int64_t value = 0;
	int c;

	buf_reset(&l->text);
	for (c = pdf_lex_peek(l);
	     c >= 0 && !pdf_is_space(c) && !pdf_is_delimiter(c);
	     c = pdf_lex_peek(l)) {
		if ((c == '+' || c == '-') && l->text.len == 0) {
			negative = c == '-';
		} else if (c == '.' && !real) {
			real = true;
		} else if (c >= '0' && c <= '9') {
			any = true;
			if (__builtin_mul_overflow(value, 10, &value) ||
			    __builtin_add_overflow(value, c - '0', &value))
				overflow = true;
		} else {
			return malformed(l, "a bad number", err);
		}
		if (l->text.len >= MAX_NUMBER)
			return malformed(l, "a number that is too long", err);
		buf_byte(&l->text, (uint8_t)c);
		l->pos++;
	}
	if (!any)
		return malformed(l, "a number without digits", err);
	if (buf_status(&l->text, err) != DEED_OK)
		return DEED_NO_MEMORY;
	if (real || overflow)
		return finish_text(l, PDF_REAL, out, err);
	if (l->text.data[0] != '+' && !negative && try_ref(l, value, &ref)) {
		*out = pdf_new_ref(l->arena, ref);
		return *out == NULL ? no_memory(l, err) : DEED_OK;
	}
	o = pdf_new_int(l->arena, negative ? -value : value);
	if (o == NULL)
		return no_memory(l, err);
	*out = o;
	return DEED_OK;
}

/* The items wait on a stack that all arrays of the document share, and are
 * copied when their number is known. */
static enum deed_status parse_array(struct pdf_lexer *l, unsigned depth,
				    struct pdf_object **out,
				    struct deed_error *err)
{
	size_t base = l->stack_len, count;
	struct pdf_object *item, *o;
	enum deed_status status;

	l->pos++;
	for (;;) {
		pdf_lex_skip_space(l);
		if (pdf_lex_peek(l) == ']')
			break;
		status = parse(l, depth + 1, &item, err);
		if (status != DEED_OK)
			return status;
		if (!array_room(&l->stack, &l->stack_cap, l->stack_len + 1))
			return deed_error_memory(err);
		l->stack[l->stack_len++] = item;
	}
	l->pos++;
	count = l->stack_len - base;
	o = pdf_new_array(l->arena);
	if (o == NULL)
		return no_memory(l, err);
	if (count > 0) {
		o->u.array.items = pdf_arena_copy(l->arena, l->stack + base,
						  count * sizeof(item));
		if (o->u.array.items == NULL)
			return no_memory(l, err);
	}
	o->u.array.count = count;
	o->u.array.cap = count;
	l->stack_len = base;
	*out = o;
	return DEED_OK;
}

static int compare_entries(const void *a, const void *b)
{
	const struct pdf_entry *x = a, *y = b;

	return pdf_key_compare(x->key, y->key);
}

/* Sort what was gathered, refuse a key twice, drop nulls. */
static enum deed_status finish_dict(struct pdf_lexer *l, size_t base,
				    struct pdf_object **out,
				    struct deed_error *err)
{
	size_t i, kept = 0, count = l->keys_len - base;
	struct pdf_entry *entries = count == 0 ? NULL : l->keys + base;
	struct pdf_object *o;

	if (count > 1)
		qsort(entries, count, sizeof(*entries), compare_entries);
	for (i = 0; i < count; i++) {
		if (i + 1 < count &&
		    slice_equal(entries[i].key, entries[i + 1].key))
			return malformed(l, "a dictionary with a key twice",
					 err);
		if (entries[i].value->type != PDF_NULL)
			entries[kept++] = entries[i];
	}
	o = pdf_new_dict(l->arena);
	if (o == NULL)
		return no_memory(l, err);
	if (kept > 0) {
		o->u.dict.entries = pdf_arena_copy(l->arena, entries,
						   kept * sizeof(*entries));
		if (o->u.dict.entries == NULL)
			return no_memory(l, err);
	}
	o->u.dict.count = kept;
	l->keys_len = base;
	*out = o;
	return DEED_OK;
}

/* The key is copied before the value is read, which uses the same buffer.
 * Entries wait on the lexer's stack, as it is not known how many there will
 * be. */
static enum deed_status parse_dict(struct pdf_lexer *l, unsigned depth,
				   struct pdf_object **out,
				   struct deed_error *err)
{
	size_t base = l->keys_len;
	struct pdf_object *value;
	enum deed_status status;
	struct pdf_entry entry;

	for (;;) {
		pdf_lex_skip_space(l);
		if (pdf_lex_peek(l) == '>')
			break;
		if (pdf_lex_peek(l) != '/')
			return malformed(l, "a dictionary key that is no name",
					 err);
		status = read_name(l, err);
		if (status != DEED_OK)
			return status;
		entry.key.len = l->text.len;
		entry.key.data =
			pdf_arena_copy(l->arena, l->text.data, l->text.len);
		if (entry.key.data == NULL)
			return no_memory(l, err);
		status = parse(l, depth + 1, &value, err);
		if (status != DEED_OK)
			return status;
		entry.value = value;
		if (!array_room(&l->keys, &l->keys_cap, l->keys_len + 1))
			return deed_error_memory(err);
		l->keys[l->keys_len++] = entry;
	}
	l->pos++;
	if (pdf_lex_next(l) != '>')
		return malformed(l, "a dictionary that does not end in '>>'",
				 err);
	return finish_dict(l, base, out, err);
}

/* Any other word ends the reading: readers guess at what it could have been,
 * each in its own way. */
static enum deed_status parse_keyword(struct pdf_lexer *l,
				      struct pdf_object **out,
				      struct deed_error *err)
{
	struct pdf_object *o;

	if (pdf_lex_keyword(l, "true"))
		o = pdf_new_bool(l->arena, true);
	else if (pdf_lex_keyword(l, "false"))
		o = pdf_new_bool(l->arena, false);
	else if (pdf_lex_keyword(l, "null"))
		o = pdf_new_null(l->arena);
	else
		return malformed(l, "no PDF object", err);
	if (o == NULL)
		return no_memory(l, err);
	*out = o;
	return DEED_OK;
}

/* Two characters tell a dictionary from a hexadecimal string; nothing else
 * wants more than one. */
static enum deed_status parse_value(struct pdf_lexer *l, unsigned depth,
				    struct pdf_object **out,
				    struct deed_error *err)
{
	enum deed_status status;
	int c = pdf_lex_peek(l);

	if (c == '/') {
		status = read_name(l, err);
		if (status != DEED_OK)
			return status;
		return finish_text(l, PDF_NAME, out, err);
	}
	if (c == '(')
		return parse_string(l, out, err);
	if (c == '[')
		return parse_array(l, depth, out, err);
	if (c == '<') {
		l->pos++;
		if (pdf_lex_peek(l) == '<') {
			l->pos++;
			return parse_dict(l, depth, out, err);
		}
		l->pos--;
		return parse_hex(l, out, err);
	}
	if (c == '+' || c == '-' || c == '.' || (c >= '0' && c <= '9'))
		return parse_number(l, out, err);
	return parse_keyword(l, out, err);
}

/* The depth bounds recursion here, and in all that walks an object later.  Of
 * memory, places mean nothing and stay 0. */
static enum deed_status parse(struct pdf_lexer *l, unsigned depth,
			      struct pdf_object **out, struct deed_error *err)
{
	enum deed_status status;
	uint64_t start;

	if (depth > PDF_MAX_DEPTH)
		return deed_error_set(err, DEED_LIMIT,
				      "objects nest more than %d levels deep",
				      PDF_MAX_DEPTH);
	pdf_lex_skip_space(l);
	start = l->pos;
	status = parse_value(l, depth, out, err);
	if (status == DEED_OK && !l->memory) {
		(*out)->start = start;
		(*out)->end = l->pos;
	}
	return status;
}

enum deed_status pdf_lex_object(struct pdf_lexer *l, struct pdf_object **out,
				struct deed_error *err)
{
	struct pdf_object *o;
	enum deed_status status;

	*out = NULL;
	l->stack_len = 0;
	l->keys_len = 0;
	status = parse(l, 0, &o, err);
	if (status == DEED_OK)
		*out = o;
	return status;
}
