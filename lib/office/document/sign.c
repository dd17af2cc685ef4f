/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign.h"

#include <stdlib.h>

#include "office/document/sign_elsewhere.h"
#include "office/document/sign_group.h"
#include "sign/cades.h"
#include "trust/online.h"

/* ---- one document ---- */

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	struct sign_pending *p = arg;

	return outfile_write(p->out, bytes.data, bytes.len, err);
}

void sign_pades_params(const struct sign_group *g, const struct sign_item *item,
		       struct pades_params *p)
{
	memset(p, 0, sizeof(*p));
	p->field = item->field;
	p->name = g->who->name;
	p->reason = item->reason;
	p->location = item->location;
	p->time = g->now;
	p->appearance = item->appearance;
	p->certify = item->certify;
	p->final = item->final;
	p->refuse_shadow = item->refuse_shadow;
	p->despite = item->despite;
}

/* At most SIGN_INPUTS_MAX are put into the log; what a container holds beyond
 * that is committed to with the container. */
enum deed_status sign_inputs_new(struct sign_pending *p,
				 const struct sign_item *item,
				 struct deed_error *err)
{
	size_t count = item->file_count > 0 ? item->file_count : 1, i;
	const char *path;

	if (count > SIGN_INPUTS_MAX)
		count = SIGN_INPUTS_MAX;
	free(p->input);
	p->inputs = 0;
	p->input = calloc(count, sizeof(*p->input));
	if (p->input == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++) {
		path = item->file_count > 0 ? item->files[i]
		       : item->name != NULL ? item->name
					    : item->input;
		/* What came through a pipe has none. */
		p->input[i].name =
			strcmp(path, "-") == 0 ? NULL : path_base(path);
	}
	p->inputs = count;
	return DEED_OK;
}

/* The party signed elsewhere, by the certificate that is known here. */
static enum deed_status
complete_pdf(const struct sign_group *g, const struct sign_item *item,
	     const struct sign_source *s, struct sign_pending *p,
	     struct sign_result *r, struct deed_error *err)
{
	struct pades_result made = PADES_RESULT_INIT;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pdf_input_from_fd(s->fd, s->name, &in, err);
	if (status == DEED_OK && !item->dry_run)
		status = sign_output_open(item, s->st.st_mode, p, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, item->document_password);
		status = sign_complete_into(g->parser, in, *item->foreign,
					    g->who->chain[0], g->now,
					    &item->despite, p->out, &made, err);
	}
	r->told = made.told;
	if (status == DEED_OK) {
		r->field = made.field;
		r->size = made.size;
		memcpy(r->sha256, made.sha256, SHA256_SIZE);
		memcpy(p->document, made.sha256, SHA256_SIZE);
		made.field = NULL;
		status = sign_inputs_new(p, item, err);
	}
	if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, s->fd, s->name,
				   p->input[0].sha256, err);
	pades_result_clear(&made);
	pdf_input_close(in);
	return status;
}

/* What could be shown afterwards is to be told. */
static enum deed_status take_shadow(const struct pades_result *made,
				    struct sign_result *r,
				    struct deed_error *err)
{
	if (made->shadow.count == 0)
		return DEED_OK;
	r->shadow = malloc(sizeof(*r->shadow));
	if (r->shadow == NULL)
		return deed_error_memory(err);
	*r->shadow = made->shadow;
	return DEED_OK;
}

/* Written as it is made, beside its name, and renamed when the log has it. */
static enum deed_status
sign_pdf_opened(const struct sign_group *g, const struct sign_item *item,
		struct sign_ahead *a, struct sign_pending *p,
		struct sign_result *r, struct deed_error *err)
{
	struct pades_result made = PADES_RESULT_INIT;
	struct pades_signer signer;
	enum deed_status status = DEED_OK;

	sign_pades_signer(g, &signer);
	a->params.ahead = &a->said;
	/* What is fetched for it is its own. */
	if (a->params.augment != NULL)
		a->params.augment = g->augment;
	if (!item->dry_run)
		status = sign_output_open(item, a->source.st.st_mode, p, err);
	if (status == DEED_OK)
		status = pades_sign(a->in, &a->params, &signer,
				    item->dry_run ? NULL : write_bytes, p,
				    &made, err);
	r->told = made.told;
	if (status == DEED_OK) {
		r->field = made.field;
		r->shown = made.shown;
		r->size = made.size;
		memcpy(r->sha256, made.sha256, SHA256_SIZE);
		memcpy(p->document, made.sha256, SHA256_SIZE);
		made.field = NULL;
		r->beneath = made.beneath;
		status = sign_inputs_new(p, item, err);
	}
	if (status == DEED_OK) {
		memcpy(p->input[0].sha256, made.input, SHA256_SIZE);
		status = take_shadow(&made, r, err);
		if (status == DEED_OK)
			status = sign_raise_pdf(g, item, p, r, err);
	}
	pades_result_clear(&made);
	return status;
}

