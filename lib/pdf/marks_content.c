/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/marks_priv.h"

/* What following a byte of content costs, in bytes that are read. */
#define FOLLOWING ((uint64_t)8)

/* Dashes of more lengths than this are no frame's or rule's. */
#define DASHES 6

/* ---- the graphics state ---- */

/* The limit is for each stream, counted from where its own states begin, as Q
 * reaches no further back. */
static void save(struct marks_follow *f, int what)
{
	(void)what;
	if (f->saved_count - f->in.base == PDF_MARKS_STATES) {
		follow_unknown(f);
		return;
	}
	if (!array_room(&f->saved, &f->saved_cap, f->saved_count + 1)) {
		(void)follow_well(f, deed_error_memory(&f->error));
		return;
	}
	f->saved[f->saved_count++] = f->state;
}

/* Q without q on the page itself is passed over. */
static void restore(struct marks_follow *f, int what)
{
	(void)what;
	/* Whether text goes on where it was differs with the reader. */
	f->in.adrift = f->in.adrift || f->in.in_text;
	if (f->saved_count > f->in.base)
		f->state = f->saved[--f->saved_count];
	else if (f->depth > 1 || !f->on_page)
		/* One reader goes back to the state outside the form. */
		follow_unknown(f);
}

static void concat(struct marks_follow *f, int what)
{
	(void)what;
	pdf_matrix_before(f->n, f->state.m);
}

/* what is the place in this list, as the table of operators has it; Tz comes
 * in hundredths. */
static void set_number(struct marks_follow *f, int what)
{
	double *const where[] = { &f->state.width,	&f->state.miter,
				  &f->state.char_space, &f->state.word_space,
				  &f->state.scale,	&f->state.leading,
				  &f->state.rise };

	*where[what] = what == 4 ? f->n[0] / 100 : f->n[0];
}

/* A mode that is no whole number from 0 to 7 each reader rounds or passes over
 * as it likes. */
static void set_mode(struct marks_follow *f, int what)
{
	(void)what;
	if (!(f->n[0] >= 0 && f->n[0] <= 7) || f->n[0] != floor(f->n[0]))
		follow_unknown(f);
	else
		f->state.mode = (int)f->n[0];
}

/* A dash array of many lengths can write: what is drawn with it is no plain
 * line. */
static void set_dash(struct marks_follow *f, int what)
{
	(void)what;
	if (!pdf_is(f->in.content->operands[0], PDF_ARRAY))
		follow_unknown(f);
	else
		f->state.dotted =
			pdf_array_count(f->in.content->operands[0]) > DASHES;
}

/* A colour in a space, which may be a pattern (8.6.8). */
static void set_colour(struct marks_follow *f, int fill)
{
	struct pdf_content *c = f->in.content;

	f->state.pattern[fill] =
		c->count > 0 && pdf_is(c->operands[c->count - 1], PDF_NAME);
	/* A pattern has blend modes of its own. */
	if (f->state.pattern[fill])
		f->doubt = true;
}

/* A colour or a space that is none. */
static void plain_colour(struct marks_follow *f, int fill)
{
	f->state.pattern[fill] = false;
}

static void nothing(struct marks_follow *f, int what)
{
	(void)f;
	(void)what;
}

/* ---- ExtGState (8.4.5) ---- */

/* An array names modes in order of preference: where the first is another than
 * Multiply, some reader may know it and hide what lies beneath. */
static void set_blend(struct marks_follow *f, const struct pdf_object *mode)
{
	const struct pdf_object *first = mode;

	if (pdf_is(mode, PDF_ARRAY) &&
	    !follow_well(f, pdf_resolve(f->doc, pdf_array_get(mode, 0), &first,
					&f->error)))
		return;
	f->state.multiply = pdf_is_name(first, "Multiply");
}

