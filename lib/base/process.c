/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
	pid_t pid; /* 0 once it was waited for */
	int input;
	int output;
	char name[64];
};

static char helpers[PATH_MAX];
static bool refused;

void process_set_helpers(const char *directory)
{
	if (strlen(directory) < sizeof(helpers) - 64)
		(void)snprintf(helpers, sizeof(helpers), "%s", directory);
	refused = false;
}

void process_refuse_helpers(const char *directory)
{
	process_set_helpers(directory);
	refused = true;
}

/* What was not opened is -1, so that it serves for a failure at any step. */
static void close_both(int fd[2])
{
	if (fd[0] >= 0)
		(void)close(fd[0]);
	if (fd[1] >= 0)
		(void)close(fd[1]);
}

/* The environment of a worker, and where its standard error goes. */
#ifdef DEED_SANITIZERS
#define WORKER_ENVIRONMENT environ
#define WORKER_ERRORS NULL
#else
static char *const no_environment[] = { NULL };
#define WORKER_ENVIRONMENT no_environment
#define WORKER_ERRORS "/dev/null"
#endif

/* Spawn with in as standard input and out as standard output; errors, if not
 * NULL, is a file that becomes standard error. */
static int spawn(const char *const argv[], int in, int out, const char *errors,
		 char *const environment[], pid_t *pid)
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
	if (failed == 0 && errors != NULL)
		failed = posix_spawn_file_actions_addopen(&actions, 2, errors,
							  O_WRONLY, 0);
	if (failed == 0)
		failed = posix_spawnattr_setsigdefault(&attr, &all);
	if (failed == 0)
		failed = posix_spawnattr_setsigmask(&attr, &none);
	if (failed == 0)
		failed = posix_spawnattr_setflags(
			&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (failed == 0)
		failed = posix_spawn(pid, argv[0], &actions, &attr,
				     (char *const *)(uintptr_t)argv,
				     environment);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Descriptors that are 0 or 1 would be overwritten in the child. */
static int move_up(int fd[2])
{
	int i, moved;

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

/* Close-on-exec from the start: another thread may spawn between two calls,
 * and its child would keep our pipe open for ever.  Both are -1 after a
 * failure, for close_both. */
static int make_pipe(int fd[2])
{
	if (pipe2(fd, O_CLOEXEC) != 0) {
		fd[0] = fd[1] = -1;
		return errno;
	}
	return move_up(fd);
}

/* As make_pipe.  One socket serves both ways, since descriptors travel over it
 * and caller and helper take turns. */
static int make_sockets(int fd[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0) {
		fd[0] = fd[1] = -1;
		return errno;
	}
	return move_up(fd);
}

/* The name is for messages only, and may be cut. */
static struct process *process_new(const char *path)
{
	struct process *p = calloc(1, sizeof(*p));
	const char *base = strrchr(path, '/');

	if (p == NULL)
		return NULL;
	(void)snprintf(p->name, sizeof(p->name), "%s",
		       base == NULL ? path : base + 1);
	p->input = p->output = -1;
	return p;
}

/* Whatever errno says: that a helper is missing is a fault of the
 * installation, not of the file that is worked on. */
static enum deed_status not_started(const char *path, int failed,
				    struct deed_error *err)
{
	deed_error_errno(err, failed, "cannot start '%s'", path);
	if (err != NULL)
		err->status = DEED_SYSTEM;
	return DEED_SYSTEM;
}

enum deed_status process_start(const char *const argv[], struct process **out,
			       struct deed_error *err)
{
	int in[2] = { -1, -1 }, back[2] = { -1, -1 };
	struct process *p = process_new(argv[0]);
	int failed;

	*out = NULL;
	if (p == NULL)
		return deed_error_memory(err);
	failed = make_pipe(in);
	if (failed == 0)
		failed = make_pipe(back);
	if (failed == 0)
		failed = spawn(argv, in[0], back[1], NULL, environ, &p->pid);
	if (failed != 0) {
		close_both(in);
		close_both(back);
		free(p);
		return not_started(argv[0], failed, err);
	}
	(void)close(in[0]);
	(void)close(back[1]);
	p->input = in[1];
	p->output = back[0];
	*out = p;
	return DEED_OK;
}

#define HELPER_PATH (PATH_MAX + 64)

/* A helper is started by its whole path, never by PATH: it gets documents and
 * secrets.  Refused as well where anybody could have put another one there. */
static enum deed_status find_helper(const char *name, char path[HELPER_PATH],
				    struct deed_error *err)
{
	if (helpers[0] == '\0')
		return deed_error_set(err, DEED_SYSTEM,
				      "nobody said where '%s' lies", name);
	(void)snprintf(path, HELPER_PATH, "%s/%s", helpers, name);
	if (refused)
		return deed_error_set(err, DEED_SYSTEM,
				      "'%s' is not run: everybody can write to "
				      "a folder above it",
				      path);
	return DEED_OK;
}

enum deed_status process_start_helper(const char *name, struct process **out,
				      struct deed_error *err)
{
	char path[HELPER_PATH];
	const char *argv[] = { path, NULL };
	enum deed_status status;

	*out = NULL;
	status = find_helper(name, path, err);
	return status == DEED_OK ? process_start(argv, out, err) : status;
}

/* One socket for both ways, no environment, and nowhere to write errors: a
 * worker has nothing of its caller but what it is sent. */
enum deed_status process_start_worker(const char *name, struct process **out,
				      struct deed_error *err)
{
	char path[HELPER_PATH];
	const char *argv[] = { path, NULL };
	int ends[2] = { -1, -1 };
	enum deed_status status;
	struct process *p;
	int failed;

	*out = NULL;
	status = find_helper(name, path, err);
	if (status != DEED_OK)
		return status;
	p = process_new(path);
	if (p == NULL)
		return deed_error_memory(err);
	failed = make_sockets(ends);
	if (failed == 0)
		failed = spawn(argv, ends[1], ends[1], WORKER_ERRORS,
			       WORKER_ENVIRONMENT, &p->pid);
	if (failed != 0) {
		close_both(ends);
		free(p);
		return not_started(path, failed, err);
	}
	(void)close(ends[1]);
	p->output = ends[0];
	*out = p;
	return DEED_OK;
}

enum deed_status process_become_helper(const char *name, char *const argv[],
				       struct deed_error *err)
{
	char path[HELPER_PATH];
	enum deed_status status = find_helper(name, path, err);

	if (status != DEED_OK)
		return status;
	(void)execv(path, argv);
	return not_started(path, errno, err);
}

int process_input(const struct process *p)
{
	return p->input;
}

pid_t process_id(const struct process *p)
{
	return p->pid;
}

int process_output(const struct process *p)
{
	return p->output;
}

/* The pipe's other end, the child's, is as it was. */
void process_never_block(struct process *p)
{
	int flags = fcntl(p->input, F_GETFL);

	if (flags >= 0)
		(void)fcntl(p->input, F_SETFL, flags | O_NONBLOCK);
}

void process_close_input(struct process *p)
{
	if (p->input >= 0)
		(void)close(p->input);
	p->input = -1;
}

/* The process id is forgotten at once, for the system may give it to another:
 * nothing is killed by it afterwards. */
static int reap(struct process *p)
{
	int status = 0;

	while (waitpid(p->pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	p->pid = 0;
	return status;
}

/* With exit_code asked for, any code is an answer and left to the caller; a
 * signal never is. */
static enum deed_status how_it_ended(const struct process *p, int status,
				     int *exit_code, struct deed_error *err)
{
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

enum deed_status process_wait(struct process *p, int *exit_code,
			      struct deed_error *err)
{
	process_close_input(p);
	return how_it_ended(p, reap(p), exit_code, err);
}

/* Wait for the end, at most ms milliseconds; without pidfd_open (Linux 5.3)
 * there is no waiting. */
static bool ends_within(const struct process *p, int ms)
{
	struct pollfd end = { .events = POLLIN };
	int n;

	end.fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (end.fd < 0)
		return false;
	do
		n = poll(&end, 1, ms);
	while (n < 0 && errno == EINTR);
	(void)close(end.fd);
	return n > 0;
}

enum deed_status process_end(struct process *p, int ms, struct deed_error *err)
{
	process_close_input(p);
	if (p->output >= 0)
		(void)close(p->output);
	p->output = -1;
	if (p->pid <= 0)
		return DEED_OK; /* it was waited for */
	if (!ends_within(p, ms))
		(void)kill(p->pid, SIGKILL);
	return process_wait(p, NULL, err);
}

void process_free(struct process *p)
{
	if (p == NULL)
		return;
	process_close_input(p);
	if (p->output >= 0)
		(void)close(p->output);
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		(void)reap(p);
	}
	free(p);
}
