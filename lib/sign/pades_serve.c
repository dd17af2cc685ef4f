/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_client.h"

static enum deed_status draft_pdf(const struct parser_job *job,
				  struct buf *answer, struct deed_error *err)
{
	struct pades_draft draft = PADES_DRAFT_INIT;
	struct pades_order_read read;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pades_order_read(job->more, &read, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(job->fd, job->name, &in, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, job->password);
		status = pades_draft(in, &read.order, &draft, err);
	}
	if (status == DEED_OK)
		pades_draft_write(&draft, answer);
	pades_draft_clear(&draft);
	pdf_input_close(in);
	pades_order_clear(&read);
	return status;
}

const struct parser_order pades_serve_orders[] = {
	{ PADES_CLIENT_DRAFT, draft_pdf },
	{ 0, NULL },
};
