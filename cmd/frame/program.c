/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "cmd/frame/program.h"

#include "cmd/frame/batch_names.h"
#include "cmd/frame/installed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/place_access.h"
#include "cmd/frame/secret.h"
#include "cmd/frame/session_run.h"
#include "cmd/signing/timestamping.h"

/* Children that were forked inherit the handler, but own no file. */
static pid_t own_pid;

/* Leave nothing half-written, then die of the signal that came. */
static void on_signal(int signal_number)
{
	if (getpid() == own_pid) {
		passphrase_restore_terminal();
		outfile_remove_all();
		batch_names_remove();
	}
	(void)signal(signal_number, SIG_DFL);
	(void)raise(signal_number);
}

/* Before a file is opened or a terminal silenced, which are what the handler
 * puts in order. */
static void set_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	const int fatal[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;
	size_t i;

	(void)sigemptyset(&action.sa_mask);
	/* One after the other: the handler is not to run within itself. */
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		(void)sigaddset(&action.sa_mask, fatal[i]);
	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
		/* nohup and background jobs ignore some: so do we. */
		if (sigaction(fatal[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(fatal[i], &action, NULL);
	}
	/* A reader that went away is an error of the write. */
	(void)signal(SIGPIPE, SIG_IGN);
}

/*
 * Descriptors 0 to 2 must be open, or a file would take their place.  What
 * is written to a closed standard output is lost, and must fail: it gets a
 * descriptor that cannot be written.
 */
static void fill_descriptors(void)
{
	static const int mode[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) != 0 && open("/dev/null", mode[fd]) != fd)
			_exit(deed_status_exit(DEED_SYSTEM));
}

enum deed_status program_print(struct buf *b, struct deed_error *err)
{
	enum deed_status status = buf_status(b, err);

	if (status == DEED_OK)
		(void)fwrite(b->data, 1, b->len, stdout);
	buf_clear(b);
	return status;
}

void program_begin(void)
{
	fill_descriptors();
	installed_helpers();
}

void program_set_up(void)
{
#ifndef DEED_SANITIZERS
	/* The leak checker traces its own process. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	own_pid = getpid();
	set_signals();
}

/* Options and operands read, run it. */
static enum deed_status run_parsed(struct session *s, const void *args,
				   struct deed_error *err)
{
	enum deed_status status;

	if (s->at.given)
		s->now = s->at.value;
	log_set(session_log, s);
	status = timestamping_begin(s, err);
	if (status == DEED_OK)
		status = place_access_begin(s, err);
	if (status == DEED_OK)
		status = s->command->run(s, args, err);
	place_access_end(s);
	timestamping_end(s);
	return status;
}

/* Help is printed before a home, a key or the network is touched, and never as
 * JSON. */
static enum deed_status run_command(struct session *s, void *args,
				    const char *const words[], size_t count,
				    struct deed_error *err)
{
	struct buf usage = BUF_INIT;
	enum deed_status status;
	bool help;

	status = option_parse(s, args, words, count, &help, err);
	if (status != DEED_OK)
		return status;
	if (!help)
		return run_parsed(s, args, err);
	s->json = false;
	command_usage(s->command, &usage);
	return program_print(&usage, err);
}

/* A reader that closed standard output early ends us as it ends others. */
static void die_of_pipe(void)
{
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

/* Print errors and the report; the exit code. */
static int finish(struct session *s, enum deed_status status,
		  const struct deed_error *err)
{
	struct deed_error late = DEED_ERROR_INIT;
	enum deed_status printed;

	if (status != DEED_OK)
		session_error(s, NULL, err);
	printed = output_finish(s, &late);
	if (printed == DEED_OK)
		return deed_status_exit(status);
	if (output_pipe_broken())
		die_of_pipe();
	session_error(s, NULL, &late);
	return deed_status_exit(printed);
}

int program_run(const struct command *c, const char *const words[],
		size_t count)
{
	static char name[64]; /* the log keeps a pointer */
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	struct session s;
	void *args = NULL;
	int code;

	(void)snprintf(name, sizeof(name), "deed %s", c->name);
	lock_set_command(name);
	status = session_init(&s, c, clock_now(), &err);
	if (status == DEED_OK && c->args_size > 0) {
		args = calloc(1, c->args_size);
		if (args == NULL)
			status = deed_error_memory(&err);
	}
	if (status == DEED_OK)
		status = run_command(&s, args, words, count, &err);
	code = finish(&s, status, &err);
	log_set(NULL, NULL);
	option_clear(&s, args);
	free(args);
	session_clear(&s);
	return code;
}

int program_fail(const struct deed_error *err)
{
	struct session s = { 0 };

	session_error(&s, NULL, err);
	return deed_status_exit(err->status);
}
