/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_LOOK_H
#define DEED_LOOK_LOOK_H

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

/*
 * What a reader sees of a PDF, as it was signed and as it is now: the helper
 * deed-look paints all pages of both with poppler, as on a screen and as on
 * paper, and says where they differ outside of the places that a verdict
 * names.
 *
 * It is no judge.  Poppler is large, and hostile documents are its input, so
 * that whoever takes deed-look over can have it say what he likes: that two
 * states look the same.  What fails by other rules fails all the same.
 *
 * deed-look runs in a sandbox (base/sandbox.h) in which it can read fonts and
 * what belongs to them; where there is none it paints nothing.  Each order
 * has a process of its own, so that no document sees another.
 *
 * Limits: LOOK_STATES states a document, LOOK_PAGES pages, LOOK_SECONDS for
 * all of it, 1 GiB of address space with the file in it, LOOK_PIXELS a page:
 * one that is larger than that at LOOK_DPI is painted at less, down to
 * LOOK_DPI_LEAST, and not at all below.
 *
 * Shared by any number of threads.
 */
struct look;

#define LOOK_DPI 150
#define LOOK_DPI_LEAST 75
#define LOOK_PIXELS 16000000
#define LOOK_PAGES 4096
#define LOOK_STATES 64
#define LOOK_SECONDS 120
#define LOOK_PLACES 256 /* of one state */
#define LOOK_MARKS 128	/* of one state; further ones are not listed */
#define LOOK_PICTURES 8 /* of all states together */
#define LOOK_PICTURE_MARKS 32
#define LOOK_SHOWN 1000000 /* pixels of a picture at most */
#define LOOK_WHY 200

enum deed_status look_new(struct look **out,
			  struct deed_error *err) DEED_MUST_USE;
void look_free(struct look *l);

/* A place that may differ: user space of the page, points. */
struct look_place {
	uint32_t page; /* from 0 */
	double box[4]; /* left, bottom, right, top */
	bool covers;   /* is to be told whether it was plain before */
};

/* The document as it was: its first end bytes. */
struct look_state {
	uint64_t end;
	const struct look_place *places;
	size_t place_count;
};

/* Where something is seen that was not, or not seen that was. */
struct look_mark {
	uint32_t page; /* from 0 */
	bool print;    /* seen on paper alone */
	double box[4]; /* user space of the page: left, bottom, right, top */
};

/* A page, small enough to be shown: rows of three bytes a pixel, red first.
 * then and now may be of two sizes; a page that is not there has none. */
struct look_view {
	uint32_t width, height;
	struct buf pixels;
};

struct look_picture {
	uint32_t page; /* from 0 */
	bool print;
	struct look_view then, now;
	/* What differs, and what covers something: parts of the page as
	 * displayed, from 0 to 1: left, top, right, bottom. */
	double marks[LOOK_PICTURE_MARKS][4];
	size_t mark_count;
};

/* What became of one state. */
struct look_seen {
	bool painted;	    /* all of it, both times */
	char why[LOOK_WHY]; /* if not: "page 3 is too large"; UTF-8 */
	uint32_t pages_then, pages_now;
	struct look_mark marks[LOOK_MARKS];
	size_t mark_count; /* those listed */
	bool more;	   /* there were more */
	/* Of each place that covers: nothing was to be seen there before, on
	 * screen and paper (look/compare.h). */
	bool plain[LOOK_PLACES];
	struct look_picture pictures[LOOK_PICTURES];
	size_t picture_count;
};

/*
 * Paint the document in fd, a regular file that is lent, now and in these
 * states.  *out is a list of count, the caller's (look_seen_free), and NULL
 * unless DEED_OK.  pictures asks for pictures of pages that differ or where a
 * place is not plain.
 *
 * What cannot be painted is told in the states.  DEED_INDETERMINATE where
 * nothing is known: the helper is missing, has no sandbox, was killed or gave
 * no answer; DEED_LIMIT for too much.
 */
enum deed_status look_at(struct look *l, int fd, const struct secret *password,
			 const struct look_state *states, size_t count,
			 bool pictures, struct look_seen **out,
			 struct deed_error *err) DEED_MUST_USE;
/* Say why it was not painted, once: in printable ASCII, whatever a document
 * had a library say. */
void look_set_why(struct look_seen *seen, const char *text);

void look_seen_free(struct look_seen *list, size_t count);

#endif
