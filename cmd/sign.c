/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing.h"

struct sign_args {
	const char *as;
	const char *passphrase;
	bool detached;
	const char *bundle;
	const char *field;
	const char *reason;
	const char *location;
	bool visible;
	const char *page;
	struct option_point position;
	struct option_length width;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct sign_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY, .required = true,
	  .help = "sign as this party" },
	{ OPTION_PASSPHRASE(struct sign_args, passphrase), .name = "passphrase",
	  .help = "where the party's passphrase comes from" },
	{ OPTION_FLAG(struct sign_args, detached), .name = "detached",
	  .help = "write the signature alone, as NAME.p7s beside any file" },
	{ OPTION_TEXT(struct sign_args, bundle), .name = "bundle",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "sign all files together, in one ASiC-E container" },
	{ OPTION_TEXT(struct sign_args, field), .name = "field",
	  .argument = "NAME", .help = "fill this signature field, or make it" },
	{ OPTION_TEXT(struct sign_args, reason), .name = "reason",
	  .argument = "TEXT", .config = true,
	  .help = "why it is signed, as the PDF states it" },
	{ OPTION_TEXT(struct sign_args, location), .name = "location",
	  .argument = "TEXT", .config = true,
	  .help = "the town where it is signed, as the PDF states it" },
	{ OPTION_FLAG(struct sign_args, visible), .name = "visible",
	  .help = "show a signature box on the page" },
	{ OPTION_TEXT(struct sign_args, page), .name = "page", .argument = "N",
	  .config = true, .initial = "last",
	  .help = "the page of the box; -1 and last are the last one" },
	{ OPTION_POINT(struct sign_args, position), .name = "position",
	  .config = true, .initial = "20,20",
	  .help = "its top left corner, in millimetres from the left and top "
		  "edge of the page" },
	{ OPTION_LENGTH(struct sign_args, width), .name = "width",
	  .config = true, .initial = "60", .help = "its width in millimetres" },
	{ 0 },
};

static enum deed_status check(const struct session *s,
			      const struct sign_args *args,
			      struct deed_error *err)
{
	if (args->detached && args->bundle != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--detached and --bundle exclude each "
				      "other");
	if ((args->detached || args->bundle != NULL) &&
	    (args->visible || args->field != NULL || args->reason != NULL ||
	     args->location != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--detached and --bundle write no PDF: "
				      "--visible, --field, --reason and "
				      "--location say nothing there");
	if (args->bundle != NULL &&
	    (s->output != NULL || s->in_place || s->output_directory != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--bundle names the output: -o, -O and "
				      "--in-place exclude it");
	return DEED_OK;
}

static enum deed_status run(struct session *s, const void *arg,
			    struct deed_error *err)
{
	const struct sign_args *args = arg;
	struct seal_design design = {
		.kind = SEAL_BOX,
		.x_mm = args->position.x,
		.y_mm = args->position.y,
		.width_mm = args->width.value,
	};
	struct signing w = {
		.session = s,
		.party = args->as,
		.passphrase = args->passphrase,
		.field = args->field,
		.reason = args->reason,
		.location = args->location,
		.detached = args->detached,
	};
	enum deed_status status;

	status = check(s, args, err);
	if (status == DEED_OK)
		status = signing_page(args->page, &design.page, err);
	if (status == DEED_OK)
		status = signing_open(&w, err);
	if (status == DEED_OK && args->visible)
		status = signing_draw(&w, &design, err);
	if (status == DEED_OK)
		status = signing_unlock(&w, err);
	if (status == DEED_OK)
		status = args->bundle != NULL
				 ? signing_bundle(&w, args->bundle, err)
				 : signing_run(&w, err);
	signing_close(&w);
	return status;
}

const struct command command_sign = {
	.name = "sign",
	.operands = "[FILE ...]",
	.summary = "sign documents as a party",
	.options = options,
	.args_size = sizeof(struct sign_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_BATCH |
		 COMMAND_OUTPUT | COMMAND_IN_PLACE,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
