/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include <stdlib.h>

#include "judge/judge_pdf.h"
#include "sign/augment.h"
#include "sign/pades_client.h"
#include "sign/pades_wire.h"

static enum deed_status judge(const struct pdf_input *out, int fd,
			      const struct pades_params *params,
			      struct verdict_document **verdict,
			      struct deed_error *err)
{
	struct pdf_survey survey;
	enum deed_status status;

	*verdict = NULL;
	status = parser_survey_pdf(params->parser, fd, out, &survey, err);
	if (status == DEED_OK)
		status = judge_pdf_intact(out, &survey, params->time, verdict,
					  err);
	pdf_survey_clear(&survey);
	return status;
}

/* What cannot be read as a sound PDF was not made by us: that is an answer. */
static enum deed_status unsound(enum deed_status status)
{
	return status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
			       status == DEED_LIMIT
		       ? DEED_OK
		       : status;
}

struct compare {
	const struct pdf_input *in;
	uint64_t at;
	bool differs;
};

/* Windows behind the first difference are read and not compared: there is no
 * way to stop the walk that is not an error. */
static enum deed_status compare_window(void *arg, struct slice window,
				       struct deed_error *err)
{
	struct compare *c = arg;
	enum deed_status status;
	struct buf b = BUF_INIT;

	if (c->differs)
		return DEED_OK;
	status = pdf_input_append(c->in, c->at, window.len, &b, err);
	if (status == DEED_OK)
		c->differs = !slice_equal(buf_get(&b), window);
	c->at += window.len;
	buf_clear(&b);
	return status;
}

/* An update is appended, so that a document that was signed by us begins with
 * the one that was given, byte for byte. */
static enum deed_status is_prefix(const struct pdf_input *in,
				  const struct pdf_input *out, bool *yes,
				  struct deed_error *err)
{
	struct compare c = { in, 0, false };
	enum deed_status status;

	*yes = false;
	if (pdf_input_size(out) <= pdf_input_size(in))
		return DEED_OK;
	status = pdf_input_each(out, 0, pdf_input_size(in), compare_window, &c,
				err);
	*yes = status == DEED_OK && !c.differs;
	return status;
}

/* What lies where the output would is taken for it only if it is signed by
 * this certificate, at this level, and nothing else was changed since. */
static enum deed_status is_intact(const struct pdf_input *out, int fd,
				  const struct pades_params *params,
				  const char *field,
				  const struct cert *certificate,
				  enum verdict_changes most, bool *yes,
				  struct deed_error *err)
{
	enum verdict_level level =
		params->augment == NULL ? LEVEL_NONE : params->augment->level;
	struct verdict_document *verdict = NULL;
	enum deed_status status;
	size_t i;

	*yes = false;
	status = judge(out, fd, params, &verdict, err);
	for (i = 0; status == DEED_OK && i < verdict->signature_count; i++) {
		const struct verdict_signature *s = &verdict->signatures[i];

		if (s->field == NULL || strcmp(s->field, field) != 0)
			continue;
		*yes = s->integrity == INTEGRITY_INTACT &&
		       s->indication != TOTAL_FAILED && s->has_signer &&
		       s->level >= level && s->changes_after <= most &&
		       !memcmp(s->certificate, cert_sha256(certificate),
			       VERDICT_HASH);
	}
	verdict_document_free(verdict);
	return unsound(status);
}

/* size is that of what was signed, 0: of any signature inside. */
static enum deed_status ask_claims(uint64_t size, const struct pdf_input *out,
				   const struct pades_params *params,
				   char **field, struct deed_error *err)
{
	const struct pades_draft_order order = { .params = params };
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;
	struct slice rest;
	const char *text;

	*field = NULL;
	wire_put_u64(&body, size);
	pades_order_write(&order, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = pades_client_ask(params->parser, PADES_CLIENT_DONE,
					  out, buf_get(&body), &answer, err);
	rest = buf_get(&answer);
	if (status == DEED_OK &&
	    (!pades_wire_get_text(&rest, &text) || rest.len > 0))
		status = parser_nonsense(DEED_MALFORMED, pdf_input_name(out),
					 err);
	if (status == DEED_OK && text != NULL) {
		*field = strdup(text);
		status = *field == NULL ? deed_error_memory(err) : DEED_OK;
	}
	buf_clear(&body);
	buf_clear(&answer);
	return status;
}

enum deed_status pades_done(const struct pdf_input *in,
			    const struct pdf_input *out, int out_fd,
			    const struct pades_params *params,
			    const struct cert *certificate, bool *done,
			    struct deed_error *err)
{
	enum deed_status status;
	char *field = NULL;
	bool prefix;

	*done = false;
	status = is_prefix(in, out, &prefix, err);
	if (status == DEED_OK && prefix)
		status = ask_claims(pdf_input_size(in), out, params, &field,
				    err);
	if (status == DEED_OK && field != NULL)
		status = is_intact(out, out_fd, params, field, certificate,
				   CHANGES_ARCHIVAL, done, err);
	free(field);
	return status;
}

/* Most documents that are to be signed have no signature, which their bytes
 * tell: /ByteRange is what no signature can do without, and never encrypted
 * or compressed in one of ours. */
static bool has_no_signature(const struct pdf_input *in)
{
	struct slice bytes = pdf_input_memory(in);

	return bytes.data != NULL &&
	       memmem(bytes.data, bytes.len, "/ByteRange", 10) == NULL;
}

enum deed_status pades_signed_already(const struct pdf_input *in, int fd,
				      const struct pades_params *params,
				      const struct cert *certificate,
				      bool *already, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	char *field = NULL;

	*already = false;
	if (has_no_signature(in))
		return DEED_OK;
	status = ask_claims(0, in, params, &field, &why);
	if (status == DEED_OK && field != NULL)
		status = is_intact(in, fd, params, field, certificate,
				   CHANGES_FORM_FILL, already, &why);
	free(field);
	if (status != DEED_NO_MEMORY)
		return DEED_OK;
	return deed_error_memory(err);
}
