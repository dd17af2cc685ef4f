/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "cmd/frame/batch.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing.h"
#include "judge/parser.h"
#include "sign/pades_field.h"

struct add_args {
	const char *name;
	struct place_args place;
	struct option_length height;
	const char *tooltip;
	const char *before;
	struct option_list lock;
	bool final;
	struct option_list reason;
	const char *document_passphrase;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct add_args, name), .name = "name",
	  .argument = "NAME", .required = true, .help = "what it is called" },
	PLACE_OPTIONS(struct add_args, place, "the field", NULL, NULL),
	{ OPTION_LENGTH(struct add_args, height), .name = "height",
	  .help = "its height in millimetres" },
	{ OPTION_TEXT(struct add_args, tooltip), .name = "tooltip",
	  .argument = "TEXT", .help = "what viewers say of it" },
	{ OPTION_TEXT(struct add_args, before), .name = "before",
	  .argument = "NAME",
	  .help = "the field that it precedes in the order of signing" },
	{ OPTION_LIST(struct add_args, lock), .name = "lock",
	  .argument = "NAME",
	  .help = "a field that nobody fills in once this one is signed; all: "
		  "every field" },
	{ OPTION_FLAG(struct add_args, final), .name = "final",
	  .help = "nothing may follow once it is signed" },
	{ OPTION_LIST(struct add_args, reason), .name = "reason",
	  .argument = "TEXT",
	  .help = "a reason that its signer may state; no other" },
	DOCUMENT_PASSPHRASE_OPTION(struct add_args, document_passphrase),
	{ 0 },
};

struct job {
	struct pades_field_spec spec;
	struct secret *password;
	struct parser *parser;
};

static enum deed_status name_output(void *arg, struct batch_item *item,
				    char **out, struct deed_error *err)
{
	(void)arg;
	*out = operand_marked(item->input, "fields");
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

static enum deed_status write_bytes(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	return outfile_write(arg, bytes.data, bytes.len, err);
}

/* With -n all but the writing is done, so that a name that is taken is found.
 * The file is synced before it gets its name. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	enum outfile_mode mode = item->replace ? OUTFILE_REPLACE : OUTFILE_NEW;
	const struct job *job = arg;
	struct outfile *out = NULL;
	struct pdf_input *in = NULL;
	enum deed_status status;

	status = pdf_input_open(item->path, &in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(in, job->password);
	if (!item->session->dry_run)
		status = outfile_open(&out, item->output, 0666, err);
	if (status == DEED_OK)
		status = pades_field_add(job->parser, in, &job->spec,
					 out == NULL ? NULL : write_bytes, out,
					 err);
	if (status == DEED_OK && out != NULL)
		status = outfile_sync(out, err);
	if (status == DEED_OK && out != NULL)
		status = outfile_commit(out, mode, err);
	if (status == DEED_OK)
		buf_printf(&item->said,
			   item->session->dry_run
				   ? "the field '%s' would be put into '%s'"
				   : "the field '%s' is in '%s'",
			   job->spec.name,
			   item->session->dry_run ? item->input
						  : item->output_name);
	outfile_free(out);
	pdf_input_close(in);
	return status;
}

/* Part of a place is none: a field without a place is not to be seen, and that
 * must be meant.  A full stop would make it a child of another field (ISO
 * 32000-2 12.7.4.2). */
static enum deed_status check(const struct add_args *args,
			      struct deed_error *err)
{
	bool place = args->place.position.given;

	if (place != args->place.width.given || place != args->height.given)
		return deed_error_set(err, DEED_USAGE,
				      "a place is --position, --width and "
				      "--height together");
	if (strchr(args->name, '.') != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--name '%s': a field that stands alone "
				      "has no full stop in its name",
				      args->name);
	return DEED_OK;
}

/* Texts are borrowed from the options, which outlive the batch. */
static void fill_spec(const struct add_args *args, struct pades_field_spec *out)
{
	size_t i;

	out->name = args->name;
	out->tooltip = args->tooltip;
	out->has_place = args->place.position.given;
	out->x_mm = args->place.position.x;
	out->y_mm = args->place.position.y;
	out->width_mm = args->place.width.value;
	out->height_mm = args->height.value;
	out->before = args->before;
	out->locks = args->lock.item;
	out->lock_count = args->lock.count;
	for (i = 0; i < args->lock.count; i++)
		out->lock_all =
			out->lock_all || strcmp(args->lock.item[i], "all") == 0;
	out->final = args->final;
	out->reasons = args->reason.item;
	out->reason_count = args->reason.count;
}

/* Neither a home nor a key is needed: an empty field binds nobody. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	static const struct batch batch = {
		.array = "documents",
		.name = name_output,
		.work = work,
	};
	const struct add_args *args = arguments;
	struct job job = { .password = NULL };
	enum deed_status status;

	status = check(args, err);
	fill_spec(args, &job.spec);
	if (status == DEED_OK)
		status = signing_page(args->place.page, &job.spec.page, err);
	if (status == DEED_OK)
		status = document_password(s, args->document_passphrase,
					   &job.password, err);
	if (status == DEED_OK)
		status = parser_new(&job.parser, err);
	if (status == DEED_OK) {
		output_set(s, "field", output_text(args->name));
		status = batch_run(s, &batch, &job, err);
	}
	parser_free(job.parser);
	secret_free(job.password);
	return status;
}

const struct command command_field_add = {
	.name = "field add",
	.operands = "[FILE ...]",
	.summary = "put an empty signature field into PDFs",
	.options = options,
	.args_size = sizeof(struct add_args),
	.flags = COMMAND_WRITES | COMMAND_BATCH | COMMAND_OUTPUT |
		 COMMAND_IN_PLACE,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
