/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_MARKS_PRIV_H
#define DEED_PDF_MARKS_PRIV_H

#include "pdf/content.h"
#include "pdf/core.h"
#include "pdf/marks.h"

/*
 * What the marks*.c files share: a follower runs through content, keeps the
 * graphics state, and adds marks.
 *
 * Functions return nothing: follow_well remembers a failure of the machine
 * and turns any other into an unknown mark.  Either sets stop, which ends the
 * stream under way.
 */

struct marks_entry {
	struct pdf_rect box;
	enum pdf_mark_kind kind;
	unsigned plain; /* so many rectangles, lines, strings that fill; then
			 * the kind means nothing */
};

struct pdf_marks {
	struct marks_entry *list;
	size_t count, cap;
};

/* ---- fonts (marks_font.c) ---- */

#define MARKS_FONTS 128

enum marks_class {
	MARKS_LETTER, /* or not known */
	MARKS_BLANK,  /* white space */
	MARKS_FILL,   /* "_", ".", "-" and such */
	MARKS_ABSENT, /* drawn, but not there: one reader does not advance */
};

struct marks_font {
	const struct pdf_object *dict;
	bool unknown;	/* cannot be followed */
	bool vertical;	/* writes downwards, a glyph as high as the size */
	bool drawn;	/* Type 3: glyphs are content */
	unsigned bytes; /* of a code */
	bool latin;	/* a standard font: widths can be guessed */
	/* By code from first on, in thousandths of the size; NAN or past the
	 * end: not known, and no more than most. */
	float *widths;
	size_t width_first, width_count;
	double most;
	double ascent, descent; /* thousandths */
	struct pdf_rect glyphs; /* drawn: around any glyph, by the size */
	uint8_t *classes;	/* enum marks_class by code; NULL: letters */
	size_t class_count;
};

/* What a code advances by in thousandths; sure is false where that is the
 * most that it can be. */
double marks_width(const struct marks_font *font, unsigned code, bool *sure);
enum marks_class marks_class(const struct marks_font *font, unsigned code);

/* ---- following (marks_content.c) ---- */

/* The graphics state (ISO 32000-2 8.4), as far as it matters. */
struct marks_state {
	double m[6];
	struct pdf_rect clip; /* around what is not cut off */
	bool shaped;	      /* cut to a shape that is no rectangle */
	unsigned cuts;	      /* rectangles that it is cut to, if several */
	bool masked;	      /* a soft mask */
	bool multiply;
	bool pattern[2]; /* of stroking, of filling */
	double width, miter;
	bool dotted; /* dashes that may form something */
	double char_space, word_space, scale, leading, rise, size;
	int mode;
	const struct marks_font *font;
};

/* One sub-path (8.5.2), in the page's space. */
struct marks_path {
	struct pdf_rect box;
	double start[2], at[2];
	unsigned lines;
	bool odd; /* a curve or a slanted line */
	bool closed;
};

#define MARKS_PATHS 65536

/* The stream under way. */
struct marks_stream {
	struct pdf_content *content;
	const struct pdf_object *resources;
	struct pdf_rect whole; /* where it can paint at all */
	unsigned compat;       /* BX */
	size_t base;	       /* its part of the saved states */
	/* The text object. */
	bool in_text;
	bool adrift; /* readers differ in where text stands */
	double tm[6], line[6];
	double slack[2]; /* how much further left, right it may stand */
};

struct marks_follow {
	struct pdf_document *doc;
	const struct pdf_object *page_resources;
	struct pdf_marks *marks; /* NULL: only whether it paints matters */
	struct pdf_rect *around; /* gathers one box instead of marks */
	enum deed_status failed; /* of the machine */
	struct deed_error error;
	bool full;    /* all is unknown: nothing can add to that */
	bool stop;    /* ends this stream */
	bool on_page; /* in its content, not an annotation's */
	bool paints, hides, doubt;
	size_t left; /* bytes of content */
	size_t forms;
	unsigned depth;
	struct marks_stream in;
	double n[6]; /* the operands, where all are numbers */
	struct marks_state state;
	struct marks_state *saved;
	size_t saved_count, saved_cap;
	struct marks_path *paths;
	size_t path_count, path_cap;
	bool clips; /* W stands before the next painting */
	struct marks_font *fonts[MARKS_FONTS];
	size_t font_count;
};

