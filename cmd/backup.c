/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/config.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"
#include "office/life/backup.h"

struct backup_args {
	const char *to;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct backup_args, to), .name = "to",
	  .argument = "CERT.pem", .config = true, .complete = COMPLETE_FILE,
	  .help = "whose key opens it, instead of the certificate that init "
		  "was given" },
	{ 0 }
};

/* What the two configuration files are called in the backup. */
static const char *const names[CONFIG_FILES] = { "user.yaml", "system.yaml" };

static void on_progress(void *arg, uint64_t bytes)
{
	(void)arg;
	progress_set(bytes >> 20);
}

/* With -n nothing was sealed, so that there is no checkpoint to tell, only
 * what it would take. */
static void report(struct session *s, const struct backup *b)
{
	double mib = (double)b->size / (1 << 20);

	if (s->dry_run)
		session_say(s, "would copy %llu files, %.1f MiB, to '%s'",
			    (unsigned long long)b->files, mib, b->output);
	else
		session_say(s,
			    "%llu files, %.1f MiB, as of log entry count %llu, "
			    "are in '%s'",
			    (unsigned long long)b->files, mib,
			    (unsigned long long)b->checkpoint.size, b->output);
	output_set(s, "file", output_text(b->output));
	output_set(s, "files", json_integer((json_int_t)b->files));
	output_set(s, "size", json_integer((json_int_t)b->size));
	output_set(s, "to", output_sha256(b->recipient));
	if (s->dry_run)
		return;
	output_set(s, "pieces", json_integer((json_int_t)b->pieces));
	output_set(s, "time", output_time(b->now));
	output_set(s, "checkpoint",
		   json_pack("{s:s,s:I,s:o}", "origin", b->checkpoint.origin,
			     "size", (json_int_t)b->checkpoint.size, "root",
			     output_sha256(b->checkpoint.root)));
}

/* The configuration files go with the home, under names of their own, for a
 * home alone would not tell how it was run.  The certificate is checked first:
 * what it opens is only seen on the day of need. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct backup_args *a = args;
	struct backup_extra extra[CONFIG_FILES];
	struct backup b = {
		.output = s->output,
		.replace = s->force,
		.extra = extra,
		.now = s->now,
		.wait = (unsigned)s->wait,
		.dry_run = s->dry_run,
		.progress = on_progress,
	};
	struct home *home = NULL;
	struct cert *to = NULL;
	enum deed_status status;
	size_t i;

	if (s->output == NULL || !strcmp(s->output, "-"))
		return deed_error_set(err, DEED_USAGE,
				      "-o FILE is missing: a backup is a file");
	for (i = 0; i < CONFIG_FILES; i++) {
		const char *path = config_path(s->config, i);

		if (path == NULL)
			continue;
		extra[b.extras].name = names[i];
		extra[b.extras++].path = path;
	}
	status = session_open_home(s, &home, err);
	if (status == DEED_OK && a->to != NULL)
		status = backup_certificate(home, a->to, s->now, &to, err);
	b.to = to;
	progress_start(s, "MiB", 0);
	if (status == DEED_OK)
		status = backup_home(home, &b, err);
	progress_end();
	if (status == DEED_OK)
		report(s, &b);
	cert_free(to);
	home_close(home);
	return status;
}

const struct command command_backup = {
	.name = "backup",
	.operands = "",
	.summary = "copy the home into one file that another's key opens",
	.options = options,
	.args_size = sizeof(struct backup_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_OUTPUT,
	.run = run,
};
