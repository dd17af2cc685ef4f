/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pdf/marks_priv.h"

/*
 * Text (ISO 32000-2 9).  What one operator shows is one mark: from where the
 * first glyph stands to behind the last, as the font's widths say.  Where
 * they do not say, a glyph counts as wide as it may be, and what follows in
 * the line may stand further left: slack.
 */

/* How far a glyph reaches over its width to either side, of the size: as far
 * as the "f" of Times Bold Italic. */
#define OVERHANG 0.18

/* Strings of an array that are looked at one by one. */
#define APART 64

/* A narrower glyph may be one that is drawn over the glyph before. */
#define NARROW 200.0

/* ---- where text stands ---- */

/* A new place is sure again, whatever came before in the line. */
static void set_place(struct marks_follow *f, const double m[6])
{
	memcpy(f->in.line, m, sizeof(f->in.line));
	memcpy(f->in.tm, m, sizeof(f->in.tm));
	f->in.slack[0] = f->in.slack[1] = 0;
}

/* From the beginning of the line, not from where the last string ended
 * (9.4.2). */
static void move(struct marks_follow *f, double x, double y)
{
	const double shift[6] = { 1, 0, 0, 1, x, y };

	pdf_matrix_before(shift, f->in.line);
	set_place(f, f->in.line);
}

/* A font that is not there at all leaves NULL, for which show() takes one that
 * may be as wide as any. */
static void choose_font(struct marks_follow *f)
{
	const struct pdf_content *c = f->in.content;
	const struct pdf_object *dict;

	if (!pdf_is(c->operands[0], PDF_NAME) ||
	    !pdf_get_number(c->operands[1], &f->state.size)) {
		follow_unknown(f);
		return;
	}
	/* Without a font readers take one of their own. */
	dict = follow_resource(f, "Font", c->operands[0]);
	f->state.font = dict == NULL ? NULL : follow_font(f, dict);
}

void follow_text(struct marks_follow *f, int what)
{
	static const double identity[6] = { 1, 0, 0, 1, 0, 0 };

	switch (what) {
	case TEXT_BEGIN:
		f->in.in_text = true;
		f->in.adrift = false;
		set_place(f, identity);
		break;
	case TEXT_END:
		f->in.in_text = false;
		break;
	case TEXT_MOVE_LEAD:
		f->state.leading = -f->n[1];
		move(f, f->n[0], f->n[1]);
		break;
	case TEXT_MOVE:
		move(f, f->n[0], f->n[1]);
		break;
	case TEXT_SET:
		f->in.adrift = false;
		set_place(f, f->n);
		break;
	case TEXT_NEXT:
		move(f, 0, -f->state.leading);
		break;
	default:
		choose_font(f);
	}
}

/* ---- showing ---- */

/* What one operator shows, in units of text space. */
struct run {
	const struct marks_font *font;
	double at;     /* along the line */
	double lo, hi; /* around the glyphs, along the line */
	size_t glyphs, blanks, fills;
	unsigned first; /* of what fills */
	bool mixed;
};

static void widen(struct run *r, double a, double b)
{
	r->lo = fmin(r->lo, fmin(a, b));
	r->hi = fmax(r->hi, fmax(a, b));
}

/* False if there is nothing to be seen of it. */
static bool classify(struct run *r, unsigned code)
{
	enum marks_class class = marks_class(r->font, code);

	r->glyphs++;
	if (class == MARKS_BLANK)
		r->blanks++;
	if (class != MARKS_FILL)
		return class != MARKS_BLANK;
	if (r->fills++ == 0)
		r->first = code;
	r->mixed = r->mixed || code != r->first;
	return true;
}

/* What follows may stand where it would without this step. */
static void slacken(struct marks_follow *f, double step)
{
	f->in.slack[step < 0] += fabs(step);
}

