/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "cmd/frame/key_file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"
#include "office/life/restore.h"
#include "pki/crl.h"

/* A manifest of a large deposit. */
#define AGAINST_MAX (64U << 20)

struct restore_args {
	const char *key;
	const char *passphrase;
	struct option_list against;
	bool no_checkpoint, moved;
	const char *crl;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct restore_args, key), .name = "key",
	  .argument = "FILE", .required = true, .config = true,
	  .complete = COMPLETE_FILE,
	  .help = "the private key of the backup's certificate (PKCS#8, "
		  "PKCS#12)" },
	{ OPTION_PASSPHRASE(struct restore_args, passphrase),
	  .name = "passphrase", .help = "of that key" },
	{ OPTION_LIST(struct restore_args, against), .name = "against",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "compare the log with a checkpoint, proof or manifest that "
		  "was kept elsewhere; repeatable" },
	{ OPTION_FLAG(struct restore_args, no_checkpoint),
	  .name = "no-checkpoint", .excludes = "against",
	  .help = "nothing was kept that the log could be compared with" },
	{ OPTION_FLAG(struct restore_args, moved), .name = "moved",
	  .needs = "against",
	  .help = "the old home was stopped before the backup: nothing is "
		  "missing; --against its last checkpoint" },
	{ OPTION_TEXT(struct restore_args, crl), .name = "crl",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "a newer revocation list of the house: tells what was "
		  "revoked since" },
	{ 0 }
};

/* What was read for a run. */
struct given {
	struct deposit_key *key;
	struct restore_kept *kept;
	struct buf *bytes; /* of each that was kept, then of the list */
};

/* It is the key of whoever keeps backups, not one of the home: there is no
 * home yet that could hold it. */
static enum deed_status read_key(struct session *s,
				 const struct restore_args *a,
				 struct deposit_key **out,
				 struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = a->passphrase,
		.option = "--passphrase",
		.key = "backup",
		.owner = "the backup's key",
	};

	return key_file_read(s, a->key, &request, out, err);
}

/* One buffer more than files, for the list; the slices in the form point into
 * them, so that they are freed after the run. */
static enum deed_status read_kept(const struct restore_args *a,
				  struct restore *r, struct given *g,
				  struct deed_error *err)
{
	size_t i, count = a->against.count;
	enum deed_status status = DEED_OK;

	g->kept = calloc(count + 1, sizeof(*g->kept));
	g->bytes = calloc(count + 1, sizeof(*g->bytes));
	if (g->kept == NULL || g->bytes == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count && status == DEED_OK; i++) {
		status = file_read(a->against.item[i], AGAINST_MAX,
				   &g->bytes[i], err);
		g->kept[i].name = a->against.item[i];
		g->kept[i].bytes = buf_get(&g->bytes[i]);
	}
	if (status == DEED_OK && a->crl != NULL)
		status = file_read(a->crl, CRL_MAX, &g->bytes[count], err);
	r->kept = g->kept;
	r->kepts = count;
	r->crl.name = a->crl;
	r->crl.bytes = buf_get(&g->bytes[count]);
	return status;
}

/* Also after a failure in between: what was not read is empty. */
static void given_clear(struct given *g, size_t count)
{
	size_t i;

	for (i = 0; g->bytes != NULL && i < count; i++)
		buf_clear(&g->bytes[i]);
	free(g->bytes);
	free(g->kept);
	deposit_key_free(g->key);
}

/* ---- what is said ---- */

/* The gap is told by numbers even where nothing is known of its entries; those
 * that a kept proof shows are told by their events. */
static void report_lost(struct session *s, const struct restore *r)
{
	json_t *list = json_array();
	char time[CLOCK_TEXT];
	size_t i;

	if (r->expected > r->checkpoint.size)
		output_line(s,
			    "the backup lacks entries %" PRIu64 " to %" PRIu64
			    " of the log",
			    r->checkpoint.size, r->expected - 1);
	for (i = 0; i < r->lost_count; i++) {
		clock_format(r->lost[i].time, time);
		output_line(s, "lost: entry %" PRIu64 ", %s, %s",
			    r->lost[i].index, r->lost[i].event, time);
		json_array_append_new(
			list, json_pack("{s:I,s:s,s:s}", "index",
					(json_int_t)r->lost[i].index, "event",
					r->lost[i].event, "time", time));
	}
	output_set(s, "lost", list);
}

/* Good by the backup does not mean good: what was revoked between the backup
 * and the loss is unknown here, and is named so that somebody looks. */
