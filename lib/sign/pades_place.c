/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include <math.h>

#include "pdf/import.h"
#include "pdf/marks.h"
#include "pdf/sign_field.h"

/* The sheet keeps nothing of the page, so that it may outlive it. */
static enum deed_status read_sheet(struct pdf_document *doc, size_t index,
				   struct pdf_sheet *sheet,
				   struct deed_error *err)
{
	enum deed_status status;
	struct pdf_page page;

	status = pdf_page_get(doc, index, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, &page, sheet, err);
	return status;
}

/*
 * Which way is up there, and what shape the drawing is to have: as the field
 * says (/MK /R), else as the page is displayed.
 */
static enum deed_status fit(struct pdf_document *doc, const char *field,
			    const struct pdf_sheet *sheet,
			    struct pades_place *out, struct deed_error *err)
{
	const struct pdf_rect *r = &out->rect;
	double aspect = (r->x1 - r->x0) / (r->y1 - r->y0);
	enum deed_status status;
	bool given;
	int turn;

	status = pdf_sign_field_turn(doc, field, &given, &turn, err);
	out->rotate = given ? turn : sheet->rotate;
	out->aspect = out->rotate % 180 == 0 ? aspect : 1 / aspect;
	return status;
}

/* On a page that is larger only the wish is looked at. */
#define LARGE_MM 2000.0

/* How far from each other and from the edges places are tried. */
#define STEP_MM 10.0

/* Free with some air around it. */
#define AIR 3.0

/* The air around counts as well: a drawing that touches a line of text is read
 * as part of it. */
static bool is_free(const struct pdf_marks *marks, const struct pdf_rect *r)
{
	const struct pdf_rect outer = { r->x0 - AIR, r->y0 - AIR, r->x1 + AIR,
					r->y1 + AIR };
	enum pdf_mark_kind kind;

	return !pdf_marks_beneath(marks, &outer, &kind);
}

/* Down from the place that was wished for, then in the columns beside it;
 * that place, if none is free. */
static void search(const struct pdf_marks *marks, const struct pdf_sheet *sheet,
		   const struct pades_appearance *a, double height,
		   struct pdf_rect *out)
{
	struct pdf_rect r;
	double x, y;

	for (y = a->y_mm; y + height + STEP_MM <= sheet->height_mm;
	     y += STEP_MM) {
		for (x = a->x_mm; x + a->width_mm + STEP_MM <= sheet->width_mm;
		     x += STEP_MM) {
			if (pdf_sheet_place(sheet, x, y, a->width_mm, height,
					    &r, NULL) == DEED_OK &&
			    is_free(marks, &r)) {
				*out = r;
				return;
			}
		}
	}
}

/* How far beneath a text what belongs to it may stand, and in which steps. */
#define BENEATH_MM 40.0
#define BENEATH_STEP_MM 2.0

/* The first place beneath a text that is free; out as it is, if none is. */
static void search_beneath(const struct pdf_marks *marks,
			   const struct pdf_sheet *sheet,
			   const struct pades_appearance *a, double height,
			   struct pdf_rect *out)
{
	struct pdf_rect r;
	double down;

	for (down = 0; down <= BENEATH_MM; down += BENEATH_STEP_MM) {
		if (pdf_sheet_place(sheet, a->beneath_x_mm,
				    a->beneath_y_mm + down, a->width_mm, height,
				    &r, NULL) == DEED_OK &&
		    is_free(marks, &r)) {
			*out = r;
			return;
		}
	}
}

/* A box that covers what others signed would take their verdict away. */
static enum deed_status find_free(struct pdf_document *doc, size_t page,
				  const struct pdf_sheet *sheet,
				  const struct pades_appearance *a,
				  double height, struct pdf_rect *rect,
				  struct deed_error *err)
{
	struct pdf_marks *marks;
	enum deed_status status;

	status = pdf_marks_read(doc, page, &marks, err);
	if (status != DEED_OK)
		return status;
	if (!is_free(marks, rect) && a->anchor != PADES_TOP_LEFT)
		search_beneath(marks, sheet, a, height, rect);
	else if (!is_free(marks, rect) && sheet->width_mm < LARGE_MM &&
		 sheet->height_mm < LARGE_MM)
		search(marks, sheet, a, height, rect);
	pdf_marks_free(marks);
	return DEED_OK;
}

static double within(double value, double most)
{
	return fmax(0, fmin(value, most));
}

/* The top left corner of what stands by another point, moved onto the page. */
static void find_corner(const struct pdf_sheet *sheet,
			const struct pades_appearance *a, double height,
			double *x, double *y)
{
	*x = a->x_mm;
	*y = a->y_mm;
	if (a->anchor == PADES_TOP_LEFT)
		return;
	if (a->anchor == PADES_LEFT || a->anchor == PADES_RIGHT)
		*y -= height / 2;
	else
		*x -= a->width_mm / 2;
	if (a->anchor == PADES_RIGHT)
		*x -= a->width_mm;
	if (a->anchor == PADES_BOTTOM)
		*y -= height;
	*x = within(*x, sheet->width_mm - a->width_mm);
	*y = within(*y, sheet->height_mm - height);
}

/* The place that is wished for must lie on the page even where any other would
 * do: one that does not is a mistake to be told. */
static enum deed_status set_place(struct pdf_document *doc, size_t page,
				  const struct pdf_sheet *sheet,
				  const struct pades_appearance *a,
				  double height, struct pdf_rect *rect,
				  struct deed_error *err)
{
	enum deed_status status;
	double x, y;

	find_corner(sheet, a, height, &x, &y);
	status = pdf_sheet_place(sheet, x, y, a->width_mm, height, rect, err);
	if (status == DEED_OK && a->anywhere)
		status = find_free(doc, page, sheet, a, height, rect, err);
	return status;
}

enum deed_status pades_find_place(struct pdf_document *doc,
				  const struct pades_params *params,
				  struct pades_place *out,
				  struct deed_error *err)
{
	const struct pades_appearance *a = params->appearance;
	double width, height;
	struct pdf_sheet sheet;
	enum deed_status status;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (params->field != NULL) {
		status = pdf_sign_field_find(doc, params->field, &found,
					     &out->page, &out->rect, err);
		if (status != DEED_OK)
			return status;
	}
	out->field_has_place = found && out->rect.x0 < out->rect.x1;
	if (a == NULL || a->no_field)
		return DEED_OK;
	if (found && !out->field_has_place)
		return deed_error_set(err, DEED_REFUSED,
				      "the field '%s' has no place on a page "
				      "to show anything",
				      params->field);
	status = pdf_import_size(a->pdf, &width, &height, err);
	if (status == DEED_OK && !out->field_has_place)
		status = pdf_page_select(doc, a->page, &out->page, err);
	if (status == DEED_OK)
		status = read_sheet(doc, out->page, &sheet, err);
	if (status != DEED_OK)
		return status;
	out->rotate = sheet.rotate;
	if (!out->field_has_place)
		return set_place(doc, out->page, &sheet, a,
				 a->width_mm * height / width, &out->rect, err);
	return fit(doc, params->field, &sheet, out, err);
}