/* The box of a glyph, and where the next one stands. */
static void advance(struct marks_follow *f, struct run *r, unsigned code,
		    bool seen)
{
	const struct marks_state *s = &f->state;
	double em = s->size * s->scale, width, next, lo, hi;
	bool sure;

	if (r->font->vertical) {
		if (seen)
			widen(r, r->at - s->size * 1.5, r->at + s->size * 1.5);
		r->at += -s->size + s->char_space;
		return;
	}
	width = marks_width(r->font, code, &sure);
	next = r->at + width / 1000 * em;
	lo = r->at - OVERHANG * em;
	hi = next + OVERHANG * em;
	if (r->font->drawn) {
		lo = r->at + r->font->glyphs.x0 * em;
		hi = r->at + r->font->glyphs.x1 * em;
	} else if (width < NARROW) {
		lo = r->at - em;
		hi = r->at + em;
	}
	if (seen)
		widen(r, fmin(lo, hi) - f->in.slack[0],
		      fmax(lo, hi) + f->in.slack[1]);
	/* What is not sure of a drawn glyph is whether it is passed over. */
	if (!sure && !r->font->drawn)
		slacken(f, next - r->at);
	next += s->char_space * s->scale;
	if (code == ' ' && r->font->bytes == 1)
		next += s->word_space * s->scale;
	if (!sure && r->font->drawn)
		slacken(f, next - r->at);
	r->at = next;
}

/* A last byte alone of a code of two counts as if a zero followed: the glyph
 * only has to be in the box. */
static void add_string(struct marks_follow *f, struct run *r, struct slice text)
{
	unsigned code;
	size_t i;

	for (i = 0; i < text.len; i += r->font->bytes) {
		code = text.data[i];
		if (r->font->bytes == 2)
			code = code << 8 |
			       (i + 1 < text.len ? text.data[i + 1] : 0);
		advance(f, r, code, classify(r, code));
	}
}

/* lo above hi: a box around nothing, until a glyph is seen. */
static void start_run(struct run *r)
{
	r->lo = INFINITY;
	r->hi = -INFINITY;
	r->glyphs = r->blanks = r->fills = 0;
	r->mixed = false;
}

/* Nothing but white space, or one character that only fills. */
static bool only_fills(const struct run *r)
{
	return r->blanks == r->glyphs ||
	       (r->fills > 1 && !r->mixed && r->fills + r->blanks == r->glyphs);
}

static void mark_run(struct marks_follow *f, const struct run *r);

/* The strings of an array as one run, or each by itself. */
static void add_items(struct marks_follow *f, struct run *r,
		      const struct pdf_object *array, bool apart)
{
	const struct marks_state *s = &f->state;
	const struct pdf_object *item;
	double number;
	size_t i;

	for (i = 0; i < pdf_array_count(array); i++) {
		item = pdf_array_get(array, i);
		if (pdf_is(item, PDF_STRING)) {
			add_string(f, r, pdf_get_string(item));
			if (apart) {
				mark_run(f, r);
				start_run(r);
			}
		} else if (pdf_get_number(item, &number)) {
			number *= -s->size / 1000;
			r->at += r->font->vertical ? number : number * s->scale;
		} else {
			follow_unknown(f);
			return;
		}
	}
}

/* Around the run in text space, before the text matrix. */
static struct pdf_rect run_box(const struct marks_follow *f,
			       const struct run *r)
{
	const struct marks_state *s = &f->state;
	double low = r->font->descent / 1000, high = r->font->ascent / 1000;
	struct pdf_rect box;

	if (r->font->drawn) {
		low = r->font->glyphs.y0;
		high = r->font->glyphs.y1;
	}
	box.x0 = r->lo;
	box.x1 = r->hi;
	box.y0 = fmin(low * s->size, high * s->size) + s->rise;
	box.y1 = fmax(low * s->size, high * s->size) + s->rise;
	/* pdf.js does not raise a Type 3 font. */
	if (r->font->drawn) {
		box.y0 -= fmax(s->rise, 0);
		box.y1 -= fmin(s->rise, 0);
	}
	if (r->font->vertical) {
		box.y0 = box.x0;
		box.y1 = box.x1;
		box.x1 = fabs(s->size * s->scale) * 1.5;
		box.x0 = -box.x1;
	}
	return box;
}

