/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_TEXT_PRIV_H
#define DEED_DRAW_TEXT_PRIV_H

#include <pango/pangocairo.h>

#include "draw/text.h"

/* What text.c, which lays lines out, and text_draw.c share. */

/* Text is laid out at this size, in device units, and scaled from there. */
#define TEXT_LAYOUT 200.0

struct text {
	PangoLayout *layout;
	/* At TEXT_LAYOUT: the baseline below the layout's top, and how far
	 * ink and advance reach from its start on the baseline. */
	double baseline, left, right, ascent, descent;
};

#endif
