/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/extend_priv.h"

#include "cms/signed.h"
#include "judge/judge.h"
#include "office/document/sign.h"

/* ---- may it be raised? ---- */

static bool is_signature(const struct verdict_signature *s)
{
	return s->kind != KIND_DOCUMENT_TIMESTAMP &&
	       s->kind != KIND_CONTAINER_TIMESTAMP;
}

/* What has failed cannot be raised: a time-stamp over it would only prove that
 * it was there. */
static enum deed_status refuse(const struct verdict_document *doc,
			       const struct extend_item *item,
			       struct deed_error *err)
{
	const struct verdict_signature *s;
	size_t i;

	if (doc->error != NULL)
		return deed_error_set(err, doc->error->status, "%s",
				      doc->error->message);
	if (doc->indication == NO_SIGNATURE)
		return deed_error_set(err, DEED_NO_SIGNATURE,
				      "'%s' has no signature to raise",
				      item->name);
	for (i = 0; i < doc->signature_count; i++) {
		s = &doc->signatures[i];
		/* A time-stamp that failed proves nothing, before and after. */
		if (s->indication == TOTAL_FAILED && is_signature(s))
			return deed_error_set(
				err, DEED_ALREADY_FAILED,
				"'%s': a signature is TOTAL-FAILED (%s)",
				item->name, sub_indication_text(s->sub));
	}
	return DEED_OK;
}

/* Without revocation: a certificate that was revoked since does not make the
 * signature one that failed, and what is missing is fetched later. */
enum deed_status extend_check(const struct extend *x,
			      const struct extend_item *item,
			      const struct sign_source *s,
			      struct deed_error *err)
{
	struct judge_params params = {
		.at = x->augment.now,
		.source = x->augment.source,
		.no_revocation = true,
		.content = x->content,
		.document_password = x->document_password,
		.parser = x->parser,
	};
	struct verdict_document *doc = NULL;
	enum deed_status status;

	/* By the descriptor: what is judged is what is raised, also where
	 * another file takes its name meanwhile. */
	status = judge_fd(s->fd, item->input, &params, &doc, err);
	if (status == DEED_OK)
		status = refuse(doc, item, err);
	verdict_document_free(doc);
	return status;
}

/* ---- done already? ---- */

/* Integrity is all that matters: whom to believe is a judge's question. */
static enum deed_status has_level(const struct extend *x, const char *path,
				  bool *has, struct deed_error *err)
{
	const struct judge_params params = {
		.at = x->augment.now,
		.content = x->content,
		.document_password = x->document_password,
		.parser = x->parser,
	};
	struct verdict_document *doc = NULL;
	enum deed_status status = judge_intact(path, &params, &doc, err);
	size_t i, signatures = 0;

	*has = status == DEED_OK && doc->error == NULL;
	for (i = 0; *has && i < doc->signature_count; i++) {
		const struct verdict_signature *s = &doc->signatures[i];

		if (s->integrity != INTEGRITY_INTACT ||
		    s->indication == TOTAL_FAILED)
			*has = false;
		else if (is_signature(s) && ++signatures > 0)
			*has = s->level >= x->augment.level;
	}
	*has = *has && signatures > 0;
	verdict_document_free(doc);
	return status;
}

/* The parsed form borrows from der, so the caller clears it before that. */
static enum deed_status read_cms(const char *path, struct buf *der,
				 struct cms_signed **out,
				 struct deed_error *err)
{
	struct sign_source s = { .fd = -1 };
	enum deed_status status = sign_source_open(path, NULL, &s, err);

	if (status == DEED_OK)
		status = sign_cms_read(&s, der, err);
	if (status == DEED_OK)
		status = cms_signed_parse(buf_get(der), out, err);
	sign_source_close(&s);
	return status;
}

/* The same signers' values, in their order. */
static enum deed_status same_signatures(const struct extend_item *item,
					bool *same, struct deed_error *err)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct cms_signed *in = NULL, *out = NULL;
	enum deed_status status = read_cms(item->input, &before, &in, err);
	size_t i;

	if (status == DEED_OK)
		status = read_cms(item->output, &after, &out, err);
	*same = status == DEED_OK && in->signer_count == out->signer_count;
	for (i = 0; *same && i < in->signer_count; i++)
		*same = slice_equal(in->signers[i].signature,
				    out->signers[i].signature);
	cms_signed_free(in);
	cms_signed_free(out);
	buf_clear(&before);
	buf_clear(&after);
	return status;
}

enum deed_status extend_already(const struct extend *x,
				const struct extend_item *item, bool *already,
				struct deed_error *err)
{
	enum deed_status status;

	*already = false;
	/* What cannot be read is not what was made. */
	status = sign_is_pdf(item->input)
			 ? sign_begins_with(item->output, item->input, already,
					    NULL)
			 : same_signatures(item, already, NULL);
	if (status == DEED_OK && *already)
		status = has_level(x, item->output, already, NULL);
	*already = *already && status == DEED_OK;
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}