/* Modes 1 and 2, 5 and 6 stroke; from 4 on text also clips, and what is cut to
 * it may be anything: never plain. */
static void mark_run(struct marks_follow *f, const struct run *r)
{
	struct pdf_rect box = run_box(f, r);
	double m[6];

	if (r->blanks == r->glyphs)
		return;
	/* Invisible (but a Type 3 font, 9.3.6): nothing is lost beneath a box,
	 * and in a box it is copied and read aloud. */
	if (f->state.mode == 3 && !r->font->drawn) {
		if (f->marks == NULL)
			f->paints = f->hides = true;
		return;
	}
	memcpy(m, f->state.m, sizeof(m));
	pdf_matrix_before(f->in.tm, m);
	box = pdf_matrix_box(m, &box);
	if (f->state.mode % 4 == 1 || f->state.mode % 4 == 2)
		follow_widen(f, true, &box);
	if (f->state.mode <= 2 && only_fills(r) && !f->state.pattern[0] &&
	    !f->state.pattern[1])
		follow_mark(f, PDF_MARK_TEXT, 1, &box);
	else
		follow_mark(f, PDF_MARK_TEXT, 0, &box);
}

/* With no font at all. */
static const struct marks_font no_font = {
	.bytes = 1, .most = 1000, .ascent = 1000, .descent = -250
};

/* An array is run through twice: as one string, and where that is more than a
 * filler, string by string, from the slack as it was.  The place of what
 * follows is the same either way. */
static void show(struct marks_follow *f, const struct pdf_object *what)
{
	struct run r = { .font = f->state.font == NULL ? &no_font
						       : f->state.font };
	double shift[6] = { 1, 0, 0, 1, 0, 0 };
	double slack[2];

	if (!f->in.in_text || f->in.adrift || r.font->unknown) {
		follow_unknown(f);
		return;
	}
	start_run(&r);
	memcpy(slack, f->in.slack, sizeof(slack));
	if (pdf_is(what, PDF_STRING))
		add_string(f, &r, pdf_get_string(what));
	else if (pdf_is(what, PDF_ARRAY))
		add_items(f, &r, what, false);
	else
		follow_unknown(f);
	/* A glyph may use blend modes of its own. */
	if (r.glyphs > 0 && r.font->drawn)
		f->doubt = true;
	if (f->stop)
		return;
	/* A label and a line to sign on often share an array. */
	if (pdf_is(what, PDF_ARRAY) && pdf_array_count(what) <= APART &&
	    !only_fills(&r)) {
		memcpy(f->in.slack, slack, sizeof(slack));
		start_run(&r);
		r.at = 0;
		add_items(f, &r, what, true);
	} else {
		mark_run(f, &r);
	}
	/* Of these pdf.js shows nothing and goes nowhere. */
	if (f->state.size == 0 || (r.font->drawn && f->state.mode == 3))
		slacken(f, r.at);
	shift[r.font->vertical ? 5 : 4] = r.at;
	pdf_matrix_before(shift, f->in.tm);
}

/* What stands before in a quotation mark operator sets the spacing for good
 * (table 107), also for text after it. */
void follow_show(struct marks_follow *f, int what)
{
	const struct pdf_content *c = f->in.content;
	const struct pdf_object *text = c->operands[c->count - 1];

	if ((what == SHOW_ARRAY) != pdf_is(text, PDF_ARRAY) ||
	    (what == SHOW_SPACED &&
	     (!pdf_get_number(c->operands[0], &f->state.word_space) ||
	      !pdf_get_number(c->operands[1], &f->state.char_space)))) {
		follow_unknown(f);
		return;
	}
	if (what == SHOW_NEXT || what == SHOW_SPACED)
		follow_text(f, TEXT_NEXT);
	show(f, text);
}
