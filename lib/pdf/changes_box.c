/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "pdf/painted.h"
#include "pdf/step.h"

/*
 * The rule of sight: what b paints is measured against what a painted
 * beneath.  A box on blank paper, on a line or in the cell of a table is what
 * signing looks like; one over text may show another text.
 */

/* Boxes that share no more than their edge do not cover. */
#define EDGE 0.5

/* Rounding of a writer that keeps to a rectangle. */
#define ROUNDING 1.0

/* So much of a page is no box beside the text. */
#define MUCH 0.25

static bool inside(const struct pdf_rect *r, const struct pdf_rect *in)
{
	return r->x0 >= in->x0 - ROUNDING && r->y0 >= in->y0 - ROUNDING &&
	       r->x1 <= in->x1 + ROUNDING && r->y1 <= in->y1 + ROUNDING;
}

/* "field 'Sig1'", "annotation /Text", behind what stands in out. */
static void name_box(struct pdf_step *s, const struct pdf_object *dict,
		     uint32_t num, char *out, size_t size)
{
	size_t len = strlen(out);
	const struct pdf_object *o = NULL;
	struct slice kind;

	/* What cannot be read has no name, and is refused elsewhere. */
	if (pdf_dict_resolve(s->b, dict, "Subtype", &o, NULL) != DEED_OK)
		o = NULL;
	kind = pdf_get_name(o);
	if (slice_equal_str(kind, "Widget"))
		(void)snprintf(out + len, size - len, "field '%s'",
			       pdf_field_name(s->b, num));
	else
		(void)snprintf(out + len, size - len, "annotation /%.*s",
			       (int)(kind.len > 24 ? 24 : kind.len),
			       kind.len == 0 ? "" : (const char *)kind.data);
}

/* All are counted, only the first PDF_CHANGE_BOXES kept: the report says how
 * many there are. */
static void list_box(struct pdf_step *s, size_t page, const struct pdf_rect *r,
		     const char *what)
{
	struct pdf_change_box *box;

	if (s->out->box_count++ >= PDF_CHANGE_BOXES)
		return;
	box = &s->out->boxes[s->out->box_count - 1];
	box->page = (uint32_t)page;
	box->box[0] = r->x0;
	box->box[1] = r->y0;
	box->box[2] = r->x1;
	box->box[3] = r->y1;
	(void)snprintf(box->what, sizeof(box->what), "%s", what);
}

/* The box has been listed before this, so that box_count is not 0.  The first
 * reason stays, each box keeps its own mark. */
static void doubt(struct pdf_step *s, size_t page, uint32_t num,
		  const char *what, const char *over)
{
	struct pdf_changes *out = s->out;

	/* Of the box that was listed last. */
	if (out->box_count <= PDF_CHANGE_BOXES)
		out->boxes[out->box_count - 1].covers = true;
	else
		out->covers_unlisted = true;
	if (out->covers)
		return;
	out->covers = true;
	(void)snprintf(out->cover_reason, sizeof(out->cover_reason),
		       "on page %zu the %s lies over %s (object %u)", page + 1,
		       what, over, (unsigned)num);
}

void pdf_step_place(struct pdf_step *s, size_t page, const struct pdf_rect *r,
		    uint32_t num)
{
	char what[PDF_CHANGE_WHAT];

	if (pdf_rect_area(r) <= 0)
		return;
	(void)snprintf(what, sizeof(what), "field '%.60s'",
		       s->out->box_count < PDF_CHANGE_BOXES
			       ? pdf_field_name(s->b, num)
			       : "");
	list_box(s, page, r, what);
}

/* It is no box of the newer revision, hence covers_unlisted: what was seen
 * there is not seen any more. */
void pdf_step_lost(struct pdf_step *s, const char *what, struct slice kind,
		   uint32_t num)
{
	struct pdf_changes *out = s->out;
	char where[PDF_ORIGIN_NAME];

	pdf_step_raise(s, PDF_CHANGE_ANNOTATION);
	out->covers_unlisted = true;
	if (out->covers)
		return;
	out->covers = true;
	(void)snprintf(out->cover_reason, sizeof(out->cover_reason),
		       "on %s an annotation /%.*s that was signed is %s "
		       "(object %u)",
		       pdf_step_where(s, where),
		       (int)(kind.len > 24 ? 24 : kind.len),
		       kind.len == 0 ? "" : (const char *)kind.data, what,
		       (unsigned)num);
}

/* The marks of a page are read once for all boxes on it.  A thin edge of the
 * box is left out, as fields are drawn to touch the line of their form. */
static enum deed_status beneath(struct pdf_step *s, size_t page,
				const struct pdf_rect *r, const char **over,
				struct deed_error *err)
{
	static const char *const names[] = {
		[PDF_MARK_TEXT] = "text",
		[PDF_MARK_PATH] = "a drawing",
		[PDF_MARK_PICTURE] = "a picture",
		[PDF_MARK_SHADING] = "a shading",
		[PDF_MARK_UNKNOWN] = "content that cannot be followed",
	};
	/* Of a thin one most is left. */
	double x = fmin(EDGE, (r->x1 - r->x0) / 8);
	double y = fmin(EDGE, (r->y1 - r->y0) / 8);
	struct pdf_rect inner = { r->x0 + x, r->y0 + y, r->x1 - x, r->y1 - y };
	enum deed_status status = DEED_OK;
	enum pdf_mark_kind kind;

