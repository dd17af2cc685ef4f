/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/import.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "pdf/archival.h"
#include "pdf/geometry.h"

#define CONTENT_MAX ((size_t)32 << 20)
#define INK_NAME 32

struct import {
	struct pdf_update *u;
	struct pdf_arena *arena; /* the update's */
	const char *name;
	struct pdf_input *input;
	struct pdf_document *doc;
	struct pdf_page page;
	struct pdf_sheet sheet;
	struct pdf_archival archival; /* what it is imported into */
	struct pdf_import_ink ink;
	char state[INK_NAME]; /* of the ExtGState that multiplies; or "" */

	struct pdf_ref *map; /* new reference by old number; num 0: none yet */
	struct pdf_ref *queue; /* old references that are still to be copied */
	size_t known, copied, map_size;
};

/* Also after a failure halfway: everything is NULL until it is made. */
static void close_import(struct import *m)
{
	pdf_close(m->doc);
	pdf_input_close(m->input);
	free(m->map);
	free(m->queue);
}

/* An encrypted drawing opens with the empty password or not at all: nobody is
 * asked for one. */
static enum deed_status open_page(struct import *m, struct slice pdf,
				  struct deed_error *err)
{
	enum deed_status status;
	size_t count;

	if (pdf.len > PDF_IMPORT_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %zu bytes", m->name,
				      PDF_IMPORT_MAX);
	status = pdf_input_from_memory(pdf, m->name, &m->input, err);
	if (status == DEED_OK)
		status = pdf_open(m->input, &m->doc, err);
	if (status == DEED_OK)
		status = pdf_page_count(m->doc, &count, err);
	if (status != DEED_OK)
		return status;
	if (count != 1)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' has %zu pages: expected one",
				      m->name, count);
	status = pdf_page_get(m->doc, 0, &m->page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(m->doc, &m->page, &m->sheet, err);
	return status;
}

enum deed_status pdf_import_size(struct slice pdf, double *width_mm,
				 double *height_mm, struct deed_error *err)
{
	struct import m = { .name = "the drawing" };
	enum deed_status status = open_page(&m, pdf, err);

	if (status == DEED_OK) {
		*width_mm = m.sheet.width_mm;
		*height_mm = m.sheet.height_mm;
	}
	close_import(&m);
	return status;
}

/* ---- fonts ---- */

/* A font that is not embedded is drawn by each reader with one of its own:
 * what was sealed would not be what is seen.  The composite fonts are checked
 * by their descendants. */
static enum deed_status check_font(struct import *m,
				   const struct pdf_object *font,
				   struct deed_error *err)
{
	static const char *const files[] = { "FontFile", "FontFile2",
					     "FontFile3" };
	const struct pdf_object *descriptor, *file, *base;
	enum deed_status status;
	size_t i;

	if (!pdf_is_dict(font) ||
	    pdf_is_name(pdf_dict_get(font, "Subtype"), "Type3") ||
	    pdf_is_name(pdf_dict_get(font, "Subtype"), "Type0"))
		return DEED_OK;
	status = pdf_dict_resolve(m->doc, font, "FontDescriptor", &descriptor,
				  err);
	for (i = 0; status == DEED_OK && i < 3; i++) {
		status = pdf_dict_resolve(m->doc, descriptor, files[i], &file,
					  err);
		if (status == DEED_OK && pdf_is(file, PDF_STREAM))
			return DEED_OK;
	}
	if (status == DEED_OK)
		status = pdf_dict_resolve(m->doc, font, "BaseFont", &base, err);
	if (status != DEED_OK)
		return status;
	deed_error_set(err, DEED_REFUSED,
		       "'%s' uses the font '%.*s' and does not embed it",
		       m->name, (int)(pdf_get_name(base).len & 0xff),
		       (const char *)pdf_get_name(base).data);
	deed_error_hint(err, "embed its fonts, or turn text into outlines");
	return DEED_REFUSED;
}

