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
 * DEED_INDETERMINATE as parser_survey_pdf.  With p NULL, in this process. */
enum deed_status pades_client_draft(struct parser *p, int fd,
				    const struct pdf_input *in,
				    const struct pades_draft_order *order,
				    struct pades_draft *out,
				    struct deed_error *err) DEED_MUST_USE;

/* ---- the helper's end: sign/pades_serve.c ---- */

enum pades_client_number {
	PADES_CLIENT_DRAFT = PARSER_OTHERS, /* answer: pades_draft_write */
};

extern const struct parser_order pades_serve_orders[];

#endif
