/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pdf/geometry.h"

#define LETTER_WIDTH 612.0
#define LETTER_HEIGHT 792.0
#define LARGEST_MM 100000.0
#define TOLERANCE_MM 0.5

/* ISO 32000-2 14.11.2.1: what lies outside the media box is not shown. */
static void cut(struct pdf_rect *box, const struct pdf_rect *media)
{
	struct pdf_rect r = *box;

	pdf_rect_intersect(&r, media);
	*box = r.x0 < r.x1 && r.y0 < r.y1 ? r : *media;
}

/* A unit of 0, below it or not a number would make a page without size: it
 * counts as the default, as in viewers. */
static enum deed_status read_unit(struct pdf_document *doc,
				  const struct pdf_page *page, double *unit,
				  struct deed_error *err)
{
	const struct pdf_object *value;
	enum deed_status status;

	*unit = 1;
	status = pdf_dict_resolve(doc, page->dict, "UserUnit", &value, err);
	if (status == DEED_OK && pdf_get_number(value, unit) &&
	    !(*unit > 0 && *unit <= 1e6))
		*unit = 1;
	return status;
}

/* A whole number may be written as a real, which readers take as well.
 * Negative turns are counted round. */
static int read_rotate(const struct pdf_page *page)
{
	double number;
	int64_t turn = 0;

	if (!pdf_get_int(page->rotate, &turn) &&
	    pdf_get_number(page->rotate, &number) && fabs(number) < 1e6 &&
	    number == floor(number))
		turn = (int64_t)number;
	if (turn % 90 != 0)
		return 0;
	return (int)((turn % 360 + 360) % 360);
}

/* The crop box is cut to the media box before it is measured; one that lies
 * outside of it altogether counts as not there. */
enum deed_status pdf_sheet_read(struct pdf_document *doc,
				const struct pdf_page *page,
				struct pdf_sheet *out, struct deed_error *err)
{
	struct pdf_rect media = { 0, 0, LETTER_WIDTH, LETTER_HEIGHT };
	enum deed_status status;
	double width, height;
	bool there;

	memset(out, 0, sizeof(*out));
	status = pdf_rect_read(doc, page->media_box, &there, &media, err);
	if (status != DEED_OK)
		return status;
	if (media.x0 >= media.x1 || media.y0 >= media.y1)
		return deed_error_set(err, DEED_MALFORMED,
				      "the page has no size");
	status = pdf_rect_read(doc, page->crop_box, &there, &out->box, err);
	if (status != DEED_OK)
		return status;
	if (!there)
		out->box = media;
	cut(&out->box, &media);
	status = read_unit(doc, page, &out->unit, err);
	if (status != DEED_OK)
		return status;
	out->rotate = read_rotate(page);
	width = (out->box.x1 - out->box.x0) * out->unit / PDF_MM;
	height = (out->box.y1 - out->box.y0) * out->unit / PDF_MM;
	if (!(width < LARGEST_MM && height < LARGEST_MM))
		return deed_error_set(err, DEED_MALFORMED,
				      "the page is larger than 100 m");
	out->width_mm = out->rotate % 180 == 0 ? width : height;
	out->height_mm = out->rotate % 180 == 0 ? height : width;
	return DEED_OK;
}

enum deed_status pdf_sheet_place(const struct pdf_sheet *sheet, double x_mm,
				 double y_mm, double width_mm, double height_mm,
				 struct pdf_rect *out, struct deed_error *err)
{
	double k = PDF_MM / sheet->unit;
	double x = x_mm * k, y = y_mm * k, w = width_mm * k, h = height_mm * k;
	const struct pdf_rect *b = &sheet->box;

	if (!(width_mm > 0 && height_mm > 0) || !(x_mm >= -TOLERANCE_MM) ||
	    !(y_mm >= -TOLERANCE_MM) ||
	    !(x_mm + width_mm <= sheet->width_mm + TOLERANCE_MM) ||
	    !(y_mm + height_mm <= sheet->height_mm + TOLERANCE_MM))
		return deed_error_set(err, DEED_USAGE,
				      "a drawing of %.1f by %.1f mm at "
				      "%.1f,%.1f does not lie on the page, "
				      "which is %.1f by %.1f mm",
				      width_mm, height_mm, x_mm, y_mm,
				      sheet->width_mm, sheet->height_mm);
	/* The corner that is displayed top left, and which ways are right
	 * and down from it, differ with the turn. */
	switch (sheet->rotate) {
	case 90:
		*out = (struct pdf_rect){ b->x0 + y, b->y0 + x, b->x0 + y + h,
					  b->y0 + x + w };
		break;
	case 180:
		*out = (struct pdf_rect){ b->x1 - x - w, b->y0 + y, b->x1 - x,
					  b->y0 + y + h };
		break;
	case 270:
		*out = (struct pdf_rect){ b->x1 - y - h, b->y1 - x - w,
					  b->x1 - y, b->y1 - x };
		break;
	default:
		*out = (struct pdf_rect){ b->x0 + x, b->y1 - y - h,
					  b->x0 + x + w, b->y1 - y };
		break;
	}
	return DEED_OK;
}

void pdf_sheet_locate(const struct pdf_sheet *sheet,
		      const struct pdf_rect *rect, double *x_mm, double *y_mm,
		      double *width_mm, double *height_mm)
{
	double k = sheet->unit / PDF_MM;
	const struct pdf_rect *b = &sheet->box;
	double w = (rect->x1 - rect->x0) * k, h = (rect->y1 - rect->y0) * k;

	switch (sheet->rotate) {
	case 90:
		*x_mm = (rect->y0 - b->y0) * k;
		*y_mm = (rect->x0 - b->x0) * k;
		break;
	case 180:
		*x_mm = (b->x1 - rect->x1) * k;
		*y_mm = (rect->y0 - b->y0) * k;
		break;
	case 270:
		*x_mm = (b->y1 - rect->y1) * k;
		*y_mm = (b->x1 - rect->x1) * k;
		break;
	default:
		*x_mm = (rect->x0 - b->x0) * k;
		*y_mm = (b->y1 - rect->y1) * k;
		break;
	}
	*width_mm = sheet->rotate % 180 == 0 ? w : h;
	*height_mm = sheet->rotate % 180 == 0 ? h : w;
}

/* Negating in unsigned arithmetic: the least long has no positive counterpart.
 */
enum deed_status pdf_page_select(struct pdf_document *doc, long number,
				 size_t *index, struct deed_error *err)
{
	enum deed_status status;
	size_t count;

	*index = 0;
	status = pdf_page_count(doc, &count, err);
	if (status != DEED_OK)
		return status;
	if (number > 0 && (unsigned long)number <= count)
		*index = (size_t)number - 1;
	else if (number < 0 && 0 - (unsigned long)number <= count)
		*index = count - (0 - (unsigned long)number);
	else
		return deed_error_set(err, DEED_USAGE,
				      "there is no page %ld: the document has "
				      "%zu",
				      number, count);
	return DEED_OK;
}