	*over = NULL;
	if (s->marks == NULL || s->marks_page != page) {
		pdf_marks_free(s->marks);
		s->marks = NULL;
		status = pdf_marks_read(s->a, page, &s->marks, err);
		s->marks_page = page;
	}
	if (status == DEED_OK && pdf_marks_beneath(s->marks, &inner, &kind))
		*over = names[kind];
	return status;
}

/* "ink over text by ": what multiplies is no doubt, but whoever looks is to
 * know where it might have made other letters of those beneath. */
static enum deed_status name_ink(struct pdf_step *s, size_t page,
				 const struct pdf_rect *r, char *out,
				 size_t size, struct deed_error *err)
{
	enum deed_status status;
	const char *over;

	status = beneath(s, page, r, &over, err);
	if (status == DEED_OK && over != NULL)
		(void)snprintf(out, size, "ink over %s by ", over);
	return status;
}

/* A name is looked for as often as it is told, no more. */
static enum deed_status tell_box(struct pdf_step *s, size_t page,
				 const struct pdf_object *dict, uint32_t num,
				 const struct pdf_painted *painted, char *what,
				 size_t size, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (s->out->box_count < PDF_CHANGE_BOXES) {
		if (painted->multiply)
			status = name_ink(s, page, &painted->area, what, size,
					  err);
		name_box(s, dict, num, what, size);
	}
	list_box(s, page, &painted->area, what);
	return status;
}

/* Of the newer revision, in which the box stands; that the page itself is the
 * same is decided elsewhere. */
static enum deed_status read_sheets(struct pdf_step *s, size_t i,
				    struct pdf_sheet *sheet,
				    struct pdf_rect *media,
				    struct deed_error *err)
{
	enum deed_status status;
	struct pdf_page page;
	bool there;

	status = pdf_page_get(s->b, i, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(s->b, &page, sheet, err);
	if (status != DEED_OK)
		return status;
	/* Some readers show what the crop box cuts off. */
	*media = sheet->box;
	status = pdf_rect_read(s->b, page.media_box, &there, media, err);
	if (!there)
		*media = sheet->box;
	return status;
}

/* Text that the edge of the page cuts off confuses how some readers find that
 * of the page itself, for who copies it. */
static enum deed_status at_edge(struct pdf_step *s,
				const struct pdf_object *dict,
				const struct pdf_rect *media, const char **over,
				struct deed_error *err)
{
	const struct pdf_object *box;
	enum deed_status status;
	struct pdf_rect rect;
	bool there;

	status = pdf_dict_resolve(s->b, dict, "Rect", &box, err);
	if (status == DEED_OK)
		status = pdf_rect_read(s->b, box, &there, &rect, err);
	if (status == DEED_OK && there && !inside(&rect, media))
		*over = "the edge of the page";
	return status;
}

/* Listed before it is judged: the list tells what came, covers which of it is
 * in doubt.  What multiplies takes nothing away (it is not measured how dark it
 * is), and what stays within a place that was signed was agreed to. */
enum deed_status pdf_step_box(struct pdf_step *s, size_t page,
			      const struct pdf_object *dict, uint32_t num,
			      const struct pdf_rect *within, bool *paints,
			      struct deed_error *err)
{
	struct pdf_painted painted;
	const char *over = NULL;
	struct pdf_rect media;
	enum deed_status status;
	struct pdf_sheet sheet;
	char what[PDF_CHANGE_WHAT] = "";

	if (paints != NULL)
		*paints = false;
	status = read_sheets(s, page, &sheet, &media, err);
	if (status == DEED_OK)
		status = pdf_painted_read(s->b, dict, &sheet, &painted, err);
	if (status != DEED_OK)
		return status;
	pdf_rect_intersect(&painted.area, &media);
	if ((!painted.any && !painted.hint) ||
	    pdf_rect_area(&painted.area) <= 0)
		return DEED_OK;
	if (paints != NULL)
		*paints = painted.any;
	status =
		tell_box(s, page, dict, num, &painted, what, sizeof(what), err);
	if (status != DEED_OK)
		return status;
	/* A place that was measured when it came; it cannot have moved. */
	if (painted.multiply || (within != NULL && !painted.unbounded &&
				 inside(&painted.area, within)))
		return DEED_OK;
	if (pdf_rect_area(&painted.area) > MUCH * pdf_rect_area(&sheet.box))
		over = "more than a quarter of it";
	else
		status = beneath(s, page, &painted.area, &over, err);
	if (status == DEED_OK && over == NULL)
		status = at_edge(s, dict, &media, &over, err);
	if (status != DEED_OK || over == NULL)
		return status;
	if (what[0] == '\0' && !s->out->covers)
		name_box(s, dict, num, what, sizeof(what));
	doubt(s, page, num, what, over);
	return DEED_OK;
}
