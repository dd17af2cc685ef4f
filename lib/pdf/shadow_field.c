/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/lexer.h"
#include "pdf/shadow_priv.h"

/* Of a field's look. */
#define LOOKS_MAX 4096

/* Only where value and look are both in ASCII can one be compared with the
 * other without knowing the font's encoding. */
static bool is_plain(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			return false;
	}
	return text.len > 0;
}

/* Letters and digits only: what a look does with spaces is its own. */
static void add_letters(struct buf *b, struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] > ' ' && text.data[i] < 0x7f)
			buf_byte(b, text.data[i]);
	}
}

/* The literal strings of a content stream; false if there are others, whose
 * encoding is a font's. */
static bool shown_text(struct slice content, struct buf *out)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_object *o;
	struct pdf_lexer l;
	bool plain = true;

	pdf_lexer_init_memory(&l, content, &arena);
	for (;;) {
		pdf_lex_skip_space(&l);
		if (pdf_lex_peek(&l) < 0)
			break;
		if (pdf_lex_peek(&l) != '(' && pdf_lex_peek(&l) != '<') {
			(void)pdf_lex_next(&l);
			continue;
		}
		if (pdf_lex_object(&l, &o, NULL) != DEED_OK)
			break;
		if (!pdf_is(o, PDF_STRING))
			continue;
		plain = plain && !o->hex && is_plain(o->u.text);
		add_letters(out, o->u.text);
	}
	pdf_lexer_clear(&l);
	pdf_arena_clear(&arena);
	return plain;
}

/* A field that shows one text and has another as its value: who clicks into it
 * changes what is read (the "hide and replace" of shadow attacks). */
static void look_at_field(struct shadow *s, const struct pdf_field *field)
{
	struct buf content = BUF_INIT, shown = BUF_INIT, wanted = BUF_INIT;
	const struct pdf_object *value, *ap;

	if (!slice_equal_str(field->type, "Tx") ||
	    !shadow_well(s, pdf_resolve(s->doc, field->value, &value, NULL)) ||
	    !is_plain(pdf_get_string(value)) ||
	    !shadow_well(s, pdf_dict_resolve(s->doc, field->dict, "AP", &ap,
					     NULL)) ||
	    !shadow_well(s, pdf_dict_resolve(s->doc, ap, "N", &ap, NULL)) ||
	    !pdf_is(ap, PDF_STREAM))
		return;
	if (shadow_well(s, pdf_stream_decode(s->doc, ap, LOOKS_MAX, &content,
					     NULL)) &&
	    shown_text(buf_get(&content), &shown) && shown.len > 0) {
		add_letters(&wanted, pdf_get_string(value));
		if (!slice_equal(buf_get(&shown), buf_get(&wanted)))
			shadow_find(s, "shadow-field",
				    "the field '%.40s' (object %u) shows "
				    "another text than its value",
				    field->name, (unsigned)field->ref.num);
	}
	buf_clear(&content);
	buf_clear(&shown);
	buf_clear(&wanted);
}

/* Fields of the form alone: what only a page leads to is looked at as an
 * annotation. */
void shadow_fields(struct shadow *s)
{
	const struct pdf_field *fields;
	size_t count, i;

	if (!shadow_well(s, pdf_form_fields(s->doc, &fields, &count, NULL)))
		return;
	for (i = 0; i < count && s->failed == DEED_OK; i++)
		look_at_field(s, &fields[i]);
}