/* ISO 32000-1 8.4.5: those parameters alone that change what is covered. */
static void set_extended(struct marks_follow *f, const struct pdf_object *dict)
{
	const struct pdf_object *o, *item;

	(void)pdf_get_number(follow_get(f, dict, "LW"), &f->state.width);
	(void)pdf_get_number(follow_get(f, dict, "ML"), &f->state.miter);
	o = follow_get(f, dict, "D");
	if (o != NULL && follow_well(f, pdf_resolve(f->doc, pdf_array_get(o, 0),
						    &item, &f->error)))
		f->state.dotted = pdf_array_count(item) > DASHES;
	o = follow_get(f, dict, "Font");
	if (o != NULL) {
		if (!follow_well(f, pdf_resolve(f->doc, pdf_array_get(o, 0),
						&item, &f->error)))
			return;
		f->state.font = follow_font(f, item);
		if (!pdf_get_number(pdf_array_get(o, 1), &f->state.size))
			follow_unknown(f);
	}
	o = follow_get(f, dict, "SMask");
	if (o != NULL)
		f->state.masked = !pdf_is_name(o, "None");
	o = follow_get(f, dict, "BM");
	if (o != NULL)
		set_blend(f, o);
}

/* A graphics state that is not there may be there to a reader that looks
 * elsewhere. */
static void use_state(struct marks_follow *f, int what)
{
	const struct pdf_object *dict =
		follow_resource(f, "ExtGState", f->in.content->operands[0]);

	(void)what;
	if (pdf_is(dict, PDF_DICT))
		set_extended(f, dict);
	else
		follow_unknown(f);
}

/* ---- what paints besides paths and text ---- */

/* An image always fills the unit square of the current space (8.9.4), whatever
 * its pixels. */
static void mark_square(struct marks_follow *f)
{
	static const struct pdf_rect unit = { 0, 0, 1, 1 };
	struct pdf_rect box = pdf_matrix_box(f->state.m, &unit);

	follow_mark(f, PDF_MARK_PICTURE, 0, &box);
}

static void paint_inline(struct marks_follow *f, int what)
{
	(void)what;
	mark_square(f);
}

static void paint_shading(struct marks_follow *f, int what)
{
	(void)what;
	follow_mark(f, PDF_MARK_SHADING, 0, &f->state.clip);
}

/* A transparency group (11.6.6) starts afresh and is blended as one. */
static void paint_group(struct marks_follow *f, const struct pdf_object *form,
			const struct marks_state *outer)
{
	bool paints = f->paints, hides = f->hides, doubt = f->doubt;

	f->state.shaped = f->state.shaped || f->state.masked;
	f->state.multiply = f->state.masked = false;
	f->paints = false;
	follow_form(f, form);
	f->state = *outer;
	if (f->marks == NULL) {
		f->hides = hides;
		f->doubt = doubt;
		if (f->paints)
			follow_mark(f, PDF_MARK_UNKNOWN, 0, &outer->clip);
	}
	f->paints = f->paints || paints;
}

/* The form's matrix goes before that of the state (8.10.1), which is as before
 * afterwards, whatever the form did to it. */
static void paint_form(struct marks_follow *f, const struct pdf_object *form)
{
	struct marks_state outer = f->state;
	const struct pdf_object *group = follow_get(f, form, "Group");

	if (f->stop || !follow_matrix(f, form, "Matrix", f->n))
		return;
	pdf_matrix_before(f->n, f->state.m);
	if (group == NULL)
		follow_form(f, form);
	else
		paint_group(f, form, &outer);
	f->state = outer;
}

/* Colour and masks of an image do not matter: it counts as opaque over its
 * whole square. /PS and any other kind is not followed. */
static void paint_object(struct marks_follow *f, int what)
{
	const struct pdf_object *o =
		follow_resource(f, "XObject", f->in.content->operands[0]);
	const struct pdf_object *kind;

	(void)what;
	if (!pdf_is(o, PDF_STREAM)) {
		follow_unknown(f);
		return;
	}
	kind = follow_get(f, o, "Subtype");
	if (pdf_is_name(kind, "Image"))
		mark_square(f);
	else if (pdf_is_name(kind, "Form"))
		paint_form(f, o);
	else
		follow_unknown(f);
}

/* ---- forms ---- */

