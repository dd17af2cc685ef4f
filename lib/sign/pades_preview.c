/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include "crypto/digest.h"
#include "pdf/annotation.h"
#include "pdf/import.h"

struct work {
	pades_write_fn *write;
	void *arg;
};

static enum deed_status hand_on(void *arg, struct slice window,
				struct deed_error *err)
{
	struct work *w = arg;

	return w->write(w->arg, window, err);
}

static enum deed_status put_stamp(struct pdf_document *doc,
				  struct pdf_update *u,
				  const struct pades_appearance *appearance,
				  struct deed_error *err)
{
	const struct pades_params params = { .appearance = appearance };
	struct pades_place place;
	struct pdf_page page;
	struct pdf_ref form;
	enum deed_status status;

	status = pades_find_place(doc, &params, &place, err);
	if (status == DEED_OK)
		status = pdf_page_get(doc, place.page, &page, err);
	if (status == DEED_OK)
		status =
			pdf_import_page(u, appearance->pdf, "the drawing",
					place.rotate, place.aspect, &form, err);
	if (status == DEED_OK)
		status = pdf_stamp_add(u, &page, &place.rect, form,
				       appearance->contents, err);
	return status;
}

enum deed_status pades_preview(const struct pdf_input *in,
			       const struct pades_appearance *appearance,
			       pades_write_fn *write, void *arg,
			       struct deed_error *err)
{
	struct work w = { write, arg };
	struct pdf_document *doc = NULL;
	struct pdf_update *u = NULL;
	uint8_t id[SHA256_SIZE];
	struct buf tail = BUF_INIT;
	enum deed_status status;

	status = pdf_open(in, &doc, err);
	if (status == DEED_OK)
		status = pdf_update_new(doc, &u, err);
	if (status == DEED_OK)
		status = put_stamp(doc, u, appearance, err);
	if (status == DEED_OK) {
		sha256(appearance->pdf, id);
		status = pdf_update_finish(u, id, &tail, err);
	}
	if (status == DEED_OK && write != NULL)
		status = pdf_input_each(in, 0, pdf_input_size(in), hand_on, &w,
					err);
	if (status == DEED_OK && write != NULL)
		status = write(arg, buf_get(&tail), err);
	buf_clear(&tail);
	pdf_update_free(u);
	pdf_close(doc);
	return status;
}
