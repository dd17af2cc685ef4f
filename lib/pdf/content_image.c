/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/content_priv.h"

/*
 * Inline images (ISO 32000-2 8.9.7): a dictionary without brackets, and data
 * whose end only the dictionary knows, or nobody.
 */

/* Keys of an inline image, and how much text must follow its EI. */
#define IMAGE_KEYS 32
#define IMAGE_SIDE 65536
#define TEXT_AFTER 10

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
			return content_bad(c, "an inline image is cut off",
					   err);
		for (at += length; at < b.len && pdf_is_space(b.data[at]); at++)
			;
		if (!ends_here(b, at))
			return content_bad(
				c, "an inline image of another length", err);
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
	return content_bad(c, "an inline image without end", err);
}

/* ISO 32000-1 8.9.7.  What follows ID has no length, so that its end must be
 * looked for. */
enum deed_status content_image(struct pdf_content *c, struct deed_error *err)
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
			return content_bad(c, "a bad inline image", err);
		if (!pdf_dict_put(&c->arena, c->image,
				  (const char *)key->u.text.data, value))
			return deed_error_memory(err);
	}
	if (!pdf_is_space(pdf_lex_next(&c->lexer)))
		return content_bad(c, "a bad inline image", err);
	return skip_data(c, err);
}