bool follow_matrix(struct marks_follow *f, const struct pdf_object *dict,
		   const char *key, double out[6])
{
	static const double identity[6] = { 1, 0, 0, 1, 0, 0 };
	const struct pdf_object *o = follow_get(f, dict, key);
	bool there;

	memcpy(out, identity, sizeof(identity));
	if (o == NULL)
		return !f->stop;
	if (!follow_well(f, pdf_matrix_read(f->doc, o, &there, out, &f->error)))
		return false;
	if (!there)
		follow_unknown(f);
	return there;
}

/* What the form is cut to; false if it shows nothing. */
static bool form_box(struct marks_follow *f, const struct pdf_object *form,
		     struct pdf_rect *box)
{
	const struct pdf_object *o = follow_get(f, form, "BBox");
	struct pdf_rect r;
	bool there = false;

	*box = f->state.clip;
	if (o != NULL)
		(void)follow_well(
			f, pdf_rect_read(f->doc, o, &there, &r, &f->error));
	/* An appearance alone is looked at whole. */
	if (f->stop || !there || f->marks == NULL)
		return !f->stop;
	r = pdf_matrix_box(f->state.m, &r);
	if (!(isfinite(r.x0) && isfinite(r.y0) && isfinite(r.x1) &&
	      isfinite(r.y1)))
		return true;
	pdf_rect_intersect(box, &r);
	return box->x0 <= box->x1 && box->y0 <= box->y1;
}

/* Each drawing counts towards PDF_MARKS_FORMS, so that forms within forms do
 * not multiply; the depth bounds recursion. */
void follow_form(struct marks_follow *f, const struct pdf_object *form)
{
	const struct pdf_object *resources;
	struct pdf_rect whole, outer = f->in.whole;
	struct buf content = BUF_INIT;

	if (!pdf_is(form, PDF_STREAM) || ++f->forms > PDF_MARKS_FORMS) {
		follow_unknown(f);
		return;
	}
	if (!form_box(f, form, &whole))
		return;
	resources = follow_get(f, form, "Resources");
	/* Of the page, says ISO 32000-2 7.8.3; of the form outside, says one
	 * reader: then what is looked up is not known. */
	if (resources == NULL && f->in.resources == f->page_resources)
		resources = f->page_resources;
	f->state.clip = whole;
	f->in.whole = whole;
	if (f->depth == PDF_MARKS_DEPTH)
		follow_unknown(f);
	else if (!f->stop && follow_gather(f, form, &content))
		follow_bytes(f, buf_get(&content), resources, &whole);
	buf_clear(&content);
	f->in.whole = outer;
	f->stop = f->failed != DEED_OK || f->full;
}

/* left bounds what one page may run through, the document's work what all of
 * them may. */
bool follow_gather(struct marks_follow *f, const struct pdf_object *contents,
		   struct buf *out)
{
	bool well;
	size_t used;

	well = follow_well(f, pdf_content_gather(f->doc, contents, f->left, out,
						 &f->error));
	/* What is stored counts too: it is read anew each time. */
	used = out->len;
	if (pdf_is(contents, PDF_STREAM) && contents->u.dict.length > used)
		used = contents->u.dict.length > f->left
			       ? f->left
			       : (size_t)contents->u.dict.length;
	f->left -= used < f->left ? used : f->left;
	/* Many pages may have one content; following it takes longer than
	 * reading it. */
	return well && follow_well(f, pdf_charge(f->doc->core, FOLLOWING * used,
						 &f->error));
}

const struct pdf_object *follow_resource(struct marks_follow *f,
					 const char *kind,
					 const struct pdf_object *name)
{
	const struct pdf_object *dict, *o;
	size_t at;

	if (f->in.resources == NULL || !pdf_is(name, PDF_NAME))
		return NULL;
	dict = follow_get(f, f->in.resources, kind);
	if (!pdf_is_dict(dict) || !pdf_dict_find(dict, name->u.text, &at) ||
	    !follow_well(f, pdf_resolve(f->doc, dict->u.dict.entries[at].value,
					&o, &f->error)))
		return NULL;
	return pdf_is(o, PDF_NULL) ? NULL : o;
}

/* ---- operators (annex A) ---- */

/* Also where there are none: what stands before is passed over. */
#define ANY (-1)

enum {
	MIDWAY = 1,  /* may stand within a path */
	NUMBERS = 2, /* all operands are numbers */
};

