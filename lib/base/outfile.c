/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTEMPTS 16

/* From so many files on, one syncfs is cheaper than an fsync each. */
#define SYNC_TOGETHER 8

/* So many traces are looked at before a new one is made. */
#define TRACE_STEPS 16

/*
 * A temporary's name where a signal handler finds it.  Traces are made, never
 * freed, and used again, so that the handler may walk them at any moment.
 */
struct trace {
	struct trace *next;
	atomic_bool active;
	size_t size;
	char path[];
};

static _Atomic(struct trace *) traces;
static pthread_mutex_t traces_mutex = PTHREAD_MUTEX_INITIALIZER;

struct outfile {
	char *target;
	char *temporary;
	struct trace *trace;
	uint64_t size;
	int fd;
	bool synced;
	bool there; /* the temporary exists and is ours to remove */
};

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

/* ".NAME.deed-XXXXXXXX" beside the target. */
static char *temporary_name(const char *target, bool draw)
{
	const char *base = path_base(target);
	struct buf b = BUF_INIT;
	uint32_t number;

	if (!next_number(draw, &number))
		return NULL;
	if (base == target)
		buf_str(&b, "./");
	buf_append(&b, target, (size_t)(base - target));
	buf_printf(&b, ".%.200s.deed-%08x", base, number);
	return buf_take(&b, NULL);
}

/*
 * A trace that is not in use and has room.  The search goes on where the last
 * one ended, so that a group that opens many files does not pass all of them
 * for each.
 */
static struct trace *unused_trace(size_t size)
{
	static struct trace *last;
	struct trace *t;
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

/* A trace of the path, active; NULL without memory. */
static struct trace *leave_trace(const char *path)
{
	size_t size = strlen(path) + 1;
	struct trace *t;

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

/* The temporary is renamed, removed, or somebody else's. */
static void forget(struct outfile *out)
{
	out->there = false;
	if (out->trace != NULL)
		out->trace->active = false;
	out->trace = NULL;
}

void outfile_remove_all(void)
{
	struct trace *t;

	for (t = traces; t != NULL; t = t->next)
		if (t->active)
			(void)unlink(t->path);
}

static enum deed_status make_temporary(struct outfile *out, unsigned mode,
				       struct deed_error *err)
{
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		free(out->temporary);
		out->temporary = temporary_name(out->target, i > 0);
		if (out->temporary == NULL)
			return deed_error_memory(err);
		out->fd = open(out->temporary,
			       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			       (mode_t)mode);
		if (out->fd >= 0) {
			out->there = true;
			out->trace = leave_trace(out->temporary);
			return DEED_OK;
		}
		if (errno != EEXIST)
			break;
	}
	return deed_error_errno(err, errno, "cannot write '%s'", out->target);
}

enum deed_status outfile_open(struct outfile **out, const char *path,
			      unsigned mode, struct deed_error *err)
{
	struct outfile *o;
	enum deed_status status;

	*out = NULL;
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return deed_error_memory(err);
	o->fd = -1;
	o->target = strdup(path);
	if (o->target == NULL) {
		outfile_free(o);
		return deed_error_memory(err);
	}
	status = make_temporary(o, mode, err);
	if (status != DEED_OK) {
		outfile_free(o);
		return status;
	}
	*out = o;
	return DEED_OK;
}

enum deed_status outfile_write(struct outfile *out, const void *data,
			       size_t len, struct deed_error *err)
{
	enum deed_status status =
		file_write_fd(out->fd, out->target, data, len, err);

	if (status == DEED_OK)
		out->size += len;
	out->synced = false;
	return status;
}

enum deed_status outfile_patch(struct outfile *out, uint64_t at,
			       const void *data, size_t len,
			       struct deed_error *err)
{
	const uint8_t *p = data;
	ssize_t put;

	out->synced = false;
	while (len > 0) {
		put = pwrite(out->fd, p, len, (off_t)at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return deed_error_errno(err, errno, "cannot write '%s'",
						out->target);
		p += put;
		at += (uint64_t)put;
		len -= (size_t)put;
	}
	return DEED_OK;
}

enum deed_status outfile_sync(struct outfile *out, struct deed_error *err)
{
	if (!out->synced && fsync(out->fd) != 0)
		return deed_error_errno(err, errno, "cannot sync '%s'",
					out->target);
	out->synced = true;
	return DEED_OK;
}

/* One syncfs for each file system that the files are on. */
static enum deed_status sync_devices(struct outfile *const outs[], size_t count,
				     struct deed_error *err)
{
	dev_t *seen = calloc(count, sizeof(*seen));
	enum deed_status status = DEED_OK;
	size_t i, j, devices = 0;
	struct stat st;