/* What was opened ahead is used, or else opened now.  It is closed before the
 * commit, so that a group of hundreds does not hold two files each. */
static enum deed_status sign_pdf(const struct sign_group *g,
				 const struct sign_item *item,
				 struct sign_pending *p, struct sign_result *r,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (p->ahead == NULL)
		status = sign_ahead_open(g, item, &p->ahead, err);
	if (status == DEED_OK)
		status = sign_pdf_opened(g, item, p->ahead, p, r, err);
	/* Nothing of it is needed for the commit. */
	sign_ahead_free(p->ahead);
	p->ahead = NULL;
	return status;
}

/* The document is hashed on its own for the log: the CMS is not kept, and it
 * may be raised before it is written. */
static enum deed_status
sign_detached(const struct sign_group *g, const struct sign_item *item,
	      const struct sign_source *s, struct sign_pending *p,
	      struct sign_result *r, struct deed_error *err)
{
	struct cades_params params;
	struct buf cms = BUF_INIT;
	enum deed_status status;

	sign_cades_params(g, &params);
	status = sign_inputs_new(p, item, err);
	if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, s->fd, s->name, p->document,
				   err);
	if (status == DEED_OK)
		status = cades_sign_fd(&params, s->fd, s->name, &cms, err);
	if (status == DEED_OK)
		status = sign_raise_cms(g, item, p->document, &cms, err);
	if (status == DEED_OK && !item->dry_run)
		status = sign_output_open(item, 0666, p, err);
	if (status == DEED_OK && !item->dry_run)
		status = outfile_write(p->out, cms.data, cms.len, err);
	if (status == DEED_OK) {
		r->size = cms.len;
		sha256(buf_get(&cms), r->sha256);
		memcpy(p->input[0].sha256, p->document, SHA256_SIZE);
	}
	buf_clear(&cms);
	return status;
}

/* Each format opens its own files; what falls through signs one source that is
 * opened here.  With a foreign CMS a PDF is completed, and no key is used. */
static enum deed_status make(const struct sign_group *g,
			     const struct sign_item *item,
			     struct sign_pending *p, struct sign_result *r,
			     struct deed_error *err)
{
	struct sign_source s = { .fd = -1 };
	enum deed_status status = DEED_OK;

	if (item->seal)
		status = sign_group_may_seal(g, err);
	if (status == DEED_OK && item->format == SIGN_ASIC)
		return sign_asic(g, item, p, r, err);
	if (status == DEED_OK && item->format == SIGN_PDF &&
	    item->foreign == NULL)
		return sign_pdf(g, item, p, r, err);
	if (status == DEED_OK)
		status = sign_source_open(item->input, item->name, &s, err);
	if (status == DEED_OK && item->foreign != NULL)
		status = complete_pdf(g, item, &s, p, r, err);
	else if (status == DEED_OK && item->format == SIGN_COSIGN)
		status = sign_cosign(g, item, &s, p, r, err);
	else if (status == DEED_OK && item->format == SIGN_COUNTER)
		status = sign_counter(g, item, &s, p, r, err);
	else if (status == DEED_OK)
		status = sign_detached(g, item, &s, p, r, err);
	sign_source_close(&s);
	return status;
}

/* What is fetched for one document has a budget of its own. */
static enum deed_status make_online(const struct sign_group *g,
				    const struct sign_item *item,
				    struct sign_pending *p,
				    struct sign_result *r,
				    struct deed_error *err)
{
	struct online_document *document;
	struct augment_params augment;
	struct sign_group one = *g;
	enum deed_status status;

	if (g->online == NULL || !sign_is_raised(g, item))
		return make(g, item, p, r, err);
	augment = *g->augment;
	one.augment = &augment;
	status = online_begin(g->online,
			      item->name != NULL ? item->name : item->output,
			      &document, err);
	if (status != DEED_OK)
		return status;
	augment.source = online_source(document);
	status = make(&one, item, p, r, err);
	online_end(document);
	return status;
}

/* A document fails alone, and its temporary goes at once: a batch of failures
 * keeps no files open. */
void sign_group_add(struct sign_group *g, const struct sign_item *item,
		    struct sign_result *result)
{
	struct sign_pending *p = result->pending;

	if (p == NULL)
		p = result->pending = calloc(1, sizeof(*p));
	if (p == NULL) {
		result->status = deed_error_memory(&result->error);
		return;
	}
	result->status = make_online(g, item, p, result, &result->error);
	if (result->status != DEED_OK) {
		outfile_free(p->out);
		p->out = NULL;
	}
}

void sign_result_clear(struct sign_result *r)
{
	if (r->pending != NULL) {
		outfile_free(r->pending->out);
		sign_ahead_free(r->pending->ahead);
		free(r->pending->input);
	}
	free(r->pending);
	free(r->field);
	free(r->shadow);
	r->pending = NULL;
	r->field = NULL;
	r->shadow = NULL;
}
