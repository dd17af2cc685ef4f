/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <unistd.h>

#include "cms/wrapping.h"
#include "judge/judge.h"
#include "office/document/sign_group.h"
#include "sign/asic_extend.h"
#include "sign/cades_counter.h"
#include "sign/cades_extend.h"
#include "sign/pades_extend.h"

/* A signature file is read whole. */
#define CMS_FILE_MAX (32u << 20)

void sign_augment_params(const struct sign_group *g,
			 const struct sign_item *item,
			 struct augment_params *out)
{
	*out = *g->augment;
	out->level = item->level;
	out->now = g->now;
}

bool sign_is_raised(const struct sign_group *g, const struct sign_item *item)
{
	return item->level > LEVEL_B_B && g->augment != NULL && !item->dry_run;
}

void sign_cades_params(const struct sign_group *g, struct cades_params *p)
{
	memset(p, 0, sizeof(*p));
	p->key = g->key;
	p->signing_time = g->now;
	p->chain = (const struct cert *const *)g->who->chain;
	p->chain_len = g->who->chain_count;
}

/* What is there already must not have failed: a further signature would
 * only make it look better. */
static enum deed_status check_earlier(const struct sign_group *g,
				      const struct sign_item *item,
				      struct despite_told *told,
				      struct deed_error *err)
{
	const struct judge_params params = { .at = g->now,
					     .parser = g->parser };
	struct verdict_document *doc = NULL;
	enum deed_status status;

	status = judge_intact(item->input, &params, &doc, err);
	if (status == DEED_OK && doc->error != NULL)
		status = deed_error_set(err, doc->error->status, "%s",
					doc->error->message);
	else if (status == DEED_OK)
		status = despite_failed(&item->despite, doc,
					item->name != NULL ? item->name
							   : item->input,
					told, err);
	verdict_document_free(doc);
	return status;
}

/* ---- PDF ---- */

struct target {
	struct sign_pending *p;
	const char *name;
	const struct secret *password;
};

static enum deed_status write_more(void *arg, struct slice bytes,
				   struct deed_error *err)
{
	struct target *t = arg;

	return outfile_write(t->p->out, bytes.data, bytes.len, err);
}

/* By the descriptor of the temporary, as it has no name that is safe to open.
 */
static enum deed_status reopen(void *arg, struct pdf_input **in, int *fd,
			       struct deed_error *err)
{
	struct target *t = arg;
	enum deed_status status;

	*fd = outfile_fd(t->p->out);
	status = pdf_input_from_fd(*fd, t->name, in, err);
	if (status == DEED_OK)
		pdf_input_set_password(*in, t->password);
	return status;
}

/* Size and digest of what the temporary holds now. */
static enum deed_status measure(const struct sign_item *item,
				const struct sign_pending *p,
				struct sign_result *r, struct deed_error *err)
{
	r->size = outfile_size(p->out);
	return digest_fd(DIGEST_SHA256, outfile_fd(p->out), item->output,
			 r->sha256, err);
}

enum deed_status sign_raise_pdf(const struct sign_group *g,
				const struct sign_item *item,
				struct sign_pending *p, struct sign_result *r,
				struct deed_error *err)
{
	struct target target = { p, item->output, item->document_password };
	struct augment_params params;
	struct pades_extend e = { .params = &params,
				  .write = write_more,
				  .arg = &target,
				  .reopen = reopen,
				  .parser = g->parser };
	enum deed_status status;
	unsigned steps;

	if (!sign_is_raised(g, item) || item->level < LEVEL_B_LT)
		return DEED_OK;
	sign_augment_params(g, item, &params);
	status = pades_extend(&e, &steps, err);
	if (status == DEED_OK)
		status = measure(item, p, r, err);
	if (status == DEED_OK)
		memcpy(p->document, r->sha256, SHA256_SIZE);
	return status;
}

/* ---- CAdES ---- */

/* The content was hashed when it was signed, and is not read again. */
static enum deed_status known_digest(void *arg, enum digest_alg alg,
				     uint8_t out[DIGEST_MAX],
				     struct deed_error *err)
{
	if (alg != DIGEST_SHA256)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "only SHA-256 is asked for");
	memcpy(out, arg, SHA256_SIZE);
	return DEED_OK;
}

enum deed_status sign_raise_cms(const struct sign_group *g,
				const struct sign_item *item,
				uint8_t sha256[SHA256_SIZE], struct buf *cms,
				struct deed_error *err)
{
	const struct cms_content content = { known_digest, sha256, SLICE_NONE };
	struct augment_params params;
	struct buf bare = *cms;
	enum deed_status status;

	if (!sign_is_raised(g, item))
		return DEED_OK;
	sign_augment_params(g, item, &params);
	*cms = (struct buf)BUF_INIT;
	status = cades_extend(&params, buf_get(&bare), &content, cms, err);
	buf_clear(&bare);
	return status;
}

/* ---- what is there gets one more ---- */

