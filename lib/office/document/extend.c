/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/extend_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asic/zip_read.h"
#include "codec/der.h"
#include "office/home.h"
#include "office/document/sign.h"
#include "office/document/level_params.h"
#include "sign/asic_extend.h"
#include "sign/cades_extend.h"
#include "sign/pades_extend.h"

#define HEAD 8

/* Only from B-LT on is revocation data needed.  The home's cache is for those
 * who believe the home, as with deed verify. */
static enum deed_status go_online(struct extend *x,
				  const struct extend_params *params,
				  struct deed_error *err)
{
	struct online_params online = { .client = params->client,
					.now = params->now,
					.budget_ms = params->online_ms };
	bool kept = params->materials.home != NULL &&
		    materials_from_home(&params->materials);
	enum deed_status status = DEED_OK;
	char *cache = NULL;

	if (params->level < LEVEL_B_LT || (!kept && online.client == NULL))
		return DEED_OK;
	if (kept)
		status = home_trust_folder(params->materials.home, &cache, err);
	online.cache = cache;
	if (status == DEED_OK)
		status = online_new(&online, x->source, &x->online, err);
	free(cache);
	return status;
}

enum deed_status extend_open(const struct extend_params *params,
			     struct extend **out, struct deed_error *err)
{
	struct extend *x = calloc(1, sizeof(*x));
	enum deed_status status;

	*out = NULL;
	if (x == NULL)
		return deed_error_memory(err);
	x->content = params->content;
	x->document_password = params->document_password;
	status = parser_new(&x->parser, err);
	if (status == DEED_OK)
		status = pki_source_new(NULL, &x->source, err);
	if (status == DEED_OK)
		status = materials_load(&params->materials, x->source, err);
	if (status == DEED_OK)
		status = go_online(x, params, err);
	if (status != DEED_OK) {
		extend_close(x);
		return status;
	}
	level_params(params->tsa, x->source, params->level, params->now,
		     &x->augment);
	*out = x;
	return DEED_OK;
}

void extend_close(struct extend *x)
{
	if (x == NULL)
		return;
	online_free(x->online);
	pki_source_free(x->source);
	parser_free(x->parser);
	free(x);
}

/* ---- where it goes ---- */

/* The output while it grows: a temporary, or memory for a dry run. */
struct draft {
	const struct extend *x;
	const char *name;
	struct outfile *out;
	int fd;
};

/* A dry run does all the work, into memory, and leaves nothing. */
static enum deed_status draft_open(struct draft *d,
				   const struct extend_item *item, mode_t mode,
				   struct deed_error *err)
{
	const struct sign_item as = { .output = item->output,
				      .mode = item->mode };
	struct sign_pending pending = { 0 };
	enum deed_status status;

	if (item->dry_run) {
		d->fd = memfd_create("deed", MFD_CLOEXEC);
		return d->fd >= 0 ? DEED_OK
				  : deed_error_errno(err, errno,
						     "cannot make room for the "
						     "dry run");
	}
	status = sign_output_open(&as, mode, &pending, err);
	d->out = pending.out;
	d->fd = status == DEED_OK ? outfile_fd(d->out) : -1;
	return status;
}

/* The descriptor is the outfile's own where there is one.  What was not
 * committed is removed. */
static void draft_close(struct draft *d)
{
	if (d->out == NULL && d->fd >= 0)
		(void)close(d->fd);
	outfile_free(d->out);
}

/* A write callback for PDF and for the sink of a ZIP. */
static enum deed_status draft_write(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	struct draft *d = arg;

	return d->out != NULL
		       ? outfile_write(d->out, bytes.data, bytes.len, err)
		       : file_write_fd(d->fd, d->name, bytes.data, bytes.len,
				       err);
}

/* A ZIP's sizes are known behind its bytes, and put in here. */
static enum deed_status draft_patch(void *arg, uint64_t at, struct slice bytes,
				    struct deed_error *err)
{
	struct draft *d = arg;

	if (d->out != NULL)
		return outfile_patch(d->out, at, bytes.data, bytes.len, err);
	return pwrite(d->fd, bytes.data, bytes.len, (off_t)at) ==
			       (ssize_t)bytes.len
		       ? DEED_OK
		       : deed_error_errno(err, errno, "cannot write '%s'",
					  d->name);
}

/* The draft is read again by the descriptor and not by its name: a temporary
 * has none that would be safe to open.  It is encrypted as the input is, so it
 * needs the same password. */
static enum deed_status draft_reopen(void *arg, struct pdf_input **in, int *fd,
				     struct deed_error *err)
{
	struct draft *d = arg;
	enum deed_status status;

	*fd = d->fd;
	status = pdf_input_from_fd(d->fd, d->name, in, err);
	if (status == DEED_OK)
		pdf_input_set_password(*in, d->x->document_password);
	return status;
}

/* ---- the formats ---- */

/* The input goes into the draft byte by byte, and what is added is appended:
 * an incremental update leaves every signed byte where it is (ISO 32000-2
 * 7.5.6). */
static enum deed_status extend_pdf(const struct extend *x,
				   const struct sign_source *s, struct draft *d,
				   struct extend_result *r,
				   struct deed_error *err)
{
	const struct pades_extend e = { .params = &x->augment,
					.write = draft_write,
					.arg = d,
					.reopen = draft_reopen,
					.parser = x->parser };
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pdf_input_from_fd(s->fd, s->name, &in, err);
	if (status == DEED_OK)
		status = pdf_input_each(in, 0, pdf_input_size(in), draft_write,
					d, err);
	pdf_input_close(in);
	return status == DEED_OK ? pades_extend(&e, &r->steps, err) : status;
}

