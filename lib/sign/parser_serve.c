/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_wire.h"
#include "base/wire.h"
#include "sign/parser.h"
#include "sign/parser_wire.h"

/* What pdf/document.h and pdf/arena.h may take, and room for the program. */
#define MEMORY ((size_t)1 << 30)

/* An order to draft carries a drawing. */
#define MORE_MAX ((size_t)64 << 20)

/* An order, taken apart. */
struct order {
	int fd;
	char name[PARSER_NAME_MAX + 1];
	struct secret *password; /* NULL: none */
	struct slice more;
};

static enum deed_status read_order(struct slice body, struct order *o,
				   struct deed_error *err)
{
	struct slice name, password;
	bool given;

	if (!wire_get_bytes(&body, PARSER_NAME_MAX, &name) ||
	    !wire_get_bool(&body, &given) ||
	    !wire_get_bytes(&body, SECRET_MAX, &password) ||
	    !wire_get_bytes(&body, MORE_MAX, &o->more) || body.len > 0 ||
	    o->fd < 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order for the parser is malformed");
	if (name.len > 0)
		memcpy(o->name, name.data, name.len);
	o->name[name.len] = '\0';
	if (!given || password.len == 0)
		return DEED_OK;
	return secret_copy(password.data, password.len, &o->password, err);
}

static enum deed_status survey_pdf(const struct order *o, struct buf *answer,
				   struct deed_error *err)
{
	struct pdf_input *in;
	struct pdf_survey survey;
	enum deed_status status;

	status = pdf_input_from_fd(o->fd, o->name, &in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(in, o->password);
	status = pdf_survey_make(in, &survey, err);
	if (status == DEED_OK)
		pdf_survey_write(&survey, answer);
	pdf_survey_clear(&survey);
	pdf_input_close(in);
	return status;
}

static enum deed_status draft_pdf(const struct order *o, struct buf *answer,
				  struct deed_error *err)
{
	struct pades_draft draft = PADES_DRAFT_INIT;
	struct pades_order_read read;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pades_order_read(o->more, &read, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(o->fd, o->name, &in, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, o->password);
		status = pades_draft(in, &read.order, &draft, err);
	}
	if (status == DEED_OK)
		pades_draft_write(&draft, answer);
	pades_draft_clear(&draft);
	pdf_input_close(in);
	pades_order_clear(&read);
	return status;
}

static enum deed_status open_zip(const struct order *o, struct buf *answer,
				 struct deed_error *err)
{
	struct zip_fault fault;
	enum deed_status status;
	struct zip *zip;

	status = zip_open(o->fd, o->name, &zip, &fault, err);
	if (status == DEED_OK)
		zip_directory_write(zip, &fault, answer);
	zip_close(zip);
	return status;
}

static enum deed_status serve_order(void *arg, uint32_t order,
				    struct slice body, int fd, uint32_t *type,
				    struct buf *answer, struct deed_error *err)
{
	struct order o = { .fd = fd };
	enum deed_status status;

	(void)arg;
	*type = order;
	status = read_order(body, &o, err);
	if (status == DEED_OK && order == PARSER_SURVEY_PDF)
		status = survey_pdf(&o, answer, err);
	else if (status == DEED_OK && order == PARSER_OPEN_ZIP)
		status = open_zip(&o, answer, err);
	else if (status == DEED_OK && order == PARSER_DRAFT_PDF)
		status = draft_pdf(&o, answer, err);
	else if (status == DEED_OK)
		status =
			deed_error_set(err, DEED_MALFORMED,
				       "there is no order %u", (unsigned)order);
	secret_free(o.password);
	return status;
}

enum deed_status parser_serve(int socket, struct deed_error *err)
{
	return worker_serve(socket, MEMORY, serve_order, NULL, err);
}
