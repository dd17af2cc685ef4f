/* SPDX-License-Identifier: Apache-2.0 */
#include "look/looking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "look/paint.h"
#include "pdf/geometry.h"

/* What is painted may go past its place by the softness of an edge. */
#define EDGE 4

/* Two readings of a page's size may differ by that much, in points. */
#define ROUNDING 0.5

/* Pixels of places that are looked at for what was there before, in pages of
 * the largest size: more is not plain. */
#define PLAIN_PAGES 8

/* A document while it is looked at. */
struct looking {
	const struct look_order *order;
	struct look_seen *list; /* of each state */
	struct look_paper *now, *then[LOOK_STATES];
	struct pdf_input *in; /* what deed itself reads of the pages */
	struct pdf_document *doc;
	size_t pictures;
	double plain_left;
};

/* One page of it. */
struct view {
	uint32_t page;
	bool print;
	struct look_sheet sheet;
	struct look_canvas now;
};

enum deed_status looking_warm_up(struct deed_error *err)
{
	return look_paint_warm_up(err);
}

/* ---- what cannot be painted ---- */

/* Only the first reason is kept (look_set_why): what follows on later pages is
 * mostly the same. */
static void page_fails(struct look_seen *seen, uint32_t page,
		       const struct deed_error *why)
{
	char text[LOOK_WHY];

	(void)snprintf(text, sizeof(text), "page %u: %.160s", page + 1,
		       why->message);
	look_set_why(seen, text);
}

/* The present page is one side of every comparison, so that none is left
 * without it. */
static void all_fail(struct looking *l, uint32_t page,
		     const struct deed_error *why)
{
	size_t i;

	for (i = 0; i < l->order->count; i++)
		page_fails(&l->list[i], page, why);
}

/* ---- one state of one page ---- */

/* A document that differs everywhere would fill any list: what is more is a
 * flag. */
static void add_mark(struct look_seen *seen, const struct view *v,
		     const struct look_area *area)
{
	struct look_mark *mark;

	if (seen->mark_count == LOOK_MARKS) {
		seen->more = true;
		return;
	}
	mark = &seen->marks[seen->mark_count++];
	mark->page = v->page;
	mark->print = v->print;
	look_sheet_box(&v->sheet, area, mark->box);
}

/* What is seen on the screen is not told once more of paper. */
static bool told(const struct look_seen *seen, const struct view *v)
{
	size_t i;

	for (i = 0; v->print && i < seen->mark_count; i++) {
		if (seen->marks[i].page == v->page && !seen->marks[i].print)
			return true;
	}
	return false;
}

/* Whether each place that covers was plain; those that were not are put to
 * the areas. */
static void ask_places(struct looking *l, size_t state, const struct view *v,
		       const struct look_image *then,
		       struct look_area areas[LOOK_PICTURE_MARKS],
		       size_t *count)
{
	const struct look_state *s = &l->order->states[state];
	struct look_seen *seen = &l->list[state];
	struct look_area area;
	bool plain;
	size_t i;

	for (i = 0; i < s->place_count; i++) {
		if (!s->places[i].covers || s->places[i].page != v->page)
			continue;
		area = look_sheet_area(&v->sheet, s->places[i].box, 0);
		l->plain_left -= fmin(LOOK_PIXELS,
				      ((double)area.right - area.left) *
					      ((double)area.bottom - area.top));
		plain = l->plain_left >= 0 && look_plain(then, &area);
		seen->plain[i] = plain && (!v->print || seen->plain[i]);
		if (!plain && *count < LOOK_PICTURE_MARKS)
			areas[(*count)++] = area;
	}
}

/* Shrunk by whole numbers, so that each pixel that is shown is the middle of
 * the same count of pixels.  The size may come out as nothing for a page of
 * one pixel's width. */
static void put_view(const struct look_image *image, struct look_view *out)
{
	uint32_t by = 2;

	while ((uint64_t)(image->width / by) * (image->height / by) >
	       LOOK_SHOWN)
		by++;
	out->width = image->width / by;
	out->height = image->height / by;
	if (out->width == 0 || out->height == 0)
		out->width = out->height = 0;
	else
		look_shrink(image, by, &out->pixels);
}

