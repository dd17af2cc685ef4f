/* SPDX-License-Identifier: Apache-2.0 */
#include "look/finding.h"

#include <math.h>
#include <stdlib.h>

#include "look/paint.h"
#include "pdf/geometry.h"

/* Two readings of a page's size may differ by that much, in points. */
#define ROUNDING 0.5

struct finding {
	const struct look_find_order *order;
	struct look_found *out;
	struct find_pattern *pattern;
	struct look_paper *paper;
	struct pdf_input *in; /* what deed itself reads of the pages */
	struct pdf_document *doc;
};

/* Millimetres of a point of poppler's, where it has the page as deed has it:
 * what is found is a place on deed's. */
static enum deed_status read_scale(struct finding *f, uint32_t page,
				   double *scale, struct deed_error *err)
{
	double width, height;
	struct pdf_sheet sheet;
	enum deed_status status;
	struct pdf_page one;

	status = look_paper_size(f->paper, page, &width, &height, err);
	if (status == DEED_OK)
		status = pdf_page_get(f->doc, page, &one, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(f->doc, &one, &sheet, err);
	if (status != DEED_OK)
		return status;
	*scale = sheet.unit / PDF_MM;
	if (fabs(sheet.width_mm - width * *scale) > ROUNDING * *scale ||
	    fabs(sheet.height_mm - height * *scale) > ROUNDING * *scale)
		return deed_error_set(err, DEED_MALFORMED,
				      "the size of page %u is read in two ways",
				      page + 1);
	return DEED_OK;
}

/* All are counted, and the first LOOK_FOUND are kept: the caller sees that
 * there were more. */
static void take(struct look_found *out, uint32_t page, double scale,
		 const struct find_match *m)
{
	struct look_hit *h;

	out->total++;
	if (out->count == LOOK_FOUND)
		return;
	h = &out->list[out->count++];
	h->page = page + 1;
	h->x = m->x0 * scale;
	h->y = m->y0 * scale;
	h->width = fmax(0, m->x1 - m->x0) * scale;
	h->height = fmax(0, m->y1 - m->y0) * scale;
	h->end_x = m->end_x * scale;
	h->end_y = m->end_y * scale;
}

/* A page of which half of the letters or more cannot be read counts as blank,
 * as a page that was scanned does: that nothing was found says nothing there.
 */
static enum deed_status find_on(struct finding *f, uint32_t page,
				struct deed_error *err)
{
	struct find_letter *letters = NULL;
	struct find_match *matches = NULL;
	struct find_seen seen = { 0, 0 };
	size_t i, count = 0, found = 0;
	enum deed_status status;
	double scale;

	status = read_scale(f, page, &scale, err);
	if (status == DEED_OK)
		status = look_paper_letters(f->paper, page, &letters, &count,
					    err);
	if (status == DEED_OK)
		status = find_on_page(f->pattern, letters, count, &matches,
				      &found, &seen, err);
	for (i = 0; status == DEED_OK && i < found; i++)
		take(f->out, page, scale, &matches[i]);
	f->out->pages++;
	if (status == DEED_OK && 2 * seen.unreadable >= seen.letters) {
		if (f->out->blank++ == 0)
			f->out->first_blank = page + 1;
	}
	free(matches);
	free(letters);
	return status;
}

/* A page below zero counts from the end.  The bound on pages holds even where
 * one is asked for. */
static enum deed_status choose_pages(const struct finding *f, uint32_t *from,
				     uint32_t *to, struct deed_error *err)
{
	uint32_t count = look_paper_pages(f->paper);
	int64_t page = f->order->wanted.page;

	*from = 0;
	*to = count;
	if (count > LOOK_PAGES)
		return deed_error_set(err, DEED_LIMIT, "more than %d pages",
				      LOOK_PAGES);
	if (page == 0)
		return DEED_OK;
	if (page < 0)
		page += (int64_t)count + 1;
	if (page < 1 || page > (int64_t)count)
		return deed_error_set(err, DEED_USAGE,
				      "there is no page %d: the document has "
				      "%u",
				      (int)f->order->wanted.page, count);
	*from = (uint32_t)page - 1;
	*to = (uint32_t)page;
	return DEED_OK;
}

/* What was opened is closed by the caller, also where the second one fails. */
static enum deed_status open_both(struct finding *f, struct slice file,
				  const char *password, struct deed_error *err)
{
	enum deed_status status;

	status = look_paper_open(file, password, &f->paper, err);
	if (status == DEED_OK)
		status = pdf_input_from_memory(file, "document", &f->in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(f->in, f->order->password);
	return pdf_open(f->in, &f->doc, err);
}

enum deed_status finding_in(struct slice file,
			    const struct look_find_order *order,
			    struct look_found *out, struct deed_error *err)
{
	struct finding f = { .order = order, .out = out };
	uint32_t page = 0, end = 0;
	enum deed_status status;
	char *password = NULL;

	memset(out, 0, sizeof(*out));
	status = find_pattern_new(order->wanted.text, order->wanted.regex,
				  &f.pattern, err);
	if (status == DEED_OK)
		status = look_password_text(order->password, &password, err);
	if (status == DEED_OK)
		status = open_both(&f, file, password, err);
	if (status == DEED_OK)
		status = choose_pages(&f, &page, &end, err);
	for (; status == DEED_OK && page < end; page++)
		status = find_on(&f, page, err);
	look_password_forget(password);
	pdf_close(f.doc);
	pdf_input_close(f.in);
	look_paper_close(f.paper);
	find_pattern_free(f.pattern);
	return status;
}
