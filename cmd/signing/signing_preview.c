/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/output.h"
#include "judge/parser.h"

enum deed_status signing_check_preview(const struct session *s,
				       const char *path, struct deed_error *err)
{
	if (path == NULL)
		return DEED_OK;
	if (s->operand_count != 1)
		return deed_error_set(err, DEED_USAGE,
				      "--preview shows one document");
	if (strcmp(s->operand[0], "-") == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--preview shows a file, not standard "
				      "input");
	if (file_same(path, s->operand[0]))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is the input and the output", path);
	return DEED_OK;
}

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	return outfile_write(arg, bytes.data, bytes.len, err);
}

/* The same text is sought and the same appearance put as in signing, so that
 * what is shown is what would be signed. */
static enum deed_status draft(struct signing *w, const struct pdf_input *in,
			      struct outfile *out, struct deed_error *err)
{
	const char *input = w->session->operand[0];
	struct sign_item item = { .format = SIGN_PDF,
				  .input = input,
				  .name = input,
				  .appearance = &w->appearance,
				  .document_password = w->document_password };
	struct placing_found place = { .asked = false };
	struct pades_beneath beneath = { .any = false };
	struct parser *parser = NULL;
	enum deed_status status;

	status = placing_find(w, 0, &place, &item, err);
	if (status == DEED_OK)
		status = parser_new(&parser, err);
	if (status == DEED_OK)
		status = pades_preview(parser, in, item.appearance,
				       out == NULL ? NULL : write_bytes, out,
				       &beneath, err);
	if (status == DEED_OK)
		signing_warn_beneath(w, &beneath, input,
				     output_json(w->session));
	parser_free(parser);
	return status;
}

/* In a dry run there is no file to look at. */
static void say_shown(struct signing *w, const char *path)
{
	struct session *s = w->session;
	const char *what = w->seal ? "seal" : "box";

	if (s->dry_run) {
		session_say(s,
			    "the %s on '%s' could be shown; nothing is "
			    "written",
			    what, s->operand[0]);
		return;
	}
	output_set(s, "preview", output_text(path));
	session_say(s,
		    "the %s on '%s' would look as in '%s'; nothing is signed",
		    what, s->operand[0], path);
}

enum deed_status signing_preview(struct signing *w, const char *path,
				 struct deed_error *err)
{
	const struct session *s = w->session;
	enum outfile_mode mode = s->force ? OUTFILE_REPLACE : OUTFILE_NEW;
	struct outfile *out = NULL;
	struct pdf_input *in = NULL;
	enum deed_status status;
	int fd;

	status = file_open_regular(s->operand[0], &fd, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(fd, s->operand[0], &in, err);
	if (in != NULL)
		pdf_input_set_password(in, w->document_password);
	if (status == DEED_OK && !s->dry_run)
		status = outfile_open(&out, path, 0666, err);
	if (status == DEED_OK)
		status = draft(w, in, out, err);
	if (status == DEED_OK && out != NULL)
		status = outfile_commit(out, mode, err);
	if (status == DEED_OK) {
		say_shown(w, path);
	}
	outfile_free(out);
	pdf_input_close(in);
	if (fd >= 0)
		(void)close(fd);
	return status;
}
