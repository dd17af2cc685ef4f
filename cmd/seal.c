/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"
#include "cmd/signing/signing_options.h"

#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/output.h"
#include "judge/parser.h"

struct seal_args {
	struct signing_args signing;
	struct place_args place;
	struct placing_args placing;
	struct level_args level;
	const char *image;
	const char *signer;
	const char *preview;
};

static const struct option options[] = {
	SIGNING_OPTIONS(struct seal_args, signing, "seal", "sealed", true),
	{ OPTION_TEXT(struct seal_args, image), .name = "image",
	  .argument = "FILE", .config = true, .complete = COMPLETE_FILE,
	  .help = "show this one-page PDF or PNG instead of a round seal" },
	PLACE_OPTIONS(struct seal_args, place, "the seal", NULL, "40"),
	PLACING_OPTIONS(struct seal_args, placing, "the seal"),
	SEAM_OPTIONS(struct seal_args, placing),
	{ OPTION_TEXT(struct seal_args, signer), .name = "signer",
	  .argument = "NAME", .config = true,
	  .help = "who acts for the organisation, shown on the seal" },
	{ OPTION_TEXT(struct seal_args, preview), .name = "preview",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "sign nothing: write the one document with the seal shown" },
	LEVEL_OPTIONS(struct seal_args, level),
	{ 0 },
};

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	return outfile_write(arg, bytes.data, bytes.len, err);
}

/* A copy of the document that shows the seal and carries no signature. */
static enum deed_status preview(struct signing *w, const char *path,
				struct deed_error *err)
{
	const struct session *s = w->session;
	struct sign_item item = { .format = SIGN_PDF,
				  .input = s->operand[0],
				  .name = s->operand[0],
				  .appearance = &w->appearance,
				  .document_password = w->document_password };
	struct placing_found place = { .asked = false };
	enum outfile_mode mode = s->force ? OUTFILE_REPLACE : OUTFILE_NEW;
	struct pades_beneath beneath = { .any = false };
	struct outfile *out = NULL;
	struct parser *parser = NULL;
	struct pdf_input *in = NULL;
	enum deed_status status;
	int fd;

	status = file_open_regular(s->operand[0], &fd, err);
	if (status == DEED_OK)
		status = pdf_input_from_fd(fd, s->operand[0], &in, err);
	if (in != NULL)
		pdf_input_set_password(in, w->document_password);
	if (status == DEED_OK)
		status = placing_find(w, 0, &place, &item, err);
	if (status == DEED_OK)
		status = parser_new(&parser, err);
	if (status == DEED_OK && !s->dry_run)
		status = outfile_open(&out, path, 0666, err);
	if (status == DEED_OK)
		status = pades_preview(parser, in, item.appearance,
				       out == NULL ? NULL : write_bytes, out,
				       &beneath, err);
	if (status == DEED_OK && out != NULL)
		status = outfile_commit(out, mode, err);
	if (status == DEED_OK) {
		output_set(w->session, "preview", output_text(path));
		session_say(w->session,
			    "the seal on '%s' would look as in "
			    "'%s'; nothing is signed",
			    s->operand[0], path);
	}
	outfile_free(out);
	parser_free(parser);
	pdf_input_close(in);
	if (fd >= 0)
		(void)close(fd);
	return status;
}

static bool has_place(const struct seal_args *args)
{
	return args->place.position.given || args->placing.at_text != NULL ||
	       args->signing.field != NULL;
}

static enum deed_status check(const struct session *s,
			      const struct seal_args *args,
			      struct deed_error *err)
{
	if (args->preview != NULL &&
	    (s->operand_count != 1 || s->files_from != NULL ||
	     args->signing.manifest != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--preview shows one document");
	if (args->preview != NULL && file_same(args->preview, s->operand[0]))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is the input and the output",
				      args->preview);
	/* In a manifest each document may say it. */
	if (!has_place(args) && args->signing.manifest == NULL &&
	    !args->placing.seam) {
		deed_error_set(err, DEED_USAGE,
			       "where does the seal go? expected --position "
			       "X,Y in millimetres, or --at-text TEXT");
		deed_error_hint(err,
				"the configuration can hold it: "
				"parties.%s.seal.position",
				args->signing.as);
		return DEED_USAGE;
	}
	return DEED_OK;
}

static enum deed_status run(struct session *s, const void *arg,
			    struct deed_error *err)
{
	const struct seal_args *args = arg;
	struct seal_design design = {
		.kind = args->image != NULL ? SEAL_FILE : SEAL_ROUND,
		.file = args->image,
		.x_mm = args->place.position.x,
		.y_mm = args->place.position.y,
		.width_mm = args->place.width.value,
		.preview = args->preview != NULL,
	};
	struct signing w = {
		.session = s,
		.args = &args->signing,
		.level_args = &args->level,
		.signer = args->signer,
		.seal = true,
		.visible = true,
		.placed = args->place.position.given ||
			  args->placing.at_text != NULL,
		.placing = &args->placing,
		.by_text = placing_by_text(s, &args->placing, &args->place),
		.seam = args->placing.seam,
	};
	enum deed_status status;

	placing_design(&args->placing, has_place(args), &design);
	status = check(s, args, err);
	if (status == DEED_OK)
		status = placing_check(s, &args->placing, &args->place, err);
	if (status == DEED_OK)
		status = signing_page(args->place.page, &design.page, err);
	if (status == DEED_OK)
		status = signing_text_page(&w, args->place.page, err);
	if (status == DEED_OK)
		status = signing_open(&w, err);
	if (status == DEED_OK)
		status = signing_draw(&w, &design, err);
	if (status == DEED_OK && args->preview != NULL) {
		status = preview(&w, args->preview, err);
		goto out;
	}
	if (status == DEED_OK)
		status = signing_unlock(&w, err);
	if (status == DEED_OK)
		status = signing_run(&w, err);
out:
	signing_close(&w);
	return status;
}

const struct command command_seal = {
	.name = "seal",
	.operands = "[FILE ...]",
	.summary = "put an organisation's electronic seal on PDFs",
	.options = options,
	.args_size = sizeof(struct seal_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_BATCH |
		 COMMAND_OUTPUT | COMMAND_IN_PLACE,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
