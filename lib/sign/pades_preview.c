/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include "pdf/annotation.h"
#include "pdf/preview.h"
#include "sign/pades_beside.h"
#include "sign/pades_client.h"
#include "sign/pades_draft.h"
#include "sign/pades_priv.h"

struct preview {
	const struct pades_appearance *appearance;
	struct pades_beneath *beneath;
};

/* As an annotation without a field: nobody can take a preview for a signature.
 */
static enum deed_status put_stamp_annotation(const void *arg,
					     struct pdf_document *doc,
					     struct pdf_update *u,
					     struct deed_error *err)
{
	const struct preview *p = arg;
	const struct pades_params params = { .appearance = p->appearance };
	struct pades_place place;
	struct pdf_page page;
	struct pdf_ref form = { 0, 0 };
	struct pades_shown shown = { 0 };
	enum deed_status status;

	status = pades_find_place(doc, &params, &place, err);
	if (status == DEED_OK)
		status = pdf_page_get(doc, place.page, &page, err);
	if (status == DEED_OK && !p->appearance->no_field)
		status = pades_put_look(u, p->appearance, &place, &form,
					p->beneath, err);
	if (status == DEED_OK && form.num != 0)
		status = pdf_stamp_annotation_add(u, &page, &place.rect, form,
						  p->appearance->contents, err);
	if (status == DEED_OK)
		status = pades_beside_add(u, p->appearance, &place, form, true,
					  &shown, err);
	if (status == DEED_OK && form.num != 0)
		status = pdf_preview_word(u, &page, &place.rect, err);
	return status;
}

enum deed_status pades_preview_draft(const struct pdf_input *in,
				     const struct pades_appearance *appearance,
				     struct buf *answer, struct deed_error *err)
{
	struct pades_beneath beneath = { .any = false };
	const struct preview p = { appearance, &beneath };
	struct buf tail = BUF_INIT;
	enum deed_status status;

	status = pades_update_draft(in, put_stamp_annotation, &p,
				    appearance->pdf, &tail, err);
	pades_beneath_write(&beneath, answer);
	buf_slice(answer, buf_get(&tail));
	buf_clear(&tail);
	return status == DEED_OK ? buf_status(answer, err) : status;
}

enum deed_status pades_preview(struct parser *p, const struct pdf_input *in,
			       const struct pades_appearance *appearance,
			       pades_write_fn *write, void *arg,
			       struct pades_beneath *beneath,
			       struct deed_error *err)
{
	const struct pades_params params = { .appearance = appearance };
	const struct pades_draft_order order = { .params = &params };
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;
	struct slice tail;

	pades_order_write(&order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = pades_client_ask(p, PADES_CLIENT_PREVIEW, in,
					  buf_get(&body), &answer, err);
	tail = buf_get(&answer);
	if (status == DEED_OK && !pades_beneath_read(&tail, beneath))
		status = parser_nonsense(DEED_MALFORMED, pdf_input_name(in),
					 err);
	if (status == DEED_OK && write != NULL)
		status = pades_client_write(in, tail, write, arg, err);
	buf_clear(&answer);
	buf_clear(&body);
	return status;
}
