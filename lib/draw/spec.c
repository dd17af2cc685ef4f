/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/spec.h"

#include "codec/utf8.h"

/* NULL is no text. */
static enum deed_status check_text(const char *text, bool seal,
				   struct deed_error *err)
{
	size_t len = text == NULL ? 1 : strlen(text);

	if (len == 0 || len > DRAW_TEXT_MAX)
		return deed_error_set(err, DEED_USAGE,
				      "a text of %zu bytes cannot be drawn: "
				      "expected 1 to %d",
				      len, DRAW_TEXT_MAX);
	if (text != NULL && !utf8_valid(slice_str(text)))
		return deed_error_set(err, DEED_MALFORMED,
				      "a text to be drawn is no UTF-8");
	if (seal && text != NULL &&
	    utf8_length(slice_str(text)) > DRAW_LETTERS_MAX)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is too long for a seal: expected "
				      "at most %d letters",
				      text, DRAW_LETTERS_MAX);
	return DEED_OK;
}

/* Checked where the order is sent and again where it is drawn, as the helper
 * believes nobody.  Seals have fewer letters than a box. */
static enum deed_status check_texts(const struct draw_spec *spec,
				    struct deed_error *err)
{
	const char *const texts[] = { spec->name, spec->title, spec->purpose,
				      spec->number, spec->font };
	bool seal = spec->kind != DRAW_BOX;
	enum deed_status status = DEED_OK;
	size_t i;

	if (spec->name == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "a drawing needs a name");
	for (i = 0; status == DEED_OK && i < sizeof(texts) / sizeof(texts[0]);
	     i++)
		status = check_text(texts[i], seal, err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (spec->lines[i] == NULL)
			break;
		status = check_text(spec->lines[i], seal, err);
	}
	return status;
}

enum deed_status draw_spec_check(const struct draw_spec *spec,
				 struct deed_error *err)
{
	bool image =
		spec->kind == DRAW_IMAGE ||
		(spec->kind == DRAW_SEAL && spec->emblem == DRAW_EMBLEM_IMAGE);

	/* Written so that a NaN fails too. */
	if (!(spec->width_mm >= DRAW_MM_MIN && spec->width_mm <= DRAW_MM_MAX))
		return deed_error_set(err, DEED_USAGE,
				      "a width of %g mm: expected %g to %g",
				      spec->width_mm, DRAW_MM_MIN, DRAW_MM_MAX);
	if (spec->image.len > DRAW_IMAGE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the image is larger than %u bytes",
				      DRAW_IMAGE_MAX);
	if (image && spec->image.len == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is empty");
	return spec->kind == DRAW_IMAGE ? DEED_OK : check_texts(spec, err);
}
