/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/batch.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/shard/shard.h"

struct put_args {
	struct option_list party;
	struct option_list evidence;
	const char *label;
	const char *sender;
	struct option_time signed_at;
	struct option_time sent;
	struct option_time received;
};

static const struct option options[] = {
	{ OPTION_LIST(struct put_args, party), .name = "party",
	  .argument = "PARTY|CERT.pem", .complete = COMPLETE_PARTY,
	  .required = true,
	  .help = "who can bring it back: a party of this house, or the "
		  "holder of a certificate; repeatable" },
	{ OPTION_TEXT(struct put_args, label), .name = "label",
	  .argument = "REF",
	  .help = "a reference to find it by; kept as a keyed hash" },
	{ OPTION_LIST(struct put_args, evidence), .name = "evidence",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "put this beside the document: a detached signature, say; "
		  "repeatable" },
	{ OPTION_TEXT(struct put_args, sender), .name = "sender",
	  .argument = "TEXT", .help = "who sent it; encrypted with it" },
	{ OPTION_TIME(struct put_args, signed_at), .name = "signed",
	  .help = "when it was signed; encrypted with it" },
	{ OPTION_TIME(struct put_args, sent), .name = "sent",
	  .help = "when it was sent; encrypted with it" },
	{ OPTION_TIME(struct put_args, received), .name = "received",
	  .help = "when it was received; encrypted with it" },
	{ 0 }
};

struct job {
	struct session *s;
	const struct put_args *args;
	struct home *home;
	struct deposit_party *party;
};

/* The name in the deposit: that of the file, without its folders. */
static const char *stored_name(const struct batch_item *item)
{
	return strcmp(item->input, "-") ? path_base(item->input) : "document";
}

static enum deed_status put(const struct job *job, struct batch_item *item,
			    bool dry_run, struct deed_error *err)
{
	const struct put_args *a = job->args;
	struct deposit_put p = {
		.path = item->path,
		.name = stored_name(item),
		.evidence = a->evidence.item,
		.evidence_count = a->evidence.count,
		.party = job->party,
		.party_count = a->party.count,
		.label = a->label,
		.sender = a->sender,
		.has_signed = a->signed_at.given,
		.signed_at = a->signed_at.value,
		.has_sent = a->sent.given,
		.sent_at = a->sent.value,
		.has_received = a->received.given,
		.received_at = a->received.value,
		.now = job->s->now,
		.wait = (unsigned)job->s->wait,
		.dry_run = dry_run,
	};
	enum deed_status status = deposit_put(job->home, &p, err);

	if (status != DEED_OK)
		return status;
	if (dry_run) {
		buf_printf(&item->said, "%s would be deposited for %zu parties",
			   item->input, p.party_count);
		return DEED_OK;
	}
	buf_printf(&item->text, "%s\n", p.id);
	buf_printf(&item->said, "%s is deposited: event %" PRIu64, item->input,
		   p.log_index);
	json_object_set_new(item->json, "id", json_string(p.id));
	json_object_set_new(item->json, "event",
			    json_integer((json_int_t)p.log_index));
	json_object_set_new(item->json, "size",
			    json_integer((json_int_t)p.size));
	return DEED_OK;
}

/* Reading and checking; what writes comes one after another. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	const struct job *job = arg;

	return job->s->dry_run ? put(job, item, true, err) : DEED_OK;
}

static enum deed_status commit(void *arg, struct batch_item *const items[],
			       size_t count, struct deed_error *err)
{
	const struct job *job = arg;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < count && status == DEED_OK; i++)
		if (!job->s->dry_run)
			status = put(job, items[i], false, err);
	return status;
}

static enum deed_status find_parties(struct job *job, struct deed_error *err)
{
	const struct option_list *names = &job->args->party;
	enum deed_status status = DEED_OK;
	struct cert *c;
	size_t i;

	job->party = calloc(names->count, sizeof(*job->party));
	if (job->party == NULL)
		return deed_error_memory(err);
	for (i = 0; i < names->count && status == DEED_OK; i++) {
		status = deposit_certificate(job->home, names->item[i],
					     job->s->now, &c, err);
		job->party[i].name = path_base(names->item[i]);
		job->party[i].certificate = c;
	}
	return status;
}

static void free_parties(struct job *job)
{
	size_t i;

	for (i = 0; job->party != NULL && i < job->args->party.count; i++)
		cert_free(job->party[i].certificate);
	free(job->party);
}

static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	static const struct batch batch = {
		.array = "deposits",
		.done = "deposited",
		.group = 1,
		.work = work,
		.commit = commit,
	};
	struct job job = { .s = s, .args = arguments };
	enum deed_status status;

	status = session_open_home(s, &job.home, err);
	if (status == DEED_OK)
		status = find_parties(&job, err);
	if (status == DEED_OK)
		status = batch_run(s, &batch, &job, err);
	free_parties(&job);
	home_close(job.home);
	return status;
}

const struct command command_shard_put = {
	.name = "shard put",
	.operands = "[FILE ...]",
	.summary = "encrypt a document and spread it over the places",
	.options = options,
	.args_size = sizeof(struct put_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_BATCH,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
