/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_JUDGE_PDF_H
#define DEED_JUDGE_JUDGE_PDF_H

#include "judge/judge.h"
#include "pdf/survey.h"

/*
 * Judging PDF documents (design: ISO 32000-2 12.8, EN 319 142).  A signature
 * passes only if its ByteRange leaves out exactly its own value and ends at
 * the end of a revision, and if every later revision adds nothing but what
 * its place allows (pdf/changes.h).
 *
 * The SHA-256 of the file comes out of the same pass as the digests of its
 * signatures, and is put into the document where one of them uses it.
 */

/* judge_pdf of judge/judge.h from a survey of an input that is open, which the
 * caller has made or has confirmed (pdf_survey_confirm). */
enum deed_status judge_pdf_survey(const struct pdf_input *in,
				  const struct pdf_survey *survey,
				  const struct judge_params *params,
				  struct verdict_document *doc,
				  struct deed_error *err) DEED_MUST_USE;

/* Integrity alone, as judge_intact; at is a time for messages.  *out is the
 * caller's. */
enum deed_status judge_pdf_intact(const struct pdf_input *in,
				  const struct pdf_survey *survey, int64_t at,
				  struct verdict_document **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
