/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/batch.h"
#include "cmd/signing/evidence.h"
#include "cmd/extract.h"
#include "cmd/frame/online.h"
#include "cmd/frame/reporting.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing_options.h"
#include "cmd/signing/timestamping.h"
#include "office/document/verify.h"
#include "report/headline.h"
#include "report/qualification.h"
#include "report/verify_report.h"

struct verify_args {
	struct evidence_args evidence;
	struct online_args fetching;
	struct option_list require, report, trust_list, list_signer;
	const char *content, *policy, *extract;
	bool one_line, failures, look;
	bool no_revocation, online, ocsp_nonce;
	long revision;
	const char *document_passphrase;
};

static const struct option options[] = {
	EVIDENCE_OPTIONS(struct verify_args, evidence),
	{ OPTION_FLAG(struct verify_args, online), .name = "online",
	  .config = true, .excludes = "offline",
	  .help = "fetch missing issuers, OCSP responses and CRLs" },
	ONLINE_OPTIONS(struct verify_args, fetching),
	{ OPTION_FLAG(struct verify_args, ocsp_nonce), .name = "ocsp-nonce",
	  .needs = "online", .help = "OCSP responses made for this run alone" },
	{ OPTION_TEXT(struct verify_args, content), .name = "content",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "what a detached signature signs" },
	{ OPTION_FLAG(struct verify_args, no_revocation),
	  .name = "no-revocation",
	  .help = "do not ask for CRLs or OCSP responses" },
	{ OPTION_TEXT(struct verify_args, policy), .name = "policy",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "until when algorithms are accepted, how fresh revocation "
		  "data must be: see deed-policy(5)" },
	{ OPTION_FLAG(struct verify_args, look), .name = "look", .config = true,
	  .help = "paint the pages of PDFs as they were signed and as they "
		  "are now, and compare them" },
	{ OPTION_LIST(struct verify_args, trust_list), .name = "trust-list",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "say who was qualified or licensed according to the trust "
		  "list in FILE, and believe its authorities; home: "
		  "those that the home holds" },
	{ OPTION_LIST(struct verify_args, list_signer), .name = "list-signer",
	  .argument = "CERT", .complete = COMPLETE_FILE, .needs = "trust-list",
	  .help = "whose trust lists are believed" },
	{ OPTION_LIST(struct verify_args, require), .name = "require",
	  .argument = "WHAT",
	  .help = "signer=CERT, organisation=NAME, identifier=ID, "
		  "issuer=FILE, level=LT, count=N or signers=N: fail without "
		  "such signatures that passed; order=A,B: unless the fields "
		  "A, B were signed in this order; qualified or "
		  "licensed=SCHEME: unless trust lists say so of each signer" },
	{ OPTION_LIST(struct verify_args, report), .name = "report",
	  .argument = "FORMAT=FILE",
	  .help = "also write the verdicts to FILE as junit, sarif, tap, html "
		  "or github; github alone annotates on standard error" },
	{ OPTION_FLAG(struct verify_args, one_line), .name = "short",
	  .help = "a line a file: its name and the outcome" },
	{ OPTION_FLAG(struct verify_args, failures), .name = "failures",
	  .help = "print only what did not pass" },
	{ OPTION_NUMBER(struct verify_args, revision), .name = "revision",
	  .argument = "N", .min = 1, .max = 1000000,
	  .excludes = "report extract",
	  .help = "write revision N of a PDF to -o FILE: what was signed" },
	{ OPTION_TEXT(struct verify_args, extract), .name = "extract",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "write what a CMS has inside to FILE, if its signatures are "
		  "intact" },
	DOCUMENT_PASSPHRASE_OPTION(struct verify_args, document_passphrase),
	{ 0 }
};

/* What the items share. */
struct job {
	const struct verify *verify;
	const char *extract; /* where to, or NULL */
	struct report_asked asked;
	bool told;	       /* somebody reads the items' objects */
	bool one_line;	       /* --short */
	bool failures;	       /* only what did not pass is told */
	enum indication worst; /* of those that could be judged */
	bool unreadable;
	struct report_count count;
};

/* Requirements that are not met: in the report, and the answer is no. */
static void check_requires(const struct job *job,
			   const struct verdict_document *doc,
			   struct batch_item *item)
{
	json_t *list, *one;
	const char *unmet;
	size_t i;

	if (!verify_require(job->verify, doc, 0, &unmet))
		return;
	list = json_array();
	for (i = 0; verify_require(job->verify, doc, i, &unmet); i++) {
		if (unmet == NULL)
			continue;
		item->answer = DEED_NO;
		one = output_text(unmet);
		if (one != NULL)
			(void)json_array_append_new(list, one);
	}
	(void)json_object_set_new(item->json, "unmet", list);
}

