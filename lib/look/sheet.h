/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_SHEET_H
#define DEED_LOOK_SHEET_H

#include "look/compare.h"

/*
 * Where user space of a page lies in a picture of it, and back: the picture
 * shows the page's box, turned clockwise.  Pure arithmetic.
 */
struct look_sheet {
	double x0, y0, x1, y1; /* what is displayed, in user space */
	int rotate;	       /* 0, 90, 180 or 270 */
	double scale;	       /* pixels a point */
};

/* Size as displayed, in points. */
double look_sheet_width(const struct look_sheet *s);
double look_sheet_height(const struct look_sheet *s);

/* The pixels that a box touches, and grow more on each side. */
struct look_area look_sheet_area(const struct look_sheet *s,
				 const double box[4], int grow);

/* The box of an area: left, bottom, right, top. */
void look_sheet_box(const struct look_sheet *s, const struct look_area *area,
		    double box[4]);

#endif