/* Whatever stands in a /Font resource is used as a font, /Type or not. */
static enum deed_status check_font_resources(struct import *m,
					     const struct pdf_object *dict,
					     struct deed_error *err)
{
	const struct pdf_object *fonts, *font;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(m->doc, dict, "Font", &fonts, err);
	if (status != DEED_OK || !pdf_is(fonts, PDF_DICT))
		return status;
	for (i = 0; status == DEED_OK && i < fonts->u.dict.count; i++) {
		status = pdf_resolve(m->doc, fonts->u.dict.entries[i].value,
				     &font, err);
		if (status == DEED_OK)
			status = check_font(m, font, err);
	}
	return status;
}

/* ---- copying ---- */

/*
 * ISO 19005-1 6.4 forbids transparency.  A group alone shows the same without
 * it (facts of cairo: it always writes one); the rest would not.
 */
static enum deed_status check_transparency(struct import *m,
					   const struct pdf_object *o,
					   struct deed_error *err)
{
	static const char *const alphas[] = { "CA", "ca" };
	const struct pdf_object *mask, *mode, *alpha = NULL;
	enum deed_status status;
	bool shows = false;
	double value;
	size_t i;

	if (m->archival.part != 1)
		return DEED_OK;
	status = pdf_dict_resolve(m->doc, o, "SMask", &mask, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(m->doc, o, "BM", &mode, err);
	if (status != DEED_OK)
		return status;
	shows = (!pdf_is(mask, PDF_NULL) && !pdf_is_name(mask, "None")) ||
		(!pdf_is(mode, PDF_NULL) && !pdf_is_name(mode, "Normal") &&
		 !pdf_is_name(mode, "Compatible"));
	for (i = 0; status == DEED_OK && i < 2; i++) {
		status = pdf_dict_resolve(m->doc, o, alphas[i], &alpha, err);
		if (pdf_get_number(alpha, &value) && value != 1)
			shows = true;
	}
	if (status == DEED_OK && shows)
		return deed_error_set(err, DEED_REFUSED,
				      "the document is PDF/A-1, which allows "
				      "no transparency, and '%s' has some",
				      m->name);
	return status;
}

/* What leads out of the drawing, back into its page tree or structure, would
 * draw the rest of its document in. /Length is set anew. */
static bool left_behind(struct slice key)
{
	static const char *const keys[] = {
		"Length",	 "Metadata", "PieceInfo",
		"StructParents", "Parent",   "StructParent",
		"LastModified",	 "Thumb",    "AF",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (slice_equal_str(key, keys[i]))
			return true;
	}
	return false;
}

/* Reserved before it is copied, so that loops of references end.  A number
 * past the table exists in no revision of the drawing: null here, or it would
 * mean an object of the document it comes into. */
static enum deed_status map_ref(struct import *m, struct pdf_ref old,
				struct pdf_object **out, struct deed_error *err)
{
	const struct pdf_object *found = NULL;
	enum deed_status status = DEED_OK;

	/* A reference to another generation leads to nothing, and must not
	 * stand for the object that has the number. */
	if (old.num != 0 && old.num < m->map_size)
		status = pdf_get_object(m->doc, old, &found, err);
	if (status != DEED_OK)
		return status;
	if (pdf_is(found, PDF_NULL)) {
		*out = pdf_new_null(m->arena);
		return *out == NULL ? deed_error_memory(err) : DEED_OK;
	}
	if (m->map[old.num].num == 0) {
		if (m->known == PDF_IMPORT_OBJECTS)
			return deed_error_set(err, DEED_LIMIT,
					      "'%s' has more than %d objects",
					      m->name, PDF_IMPORT_OBJECTS);
		m->map[old.num] = pdf_update_reserve(m->u);
		m->queue[m->known++] = old;
	}
	*out = pdf_new_ref(m->arena, m->map[old.num]);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

static enum deed_status copy_value(struct import *m, const struct pdf_object *o,
				   struct pdf_object **out,
				   struct deed_error *err);

/* Only what a picture needs comes over: no actions, no structure, no metadata.
 */
static enum deed_status copy_entries(struct import *m,
				     const struct pdf_object *o,
				     struct pdf_object *into,
				     struct deed_error *err)
{
	struct pdf_object *value;
	enum deed_status status = DEED_OK;
	size_t i;

