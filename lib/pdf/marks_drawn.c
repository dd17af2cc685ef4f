/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pdf/marks_priv.h"

/*
 * Annotations that have no appearance, and are drawn by readers from their own
 * entries: what that may cover is unknown, where is told here.
 */

/* How far what a reader draws by itself may reach over its points. */
#define MARGIN 12.0

/* Of points that a drawing is told by. */
#define POINTS 65536

/* Own, or of an ancestor among the fields. */
static const struct pdf_object *inherited(struct marks_follow *f,
					  const struct pdf_object *dict,
					  const char *key)
{
	const struct pdf_object *o;

	return follow_well(f, pdf_inherited(f->doc, dict, key, PDF_NULL, &o,
					    &f->error))
		       ? o
		       : NULL;
}

/* Numbers in pairs, in arrays of arrays too: an ink's strokes. */
static void reach(struct marks_follow *f, const struct pdf_object *array,
		  struct pdf_rect *box, unsigned depth)
{
	const struct pdf_object *o;
	double v;
	size_t i;

	for (i = 0; i < pdf_array_count(array) && i < POINTS; i++) {
		if (!follow_well(f, pdf_resolve(f->doc, pdf_array_get(array, i),
						&o, &f->error)))
			return;
		if (depth > 0 && pdf_is(o, PDF_ARRAY))
			reach(f, o, box, depth - 1);
		if (!pdf_get_number(o, &v))
			continue;
		if (i % 2 == 0) {
			box->x0 = fmin(box->x0, v - MARGIN);
			box->x1 = fmax(box->x1, v + MARGIN);
		} else {
			box->y0 = fmin(box->y0, v - MARGIN);
			box->y1 = fmax(box->y1, v + MARGIN);
		}
	}
}

/* Each reader draws icons of its own size, and by its own reading of the
 * points: the box takes in all of them, and is unknown. */
void follow_drawn(struct marks_follow *f, const struct pdf_object *dict,
		  struct pdf_rect box)
{
	static const char *const points[] = { "L", "QuadPoints", "Vertices",
					      "InkList", "CL" };
	static const char *const icons[] = { "Text",  "FileAttachment", "Sound",
					     "Movie", "Caret",		NULL };
	size_t i;

	if (pdf_name_in(pdf_get_name(follow_get(f, dict, "Subtype")), icons)) {
		box.x0 -= MARKS_ICON;
		box.y0 -= MARKS_ICON;
		box.x1 += MARKS_ICON;
		box.y1 += MARKS_ICON;
	}
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		reach(f, follow_get(f, dict, points[i]), &box, 1);
	follow_mark(f, PDF_MARK_UNKNOWN, 0, &box);
}

bool follow_filled(struct marks_follow *f, const struct pdf_object *dict)
{
	const struct pdf_object *v = inherited(f, dict, "V");
	const struct pdf_object *look = follow_get(f, dict, "MK");

	if (follow_get(f, look, "CA") != NULL ||
	    follow_get(f, look, "I") != NULL)
		return true;
	return v != NULL && !pdf_is_name(v, "Off") &&
	       !(pdf_is(v, PDF_STRING) && pdf_get_string(v).len == 0);
}

/* A popup is a window of the reader, nothing on the page.  An empty field
 * without a look is drawn by nobody, so that signing over its place hides
 * nothing. */
void follow_bare(struct marks_follow *f, const struct pdf_object *dict,
		 const struct pdf_rect *box)
{
	const struct pdf_object *kind = follow_get(f, dict, "Subtype");

	if (pdf_is_name(kind, "Popup"))
		return;
	if (pdf_is_name(kind, "Link"))
		/* A frame at most. */
		follow_mark(f, PDF_MARK_PATH, 1, box);
	else if (!pdf_is_name(kind, "Widget") ||
		 (box->x0 < box->x1 && box->y0 < box->y1 &&
		  follow_filled(f, dict)))
		follow_drawn(f, dict, *box);
}
