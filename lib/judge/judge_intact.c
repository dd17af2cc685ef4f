/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_pdf.h"

/* What is looked at of params, over a source that is empty. */
static enum deed_status believe_nobody(const struct judge_params *params,
				       struct judge_params *own,
				       struct pki_source **source,
				       struct deed_error *err)
{
	enum deed_status status = pki_source_new(NULL, source, err);

	*own = (struct judge_params){
		.at = params->at,
		.source = *source,
		.no_revocation = true,
		.content = params->content,
		.document_password = params->document_password,
		.parser = params->parser,
		.carried = params->carried,
		.documents_only = params->documents_only,
	};
	return status;
}

enum deed_status judge_intact(const char *path,
			      const struct judge_params *params,
			      struct verdict_document **out,
			      struct deed_error *err)
{
	struct pki_source *source;
	struct judge_params own;
	enum deed_status status;

	*out = NULL;
	status = believe_nobody(params, &own, &source, err);
	if (status == DEED_OK)
		status = judge_file(path, &own, out, err);
	pki_source_free(source);
	return status;
}

enum deed_status judge_intact_fd(int fd, const char *name,
				 const struct judge_params *params,
				 struct verdict_document **out,
				 struct deed_error *err)
{
	struct pki_source *source;
	struct judge_params own;
	enum deed_status status;

	*out = NULL;
	status = believe_nobody(params, &own, &source, err);
	if (status == DEED_OK)
		status = judge_fd(fd, name, &own, out, err);
	pki_source_free(source);
	return status;
}

enum deed_status judge_pdf_intact(const struct pdf_input *in,
				  const struct pdf_survey *survey, int64_t at,
				  struct verdict_document **out,
				  struct deed_error *err)
{
	const struct judge_params params = { .at = at };
	struct pki_source *source;
	struct judge_params own;
	enum deed_status status;

	*out = NULL;
	status = believe_nobody(&params, &own, &source, err);
	if (status == DEED_OK)
		status = verdict_document_new(pdf_input_name(in), out, err);
	if (status == DEED_OK)
		status = judge_pdf_survey(in, survey, &own, *out, err);
	if (status != DEED_OK) {
		verdict_document_free(*out);
		*out = NULL;
	}
	pki_source_free(source);
	return status;
}
