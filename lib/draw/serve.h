/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_SERVE_H
#define DEED_DRAW_SERVE_H

#include "base/error.h"

/*
 * The other end of draw/draw.h: read orders from in and write drawings to
 * out, until in is closed.  An order that cannot be painted is answered with
 * its error and does not end the loop; a failure to speak does.  Once in a
 * process: at the beginning it gives up what drawing does not need
 * (base/confine.h), at the end it gives back what pango and fontconfig keep.
 */
enum deed_status draw_serve(int in, int out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
