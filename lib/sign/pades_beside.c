/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_beside.h"

#include <math.h>

#include "pdf/annotation.h"
#include "pdf/import.h"
#include "pdf/marks.h"
#include "pdf/preview.h"
#include "pdf/sign_field.h"
#include "pdf/strip.h"

/* Heights that are tried for a seam, and what lies between two of them. */
#define HEIGHTS 9
#define BETWEEN_MM 3.0

struct beside {
	struct pdf_update *u;
	struct pdf_document *doc;
	const struct pades_appearance *a;
	const struct pades_place *place;
	struct pdf_ref form; /* the field's */
	bool preview;
	size_t pages;
	double height_mm; /* of a seam, and the lowest page */
	double lowest_mm;
};

/* Read anew for each page and each pass: pages are not kept, as there may be
 * many. */
static enum deed_status read_page(struct pdf_document *doc, size_t i,
				  struct pdf_page *page,
				  struct pdf_sheet *sheet,
				  struct deed_error *err)
{
	enum deed_status status;

	status = pdf_page_get(doc, i, page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, page, sheet, err);
	return status;
}

/* A lack of memory has nothing to do with the page. */
static enum deed_status on_page(enum deed_status status, size_t i,
				struct deed_error *err)
{
	if (status != DEED_OK && status != DEED_NO_MEMORY)
		deed_error_prefix(err, "page %zu", i + 1);
	return status;
}

/* ---- on every page ---- */

struct spot {
	double x_mm, y_mm, width_mm, height_mm;
	int rotate;
	struct pdf_ref turned[4]; /* the drawing on pages that are turned */
};

/* At the same place as displayed, in whatever direction the page is turned.  A
 * drawing is turned once for each direction and shared by all pages that want
 * it. */
static enum deed_status show_again(struct beside *w, size_t i, struct spot *s,
				   struct deed_error *err)
{
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page page;
	struct pdf_rect rect;
	int turn;

	status = read_page(w->doc, i, &page, &sheet, err);
	if (status == DEED_OK)
		status = pdf_sheet_place(&sheet, s->x_mm, s->y_mm, s->width_mm,
					 s->height_mm, &rect, err);
	if (status != DEED_OK)
		return status;
	turn = (sheet.rotate - s->rotate + 360) % 360;
	if (s->turned[turn / 90].num == 0)
		status = pdf_strip_make(w->u, w->form, 0, 1, turn,
					&s->turned[turn / 90], err);
	if (status == DEED_OK)
		status = pdf_stamp_annotation_add(w->u, &page, &rect,
						  s->turned[turn / 90],
						  w->a->contents, err);
	if (status == DEED_OK && w->preview)
		status = pdf_preview_word(w->u, &page, &rect, err);
	return status;
}

/* The page of the field has the drawing in the field.  Places are kept in
 * millimetres as displayed, since pages may differ in their boxes. */
static enum deed_status every_page(struct beside *w, struct deed_error *err)
{
	struct spot spot = { .turned = { w->form } };
	enum deed_status status;
	struct pdf_sheet sheet;
	struct pdf_page page;
	size_t i;

	status = read_page(w->doc, w->place->page, &page, &sheet, err);
	if (status != DEED_OK)
		return status;
	spot.rotate = sheet.rotate;
	pdf_sheet_locate(&sheet, &w->place->rect, &spot.x_mm, &spot.y_mm,
			 &spot.width_mm, &spot.height_mm);
	for (i = 0; status == DEED_OK && i < w->pages; i++) {
		if (i != w->place->page)
			status = on_page(show_again(w, i, &spot, err), i, err);
	}
	return status;
}

/* ---- the seam ---- */

/* Which of how many strips of its seam a page has. */
static void find_strip(size_t page, size_t pages, size_t *which, size_t *of)
{
	size_t seams = (pages + PADES_SEAM_PAGES - 1) / PADES_SEAM_PAGES;
	size_t each = pages / seams, longer = pages % seams;

	if (page < longer * (each + 1)) {
		*of = each + 1;
		*which = page % (each + 1);
	} else {
		*of = each;
		*which = (page - longer * (each + 1)) % each;
	}
}

/* At the right edge of the page as it is displayed, as wide as its share of
 * the drawing. */
