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

static enum deed_status open_input(const struct sign_elsewhere *e, int *fd,
				   struct pdf_input **in,
				   struct deed_error *err)
{
	enum deed_status status;

	*in = NULL;
	status = file_open_regular(e->input, fd, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(*fd, e->input, in, err);
	if (status == DEED_OK)
		pdf_input_set_password(*in, e->document_password);
	return status;
}

static void take_result(struct pades_result *made, struct sign_place *out)
{
	out->field = made->field;
	made->field = NULL;
	memcpy(out->byte_range, made->byte_range, sizeof(out->byte_range));
	memcpy(out->sha256, made->sha256, sizeof(out->sha256));
	out->size = made->size;
}

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

static enum deed_status prepare_into(const struct sign_elsewhere *e,
				     const struct pdf_input *in, int fd,
				     struct parser *parser, struct outfile *to,
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
		.despite = e->despite,
		.parser = parser,
		.fd = fd,
	};
	enum deed_status status = DEED_OK;

	out->alg = DIGEST_SHA256;
	if (e->certificate != NULL)
		status = pades_digest_for(e->certificate, &out->alg, err);
	if (status == DEED_OK)
		status = pades_prepare(
			in, &params, e->space, out->alg, out->digest,
			to == NULL ? NULL : write_bytes, to, &made, err);
	out->told = made.told;
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
	struct parser *parser = NULL;
	struct pdf_input *in = NULL;
	struct outfile *to = NULL;
	enum deed_status status;
	int fd;

	memset(out, 0, sizeof(*out));
	status = open_input(e, &fd, &in, err);
	if (status == DEED_OK)
		status = parser_new(&parser, err);
	if (status == DEED_OK && !e->dry_run)
		status = outfile_open(&to, e->output, 0666, err);
	if (status == DEED_OK)
		status = prepare_into(e, in, fd, parser, to, out, err);
	if (status == DEED_OK)
		status = finish_output(e, to, err);
	outfile_free(to);
	pdf_input_close(in);
	parser_free(parser);
	if (fd >= 0)
		(void)close(fd);
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
	struct parser *parser = NULL;
	struct pdf_input *in = NULL;
	struct outfile *to = NULL;
	enum deed_status status;
	int fd;

	memset(out, 0, sizeof(*out));
	status = open_input(e, &fd, &in, err);
	if (status == DEED_OK)
		status = parser_new(&parser, err);
	if (status == DEED_OK && !e->dry_run)
		status = outfile_open(&to, e->output, 0666, err);
	if (status == DEED_OK)
		status =
			sign_complete_into(parser, in, e->cms, e->certificate,
					   e->now, &e->despite, to, &made, err);
	out->told = made.told;
	if (status == DEED_OK)
		status = finish_output(e, to, err);
	if (status == DEED_OK)
		take_result(&made, out);
	pades_result_clear(&made);
	outfile_free(to);
	pdf_input_close(in);
	parser_free(parser);
	if (fd >= 0)
		(void)close(fd);
	return status;
}