	if (pdf_is_name(pdf_dict_get(o, "Type"), "Font"))
		status = check_font(m, o, err);
	if (status == DEED_OK && pdf_dict_get(o, "Font") != NULL)
		status = check_font_resources(m, o, err);
	if (status == DEED_OK)
		status = check_transparency(m, o, err);
	for (i = 0; status == DEED_OK && i < o->u.dict.count; i++) {
		struct slice key = o->u.dict.entries[i].key;
		char name[256];

		if (left_behind(key) ||
		    (m->archival.part == 1 && slice_equal_str(key, "Group")) ||
		    key.len >= sizeof(name) ||
		    memchr(key.data, '\0', key.len) != NULL)
			continue;
		memcpy(name, key.data, key.len);
		name[key.len] = '\0';
		status = copy_value(m, o->u.dict.entries[i].value, &value, err);
		if (status == DEED_OK &&
		    !pdf_dict_put(m->arena, into, name, value))
			status = deed_error_memory(err);
	}
	return status;
}

/* The bytes go over as they stand, with their filters. /F would make the
 * signed document show a file that is not in it. */
static enum deed_status copy_stream(struct import *m,
				    const struct pdf_object *o,
				    struct pdf_object **out,
				    struct deed_error *err)
{
	struct buf raw = BUF_INIT;
	enum deed_status status;

	if (pdf_dict_get(o, "F") != NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' takes data from another file",
				      m->name);
	status = pdf_stream_raw(m->doc, o, PDF_IMPORT_MAX, &raw, err);
	if (status == DEED_OK) {
		*out = pdf_new_stream(m->arena, buf_get(&raw));
		if (*out == NULL)
			status = deed_error_memory(err);
	}
	buf_clear(&raw);
	if (status == DEED_OK)
		status = copy_entries(m, o, *out, err);
	return status;
}

/* Recursion is as deep as the parser let the object be. */
static enum deed_status copy_value(struct import *m, const struct pdf_object *o,
				   struct pdf_object **out,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_object *item;
	size_t i;

	*out = NULL;
	switch (o->type) {
	case PDF_REF:
		return map_ref(m, o->u.ref, out, err);
	case PDF_STREAM:
		return copy_stream(m, o, out, err);
	case PDF_DICT:
		*out = pdf_new_dict(m->arena);
		if (*out == NULL)
			return deed_error_memory(err);
		return copy_entries(m, o, *out, err);
	case PDF_ARRAY:
		*out = pdf_new_array(m->arena);
		if (*out == NULL)
			return deed_error_memory(err);
		for (i = 0; status == DEED_OK && i < pdf_array_count(o); i++) {
			status = copy_value(m, pdf_array_get(o, i), &item, err);
			if (status == DEED_OK &&
			    !pdf_array_add(m->arena, *out, item))
				status = deed_error_memory(err);
		}
		return status;
	case PDF_NAME:
	case PDF_REAL:
	case PDF_STRING:
		/* Their text lies in the other document's arena. */
		*out = pdf_copy_shallow(m->arena, o);
		if (*out != NULL)
			(*out)->u.text.data = pdf_arena_copy(
				m->arena, o->u.text.data, o->u.text.len);
		if (*out == NULL || (*out)->u.text.data == NULL)
			return deed_error_memory(err);
		return DEED_OK;
	default:
		*out = pdf_copy_shallow(m->arena, o);
		return *out == NULL ? deed_error_memory(err) : DEED_OK;
	}
}

/* Breadth first, so that the depth of the drawing's references costs no stack.
 */
static enum deed_status copy_queue(struct import *m, struct deed_error *err)
{
	const struct pdf_object *old;
	struct pdf_object *copy;
	enum deed_status status = DEED_OK;
	struct pdf_ref ref;

	while (status == DEED_OK && m->copied < m->known) {
		ref = m->queue[m->copied++];
		status = pdf_get_object(m->doc, ref, &old, err);
		if (status == DEED_OK)
			status = copy_value(m, old, &copy, err);
		if (status == DEED_OK)
			pdf_update_put(m->u, m->map[ref.num], copy);
	}
	return status;
}

/* ---- the ink ---- */

/* A name that the page's own graphics states leave free. */
static enum deed_status name_ink(struct import *m, struct deed_error *err)
{
	const struct pdf_object *states;
	enum deed_status status;
	int i = 0;

