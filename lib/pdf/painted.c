/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/painted.h"

#include <math.h>

#include "pdf/annotation.h"
#include "pdf/marks.h"

/* An icon is at least so large, wherever /Rect ends. */
#define ICON 32.0

/* Looks of one annotation that are followed. */
#define LOOKS_MAX 64

struct painting {
	struct pdf_document *view;
	const struct pdf_object *dict;
	const struct pdf_sheet *sheet;
	struct pdf_painted *out;
	struct slice kind;
	int64_t flags;
	bool seen_look; /* /AP holds the normal look that is shown */
	size_t looks;
};

/* The whole sheet, as no box can be told; who measures takes the sheet for the
 * area. */
static void everywhere(struct painting *p)
{
	p->out->any = true;
	p->out->unbounded = true;
	p->out->area = p->sheet->box;
}

static void include(struct pdf_rect *r, double x0, double y0, double x1,
		    double y1)
{
	pdf_rect_enclose(r, &(struct pdf_rect){ x0, y0, x1, y1 });
}

/* ---- appearances ---- */

/* A box without width or height cannot be scaled into /Rect: readers differ
 * in what they do then. */
static enum deed_status measurable(struct painting *p,
				   const struct pdf_object *stream, bool *out,
				   struct deed_error *err)
{
	const struct pdf_object *box, *matrix;
	double m[6] = { 1, 0, 0, 1, 0, 0 };
	bool there, turned = true;
	enum deed_status status;
	struct pdf_rect r;

	*out = false;
	status = pdf_dict_resolve(p->view, stream, "BBox", &box, err);
	if (status == DEED_OK)
		status = pdf_rect_read(p->view, box, &there, &r, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(p->view, stream, "Matrix", &matrix,
					  err);
	if (status == DEED_OK && !pdf_is(matrix, PDF_NULL))
		status = pdf_matrix_read(p->view, matrix, &turned, m, err);
	if (status != DEED_OK || !there || !turned)
		return status;
	*out = fabs(m[0] * m[3] - m[1] * m[2]) > 1e-9 && r.x1 - r.x0 > 1e-6 &&
	       r.y1 - r.y0 > 1e-6;
	return DEED_OK;
}

/* A look that cannot be measured, or one of too many, is taken to be
 * everywhere: a box is judged by what it might cover. */
static enum deed_status take_look(struct painting *p,
				  const struct pdf_object *stream,
				  struct deed_error *err)
{
	bool nothing, multiply, sound;
	enum deed_status status;

	if (++p->looks > LOOKS_MAX) {
		everywhere(p);
		return DEED_OK;
	}
	status = pdf_paints_nothing(p->view, stream, &nothing, err);
	if (status != DEED_OK || nothing)
		return status;
	p->out->any = true;
	status = pdf_paints_multiply(p->view, stream, &multiply, err);
	if (status == DEED_OK)
		status = measurable(p, stream, &sound, err);
	if (status != DEED_OK)
		return status;
	p->out->multiply = p->out->multiply && multiply;
	if (!sound)
		everywhere(p);
	return DEED_OK;
}

/* One of N, R and D: a look, or those of all states.  Of the normal looks
 * only that of the state counts that it is in: another state is a change. */
static enum deed_status take_states(struct painting *p,
				    const struct pdf_object *o, bool normal,
				    struct deed_error *err)
{
	const struct pdf_object *state, *look;
	enum deed_status status;
	size_t i;

	status = pdf_resolve(p->view, o, &o, err);
	if (status != DEED_OK)
		return status;
	if (pdf_is(o, PDF_STREAM)) {
		p->seen_look = p->seen_look || normal;
		return take_look(p, o, err);
	}
	if (!pdf_is(o, PDF_DICT))
		return DEED_OK;
	status = pdf_dict_resolve(p->view, p->dict, "AS", &state, err);
	for (i = 0; status == DEED_OK && i < o->u.dict.count; i++) {
		if (normal && pdf_is(state, PDF_NAME) &&
		    !slice_equal(o->u.dict.entries[i].key, pdf_get_name(state)))
			continue;
		status = pdf_resolve(p->view, o->u.dict.entries[i].value, &look,
				     err);
		if (status != DEED_OK || !pdf_is(look, PDF_STREAM))
			continue;
		p->seen_look =
			p->seen_look || (normal && pdf_is(state, PDF_NAME));
		status = take_look(p, look, err);
	}
	/* A widget that has looks, be it in another state, is not drawn by
	 * readers themselves; any other annotation is. */
	p->seen_look = p->seen_look || (normal && o->u.dict.count > 0 &&
					slice_equal_str(p->kind, "Widget"));
	return status;
}

/* /AP: N, R and D (12.5.5). */
static enum deed_status take_looks(struct painting *p, struct deed_error *err)
{
	const struct pdf_object *ap;
	const struct pdf_entry *e;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(p->view, p->dict, "AP", &ap, err);
	for (i = 0;
	     status == DEED_OK && pdf_is(ap, PDF_DICT) && i < ap->u.dict.count;
	     i++) {
		e = &ap->u.dict.entries[i];
		status = take_states(p, e->value, slice_equal_str(e->key, "N"),
				     err);
	}
	return status;
}

/* ---- what a reader draws by itself ---- */

/* The width of the border (12.5.4): 1 where nothing is said; of /Border and
 * /BS, for readers differ in which of them counts, the wider. */
static enum deed_status border_width(struct painting *p, double *out,
				     struct deed_error *err)
{
	const struct pdf_object *border, *style, *w;
	enum deed_status status;
	bool stated = false;
	double width;

