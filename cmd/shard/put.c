/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "archive/place/place.h"
#include "cmd/frame/batch.h"
#include "cmd/frame/command.h"
#include "cmd/frame/folders.h"
#include "cmd/frame/output.h"
#include "cmd/shard/put_lacking.h"
#include "cmd/shard/put_pack.h"
#include "cmd/shard/shard.h"
#include "cmd/shard/traffic.h"
#include "office/deposit/deposit_put.h"

struct put_args {
	struct option_list party;
	struct option_list evidence;
	const char *label;
	const char *sender;
	struct option_time signed_at;
	struct option_time sent;
	struct option_time received;
	long min_places;
	bool pack;
	bool read_back;
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
	{ OPTION_NUMBER(struct put_args, min_places), .name = "min-places",
	  .config = true, .argument = "N", .min = 1, .max = ARCHIVE_PLACES_MAX,
	  .help = "go on while so many places have all of it, at least one "
		  "more than it needs; without it, all" },
	{ OPTION_FLAG(struct put_args, pack), .name = "pack",
	  .help = "make one deposit of all documents" },
	{ OPTION_FLAG(struct put_args, read_back), .name = "read-back",
	  .config = true,
	  .help = "read again, and compare, all that a place says it has" },
	{ 0 }
};

struct job {
	struct session *s;
	const struct put_args *args;
	struct home *home;
	struct place_means means; /* the home's, but that it reads back */
	struct deposit_party *party;
	struct deposit_group *group;
	bool degraded; /* one of them is */
};

/* The name in the deposit: that of the file, without its folders. */
static const char *stored_name(const struct batch_item *item)
{
	return strcmp(item->input, "-") ? path_base(item->input) : "document";
}

/* All but the manifest, which comes with the group's. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	const struct job *job = arg;
	const struct deposit_document document = { .path = item->path,
						   .name = stored_name(item) };
	struct deposit_made *made = NULL;
	enum deed_status status =
		deposit_group_make(job->group, &document, &made, err);

	item->data = made;
	if (status == DEED_OK && job->s->dry_run)
		buf_printf(&item->said, "%s would be deposited for %zu parties",
			   item->input, job->args->party.count);
	return status;
}

/* The identifier alone goes to standard output, for a script; a deposit may be
 * made and still fail its own commit. */
static void tell(struct batch_item *item, const struct deposit_made *made)
{
	if (made->status != DEED_OK) {
		batch_fail(item, made->status, &made->error);
		return;
	}
	buf_printf(&item->text, "%s\n", made->id);
	buf_printf(&item->said, "%s is deposited: event %" PRIu64, item->input,
		   made->log_index);
	json_object_set_new(item->json, "id", json_string(made->id));
	json_object_set_new(item->json, "event",
			    json_integer((json_int_t)made->log_index));
	json_object_set_new(item->json, "size",
			    json_integer((json_int_t)made->size));
	put_lacking(made, &item->said, item->json);
}

/* One transaction of the log for the group; each deposit has its own status in
 * the end, so that the batch is told that of each. */
static enum deed_status commit(void *arg, struct batch_item *const items[],
			       size_t count, struct deed_error *err)
{
	struct job *job = arg;
	struct deposit_made **made;
	size_t i;

	if (job->s->dry_run)
		return DEED_OK;
	made = calloc(count, sizeof(*made));
	if (made == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		made[i] = items[i]->data;
	deposit_group_commit(job->group, made, count);
	for (i = 0; i < count; i++) {
		tell(items[i], made[i]);
		job->degraded = job->degraded || made[i]->lacking_count > 0;
	}
	free(made);
	return DEED_OK;
}

static void release(void *arg, struct batch_item *item)
{
	const struct job *job = arg;

	deposit_made_free(job->group, item->data);
	item->data = NULL;
}

/* Certificates are found before any document is read: a party that cannot
 * receive would be found after hours otherwise.  They are the job's to free.
 */
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

/* Texts and certificates are borrowed.  Of several documents each is worked on
 * by one thread, for they are many already. */
static struct deposit_order order_of(const struct job *job, size_t count)
{
	const struct put_args *a = job->args;

	return (struct deposit_order){
		.party = job->party,
		.party_count = a->party.count,
		.evidence = a->evidence.item,
		.evidence_count = a->evidence.count,
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
		/* Of several each has one: they are many already. */
		.jobs = count > 1 ? 1 : (unsigned)job->s->jobs,
		.count = count,
		.min_places = (size_t)a->min_places,
		.dry_run = job->s->dry_run,
	};
}

/* That a deposit is degraded is no failure, as --min-places allowed it; the
 * remedy is told once for all of them. */
static enum deed_status put_all(struct job *job, const struct operands *files,
				struct deed_error *err)
{
	const struct deposit_order order = order_of(job, files->count);
	const struct batch batch = {
		.array = "deposits",
		.done = "deposited",
		.operands = files,
		.work = work,
		.commit = commit,
		.release = release,
	};
	enum deed_status status;

	status = deposit_group_open(job->home, &order, &job->group, err);
	if (status == DEED_OK)
		status = batch_run(job->s, &batch, job, err);
	if (job->degraded)
		session_remedy(job->s, "shard-repair");
	deposit_group_close(job->group);
	return status;
}

/* One deposit of all. */
static enum deed_status put_pack(struct job *job, const struct operands *files,
				 struct deed_error *err)
{
	const struct deposit_order order = order_of(job, 1);
	struct pack pack = PACK_INIT;
	enum deed_status status = pack_list(&pack, files, err);

	if (status == DEED_OK && order.evidence_count > 0)
		status = deed_error_set(err, DEED_USAGE,
					"--evidence lies beside one document: "
					"in a pack a detached signature is a "
					"document too");
	if (status == DEED_OK)
		status =
			deposit_group_open(job->home, &order, &job->group, err);
	if (status == DEED_OK)
		status = pack_put(job->s, &pack, job->group, err);
	deposit_group_close(job->group);
	pack_clear(&pack);
	return status;
}

static void read_back(struct job *job)
{
	if (job->home->places != NULL)
		job->means = *job->home->places;
	job->means.read_back = true;
	job->home->places = &job->means;
}

/* Folders are opened here except for a pack, which names its documents by
 * where they lay in them. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	struct job job = { .s = s, .args = arguments };
	struct operands files = OPERANDS_INIT;
	enum deed_status status;

	status = session_open_home(s, &job.home, err);
	if (status == DEED_OK && job.args->read_back)
		read_back(&job);
	if (status == DEED_OK)
		status = find_parties(&job, err);
	if (status == DEED_OK)
		status = operands_read(s, &files, err);
	if (status == DEED_OK && !job.args->pack)
		status = operands_open_folders(&files, err);
	if (status == DEED_OK)
		status = job.args->pack ? put_pack(&job, &files, err)
					: put_all(&job, &files, err);
	operands_free(&files);
	free_parties(&job);
	home_close(job.home);
	traffic_tell(s, false);
	return status;
}

const struct command command_shard_put = {
	.name = "shard put",
	.operands = "[FILE|DIR ...]",
	.summary = "encrypt a document and spread it over the places",
	.options = options,
	.args_size = sizeof(struct put_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_BATCH,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