	if (!m->ink.multiply)
		return DEED_OK;
	status = pdf_dict_resolve(m->doc, m->page.resources, "ExtGState",
				  &states, err);
	do {
		(void)snprintf(m->state, sizeof(m->state), "Ink%d", i++);
	} while (status == DEED_OK && i < INT_MAX &&
		 pdf_dict_get(states, m->state) != NULL);
	return status;
}

/* Ahead of the page's content: what it does not set itself stays so. */
static void put_ink(const struct import *m, struct buf *content)
{
	const struct pdf_rect *r = &m->sheet.box;

	if (m->ink.ground)
		buf_printf(content, "q 1 g %.3f %.3f %.3f %.3f re f Q\n", r->x0,
			   r->y0, r->x1 - r->x0, r->y1 - r->y0);
	if (m->ink.multiply)
		buf_printf(content, "/%s gs\n", m->state);
}

/* The graphics states of the page, and one that multiplies. */
static enum deed_status add_ink(struct import *m, struct pdf_object *resources,
				struct deed_error *err)
{
	struct pdf_object *states = NULL, *ink = pdf_new_dict(m->arena);
	const struct pdf_object *old;
	enum deed_status status;

	if (!m->ink.multiply)
		return DEED_OK;
	status = pdf_dict_resolve(m->doc, m->page.resources, "ExtGState", &old,
				  err);
	if (status == DEED_OK && pdf_is(old, PDF_DICT))
		status = copy_value(m, old, &states, err);
	else
		states = pdf_new_dict(m->arena);
	if (status == DEED_OK &&
	    (!pdf_dict_put(m->arena, ink, "Type",
			   pdf_new_name(m->arena, "ExtGState")) ||
	     !pdf_dict_put(m->arena, ink, "BM",
			   pdf_new_name(m->arena, "Multiply")) ||
	     !pdf_dict_put(m->arena, states, m->state, ink) ||
	     !pdf_dict_put(m->arena, resources, "ExtGState", states)))
		status = deed_error_memory(err);
	return status;
}

/* ---- the form ---- */

/* ISO 32000-2 7.8.2: parts are joined with white space between them. */
static enum deed_status read_content(struct import *m, struct buf *out,
				     struct deed_error *err)
{
	const struct pdf_object *contents, *part;
	enum deed_status status;
	size_t i, count = 1;

	status = pdf_dict_resolve(m->doc, m->page.dict, "Contents", &contents,
				  err);
	if (status != DEED_OK || pdf_is(contents, PDF_NULL))
		return status;
	if (pdf_is(contents, PDF_ARRAY))
		count = pdf_array_count(contents);
	for (i = 0; status == DEED_OK && i < count; i++) {
		part = contents;
		if (pdf_is(contents, PDF_ARRAY))
			status = pdf_resolve(m->doc, pdf_array_get(contents, i),
					     &part, err);
		if (status != DEED_OK)
			break;
		if (!pdf_is(part, PDF_STREAM) || out->len > CONTENT_MAX)
			return deed_error_set(err, DEED_MALFORMED,
					      "'%s' has no sound page content",
					      m->name);
		status = pdf_stream_decode(m->doc, part, CONTENT_MAX, out, err);
		buf_byte(out, '\n');
	}
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* compressBound leaves room for whatever the content is; the only failure left
 * is memory. */
static enum deed_status deflated(const struct buf *in, struct buf *out,
				 struct deed_error *err)
{
	uLongf len = compressBound(in->len);
	uint8_t *room = buf_reserve(out, len);