	if (seen == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count && status == DEED_OK; i++) {
		if (fstat(outs[i]->fd, &st) != 0) {
			status =
				deed_error_errno(err, errno, "cannot sync '%s'",
						 outs[i]->target);
			break;
		}
		for (j = 0; j < devices && seen[j] != st.st_dev; j++)
			;
		if (j < devices)
			continue;
		seen[devices++] = st.st_dev;
		if (syncfs(outs[i]->fd) != 0)
			status =
				deed_error_errno(err, errno, "cannot sync '%s'",
						 outs[i]->target);
	}
	free(seen);
	return status;
}

enum deed_status outfile_sync_all(struct outfile *const outs[], size_t count,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	/* syncfs waits for everybody's data: it pays for many files only. */
	if (count > SYNC_TOGETHER)
		status = sync_devices(outs, count, err);
	for (i = 0; i < count && status == DEED_OK; i++) {
		if (count > SYNC_TOGETHER)
			outs[i]->synced = true;
		else
			status = outfile_sync(outs[i], err);
	}
	return status;
}

enum deed_status file_rename(const char *from, const char *to,
			     enum outfile_mode mode, struct deed_error *err)
{
	enum deed_status status = file_rename_unsynced(from, to, mode, err);

	return status == DEED_OK ? file_sync_parent(to, err) : status;
}

enum deed_status file_rename_unsynced(const char *from, const char *to,
				      enum outfile_mode mode,
				      struct deed_error *err)
{
	unsigned flags = mode == OUTFILE_NEW ? RENAME_NOREPLACE : 0;
	int failed = renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);

	/* Some network file systems know no flags: link refuses to clobber. */
	if (failed != 0 && errno == EINVAL && flags != 0) {
		failed = link(from, to);
		if (failed == 0)
			(void)unlink(from);
	}
	if (failed != 0 && errno == EEXIST) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", to);
		deed_error_remedy(err, "overwrite", NULL);
		return DEED_EXISTS;
	}
	if (failed != 0)
		return deed_error_errno(err, errno, "cannot write '%s'", to);
	return DEED_OK;
}

enum deed_status outfile_commit(struct outfile *out, enum outfile_mode mode,
				struct deed_error *err)
{
	enum deed_status status;

	if (!out->synced) {
		status = outfile_sync(out, err);
		if (status != DEED_OK)
			return status;
	}
	status = file_rename(out->temporary, out->target, mode, err);
	if (status == DEED_OK)
		forget(out);
	return status;
}

void outfile_keep(struct outfile *out)
{
	forget(out);
}

enum deed_status outfile_own(struct outfile *out, const struct stat *as,
			     struct deed_error *err)
{
	struct stat st;

	if (fstat(out->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot write '%s'",
					out->target);
	if (st.st_uid != as->st_uid || st.st_gid != as->st_gid) {
		if (fchown(out->fd, as->st_uid, as->st_gid) == 0)
			st.st_mode &= ~(mode_t)07777;
		else if (errno == EPERM || errno == EINVAL)
			return deed_error_set(
				err, DEED_REFUSED,
				"'%s' belongs to user %lu and group %lu, and "
				"would not if it was replaced by this user",
				out->target, (unsigned long)as->st_uid,
				(unsigned long)as->st_gid);
		else
			return deed_error_errno(err, errno, "cannot write '%s'",
						out->target);
	}
	/* chown takes set-id bits away: the mode comes last. */
	if (((st.st_mode ^ as->st_mode) & 07777) != 0 &&
	    fchmod(out->fd, as->st_mode & 07777) != 0)
		return deed_error_errno(err, errno, "cannot write '%s'",
					out->target);
	return DEED_OK;
}

int outfile_fd(const struct outfile *out)
{
	return out->fd;
}

const char *outfile_temporary(const struct outfile *out)
{
	return out->temporary;
}

const char *outfile_target(const struct outfile *out)
{
	return out->target;
}

uint64_t outfile_size(const struct outfile *out)
{
	return out->size;
}

void outfile_free(struct outfile *out)
{
	if (out == NULL)
		return;
	if (out->fd >= 0)
		(void)close(out->fd);
	if (out->there)
		(void)unlink(out->temporary);
	forget(out);
	free(out->temporary);
	free(out->target);
	free(out);
}

enum deed_status file_write(const char *path, unsigned mode, struct slice data,
			    enum outfile_mode how, struct deed_error *err)
{
	struct outfile *out;
	enum deed_status status;

	status = outfile_open(&out, path, mode, err);
	if (status != DEED_OK)
		return status;
	status = outfile_write(out, data.data, data.len, err);
	if (status == DEED_OK)
		status = outfile_commit(out, how, err);
	outfile_free(out);
	return status;
}
