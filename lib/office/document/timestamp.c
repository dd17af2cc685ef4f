/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/timestamp.h"

#include <stdio.h>

#include "judge/parser.h"
#include "office/document/sign_group.h"
#include "sign/asic_timestamp.h"
#include "sign/pades_timestamp.h"

/* One file on its way. */
struct timestamping {
	const struct tsa_set *set;
	const struct timestamp_item *item;
	struct timestamp_result *result;
	struct sign_source source;
	struct outfile *out;   /* NULL in a dry run */
	struct digest *digest; /* of a PDF's octets */
};

/* What the authority says of itself and of the time. */
static enum deed_status describe(struct timestamping *w, struct slice token,
				 struct deed_error *err)
{
	struct cms_check check;
	struct buf name = BUF_INIT;
	struct cert *cert = NULL;
	enum deed_status status;
	struct tst *t;

	status = tst_parse(token, &t, err);
	if (status != DEED_OK)
		return status;
	w->result->time = t->time;
	status = tst_check(t, NULL, 0, &check, &cert, err);
	if (status == DEED_OK && cert != NULL)
		x509_name_display(cert_fields(cert)->subject, &name);
	if (name.len > 0)
		(void)snprintf(w->result->authority,
			       sizeof(w->result->authority), "%.*s",
			       (int)name.len, (const char *)name.data);
	buf_clear(&name);
	cert_free(cert);
	tst_free(t);
	return status;
}

/* Called by whoever puts the token into a document; the token is described on
 * the way, as it is at hand here. */
static enum deed_status ask(void *arg, enum digest_alg alg, struct slice digest,
			    struct buf *token, struct deed_error *err)
{
	struct timestamping *w = arg;
	size_t before = token->len;
	enum deed_status status;

	status = tsa_ask(w->set, alg, digest, token, err);
	if (status != DEED_OK)
		return status;
	return describe(w, slice_of(token->data + before, token->len - before),
			err);
}

static size_t token_size(void *arg)
{
	const struct timestamping *w = arg;

	return tsa_token_size(w->set);
}

/* LEVEL_B_T: a time-stamp alone, so no source of certificates or revocation
 * data is needed. */
static void fill_params(struct timestamping *w, struct augment_params *params)
{
	*params = (struct augment_params){
		.level = LEVEL_B_T,
		.now = w->item->now,
		.ask = ask,
		.ask_arg = w,
		.token_size = token_size,
	};
}

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	struct timestamping *w = arg;

	return outfile_write(w->out, bytes.data, bytes.len, err);
}

static enum deed_status patch_bytes(void *arg, uint64_t at, struct slice bytes,
				    struct deed_error *err)
{
	struct timestamping *w = arg;

	return outfile_patch(w->out, at, bytes.data, bytes.len, err);
}

/* ---- the formats ---- */

/* The digest takes every byte, also in a dry run, in which nothing is copied.
 */
static enum deed_status copy_window(void *arg, struct slice window,
				    struct deed_error *err)
{
	struct timestamping *w = arg;

	digest_update(w->digest, window.data, window.len);
	return w->out == NULL ? DEED_OK : write_bytes(w, window, err);
}

/* The bytes are hashed while they are copied: the imprint of the time-stamp
 * goes on from this digest, and the file is read once. */
static enum deed_status timestamp_opened(struct timestamping *w,
					 const struct pdf_input *in,
					 struct deed_error *err)
{
	struct pades_timestamped what = { .in = in,
					  .fd = w->source.fd,
					  .parser = w->item->parser };
	struct augment_params params;
	struct buf tail = BUF_INIT;
	enum deed_status status;

	status = digest_new(DIGEST_SHA256, &w->digest, err);
	if (status == DEED_OK)
		status = pdf_input_each(in, 0, pdf_input_size(in), copy_window,
					w, err);
	what.digest = w->digest;
	fill_params(w, &params);
	if (status == DEED_OK && w->out != NULL)
		status = pades_timestamp(&params, &what, &tail, err);
	if (status == DEED_OK && w->out != NULL)
		status = write_bytes(w, buf_get(&tail), err);
	buf_clear(&tail);
	if (status == DEED_NO_PASSPHRASE)
		deed_error_remedy(err, "document-passphrase", NULL);
	return status;
}

