/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/parser_serve.h"

#include "asic/zip_wire.h"
#include "base/wire.h"
#include "base/worker.h"

/* What pdf/document.h and pdf/arena.h may take, and room for the program. */
#define MEMORY ((size_t)1 << 30)

/* An order to draft carries a drawing. */
#define MORE_MAX ((size_t)64 << 20)

/* Lengths are held against the bounds of the job's arrays by the reader of the
 * wire; bytes that are left over are refused, so that both ends agree on what
 * was asked. */
static enum deed_status read_order(struct slice body, struct parser_job *o,
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

/* The survey is cleared also where it failed half-way, as its arena has what
 * was taken until then. */
static enum deed_status survey_pdf(const struct parser_job *o,
				   struct buf *answer, struct deed_error *err)
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

/* A container at fault is no failure of the order: the fault goes back with
 * the answer, and the caller judges it. */
static enum deed_status open_zip(const struct parser_job *o, struct buf *answer,
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

const struct parser_order parser_orders[] = {
	{ PARSER_SURVEY_PDF, survey_pdf },
	{ PARSER_OPEN_ZIP, open_zip },
	{ 0, NULL },
};

/* The tables of several libraries are searched one after the other, so that
 * this one needs not know of those that build upon it. */
static parser_serve_fn *find(const struct parser_order *const *tables,
			     uint32_t number)
{
	const struct parser_order *order;

	for (; *tables != NULL; tables++) {
		for (order = *tables; order->number != 0; order++) {
			if (order->number == number)
				return order->serve;
		}
	}
	return NULL;
}

/* The order is read before it is found unknown, so that a password in it is
 * wiped whatever happens. */
static enum deed_status serve_order(void *arg, uint32_t number,
				    struct slice body, int fd, uint32_t *type,
				    struct buf *answer, struct deed_error *err)
{
	parser_serve_fn *serve = find(arg, number);
	struct parser_job job = { .fd = fd };
	enum deed_status status;

	*type = number;
	status = read_order(body, &job, err);
	if (status == DEED_OK && serve != NULL)
		status = serve(&job, answer, err);
	else if (status == DEED_OK)
		status = deed_error_set(err, DEED_MALFORMED,
					"there is no order %u",
					(unsigned)number);
	secret_free(job.password);
	return status;
}

enum deed_status parser_serve(int socket,
			      const struct parser_order *const *tables,
			      struct deed_error *err)
{
	return worker_serve(socket, MEMORY, serve_order,
			    (void *)(uintptr_t)tables, err);
}
