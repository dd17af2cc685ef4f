/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_group.h"

#include <stdlib.h>

#include "judge/judge.h"

/* The one signature, beside which there may be time-stamps. */
static const struct verdict_signature *
the_signature(const struct verdict_document *verdict)
{
	const struct verdict_signature *found = NULL;
	size_t i;

	for (i = 0; i < verdict->signature_count; i++) {
		const struct verdict_signature *s = &verdict->signatures[i];

		if (s->kind == KIND_CONTAINER_TIMESTAMP)
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

enum deed_status sign_one_intact(const struct sign_group *g,
				 const struct sign_item *item,
				 const char *content, bool *intact,
				 struct deed_error *err)
{
	const struct judge_params params = { .at = g->now,
					     .content = content,
					     .parser = g->parser };
	struct verdict_document *verdict = NULL;
	const struct verdict_signature *s = NULL;
	enum deed_status status;

	*intact = false;
	status = judge_intact(item->output, &params, &verdict, err);
	if (status == DEED_OK)
		s = the_signature(verdict);
	if (s != NULL)
		*intact = s->integrity == INTEGRITY_INTACT &&
			  s->indication != TOTAL_FAILED && s->has_signer &&
			  s->level >= item->level &&
			  !memcmp(s->certificate, cert_sha256(g->who->chain[0]),
				  VERDICT_HASH);
	verdict_document_free(verdict);
	return status;
}

enum deed_status sign_group_already(const struct sign_group *g,
				    const struct sign_item *item, bool *already,
				    struct deed_error *err)
{
	struct pdf_input *in = NULL, *out = NULL;
	struct sign_source is = { .fd = -1 }, os = { .fd = -1 };
	struct pades_params params;
	enum deed_status status;

	*already = false;
	if (item->format == SIGN_ASIC)
		return sign_asic_already(g, item, already, err);
	/* Nobody knows whether the one that is there is ours and the last. */
	if (item->format == SIGN_COSIGN || item->format == SIGN_COUNTER)
		return DEED_OK;
	if (item->format == SIGN_DETACHED)
		return sign_one_intact(g, item, item->input, already, err);
	sign_pades_params(g, item, &params);
	params.parser = g->parser;
	if (item->level > LEVEL_B_B)
		params.augment = g->augment;
	status = sign_source_open(item->input, item->name, &is, err);
	if (status == DEED_OK)
		status = sign_source_is_pdf(&is, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(is.fd, is.name, &in, err);
	if (status == DEED_OK)
		status = sign_source_open(item->output, NULL, &os, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(os.fd, os.name, &out, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, item->document_password);
		pdf_input_set_password(out, item->document_password);
		status = pades_done(in, out, os.fd, &params, g->who->chain[0],
				    already, err);
	}
	pdf_input_close(in);
	pdf_input_close(out);
	sign_source_close(&is);
	sign_source_close(&os);
	return status;
}

/* ---- the input itself ---- */

/* The level may be higher than what is asked for.  Trust plays no part: the
 * certificate is compared whole. */
static bool is_own(const struct sign_group *g, const struct sign_item *item,
		   const struct verdict_signature *s)
{
	if (item->format == SIGN_COUNTER ? s->kind != KIND_COUNTER_SIGNATURE
					 : s->kind == KIND_CONTAINER_TIMESTAMP)
		return false;
	return s->integrity == INTEGRITY_INTACT &&
	       s->indication != TOTAL_FAILED && s->has_signer &&
	       s->level >= item->level &&
	       !memcmp(s->certificate, cert_sha256(g->who->chain[0]),
		       VERDICT_HASH);
}

/* Containers, detached and counter-signatures: whatever else signed it. */
static enum deed_status judge_signed(const struct sign_group *g,
				     const struct sign_item *item, bool *yes,
				     struct deed_error *err)
{
	struct judge_params params = { .at = g->now, .parser = g->parser };
	struct verdict_document *doc = NULL;
	enum deed_status status;
	char *content = NULL;
	size_t i;

	if (item->format == SIGN_DETACHED) {
		content = path_stem(item->input);
		if (content == NULL)
			return deed_error_memory(err);
		params.content = content;
	}
	status = judge_intact(item->input, &params, &doc, NULL);
	for (i = 0; status == DEED_OK && i < doc->signature_count; i++)
		*yes |= is_own(g, item, &doc->signatures[i]);
	verdict_document_free(doc);
	free(content);
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}

/* The level matters above B-B only: then a time-stamp is part of what would be
 * made. */
static enum deed_status pdf_signed(const struct sign_group *g,
				   const struct sign_item *item, bool *yes,
				   struct deed_error *err)
{
	struct sign_source s = { .fd = -1 };
	struct pdf_input *in = NULL;
	struct pades_params params;
	enum deed_status status;

	sign_pades_params(g, item, &params);
	params.parser = g->parser;
	if (item->level > LEVEL_B_B)
		params.augment = g->augment;
	status = sign_source_open(item->input, item->name, &s, err);
	if (status == DEED_OK)
		status = sign_source_is_pdf(&s, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(s.fd, s.name, &in, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, item->document_password);
		status = pades_signed_already(in, s.fd, &params,
					      g->who->chain[0], yes, err);
	}
	pdf_input_close(in);
	sign_source_close(&s);
	return status;
}

enum deed_status sign_group_signed(const struct sign_group *g,
				   const struct sign_item *item, bool *yes,
				   struct deed_error *err)
{
	*yes = false;
	if (item->format == SIGN_PDF)
		return pdf_signed(g, item, yes, err);
	/* What is to go into a container is none yet. */
	return item->format == SIGN_ASIC ? DEED_OK
					 : judge_signed(g, item, yes, err);
}

struct prefix {
	const struct pdf_input *out;
	uint64_t at;
	bool same;
};

/* A window at a time, so that a document of any size is compared in little
 * memory.  After the first difference nothing more is read of the output. */
static enum deed_status compare_window(void *arg, struct slice window,
				       struct deed_error *err)
{
	struct prefix *p = arg;
	struct buf there = BUF_INIT;
	enum deed_status status;

	if (!p->same)
		return DEED_OK;
	status = pdf_input_append(p->out, p->at, window.len, &there, err);
	p->same = status == DEED_OK && slice_equal(buf_get(&there), window);
	p->at += window.len;
	buf_clear(&there);
	return status;
}

enum deed_status sign_begins_with(const char *output, const char *input,
				  bool *same, struct deed_error *err)
{
	struct pdf_input *in = NULL, *out = NULL;
	enum deed_status status;
	struct prefix p;

	*same = false;
	status = pdf_input_open(input, &in, err);
	if (status == DEED_OK)
		status = pdf_input_open(output, &out, err);
	if (status == DEED_OK && pdf_input_size(out) > pdf_input_size(in)) {
		p = (struct prefix){ out, 0, true };
		status = pdf_input_each(in, 0, pdf_input_size(in),
					compare_window, &p, err);
		*same = p.same;
	}
	pdf_input_close(in);
	pdf_input_close(out);
	return status;
}
