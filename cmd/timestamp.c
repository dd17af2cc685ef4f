/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/batch.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing.h"
#include "cmd/signing/signing_options.h"
#include "cmd/signing/timestamping.h"
#include "judge/parser.h"
#include "office/document/sign.h"
#include "office/document/timestamp.h"

struct timestamp_args {
	bool detached;
	bool again;
	const char *document_passphrase;
	struct tsa_args tsa;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct timestamp_args, detached), .name = "detached",
	  .excludes = "in-place",
	  .help = "write the time-stamp alone, as NAME.tst beside any file" },
	{ OPTION_FLAG(struct timestamp_args, again), .name = "again",
	  .help = "stamp what this command has made once more" },
	TSA_OPTIONS(struct timestamp_args, tsa),
	DOCUMENT_PASSPHRASE_OPTION(struct timestamp_args, document_passphrase),
	{ 0 },
};

/* What the items share. */
struct job {
	const struct tsa_set *set;
	const struct secret *document_password;
	struct parser *parser;
	bool detached;
	bool again;
};

static enum timestamp_format format_of(const struct job *job, const char *path)
{
	if (job->detached)
		return TIMESTAMP_DETACHED;
	return operand_has_suffix(path, ".pdf") || sign_is_pdf(path)
		       ? TIMESTAMP_PDF
		       : TIMESTAMP_ASIC;
}

/* By the name and, where that says nothing, by the first bytes: a PDF keeps
 * its kind, anything else goes beside or around it. */
static enum deed_status name_output(void *arg, struct batch_item *item,
				    char **out, struct deed_error *err)
{
	const struct job *job = arg;

	switch (format_of(job, item->input)) {
	case TIMESTAMP_DETACHED:
		item->product = operand_has_suffix(item->input, ".tst");
		*out = operand_suffixed(item->input, ".tst");
		break;
	case TIMESTAMP_ASIC:
		item->product = operand_has_suffix(item->input, ".asics");
		*out = operand_suffixed(item->input, ".asics");
		break;
	case TIMESTAMP_PDF:
		item->product = operand_is_marked(item->input, "stamped");
		*out = operand_marked(item->input, "stamped");
		break;
	}
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* By the path that is opened, not the name that was given: standard input has
 * been spooled by now. */
static void fill_item(const struct job *job, const struct batch_item *item,
		      struct timestamp_item *out)
{
	*out = (struct timestamp_item){
		.format = format_of(job, item->path),
		.input = item->path,
		.name = item->input,
		.output = item->output,
		.mode = item->replace ? OUTFILE_REPLACE : OUTFILE_NEW,
		.dry_run = item->session->dry_run,
		.now = item->session->now,
		.document_password = job->document_password,
		.parser = job->parser,
	};
}

/* Only a PDF can hold a time-stamp inside of it, so that --in-place means
 * nothing for other files: it would put a container in their place. */
static enum deed_status check_kind(const struct batch_item *item,
				   const struct timestamp_item *it,
				   struct deed_error *err)
{
	static const char *const only[] = { "document-passphrase", NULL };
	struct operand_kind kind = {
		.path = item->path,
		.name = item->input,
		.output = item->output_name,
		.pdf = it->format == TIMESTAMP_PDF,
		.option = operand_given(item->session, only),
	};

	if (item->session->in_place)
		kind.option = "in-place";
	return operand_check_kind(&kind, err);
}

/* An output that stamps something else, or whose time-stamp is not intact, is
 * not taken for this one's. */
static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	struct timestamp_item it;
	enum deed_status status;

	fill_item(arg, item, &it);
	status = check_kind(item, &it, err);
	if (status == DEED_OK)
		status = timestamp_already(&it, &item->already, err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said, "'%s' is stamped already: '%s'",
			   item->input, item->output_name);
	return status;
}

/* A product of an earlier run.  In place a further time-stamp is what is
 * asked for: it may be there to renew the one before. */