	if (room == NULL || compress2(room, &len, in->data, in->len,
				      Z_BEST_COMPRESSION) != Z_OK)
		return deed_error_memory(err);
	out->len += len;
	return DEED_OK;
}

/* A form's /BBox and /Matrix: reals of at most five digits, which is finer
 * than any printer. */
static bool put_numbers(struct pdf_arena *a, struct pdf_object *dict,
			const char *key, const double *v, size_t count)
{
	struct pdf_object *array = pdf_new_array(a);
	bool good = array != NULL;
	size_t i;

	for (i = 0; good && i < count; i++)
		good = pdf_array_add(a, array, pdf_new_real(a, v[i]));
	return good && pdf_dict_put(a, dict, key, array);
}

/* The page's box, widened to the shape of the place where it is shown. */
static void form_box(const struct import *m, double aspect, double box[4])
{
	const struct pdf_rect *r = &m->sheet.box;
	double w = r->x1 - r->x0, h = r->y1 - r->y0, wide = w, high = h;

	if (aspect > 0 && m->sheet.rotate % 180 != 0)
		aspect = 1 / aspect;
	if (aspect > 0 && w / h < aspect)
		wide = h * aspect;
	else if (aspect > 0)
		high = w / aspect;
	box[0] = r->x0 - (wide - w) / 2;
	box[1] = r->y0 - (high - h) / 2;
	box[2] = r->x1 + (wide - w) / 2;
	box[3] = r->y1 + (high - h) / 2;
}

/* The resources are those of the page, with what it inherits. /Group is not
 * taken over from the page: the drawing blends with what lies beneath it. */
static enum deed_status make_form(struct import *m, struct slice content,
				  int turn, double aspect, struct pdf_ref *form,
				  struct deed_error *err)
{
	struct pdf_arena *a = m->arena;
	struct pdf_object *stream = pdf_new_stream(a, content);
	struct pdf_object *resources = NULL;
	double matrix[6], box[4];
	enum deed_status status = DEED_OK;

	if (pdf_is(m->page.resources, PDF_DICT))
		status = copy_value(m, m->page.resources, &resources, err);
	else
		resources = pdf_new_dict(a);
	if (status == DEED_OK)
		status = add_ink(m, resources, err);
	if (status != DEED_OK)
		return status;
	form_box(m, aspect, box);
	pdf_turn_matrix(turn - m->sheet.rotate, matrix);
	if (resources != NULL && m->archival.part != 0 &&
	    !m->archival.rgb_intent && !pdf_archival_colours(a, resources))
		return deed_error_memory(err);
	if (stream == NULL || resources == NULL ||
	    !pdf_dict_put(a, stream, "Type", pdf_new_name(a, "XObject")) ||
	    !pdf_dict_put(a, stream, "Subtype", pdf_new_name(a, "Form")) ||
	    !put_numbers(a, stream, "BBox", box, 4) ||
	    !put_numbers(a, stream, "Matrix", matrix, 6) ||
	    !pdf_dict_put(a, stream, "Resources", resources) ||
	    !pdf_dict_put(a, stream, "Filter", pdf_new_name(a, "FlateDecode")))
		return deed_error_memory(err);
	*form = pdf_update_add(m->u, stream);
	return copy_queue(m, err);
}

/* The content is read and packed before anything is put into the update.  A
 * failure later leaves numbers without objects in it. */
enum deed_status pdf_import_page(struct pdf_update *u, struct slice pdf,
				 const char *name, int turn, double aspect,
				 struct pdf_import_ink ink,
				 struct pdf_ref *form, struct deed_error *err)
{
	struct import m = { .u = u, .arena = pdf_update_arena(u), .ink = ink };
	struct buf content = BUF_INIT, packed = BUF_INIT;
	enum deed_status status;

	memset(form, 0, sizeof(*form));
	m.name = name;
	status = open_page(&m, pdf, err);
	if (status == DEED_OK)
		status = pdf_archival_read(pdf_update_document(u), &m.archival,
					   err);
	if (status != DEED_OK)
		goto out;
	m.map_size = pdf_next_number(m.doc);
	m.map = calloc(m.map_size, sizeof(*m.map));
	m.queue = calloc(PDF_IMPORT_OBJECTS, sizeof(*m.queue));
	if (m.map == NULL || m.queue == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	m.ink.multiply = m.ink.multiply && pdf_archival_blends(&m.archival);
	status = name_ink(&m, err);
	if (status == DEED_OK) {
		put_ink(&m, &content);
		status = read_content(&m, &content, err);
	}
	if (status == DEED_OK)
		status = deflated(&content, &packed, err);
	if (status == DEED_OK)
		status = make_form(&m, buf_get(&packed), turn, aspect, form,
				   err);
out:
	buf_clear(&content);
	buf_clear(&packed);
	close_import(&m);
	return status;
}
