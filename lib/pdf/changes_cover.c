/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "pdf/geometry.h"
#include "pdf/step.h"

/* An icon: as large as readers draw notes, and some more. */
#define ICON 48.0

/* A frame that is a frame. */
#define FRAME 3.0

void pdf_step_cover(struct pdf_step *s, enum pdf_cover cover, const char *what,
		    struct slice kind, uint32_t num)
{
	struct pdf_changes *out = s->out;

	pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	if (cover <= out->cover)
		return;
	out->cover = cover;
	(void)snprintf(out->cover_reason, sizeof(out->cover_reason),
		       "an annotation%s%.*s is %s and may %s what was signed "
		       "(object %u)",
		       kind.len == 0 ? "" : " /",
		       (int)(kind.len > 40 ? 40 : kind.len),
		       kind.len == 0 ? "" : (const char *)kind.data, what,
		       cover == PDF_COVER_FORGES ? "stand for" : "hide",
		       (unsigned)num);
}

static bool is_small(struct pdf_document *view, const struct pdf_object *dict)
{
	const struct pdf_object *box;
	struct pdf_rect r;
	bool there;

	return pdf_dict_resolve(view, dict, "Rect", &box, NULL) == DEED_OK &&
	       pdf_rect_read(view, box, &there, &r, NULL) == DEED_OK && there &&
	       r.x1 - r.x0 <= ICON && r.y1 - r.y0 <= ICON;
}

/* The width of a frame, from /Border or /BS (ISO 32000-2 12.5.4). */
static bool thin_frame(struct pdf_document *view, const struct pdf_object *dict)
{
	const struct pdf_object *border, *style, *width;
	double w;

	if (pdf_dict_resolve(view, dict, "Border", &border, NULL) != DEED_OK ||
	    pdf_dict_resolve(view, dict, "BS", &style, NULL) != DEED_OK)
		return false;
	width = pdf_array_get(border, 2);
	if (width != NULL && (!pdf_get_number(width, &w) || w > FRAME))
		return false;
	width = pdf_dict_get(style, "W");
	return width == NULL || (pdf_get_number(width, &w) && w <= FRAME);
}

enum pdf_cover pdf_annotation_cover(struct pdf_document *view,
				    const struct pdf_object *dict)
{
	static const char *const icons[] = { "Text", "FileAttachment", "Sound",
					     NULL };
	static const char *const marks[] = {
		"Highlight", "Underline", "Squiggly", "StrikeOut",
		"Caret",     "Ink",	  "Line",     "Square",
		"Circle",    "Polygon",	  "PolyLine", NULL
	};
	struct slice kind = pdf_get_name(pdf_dict_get(dict, "Subtype"));
	bool drawn = pdf_dict_get(dict, "AP") != NULL;

	if (pdf_name_in(kind, icons))
		return drawn && !is_small(view, dict) ? PDF_COVER_HIDES
						      : PDF_COVER_NOTHING;
	if (slice_equal_str(kind, "Popup"))
		return drawn ? PDF_COVER_HIDES : PDF_COVER_NOTHING;
	if (slice_equal_str(kind, "Link"))
		return drawn || !thin_frame(view, dict) ? PDF_COVER_HIDES
							: PDF_COVER_NOTHING;
	return pdf_name_in(kind, marks) ? PDF_COVER_HIDES : PDF_COVER_FORGES;
}
