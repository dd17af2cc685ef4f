/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_elsewhere.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "judge/parser.h"

void sign_place_clear(struct sign_place *p)
{
	free(p->field);
	buf_clear(&p->attributes);
	memset(p, 0, sizeof(*p));
}

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	return outfile_write(arg, bytes.data, bytes.len, err);
}

/* What both halves have open: the document, who parses it, and what is
 * written (NULL in a dry run). */
struct open_files {
	int fd;
	struct pdf_input *in;
	struct parser *parser;
	struct outfile *to;
};

/* Close them afterwards, also after a failure. */
static enum deed_status open_files(const struct sign_elsewhere *e,
				   struct open_files *o, struct deed_error *err)
{
	enum deed_status status;

	*o = (struct open_files){ .fd = -1 };
	status = file_open_regular(e->input, &o->fd, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(o->fd, e->input, &o->in, err);
	if (status == DEED_OK) {
		pdf_input_set_password(o->in, e->document_password);
		status = parser_new(&o->parser, err);
	}
	if (status == DEED_OK && !e->dry_run)
		status = outfile_open(&o->to, e->output, 0666, err);
	return status;
}

/* An output that was not committed is removed with this. */
static void close_files(struct open_files *o)
{
	outfile_free(o->to);
	pdf_input_close(o->in);
	parser_free(o->parser);
	if (o->fd >= 0)
		(void)close(o->fd);
}

/* The field's name moves; all else is copied. */
static void take_result(struct pades_result *made, struct sign_place *out)
{
	out->field = made->field;
	made->field = NULL;
	memcpy(out->byte_range, made->byte_range, sizeof(out->byte_range));
	memcpy(out->sha256, made->sha256, sizeof(out->sha256));
	out->size = made->size;
}

/* Synced before it gets its name: what has been prepared is handed to somebody
 * who signs these very bytes. */
static enum deed_status finish_output(const struct sign_elsewhere *e,
				      struct outfile *to,
				      struct deed_error *err)
{
	enum deed_status status;

	if (to == NULL)
		return DEED_OK;
	status = outfile_sync(to, err);
	return status == DEED_OK ? outfile_commit(to, e->mode, err) : status;
}

/* ---- prepare ---- */

/* The digest suits the certificate's key, where that is known.  The attributes
 * are made only then, as they name the certificate (ESS
 * signing-certificate-v2). */
static enum deed_status prepare_into(const struct sign_elsewhere *e,
				     const struct open_files *o,
				     struct sign_place *out,
				     struct deed_error *err)
{
	struct pades_result made = PADES_RESULT_INIT;
	const struct pades_params params = {
		.field = e->field,
		.reason = e->reason,
		.location = e->location,
		.time = e->now,
		.appearance = e->appearance,
		.certify = e->certify,
		.final = e->final,
		.refuse_shadow = e->refuse_shadow,
		.despite = e->despite,
		.parser = o->parser,
		.fd = o->fd,
	};
	enum deed_status status = DEED_OK;

	out->alg = DIGEST_SHA256;
	if (e->certificate != NULL)
		status = pades_digest_for(e->certificate, &out->alg, err);
	if (status == DEED_OK)
		status = pades_prepare(
			o->in, &params, e->space, out->alg, out->digest,
			o->to == NULL ? NULL : write_bytes, o->to, &made, err);
	out->told = made.told;
	out->shadow = made.shadow;
	if (status == DEED_OK && e->certificate != NULL)
		status = pades_attributes(
			e->certificate,
			slice_of(out->digest, digest_size(out->alg)),
			&out->attributes, err);
	if (status == DEED_OK)
		take_result(&made, out);
	pades_result_clear(&made);
	return status;
}

enum deed_status sign_prepare(const struct sign_elsewhere *e,
			      struct sign_place *out, struct deed_error *err)
{
	enum deed_status status;
	struct open_files o;

	memset(out, 0, sizeof(*out));
	status = open_files(e, &o, err);
	if (status == DEED_OK)
		status = prepare_into(e, &o, out, err);
	if (status == DEED_OK)
		status = finish_output(e, o.to, err);
	close_files(&o);
	return status;
}

/* ---- complete ---- */

enum deed_status
sign_complete_into(struct parser *parser, const struct pdf_input *in,
		   struct slice cms, const struct cert *certificate,
		   int64_t now, const struct despite *despite,
		   struct outfile *to, struct pades_result *made,
		   struct deed_error *err)
{
	struct pdf_input *again = NULL;
	enum deed_status status;

	status = pades_complete(parser, in, cms, certificate,
				to == NULL ? NULL : write_bytes, to, made, err);
	if (status != DEED_OK || to == NULL)
		return status;
	/* What came out is judged as anybody would, with what was signed
	 * before. */
	status = pdf_input_from_fd(outfile_fd(to), pdf_input_name(in), &again,
				   err);
	if (status == DEED_OK) {
		pdf_input_set_password(again, pdf_input_password(in));
		status = pades_hold(again, outfile_fd(to), parser, now, despite,
				    &made->told, err);
	}
	pdf_input_close(again);
	return status;
}

enum deed_status sign_complete(const struct sign_elsewhere *e,
			       struct sign_place *out, struct deed_error *err)
{
	struct pades_result made = PADES_RESULT_INIT;
	enum deed_status status;
	struct open_files o;

	memset(out, 0, sizeof(*out));
	status = open_files(e, &o, err);
	if (status == DEED_OK)
		status = sign_complete_into(o.parser, o.in, e->cms,
					    e->certificate, e->now, &e->despite,
					    o.to, &made, err);
	out->told = made.told;
	if (status == DEED_OK)
		status = finish_output(e, o.to, err);
	if (status == DEED_OK)
		take_result(&made, out);
	pades_result_clear(&made);
	close_files(&o);
	return status;
}
