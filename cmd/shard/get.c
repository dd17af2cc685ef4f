/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/get_keys.h"
#include "cmd/shard/get_out.h"
#include "cmd/shard/get_part.h"
#include "cmd/shard/get_seek.h"
#include "cmd/shard/shard.h"
#include "codec/json.h"

struct get_args {
	const char *as;
	const char *key;
	const char *passphrase;
	const char *evidence;
	const char *label;
	const char *to;
	const char *range;
	const char *proof;
	const char *places;
	struct option_list trust;
	bool list;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct get_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY,
	  .help = "with this party's deposit keys" },
	{ OPTION_TEXT(struct get_args, key), .name = "key", .argument = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "with the private key in this file (PKCS#8, PKCS#12) "
		  "instead" },
	{ OPTION_PASSPHRASE(struct get_args, passphrase), .name = "passphrase",
	  .config = true, .help = "of the key" },
	{ OPTION_TEXT(struct get_args, evidence), .name = "evidence",
	  .argument = "DIR", .complete = COMPLETE_DIRECTORY,
	  .help = "write what was deposited beside the document here" },
	{ OPTION_TEXT(struct get_args, label), .name = "label",
	  .argument = "REF",
	  .help = "the deposit that bears this reference, instead of an ID" },
	{ OPTION_TEXT(struct get_args, to), .name = "to", .argument = "DIR",
	  .complete = COMPLETE_DIRECTORY,
	  .help = "write all documents into this folder" },
	{ OPTION_TEXT(struct get_args, range), .name = "range",
	  .excludes = "to", .argument = "FROM-TO",
	  .help = "only these bytes of the document, both counted from 0 and "
		  "included" },
	{ OPTION_TEXT(struct get_args, proof), .name = "proof",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "also write how the log speaks for this document of a pack" },
	{ OPTION_TEXT(struct get_args, places), .name = "places",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "from the places that this file lists, without a home" },
	{ OPTION_LIST(struct get_args, trust), .name = "trust",
	  .needs = "places", .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "believe the certificates in FILE (PEM or "
		  "DER); home: those of the home" },
	{ OPTION_FLAG(struct get_args, list), .name = "list",
	  .excludes = "to range", .help = "only say what documents there are" },
	{ 0 }
};

/* The document, then what lies beside it. */
#define FILES (1 + DEPOSIT_EVIDENCE)

struct job {
	struct session *s;
	const struct get_args *args;
	struct home *home; /* NULL with --places */
	struct get_seek seek;
	struct archive *archive;
	struct stored *stored;
	struct deposit_key_list keys;
	char *id;      /* of the operand */
	size_t number; /* behind it, or 0 */
	struct outfile *out[FILES];
	size_t skipped;
	json_t *files;
};

/* Where what goes to standard output waits. */
static const char *waiting_folder(const struct job *job)
{
	return job->home != NULL ? job->home->archive : session_temporary();
}

/* Where a file goes: what lies beside the document only where asked for. */
static enum deed_status open_file(struct job *job, const char *base,
				  size_t number, struct deed_error *err)
{
	enum deed_status status;
	char *path;

	if (number == 0)
		return get_out_document(job->s, base, waiting_folder(job),
					&job->out[0], err);
	if (job->args->evidence == NULL) {
		job->skipped++;
		return DEED_OK;
	}
	path = path_join(job->args->evidence, base);
	if (path == NULL)
		return deed_error_memory(err);
	status = get_out_open(job->s, path, &job->out[number], err);
	free(path);
	return status;
}

/* A deposit_file_fn. */
static enum deed_status on_file(void *arg, const char *name, size_t number,
				uint64_t size, struct outfile **out,
				struct deed_error *err)
{
	struct job *job = arg;
	enum deed_status status;

	if (number >= FILES)
		return deed_error_set(err, DEED_LIMIT,
				      "over %d files in a deposit", FILES);
	json_array_append_new(job->files,
			      json_pack("{s:o, s:I}", "name", output_text(name),
					"size", (json_int_t)size));
	status = open_file(job, path_base(name), number, err);
	*out = job->out[number];
	return status;
}

/* Nothing has its name before all was decrypted and compared, so that no part
 * of a deposit is taken for the whole. */