/* A container is written anew, for a ZIP has its directory at the end.  What
 * was signed is copied as it is. */
static enum deed_status extend_asic(const struct extend *x,
				    const struct sign_source *s,
				    struct draft *d, struct extend_result *r,
				    struct deed_error *err)
{
	const struct zip_sink sink = { draft_write, draft_patch, d };
	const struct asic_source source = { s->fd, s->name, x->parser };

	return asic_extend(&x->augment, &source, &sink, &r->steps, err);
}

/* A cms_content callback.  The file is read once a question, and not kept. */
static enum deed_status content_digest(void *arg, enum digest_alg alg,
				       uint8_t out[DIGEST_MAX],
				       struct deed_error *err)
{
	const char *path = arg;
	struct sign_source s = { .fd = -1 };
	enum deed_status status;

	if (alg != DIGEST_SHA256)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "only SHA-256 is asked for");
	status = sign_source_open(path, NULL, &s, err);
	if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, s.fd, s.name, out, err);
	sign_source_close(&s);
	return status;
}

/* A CMS is small and held in memory whole.  That nothing was added is seen by
 * comparing: cades_extend gives back the same bytes then. */
static enum deed_status extend_cms(const struct extend *x,
				   const struct sign_source *s, struct draft *d,
				   struct extend_result *r,
				   struct deed_error *err)
{
	struct cms_content content = {
		.digest = content_digest,
		.arg = (void *)(uintptr_t)x->content,
	};
	struct buf old = BUF_INIT, new = BUF_INIT;
	enum deed_status status;

	status = sign_cms_read(s, &old, err);
	if (status == DEED_OK)
		status = cades_extend(&x->augment, buf_get(&old),
				      x->content == NULL ? NULL : &content,
				      &new, err);
	r->steps = !slice_equal(buf_get(&old), buf_get(&new));
	if (status == DEED_OK)
		status = draft_write(d, buf_get(&new), err);
	buf_clear(&old);
	buf_clear(&new);
	return status;
}

/* By content, not by name.  A CMS is asked first, and is what is tried last:
 * it may be DER, PEM or base64. */
static enum deed_status extend_source(const struct extend *x,
				      const struct sign_source *s,
				      struct draft *d, struct extend_result *r,
				      struct deed_error *err)
{
	uint8_t head[HEAD];
	ssize_t got = pread(s->fd, head, sizeof(head), 0);

	/* What a CMS embeds may be a PDF. */
	if (got > 0 && head[0] == DER_SEQUENCE)
		return extend_cms(x, s, d, r, err);
	if (sign_source_is_pdf(s, NULL) == DEED_OK)
		return extend_pdf(x, s, d, r, err);
	if (got > 0 && zip_looks_like(slice_of(head, (size_t)got)))
		return extend_asic(x, s, d, r, err);
	return extend_cms(x, s, d, r, err);
}

/* Nothing has its name before all of it was written and hashed: a run that is
 * killed leaves the old file and at most a temporary. */
static enum deed_status finish(struct draft *d, const struct extend_item *item,
			       struct extend_result *r, struct deed_error *err)
{
	enum deed_status status;
	struct stat st;

	if (fstat(d->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					d->name);
	r->size = (uint64_t)st.st_size;
	status = digest_fd(DIGEST_SHA256, d->fd, d->name, r->sha256, err);
	if (status == DEED_OK && d->out != NULL)
		status = outfile_commit(d->out, item->mode, err);
	return status;
}

/* Nothing is written where no step was needed: draft_close then removes the
 * temporary. */
static enum deed_status extend_one(const struct extend *x,
				   const struct extend_item *item,
				   struct extend_result *result,
				   struct deed_error *err)
{
	struct draft d = { .x = x, .fd = -1 };
	struct sign_source s = { .fd = -1 };
	enum deed_status status;

	d.name = item->output == NULL ? item->input : item->output;
	status = sign_source_open(item->input, item->name, &s, err);
	if (status == DEED_OK)
		status = extend_check(x, item, &s, err);
	if (status == DEED_OK)
		status = draft_open(&d, item, s.st.st_mode, err);
	if (status == DEED_OK)
		status = extend_source(x, &s, &d, result, err);
	if (status == DEED_OK && result->steps > 0)
		status = finish(&d, item, result, err);
	draft_close(&d);
	sign_source_close(&s);
	return status;
}

bool extend_refused(const struct extend *x)
{
	return online_refused(x->online);
}

/* A copy of x with a source of the document's own, so that threads share the
 * rest. */
enum deed_status extend_file(struct extend *x, const struct extend_item *item,
			     struct extend_result *result,
			     struct deed_error *err)
{
	struct online_document *document = NULL;
	enum deed_status status = DEED_OK;
	struct extend one = *x;

	memset(result, 0, sizeof(*result));
	if (x->online != NULL)
		status = online_begin(x->online, item->input, &document, err);
	if (document != NULL)
		one.augment.source = online_source(document);
	if (status == DEED_OK)
		status = extend_one(&one, item, result, err);
	online_end(document);
	return status;
}
