/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pdf/annotation.h"
#include "pdf/marks_priv.h"

/*
 * Annotations (ISO 32000-2 12.5) count like page content: by their normal
 * appearance, or where readers draw them without one, as unknown.
 */

/* The form that is shown; NULL for none, after an unknown mark where it
 * cannot be told which. */
static const struct pdf_object *choose(struct marks_follow *f,
				       const struct pdf_object *dict,
				       const struct pdf_object *normal,
				       const struct pdf_rect *box)
{
	const struct pdf_object *state, *o;
	size_t at;

	if (pdf_is(normal, PDF_STREAM))
		return normal;
	state = follow_get(f, dict, "AS");
	if (!pdf_is(normal, PDF_DICT) || !pdf_is(state, PDF_NAME)) {
		if (normal != NULL && !f->stop)
			follow_drawn(f, dict, *box);
		return NULL;
	}
	o = NULL;
	if (pdf_dict_find(normal, state->u.text, &at) &&
	    !follow_well(f,
			 pdf_resolve(f->doc, normal->u.dict.entries[at].value,
				     &o, &f->error)))
		return NULL;
	if (pdf_is(o, PDF_STREAM))
		return o;
	/* A state without a look: only widgets are not drawn then. */
	if (!pdf_is_name(follow_get(f, dict, "Subtype"), "Widget") && !f->stop)
		follow_drawn(f, dict, *box);
	return NULL;
}

/* ISO 32000-1 12.5.5: the appearance's box, turned by its matrix, is made to
 * fill the annotation's rectangle. */
static void appear(struct marks_follow *f, const struct pdf_object *form,
		   const struct pdf_rect *box)
{
	struct marks_state outer = f->state;
	const struct pdf_object *o;
	struct pdf_rect bbox;
	double m[6];
	bool there;

	if (follow_matrix(f, form, "Matrix", m) &&
	    follow_well(
		    f, pdf_dict_resolve(f->doc, form, "BBox", &o, &f->error)) &&
	    follow_well(f,
			pdf_rect_read(f->doc, o, &there, &bbox, &f->error))) {
		if (!there || !pdf_appearance_matrix(m, &bbox, box, m))
			follow_unknown(f);
		else {
			memcpy(f->state.m, m, sizeof(m));
			follow_form(f, form);
		}
	}
	f->state = outer;
}

/* What does not turn with the page hangs from its upper left corner. */
static void hang(struct pdf_rect *box)
{
	double side = fmax(box->x1 - box->x0, box->y1 - box->y0);
	double most = fmax(side * 1.5, MARKS_ICON);
	double x = box->x0, y = box->y1;

	*box = (struct pdf_rect){ x - most, y - most, x + most, y + most };
}

/* Where readers draw fields anew (/NeedAppearances), a filled one may look
 * otherwise than its appearance: both count. */
static void follow_looks(struct marks_follow *f, const struct pdf_object *dict,
			 bool redraw, const struct pdf_rect *box)
{
	const struct pdf_object *normal, *form;

	normal = follow_get(f, follow_get(f, dict, "AP"), "N");
	if (f->stop)
		return;
	if (normal == NULL ||
	    (redraw && pdf_is_name(follow_get(f, dict, "Subtype"), "Widget") &&
	     follow_filled(f, dict)))
		follow_bare(f, dict, box);
	form = normal == NULL ? NULL : choose(f, dict, normal, box);
	if (form != NULL && box->x0 < box->x1 && box->y0 < box->y1)
		appear(f, form, box);
}

/* Where an annotation hangs, rather than lies, each zoom shows it in another
 * place. */
static void follow_annotation(struct marks_follow *f,
			      const struct pdf_object *dict, bool redraw)
{
	const struct pdf_object *o;
	struct pdf_rect box, outer;
	int64_t flags = pdf_annotation_flags(follow_get(f, dict, "F"));
	bool there;

	o = follow_get(f, dict, "Rect");
	if ((flags & (PDF_ANNOTATION_HIDDEN | PDF_ANNOTATION_NO_VIEW)) != 0 ||
	    f->stop ||
	    !follow_well(f, pdf_rect_read(f->doc, o, &there, &box, &f->error)))
		return;
	if (!there) {
		/* Readers make of it what they can. */
		if (o != NULL)
			follow_unknown(f);
		return;
	}
	if ((flags & (PDF_ANNOTATION_NO_ZOOM | PDF_ANNOTATION_NO_ROTATE)) !=
	    0) {
		hang(&box);
		follow_mark(f, PDF_MARK_UNKNOWN, 0, &box);
		return;
	}
	outer = f->in.whole;
	f->in.whole = box;
	follow_looks(f, dict, redraw, &box);
	f->in.whole = outer;
	f->stop = f->failed != DEED_OK || f->full;
}

/* Unknown in one annotation's box does not end the others: stop is put back
 * after each, unless everything is unknown. */
void follow_annotations(struct marks_follow *f, const struct pdf_page *page)
{
	const struct pdf_object *annots = follow_get(f, page->dict, "Annots");
	const struct pdf_object *dict;
	bool redraw;
	size_t i;

	if (!follow_well(f, pdf_need_appearances(f->doc, &redraw, &f->error)))
		return;
	for (i = 0; i < pdf_array_count(annots) && !f->stop; i++) {
		if (!follow_well(f,
				 pdf_resolve(f->doc, pdf_array_get(annots, i),
					     &dict, &f->error)))
			return;
		if (pdf_is(dict, PDF_DICT))
			follow_annotation(f, dict, redraw);
	}
}