static enum deed_status finish(struct job *job, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < FILES && status == DEED_OK; i++)
		if (job->out[i] != NULL)
			status = get_out_finish(job->s, job->out[i], i == 0,
						err);
	return status;
}

/* Doubts do not keep the document from being got, and are told.  The record is
 * the depositor's own JSON, and is bounded where it is read. */
static void report(struct job *job, const struct buf *record)
{
	json_t *json = NULL;
	char id[DEPOSIT_ID + 1];

	shard_id_text(job->stored->id, id);
	output_set(job->s, "id", json_string(id));
	output_set(job->s, "files", json_incref(job->files));
	output_set(job->s, "doubts",
		   shard_doubts(job->s, job->archive, job->stored, NULL));
	if (json_load_bounded(buf_get(record), &json, NULL) == DEED_OK)
		output_set(job->s, "record", json);
	if (job->skipped > 0)
		session_warn(job->s,
			     "%zu files beside the document were left: "
			     "--evidence DIR writes them",
			     job->skipped);
	if (!get_out_is_stdout(job->s))
		session_say(job->s, "the document is in '%s'",
			    outfile_target(job->out[0]));
}

/* The document and what lies beside it: the deposit as a whole. */
static enum deed_status get_whole(struct job *job, struct deed_error *err)
{
	struct buf record = BUF_INIT;
	enum deed_status status;

	if (job->stored->m->documents > 0)
		return deed_error_set(err, DEED_USAGE,
				      "the deposit is a pack of %" PRIu32
				      " documents: ID/N says which, --to DIR "
				      "writes all, --list names them",
				      job->stored->m->documents);
	status = deposit_get(job->archive, job->stored,
			     (const struct deposit_key *const *)job->keys.items,
			     job->keys.count, on_file, job, &record, err);
	if (status == DEED_OK)
		status = finish(job, err);
	if (status == DEED_OK)
		report(job, &record);
	buf_clear(&record);
	return status;
}

/* Does it go by the index? */
static bool by_index(const struct job *job)
{
	return job->number > 0 || job->args->to != NULL ||
	       job->args->range != NULL || job->args->list;
}

/* Through the index of the deposit, so that of a pack only the asked-for bytes
 * are brought.  Number 0 is the record, so that documents count from 1. */
static enum deed_status get_part(struct job *job, struct deed_error *err)
{
	struct get_part part = { .s = job->s,
				 .stored = job->stored,
				 .folder = waiting_folder(job),
				 .number = job->number,
				 .range = job->args->range,
				 .proof = job->args->proof };
	enum deed_status status;

	if (part.range != NULL && part.number == 0 &&
	    job->stored->m->documents > 0)
		return deed_error_set(err, DEED_USAGE,
				      "the deposit is a pack: ID/N says of "
				      "which document");
	if (part.proof != NULL && job->stored->m->documents == 0)
		return deed_error_set(err, DEED_USAGE,
				      "the deposit is no pack: \"deed audit "
				      "prove\" with --open document proves its "
				      "document");
	status = deposit_members(
		job->archive, job->stored,
		(const struct deposit_key *const *)job->keys.items,
		job->keys.count, 0, &part.members, err);
	if (status == DEED_OK && job->args->list)
		status = get_list(&part, err);
	else if (status == DEED_OK && job->args->to != NULL)
		status = get_to(&part, job->args->to, err);
	else if (status == DEED_OK)
		status = get_one(&part, err);
	members_close(part.members);
	return status;
}

/* The archive comes with the deposit, for it decides which places are asked.
 */
static enum deed_status find(struct job *job, struct deed_error *err)
{
	enum deed_status status = session_open_home(job->s, &job->home, err);

	if (status != DEED_OK)
		return status;
	if (job->args->label != NULL)
		return deposit_find_label(job->home, job->args->label,
					  &job->archive, &job->stored, err);
	return deposit_find(job->home, job->id, &job->archive, &job->stored,
			    err);
}

/* One of the two was given (check_args). */
static enum deed_status get_keys(struct job *job, struct deed_error *err)
{
	const struct get_args *a = job->args;

	if (a->key != NULL)
		return get_keys_file(job->s, a->key, a->passphrase, &job->keys,
				     err);
	return get_keys_party(job->s, job->home, a->as, a->passphrase,
			      &job->keys, err);
}

