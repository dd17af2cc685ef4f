/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_pdf.h"
#include "judge/parser.h"
#include "sign/pades.h"
#include "sign/pades_priv.h"

static const char *first_reason(const struct verdict_signature *s)
{
	return s->reason_count > 0 && s->reasons[0].message != NULL
		       ? s->reasons[0].message
		       : "it does not hold";
}

enum deed_status pades_earlier(const struct pdf_input *in,
			       const struct pdf_survey *survey, int64_t now,
			       struct deed_error *err)
{
	struct verdict_document *verdict = NULL;
	enum deed_status status;
	size_t i;

	/* Most documents have no signature yet. */
	if (survey->signature_count == 0)
		return DEED_OK;
	status = judge_pdf_intact(in, survey, now, &verdict, err);
	for (i = 0; status == DEED_OK && i < verdict->signature_count; i++) {
		const struct verdict_signature *s = &verdict->signatures[i];

		if (s->indication == TOTAL_FAILED)
			status = deed_error_set(
				err, DEED_ALREADY_FAILED,
				"'%s' carries a failed signature, '%s': %s",
				pdf_input_name(in),
				s->field == NULL ? "" : s->field,
				first_reason(s));
	}
	verdict_document_free(verdict);
	return status;
}

enum deed_status pades_hold(const struct pdf_input *in, int fd,
			    struct parser *parser, int64_t now,
			    struct deed_error *err)
{
	struct pdf_survey survey;
	enum deed_status status;

	status = parser_survey_pdf(parser, fd, in, &survey, err);
	if (status == DEED_OK)
		status = pades_earlier(in, &survey, now, err);
	pdf_survey_clear(&survey);
	return pades_name_input(in, status, err);
}
