/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/batch.h"
#include "cmd/operands.h"
#include "cmd/secret.h"
#include "draw/draw.h"
#include "office/home.h"
#include "office/sign.h"

struct sign_args {
	const char *as;
	const char *passphrase;
	bool detached;
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

/* One run of the command. */
struct work {
	struct session *session;
	const struct sign_args *args;
	struct home *home;
	struct sign_group *group;
	struct drawing drawing;
	struct pades_appearance appearance;
	char contents[512];
};

/* One document. */
struct one {
	struct sign_item item;
	struct sign_result result;
};

/* ---- what is to be shown ---- */

static enum deed_status parse_page(const char *text, long *page,
				   struct deed_error *err)
{
	char *end;

	*page = -1;
	if (!strcmp(text, "last"))
		return DEED_OK;
	errno = 0;
	*page = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || *page == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--page '%s': expected a number from 1, "
				      "or from -1 for the last, or last",
				      text);
	return DEED_OK;
}

static enum deed_status draw_box(struct work *w, struct deed_error *err)
{
	const struct sign_args *args = w->args;
	const char *name = sign_group_name(w->group);
	struct draw_spec spec = { .kind = DRAW_BOX, .name = name };
	struct artist *artist = NULL;
	enum deed_status status;
	char when[CLOCK_TEXT];
	int n = 0;

	clock_format(w->session->now, when);
	spec.width_mm = args->width.value;
	spec.time = w->session->now;
	spec.lines[n++] = when;
	if (args->reason != NULL)
		spec.lines[n++] = args->reason;
	if (args->location != NULL)
		spec.lines[n++] = args->location;
	status = artist_new(&artist, err);
	if (status == DEED_OK)
		status = artist_draw(artist, &spec, &w->drawing, err);
	artist_free(artist);
	snprintf(w->contents, sizeof(w->contents), "Signed by %.400s, %s", name,
		 when);
	w->appearance.pdf = buf_get(&w->drawing.pdf);
	w->appearance.x_mm = args->position.x;
	w->appearance.y_mm = args->position.y;
	w->appearance.width_mm = args->width.value;
	w->appearance.contents = w->contents;
	return status;
}

/* ---- one document ---- */

static void fill_item(const struct work *w, const struct batch_item *item,
		      struct sign_item *out)
{
	memset(out, 0, sizeof(*out));
	out->format = w->args->detached ? SIGN_DETACHED : SIGN_PDF;
	out->input = item->path;
	out->name = item->input;
	out->output = item->output;
	out->mode = item->replace ? OUTFILE_REPLACE : OUTFILE_NEW;
	out->dry_run = w->session->dry_run;
	out->field = w->args->field;
	out->reason = w->args->reason;
	out->location = w->args->location;
	out->appearance = w->args->visible ? &w->appearance : NULL;
}

static enum deed_status name_output(void *arg, const char *input, char **out,
				    struct deed_error *err)
{
	const struct work *w = arg;

	*out = w->args->detached ? operand_suffixed(input, ".p7s")
				 : operand_marked(input, "signed");
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	const struct work *w = arg;
	struct sign_item it;
	enum deed_status status;

	fill_item(w, item, &it);
	status = sign_group_already(w->group, &it, &item->already, err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said, "'%s' is signed already: '%s'",
			   item->input, item->output_name);
	return status;
}

static enum deed_status sign_one(void *arg, struct batch_item *item,
				 struct deed_error *err)
{
	const struct work *w = arg;
	struct one *one = calloc(1, sizeof(*one));

	if (one == NULL)
		return deed_error_memory(err);
	item->data = one;
	fill_item(w, item, &one->item);
	sign_group_add(w->group, &one->item, &one->result);
	if (one->result.status != DEED_OK && err != NULL)
		*err = one->result.error;
	return one->result.status;
}

static void describe(const struct work *w, struct batch_item *item)
{
	const struct sign_result *r = &((struct one *)item->data)->result;

	if (r->field != NULL)
		(void)json_object_set_new(item->json, "field",
					  output_text(r->field));
	(void)json_object_set_new(item->json, "sha256",
				  output_sha256(r->sha256));
	(void)json_object_set_new(item->json, "size",
				  json_integer((json_int_t)r->size));
	if (w->session->dry_run) {
		buf_printf(&item->said, "'%s' could be signed as %s",
			   item->input, w->args->as);
		return;
	}
	(void)json_object_set_new(item->json, "event",
				  json_integer((json_int_t)r->log_index));
	buf_printf(&item->said, "signed '%s' as %s: '%s', event %llu",
		   item->input, w->args->as, item->output_name,
		   (unsigned long long)r->log_index);
}

static enum deed_status commit(void *arg, struct batch_item *const items[],
			       size_t count, struct deed_error *err)
{
	struct work *w = arg;
	struct sign_result **results =
		calloc(count, sizeof(struct sign_result *));
	size_t i;

	if (results == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		results[i] = &((struct one *)items[i]->data)->result;
	sign_group_commit(w->group, results, count);
	for (i = 0; i < count; i++) {
		items[i]->status = results[i]->status;
		items[i]->error = results[i]->error;
		if (results[i]->status == DEED_OK)
			describe(w, items[i]);
	}
	free(results);
	return DEED_OK;
}

static void release(void *arg, struct batch_item *item)
{
	struct one *one = item->data;

	(void)arg;
	if (one != NULL)
		sign_result_clear(&one->result);
	free(one);
	item->data = NULL;
}

/* ---- the command ---- */

static enum deed_status check(const struct sign_args *args,
			      struct deed_error *err)
{
	if (args->detached && (args->visible || args->field != NULL ||
			       args->reason != NULL || args->location != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--detached writes no PDF: --visible, "
				      "--field, --reason and --location say "
				      "nothing there");
	return DEED_OK;
}

static enum deed_status unlock(struct work *w, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = w->args->passphrase,
		.option = "--passphrase",
		.key = w->args->as,
		.owner = w->args->as,
	};
	struct secret *passphrase = NULL;
	enum deed_status status;

	status = passphrase_get(w->session, &request, &passphrase, err);
	if (status == DEED_OK)
		status = sign_group_unlock(w->group, passphrase, err);
	secret_free(passphrase);
	return status;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	static const struct batch batch = {
		.array = "documents",
		.group = SIGN_GROUP_MAX,
		.name = name_output,
		.already = already,
		.work = sign_one,
		.commit = commit,
		.release = release,
	};
	struct work w = { .session = s, .args = args, .drawing = DRAWING_INIT };
	enum deed_status status;

	status = check(args, err);
	if (status == DEED_OK)
		status = parse_page(w.args->page, &w.appearance.page, err);
	if (status == DEED_OK)
		status = home_open(session_home(s), &w.home, err);
	if (status == DEED_OK)
		status = sign_group_open(w.home, w.args->as, s->now,
					 (unsigned)s->wait, &w.group, err);
	if (status == DEED_OK && w.args->visible)
		status = draw_box(&w, err);
	if (status == DEED_OK)
		status = unlock(&w, err);
	if (status == DEED_OK) {
		output_set(s, "party", output_text(w.args->as));
		status = batch_run(s, &batch, &w, err);
	}
	buf_clear(&w.drawing.pdf);
	sign_group_close(w.group);
	home_close(w.home);
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
