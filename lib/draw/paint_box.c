/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/image.h"
#include "draw/text.h"

/* In millimetres at a box of 60 mm; everything grows with the width. */
#define BOX_WIDTH 60.0
#define MARGIN 1.8
#define BAR 1.2
#define TITLE_SIZE 2.2
#define NAME_SIZE 4.2
#define LINE_SIZE 2.6
#define LEADING 1.42
#define IMAGE_WIDTH 21.0 /* a signature by hand, left of the text */
#define IMAGE_HEIGHT 12.0
#define SMALLER 0.8 /* than its size a line may be, so as not to be broken */
#define PARTS 3	    /* rows that a long line takes, at most */
#define ROWS (DRAW_LINES * PARTS + 2)

struct row {
	struct text *text;
	double size;
	bool title;
};

struct box {
	const struct draw_spec *spec;
	cairo_t *cr; /* in the millimetres above */
	struct row rows[ROWS];
	size_t count;
	double left, room, height; /* of the text */
	bool mirrored;		   /* it is written from the right */
	struct image image;
};

/* A text that is too wide is made smaller, not cut: it is a name, and all of
 * it counts. */
static enum deed_status add_row(struct box *b, const char *text, double size,
				bool bold, struct deed_error *err)
{
	const struct text_style style = { .bold = bold,
					  .family = b->spec->font };
	struct row *r = &b->rows[b->count];
	enum deed_status status = text_new(&r->text, b->cr, text, &style, err);

	if (status != DEED_OK)
		return status;
	r->size = fmin(size, b->room / text_width(r->text));
	b->height += r->size * LEADING;
	b->count++;
	return DEED_OK;
}

/* In one row, a little smaller; else rows that are full, and the rest in the
 * last. */
static enum deed_status add_line(struct box *b, const char *line,
				 struct deed_error *err)
{
	const struct text_style style = { .family = b->spec->font };
	const double room = b->room / LINE_SIZE;
	enum deed_status status = DEED_OK;
	char part[DRAW_TEXT_MAX + 1];
	int i;

	for (i = 1; status == DEED_OK && *line != '\0'; i++) {
		size_t len = strlen(line);

		if (i < PARTS &&
		    text_fits(b->cr, line, &style, room / SMALLER) < len)
			len = text_fits(b->cr, line, &style, room);
		memcpy(part, line, len);
		line += len;
		while (len > 1 && part[len - 1] == ' ')
			len--;
		part[len] = '\0';
		status = add_row(b, part, LINE_SIZE, false, err);
	}
	return status;
}

/* The first row is marked as the title before it is added, as its place is
 * known.  An image is loaded first, because it takes room from the text. */
static enum deed_status lay_out(struct box *b, struct deed_error *err)
{
	const struct draw_spec *spec = b->spec;
	enum deed_status status = text_has_family(spec->font, err);
	size_t i;

	b->mirrored = text_is_from_right(spec->name);
	b->left = MARGIN + BAR;
	if (status == DEED_OK && spec->image.len > 0) {
		status = image_load(spec->image, &b->image, err);
		b->left += IMAGE_WIDTH + MARGIN;
	}
	b->room = BOX_WIDTH - MARGIN - b->left;
	if (status == DEED_OK && spec->title != NULL) {
		b->rows[0].title = true;
		status = add_row(b, spec->title, TITLE_SIZE, false, err);
	}
	if (status == DEED_OK)
		status = add_row(b, spec->name, NAME_SIZE, true, err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (spec->lines[i] == NULL)
			break;
		status = add_line(b, spec->lines[i], err);
	}
	if (spec->image.len > 0)
		b->height = fmax(b->height, IMAGE_HEIGHT);
	b->height += 2 * MARGIN;
	return status;
}

/* The bar is at the side at which reading begins. */
static void draw_frame(const struct box *b)
{
	const double line = 0.25;

	cairo_set_source_rgb(b->cr, 0.13, 0.27, 0.53);
	cairo_rectangle(b->cr, b->mirrored ? BOX_WIDTH - BAR : 0, 0, BAR,
			b->height);
	cairo_fill(b->cr);
	cairo_set_line_width(b->cr, line);
	cairo_rectangle(b->cr, line / 2, line / 2, BOX_WIDTH - line,
			b->height - line);
	cairo_stroke(b->cr);
}

static double row_start(const struct box *b, const struct row *r)
{
	return b->mirrored ? BOX_WIDTH - b->left - text_width(r->text) * r->size
			   : b->left;
}

/* A row's leading lies above it, so that the last one ends at the margin. */
static void draw_rows(const struct box *b)
{
	double y = MARGIN;
	size_t i;

	for (i = 0; i < b->count; i++) {
		const struct row *r = &b->rows[i];

		if (r->title)
			cairo_set_source_rgb(b->cr, 0.13, 0.27, 0.53);
		else
			cairo_set_source_rgb(b->cr, 0.08, 0.08, 0.10);
		y += r->size * LEADING;
		text_draw(r->text, b->cr, row_start(b, r),
			  y - r->size * (LEADING - 1), r->size);
	}
}

/* The box was laid out on another canvas; only what it draws on is exchanged.
 */
static void draw(const struct box *b)
{
	draw_frame(b);
	draw_rows(b);
	if (b->spec->image.len > 0)
		image_draw(&b->image, b->cr,
			   b->mirrored ? BOX_WIDTH - BAR - MARGIN - IMAGE_WIDTH
				       : BAR + MARGIN,
			   MARGIN, IMAGE_WIDTH, b->height - 2 * MARGIN);
}

enum deed_status paint_box(const struct draw_spec *spec, struct drawing *out,
			   struct deed_error *err)
{
	double width = spec->width_mm, scale = width / BOX_WIDTH;
	struct box b = { .spec = spec };
	struct canvas *measure = NULL, *c = NULL;
	enum deed_status status;

	/* The height follows from the text, so it is laid out first. */
	status = canvas_open(&measure, width, width, spec->time, err);
	if (status != DEED_OK)
		return status;
	b.cr = canvas_cairo(measure);
	status = lay_out(&b, err);
	if (status == DEED_OK)
		status = canvas_open(&c, width, b.height * scale, spec->time,
				     err);
	if (status == DEED_OK) {
		b.cr = canvas_cairo(c);
		cairo_scale(b.cr, scale, scale);
		draw(&b);
		status = canvas_finish(c, width, b.height * scale, out, err);
	}
	while (b.count > 0)
		text_free(b.rows[--b.count].text);
	image_clear(&b.image);
	canvas_free(c);
	canvas_free(measure);
	return status;
}