/* Not recognised between BX and EX. */
static void compatible(struct marks_follow *f, int begins)
{
	if (begins)
		f->in.compat++;
	else if (f->in.compat > 0)
		f->in.compat--;
}

static void clip(struct marks_follow *f, int what)
{
	(void)what;
	f->clips = true;
}

/* Sorted by name. */
static const struct command {
	const char *name;
	int operands, flags;
	void (*run)(struct marks_follow *f, int what);
	int what;
} operators[] = {
	{ "\"", 3, 0, follow_show, SHOW_SPACED },
	{ "'", 1, 0, follow_show, SHOW_NEXT },
	{ "B", ANY, MIDWAY, follow_paint, PAINT_STROKE | PAINT_FILL },
	{ "B*", ANY, MIDWAY, follow_paint, PAINT_STROKE | PAINT_FILL },
	{ "BDC", ANY, MIDWAY, nothing, 0 },
	{ "BI", ANY, 0, paint_inline, 0 },
	{ "BMC", ANY, MIDWAY, nothing, 0 },
	{ "BT", ANY, 0, follow_text, TEXT_BEGIN },
	{ "BX", ANY, MIDWAY, compatible, 1 },
	{ "CS", 1, MIDWAY, plain_colour, 0 },
	{ "DP", ANY, MIDWAY, nothing, 0 },
	{ "Do", 1, 0, paint_object, 0 },
	{ "EMC", ANY, MIDWAY, nothing, 0 },
	{ "ET", ANY, 0, follow_text, TEXT_END },
	{ "EX", ANY, MIDWAY, compatible, 0 },
	{ "F", ANY, MIDWAY, follow_paint, PAINT_FILL },
	{ "G", 1, MIDWAY, plain_colour, 0 },
	{ "J", 1, MIDWAY, nothing, 0 },
	{ "K", 4, MIDWAY, plain_colour, 0 },
	{ "M", 1, MIDWAY | NUMBERS, set_number, 1 },
	{ "MP", ANY, MIDWAY, nothing, 0 },
	{ "Q", ANY, 0, restore, 0 },
	{ "RG", 3, MIDWAY, plain_colour, 0 },
	{ "S", ANY, MIDWAY, follow_paint, PAINT_STROKE },
	{ "SC", ANY, MIDWAY, set_colour, 0 },
	{ "SCN", ANY, MIDWAY, set_colour, 0 },
	{ "T*", ANY, 0, follow_text, TEXT_NEXT },
	{ "TD", 2, NUMBERS, follow_text, TEXT_MOVE_LEAD },
	{ "TJ", 1, 0, follow_show, SHOW_ARRAY },
	{ "TL", 1, NUMBERS, set_number, 5 },
	{ "Tc", 1, NUMBERS, set_number, 2 },
	{ "Td", 2, NUMBERS, follow_text, TEXT_MOVE },
	{ "Tf", 2, 0, follow_text, TEXT_FONT },
	{ "Tj", 1, 0, follow_show, SHOW_STRING },
	{ "Tm", 6, NUMBERS, follow_text, TEXT_SET },
	{ "Tr", 1, NUMBERS, set_mode, 0 },
	{ "Ts", 1, NUMBERS, set_number, 6 },
	{ "Tw", 1, NUMBERS, set_number, 3 },
	{ "Tz", 1, NUMBERS, set_number, 4 },
	{ "W", ANY, MIDWAY, clip, 0 },
	{ "W*", ANY, MIDWAY, clip, 0 },
	{ "b", ANY, MIDWAY, follow_paint,
	  PAINT_CLOSE | PAINT_STROKE | PAINT_FILL },
	{ "b*", ANY, MIDWAY, follow_paint,
	  PAINT_CLOSE | PAINT_STROKE | PAINT_FILL },
	{ "c", 6, MIDWAY | NUMBERS, follow_path, PATH_CURVE },
	{ "cm", 6, NUMBERS, concat, 0 },
	{ "cs", 1, MIDWAY, plain_colour, 1 },
	{ "d", 2, MIDWAY, set_dash, 0 },
	{ "d0", 2, MIDWAY, nothing, 0 },
	{ "d1", 6, MIDWAY, nothing, 0 },
	{ "f", ANY, MIDWAY, follow_paint, PAINT_FILL },
	{ "f*", ANY, MIDWAY, follow_paint, PAINT_FILL },
	{ "g", 1, MIDWAY, plain_colour, 1 },
	{ "gs", 1, MIDWAY, use_state, 0 },
	{ "h", ANY, MIDWAY, follow_path, PATH_CLOSE },
	{ "i", 1, MIDWAY, nothing, 0 },
	{ "j", 1, MIDWAY, nothing, 0 },
	{ "k", 4, MIDWAY, plain_colour, 1 },
	{ "l", 2, MIDWAY | NUMBERS, follow_path, PATH_LINE },
	{ "m", 2, MIDWAY | NUMBERS, follow_path, PATH_MOVE },
	{ "n", ANY, MIDWAY, follow_paint, 0 },
	{ "q", ANY, 0, save, 0 },
	{ "re", 4, MIDWAY | NUMBERS, follow_path, PATH_RECT },
	{ "rg", 3, MIDWAY, plain_colour, 1 },
	{ "ri", 1, MIDWAY, nothing, 0 },
	{ "s", ANY, MIDWAY, follow_paint, PAINT_CLOSE | PAINT_STROKE },
	{ "sc", ANY, MIDWAY, set_colour, 1 },
	{ "scn", ANY, MIDWAY, set_colour, 1 },
	{ "sh", 1, 0, paint_shading, 0 },
	{ "v", 4, MIDWAY | NUMBERS, follow_path, PATH_HALF },
	{ "w", 1, MIDWAY | NUMBERS, set_number, 0 },
	{ "y", 4, MIDWAY | NUMBERS, follow_path, PATH_HALF },
};

