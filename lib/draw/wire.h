/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_WIRE_H
#define DEED_DRAW_WIRE_H

#include "draw/spec.h"

/*
 * The language of deed-draw, over base/frame.h.  deed sends SPEC first, then
 * the texts and the image as the spec has them, then PAINT; deed-draw answers
 * SIZE and PDF, or an error.  Any number of drawings, one after the other,
 * until deed closes the pipe.
 *
 *	SPEC	1 byte kind, 1 byte emblem, 4 bytes width in micrometres,
 *		8 bytes time, two's complement
 *	SIZE	4 bytes width, 4 bytes height, in micrometres
 *
 * Numbers are big-endian.
 */
enum draw_frame {
	DRAW_FRAME_SPEC = 1,
	DRAW_FRAME_NAME,
	DRAW_FRAME_TITLE,
	DRAW_FRAME_PURPOSE,
	DRAW_FRAME_NUMBER,
	DRAW_FRAME_FONT,
	DRAW_FRAME_LINE,
	DRAW_FRAME_IMAGE,
	DRAW_FRAME_PAINT,
	DRAW_FRAME_SIZE,
	DRAW_FRAME_PDF,
};

#define DRAW_WIRE_SPEC 14	 /* bytes of a SPEC */
#define DRAW_WIRE_SIZE 8	 /* bytes of a SIZE */
#define DRAW_PDF_MAX (64u << 20) /* bytes of a PDF at most */

void wire_put_spec(const struct draw_spec *spec, uint8_t out[DRAW_WIRE_SPEC]);

/* Sets kind, emblem, width and time.  DEED_MALFORMED. */
enum deed_status wire_get_spec(struct slice body, struct draw_spec *spec,
			       struct deed_error *err) DEED_MUST_USE;

void wire_put_size(const struct drawing *d, uint8_t out[DRAW_WIRE_SIZE]);
enum deed_status wire_get_size(struct slice body, struct drawing *d,
			       struct deed_error *err) DEED_MUST_USE;

#endif
