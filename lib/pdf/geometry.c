/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/geometry.h"

#include <math.h>

#define LETTER_WIDTH 612.0
#define LETTER_HEIGHT 792.0
#define LARGEST_MM 100000.0
#define TOLERANCE_MM 0.5

double pdf_rect_area(const struct pdf_rect *r)
{
	return r->x1 > r->x0 && r->y1 > r->y0
		       ? (r->x1 - r->x0) * (r->y1 - r->y0)
		       : 0;
}

void pdf_rect_intersect(struct pdf_rect *r, const struct pdf_rect *other)
{
	r->x0 = fmax(r->x0, other->x0);
	r->y0 = fmax(r->y0, other->y0);
	r->x1 = fmin(r->x1, other->x1);
	r->y1 = fmin(r->y1, other->y1);
}

void pdf_rect_enclose(struct pdf_rect *r, const struct pdf_rect *other)
{
	r->x0 = fmin(r->x0, other->x0);
	r->y0 = fmin(r->y0, other->y0);
	r->x1 = fmax(r->x1, other->x1);
	r->y1 = fmax(r->y1, other->y1);
}

/* More than four numbers are read as four, as readers do it; corners may be
 * given in any order (ISO 32000-2 7.9.5). */
enum deed_status pdf_rect_read(struct pdf_document *doc,
			       const struct pdf_object *array, bool *there,
			       struct pdf_rect *out, struct deed_error *err)
{
	const struct pdf_object *item;
	enum deed_status status;
	double v[4];
	size_t i;

	*there = false;
	if (pdf_array_count(array) < 4)
		return DEED_OK;
	for (i = 0; i < 4; i++) {
		status = pdf_resolve(doc, pdf_array_get(array, i), &item, err);
		if (status != DEED_OK)
			return status;
		if (!pdf_get_number(item, &v[i]) || !isfinite(v[i]))
			return DEED_OK;
	}
	out->x0 = fmin(v[0], v[2]);
	out->y0 = fmin(v[1], v[3]);
	out->x1 = fmax(v[0], v[2]);
	out->y1 = fmax(v[1], v[3]);
	*there = true;
	return DEED_OK;
}

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

void pdf_turn_matrix(int rotate, double out[6])
{
	static const double turns[4][4] = {
		{ 1, 0, 0, 1 },
		{ 0, 1, -1, 0 },
		{ -1, 0, 0, -1 },
		{ 0, -1, 1, 0 },
	};
	const double *turn = turns[((rotate % 360 + 360) % 360) / 90];

	memcpy(out, turn, sizeof(turns[0]));
	out[4] = 0;
	out[5] = 0;
}

void pdf_matrix_before(const double first[6], double m[6])
{
	const double a[6] = { m[0], m[1], m[2], m[3], m[4], m[5] };
	const double *f = first;
	size_t i;

	for (i = 0; i < 6; i += 2) {
		m[i] = f[i] * a[0] + f[i + 1] * a[2] + (i == 4 ? a[4] : 0);
		m[i + 1] = f[i] * a[1] + f[i + 1] * a[3] + (i == 4 ? a[5] : 0);
	}
}

void pdf_matrix_apply(const double m[6], double *x, double *y)
{
	double a = *x, b = *y;

	*x = m[0] * a + m[2] * b + m[4];
	*y = m[1] * a + m[3] * b + m[5];
}

struct pdf_rect pdf_matrix_box(const double m[6], const struct pdf_rect *r)
{
	struct pdf_rect out = { 0, 0, 0, 0 };
	double x, y;
	int i;

	for (i = 0; i < 4; i++) {
		x = i < 2 ? r->x0 : r->x1;
		y = i % 2 == 0 ? r->y0 : r->y1;
		pdf_matrix_apply(m, &x, &y);
		if (i == 0)
			out = (struct pdf_rect){ x, y, x, y };
		pdf_rect_enclose(&out, &(struct pdf_rect){ x, y, x, y });
	}
	return out;
}

enum deed_status pdf_matrix_read(struct pdf_document *doc,
				 const struct pdf_object *array, bool *there,
				 double out[6], struct deed_error *err)
{
	const struct pdf_object *item;
	enum deed_status status;
	double v[6];
	size_t i;

	*there = false;
	if (pdf_array_count(array) != 6)
		return DEED_OK;
	for (i = 0; i < 6; i++) {
		status = pdf_resolve(doc, pdf_array_get(array, i), &item, err);
		if (status != DEED_OK)
			return status;
		if (!pdf_get_number(item, &v[i]) || !isfinite(v[i]))
			return DEED_OK;
	}
	memcpy(out, v, sizeof(v));
	*there = true;
	return DEED_OK;
}

/* out may be matrix itself: the original is copied first. */
bool pdf_appearance_matrix(const double matrix[6], const struct pdf_rect *bbox,
			   const struct pdf_rect *rect, double out[6])
{
	struct pdf_rect turned = pdf_matrix_box(matrix, bbox);
	double w = turned.x1 - turned.x0, h = turned.y1 - turned.y0;
	double sx, sy, own[6];

	memcpy(own, matrix, sizeof(own));
	if (!(w > 0 && h > 0))
		return false;
	sx = (rect->x1 - rect->x0) / w;
	sy = (rect->y1 - rect->y0) / h;
	out[0] = sx;
	out[1] = out[2] = 0;
	out[3] = sy;
	out[4] = rect->x0 - turned.x0 * sx;
	out[5] = rect->y0 - turned.y0 * sy;
	pdf_matrix_before(own, out);
	return true;
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