static enum deed_status itself(void *arg, struct batch_item *item,
			       struct deed_error *err)
{
	const struct job *job = arg;
	struct timestamp_item it;
	enum deed_status status;

	if (job->again || item->session->in_place)
		return DEED_OK;
	fill_item(job, item, &it);
	status = timestamp_ends(&it, &item->already, err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said,
			   "'%s' is stamped already; --again does it once more",
			   item->input);
	return status;
}

/* The time is the authority's, as it stands in the token; with -n nobody was
 * asked and there is none. */
static void describe(const struct timestamp_result *r, struct batch_item *item)
{
	char time[CLOCK_TEXT];

	if (item->session->dry_run) {
		buf_printf(&item->said, "'%s' would be stamped: '%s'",
			   item->input, item->output_name);
		return;
	}
	clock_format(r->time, time);
	(void)json_object_set_new(item->json, "time", output_time(r->time));
	(void)json_object_set_new(item->json, "authority",
				  output_text(r->authority));
	(void)json_object_set_new(item->json, "sha256",
				  output_sha256(r->sha256));
	(void)json_object_set_new(item->json, "size",
				  json_integer((json_int_t)r->size));
	buf_printf(&item->said, "stamped '%s': '%s', %s by %s", item->input,
		   item->output_name, time, r->authority);
}

/* Of the authorities the one that answered last is asked first and another
 * where it fails, so that one which is down does not cost each document its
 * time. */
static enum deed_status timestamp_one(void *arg, struct batch_item *item,
				      struct deed_error *err)
{
	const struct job *job = arg;
	struct timestamp_result result;
	struct timestamp_item it;
	enum deed_status status;

	fill_item(job, item, &it);
	status = check_kind(item, &it, err);
	if (status == DEED_OK)
		status = timestamp_file(job->set, &it, &result, err);
	if (status == DEED_OK)
		describe(&result, item);
	return status;
}

/* A command that exists to stamp fails at once where it cannot, unlike
 * signing, whose level may need no authority. */
static enum deed_status check_authority(const struct session *s,
					const struct timestamping *t,
					struct deed_error *err)
{
	if (t->set != NULL)
		return DEED_OK;
	deed_error_set(err, DEED_USAGE,
		       s->offline ? "--offline forbids asking an authority"
				  : "no time-stamp authority is named");
	if (!s->offline)
		deed_error_hint(err, "--tsa URL names one, or timestamp.tsa "
				     "in the configuration");
	return DEED_USAGE;
}

/* Nothing of the home is needed: a time-stamp says when, not who. */
static enum deed_status run(struct session *s, const void *arg,
			    struct deed_error *err)
{
	static const struct batch batch = {
		.array = "documents",
		.done = "stamped",
		.name = name_output,
		.itself = itself,
		.already = already,
		.work = timestamp_one,
	};
	const struct timestamp_args *args = arg;
	struct timestamping t = TIMESTAMPING_INIT;
	struct secret *password = NULL;
	struct job job = { .detached = args->detached, .again = args->again };
	enum deed_status status;

	status = timestamping_open(s, &args->tsa, &t, err);
	if (status == DEED_OK)
		status = check_authority(s, &t, err);
	if (status == DEED_OK)
		status = document_password(s, args->document_passphrase,
					   &password, err);
	job.set = t.set;
	job.document_password = password;
	if (status == DEED_OK)
		status = parser_new(&job.parser, err);
	if (status == DEED_OK)
		status = batch_run(s, &batch, &job, err);
	parser_free(job.parser);
	secret_free(password);
	timestamping_close(&t);
	return status;
}

const struct command command_timestamp = {
	.name = "timestamp",
	.operands = "[FILE ...]",
	.summary = "have an authority prove when documents existed",
	.options = options,
	.args_size = sizeof(struct timestamp_args),
	.flags = COMMAND_WRITES | COMMAND_BATCH | COMMAND_OUTPUT |
		 COMMAND_IN_PLACE,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
