/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_PARSER_H
#define DEED_JUDGE_PARSER_H

#include "asic/zip_read.h"
#include "base/secret.h"
#include "pdf/survey.h"

/*
 * Where hostile documents are parsed: by the helper deed-parse, which can
 * only compute (base/worker.h).  It is given a document's descriptor and
 * answers with the survey of a PDF or the directory of a container, and with
 * what higher floors have it do (parser_call); it never has a key, a
 * certificate to believe, or a passphrase but the document's own.
 *
 * A parser that was taken over by a document can lie: say that there is no
 * signature, where one lies, what it covers and what changed after it; and
 * what it drafts is what is signed.  It cannot make a digest, a signature
 * value or a chain hold that does not: those the judge computes from the file
 * itself.
 *
 * Shared by any number of threads; processes are started as they are needed.
 */
struct parser;

enum deed_status parser_new(struct parser **out,
			    struct deed_error *err) DEED_MUST_USE;
void parser_free(struct parser *p);

/*
 * As pdf_survey_make; fd is the same file as in, open for reading at any
 * position.  The survey is confirmed (pdf_survey_confirm).
 * DEED_INDETERMINATE where the parser was killed, gave no answer, or one that
 * is none or untrue, and where there is no parser (NULL).
 */
enum deed_status parser_survey_pdf(struct parser *p, int fd,
				   const struct pdf_input *in,
				   struct pdf_survey *out,
				   struct deed_error *err) DEED_MUST_USE;

/* As zip_open; DEED_INDETERMINATE as above. */
enum deed_status parser_open_zip(struct parser *p, int fd, const char *name,
				 struct zip **out, struct zip_fault *fault,
				 struct deed_error *err) DEED_MUST_USE;

/* ---- orders ---- */

/*
 * The numbers of the orders that this floor serves; those of others begin
 * with PARSER_OTHERS.  Each comes with the document's descriptor, and
 *
 *	its name, for messages			wire_put_bytes
 *	1 if there is a password, else 0	wire_put_u8
 *	the password of an encrypted document	wire_put_bytes
 *	what else the order says, or nothing	wire_put_bytes
 *
 * and its answer has the order's number.
 */
enum parser_number {
	PARSER_SURVEY_PDF = 1, /* answer: pdf_survey_write */
	PARSER_OPEN_ZIP,       /* answer: zip_directory_write */
	PARSER_OTHERS = 16,
};

#define PARSER_NAME_MAX 4096

/* Give an order about a document that lies in fd; password is its own, or
 * NULL.  The answer is as hostile as the document.  DEED_INDETERMINATE as
 * above; else what the order came to. */
enum deed_status parser_call(struct parser *p, uint32_t number, int fd,
			     const char *name, const struct secret *password,
			     struct slice more, struct buf *answer,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Several orders at once, each about a document of its own, at most
 * PARSER_TOGETHER: faster, and otherwise as if each was given by itself.
 */
#define PARSER_TOGETHER 12
struct parser_ask {
	uint32_t number;
	int fd;
	const char *name;
	const struct secret *password;
	struct slice more;
	struct buf answer; /* initialised by the caller */
	enum deed_status status;
	struct deed_error err;
};
void parser_call_many(struct parser *p, struct parser_ask *asks, size_t count);

/* The status of reading an answer: one that cannot be read says nothing of
 * the document, so that DEED_MALFORMED becomes DEED_INDETERMINATE. */
enum deed_status parser_nonsense(enum deed_status status, const char *name,
				 struct deed_error *err) DEED_MUST_USE;

#endif
