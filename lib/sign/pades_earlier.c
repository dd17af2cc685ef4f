/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_pdf.h"
#include "judge/parser.h"
#include "sign/pades.h"
#include "sign/pades_priv.h"

enum deed_status pades_earlier(const struct pdf_input *in,
			       const struct pdf_survey *survey, int64_t now,
			       const struct despite *despite,
			       struct despite_told *told,
			       struct deed_error *err)
{
	struct verdict_document *verdict = NULL;
	enum deed_status status;

	/* Most documents have no signature yet. */
	if (survey->signature_count == 0)
		return DEED_OK;
	status = judge_pdf_intact(in, survey, now, &verdict, err);
	if (status == DEED_OK)
		status = despite_failed(despite, verdict, pdf_input_name(in),
					told, err);
	verdict_document_free(verdict);
	return status;
}

enum deed_status pades_hold(const struct pdf_input *in, int fd,
			    struct parser *parser, int64_t now,
			    const struct despite *despite,
			    struct despite_told *told, struct deed_error *err)
{
	struct pdf_survey survey;
	enum deed_status status;

	status = parser_survey_pdf(parser, fd, in, &survey, err);
	if (status == DEED_OK)
		status = pades_earlier(in, &survey, now, despite, told, err);
	pdf_survey_clear(&survey);
	return pades_name_input(in, status, err);
}
