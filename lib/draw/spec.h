/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_SPEC_H
#define DEED_DRAW_SPEC_H

#include "base/buf.h"

/*
 * What is to be drawn, in the words of the office that wants it.  A seal is a
 * circle with the organisation's name around a star and lines of text below
 * the star; a box is a framed signature box with lines of text; an image is a
 * PNG with transparency.  Text is UTF-8 in any script.
 */
enum draw_kind {
	DRAW_SEAL,
	DRAW_BOX,
	DRAW_IMAGE,
};

#define DRAW_LINES 8		/* lines of text at most */
#define DRAW_TEXT_MAX 400	/* bytes in a name or a line at most */
#define DRAW_PNG_MAX (8u << 20) /* bytes of a PNG at most */
#define DRAW_MM_MIN 5.0		/* smallest width, in millimetres */
#define DRAW_MM_MAX 1000.0	/* largest width, in millimetres */

/* Strings and slices are the caller's and outlive the spec. */
struct draw_spec {
	enum draw_kind kind;
	double width_mm;  /* of the drawing; the height follows */
	const char *name; /* around the seal, or the head of the box */
	const char *lines[DRAW_LINES]; /* NULL ends them */
	struct slice png;	       /* for DRAW_IMAGE */
	int64_t time;		       /* creation date of the PDF */
	bool preview;		       /* says PREVIEW across the drawing */
};

/* A drawing: a one-page PDF whose page is width by height millimetres. */
struct drawing {
	struct buf pdf;
	double width_mm;
	double height_mm;
};

#define DRAWING_INIT           \
	{                      \
		BUF_INIT, 0, 0 \
	}

/* DEED_USAGE where a text or a size is out of the limits above. */
enum deed_status draw_spec_check(const struct draw_spec *spec,
				 struct deed_error *err) DEED_MUST_USE;

#endif