/* The outcome, and its line for programs that show it to people. */
static void conclude(struct batch_item *item)
{
	const struct verdict_document *doc = item->data;
	const char *indication =
		doc == NULL ? NULL : indication_text(doc->indication);
	const json_t *unmet = json_object_get(item->json, "unmet");
	struct buf text = BUF_INIT;

	item->kind = report_outcome(indication, unmet);
	report_headline(indication, unmet, &text);
	(void)json_object_set_new(
		item->json, "headline",
		json_stringn((const char *)text.data, text.len));
	buf_clear(&text);
}

/* Only where somebody reads it: for a million documents the objects would be
 * most of the memory. */
static enum deed_status fill_object(const struct job *job,
				    struct batch_item *item,
				    struct deed_error *err)
{
	json_t *object = report_document_json(item->data, &job->asked);
	bool full =
		object != NULL && json_object_update(item->json, object) == 0;

	json_decref(object);
	return full ? DEED_OK : deed_error_memory(err);
}

/* A document that cannot be judged has a verdict that says so, and fails as an
 * item, so that the batch counts it. */
static enum deed_status give_error(const struct verdict_error *e,
				   struct deed_error *err)
{
	enum deed_status status =
		deed_error_set(err, e->status, "%s", e->message);

	if (e->hint != NULL)
		deed_error_hint(err, "%s", e->hint);
	return status;
}

/* In the report's order: that in which it was asked for. */
static void add_lack(void *arg, const char *url, const char *why)
{
	json_t *item = arg, *list = json_object_get(item, "not_fetched"), *one;

	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(item, "not_fetched", list) != 0)
			return;
	}
	one = json_pack("{s:o, s:o}", "url", output_text(url), "why",
			output_text(why));
	if (one != NULL)
		(void)json_array_append_new(list, one);
}

/* The indication decides the exit code of the document, requirements after
 * that.  A document that cannot be read is OK here, for its own error is given
 * below. */
static enum deed_status judge(const struct job *job, struct batch_item *item,
			      struct judge_content *content,
			      struct deed_error *err)
{
	static const enum deed_status answer[] = {
		[INDICATION_UNREADABLE] = DEED_OK,    [TOTAL_PASSED] = DEED_OK,
		[INDETERMINATE] = DEED_INDETERMINATE, [TOTAL_FAILED] = DEED_NO,
		[NO_SIGNATURE] = DEED_NO_SIGNATURE,
	};
	const struct verify_wants wants = {
		.content = job->extract == NULL ? NULL : content,
		.lack = job->told ? add_lack : NULL,
		.arg = item->json,
	};
	struct verdict_document *doc;
	enum deed_status status;

	status = verify_file(job->verify, item->path, &wants, &doc, err);
	if (status == DEED_OK) {
		item->data = doc;
		verdict_text(&doc->file, item->input);
		item->answer = answer[doc->indication];
		if (doc->error == NULL)
			check_requires(job, doc, item);
	}
	conclude(item);
	if (status == DEED_OK && job->told)
		status = fill_object(job, item, err);
	if (status == DEED_OK && doc->error != NULL)
		status = give_error(doc->error, err);
	return status;
}

/* With --failures what passed is silent in text only; the count at the end and
 * the JSON have all. */
static void tell(const struct job *job, struct batch_item *item, bool judged)
{
	const json_t *unmet = json_object_get(item->json, "unmet");
	const struct verdict_document *doc = item->data;

	if (job->failures && item->kind == REPORT_PASSED)
		return;
	if (job->one_line)
		report_document_line(item->input, doc, unmet, &item->text);
	else if (judged)
		report_document_text(doc, unmet, &job->asked, &item->text);
}

/* Told even where it failed: in the short form a file without a line would
 * look like one that was not there. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	const struct job *job = arg;
	struct judge_content content = { .bytes = BUF_INIT };
	enum deed_status status = judge(job, item, &content, err);

	tell(job, item, status == DEED_OK);
	if (status == DEED_OK && job->extract != NULL)
		status = extract_write(job->extract, item, item->data, &content,
				       err);
	buf_clear(&content.bytes);
	return status;
}

/* Called in order by one thread. */
static void release(void *arg, struct batch_item *item)
{
	struct verdict_document *doc = item->data;
	struct job *job = arg;

	/* What no report tells of is not in the sum either, however far ahead
	 * other threads were. */
	if (!item->reported) {
		verdict_document_free(doc);
		item->data = NULL;
		return;
	}
	job->count.of[item->kind]++;
	if (doc == NULL || doc->error != NULL)
		job->unreadable = true;
	else if (doc->indication > job->worst)
		job->worst = doc->indication;
	verdict_document_free(doc);
	item->data = NULL;
}

