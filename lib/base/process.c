/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
	pid_t pid; /* 0 once it was waited for */
	int input;
	int output;
	char name[64];
};

static char helpers[PATH_MAX];

void process_set_helpers(const char *directory)
{
	if (strlen(directory) < sizeof(helpers) - 64)
		(void)snprintf(helpers, sizeof(helpers), "%s", directory);
}

static void close_both(int fd[2])
{
	if (fd[0] >= 0)
		(void)close(fd[0]);
	if (fd[1] >= 0)
		(void)close(fd[1]);
}

/* Spawn with in as standard input and out as standard output. */
static int spawn(const char *const argv[], int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int failed;

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	failed = posix_spawn_file_actions_init(&actions);
	if (failed != 0)
		return failed;
	failed = posix_spawnattr_init(&attr);
	if (failed != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return failed;
	}
	failed = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (failed == 0)
		failed = posix_spawnattr_setsigdefault(&attr, &all);
	if (failed == 0)
		failed = posix_spawnattr_setsigmask(&attr, &none);
	if (failed == 0)
		failed = posix_spawnattr_setflags(
			&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (failed == 0)
		failed = posix_spawn(pid, argv[0], &actions, &attr,
				     (char *const *)(uintptr_t)argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Pipe ends that are 0 or 1 would be overwritten in the child. */
static int make_pipe(int fd[2])
{
	int i, moved;

	if (pipe2(fd, O_CLOEXEC) != 0) {
		fd[0] = fd[1] = -1;
		return errno;
	}
	for (i = 0; i < 2; i++) {
		if (fd[i] > 2)
			continue;
		moved = fcntl(fd[i], F_DUPFD_CLOEXEC, 3);
		if (moved < 0)
			return errno;
		(void)close(fd[i]);
		fd[i] = moved;
	}
	return 0;
}

enum deed_status process_start(const char *const argv[], struct process **out,
			       struct deed_error *err)
{
	int in[2] = { -1, -1 }, back[2] = { -1, -1 };
	struct process *p;
	const char *base;
	int failed;

	*out = NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return deed_error_memory(err);
	base = strrchr(argv[0], '/');
	(void)snprintf(p->name, sizeof(p->name), "%s",
		       base == NULL ? argv[0] : base + 1);
	failed = make_pipe(in);
	if (failed == 0)
		failed = make_pipe(back);
	if (failed == 0)
		failed = spawn(argv, in[0], back[1], &p->pid);
	if (failed != 0) {
		close_both(in);
		close_both(back);
		free(p);
		deed_error_errno(err, failed, "cannot start '%s'", argv[0]);
		if (err != NULL)
			err->status = DEED_SYSTEM;
		return DEED_SYSTEM;
	}
	(void)close(in[0]);
	(void)close(back[1]);
	p->input = in[1];
	p->output = back[0];
	*out = p;
	return DEED_OK;
}

enum deed_status process_start_helper(const char *name, struct process **out,
				      struct deed_error *err)
{
	char path[PATH_MAX + 64];
	const char *argv[] = { path, NULL };

	*out = NULL;
	if (helpers[0] == '\0')
		return deed_error_set(err, DEED_SYSTEM,
				      "nobody said where '%s' lies", name);
	(void)snprintf(path, sizeof(path), "%s/%s", helpers, name);
	return process_start(argv, out, err);
}

int process_input(const struct process *p)
{
	return p->input;
}

int process_output(const struct process *p)
{
	return p->output;
}

void process_close_input(struct process *p)
{
	if (p->input >= 0)
		(void)close(p->input);
	p->input = -1;
}

static int reap(struct process *p)
{
	int status = 0;

	while (waitpid(p->pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	p->pid = 0;
	return status;
}

enum deed_status process_wait(struct process *p, int *exit_code,
			      struct deed_error *err)
{
	int status;

	process_close_input(p);
	status = reap(p);
	if (WIFSIGNALED(status))
		return deed_error_set(err, DEED_SYSTEM,
				      "'%s' was ended by signal %d", p->name,
				      WTERMSIG(status));
	if (exit_code != NULL)
		*exit_code = WEXITSTATUS(status);
	else if (WEXITSTATUS(status) != 0)
		return deed_error_set(err, DEED_SYSTEM,
				      "'%s' failed with exit code %d", p->name,
				      WEXITSTATUS(status));
	return DEED_OK;
}

void process_free(struct process *p)
{
	if (p == NULL)
		return;
	process_close_input(p);
	(void)close(p->output);
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		(void)reap(p);
	}
	free(p);
}
