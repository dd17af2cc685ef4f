/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_client.h"

enum deed_status pades_client_draft(struct parser *p, int fd,
				    const struct pdf_input *in,
				    const struct pades_draft_order *order,
				    struct pades_draft *out,
				    struct deed_error *err)
{
	struct buf answer = BUF_INIT, body = BUF_INIT;
	const char *name = pdf_input_name(in);
	enum deed_status status;

	if (p == NULL)
		return pades_draft(in, order, out, err);
	*out = (struct pades_draft)PADES_DRAFT_INIT;
	pades_order_write(order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = parser_call(p, PADES_CLIENT_DRAFT, fd, name,
				     pdf_input_password(in), buf_get(&body),
				     &answer, err);
	if (status == DEED_OK)
		status = parser_nonsense(
			pades_draft_read(buf_get(&answer), pdf_input_size(in),
					 order->vri != NULL, out, err),
			name, err);
	if (status == DEED_OK)
		status = pdf_survey_confirm(&out->survey, in, err);
	buf_clear(&body);
	buf_clear(&answer);
	return status;
}