static enum deed_status place_strip(const struct beside *w, size_t i,
				    const struct pdf_sheet *sheet,
				    double top_mm, struct pdf_rect *out,
				    struct deed_error *err)
{
	size_t which, of;
	double width;

	find_strip(i, w->pages, &which, &of);
	width = w->a->width_mm / (double)of;
	return pdf_sheet_place(sheet, sheet->width_mm - width, top_mm, width,
			       w->height_mm, out, err);
}

/* The middle of the page, then further down and up in turns. */
static double height_of(const struct beside *w, int i)
{
	double middle = (w->lowest_mm - w->height_mm) / 2;
	double step = w->height_mm + BETWEEN_MM;

	return middle + (i % 2 == 1 ? (i + 1) / 2 : -i / 2) * step;
}

/* Places that only touch do not meet. */
static bool meets(const struct pdf_rect *a, const struct pdf_rect *b)
{
	struct pdf_rect both = *a;

	pdf_rect_intersect(&both, b);
	return pdf_rect_area(&both) > 0;
}

/* On one page: heights at which something lies beneath are struck out. */
static enum deed_status try_heights(struct beside *w, size_t i,
				    bool free_at[HEIGHTS],
				    struct deed_error *err)
{
	struct pdf_marks *marks = NULL;
	enum pdf_mark_kind kind;
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page page;
	struct pdf_rect rect;
	int k;

	status = read_page(w->doc, i, &page, &sheet, err);
	if (status == DEED_OK)
		status = pdf_marks_read(w->doc, i, &marks, err);
	for (k = 0; status == DEED_OK && k < HEIGHTS; k++) {
		if (!free_at[k])
			continue;
		free_at[k] = place_strip(w, i, &sheet, height_of(w, k), &rect,
					 NULL) == DEED_OK &&
			     !pdf_marks_beneath(marks, &rect, &kind) &&
			     !(i == w->place->page && w->form.num != 0 &&
			       meets(&rect, &w->place->rect));
	}
	pdf_marks_free(marks);
	return status;
}

/* One height for all pages, where it covers nothing; the middle, where none
 * does. */
static enum deed_status find_height(struct beside *w, double *top_mm,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool free_at[HEIGHTS];
	size_t i;
	int k;

	memset(free_at, true, sizeof(free_at));
	for (i = 0; status == DEED_OK && i < w->pages; i++)
		status = try_heights(w, i, free_at, err);
	for (k = 0; k < HEIGHTS && !free_at[k]; k++)
		continue;
	*top_mm = height_of(w, k == HEIGHTS ? 0 : k);
	return status;
}

/* The lowest page bounds the heights, as the strips of all pages lie at one
 * height to fit together. */
static enum deed_status measure(struct beside *w, struct deed_error *err)
{
	double width, height;
	enum deed_status status;
	struct pdf_sheet sheet;
	struct pdf_page page;
	size_t i;

	status = pdf_import_size(w->a->pdf, &width, &height, err);
	if (status != DEED_OK)
		return status;
	w->height_mm = w->a->width_mm * height / width;
	w->lowest_mm = INFINITY;
	for (i = 0; status == DEED_OK && i < w->pages; i++) {
		status = read_page(w->doc, i, &page, &sheet, err);
		if (status == DEED_OK)
			w->lowest_mm = fmin(w->lowest_mm, sheet.height_mm);
	}
	return status;
}

/* Beside the whole picture there is the word already. */
static bool has_word(const struct beside *w, size_t i)
{
	return w->form.num != 0 && (w->a->every_page || i == w->place->page);
}

/* The drawing is one form; each strip is a form that shows a part of it, so
 * that it is stored once. */
static enum deed_status add_strip(struct beside *w, size_t i, double top_mm,
				  struct pdf_ref whole, struct deed_error *err)
{
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page page;
	struct pdf_rect rect;
	struct pdf_ref strip;
	size_t which, of;

