/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/geometry.h"

#include <math.h>

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