static double part(int32_t pixel, uint32_t of)
{
	return of == 0 ? 0 : fmin(1, fmax(0, (double)pixel / of));
}

/* Pictures are counted over all states, which bounds the answer.  The marks
 * are clipped to the page, as places may hang over its edge. */
static void add_picture(struct looking *l, struct look_seen *seen,
			const struct view *v, const struct look_image *then,
			const struct look_area *areas, size_t count)
{
	const struct look_image *now = &v->now.image;
	struct look_picture *p;
	size_t i;

	if (!l->order->pictures || l->pictures == LOOK_PICTURES)
		return;
	l->pictures++;
	p = &seen->pictures[seen->picture_count++];
	p->page = v->page;
	p->print = v->print;
	put_view(then, &p->then);
	put_view(now, &p->now);
	for (i = 0; i < count; i++) {
		p->marks[i][0] = part(areas[i].left, now->width);
		p->marks[i][1] = part(areas[i].top, now->height);
		p->marks[i][2] = part(areas[i].right, now->width);
		p->marks[i][3] = part(areas[i].bottom, now->height);
	}
	p->mark_count = count;
}

/* What was put on the page later is masked, and an edge around it, since that
 * it differs is known and told.  What lies under a place that covers is asked
 * apart: that must have been plain. */
static enum deed_status hold_against(struct looking *l, size_t state,
				     const struct view *v,
				     const struct look_image *then,
				     struct deed_error *err)
{
	const struct look_state *s = &l->order->states[state];
	struct look_seen *seen = &l->list[state];
	struct look_area masks[LOOK_PLACES];
	struct look_area shown[LOOK_PICTURE_MARKS];
	struct look_areas areas;
	enum deed_status status;
	size_t i, count = 0;
	bool differs;

	for (i = 0; i < s->place_count; i++) {
		if (s->places[i].page == v->page)
			masks[count++] = look_sheet_area(
				&v->sheet, s->places[i].box, EDGE);
	}
	status = look_compare(&v->now.image, then, masks, count, &areas, err);
	if (status != DEED_OK)
		return status;
	differs = areas.count > 0 && !told(seen, v);
	for (i = 0; differs && i < areas.count; i++)
		add_mark(seen, v, &areas.list[i]);
	count = differs ? areas.count : 0;
	memcpy(shown, areas.list, count * sizeof(shown[0]));
	ask_places(l, state, v, then, shown, &count);
	if (differs || (count > 0 && !v->print))
		add_picture(l, seen, v, then, shown, count);
	return DEED_OK;
}

/* Both are painted at the scale of the present page unless the page was larger
 * then: a page of another size gives pictures of two sizes, which differ as a
 * whole. */
static void look_at_state(struct looking *l, size_t state, const struct view *v)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct look_canvas then = { NULL };
	double width, height, scale;
	uint32_t columns, rows;
	enum deed_status status;

	/* It had another size then, and that may be too large. */
	status =
		look_paper_size(l->then[state], v->page, &width, &height, &why);
	if (status == DEED_OK)
		status = look_paint_scale(width, height, &scale, &columns,
					  &rows, &why);
	if (status == DEED_OK)
		status = look_paint(l->then[state], v->page, v->print,
				    fmin(scale, v->sheet.scale), &then, &why);
	if (status == DEED_OK)
		status = hold_against(l, state, v, &then.image, &why);
	if (status != DEED_OK)
		page_fails(&l->list[state], v->page, &why);
	look_canvas_clear(&then);
}

/* ---- pages ---- */

/* Where places lie is told by deed's own reading of the page; it must be the
 * page that poppler shows. */
static enum deed_status read_sheet(struct looking *l, uint32_t page,
				   struct look_sheet *out,
				   struct deed_error *err)
{
	double width, height;
	uint32_t columns, rows;
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page one;

