/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/marks.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/marks_priv.h"

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

/* The initial graphics state (ISO 32000-2 8.4.1) as far as it is kept. marks
 * NULL: nothing is listed, and only paints, hides and doubt are found out. */
static void follow_init(struct marks_follow *f, struct pdf_document *doc,
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

/* DEED_OK, or the failure of the machine. */
static enum deed_status follow_clear(struct marks_follow *f,
				     struct deed_error *err)
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

/* ---- a page ---- */

/* Annotations lie over the content and come last, as the kind of the first
 * mark beneath is told in painting order. */
static void follow_page(struct marks_follow *f, const struct pdf_page *page)
{
	struct buf content = BUF_INIT;

	f->page_resources = page->resources;
	f->on_page = true;
	if (follow_gather(f, pdf_dict_get(page->dict, "Contents"), &content))
		follow_bytes(f, buf_get(&content), page->resources,
			     &everywhere);
	buf_clear(&content);
	f->on_page = false;
	if (!f->stop)
		follow_annotations(f, page);
}

enum deed_status pdf_marks_read(struct pdf_document *view, size_t page,
				struct pdf_marks **out, struct deed_error *err)
{
	struct marks_follow f;
	enum deed_status status;
	struct pdf_page p;
	struct pdf_marks *m;

	*out = NULL;
	status = pdf_page_get(view, page, &p, err);
	if (status != DEED_OK)
		return status;
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return deed_error_memory(err);
	follow_init(&f, view, m);
	follow_page(&f, &p);
	status = follow_clear(&f, err);
	if (status == DEED_OK)
		*out = m;
	else
		pdf_marks_free(m);
	return status;
}

void pdf_marks_free(struct pdf_marks *m)
{
	if (m == NULL)
		return;
	free(m->list);
	free(m);
}

/* Plain marks are added up, since many of them together may be letters; the
 * first that is not plain, or too many, answers. */
bool pdf_marks_beneath(const struct pdf_marks *m, const struct pdf_rect *r,
		       enum pdf_mark_kind *kind)
{
	const struct marks_entry *e;
	unsigned plain = 0, within = 0;
	size_t i;

	for (i = 0; i < m->count; i++) {
		e = &m->list[i];
		if (e->box.x0 > r->x1 || e->box.x1 < r->x0 ||
		    e->box.y0 > r->y1 || e->box.y1 < r->y0)
			continue;
		plain += e->plain;
		if (e->box.x0 >= r->x0 && e->box.x1 <= r->x1 &&
		    e->box.y0 >= r->y0 && e->box.y1 <= r->y1)
			within += e->plain;
		if (e->plain > 0 && plain <= PDF_MARKS_PLAIN &&
		    within <= PDF_MARKS_WITHIN)
			continue;
		*kind = e->plain > 0 ? PDF_MARK_PATH : e->kind;
		return true;
	}
	return false;
}

/* ---- an appearance ---- */

/* The outermost group of an appearance (11.6.6) blends as a whole where it is
 * isolated, and within itself where it is a knockout. */
static bool group_apart(struct marks_follow *f, const struct pdf_object *stream)
{
	const struct pdf_object *group, *o;
	bool value = false, apart = false;

	if (!follow_well(f, pdf_dict_resolve(f->doc, stream, "Group", &group,
					     &f->error)) ||
	    !follow_well(f,
			 pdf_dict_resolve(f->doc, group, "I", &o, &f->error)))
		return true;
	apart = pdf_get_bool(o, &value) && value;
	if (!follow_well(f,
			 pdf_dict_resolve(f->doc, group, "K", &o, &f->error)))
		return true;
	return apart || (pdf_get_bool(o, &value) && value);
}

/* Failing to resolve counts as apart and in doubt: what cannot be followed
 * multiplies nothing. */
static enum deed_status look(struct pdf_document *view,
			     const struct pdf_object *stream,
			     struct marks_follow *f, bool *apart,
			     struct deed_error *err)
{
	const struct pdf_object *form;

	follow_init(f, view, NULL);
	*apart = true;
	if (follow_well(f, pdf_resolve(view, stream, &form, &f->error))) {
		*apart = group_apart(f, form);
		follow_form(f, form);
	}
	return follow_clear(f, err);
}

enum deed_status pdf_paints_multiply(struct pdf_document *view,
				     const struct pdf_object *stream, bool *out,
				     struct deed_error *err)
{
	struct marks_follow f;
	enum deed_status status;
	bool apart;

	status = look(view, stream, &f, &apart, err);
	*out = status == DEED_OK && !f.doubt && (!f.paints || !f.hides) &&
	       (!f.paints || !apart);
	return status;
}

enum deed_status pdf_paints_nothing(struct pdf_document *view,
				    const struct pdf_object *stream, bool *out,
				    struct deed_error *err)
{
	struct marks_follow f;
	enum deed_status status;
	bool apart;

	status = look(view, stream, &f, &apart, err);
	*out = status == DEED_OK && !f.paints && !f.doubt;
	return status;
}
