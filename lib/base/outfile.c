/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/direct.h"
#include "base/outfile_name.h"

#define ATTEMPTS 16

/* From so many files on, one syncfs is cheaper than an fsync each. */
#define SYNC_TOGETHER 8

struct outfile {
	char *target;
	char *temporary; /* the name that it is given before its last */
	char *own; /* the name that it has until then; NULL: it has none */
	const char *there; /* of these the one that it has, ours to remove */
	struct outfile_trace *trace;
	uint64_t size;
	struct direct *direct; /* where much is expected, until it is there */
	uint64_t expected;     /* the size that it then has */
	mode_t mode; /* where it has set-id bits: of what it replaces */
	int fd;
	bool synced;
};

/* It has its last name, none, or one that is somebody else's to remove. */
static void forget(struct outfile *out)
{
	out->there = NULL;
	outfile_trace_forget(out->trace);
	out->trace = NULL;
}

/* Where files must have a name. */
static enum deed_status open_named(struct outfile *out, unsigned mode,
				   struct deed_error *err)
{
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		free(out->own);
		out->own = outfile_name(out->target, OUTFILE_NAME_OWN, i > 0);
		if (out->own == NULL)
			return deed_error_memory(err);
		out->fd = open(out->own, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			       (mode_t)mode);
		if (out->fd < 0 && errno != EEXIST)
			break;
		if (out->fd >= 0 && outfile_hold(out->fd)) {
			out->there = out->own;
			out->trace = outfile_trace_leave(out->own);
			return DEED_OK;
		}
		if (out->fd >= 0)
			(void)close(out->fd);
		out->fd = -1;
		errno = EEXIST;
	}
	return deed_error_errno(err, errno, "cannot write '%s'", out->target);
}

/* A file without a name is gone when the process is, however it ends. */
static enum deed_status open_temporary(struct outfile *out, unsigned mode,
				       struct deed_error *err)
{
	enum deed_status status;
	char *folder;

	out->temporary = outfile_name(out->target, OUTFILE_NAME_KNOWN, false);
	folder = path_dir(out->target);
	if (out->temporary == NULL || folder == NULL) {
		free(folder);
		return deed_error_memory(err);
	}
	out->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
	if (out->fd >= 0) {
		free(folder);
		return DEED_OK;
	}
	/* A kernel that does not know O_TMPFILE opens the folder. */
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) {
		status = deed_error_errno(err, errno, "cannot write '%s'",
					  out->target);
	} else {
		outfile_sweep(folder);
		status = open_named(out, mode, err);
	}
	free(folder);
	return status;
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
	status = open_temporary(o, mode, err);
	if (status != DEED_OK) {
		outfile_free(o);
		return status;
	}
	*out = o;
	return DEED_OK;
}

void outfile_expect(struct outfile *out, uint64_t size)
{
	if (size < OUTFILE_LARGE || out->size > 0 || out->direct != NULL)
		return;
	out->expected = size;
	/* Without memory for it, as usual. */
	(void)!direct_new(out->fd, out->target, &out->direct, NULL);
}

/* All that was written is in the file. */
static enum deed_status settle(struct outfile *out, struct deed_error *err)
{
	enum deed_status status;

	if (out->direct == NULL)
		return DEED_OK;
	status = direct_end(out->direct, err);
	direct_free(out->direct);
	out->direct = NULL;
	return status;
}

enum deed_status outfile_write(struct outfile *out, const void *data,
			       size_t len, struct deed_error *err)
{
	enum deed_status status;

	if (out->direct != NULL)
		status = direct_add(out->direct, data, len, err);
	else
		status = file_write_fd(out->fd, out->target, data, len, err);
	if (status == DEED_OK)
		out->size += len;
	out->synced = false;
	if (status == DEED_OK && out->size >= out->expected)
		status = settle(out, err);
	return status;
}

enum deed_status outfile_patch(struct outfile *out, uint64_t at,
			       const void *data, size_t len,
			       struct deed_error *err)
{
	enum deed_status status = settle(out, err);
	const uint8_t *p = data;
	ssize_t put;

	if (status != DEED_OK)
		return status;
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

/* A write takes set-id bits away, but from root's files. */
static enum deed_status settle_mode(struct outfile *out, struct deed_error *err)
{
	enum deed_status status = settle(out, err);