	*out = 1;
	status = pdf_dict_resolve(p->view, p->dict, "Border", &border, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(p->view, p->dict, "BS", &style, err);
	if (status != DEED_OK)
		return status;
	status = pdf_resolve(p->view, pdf_array_get(border, 2), &w, err);
	if (status == DEED_OK && pdf_get_number(w, &width)) {
		*out = fabs(width);
		stated = true;
	}
	if (status == DEED_OK)
		status = pdf_dict_resolve(p->view, style, "W", &w, err);
	if (status == DEED_OK && pdf_get_number(w, &width))
		*out = stated ? fmax(*out, fabs(width)) : fabs(width);
	return status;
}

/* A widget without a look: background, border and caption out of /MK. */
static enum deed_status draw_widget(struct painting *p, struct deed_error *err)
{
	static const char *const paints[] = { "BG", "BC", "CA", "RC", "AC",
					      "I",  "RI", "IX", NULL };
	const struct pdf_object *mk, *type = NULL, *value = NULL;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(p->view, p->dict, "MK", &mk, err);
	for (i = 0; status == DEED_OK && paints[i] != NULL; i++)
		p->out->any = p->out->any || pdf_dict_get(mk, paints[i]);
	/* Its text, where it has any; a widget shows that of its field. */
	if (status == DEED_OK)
		status = pdf_inherited(p->view, p->dict, "V", PDF_NULL, &value,
				       err);
	if (status == DEED_OK)
		status = pdf_inherited(p->view, p->dict, "FT", PDF_NULL, &type,
				       err);
	if (value != NULL && !pdf_is_name(type, "Sig"))
		p->out->any = true;
	return status;
}

/* Without an appearance readers draw an annotation from its own entries, and
 * not all the same: what any of them paints is counted. */
static enum deed_status draw_itself(struct painting *p, bool has_rect,
				    struct deed_error *err)
{
	static const char *const beside[] = {
		"QuadPoints", "Vertices", "InkList", "L", "CL", "Path", NULL
	};
	static const char *const icons[] = { "Text", "FileAttachment", "Sound",
					     "Caret", NULL };
	struct pdf_rect *r = &p->out->area;
	double x, y;
	size_t i;

	p->out->multiply = false;
	if (slice_equal_str(p->kind, "Popup"))
		return DEED_OK;
	if (slice_equal_str(p->kind, "Widget"))
		return draw_widget(p, err);
	p->out->any = true;
	for (i = 0; beside[i] != NULL; i++) {
		if (pdf_dict_get(p->dict, beside[i]) != NULL)
			everywhere(p);
	}
	if (!p->out->unbounded && has_rect && pdf_name_in(p->kind, icons)) {
		/* From the upper left corner, or as MuPDF does in the
		 * middle. */
		x = (r->x0 + r->x1 - ICON) / 2;
		y = (r->y0 + r->y1 - ICON) / 2;
		include(r, r->x0, r->y1 - ICON, r->x0 + ICON, r->y1);
		include(r, x, y, x + ICON, y + ICON);
		p->flags |= PDF_ANNOTATION_NO_ZOOM | PDF_ANNOTATION_NO_ROTATE;
	}
	return DEED_OK;
}

/* Poppler draws a widget anew out of /MK where the form says so, that of a
 * signature, too: inside its /Rect, and over what lies beneath. */
static enum deed_status draw_anew(struct painting *p, struct deed_error *err)
{
	bool looks = p->out->any, need;
	enum deed_status status = pdf_need_appearances(p->view, &need, err);

