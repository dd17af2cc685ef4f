/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PARSER_H
#define DEED_SIGN_PARSER_H

#include "asic/zip_read.h"
#include "base/worker.h"
#include "sign/pades_draft.h"

/*
 * Where hostile documents are parsed: by the helper deed-parse, which can
 * only compute (base/worker.h).  It is given a document's descriptor and
 * answers with the survey of a PDF, the draft of an update or the directory
 * of a container; it never has a key, a certificate to believe, or a
 * passphrase but the document's own.
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
 * is none or untrue.  With p NULL, in this process.
 */
enum deed_status parser_survey_pdf(struct parser *p, int fd,
				   const struct pdf_input *in,
				   struct pdf_survey *out,
				   struct deed_error *err) DEED_MUST_USE;

/* As zip_open; DEED_INDETERMINATE as above.  With p NULL, in this process. */
enum deed_status parser_open_zip(struct parser *p, int fd, const char *name,
				 struct zip **out, struct zip_fault *fault,
				 struct deed_error *err) DEED_MUST_USE;

/* As pades_draft; in is the same file as fd.  The survey in it is confirmed.
 * With p NULL, in this process. */
enum deed_status parser_draft_pdf(struct parser *p, int fd,
				  const struct pdf_input *in,
				  const struct pades_draft_order *order,
				  struct pades_draft *out,
				  struct deed_error *err) DEED_MUST_USE;

/* The helper's end: serves standard input until it is closed. */
enum deed_status parser_serve(int socket, struct deed_error *err) DEED_MUST_USE;

#endif