/* Put an archive manifest over what out holds, in a second temporary. */
enum deed_status sign_raise_asic(const struct sign_group *g,
				 const struct sign_item *item,
				 struct sign_pending *p, struct deed_error *err)
{
	struct zip_sink sink;
	struct asic_source source = { .name = item->output,
				      .parser = g->parser };
	struct outfile *first = p->out;
	struct augment_params params;
	enum deed_status status;
	unsigned steps;

	if (!sign_is_raised(g, item) || item->level < LEVEL_B_LTA)
		return DEED_OK;
	sign_augment_params(g, item, &params);
	source.fd = outfile_fd(first);
	p->out = NULL;
	status = sign_output_open(item, 0666, p, err);
	sink = sign_zip_sink(p->out);
	if (status == DEED_OK)
		status = asic_extend(&params, &source, &sink, &steps, err);
	outfile_free(first);
	return status;
}

enum deed_status sign_cosign(const struct sign_group *g,
			     const struct sign_item *item,
			     const struct sign_source *s,
			     struct sign_pending *p, struct sign_result *r,
			     struct deed_error *err)
{
	struct zip_sink sink;
	struct augment_params params;
	struct cades_params signer;
	enum deed_status status;
	bool raised = sign_is_raised(g, item);
	const struct asic_source source = { s->fd, s->name, g->parser };

	sign_cades_params(g, &signer);
	if (raised)
		sign_augment_params(g, item, &params);
	status = check_earlier(g, item, &r->told, err);
	if (status == DEED_OK && !item->dry_run)
		status = sign_output_open(item, s->st.st_mode, p, err);
	sink = sign_zip_sink(p->out);
	if (status == DEED_OK)
		status = asic_cosign(&source, &signer, raised ? &params : NULL,
				     &sink, err);
	if (status == DEED_OK)
		status = sign_raise_asic(g, item, p, err);
	if (status == DEED_OK && p->out != NULL) {
		status = measure(item, p, r, err);
		memcpy(p->document, r->sha256, SHA256_SIZE);
	}
	if (status == DEED_OK)
		status = sign_inputs_new(p, item, err);
	return status == DEED_OK ? digest_fd(DIGEST_SHA256, s->fd, s->name,
					     p->input[0].sha256, err)
				 : status;
}

/* A message would have to be written anew around what becomes of the CMS, and
 * a response is what an authority said of its token. */
static enum deed_status refuse_wrapping(const struct cms_wrapping *w,
					const char *name,
					struct deed_error *err)
{
	if (w->message) {
		deed_error_set(err, DEED_UNSUPPORTED,
			       "'%s' is an S/MIME message: a signature in a "
			       "message is not changed, the CMS alone is",
			       name);
		deed_error_remedy(err, "message-cms", name);
		return DEED_UNSUPPORTED;
	}
	deed_error_set(err, DEED_UNSUPPORTED,
		       "'%s' is a time-stamp response: what is in it is not "
		       "changed, the token alone is",
		       name);
	deed_error_remedy(err, "response-token", name);
	return DEED_UNSUPPORTED;
}

enum deed_status sign_cms_read(const struct sign_source *s, struct buf *out,
			       struct deed_error *err)
{
	struct cms_wrapping w = CMS_WRAPPING_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status;

	/* Who judged it by this descriptor has read it to its end. */
	if (lseek(s->fd, 0, SEEK_SET) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					s->name);
	status = file_read_fd(s->fd, s->name, CMS_FILE_MAX, &text, err);
	if (status == DEED_OK) {
		status = cms_unwrap(buf_get(&text), &w, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "cannot read '%s'", s->name);
	}
	if (status == DEED_OK && (w.message || w.is_response))
		status = refuse_wrapping(&w, s->name, err);
	if (status == DEED_OK)
		buf_slice(out, w.cms);
	cms_wrapping_clear(&w);
	buf_clear(&text);
	return status == DEED_OK ? buf_status(out, err) : status;
}

enum deed_status sign_counter(const struct sign_group *g,
			      const struct sign_item *item,
			      const struct sign_source *s,
			      struct sign_pending *p, struct sign_result *r,
			      struct deed_error *err)
{
	struct buf old = BUF_INIT, new = BUF_INIT;
	struct cades_params signer;
	enum deed_status status;

	sign_cades_params(g, &signer);
	status = check_earlier(g, item, &r->told, err);
	if (status == DEED_OK)
		status = sign_cms_read(s, &old, err);
	if (status == DEED_OK)
		status = cades_counter_sign(&signer, buf_get(&old), &new, err);
	if (status == DEED_OK && !item->dry_run)
		status = sign_output_open(item, s->st.st_mode, p, err);
	if (status == DEED_OK && !item->dry_run)
		status = outfile_write(p->out, new.data, new.len, err);
	if (status == DEED_OK) {
		r->size = new.len;
		sha256(buf_get(&new), r->sha256);
		memcpy(p->document, r->sha256, SHA256_SIZE);
		status = sign_inputs_new(p, item, err);
	}
	if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, s->fd, s->name,
				   p->input[0].sha256, err);
	buf_clear(&old);
	buf_clear(&new);
	return status;
}
