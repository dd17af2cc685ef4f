/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cmd/frame/batch.h"
#include "cmd/signing/evidence.h"
#include "cmd/frame/online.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing.h"
#include "cmd/signing/timestamping.h"
#include "office/document/extend.h"
#include "office/document/level_params.h"

struct extend_args {
	const char *level;
	struct evidence_args evidence;
	const char *content;
	const char *document_passphrase;
	struct tsa_args tsa;
	struct online_args fetching;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct extend_args, level), .name = "level",
	  .argument = "LEVEL", .required = true,
	  .help = "what to raise to: t, lt or lta" },
	EVIDENCE_OPTIONS(struct extend_args, evidence),
	{ OPTION_TEXT(struct extend_args, content), .name = "content",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "what a detached signature signs" },
	DOCUMENT_PASSPHRASE_OPTION(struct extend_args, document_passphrase),
	TSA_OPTIONS(struct extend_args, tsa),
	ONLINE_OPTIONS(struct extend_args, fetching),
	{ 0 },
};

/* What the items share. */
struct job {
	struct extend *extend;
	const char *level;
};

/* The same for already and work, so that what is compared is what would be
 * made. */
static void fill_item(const struct batch_item *item, struct extend_item *out)
{
	*out = (struct extend_item){
		.input = item->path,
		.name = item->input,
		.output = item->output,
		.mode = item->replace ? OUTFILE_REPLACE : OUTFILE_NEW,
		.dry_run = item->session->dry_run,
	};
}

static enum deed_status name_output(void *arg, struct batch_item *item,
				    char **out, struct deed_error *err)
{
	(void)arg;
	*out = operand_marked(item->input, "extended");
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* A container too can be raised in its place. */
static enum deed_status check_kind(const struct batch_item *item,
				   struct deed_error *err)
{
	static const char *const only[] = { "document-passphrase", NULL };
	const struct operand_kind kind = {
		.path = item->path,
		.name = item->input,
		.output = item->output_name,
		.pdf = sign_not_pdf(item->path) == NULL,
		.option = operand_given(item->session, only),
	};

	return operand_check_kind(&kind, err);
}

/* A file that has the level already is left alone and counts as done, so that
 * a job that runs each night needs no list of its own. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	const struct job *job = arg;
	struct extend_result r;
	struct extend_item it;
	enum deed_status status;

	fill_item(item, &it);
	status = check_kind(item, err);
	if (status == DEED_OK)
		status = extend_file(job->extend, &it, &r, err);
	if (status != DEED_OK)
		return status;
	(void)json_object_set_new(item->json, "steps",
				  json_integer((json_int_t)r.steps));
	if (r.steps == 0) {
		item->already = true;
		buf_printf(&item->said, "'%s' has level %s already",
			   item->input, job->level);
		return DEED_OK;
	}
	(void)json_object_set_new(item->json, "sha256",
				  output_sha256(r.sha256));
	(void)json_object_set_new(item->json, "size",
				  json_integer((json_int_t)r.size));
	if (item->session->dry_run)
		buf_printf(&item->said, "'%s' would be raised to %s: '%s'",
			   item->input, job->level, item->output_name);
	else
		buf_printf(&item->said, "raised '%s' to %s: '%s'", item->input,
			   job->level, item->output_name);
	return DEED_OK;
}

/* The output of an earlier run is not made again if it is what would come of
 * the input now; any other file there is an error. */
static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	const struct job *job = arg;
	struct extend_item it;
	enum deed_status status;

	fill_item(item, &it);
	status = check_kind(item, err);
	if (status == DEED_OK)
		status = extend_already(job->extend, &it, &item->already, err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said, "'%s' is raised to %s already: '%s'",
			   item->input, job->level, item->output_name);
	return status;
}

/* The level that every signature has cannot be raised to; it is refused rather
 * than done without effect. */
static enum deed_status check(const struct extend_args *a,
			      enum verdict_level *level, struct deed_error *err)
{
	enum deed_status status = level_parse(a->level, level, err);

	if (status == DEED_OK && *level == LEVEL_B_B)
		status = deed_error_set(err, DEED_USAGE,
					"--level b: every signature is that "
					"already");
	return status;
}

/* Trust and evidence are read once for all documents.  The hint comes once,
 * too, whichever of them met an address that is not asked. */
static enum deed_status run_all(struct session *s,
				const struct extend_params *params,
				struct deed_error *err)
{
	static const struct batch batch = {
		.array = "documents",
		.done = "raised",
		.name = name_output,
		.already = already,
		.work = work,
	};
	struct job job = { .level = verdict_level_text(params->level) };
	enum deed_status status;

	status = extend_open(params, &job.extend, err);
	if (status == DEED_OK) {
		output_set(s, "level", json_string(job.level));
		status = batch_run(s, &batch, &job, err);
	}
	online_hint(s, job.extend != NULL && extend_refused(job.extend));
	extend_close(job.extend);
	return status;
}

/* Authorities and passwords are sought before the first document, so that a
 * batch does not stop half done for want of them. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct extend_args *args = arguments;
	struct timestamping stamping = TIMESTAMPING_INIT;
	struct http_client *client = NULL;
	struct secret *password = NULL;
	struct extend_params params = {
		.now = s->now,
		.materials =
			evidence_materials(&args->evidence, session_home(s)),
		.content = args->content,
		.online_ms = online_budget(&args->fetching),
	};
	enum deed_status status;

	status = check(args, &params.level, err);
	if (status == DEED_OK)
		status = timestamping_open(s, &args->tsa, &stamping, err);
	if (status == DEED_OK)
		status = document_password(s, args->document_passphrase,
					   &password, err);
	if (status == DEED_OK && !s->offline)
		status = online_client(s, &args->fetching, &client, err);
	params.client = client;
	params.tsa = stamping.set;
	params.document_password = password;
	if (status == DEED_OK)
		status = run_all(s, &params, err);
	secret_free(password);
	http_client_free(client);
	timestamping_close(&stamping);
	return status;
}

const struct command command_extend = {
	.name = "extend",
	.operands = "[FILE ...]",
	.summary = "raise or renew the signatures of documents",
	.options = options,
	.args_size = sizeof(struct extend_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_BATCH |
		 COMMAND_OUTPUT | COMMAND_IN_PLACE | COMMAND_AT,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
