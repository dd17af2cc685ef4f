/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/marks_priv.h"

/* A follower, from its beginning to its end, and the list that it fills. */

static const struct pdf_rect everywhere = { -INFINITY, -INFINITY, INFINITY,
					    INFINITY };

/* ---- the list ---- */

/* One mark says it all. */
static void fill_up(struct marks_follow *f)
{
	f->marks->list[0] =
		(struct marks_entry){ everywhere, PDF_MARK_UNKNOWN, 0 };
	f->marks->count = 1;
	f->full = true;
	f->stop = true;
}

/* Past the limit one mark over everything takes the place of all: the answer
 * errs on the side of more. */
static void add(struct marks_follow *f, struct marks_entry entry)
{
	struct pdf_marks *m = f->marks;

	if (m->count == PDF_MARKS_COUNT) {
		fill_up(f);
		return;
	}
	if (!array_room(&m->list, &m->cap, m->count + 1)) {
		(void)follow_well(f, deed_error_memory(&f->error));
		return;
	}
	m->list[m->count++] = entry;
}

/* Over all that this stream can paint; the stream ends there, as what follows
 * cannot be told apart from what went wrong.  Over the whole page it ends
 * everything. */
void follow_unknown(struct marks_follow *f)
{
	struct marks_entry entry = { f->in.whole, PDF_MARK_UNKNOWN, 0 };

	if (f->stop)
		return;
	f->paints = f->hides = f->doubt = true;
	if (f->around != NULL)
		pdf_rect_enclose(f->around, &entry.box);
	else if (f->marks != NULL)
		add(f, entry);
	if (f->around == NULL && f->marks != NULL && isinf(entry.box.x0) &&
	    isinf(entry.box.y0) && isinf(entry.box.x1) && isinf(entry.box.y1))
		f->full = true;
	f->stop = true;
}

bool follow_well(struct marks_follow *f, enum deed_status status)
{
	if (status == DEED_OK)
		return true;
	if (status == DEED_NO_MEMORY || status == DEED_IO) {
		f->failed = status;
		f->stop = true;
	} else {
		follow_unknown(f);
	}
	return false;
}

const struct pdf_object *follow_get(struct marks_follow *f,
				    const struct pdf_object *dict,
				    const char *key)
{
	const struct pdf_object *o;

	if (!follow_well(f, pdf_dict_resolve(f->doc, dict, key, &o, &f->error)))
		return NULL;
	return pdf_is(o, PDF_NULL) ? NULL : o;
}

/* Cut to the clip: what lies outside is not painted.  A shape that is cut by
 * another is no plain rectangle any more, whatever it was. */
void follow_mark(struct marks_follow *f, enum pdf_mark_kind kind,
		 unsigned plain, const struct pdf_rect *box)
{
	struct marks_entry entry = { *box, kind, plain };

	f->paints = true;
	if (!f->state.multiply || f->state.masked)
		f->hides = true;
	if (f->marks == NULL)
		return;
	/* Only a shading fills all that is not cut off. */
	if (kind != PDF_MARK_SHADING &&
	    !(isfinite(box->x0) && isfinite(box->y0) && isfinite(box->x1) &&
	      isfinite(box->y1))) {
		follow_unknown(f);
		return;
	}
	pdf_rect_intersect(&entry.box, &f->state.clip);
	if (entry.box.x0 > entry.box.x1 || entry.box.y0 > entry.box.y1)
		return;
	if (plain > 0 && (f->state.shaped || f->state.masked)) {
		entry.plain = 0;
		entry.kind = PDF_MARK_PATH;
	} else if (plain > 0) {
		entry.plain += f->state.cuts;
	}
	if (f->around != NULL)
		pdf_rect_enclose(f->around, &entry.box);
	else
		add(f, entry);
}

/* ---- a follower ---- */

/* The initial graphics state (ISO 32000-2 8.4.1) as far as it is kept. */
void follow_init(struct marks_follow *f, struct pdf_document *doc,
		 struct pdf_marks *marks)
{
	static const double identity[6] = { 1, 0, 0, 1, 0, 0 };

	memset(f, 0, sizeof(*f));
	f->doc = doc;
	f->marks = marks;
	f->left = PDF_MARKS_CONTENT;
	memcpy(f->state.m, identity, sizeof(identity));
	f->state.clip = everywhere;
	f->state.width = 1;
	f->state.miter = 10;
	f->state.scale = 1;
	f->in.whole = everywhere;
}

static void free_font(struct marks_font *font)
{
	free(font->widths);
	free(font->classes);
	free(font);
}

enum deed_status follow_clear(struct marks_follow *f, struct deed_error *err)
{
	size_t i;

	for (i = 0; i < f->font_count; i++)
		free_font(f->fonts[i]);
	free(f->saved);
	free(f->paths);
	if (f->failed != DEED_OK)
		return deed_error_set(err, f->failed, "%s", f->error.message);
	return DEED_OK;
}
