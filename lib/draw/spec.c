/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/spec.h"

static enum deed_status check_text(const char *text, struct deed_error *err)
{
	size_t len = strlen(text);

	if (len == 0 || len > DRAW_TEXT_MAX)
		return deed_error_set(err, DEED_USAGE,
				      "a text of %zu bytes cannot be drawn: "
				      "expected 1 to %d",
				      len, DRAW_TEXT_MAX);
	return DEED_OK;
}

enum deed_status draw_spec_check(const struct draw_spec *spec,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	int i;

	/* Written so that a NaN fails too. */
	if (!(spec->width_mm >= DRAW_MM_MIN && spec->width_mm <= DRAW_MM_MAX))
		return deed_error_set(err, DEED_USAGE,
				      "a width of %g mm: expected %g to %g",
				      spec->width_mm, DRAW_MM_MIN, DRAW_MM_MAX);
	if (spec->kind == DRAW_IMAGE && spec->png.len > DRAW_PNG_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the image is larger than %u bytes",
				      DRAW_PNG_MAX);
	if (spec->kind == DRAW_IMAGE)
		return DEED_OK;
	if (spec->name == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "a drawing needs a name");
	status = check_text(spec->name, err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (spec->lines[i] == NULL)
			break;
		status = check_text(spec->lines[i], err);
	}
	return status;
}
