/* SPDX-License-Identifier: Apache-2.0 */
#include "look/sheet.h"

#include <math.h>

/* Wide enough for every picture, and no overflow when it grows. */
#define FAR 1000000.0

static bool lies_across(const struct look_sheet *s)
{
	return s->rotate == 90 || s->rotate == 270;
}

double look_sheet_width(const struct look_sheet *s)
{
	return lies_across(s) ? s->y1 - s->y0 : s->x1 - s->x0;
}

double look_sheet_height(const struct look_sheet *s)
{
	return lies_across(s) ? s->x1 - s->x0 : s->y1 - s->y0;
}

/* From user space to points from the left and top edge as displayed. */
static void turn(const struct look_sheet *s, double x, double y, double *across,
		 double *down)
{
	switch (s->rotate) {
	case 90:
		*across = y - s->y0;
		*down = x - s->x0;
		break;
	case 180:
		*across = s->x1 - x;
		*down = y - s->y0;
		break;
	case 270:
		*across = s->y1 - y;
		*down = s->x1 - x;
		break;
	default:
		*across = x - s->x0;
		*down = s->y1 - y;
		break;
	}
}

/* The inverse of turn: a place on the picture, in the user space of the page.
 */
static void turn_back(const struct look_sheet *s, double across, double down,
		      double *x, double *y)
{
	switch (s->rotate) {
	case 90:
		*x = s->x0 + down;
		*y = s->y0 + across;
		break;
	case 180:
		*x = s->x1 - across;
		*y = s->y0 + down;
		break;
	case 270:
		*x = s->x1 - down;
		*y = s->y1 - across;
		break;
	default:
		*x = s->x0 + across;
		*y = s->y1 - down;
		break;
	}
}

static int32_t whole(double value)
{
	return (int32_t)fmax(-FAR, fmin(FAR, value));
}

struct look_area look_sheet_area(const struct look_sheet *s,
				 const double box[4], int grow)
{
	double left, top, right, bottom;

	turn(s, box[0], box[1], &left, &top);
	turn(s, box[2], box[3], &right, &bottom);
	return (struct look_area){
		whole(floor(fmin(left, right) * s->scale)) - grow,
		whole(floor(fmin(top, bottom) * s->scale)) - grow,
		whole(ceil(fmax(left, right) * s->scale)) + grow,
		whole(ceil(fmax(top, bottom) * s->scale)) + grow,
	};
}

void look_sheet_box(const struct look_sheet *s, const struct look_area *area,
		    double box[4])
{
	double x0, y0, x1, y1;

	turn_back(s, area->left / s->scale, area->top / s->scale, &x0, &y0);
	turn_back(s, area->right / s->scale, area->bottom / s->scale, &x1, &y1);
	box[0] = fmin(x0, x1);
	box[1] = fmin(y0, y1);
	box[2] = fmax(x0, x1);
	box[3] = fmax(y0, y1);
}
