/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/secret.h"
#include "cmd/shard/shard.h"
#include "codec/json.h"
#include "key/pkcs8.h"
#include "keystore/keystore.h"

struct get_args {
	const char *as;
	const char *key;
	const char *passphrase;
	const char *evidence;
	const char *label;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct get_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY,
	  .help = "with this party's deposit keys" },
	{ OPTION_TEXT(struct get_args, key), .name = "key", .argument = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "with the private key in this file (PKCS#8) instead" },
	{ OPTION_PASSPHRASE(struct get_args, passphrase), .name = "passphrase",
	  .config = true, .help = "of the key" },
	{ OPTION_TEXT(struct get_args, evidence), .name = "evidence",
	  .argument = "DIR", .complete = COMPLETE_DIRECTORY,
	  .help = "write what was deposited beside the document here" },
	{ OPTION_TEXT(struct get_args, label), .name = "label",
	  .argument = "REF",
	  .help = "the deposit that bears this reference, instead of an ID" },
	{ 0 }
};

/* The document, then what lies beside it. */
#define FILES (1 + DEPOSIT_EVIDENCE)

struct job {
	struct session *s;
	const struct get_args *args;
	struct home *home;
	struct archive *archive;
	struct stored *stored;
	struct deposit_key_list keys;
	struct outfile *out[FILES];
	size_t skipped;
	json_t *files;
};

static enum deed_status get_passphrase(struct job *job, const char *owner,
				       struct secret **out,
				       struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = job->args->passphrase,
		.option = "--passphrase",
		.key = owner,
		.owner = owner,
		.opens = passphrase_opens_party,
	};

	return passphrase_get(job->s, &request, out, err);
}

static enum deed_status unlock_party(struct job *job, struct deed_error *err)
{
	struct secret *passphrase = NULL;
	struct keystore *ks = NULL;
	enum deed_status status;

	status = home_check_party(job->args->as, err);
	if (status == DEED_OK)
		status = keystore_open(job->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = get_passphrase(job, job->args->as, &passphrase, err);
	if (status == DEED_OK)
		status = keystore_unlock_deposit(
			ks, job->args->as, KEYSTORE_DEPOSIT,
			secret_slice(passphrase), &job->keys, err);
	secret_free(passphrase);
	keystore_close(ks);
	return status;
}

static enum deed_status unlock_file(struct job *job, struct deed_error *err)
{
	struct secret *file = NULL, *passphrase = NULL, *pkcs8 = NULL;
	enum deed_status status;

	job->keys.items = calloc(1, sizeof(*job->keys.items));
	if (job->keys.items == NULL)
		return deed_error_memory(err);
	status = file_read_secret(job->args->key, &file, err);
	if (status == DEED_OK && pkcs8_is_encrypted(secret_slice(file)))
		status = get_passphrase(job, "key", &passphrase, err);
	if (status == DEED_OK)
		status = pkcs8_import(secret_slice(file),
				      passphrase == NULL
					      ? SLICE_NONE
					      : secret_slice(passphrase),
				      &pkcs8, err);
	if (status == DEED_OK)
		status =
			deposit_key_from_pkcs8(pkcs8, &job->keys.items[0], err);
	if (status == DEED_OK)
		job->keys.count = 1;
	else
		deed_error_prefix(err, "'%s'", job->args->key);
	secret_free(pkcs8);
	secret_free(passphrase);
	secret_free(file);
	return status;
}

/* Where a file goes; NULL in *path passes over it. */
static enum deed_status target(struct job *job, const char *name, size_t number,
			       char **path, struct deed_error *err)
{
	const char *base = path_base(name), *to = job->s->output;

	*path = NULL;
	if (number > 0 && job->args->evidence == NULL)
		return DEED_OK;
	if (number > 0)
		*path = path_join(job->args->evidence, base);
	else if (to == NULL)
		*path = strdup(base);
	else if (!strcmp(to, "-")) /* beside the catalogue, never renamed */
		*path = path_join(job->home->archive, "get");
	else
		*path = strdup(to);
	return *path == NULL ? deed_error_memory(err) : DEED_OK;
}

/* A deposit_file_fn. */
static enum deed_status on_file(void *arg, const char *name, size_t number,
				uint64_t size, struct outfile **out,
				struct deed_error *err)
{
	struct job *job = arg;
	enum deed_status status;
	char *path = NULL;