static void report_risks(struct session *s, const struct restore *r)
{
	json_t *unknown = json_array(), *revoked = json_array();
	char time[CLOCK_TEXT];
	size_t i, good = 0;

	for (i = 0; i < r->risks; i++) {
		const struct restore_risk *risk = &r->risk[i];

		if (!risk->revoked) {
			good++;
			json_array_append_new(unknown,
					      json_string(risk->serial));
			continue;
		}
		clock_format(risk->time, time);
		output_line(s, "revoked since: certificate %s, %s",
			    risk->serial, time);
		json_array_append_new(revoked,
				      json_pack("{s:s,s:s}", "serial",
						risk->serial, "time", time));
	}
	clock_format(r->time, time);
	output_line(s,
		    "certificates that are good by the backup, and may have "
		    "been revoked after %s: %zu",
		    time, good);
	output_set(s, "revoked_since", revoked);
	output_set(s, "revocation_unknown", unknown);
	output_set(s, "crl_floor", json_integer((json_int_t)r->floor));
}

static void warn_findings(struct session *s, const struct restore *r)
{
	size_t i;

	for (i = 0; i < r->report.findings; i++)
		session_warn(s, "%s", r->report.finding[i].message);
}

/* What is wrong comes first, before the line that says that the home is there.
 * With -n no certificates were compared. */
static void report(struct session *s, const struct restore *r)
{
	char time[CLOCK_TEXT];

	clock_format(r->time, time);
	warn_findings(s, r);
	report_lost(s, r);
	if (!s->dry_run)
		report_risks(s, r);
	output_set(s, "home", output_text(r->home));
	output_set(s, "time", output_text(time));
	output_set(s, "files", json_integer((json_int_t)r->files));
	output_set(s, "pieces", json_integer((json_int_t)r->pieces));
	output_set(s, "checkpoint",
		   json_pack("{s:s,s:I,s:o}", "origin", r->checkpoint.origin,
			     "size", (json_int_t)r->checkpoint.size, "root",
			     output_sha256(r->checkpoint.root)));
	output_set(s, "expected", json_integer((json_int_t)r->expected));
	output_set(s, "recover", json_boolean(r->recover));
	session_say(s,
		    s->dry_run ? "'%s' would be the home of %s, with %" PRIu64
				 " log entries%s"
			       : "'%s' is the home of %s, with %" PRIu64
				 " log entries%s",
		    r->home, time, r->checkpoint.size,
		    r->recover ? "; it writes nothing before "
				 "\"deed audit recover\""
			       : "");
}

/* It must be said either way: a restored log that is shorter than what others
 * have seen would look like one that was cut. */
static enum deed_status check_args(const struct restore_args *a,
				   struct deed_error *err)
{
	if (a->against.count > 0 || a->no_checkpoint)
		return DEED_OK;
	deed_error_set(err, DEED_USAGE,
		       "what is the log to be compared with, so that it is "
		       "known what is missing?");
	deed_error_remedy(err, "restore", NULL);
	return DEED_USAGE;
}

static void on_progress(void *arg, uint64_t bytes)
{
	(void)arg;
	progress_set(bytes >> 20);
}

/* The place is checked and the files are read before the key is asked for, so
 * that a mistake in them costs no typing. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct restore_args *a = args;
	struct given g = { .key = NULL };
	struct restore r = {
		.file = s->operand[0],
		.home = session_home(s),
		.now = s->now,
		.dry_run = s->dry_run,
		.moved = a->moved,
		.progress = on_progress,
	};
	enum deed_status status = check_args(a, err);

	if (status == DEED_OK && r.home == NULL)
		status = deed_error_set(err, DEED_CONFIG,
					"cannot tell where the home is to be");
	if (status == DEED_OK)
		status = restore_check(r.home, err);
	if (status == DEED_OK)
		status = read_kept(a, &r, &g, err);
	if (status == DEED_OK)
		status = read_key(s, a, &g.key, err);
	r.key = g.key;
	progress_start(s, "MiB", 0);
	if (status == DEED_OK)
		status = restore_home(&r, err);
	progress_end();
	if (status == DEED_OK)
		report(s, &r);
	restore_clear(&r);
	given_clear(&g, a->against.count + 1);
	return status;
}

const struct command command_restore = {
	.name = "restore",
	.operands = "FILE",
	.summary = "bring a home back from a backup",
	.options = options,
	.args_size = sizeof(struct restore_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_FILE,
	.run = run,
};
