/* SPDX-License-Identifier: Apache-2.0 */
#include "base/outfile_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* So many traces are looked at before a new one is made. */
#define TRACE_STEPS 16

/*
 * A temporary's name where a signal handler finds it.  Traces are made, never
 * freed, and used again, so that the handler may walk them at any moment.
 */
struct outfile_trace {
	struct outfile_trace *next;
	atomic_bool active;
	size_t size;
	char path[];
};

static _Atomic(struct outfile_trace *) traces;
static pthread_mutex_t traces_mutex = PTHREAD_MUTEX_INITIALIZER;

/*
 * A number that no other process is likely to use now: O_EXCL decides.  The
 * first is drawn, and again after a collision; those between follow by a
 * full-period step.
 */
static bool next_number(bool draw, uint32_t *out)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static uint32_t state;
	static pid_t owner;
	pid_t self = getpid();
	bool good = true;

	(void)pthread_mutex_lock(&mutex);
	if (draw || owner != self) {
		good = getrandom(&state, sizeof(state), 0) == sizeof(state);
		owner = good ? self : 0;
	}
	state = state * UINT32_C(1664525) + UINT32_C(1013904223);
	*out = state;
	(void)pthread_mutex_unlock(&mutex);
	return good;
}

char *outfile_name(const char *target, enum outfile_name_kind kind, bool draw)
{
	const char *base = path_base(target);
	struct buf b = BUF_INIT;
	uint32_t number;

	if (!next_number(draw, &number))
		return NULL;
	if (base == target)
		buf_str(&b, "./");
	buf_append(&b, target, (size_t)(base - target));
	buf_printf(&b, ".%.200s.deed%c%08x", base,
		   kind == OUTFILE_NAME_OWN ? '~' : '-', number);
	return buf_take(&b, NULL);
}

/*
 * A trace that is not in use and has room.  The search goes on where the last
 * one ended, so that a group that opens many files does not pass all of them
 * for each.
 */
static struct outfile_trace *unused_trace(size_t size)
{
	static struct outfile_trace *last;
	struct outfile_trace *t;
	int steps;

	for (steps = 0; steps < TRACE_STEPS; steps++) {
		t = last == NULL ? traces : last;
		if (t == NULL)
			return NULL;
		last = t->next;
		if (!t->active && t->size >= size)
			return t;
	}
	return NULL;
}

struct outfile_trace *outfile_trace_leave(const char *path)
{
	size_t size = strlen(path) + 1;
	struct outfile_trace *t;

	(void)pthread_mutex_lock(&traces_mutex);
	t = unused_trace(size);
	if (t != NULL) {
		memcpy(t->path, path, size);
	} else {
		t = malloc(sizeof(*t) + size);
		if (t != NULL) {
			t->size = size;
			memcpy(t->path, path, size);
			t->next = traces;
			atomic_init(&t->active, false);
			traces = t;
		}
	}
	if (t != NULL)
		t->active = true;
	(void)pthread_mutex_unlock(&traces_mutex);
	return t;
}

void outfile_trace_forget(struct outfile_trace *t)
{
	if (t != NULL)
		t->active = false;
}

void outfile_remove_all(void)
{
	struct outfile_trace *t;

	for (t = traces; t != NULL; t = t->next)
		if (t->active)
			(void)unlink(t->path);
}

/* ---- names that nobody holds ---- */

/* ".NAME.deed~XXXXXXXX" */
static bool is_own_name(const char *name)
{
	const char *mark = name[0] == '.' ? strrchr(name, '~') : NULL;

	return mark != NULL && mark - name > 5 &&
	       !memcmp(mark - 5, ".deed", 5) && strlen(mark + 1) == 8 &&
	       strspn(mark + 1, "0123456789abcdef") == 8;
}

bool outfile_hold(int fd)
{
	struct stat st;
	int failed;

	do
		failed = flock(fd, LOCK_EX);
	while (failed != 0 && errno == EINTR);
	/* Where locks are not to be had nobody sweeps either. */
	return failed != 0 || fstat(fd, &st) != 0 || st.st_nlink > 0;
}

/* Whoever made it is gone, or it would be held. */
static void sweep_one(int folder, const char *name)
{
	int fd = openat(folder, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
				O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(folder, name, 0);
	(void)close(fd);
}

/* A folder that cannot be read is not swept: leftovers cost room and do no
 * harm, and the run that asked has other work to do. */
static void sweep(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (is_own_name(e->d_name))
			sweep_one(dirfd(d), e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
}

void outfile_sweep(const char *folder)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static char *last;
	char *copy;

	(void)pthread_mutex_lock(&mutex);
	if (last == NULL || strcmp(last, folder) != 0) {
		copy = strdup(folder);
		sweep(folder);
		free(last);
		last = copy;
	}
	(void)pthread_mutex_unlock(&mutex);
}