	if (number >= FILES)
		return deed_error_set(err, DEED_LIMIT,
				      "over %d files in a deposit", FILES);
	json_array_append_new(job->files,
			      json_pack("{s:o, s:I}", "name", output_text(name),
					"size", (json_int_t)size));
	status = target(job, name, number, &path, err);
	if (status == DEED_OK && path == NULL)
		job->skipped++;
	if (status == DEED_OK && path != NULL && !job->s->force &&
	    file_exists(path)) {
		status = deed_error_set(err, DEED_EXISTS, "'%s' exists", path);
		deed_error_hint(err, "--force overwrites it");
	}
	if (status == DEED_OK && path != NULL)
		status = outfile_open(&job->out[number], path, 0600, err);
	/* What goes to standard output has no name while it waits: were this
	 * process killed, nothing in clear would be left. */
	if (status == DEED_OK && number == 0 && job->s->output != NULL &&
	    !strcmp(job->s->output, "-"))
		outfile_drop(job->out[number]);
	*out = job->out[number];
	free(path);
	return status;
}

static enum deed_status to_stdout(struct outfile *out, struct deed_error *err)
{
	static uint8_t window[65536];
	enum deed_status status = DEED_OK;
	uint64_t at = 0;

	while (status == DEED_OK && at < outfile_size(out)) {
		ssize_t got = pread(outfile_fd(out), window, sizeof(window),
				    (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return deed_error_errno(err, got < 0 ? errno : EIO,
						"cannot read what was got");
		status = file_write_fd(STDOUT_FILENO, "standard output", window,
				       (size_t)got, err);
		at += (uint64_t)got;
	}
	return status;
}

static enum deed_status finish(struct job *job, struct deed_error *err)
{
	enum outfile_mode mode = job->s->force ? OUTFILE_REPLACE : OUTFILE_NEW;
	const char *to = job->s->output;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < FILES && status == DEED_OK; i++) {
		if (job->out[i] == NULL)
			continue;
		if (i == 0 && to != NULL && !strcmp(to, "-"))
			status = to_stdout(job->out[i], err);
		else
			status = outfile_commit(job->out[i], mode, err);
	}
	return status;
}

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
	if (job->s->output == NULL || strcmp(job->s->output, "-"))
		session_say(job->s, "the document is in '%s'",
			    outfile_target(job->out[0]));
}

static enum deed_status get(struct job *job, struct deed_error *err)
{
	struct buf record = BUF_INIT;
	enum deed_status status;

	if (job->args->label != NULL)
		status = deposit_find_label(job->home, job->args->label,
					    &job->archive, &job->stored, err);
	else
		status = deposit_find(job->home, job->s->operand[0],
				      &job->archive, &job->stored, err);
	if (status == DEED_OK)
		status = job->args->key != NULL ? unlock_file(job, err)
						: unlock_party(job, err);
	if (status == DEED_OK)
		status = deposit_get(
			job->archive, job->stored,
			(const struct deposit_key *const *)job->keys.items,
			job->keys.count, on_file, job, &record, err);
	if (status == DEED_OK)
		status = finish(job, err);
	if (status == DEED_OK)
		report(job, &record);
	buf_clear(&record);
	return status;
}

static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	struct job job = { .s = s, .args = arguments };
	enum deed_status status;
	size_t i;

	if ((job.args->as == NULL) == (job.args->key == NULL))
		return deed_error_set(err, DEED_USAGE,
				      "--as PARTY or --key FILE says who "
				      "brings it back");
	if ((job.args->label == NULL) == (s->operand_count == 0))
		return deed_error_set(err, DEED_USAGE,
				      "ID or --label REF says which deposit");
	job.files = json_array();
	status = session_open_home(s, &job.home, err);
	if (status == DEED_OK)
		status = get(&job, err);
	for (i = 0; i < FILES; i++)
		outfile_free(job.out[i]);
	deposit_key_list_clear(&job.keys);
	stored_free(job.stored);
	archive_close(job.archive);
	home_close(job.home);
	json_decref(job.files);
	return status;
}

const struct command command_shard_get = {
	.name = "shard get",
	.operands = "[ID]",
	.summary = "bring a document back from its places",
	.options = options,
	.args_size = sizeof(struct get_args),
	.flags = COMMAND_HOME | COMMAND_OUTPUT,
	.max_operands = 1,
	.run = run,
};