/* The anchors are named with every answer, since a pass is worth no more than
 * they are.  Names are out of certificates and are cleaned. */
static void put_trust(struct session *s, const struct job *job)
{
	const struct verify *v = job->verify;
	json_t *list = json_array(), *one;
	size_t i, n = verify_anchor_count(v);
	struct buf name = BUF_INIT;
	char *text;

	for (i = 0; i < n; i++) {
		const struct cert *c = verify_anchor(v, i);

		buf_reset(&name);
		x509_name_display(cert_fields(c)->subject, &name);
		text = buf_take(&name, NULL);
		one = json_object();
		(void)json_object_set_new(
			one, "name", output_text(text == NULL ? "" : text));
		(void)json_object_set_new(one, "certificate",
					  output_sha256(cert_sha256(c)));
		(void)json_array_append_new(list, one);
		if (!job->one_line)
			output_line(s, "trusted: %s", text == NULL ? "" : text);
		free(text);
	}
	if (n == 0 && verify_trust_lists(v) == NULL && !job->one_line)
		output_line(s, "trusted: nobody (--trust FILE)");
	output_set(s, "trust", list);
}

/* The JSON has each list whole; the line is for people, and --short leaves it
 * out. */
static void put_list(struct session *s, const struct job *job,
		     const struct list_statement *list, json_t *all)
{
	struct buf line = BUF_INIT;
	json_t *one = report_trust_list_json(list);

	if (one != NULL)
		(void)json_array_append_new(all, one);
	report_trust_list_text(list, &line);
	if (!job->one_line)
		output_line(s, "trust list: %.*s", (int)line.len,
			    (const char *)line.data);
	buf_clear(&line);
}

/* Only where lists were asked for: an empty array would say that there were
 * and none was good. */
static void put_lists(struct session *s, const struct job *job)
{
	const struct verify_lists *lists = verify_trust_lists(job->verify);
	json_t *all;
	size_t i;

	if (lists == NULL)
		return;
	all = json_array();
	for (i = 0; i < verify_lists_count(lists); i++)
		put_list(s, job, verify_lists_at(lists, i), all);
	output_set(s, "trust_lists", all);
}

static void put_policy(struct session *s, const struct constraints *policy)
{
	output_set(s, "policy",
		   json_pack("{s:s, s:o}", "name", policy->name, "sha256",
			     output_sha256(policy->sha256)));
}

/* By what it is judged, behind the verdicts: they come first. */
static void put_basis(struct session *s, const struct job *job)
{
	const struct constraints *policy = verify_policy(job->verify);

	put_trust(s, job);
	put_lists(s, job);
	if (!job->one_line &&
	    memcmp(policy->sha256, constraints_default()->sha256,
		   SHA256_SIZE) != 0)
		output_line(s, "policy: %s", policy->name);
}

/* The last line of a batch. */
static void put_count(struct session *s, const struct report_count *count)
{
	struct buf text = BUF_INIT;
	size_t i, all = 0;

	for (i = 0; i < REPORT_OUTCOMES; i++)
		all += count->of[i];
	report_count_text(count, &text);
	output_set(s, "count", report_count_json(count));
	if (all > 0 && (s->operand_count > 1 || s->files_from != NULL))
		output_line(s, "%.*s", (int)text.len, (const char *)text.data);
	buf_clear(&text);
}

/* The verdict over all: a file that cannot be judged leaves no pass. */
static void put_whole(struct session *s, const struct job *job)
{
	enum indication all = job->worst;

	if (all == NO_SIGNATURE && job->unreadable)
		all = INDETERMINATE;
	if (job->unreadable &&
	    (all == TOTAL_PASSED || all == INDICATION_UNREADABLE))
		all = INDETERMINATE;
	output_set(s, "indication", json_string(indication_text(all)));
}

/* The bytes of a revision, not a verdict: they are what its signer saw, and
 * are written under the rules of any output. */
static enum deed_status write_revision(struct session *s,
				       const struct verify *verify,
				       const struct verify_args *args,
				       struct deed_error *err)
{
	struct outfile *out = NULL;
	enum deed_status status;