	status = look_paper_size(l->now, page, &width, &height, err);
	if (status == DEED_OK)
		status = look_paint_scale(width, height, &out->scale, &columns,
					  &rows, err);
	if (status == DEED_OK)
		status = pdf_page_get(l->doc, page, &one, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(l->doc, &one, &sheet, err);
	if (status != DEED_OK)
		return status;
	out->x0 = sheet.box.x0;
	out->y0 = sheet.box.y0;
	out->x1 = sheet.box.x1;
	out->y1 = sheet.box.y1;
	out->rotate = sheet.rotate;
	if (fabs(look_sheet_width(out) - width) > ROUNDING ||
	    fabs(look_sheet_height(out) - height) > ROUNDING)
		return deed_error_set(err, DEED_MALFORMED,
				      "its size is read in two ways");
	return DEED_OK;
}

/* Screen and print are painted one after the other and freed in between, so
 * that two canvases at most are held at a time. */
static void look_at_page(struct looking *l, uint32_t page)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct view v = { .page = page };
	enum deed_status status;
	int print;
	size_t i;

	status = read_sheet(l, page, &v.sheet, &why);
	for (print = 0; status == DEED_OK && print < 2; print++) {
		v.print = print == 1;
		status = look_paint(l->now, page, v.print, v.sheet.scale,
				    &v.now, &why);
		for (i = 0; status == DEED_OK && i < l->order->count; i++) {
			if (l->list[i].painted &&
			    page < look_paper_pages(l->then[i]))
				look_at_state(l, i, &v);
		}
		look_canvas_clear(&v.now);
	}
	if (status != DEED_OK)
		all_fail(l, page, &why);
}

/* ---- the document ---- */

/* The same bytes are read by poppler and by deed itself, and both have to
 * agree on each page before places are believed (read_sheet). */
static enum deed_status open_now(struct looking *l, struct slice file,
				 const char *password, struct deed_error *err)
{
	enum deed_status status;

	status = look_paper_open(file, password, &l->now, err);
	if (status == DEED_OK && look_paper_pages(l->now) > LOOK_PAGES)
		status = deed_error_set(err, DEED_LIMIT, "more than %d pages",
					LOOK_PAGES);
	if (status == DEED_OK)
		status = pdf_input_from_memory(file, "document", &l->in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(l->in, l->order->password);
	return pdf_open(l->in, &l->doc, err);
}

/* The bytes that a signature covers, from the head of the file, are the
 * document as it was signed.  They are not copied. */
static void open_then(struct looking *l, size_t i, struct slice file,
		      const char *password)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint64_t end = l->order->states[i].end;
	enum deed_status status;

	if (end == 0 || end > file.len)
		status = deed_error_set(&why, DEED_MALFORMED,
					"it ends outside of the file");
	else
		status = look_paper_open(slice_of(file.data, (size_t)end),
					 password, &l->then[i], &why);
	if (status != DEED_OK) {
		look_set_why(&l->list[i], why.message);
		return;
	}
	l->list[i].pages_then = look_paper_pages(l->then[i]);
	l->list[i].pages_now = look_paper_pages(l->now);
}

/* That the present document does not open fails all states, and is no error of
 * the order: it is what was seen. */
static void look_at_all(struct looking *l, struct slice file,
			const char *password)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint32_t page;
	size_t i;

	for (i = 0; i < l->order->count; i++)
		l->list[i].painted = true;
	if (open_now(l, file, password, &why) != DEED_OK) {
		for (i = 0; i < l->order->count; i++)
			look_set_why(&l->list[i], why.message);
		return;
	}
	for (i = 0; i < l->order->count; i++)
		open_then(l, i, file, password);
	for (page = 0; page < look_paper_pages(l->now); page++)
		look_at_page(l, page);
}

enum deed_status looking_at(struct slice file, const struct look_order *order,
			    struct look_seen *list, struct deed_error *err)
{
	struct looking l = { .order = order,
			     .list = list,
			     .plain_left = (double)PLAIN_PAGES * LOOK_PIXELS };
	enum deed_status status;
	char *text;
	size_t i;

	status = look_password_text(order->password, &text, err);
	if (status != DEED_OK)
		return status;
	look_at_all(&l, file, text);
	pdf_close(l.doc);
	pdf_input_close(l.in);
	look_paper_close(l.now);
	for (i = 0; i < order->count; i++)
		look_paper_close(l.then[i]);
	look_password_forget(text);
	return DEED_OK;
}
