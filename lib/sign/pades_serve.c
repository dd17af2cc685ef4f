/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sign/pades_client.h"
#include "sign/pades_elsewhere.h"
#include "sign/pades_field.h"
#include "sign/pades_wire.h"

/* The descriptor stays the job's, which look_done opens twice. */
static enum deed_status open_input(const struct parser_job *job,
				   struct pdf_input **in,
				   struct deed_error *err)
{
	enum deed_status status;

	status = pdf_input_from_fd(job->fd, job->name, in, err);
	if (status == DEED_OK)
		pdf_input_set_password(*in, job->password);
	return status;
}

/* The order is read before the document is opened, and both are freed whatever
 * fails. */
static enum deed_status draft_pdf(const struct parser_job *job,
				  struct buf *answer, struct deed_error *err)
{
	struct pades_draft draft = PADES_DRAFT_INIT;
	struct pades_order_read read;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pades_order_read(job->more, &read, err);
	if (status == DEED_OK)
		status = open_input(job, &in, err);
	if (status == DEED_OK)
		status = pades_draft(in, &read.order, &draft, err);
	if (status == DEED_OK)
		pades_draft_write(&draft, answer);
	pades_draft_clear(&draft);
	pdf_input_close(in);
	pades_order_clear(&read);
	return status;
}

/* Of the order only the appearance is used: nothing is signed. */
static enum deed_status preview(const struct parser_job *job,
				struct buf *answer, struct deed_error *err)
{
	struct pades_order_read read;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pades_order_read(job->more, &read, err);
	if (status == DEED_OK && read.params.appearance == NULL)
		status = deed_error_set(err, DEED_MALFORMED,
					"an order to preview shows nothing");
	if (status == DEED_OK)
		status = open_input(job, &in, err);
	if (status == DEED_OK)
		status = pades_preview_draft(in, read.params.appearance, answer,
					     err);
	pdf_input_close(in);
	pades_order_clear(&read);
	return status;
}

/* The answer is the update alone; the caller has the document. */
static enum deed_status add_field(const struct parser_job *job,
				  struct buf *answer, struct deed_error *err)
{
	struct pades_field_spec spec;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pades_field_spec_read(job->more, &spec, err);
	if (status == DEED_OK)
		status = open_input(job, &in, err);
	if (status == DEED_OK)
		status = pades_field_draft(in, &spec, answer, err);
	pdf_input_close(in);
	pades_field_spec_clear(&spec);
	return status;
}

/* A document without fields has an empty list, and that is an answer. */
static enum deed_status list_fields(const struct parser_job *job,
				    struct buf *answer, struct deed_error *err)
{
	struct pdf_input *in = NULL;
	struct pades_fields fields = { .count = 0 };
	enum deed_status status;

	status = open_input(job, &in, err);
	if (status == DEED_OK)
		status = pades_field_read(in, &fields, err);
	if (status == DEED_OK)
		pades_fields_write(&fields, answer);
	pades_fields_clear(&fields);
	pdf_input_close(in);
	return status;
}

/* What is found is confirmed by who asked, against the file itself. */
static enum deed_status find_place(const struct parser_job *job,
				   struct buf *answer, struct deed_error *err)
{
	struct pades_open place = { .field = NULL };
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = open_input(job, &in, err);
	if (status == DEED_OK)
		status = pades_complete_place(in, &place, err);
	if (status == DEED_OK)
		pades_open_write(&place, answer);
	free(place.field);
	pdf_input_close(in);
	return status;
}

/* One file is opened twice: as it is, and cut to what it was before the
 * signature.  A size of 0 leaves the cut to be found. */
static enum deed_status look_done(const struct parser_job *job,
				  struct buf *answer, struct deed_error *err)
{
	struct pdf_input *whole = NULL, *before = NULL;
	struct slice more = job->more;
	struct pades_order_read read = { .vri = NULL };
	enum deed_status status;
	char *field = NULL;
	uint64_t size;

	if (!wire_get_u64(&more, &size))
		return deed_error_set(err, DEED_MALFORMED,
				      "an order to compare is malformed");
	status = pades_order_read(more, &read, err);
	if (status == DEED_OK)
		status = open_input(job, &whole, err);
	if (status == DEED_OK)
		status = open_input(job, &before, err);
	if (status == DEED_OK) {
		pdf_input_cut(before, size > 0 ? size : UINT64_MAX);
		status = size > 0
				 ? pades_done_claims(whole, before,
						     &read.params, &field, err)
				 : pades_done_inside(whole, before,
						     &read.params, &field, err);
	}
	if (status == DEED_OK)
		pades_wire_put_text(answer, field);
	free(field);
	pdf_input_close(before);
	pdf_input_close(whole);
	pades_order_clear(&read);
	return status;
}

const struct parser_order pades_serve_orders[] = {
	{ PADES_CLIENT_DRAFT, draft_pdf },
	{ PADES_CLIENT_PREVIEW, preview },
	{ PADES_CLIENT_FIELD_ADD, add_field },
	{ PADES_CLIENT_FIELD_LIST, list_fields },
	{ PADES_CLIENT_PLACE, find_place },
	{ PADES_CLIENT_DONE, look_done },
	{ 0, NULL },
};