	find_strip(i, w->pages, &which, &of);
	status = read_page(w->doc, i, &page, &sheet, err);
	if (status == DEED_OK)
		status = place_strip(w, i, &sheet, top_mm, &rect, err);
	if (status == DEED_OK)
		status = pdf_strip_make(w->u, whole, (double)which / (double)of,
					(double)(which + 1) / (double)of,
					sheet.rotate, &strip, err);
	if (status == DEED_OK)
		status = pdf_stamp_annotation_add(w->u, &page, &rect, strip,
						  w->a->contents, err);
	if (status == DEED_OK && w->preview && !has_word(w, i))
		status = pdf_preview_word(w->u, &page, &rect, err);
	return status;
}

/* The strips multiply with what lies beneath, as they go over the edge of text
 * where there is no free height. */
static enum deed_status add_seam(struct beside *w, struct pades_shown *shown,
				 struct deed_error *err)
{
	const struct pdf_import_ink ink = { .multiply = true };
	double top_mm = w->a->seam_top_mm;
	enum deed_status status;
	struct pdf_ref whole;
	size_t i;

	if (w->pages < 2)
		return deed_error_set(err, DEED_USAGE,
				      "a seam goes over two pages at least: "
				      "the document has one");
	status = measure(w, err);
	if (status == DEED_OK && top_mm < 0)
		status = find_height(w, &top_mm, err);
	if (status == DEED_OK)
		status = pdf_import_page(w->u, w->a->pdf, "the drawing", 0, 0,
					 ink, &whole, err);
	for (i = 0; status == DEED_OK && i < w->pages; i++)
		status = on_page(add_strip(w, i, top_mm, whole, err), i, err);
	shown->seams = (uint32_t)((w->pages + PADES_SEAM_PAGES - 1) /
				  PADES_SEAM_PAGES);
	shown->seam_top_mm = top_mm;
	return status;
}

/* ---- both ---- */

enum deed_status pades_beside_add(struct pdf_update *u,
				  const struct pades_appearance *a,
				  const struct pades_place *place,
				  struct pdf_ref form, bool preview,
				  struct pades_shown *shown,
				  struct deed_error *err)
{
	struct beside w = { .u = u,
			    .doc = pdf_update_document(u),
			    .a = a,
			    .place = place,
			    .form = form,
			    .preview = preview };
	enum deed_status status;

	if (!a->every_page && !a->seam)
		return DEED_OK;
	status = pdf_sign_allows_more(w.doc, err);
	if (status == DEED_OK)
		status = pdf_page_count(w.doc, &w.pages, err);
	if (status == DEED_OK && w.pages > PADES_BESIDE_PAGES)
		status = deed_error_set(err, DEED_LIMIT,
					"the document has %zu pages: pictures "
					"go on %d at most",
					w.pages, PADES_BESIDE_PAGES);
	if (status == DEED_OK && a->every_page && form.num != 0)
		status = every_page(&w, err);
	if (status == DEED_OK && a->seam)
		status = add_seam(&w, shown, err);
	if (status == DEED_OK)
		shown->pages = (uint32_t)w.pages;
	return status;
}

/* ---- is it there? ---- */

/* Counted only: whether they look as was asked is not read back. */
static enum deed_status count_annotations(struct pdf_document *doc, size_t i,
					  size_t *out, struct deed_error *err)
{
	const struct pdf_object *annots;
	enum deed_status status;
	struct pdf_page page;

	*out = 0;
	status = pdf_page_get(doc, i, &page, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, page.dict, "Annots", &annots,
					  err);
	if (status == DEED_OK)
		*out = pdf_array_count(annots);
	return status;
}

enum deed_status pades_beside_there(struct pdf_document *before,
				    struct pdf_document *after,
				    const struct pades_appearance *a,
				    const struct pades_place *place, bool *yes,
				    struct deed_error *err)
{
	size_t i, pages, then, now, wanted;
	enum deed_status status;

	*yes = true;
	if (!a->every_page && !a->seam)
		return DEED_OK;
	status = pdf_page_count(before, &pages, err);
	for (i = 0; status == DEED_OK && *yes && i < pages; i++) {
		wanted = a->seam;
		if (a->every_page && !a->no_field && i != place->page)
			wanted++;
		status = count_annotations(before, i, &then, err);
		if (status == DEED_OK)
			status = count_annotations(after, i, &now, err);
		*yes = now >= then + wanted;
	}
	return status;
}