static int compare(const void *name, const void *op)
{
	return strcmp(name, ((const struct command *)op)->name);
}

static bool take_numbers(struct marks_follow *f)
{
	struct pdf_content *c = f->in.content;
	size_t i;

	for (i = 0; i < c->count; i++) {
		if (!pdf_get_number(c->operands[i], &f->n[i]))
			return false;
	}
	return true;
}

/* bsearch wants the table sorted by strcmp.  Operators that are not known stop
 * the stream, unless BX says to pass over them. */
static void operate(struct marks_follow *f)
{
	const struct pdf_content *c = f->in.content;
	const struct command *op = bsearch(
		c->name, operators, sizeof(operators) / sizeof(operators[0]),
		sizeof(operators[0]), compare);

	if (op == NULL) {
		if (f->in.compat == 0)
			follow_unknown(f);
		return;
	}
	/* Where operands are too many or too few, or a path is interrupted,
	 * each reader goes on in its own way. */
	if ((op->operands != ANY && c->count != (size_t)op->operands) ||
	    ((op->flags & NUMBERS) != 0 && !take_numbers(f)) ||
	    ((op->flags & MIDWAY) == 0 && f->path_count > 0))
		follow_unknown(f);
	else
		op->run(f, op->what);
}

/* Everything that belongs to the stream is saved and put back, as forms nest;
 * an unbalanced q does not reach past it. */
void follow_bytes(struct marks_follow *f, struct slice bytes,
		  const struct pdf_object *resources,
		  const struct pdf_rect *whole)
{
	struct marks_stream outer = f->in;
	struct marks_state state = f->state;
	struct pdf_content content;
	bool more = true;

	pdf_content_init(&content, bytes);
	memset(&f->in, 0, sizeof(f->in));
	f->in.content = &content;
	f->in.resources = resources;
	f->in.whole = *whole;
	f->in.base = f->saved_count;
	f->depth++;
	while (!f->stop) {
		if (!follow_well(
			    f, pdf_content_next(&content, &more, &f->error)) ||
		    !more)
			break;
		operate(f);
	}
	pdf_content_clear(&content);
	f->depth--;
	f->saved_count = f->in.base;
	f->path_count = 0;
	f->clips = false;
	f->in = outer;
	f->state = state;
	f->stop = f->failed != DEED_OK || f->full;
}
