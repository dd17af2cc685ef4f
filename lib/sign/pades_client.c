/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_client.h"

enum deed_status pades_client_take(struct slice answer,
				   const struct pdf_input *in,
				   const struct pades_draft_order *order,
				   struct pades_draft *out,
				   struct deed_error *err)
{
	enum deed_status status;

	*out = (struct pades_draft)PADES_DRAFT_INIT;
	status = parser_nonsense(pades_draft_read(answer, pdf_input_size(in),
						  order->vri != NULL, out, err),
				 pdf_input_name(in), err);
	return status == DEED_OK ? pdf_survey_confirm(&out->survey, in, err)
				 : status;
}

enum deed_status pades_client_draft(struct parser *p, int fd,
				    const struct pdf_input *in,
				    const struct pades_draft_order *order,
				    struct pades_draft *out,
				    struct deed_error *err)
{
	struct buf answer = BUF_INIT, body = BUF_INIT;
	enum deed_status status;

	*out = (struct pades_draft)PADES_DRAFT_INIT;
	pades_order_write(order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = parser_call(p, PADES_CLIENT_DRAFT, fd,
				     pdf_input_name(in), pdf_input_password(in),
				     buf_get(&body), &answer, err);
	if (status == DEED_OK)
		status = pades_client_take(buf_get(&answer), in, order, out,
					   err);
	buf_clear(&body);
	buf_clear(&answer);
	return status;
}

enum deed_status pades_client_ask(struct parser *p, uint32_t number,
				  const struct pdf_input *in,
				  struct slice order, struct buf *answer,
				  struct deed_error *err)
{
	return parser_call(p, number, pdf_input_fd(in), pdf_input_name(in),
			   pdf_input_password(in), order, answer, err);
}

struct target {
	pades_write_fn *write;
	void *arg;
};

static enum deed_status hand_on(void *arg, struct slice window,
				struct deed_error *err)
{
	struct target *t = arg;

	return t->write(t->arg, window, err);
}

enum deed_status pades_client_write(const struct pdf_input *in,
				    struct slice tail, pades_write_fn *write,
				    void *arg, struct deed_error *err)
{
	struct target t = { write, arg };
	enum deed_status status;

	status = pdf_input_each(in, 0, pdf_input_size(in), hand_on, &t, err);
	return status == DEED_OK ? write(arg, tail, err) : status;
}

enum deed_status pades_client_update(struct parser *p, uint32_t number,
				     const struct pdf_input *in,
				     struct slice order, pades_write_fn *write,
				     void *arg, struct deed_error *err)
{
	struct buf tail = BUF_INIT;
	enum deed_status status;

	status = pades_client_ask(p, number, in, order, &tail, err);
	if (status == DEED_OK && write != NULL)
		status =
			pades_client_write(in, buf_get(&tail), write, arg, err);
	buf_clear(&tail);
	return status;
}
