/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include "pdf/annotation.h"
#include "pdf/import.h"
#include "sign/pades_beside.h"
#include "sign/pades_client.h"
#include "sign/pades_priv.h"

static enum deed_status put_stamp(const void *arg, struct pdf_document *doc,
				  struct pdf_update *u, struct deed_error *err)
{
	const struct pades_appearance *appearance = arg;
	const struct pades_params params = { .appearance = appearance };
	struct pades_place place;
	struct pdf_page page;
	struct pdf_ref form = { 0, 0 };
	struct pades_shown shown = { 0 };
	enum deed_status status;

	status = pades_find_place(doc, &params, &place, err);
	if (status == DEED_OK)
		status = pdf_page_get(doc, place.page, &page, err);
	if (status == DEED_OK && !appearance->no_field)
		status =
			pdf_import_page(u, appearance->pdf, "the drawing",
					place.rotate, place.aspect, &form, err);
	if (status == DEED_OK && form.num != 0)
		status = pdf_stamp_add(u, &page, &place.rect, form,
				       appearance->contents, err);
	if (status == DEED_OK)
		status = pades_beside_add(u, appearance, &place, form, &shown,
					  err);
	return status;
}

enum deed_status pades_preview_draft(const struct pdf_input *in,
				     const struct pades_appearance *appearance,
				     struct buf *tail, struct deed_error *err)
{
	return pades_update_draft(in, put_stamp, appearance, appearance->pdf,
				  tail, err);
}

enum deed_status pades_preview(struct parser *p, const struct pdf_input *in,
			       const struct pades_appearance *appearance,
			       pades_write_fn *write, void *arg,
			       struct deed_error *err)
{
	const struct pades_params params = { .appearance = appearance };
	const struct pades_draft_order order = { .params = &params };
	struct buf body = BUF_INIT;
	enum deed_status status;

	pades_order_write(&order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = pades_client_update(p, PADES_CLIENT_PREVIEW, in,
					     buf_get(&body), write, arg, err);
	buf_clear(&body);
	return status;
}