	if (status != DEED_OK || !need)
		return status;
	p->out->any = false;
	status = draw_widget(p, err);
	p->out->multiply = p->out->multiply && !p->out->any;
	p->out->any = p->out->any || looks;
	return status;
}

/* ---- both ---- */

/*
 * MuPDF draws an opaque arrow over what waits for a signature, whatever it
 * looks like, and a time-stamp is none to it; and a place that is hidden now
 * is shown when it is signed.
 */
static enum deed_status take_hint(struct painting *p, struct deed_error *err)
{
	const struct pdf_object *type, *value;
	enum deed_status status;

	status = pdf_inherited(p->view, p->dict, "FT", PDF_NULL, &type, err);
	if (status != DEED_OK || !pdf_is_name(type, "Sig"))
		return status;
	status = pdf_inherited(p->view, p->dict, "V", PDF_NULL, &value, err);
	if (status != DEED_OK)
		return status;
	type = pdf_dict_get(value, "Type");
	if (pdf_is(value, PDF_DICT) &&
	    (type == NULL || pdf_is_name(type, "Sig")))
		return DEED_OK;
	p->out->hint = true;
	p->out->multiply = false;
	return DEED_OK;
}

/* Upright on a turned page, at its own size on a small one: about the upper
 * left corner of /Rect (table 167). */
static void free_of_page(struct painting *p)
{
	struct pdf_rect *r = &p->out->area, was = *r;
	double w = was.x1 - was.x0, h = was.y1 - was.y0;

	if ((p->flags & PDF_ANNOTATION_NO_ROTATE) != 0 && p->sheet->rotate != 0)
		include(r, was.x0 - fmax(w, h), was.y1 - fmax(w, h),
			was.x0 + fmax(w, h), was.y1 + fmax(w, h));
	if ((p->flags & PDF_ANNOTATION_NO_ZOOM) != 0)
		include(r, was.x0, was.y1 - 2 * h, was.x0 + 2 * w, was.y1);
}

/* Half of a line's width lies outside; the whole is taken. */
static enum deed_status add_border(struct painting *p, bool has_look,
				   struct deed_error *err)
{
	struct pdf_rect *r = &p->out->area;
	enum deed_status status;
	double w;

	/* An appearance brings its own; a link's is drawn over it. */
	if (has_look && !slice_equal_str(p->kind, "Link"))
		return DEED_OK;
	status = border_width(p, &w, err);
	if (status != DEED_OK)
		return status;
	if (slice_equal_str(p->kind, "Link")) {
		p->out->any = w > 0 || (has_look && p->out->any);
		p->out->multiply = p->out->multiply && w == 0;
	}
	if (p->out->any)
		include(r, r->x0 - w, r->y0 - w, r->x1 + w, r->y1 + w);
	return DEED_OK;
}

/* An annotation that is hidden, or has no rectangle, paints nothing, but may
 * hint: a signature field is shown when it is signed. */
enum deed_status pdf_painted_read(struct pdf_document *view,
				  const struct pdf_object *annotation,
				  const struct pdf_sheet *sheet,
				  struct pdf_painted *out,
				  struct deed_error *err)
{
	struct painting p = {
		.view = view,
		.dict = annotation,
		.sheet = sheet,
		.out = out,
	};
	const struct pdf_object *kind, *flags, *box;
	enum deed_status status;
	bool there = false;

	*out = (struct pdf_painted){ .multiply = true };
	status = pdf_dict_resolve(view, annotation, "Subtype", &kind, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(view, annotation, "F", &flags, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(view, annotation, "Rect", &box, err);
	if (status != DEED_OK)
		return status;
	p.kind = pdf_get_name(kind);
	p.flags = pdf_annotation_flags(flags);
	status = pdf_rect_read(view, box, &there, &out->area, err);
	if (status == DEED_OK)
		status = take_looks(&p, err);
	if (status == DEED_OK && !p.seen_look)
		status = draw_itself(&p, there, err);
	else if (status == DEED_OK && slice_equal_str(p.kind, "Widget"))
		status = draw_anew(&p, err);
	if (status == DEED_OK && slice_equal_str(p.kind, "Widget"))
		status = take_hint(&p, err);
	if (status == DEED_OK && !out->unbounded)
		status = add_border(&p, p.seen_look, err);
	if (status != DEED_OK)
		return status;
	/* Out of a /Rect that is none, readers make what they can. */
	if (!there && !out->unbounded && out->any && !pdf_is(box, PDF_NULL))
		everywhere(&p);
	if ((p.flags & PDF_ANNOTATION_HIDDEN) != 0 ||
	    (!there && !out->unbounded))
		out->any = false;
	out->hint = out->hint && there;
	if (!out->unbounded)
		free_of_page(&p);
	return DEED_OK;
}