/* A dry run has the document parsed, which otherwise pades_timestamp does. */
static enum deed_status timestamp_pdf(struct timestamping *w,
				      struct deed_error *err)
{
	struct pdf_input *in = NULL;
	struct pdf_survey survey = { .arena = PDF_ARENA_INIT };
	enum deed_status status;

	status = sign_source_is_pdf(&w->source, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(w->source.fd, w->source.name, &in,
					   err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, w->item->document_password);
		/* A dry run too says what cannot be read. */
		if (w->out == NULL)
			status =
				parser_survey_pdf(w->item->parser, w->source.fd,
						  in, &survey, err);
	}
	if (status == DEED_OK)
		status = timestamp_opened(w, in, err);
	pdf_survey_clear(&survey);
	pdf_input_close(in);
	return status;
}

/* In a dry run there is nothing that could be refused: any file goes into a
 * container. */
static enum deed_status timestamp_asic(struct timestamping *w,
				       struct deed_error *err)
{
	const struct zip_sink sink = { write_bytes, patch_bytes, w };
	struct asic_file file = { w->source.fd, w->source.name,
				  path_base(w->item->name), NULL };
	struct augment_params params;

	fill_params(w, &params);
	return w->out == NULL ? DEED_OK
			      : asic_timestamp(&file, &params, &sink, err);
}

/* The file is hashed in a dry run too, which tells whether it can be read. */
static enum deed_status timestamp_detached(struct timestamping *w,
					   struct deed_error *err)
{
	struct buf token = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	status = digest_fd(DIGEST_SHA256, w->source.fd, w->source.name, hash,
			   err);
	if (status == DEED_OK && w->out != NULL)
		status = ask(w, DIGEST_SHA256, slice_of(hash, sizeof(hash)),
			     &token, err);
	if (status == DEED_OK && w->out != NULL)
		status = write_bytes(w, buf_get(&token), err);
	buf_clear(&token);
	return status;
}

/* ---- one file ---- */

/* A switch without default, so that a new format is seen by the compiler. */
static enum deed_status make(struct timestamping *w, struct deed_error *err)
{
	switch (w->item->format) {
	case TIMESTAMP_PDF:
		return timestamp_pdf(w, err);
	case TIMESTAMP_ASIC:
		return timestamp_asic(w, err);
	case TIMESTAMP_DETACHED:
		break;
	}
	return timestamp_detached(w, err);
}

/* Opened before the authority is asked: a token is not used up for a file that
 * cannot be written. */
static enum deed_status open_output(struct timestamping *w,
				    struct deed_error *err)
{
	const struct sign_item as = { .output = w->item->output,
				      .mode = w->item->mode };
	struct sign_pending pending = { 0 };
	enum deed_status status = sign_output_open(&as, 0666, &pending, err);

	w->out = pending.out;
	return status;
}

/* Hashed from the temporary and not while it is written: a container is
 * patched afterwards. */
static enum deed_status finish(struct timestamping *w, struct deed_error *err)
{
	enum deed_status status = outfile_sync(w->out, err);

	if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, outfile_fd(w->out),
				   w->item->output, w->result->sha256, err);
	w->result->size = outfile_size(w->out);
	if (status == DEED_OK)
		status = outfile_commit(w->out, w->item->mode, err);
	return status;
}

enum deed_status timestamp_file(const struct tsa_set *set,
				const struct timestamp_item *item,
				struct timestamp_result *out,
				struct deed_error *err)
{
	struct timestamping w = { set, item, out, { .fd = -1 }, NULL, NULL };
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = sign_source_open(item->input, item->name, &w.source, err);
	if (status == DEED_OK && !item->dry_run)
		status = open_output(&w, err);
	if (status == DEED_OK)
		status = make(&w, err);
	if (status == DEED_OK && w.out != NULL)
		status = finish(&w, err);
	outfile_free(w.out);
	digest_free(w.digest);
	sign_source_close(&w.source);
	return status;
}
