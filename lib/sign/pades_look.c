/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/archival.h"
#include "pdf/import.h"
#include "sign/pades.h"

/* Looked at before the drawing is put there, which would be found beneath
 * itself. */
static enum deed_status look_beneath(struct pdf_document *doc,
				     const struct pades_place *place,
				     struct pades_beneath *out,
				     struct deed_error *err)
{
	struct pdf_marks *marks;
	enum deed_status status;

	status = pdf_marks_read(doc, place->page, &marks, err);
	if (status != DEED_OK)
		return status;
	out->any = pdf_marks_beneath(marks, &place->rect, &out->kind);
	pdf_marks_free(marks);
	return DEED_OK;
}

enum deed_status
pades_put_look(struct pdf_update *u, const struct pades_appearance *appearance,
	       const struct pades_place *place, struct pdf_ref *form,
	       struct pades_beneath *beneath, struct deed_error *err)
{
	struct pdf_document *doc = pdf_update_document(u);
	struct pdf_archival archival;
	struct pdf_import_ink ink;
	enum deed_status status;

	*beneath = (struct pades_beneath){ .any = false };
	status = look_beneath(doc, place, beneath, err);
	if (status == DEED_OK)
		status = pdf_archival_read(doc, &archival, err);
	if (status != DEED_OK)
		return status;
	/* On other pages it may lie over something. */
	ink.ground =
		appearance->ground && !beneath->any && !appearance->every_page;
	ink.multiply = !ink.ground;
	beneath->hidden = beneath->any && !pdf_archival_blends(&archival);
	/* Who made the field knew of its place. */
	if (place->field_has_place)
		*beneath = (struct pades_beneath){ .any = false };
	return pdf_import_page(u, appearance->pdf, "the drawing", place->rotate,
			       place->aspect, ink, form, err);
}
