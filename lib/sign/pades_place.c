/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include "pdf/import.h"
#include "pdf/sign_field.h"

static enum deed_status read_sheet(struct pdf_document *doc, size_t index,
				   struct pdf_sheet *sheet,
				   struct deed_error *err)
{
	enum deed_status status;
	struct pdf_page page;

	status = pdf_page_get(doc, index, &page, err);
	if (status == DEED_OK)
		status = pdf_sheet_read(doc, &page, sheet, err);
	return status;
}

/*
 * Which way is up there, and what shape the drawing is to have: as the field
 * says (/MK /R), else as the page is displayed.
 */
static enum deed_status fit(struct pdf_document *doc, const char *field,
			    const struct pdf_sheet *sheet,
			    struct pades_place *out, struct deed_error *err)
{
	const struct pdf_rect *r = &out->rect;
	double aspect = (r->x1 - r->x0) / (r->y1 - r->y0);
	enum deed_status status;
	bool given;
	int turn;

	status = pdf_sign_field_turn(doc, field, &given, &turn, err);
	out->rotate = given ? turn : sheet->rotate;
	out->aspect = out->rotate % 180 == 0 ? aspect : 1 / aspect;
	return status;
}

enum deed_status pades_find_place(struct pdf_document *doc,
				  const struct pades_params *params,
				  struct pades_place *out,
				  struct deed_error *err)
{
	const struct pades_appearance *a = params->appearance;
	double width, height;
	struct pdf_sheet sheet;
	enum deed_status status;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (params->field != NULL) {
		status = pdf_sign_field_find(doc, params->field, &found,
					     &out->page, &out->rect, err);
		if (status != DEED_OK)
			return status;
	}
	out->field_has_place = found && out->rect.x0 < out->rect.x1;
	if (a == NULL)
		return DEED_OK;
	if (found && !out->field_has_place)
		return deed_error_set(err, DEED_REFUSED,
				      "the field '%s' has no place on a page "
				      "to show anything",
				      params->field);
	status = pdf_import_size(a->pdf, &width, &height, err);
	if (status == DEED_OK && !out->field_has_place)
		status = pdf_page_select(doc, a->page, &out->page, err);
	if (status == DEED_OK)
		status = read_sheet(doc, out->page, &sheet, err);
	if (status != DEED_OK)
		return status;
	out->rotate = sheet.rotate;
	if (!out->field_has_place)
		return pdf_sheet_place(&sheet, a->x_mm, a->y_mm, a->width_mm,
				       a->width_mm * height / width, &out->rect,
				       err);
	return fit(doc, params->field, &sheet, out, err);
}
