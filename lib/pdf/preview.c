/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/preview.h"

#include "pdf/annotation.h"

/* The word in Helvetica-Bold of 10 points, and its place in millimetres. */
#define WORD "BT .65 g /F 10 Tf .5 1.6 Td (PREVIEW) Tj ET"
#define WIDTH 47.2
#define HEIGHT 10.4
#define WIDTH_MM (WIDTH / PDF_MM)
#define HEIGHT_MM (HEIGHT / PDF_MM)
#define APART_MM 2.0

static void find_place(const struct pdf_sheet *sheet,
		       const struct pdf_rect *drawing, struct pdf_rect *out)
{
	double x, y, w, h, down;
	int side;

	pdf_sheet_locate(sheet, drawing, &x, &y, &w, &h);
	down = y + (h - HEIGHT_MM) / 2;
	for (side = 0; side < 4; side++) {
		const double places[4][2] = {
			{ x + w + APART_MM, down },
			{ x - APART_MM - WIDTH_MM, down },
			{ x, y + h + APART_MM },
			{ x, y - APART_MM - HEIGHT_MM },
		};

		if (pdf_sheet_place(sheet, places[side][0], places[side][1],
				    WIDTH_MM, HEIGHT_MM, out, NULL) == DEED_OK)
			return;
	}
	*out = *drawing;
}

/* One of the standard 14 fonts, which needs no file: the word stands only on
 * pages that nobody signs. */
static struct pdf_object *font(struct pdf_arena *a)
{
	struct pdf_object *d = pdf_new_dict(a), *fonts = pdf_new_dict(a),
			  *resources = pdf_new_dict(a);

	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "Font")) ||
	    !pdf_dict_put(a, d, "Subtype", pdf_new_name(a, "Type1")) ||
	    !pdf_dict_put(a, d, "BaseFont",
			  pdf_new_name(a, "Helvetica-Bold")) ||
	    !pdf_dict_put(a, fonts, "F", d) ||
	    !pdf_dict_put(a, resources, "Font", fonts))
		return NULL;
	return resources;
}

/* The matrix turns it upright on a turned page; readers fit the form into the
 * annotation's rectangle (12.5.5). */
static struct pdf_object *word(struct pdf_arena *a, int rotate)
{
	static const struct pdf_rect box = { 0, 0, WIDTH, HEIGHT };
	struct pdf_object *stream =
		pdf_new_stream(a, slice_of(WORD, sizeof(WORD) - 1));
	struct pdf_object *matrix = pdf_new_array(a);
	bool good = stream != NULL && matrix != NULL;
	double m[6];
	size_t i;

	pdf_turn_matrix(rotate, m);
	for (i = 0; good && i < 6; i++)
		good = pdf_array_add(a, matrix, pdf_new_real(a, m[i]));
	if (!good ||
	    !pdf_dict_put(a, stream, "Type", pdf_new_name(a, "XObject")) ||
	    !pdf_dict_put(a, stream, "Subtype", pdf_new_name(a, "Form")) ||
	    !pdf_dict_put(a, stream, "BBox", pdf_annotation_rect(a, &box)) ||
	    !pdf_dict_put(a, stream, "Matrix", matrix) ||
	    !pdf_dict_put(a, stream, "Resources", font(a)))
		return NULL;
	return stream;
}

enum deed_status pdf_preview_word(struct pdf_update *u,
				  const struct pdf_page *page,
				  const struct pdf_rect *drawing,
				  struct deed_error *err)
{
	struct pdf_page now = *page;
	struct pdf_object *form;
	enum deed_status status;
	struct pdf_sheet sheet;
	struct pdf_rect place;

	status = pdf_sheet_read(pdf_update_document(u), page, &sheet, err);
	/* It has the drawing's annotation by now. */
	if (status == DEED_OK)
		status = pdf_update_get(u, page->ref, &now.dict, err);
	if (status != DEED_OK)
		return status;
	find_place(&sheet, drawing, &place);
	form = word(pdf_update_arena(u), sheet.rotate);
	if (form == NULL)
		return deed_error_memory(err);
	return pdf_stamp_annotation_add(
		u, &now, &place, pdf_update_add(u, form), "PREVIEW", err);
}
