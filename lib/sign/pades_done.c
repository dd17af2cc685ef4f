/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "judge/judge_pdf.h"
#include "pdf/sign_field.h"
#include "pdf/signature.h"
#include "sign/augment.h"
#include "sign/pades_client.h"
#include "sign/pades_wire.h"

/* Two places are the same within this, in user space. */
#define SAME_PLACE 0.01

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

static enum deed_status count_signatures(struct pdf_document *doc,
					 size_t *count, struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status;

	*count = 0;
	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	*count = found.count;
	pdf_signatures_clear(&found);
	return DEED_OK;
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

static bool same_text(const char *wanted, const char *there)
{
	if (wanted == NULL || *wanted == '\0')
		return there == NULL || *there == '\0';
	return there != NULL && !strcmp(wanted, there);
}

/* The same, where a text that tells when it was signed tells another time:
 * each has that of its own signature. */
static bool same_but_time(const char *wanted, int64_t now, const char *there,
			  int64_t then)
{
	char new[CLOCK_TEXT], old[CLOCK_TEXT];
	const char *at;
	size_t before;

	clock_format(now, new);
	clock_format(then, old);
	at = wanted == NULL ? NULL : strstr(wanted, new);
	if (at == NULL)
		return same_text(wanted, there);
	before = (size_t)(at - wanted);
	return strlen(there) == strlen(wanted) &&
	       !memcmp(wanted, there, before) &&
	       !memcmp(there + before, old, CLOCK_TEXT - 1) &&
	       !strcmp(at + CLOCK_TEXT - 1, there + before + CLOCK_TEXT - 1);
}

static bool same_rect(const struct pdf_rect *a, const struct pdf_rect *b)
{
	return fabs(a->x0 - b->x0) < SAME_PLACE &&
	       fabs(a->y0 - b->y0) < SAME_PLACE &&
	       fabs(a->x1 - b->x1) < SAME_PLACE &&
	       fabs(a->y1 - b->y1) < SAME_PLACE;
}

static enum deed_status same_appearance(struct pdf_document *before,
					struct pdf_document *after,
					const struct pades_params *params,
					const struct pdf_signature *last,
					bool *same, struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	const char *contents = "", *wanted = NULL;
	struct pades_place place;
	enum deed_status status;
	struct pdf_rect rect;
	size_t page;

	*same = false;
	status = pades_find_place(before, params, &place, NULL);
	if (status != DEED_OK)
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: DEED_OK;
	status = pdf_sign_field_shown(after, last->field, &page, &rect, &arena,
				      &contents, NULL);
	if (params->appearance != NULL)
		wanted = params->appearance->contents;
	if (status == DEED_OK)
		*same = page == place.page && same_rect(&rect, &place.rect) &&
			same_but_time(wanted, params->time, contents,
				      last->signing_time);
	pdf_arena_clear(&arena);
	return DEED_OK;
}

/* The field's own lock may say more than was asked. */
static bool same_rights(const struct pades_params *params, size_t earlier,
			const struct pdf_signature *last)
{
	if (params->final)
		return earlier == 0 ? last->docmdp == 1
				    : last->lock_permission == 1;
	return params->certify == 0 || last->docmdp == params->certify;
}

/* Behind it come the document time-stamps of a higher level, if any. */
static bool only_stamps(const struct pdf_signatures *found, size_t from,
			const struct pades_params *params)
{
	size_t i;

	for (i = from; i < found->count; i++) {
		if (params->stamp == NULL || !found->list[i].document_timestamp)
			return false;
	}
	return true;
}

/* Does the new signature of after say what params ask for? */
static enum deed_status same_claims(struct pdf_document *before,
				    struct pdf_document *after,
				    const struct pades_params *params,
				    char **field, struct deed_error *err)
{
	struct pdf_signatures found;
	const struct pdf_signature *last;
	enum deed_status status;
	size_t count;
	bool same = false;

	*field = NULL;
	status = count_signatures(before, &count, err);
	if (status != DEED_OK)
		return status;
	status = pdf_signatures_find(after, &found, NULL);
	if (status != DEED_OK)
		return unsound(status) == DEED_OK ? DEED_OK
						  : deed_error_memory(err);
	if (found.count > count && only_stamps(&found, count + 1, params)) {
		last = &found.list[count];
		same = last->coverage != PDF_COVERS_PARTIAL &&
		       last->problem == NULL &&
		       (params->field == NULL ||
			same_text(params->field, last->field)) &&
		       same_text(params->name, last->name) &&
		       same_text(params->reason, last->reason) &&
		       same_text(params->location, last->location) &&
		       same_rights(params, count, last);
		if (same)
			status = same_appearance(before, after, params, last,
						 &same, err);
		if (same && status == DEED_OK) {
			*field = strdup(last->field);
			if (*field == NULL)
				status = deed_error_memory(err);
		}
	}
	pdf_signatures_clear(&found);
	return status;
}

static enum deed_status is_intact(const struct pdf_input *out, int fd,
				  const struct pades_params *params,
				  const char *field,
				  const struct cert *certificate, bool *yes,
				  struct deed_error *err)
{
	enum verdict_level level =
		params->stamp == NULL ? LEVEL_NONE : params->stamp->level;
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
		       s->level >= level &&
		       s->changes_after <= CHANGES_ARCHIVAL &&
		       !memcmp(s->certificate, cert_sha256(certificate),
			       VERDICT_HASH);
	}
	verdict_document_free(verdict);
	return unsound(status);
}

/* One revision is the signature's; a store and time-stamps follow. */
static bool may_have(const struct pades_params *params, size_t before,
		     size_t after)
{
	return params->stamp == NULL ? after == before + 1 : after > before;
}

enum deed_status pades_done_claims(const struct pdf_input *whole,
				   const struct pdf_input *before,
				   const struct pades_params *params,
				   char **field, struct deed_error *err)
{
	struct pdf_document *old = NULL, *new = NULL;
	enum deed_status status;

	*field = NULL;
	status = pdf_open(before, &old, err);
	/* What is no sound PDF was not made by us. */
	if (status == DEED_OK && pdf_open(whole, &new, NULL) == DEED_OK &&
	    may_have(params, pdf_revision_count(old), pdf_revision_count(new)))
		status = same_claims(old, new, params, field, err);
	pdf_close(new);
	pdf_close(old);
	return status;
}

static enum deed_status ask_claims(const struct pdf_input *in,
				   const struct pdf_input *out,
				   const struct pades_params *params,
				   char **field, struct deed_error *err)
{
	const struct pades_draft_order order = { .params = params };
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;
	struct slice rest;
	const char *text;

	*field = NULL;
	wire_put_u64(&body, pdf_input_size(in));
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
		status = ask_claims(in, out, params, &field, err);
	if (status == DEED_OK && field != NULL)
		status = is_intact(out, out_fd, params, field, certificate,
				   done, err);
	free(field);
	return status;
}