/* ---- a follower and its list (marks_list.c) ---- */

/* At the beginning of a page.  marks NULL: nothing is listed, and only paints,
 * hides and doubt are found out. */
void follow_init(struct marks_follow *f, struct pdf_document *doc,
		 struct pdf_marks *marks);

/* DEED_OK, or the failure of the machine. */
enum deed_status follow_clear(struct marks_follow *f,
			      struct deed_error *err) DEED_MUST_USE;

bool follow_well(struct marks_follow *f, enum deed_status status);

/* The value of a key; NULL where there is none, or null. */
const struct pdf_object *follow_get(struct marks_follow *f,
				    const struct pdf_object *dict,
				    const char *key);

/* The rest of this stream is unknown: a mark over all of it. */
void follow_unknown(struct marks_follow *f);

/* A mark in the page's space; plain as above. */
void follow_mark(struct marks_follow *f, enum pdf_mark_kind kind,
		 unsigned plain, const struct pdf_rect *box);

/* ---- what moves it ---- */

/* Around the box, half the line's width; times the miter for corners that
 * are not right angles. */
void follow_widen(const struct marks_follow *f, bool miter,
		  struct pdf_rect *box);

/* A resource's value; NULL where there is none. */
const struct pdf_object *follow_resource(struct marks_follow *f,
					 const char *kind,
					 const struct pdf_object *name);

/* Content that may not be longer than what is left. */
bool follow_gather(struct marks_follow *f, const struct pdf_object *contents,
		   struct buf *out);

/* Run through content, from the state as it is; that and the stream under
 * way are as before afterwards.  resources may be NULL. */
void follow_bytes(struct marks_follow *f, struct slice bytes,
		  const struct pdf_object *resources,
		  const struct pdf_rect *whole);

/* Run through a form XObject, whose matrix (with its own /Matrix) the state
 * has. */
void follow_form(struct marks_follow *f, const struct pdf_object *form);

/* The /Matrix of a form, identity where there is none. */
bool follow_matrix(struct marks_follow *f, const struct pdf_object *dict,
		   const char *key, double out[6]);

/* The appearances of the page's annotations (marks_annotation.c). */
void follow_annotations(struct marks_follow *f, const struct pdf_page *page);

/* ---- what readers draw by themselves (marks_drawn.c) ---- */

/* The largest icon that one draws for a note or an attachment. */
#define MARKS_ICON 48.0

/* The annotation without any appearance: its box, and all that its points and
 * icons reach over, is unknown. */
void follow_drawn(struct marks_follow *f, const struct pdf_object *dict,
		  struct pdf_rect box);

/* The same where it may be one that nobody draws, as an empty field is. */
void follow_bare(struct marks_follow *f, const struct pdf_object *dict,
		 const struct pdf_rect *box);

/* A widget without looks shows what it was filled with: is there anything? */
bool follow_filled(struct marks_follow *f, const struct pdf_object *dict);

/* ---- fonts, as they are met ---- */

/* The font, read once; NULL where it failed, which is marked then. */
const struct marks_font *follow_font(struct marks_follow *f,
				     const struct pdf_object *dict);

/* ---- operators, by what they are about ---- */

enum { PATH_MOVE, PATH_LINE, PATH_CURVE, PATH_HALF, PATH_CLOSE, PATH_RECT };
enum { PAINT_STROKE = 1, PAINT_FILL = 2, PAINT_CLOSE = 4 };
enum {
	TEXT_BEGIN,
	TEXT_END,
	TEXT_MOVE,
	TEXT_MOVE_LEAD,
	TEXT_SET,
	TEXT_NEXT,
	TEXT_FONT,
};
enum { SHOW_STRING, SHOW_ARRAY, SHOW_NEXT, SHOW_SPACED };

void follow_path(struct marks_follow *f, int what);
void follow_paint(struct marks_follow *f, int what);
void follow_text(struct marks_follow *f, int what);
void follow_show(struct marks_follow *f, int what);

#endif
