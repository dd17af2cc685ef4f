/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/paint.h"

#include <math.h>
#include <stdlib.h>

#include "draw/canvas.h"
#include "draw/text.h"

/*
 * The square seal of a person's name, in parts of its side: red letters on
 * white within a frame.  Han letters stand in columns, read downwards and from
 * the right, as large as their cell; other scripts in lines, a word each where
 * there are few.
 */
#define FRAME 0.045
#define AIR 0.055   /* between frame and letters */
#define GAP 0.030   /* between letters */
#define STRETCH 1.3 /* a letter is made wider or higher by this at most */
#define LINES 4	    /* of words */
#define SIDE (1 - 2 * (FRAME + AIR)) /* of what is written in */

/* One letter, or one line. */
struct piece {
	struct text *text;
	struct text_place place;
};

struct square {
	const struct draw_spec *spec;
	cairo_t *cr;
	struct piece pieces[DRAW_LETTERS_MAX + 2];
	size_t count;
};

/* The array has room for as many letters as a seal may have, and for two that
 * are put behind them. */
static enum deed_status add(struct square *s, const char *text, size_t len,
			    struct deed_error *err)
{
	const struct text_style style = { .bold = true,
					  .family = s->spec->font };
	struct piece *p = &s->pieces[s->count];
	char piece[DRAW_TEXT_MAX + 1];
	enum deed_status status;

	memcpy(piece, text, len);
	piece[len] = '\0';
	status = text_new(&p->text, s->cr, piece, &style, err);
	if (status == DEED_OK)
		s->count++;
	return status;
}

/* A NUL continues no character, so that this ends with the text at the latest.
 */
static size_t letter_len(const char *utf8)
{
	size_t len = 1;

	while (((unsigned char)utf8[len] & 0xc0) == 0x80)
		len++;
	return len;
}

/*
 * As name seals are cut: a name of two letters is followed by those for "his
 * seal", one of three by the one for "seal", so that four stand in the square.
 */
static enum deed_status split_han(struct square *s, struct deed_error *err)
{
	static const char *const after[] = { "", "", "之印", "印" };
	const char *p = s->spec->name;
	enum deed_status status = DEED_OK;
	int round;

	for (round = 0; round < 2; round++) {
		for (; status == DEED_OK && *p != '\0'; p += letter_len(p))
			status = add(s, p, letter_len(p), err);
		p = s->count < 4 && round == 0 ? after[s->count] : "";
	}
	return status;
}

/* As nearly a square as the count allows.  Columns are filled from the right,
 * each from the top. */
static void place_han(struct square *s)
{
	size_t columns = 1, rows, i;
	double width, height;

	while (columns * columns < s->count)
		columns++;
	rows = (s->count + columns - 1) / columns;
	width = SIDE / (double)columns;
	height = SIDE / (double)rows;
	for (i = 0; i < s->count; i++) {
		struct text_place *p = &s->pieces[i].place;

		p->width = width - GAP;
		p->height = height - GAP;
		p->x = FRAME + AIR + SIDE - (double)(i / rows + 1) * width +
		       GAP / 2;
		p->y = FRAME + AIR + (double)(i % rows) * height + GAP / 2;
	}
}

/* A word each; where there are more than fit, the last line has the rest. */
static enum deed_status split_words(struct square *s, struct deed_error *err)
{
	const char *p = s->spec->name;
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && *p != '\0') {
		size_t len = s->count + 1 < LINES ? strcspn(p, " ") : strlen(p);

		if (len > 0)
			status = add(s, p, len, err);
		p += len + strspn(p + len, " ");
	}
	if (status == DEED_OK && s->count == 0)
		return deed_error_set(err, DEED_USAGE,
				      "a name of spaces cannot be drawn");
	return status;
}

/* Lines of one height, the longest as wide as the square. */
static void place_words(struct square *s)
{
	double height = SIDE / (double)(s->count < 2 ? 2 : s->count);
	double top = (1 - height * (double)s->count) / 2;
	size_t i;

	for (i = 0; i < s->count; i++)
		s->pieces[i].place =
			(struct text_place){ FRAME + AIR,
					     top + height * (double)i + GAP / 2,
					     SIDE, height - GAP };
}

/* Han letters fill their cell, as a cutter of seals makes them do; others keep
 * their shape. */
static void draw(struct square *s)
{
	bool han = text_is_han(s->spec->name);
	size_t i;

	canvas_red(s->cr);
	cairo_set_line_width(s->cr, FRAME);
	cairo_rectangle(s->cr, FRAME / 2, FRAME / 2, 1 - FRAME, 1 - FRAME);
	cairo_stroke(s->cr);
	for (i = 0; i < s->count; i++)
		text_draw_in(s->pieces[i].text, s->cr, &s->pieces[i].place,
			     han ? STRETCH : 1);
}

/* The script of the whole name decides: one with other letters among Han is
 * written in lines. */
static enum deed_status lay_out(struct square *s, struct deed_error *err)
{
	enum deed_status status = text_has_family(s->spec->font, err);
	bool han = text_is_han(s->spec->name);

	if (status == DEED_OK)
		status = han ? split_han(s, err) : split_words(s, err);
	if (status == DEED_OK && han)
		place_han(s);
	else if (status == DEED_OK)
		place_words(s);
	return status;
}

enum deed_status paint_square(const struct draw_spec *spec, struct drawing *out,
			      struct deed_error *err)
{
	double side = spec->width_mm;
	struct square s = { .spec = spec };
	struct canvas *c = NULL;
	enum deed_status status;

	status = canvas_open(&c, side, side, spec->time, err);
	if (status != DEED_OK)
		return status;
	s.cr = canvas_cairo(c);
	status = lay_out(&s, err);
	if (status == DEED_OK) {
		/* From here on its side is 1. */
		cairo_scale(s.cr, side, side);
		draw(&s);
		status = canvas_finish(c, side, side, out, err);
	}
	while (s.count > 0)
		text_free(s.pieces[--s.count].text);
	canvas_free(c);
	return status;
}
