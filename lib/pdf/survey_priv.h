/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SURVEY_PRIV_H
#define DEED_PDF_SURVEY_PRIV_H

#include "pdf/survey.h"

/* Of survey.c: the validation data of the document's security store, as its
 * newest revision has it. */
enum deed_status pdf_survey_take_values(struct pdf_document *doc,
					struct pdf_survey *s,
					struct deed_error *err) DEED_MUST_USE;

#endif