	if (status == DEED_OK && out->mode != 0 &&
	    fchmod(out->fd, out->mode) != 0)
		return deed_error_errno(err, errno, "cannot write '%s'",
					out->target);
	return status;
}

enum deed_status outfile_sync(struct outfile *out, struct deed_error *err)
{
	enum deed_status status = settle_mode(out, err);

	if (status != DEED_OK)
		return status;
	if (!out->synced && fsync(out->fd) != 0)
		return deed_error_errno(err, errno, "cannot sync '%s'",
					out->target);
	out->synced = true;
	return DEED_OK;
}

/* Of two in one folder only one is asked which file system it is on. */
static bool beside(const struct outfile *a, const struct outfile *b)
{
	size_t len = (size_t)(path_base(a->target) - a->target);

	return len == (size_t)(path_base(b->target) - b->target) &&
	       !memcmp(a->target, b->target, len);
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
		if (i > 0 && beside(outs[i - 1], outs[i]))
			continue;
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

	for (i = 0; i < count && status == DEED_OK; i++)
		status = settle_mode(outs[i], err);
	if (status != DEED_OK)
		return status;
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

static enum deed_status exists(const char *path, struct deed_error *err)
{
	deed_error_set(err, DEED_EXISTS, "'%s' exists", path);
	deed_error_remedy(err, "overwrite", NULL);
	return DEED_EXISTS;
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
	if (failed != 0 && errno == EEXIST)
		return exists(to, err);
	if (failed != 0)
		return deed_error_errno(err, errno, "cannot write '%s'", to);
	return DEED_OK;
}

/* Give it that name; errno says why not. */
static bool give_name(struct outfile *out, const char *name)
{
	char self[64];

	if (out->own != NULL)
		return renameat2(AT_FDCWD, out->own, AT_FDCWD, name,
				 RENAME_NOREPLACE) == 0 ||
		       (errno == EINVAL && link(out->own, name) == 0 &&
			unlink(out->own) == 0);
	/* The second way is open to those who may read anything, or made the
	 * file (Linux 6.10); the first needs /proc. */
	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", out->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ||
	       (errno == ENOENT &&
		linkat(out->fd, "", AT_FDCWD, name, AT_EMPTY_PATH) == 0);
}

enum deed_status outfile_link(struct outfile *out, struct deed_error *err)
{
	if (out->there == out->temporary)
		return DEED_OK;
	if (!give_name(out, out->temporary))
		return deed_error_errno(err, errno, "cannot write '%s'",
					out->target);
	forget(out);
	out->there = out->temporary;
	return DEED_OK;
}

void outfile_drop(struct outfile *out)
{
	if (out->there != NULL)
		(void)unlink(out->there);
	forget(out);
}

/* A name is given without overwriting alone, so that what replaces a file
 * has another first. */
static enum deed_status replace(struct outfile *out, struct deed_error *err)
{
	struct outfile_trace *trace = outfile_trace_leave(out->temporary);
	enum deed_status status = outfile_link(out, err);

	if (status == DEED_OK)
		status = file_rename_unsynced(out->temporary, out->target,
					      OUTFILE_REPLACE, err);
	outfile_trace_forget(trace);
	return status;
}

enum deed_status outfile_commit(struct outfile *out, enum outfile_mode mode,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (!out->synced)
		status = outfile_sync(out, err);
	if (status != DEED_OK)
		return status;
	if (mode == OUTFILE_REPLACE)
		status = replace(out, err);
	else if (!give_name(out, out->target))
		status = errno == EEXIST ? exists(out->target, err)
					 : deed_error_errno(err, errno,
							    "cannot write '%s'",
							    out->target);
	if (status != DEED_OK)
		return status;
	forget(out);
	return file_sync_parent(out->target, err);
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
	if ((as->st_mode & (S_ISUID | S_ISGID)) != 0)
		out->mode = as->st_mode & 07777;
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
	/* Held until it has no name any more. */
	outfile_drop(out);
	direct_free(out->direct);
	if (out->fd >= 0)
		(void)close(out->fd);
	free(out->temporary);
	free(out->own);
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
