/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_PAINT_H
#define DEED_LOOK_PAINT_H

#include "base/secret.h"
#include "look/compare.h"
#include "look/find_text.h"
#include "look/sheet.h"

/*
 * Pages as poppler paints them.  Not for threads.
 */
struct look_paper;

/* Load and open what poppler and its libraries do when they first paint, so
 * that the sandbox can do without it. */
enum deed_status look_paint_warm_up(struct deed_error *err) DEED_MUST_USE;

/* A password as text; NULL of NULL.  Forgotten afterwards, always. */
enum deed_status look_password_text(const struct secret *password, char **out,
				    struct deed_error *err) DEED_MUST_USE;
void look_password_forget(char *text);

/* The bytes must outlive it; password is text, NULL without one.
 * DEED_MALFORMED for what poppler does not open. */
enum deed_status look_paper_open(struct slice bytes, const char *password,
				 struct look_paper **out,
				 struct deed_error *err) DEED_MUST_USE;
void look_paper_close(struct look_paper *p);

uint32_t look_paper_pages(const struct look_paper *p);

/* A page's size as displayed, in points; DEED_MALFORMED where there is no such
 * page. */
enum deed_status look_paper_size(const struct look_paper *p, uint32_t page,
				 double *width, double *height,
				 struct deed_error *err) DEED_MUST_USE;

/* Pixels a point for a page of this size, and the picture's size.  DEED_LIMIT
 * for a page that is too large to be looked at. */
enum deed_status look_paint_scale(double width, double height, double *scale,
				  uint32_t *columns, uint32_t *rows,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * The letters of a page in the order in which they are read, each line with
 * '\n' behind it; the caller frees *out.  What lies off the page is left out.
 * DEED_LIMIT for more than FIND_LETTERS.
 */
enum deed_status look_paper_letters(const struct look_paper *p, uint32_t page,
				    struct find_letter **out, size_t *count,
				    struct deed_error *err) DEED_MUST_USE;

/* A painted page. */
struct look_canvas {
	void *surface;
	struct look_image image;
};

/* look_canvas_clear afterwards, always. */
enum deed_status look_paint(const struct look_paper *p, uint32_t page,
			    bool print, double scale, struct look_canvas *out,
			    struct deed_error *err) DEED_MUST_USE;
void look_canvas_clear(struct look_canvas *c);

#endif
