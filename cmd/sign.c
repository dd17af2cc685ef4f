/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/sign_elsewhere.h"
#include "cmd/signing/signing.h"
#include "cmd/signing/signing_options.h"

/* Where a box stands unless told, from the left and the top: there, or where
 * it is free. */
#define BOX_MM 20.0

struct sign_args {
	struct signing_args signing;
	struct place_args place;
	struct placing_args placing;
	struct level_args level;
	struct elsewhere_args elsewhere;
	bool detached;
	bool counter;
	const char *bundle;
	bool visible;
	const char *image;
	const char *preview;
};

/* What only a PDF can state. */
#define NOT_PDF "visible field reason location certify final"

static const struct option options[] = {
	SIGNING_OPTIONS(struct sign_args, signing, "sign", "signed", false),
	{ OPTION_FLAG(struct sign_args, detached), .name = "detached",
	  .excludes = "bundle " NOT_PDF,
	  .help = "write the signature alone, as NAME.p7s beside any file" },
	{ OPTION_FLAG(struct sign_args, counter), .name = "counter-sign",
	  .excludes = "detached bundle " NOT_PDF,
	  .help = "sign the signatures in .p7s files, not their content" },
	{ OPTION_TEXT(struct sign_args, bundle), .name = "bundle",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .excludes = "manifest output output-directory in-place " NOT_PDF,
	  .help = "sign all files together, in one ASiC-E container" },
	{ OPTION_FLAG(struct sign_args, visible), .name = "visible",
	  .help = "show a signature box on the page" },
	{ OPTION_TEXT(struct sign_args, image), .name = "image",
	  .argument = "FILE", .config = true, .complete = COMPLETE_FILE,
	  .help = "a PNG or JPEG in the box, such as a signature by hand" },
	{ OPTION_TEXT(struct sign_args, preview), .name = "preview",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .excludes =
		  "files-from manifest detached counter-sign bundle prepare "
		  "complete",
	  .help = "sign nothing: write the one document with the box shown" },
	PLACE_OPTIONS(struct sign_args, place, "the box", NULL, "60"),
	PLACING_OPTIONS(struct sign_args, placing, "the box"),
	LEVEL_OPTIONS(struct sign_args, level),
	ELSEWHERE_OPTIONS(struct sign_args, elsewhere),
	{ 0 },
};

/* The option is the seal's, too, which is always to be seen. */
static enum deed_status check_text(const struct session *s,
				   const struct sign_args *args,
				   struct deed_error *err)
{
	if (option_given(s, "at-text") && !args->visible &&
	    args->preview == NULL && args->signing.manifest == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--at-text says where a box stands: it "
				      "needs --visible");
	return DEED_OK;
}

/* All is checked and drawn before the key is unlocked.  Signing elsewhere
 * needs no key of ours and draws nothing: it goes its own way first. */
static enum deed_status run(struct session *s, const void *arg,
			    struct deed_error *err)
{
	const struct sign_args *args = arg;
	bool by_text = placing_by_text(s, &args->placing, &args->place);
	struct seal_design design = {
		.kind = SEAL_BOX,
		.file = args->image,
		.x_mm = args->place.position.given ? args->place.position.x
						   : BOX_MM,
		.y_mm = args->place.position.given ? args->place.position.y
						   : BOX_MM,
		.anywhere = by_text || !args->place.position.given,
		.width_mm = args->place.width.value,
	};
	struct signing w = {
		.session = s,
		.args = &args->signing,
		.level_args = &args->level,
		.detached = args->detached,
		.counter = args->counter,
		.visible = args->visible || args->preview != NULL,
		.placing = &args->placing,
		/* In a manifest each document may have a box. */
		.by_text = by_text && (args->visible || args->preview != NULL ||
				       args->signing.manifest != NULL),
	};
	enum deed_status status;

	status = elsewhere_check(s, &args->elsewhere, &args->signing, err);
	if (status == DEED_OK)
		status = check_text(s, args, err);
	if (status == DEED_OK &&
	    (args->elsewhere.prepare || args->elsewhere.complete)) {
		status = elsewhere_run(&w, &args->elsewhere, err);
		signing_close(&w);
		return status;
	}
	placing_design(&args->placing, true, &design);
	if (status == DEED_OK)
		status = placing_check(s, &args->placing, &args->place, err);
	if (status == DEED_OK)
		status = signing_check_preview(s, args->preview, err);
	if (status == DEED_OK)
		status = signing_ready(&w, args->place.page, &design, err);
	if (status == DEED_OK && args->preview != NULL) {
		status = signing_preview(&w, args->preview, err);
		signing_close(&w);
		return status;
	}
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
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
