/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/parser.h"

#include <stdlib.h>

#include "asic/zip_wire.h"
#include "base/wire.h"
#include "base/worker.h"

/* A document is read and computed on within the limits of pdf/document.h;
 * this is for a parser that does something else. */
#define SECONDS 120
#define ANSWER_MAX ((size_t)256 << 20)

/* A helper that has seen so many documents is replaced, and with it whatever
 * one of them may have done to it. */
#define DOCUMENTS 1000

#define ORDER_FIXED 16 /* octets of an order beside its three texts */

struct parser {
	struct workers *workers;
};

enum deed_status parser_new(struct parser **out, struct deed_error *err)
{
	static const struct worker_limits limits = { SECONDS, DOCUMENTS,
						     ANSWER_MAX };
	struct parser *p = calloc(1, sizeof(*p));
	enum deed_status status;

	*out = NULL;
	if (p == NULL)
		return deed_error_memory(err);
	status = workers_new("deed-parse", &limits, &p->workers, err);
	if (status != DEED_OK)
		free(p);
	else
		*out = p;
	return status;
}

void parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	workers_free(p->workers);
	free(p);
}

/* A name that is too long is cut: the parser uses it for messages only, the
 * file itself goes along as a descriptor.  Room for all is made at once: a
 * buffer that grows would leave the password where it was. */
static void put_order(const char *name, const struct secret *password,
		      struct slice more, struct buf *body)
{
	struct slice text = slice_str(name);

	if (text.len > PARSER_NAME_MAX)
		text.len = PARSER_NAME_MAX;
	if (password != NULL)
		(void)buf_reserve(body, text.len + secret_len(password) +
						more.len + ORDER_FIXED);
	wire_put_bytes(body, text);
	wire_put_u8(body, password != NULL);
	wire_put_bytes(body,
		       password == NULL ? SLICE_NONE : secret_slice(password));
	wire_put_bytes(body, more);
}

static void clear_order(const struct secret *password, struct buf *body)
{
	if (password != NULL && body->data != NULL)
		secret_wipe(body->data, body->len);
	buf_clear(body);
}

/* Is it an answer to what was asked? */
static enum deed_status check_answer(enum deed_status status, uint32_t number,
				     uint32_t type, const char *name,
				     struct deed_error *err)
{
	if (status == DEED_OK && type != number)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"'deed-parse' answered what was not "
					"asked");
	if (status == DEED_INDETERMINATE)
		deed_error_prefix(err, "the parser of '%s' failed", name);
	return status;
}

enum deed_status parser_call(struct parser *p, uint32_t number, int fd,
			     const char *name, const struct secret *password,
			     struct slice more, struct buf *answer,
			     struct deed_error *err)
{
	struct buf body = BUF_INIT;
	enum deed_status status;
	uint32_t type = number;

	put_order(name, password, more, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK && p == NULL)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"there is none");
	if (status == DEED_OK)
		status = workers_call(p->workers, number, buf_get(&body), fd,
				      &type, answer, err);
	status = check_answer(status, number, type, name, err);
	clear_order(password, &body);
	return status;
}

void parser_call_many(struct parser *p, struct parser_ask *asks, size_t count)
{
	struct workers_order *orders = calloc(count, sizeof(*orders));
	struct buf body[PARSER_TOGETHER] = { BUF_INIT };
	bool good = p != NULL && orders != NULL && count <= PARSER_TOGETHER;
	size_t i;

	for (i = 0; good && i < count; i++) {
		put_order(asks[i].name, asks[i].password, asks[i].more,
			  &body[i]);
		good = !body[i].failed;
		orders[i].order = asks[i].number;
		orders[i].body = buf_get(&body[i]);
		orders[i].fd = asks[i].fd;
		orders[i].answer = asks[i].answer;
	}
	if (good)
		workers_call_many(p->workers, orders, count);
	for (i = 0; i < count; i++) {
		struct parser_ask *a = &asks[i];

		if (good) {
			a->answer = orders[i].answer;
			a->err = orders[i].err;
			a->status =
				check_answer(orders[i].status, a->number,
					     orders[i].type, a->name, &a->err);
		} else {
			a->status = parser_call(p, a->number, a->fd, a->name,
						a->password, a->more,
						&a->answer, &a->err);
		}
		if (i < PARSER_TOGETHER)
			clear_order(a->password, &body[i]);
	}
	free(orders);
}

enum deed_status parser_nonsense(enum deed_status status, const char *name,
				 struct deed_error *err)
{
	if (status != DEED_MALFORMED)
		return status;
	return deed_error_set(err, DEED_INDETERMINATE,
			      "the parser of '%s' answered nonsense", name);
}

enum deed_status parser_survey_pdf(struct parser *p, int fd,
				   const struct pdf_input *in,
				   struct pdf_survey *out,
				   struct deed_error *err)
{
	const char *name = pdf_input_name(in);
	struct buf answer = BUF_INIT;
	enum deed_status status;

	*out = (struct pdf_survey){ .arena = PDF_ARENA_INIT };
	status = parser_call(p, PARSER_SURVEY_PDF, fd, name,
			     pdf_input_password(in), SLICE_NONE, &answer, err);
	if (status == DEED_OK)
		status = parser_nonsense(
			pdf_survey_read(buf_get(&answer), out, err), name, err);
	if (status == DEED_OK)
		status = pdf_survey_confirm(out, in, err);
	buf_clear(&answer);
	return status;
}

enum deed_status parser_open_zip(struct parser *p, int fd, const char *name,
				 struct zip **out, struct zip_fault *fault,
				 struct deed_error *err)
{
	struct buf answer = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	*fault = (struct zip_fault){ 0 };
	status = parser_call(p, PARSER_OPEN_ZIP, fd, name, NULL, SLICE_NONE,
			     &answer, err);
	if (status == DEED_OK)
		status = parser_nonsense(zip_directory_read(buf_get(&answer),
							    fd, name, out,
							    fault, err),
					 name, err);
	buf_clear(&answer);
	return status;
}
