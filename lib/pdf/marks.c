/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/marks.h"

#include <stdlib.h>

#include "pdf/marks_priv.h"

/* ---- a page ---- */

/* Annotations lie over the content and come last, as the kind of the first
 * mark beneath is told in painting order. */
static void follow_page(struct marks_follow *f, const struct pdf_page *page)
{
	const struct pdf_rect whole = f->in.whole;
	struct buf content = BUF_INIT;

	f->page_resources = page->resources;
	f->on_page = true;
	if (follow_gather(f, pdf_dict_get(page->dict, "Contents"), &content))
		follow_bytes(f, buf_get(&content), page->resources, &whole);
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