	if (s->operand_count != 1 || s->files_from != NULL || s->output == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--revision needs one PDF and -o FILE");
	if (strcmp(s->operand[0], "-") == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--revision reads a file, not standard "
				      "input");
	if (strcmp(s->output, "-") == 0)
		return verify_revision(verify, s->operand[0],
				       (unsigned)args->revision, STDOUT_FILENO,
				       "standard output", err);
	if (!s->force && file_exists(s->output)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", s->output);
		deed_error_hint(err, "--force overwrites it");
		return DEED_EXISTS;
	}
	status = outfile_open(&out, s->output, 0644, err);
	if (status == DEED_OK)
		status = verify_revision(verify, s->operand[0],
					 (unsigned)args->revision,
					 outfile_fd(out), s->output, err);
	if (status == DEED_OK)
		status = outfile_commit(
			out, s->force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	outfile_free(out);
	if (status == DEED_OK)
		session_say(s, "revision %ld is in '%s'", args->revision,
			    s->output);
	return status;
}

/* What a hint need not name again. */
static struct report_asked asked(const struct session *s,
				 const struct verify_args *args)
{
	return (struct report_asked){
		.trust = args->evidence.trust.item,
		.trust_count = args->evidence.trust.count,
		.untrusted = args->evidence.untrusted.item,
		.untrusted_count = args->evidence.untrusted.count,
		.has_at = s->at.given,
		.at = s->at.value,
		.online = args->online,
		.offline = s->offline,
		.content = args->content != NULL,
		.policy = args->policy != NULL,
	};
}

/* What it was judged by is put before and behind the verdicts in one report.
 * Pictures are for the HTML report alone and would swell the JSON. */
static enum deed_status judge_all(struct session *s, const struct verify *v,
				  const struct verify_args *args,
				  struct deed_error *err)
{
	static const struct batch batch = { .array = "documents",
					    .verdict = true,
					    .work = work,
					    .release = release };
	struct job job = { .verify = v,
			   .extract = args->extract,
			   .told = s->json || s->keep_items,
			   .one_line = args->one_line,
			   .failures = args->failures,
			   .asked = asked(s, args),
			   .worst = INDICATION_UNREADABLE };
	enum deed_status status;

	output_set(s, "deed", json_string(PACKAGE_VERSION));
	output_set(s, "at", output_time(s->now));
	put_policy(s, verify_policy(v));
	status = batch_run(s, &batch, &job, err);
	put_whole(s, &job);
	put_basis(s, &job);
	put_count(s, &job.count);
	status = reporting_write(s, &args->report, status, err);
	report_drop_pictures(output_json(s));
	return status;
}

/* The batch names no outputs here, so that -o would be passed over in silence.
 */
static enum deed_status check_options(const struct session *s,
				      const struct verify_args *args,
				      struct deed_error *err)
{
	if (args->revision == 0 &&
	    (s->output != NULL || s->output_directory != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "-o is for --revision alone");
	return DEED_OK;
}

/* Files of options are checked before anything is opened; the client is made
 * only with --online, and the rest judges by what is at hand. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct verify_args *args = arguments;
	struct verify_params params = {
		.at = s->now,
		.no_revocation = args->no_revocation,
		.policy = args->policy,
		.materials =
			evidence_materials(&args->evidence, session_home(s)),
		.ocsp_nonce = args->ocsp_nonce,
		.look = args->look,
		.pictures = reporting_shows(&args->report),
		.online_ms = online_budget(&args->fetching),
		.content = args->content,
		.lists = { .lists = args->trust_list.item,
			   .list_count = args->trust_list.count,
			   .home = session_home(s),
			   .signers = args->list_signer.item,
			   .signer_count = args->list_signer.count },
		.requires = args->require.item,
		.require_count = args->require.count,
	};
	struct secret *password = NULL;
	struct verify *verify = NULL;
	enum deed_status status;

	status = check_options(s, args, err);
	if (status == DEED_OK && args->extract != NULL)
		status = extract_check(s, args->extract, err);
	if (status == DEED_OK)
		status = reporting_check(s, &args->report, err);
	if (status == DEED_OK)
		status = document_password(s, args->document_passphrase,
					   &password, err);
	params.document_password = password;
	if (status == DEED_OK && args->online)
		status = online_client(s, &args->fetching, &params.client, err);
	if (status == DEED_OK)
		status = verify_open(&params, &verify, err);
	if (status == DEED_OK && args->revision > 0)
		status = write_revision(s, verify, args, err);
	else if (status == DEED_OK)
		status = judge_all(s, verify, args, err);
	online_hint(s, verify != NULL && verify_refused(verify));
	verify_close(verify);
	http_client_free(params.client);
	secret_free(password);
	return status;
}

const struct command command_verify = {
	.name = "verify",
	.operands = "[FILE ...]",
	.summary = "judge the signatures of documents",
	.options = options,
	.args_size = sizeof(struct verify_args),
	.flags = COMMAND_HOME | COMMAND_BATCH | COMMAND_AT | COMMAND_OUTPUT,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