/* The key first: looking for a deposit may take long. */
static enum deed_status open_elsewhere(struct job *job, struct deed_error *err)
{
	enum deed_status status = get_keys(job, err);

	if (status == DEED_OK)
		status = get_seek(job->s, &job->seek, job->id, &job->archive,
				  &job->stored, err);
	return status;
}

static enum deed_status open_here(struct job *job, struct deed_error *err)
{
	enum deed_status status = find(job, err);

	return status == DEED_OK ? get_keys(job, err) : status;
}

/* Whether it is brought whole or by parts is decided only now: that it is a
 * pack stands in its manifest. */
static enum deed_status get(struct job *job, struct deed_error *err)
{
	enum deed_status status = job->args->places != NULL
					  ? open_elsewhere(job, err)
					  : open_here(job, err);

	if (status != DEED_OK)
		return status;
	return by_index(job) ? get_part(job, err) : get_whole(job, err);
}

/* Without a home there is neither a party nor a key of labels, and nobody is
 * believed. */
static enum deed_status check_places(const struct get_args *a,
				     struct deed_error *err)
{
	if (a->places == NULL)
		return DEED_OK;
	if (a->as != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--as is of a home: --places wants --key "
				      "FILE");
	if (a->label != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "places do not tell labels, which are "
				      "hashed with a key of the home: --places "
				      "wants an ID");
	if (a->trust.count == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--places wants --trust FILE: whose "
				      "manifests are believed");
	return DEED_OK;
}

/* What cannot be asked for together. */
static enum deed_status check_args(struct job *job, struct deed_error *err)
{
	const struct get_args *a = job->args;
	const struct session *s = job->s;
	enum deed_status status = check_places(a, err);
	uint64_t from, to;

	if (status != DEED_OK)
		return status;
	if ((a->as == NULL) == (a->key == NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--as PARTY or --key FILE says who "
				      "brings it back");
	if ((a->label == NULL) == (s->operand_count == 0))
		return deed_error_set(err, DEED_USAGE,
				      "ID or --label REF says which deposit");
	if ((a->to != NULL || a->list) &&
	    (s->output != NULL || a->evidence != NULL || job->number > 0))
		return deed_error_set(err, DEED_USAGE,
				      "%s is of the whole deposit, without "
				      "ID/N, --output and --evidence",
				      a->list ? "--list" : "--to");
	if (a->proof != NULL && job->number == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--proof is of one document of a pack: "
				      "ID/N");
	if (a->evidence != NULL && by_index(job))
		return deed_error_set(err, DEED_USAGE,
				      "--evidence is of the whole deposit");
	if (a->range == NULL)
		return DEED_OK;
	if (s->output == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--range wants --output: a part of a "
				      "document is not written under its name");
	return get_range_parse(a->range, &from, &to, err);
}

/* The operand is copied, for the number behind it is cut off in place.  Files
 * that were not given their name are removed when they are freed. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct get_args *args = arguments;
	struct job job = { .s = s,
			   .args = args,
			   .seek = { .places = args->places,
				     .trust = &args->trust } };
	const char *operand = s->operand_count > 0 ? s->operand[0] : NULL;
	enum deed_status status;
	size_t i;

	if (operand != NULL && args->places != NULL)
		operand = get_seek_operand(operand);
	if (operand != NULL && (job.id = strdup(operand)) == NULL)
		return deed_error_memory(err);
	job.files = json_array();
	status = job.id == NULL ? DEED_OK
				: get_number_parse(job.id, &job.number, err);
	if (status == DEED_OK)
		status = check_args(&job, err);
	if (status == DEED_OK)
		status = get(&job, err);
	for (i = 0; i < FILES; i++)
		outfile_free(job.out[i]);
	deposit_key_list_clear(&job.keys);
	stored_free(job.stored);
	archive_close(job.archive);
	get_seek_clear(&job.seek);
	home_close(job.home);
	json_decref(job.files);
	free(job.id);
	return status;
}

const struct command command_shard_get = {
	.name = "shard get",
	.operands = "[ID|ID/N]",
	.summary = "bring a document back from its places",
	.options = options,
	.args_size = sizeof(struct get_args),
	.flags = COMMAND_HOME | COMMAND_OUTPUT,
	.max_operands = 1,
	.run = run,
};
