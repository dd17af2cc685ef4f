/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_SPEC_H
#define DEED_DRAW_SPEC_H

#include "base/buf.h"

/*
 * What is to be drawn, in the words of the office that wants it.  Text is
 * UTF-8 in any script.
 */
enum draw_kind {
	DRAW_SEAL,   /* a ring, the name along it, an emblem in the middle */
	DRAW_SQUARE, /* a frame, the name in it: the seal of a person */
	DRAW_BOX,    /* a framed signature box with lines of text */
	DRAW_IMAGE,  /* a picture alone */
};

/* What stands in the middle of a round seal. */
enum draw_emblem {
	DRAW_EMBLEM_NONE,
	DRAW_EMBLEM_STAR,
	DRAW_EMBLEM_IMAGE,
};

#define DRAW_LINES 8	  /* lines of text at most */
#define DRAW_TEXT_MAX 400 /* bytes in a name or a line at most */
/* Letters of a text on a seal: as many as a certified name of an organisation
 * may have (RFC 5280, ub-organization-name). */
#define DRAW_LETTERS_MAX 64
#define DRAW_IMAGE_MAX (8u << 20) /* bytes of a PNG or JPEG at most */
#define DRAW_PIXELS_MAX (64 * 1024 * 1024)
#define DRAW_MM_MIN 5.0	   /* smallest width, in millimetres */
#define DRAW_MM_MAX 1000.0 /* largest width, in millimetres */

/* Strings and slices are the caller's and outlive the spec. */
struct draw_spec {
	enum draw_kind kind;
	double width_mm;     /* of the drawing; the height follows */
	const char *name;    /* around the seal, or in bold in the box */
	const char *title;   /* above the name in the box, or NULL */
	const char *purpose; /* below the emblem of a round seal, or NULL */
	const char *number;  /* along its lower edge, or NULL */
	const char *font;    /* the family of all text; NULL: by script */
	const char *lines[DRAW_LINES]; /* NULL ends them */
	enum draw_emblem emblem;       /* of a round seal */
	/* A PNG, or a JPEG as jpeg_read leaves it: the picture of DRAW_IMAGE,
	 * the emblem, or a signature by hand in the box (empty: none). */
	struct slice image;
	int64_t time; /* creation date of the PDF */
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

/* DEED_USAGE where a text or a size is out of the limits above,
 * DEED_MALFORMED where a text is no UTF-8 or there is no image. */
enum deed_status draw_spec_check(const struct draw_spec *spec,
				 struct deed_error *err) DEED_MUST_USE;

#endif
