/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_GEOMETRY_H
#define DEED_PDF_GEOMETRY_H

#include "pdf/document.h"

/*
 * Places on a page.  The user speaks of millimetres from the left and top
 * edge of the page as it is displayed: the crop box (cut to the media box),
 * turned by /Rotate, in units of /UserUnit.  A PDF speaks of its own user
 * space.  Nothing here keeps state.
 */
#define PDF_MM (72.0 / 25.4) /* default units in a millimetre */

struct pdf_rect {
	double x0, y0, x1, y1; /* x0 <= x1, y0 <= y1 */
};

/* Empty, the wrong way round, has none. */
double pdf_rect_area(const struct pdf_rect *r);

/* r becomes what both have in common, the wrong way round where that is
 * nothing; or the smallest that is around both. */
void pdf_rect_intersect(struct pdf_rect *r, const struct pdf_rect *other);
void pdf_rect_enclose(struct pdf_rect *r, const struct pdf_rect *other);

/* An array of four numbers; *there is false for anything else. */
enum deed_status pdf_rect_read(struct pdf_document *doc,
			       const struct pdf_object *array, bool *there,
			       struct pdf_rect *out,
			       struct deed_error *err) DEED_MUST_USE;

/* ---- a page as it is displayed (geometry_sheet.c) ---- */

struct pdf_sheet {
	struct pdf_rect box;	    /* what is displayed, in user space */
	int rotate;		    /* clockwise: 0, 90, 180 or 270 */
	double unit;		    /* UserUnit: 1 for 1/72 inch */
	double width_mm, height_mm; /* as displayed */
};

/*
 * Read a page's boxes.  No media box at all is US Letter, as every viewer
 * has it; a box of no or absurd size (over 100 m) is DEED_MALFORMED; /Rotate
 * that is no multiple of 90 counts as 0.
 */
enum deed_status pdf_sheet_read(struct pdf_document *doc,
				const struct pdf_page *page,
				struct pdf_sheet *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Where a drawing of width by height millimetres lies whose top left corner
 * is x, y millimetres from the left and top edge as displayed.  DEED_USAGE
 * where it does not lie on the page whole (within half a millimetre), saying
 * how large the page is.
 */
enum deed_status pdf_sheet_place(const struct pdf_sheet *sheet, double x_mm,
				 double y_mm, double width_mm, double height_mm,
				 struct pdf_rect *out,
				 struct deed_error *err) DEED_MUST_USE;

/* The other way: the place of a rectangle of user space as displayed. */
void pdf_sheet_locate(const struct pdf_sheet *sheet,
		      const struct pdf_rect *rect, double *x_mm, double *y_mm,
		      double *width_mm, double *height_mm);

/*
 * The matrix that turns an upright form so that it is upright as displayed
 * (ISO 32000-2 12.5.5 scales and moves it into /Rect by itself).
 */
void pdf_turn_matrix(int rotate, double out[6]);

/* ---- matrices (ISO 32000-2 8.3.3): a b c d e f ---- */

/* m becomes what applies first and then m. */
void pdf_matrix_before(const double first[6], double m[6]);
void pdf_matrix_apply(const double m[6], double *x, double *y);

/* The smallest upright rectangle around r when it is transformed. */
struct pdf_rect pdf_matrix_box(const double m[6], const struct pdf_rect *r);

/* An array of six finite numbers; *there is false for anything else. */
enum deed_status pdf_matrix_read(struct pdf_document *doc,
				 const struct pdf_object *array, bool *there,
				 double out[6],
				 struct deed_error *err) DEED_MUST_USE;

/*
 * The matrix from an appearance's form space to the page: its box, turned by
 * its matrix, is scaled and moved into rect (12.5.5, algorithm 8.1).  False
 * where the turned box has no area.
 */
bool pdf_appearance_matrix(const double matrix[6], const struct pdf_rect *bbox,
			   const struct pdf_rect *rect, double out[6]);

/* Page numbers as the user counts: 1 is the first, -1 the last.  DEED_USAGE
 * where there is no such page.  *index counts from 0. */
enum deed_status pdf_page_select(struct pdf_document *doc, long number,
				 size_t *index,
				 struct deed_error *err) DEED_MUST_USE;

#endif
