/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_CLIENT_H
#define DEED_SIGN_PADES_CLIENT_H

#include "judge/parser_serve.h"
#include "sign/pades_draft.h"

/*
 * What signing has the parser do with a document (judge/parser.h): all that
 * reads it.  What it answers is checked here, and is plain data.
 */

/* As pades_draft; fd is the same file as in.  The survey in it is confirmed.
 * DEED_INDETERMINATE as parser_survey_pdf. */
enum deed_status pades_client_draft(struct parser *p, int fd,
				    const struct pdf_input *in,
				    const struct pades_draft_order *order,
				    struct pades_draft *out,
				    struct deed_error *err) DEED_MUST_USE;

/* The same out of an answer that was asked for. */
enum deed_status pades_client_take(struct slice answer,
				   const struct pdf_input *in,
				   const struct pades_draft_order *order,
				   struct pades_draft *out,
				   struct deed_error *err) DEED_MUST_USE;

/* Give one of the orders below about the file behind in (pdf_input_fd). */
enum deed_status pades_client_ask(struct parser *p, uint32_t number,
				  const struct pdf_input *in,
				  struct slice order, struct buf *answer,
				  struct deed_error *err) DEED_MUST_USE;

/* The input and what was made to follow it. */
enum deed_status pades_client_write(const struct pdf_input *in,
				    struct slice tail, pades_write_fn *write,
				    void *arg,
				    struct deed_error *err) DEED_MUST_USE;

/* As pades_client_ask where the answer is an update: write the document with
 * it behind.  write may be NULL. */
enum deed_status pades_client_update(struct parser *p, uint32_t number,
				     const struct pdf_input *in,
				     struct slice order, pades_write_fn *write,
				     void *arg,
				     struct deed_error *err) DEED_MUST_USE;

/* ---- the helper's end: sign/pades_serve.c ---- */

/* Each with what it answers to which order. */
enum pades_client_number {
	/* pades_draft_write to pades_order_write */
	PADES_CLIENT_DRAFT = PARSER_OTHERS,
	/* an update to pades_order_write, of which the appearance counts */
	PADES_CLIENT_PREVIEW,
	/* an update to pades_field_spec_write */
	PADES_CLIENT_FIELD_ADD,
	/* pades_fields_write to nothing */
	PADES_CLIENT_FIELD_LIST,
	/* pades_open_write to nothing */
	PADES_CLIENT_PLACE,
	/* the field, or no text, to the size of what was signed
	 * (wire_put_u64), 0 for any signature inside, and pades_order_write */
	PADES_CLIENT_DONE,
};

extern const struct parser_order pades_serve_orders[];

#endif
