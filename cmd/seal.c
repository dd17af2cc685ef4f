/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"
#include "cmd/signing/signing_options.h"

#include "cmd/frame/operands.h"

struct seal_args {
	struct signing_args signing;
	struct place_args place;
	struct placing_args placing;
	struct level_args level;
	const char *image;
	int shape; /* index into shapes */
	const char *purpose;
	const char *number;
	const char *emblem;
	const char *font;
	bool no_date;
	const char *signer;
	const char *preview;
};

static const char *const shapes[] = { "round", "square", NULL };
#define SHAPE_SQUARE 1

/* How wide they are unless told. */
#define ROUND_MM 40.0
#define SQUARE_MM 20.0

static const struct option options[] = {
	SIGNING_OPTIONS(struct seal_args, signing, "seal", "sealed", true),
	{ OPTION_TEXT(struct seal_args, image), .name = "image",
	  .argument = "FILE", .config = true, .complete = COMPLETE_FILE,
	  .excludes = "shape purpose number no-date emblem font",
	  .help = "show this PNG, JPEG or one-page PDF instead of a seal that "
		  "is drawn" },
	{ OPTION_CHOICE(struct seal_args, shape), .name = "shape",
	  .words = shapes, .config = true, .initial = "round",
	  .help = "a round seal of an organisation, 40 mm wide, or a square "
		  "one with a name, 20 mm wide, which a person may have" },
	{ OPTION_TEXT(struct seal_args, purpose), .name = "purpose",
	  .argument = "TEXT", .config = true,
	  .help = "what the seal is for, in the middle of the round one" },
	{ OPTION_TEXT(struct seal_args, number), .name = "number",
	  .argument = "TEXT", .config = true,
	  .help = "the number of the seal, along its lower edge" },
	{ OPTION_FLAG(struct seal_args, no_date), .name = "no-date",
	  .config = true, .help = "show no date on the round seal" },
	{ OPTION_TEXT(struct seal_args, emblem), .name = "emblem",
	  .argument = "star|none|FILE", .config = true,
	  .complete = COMPLETE_FILE,
	  .help = "what stands in the middle of the round seal: a star, "
		  "nothing, or a PNG or JPEG" },
	{ OPTION_TEXT(struct seal_args, font), .name = "font",
	  .argument = "NAME", .config = true,
	  .help = "the font of the seal, by its family" },
	PLACE_OPTIONS(struct seal_args, place, "the seal", NULL, NULL),
	PLACING_OPTIONS(struct seal_args, placing, "the seal"),
	SEAM_OPTIONS(struct seal_args, placing),
	{ OPTION_TEXT(struct seal_args, signer), .name = "signer",
	  .argument = "NAME", .config = true,
	  .help = "who acts for the organisation, shown on the seal" },
	{ OPTION_TEXT(struct seal_args, preview), .name = "preview",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .excludes = "files-from manifest",
	  .help = "sign nothing: write the one document with the seal shown" },
	LEVEL_OPTIONS(struct seal_args, level),
	{ 0 },
};

/* Words of --emblem; another is a file. */
static enum seal_emblem emblem_of(const char *word)
{
	if (word == NULL)
		return SEAL_EMBLEM_BY_NAME;
	if (strcmp(word, "star") == 0)
		return SEAL_EMBLEM_STAR;
	return strcmp(word, "none") == 0 ? SEAL_EMBLEM_NONE : SEAL_EMBLEM_FILE;
}

/* What is given and the seal would not show. */
static enum deed_status check_look(const struct session *s,
				   const struct seal_args *args,
				   struct deed_error *err)
{
	static const char *const round[] = { "purpose", "number", "no-date",
					     "emblem", NULL };
	const char *given = NULL;

	if (args->shape == SHAPE_SQUARE)
		given = operand_given(s, round);
	if (given != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "a square seal shows a name alone: --%s "
				      "says nothing there",
				      given);
	return DEED_OK;
}

static bool has_place(const struct seal_args *args)
{
	return args->place.position.given || args->placing.at_text != NULL ||
	       args->signing.field != NULL;
}

/* A seal that stands nowhere in particular could cover what is agreed: there
 * is no default place, unlike for a box. */
static enum deed_status check(const struct session *s,
			      const struct seal_args *args,
			      struct deed_error *err)
{
	enum deed_status status = check_look(s, args, err);

	if (status == DEED_OK)
		status = signing_check_preview(s, args->preview, err);
	if (status != DEED_OK)
		return status;
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

/* What the configuration says of the round seal is dropped for a square one
 * and for an image, rather than refused: only the command line says what is
 * meant now. */
static struct seal_design design_of(const struct seal_args *args)
{
	bool square = args->shape == SHAPE_SQUARE;
	struct seal_design d = {
		.kind = square ? SEAL_SQUARE : SEAL_ROUND,
		.purpose = args->purpose,
		.number = args->number,
		.font = args->font,
		.no_date = args->no_date,
		.emblem = emblem_of(args->emblem),
		.x_mm = args->place.position.x,
		.y_mm = args->place.position.y,
		.width_mm = args->place.width.given ? args->place.width.value
			    : square		    ? SQUARE_MM
						    : ROUND_MM,
	};

	if (args->image != NULL) {
		d = (struct seal_design){ .kind = SEAL_FILE,
					  .file = args->image,
					  .x_mm = d.x_mm,
					  .y_mm = d.y_mm,
					  .width_mm = d.width_mm };
	} else if (square) {
		/* What the configuration has is for the round one. */
		d.purpose = d.number = NULL;
		d.emblem = SEAL_EMBLEM_NONE;
	} else if (d.emblem == SEAL_EMBLEM_FILE) {
		d.file = args->emblem;
	}
	return d;
}

/* What the seal shows is drawn before the passphrase is asked for, so that
 * --preview needs none and a bad image costs no typing. */
static enum deed_status run(struct session *s, const void *arg,
			    struct deed_error *err)
{
	const struct seal_args *args = arg;
	struct seal_design design = design_of(args);
	struct signing w = {
		.session = s,
		.args = &args->signing,
		.level_args = &args->level,
		.signer = args->signer,
		.seal = true,
		.name_seal = design.kind == SEAL_SQUARE,
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
		status = signing_ready(&w, args->place.page, &design, err);
	if (status == DEED_OK && args->preview != NULL) {
		status = signing_preview(&w, args->preview, err);
	} else {
		if (status == DEED_OK)
			status = signing_unlock(&w, err);
		if (status == DEED_OK)
			status = signing_run(&w, err);
	}
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
