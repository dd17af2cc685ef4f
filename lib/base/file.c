/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without O_NONBLOCK the open of a pipe waits for its writer, for ever; to a
 * regular file it means nothing. */
static int open_at_once(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Only this flag is taken back; a descriptor that is shared keeps its others.
 */
static bool set_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

enum deed_status file_open_regular(const char *path, int *fd,
				   struct deed_error *err)
{
	struct stat st;

	return file_open_regular_stat(path, fd, &st, err);
}

enum deed_status file_open_regular_stat(const char *path, int *out,
					struct stat *st, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	int fd = open_at_once(path), why = errno;

	*out = -1;
	if (fd < 0) {
		status = deed_error_errno(err, why, "cannot open '%s'", path);
		errno = why;
		return status;
	}
	if (fstat(fd, st) != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	else if (S_ISDIR(st->st_mode))
		status =
			deed_error_errno(err, EISDIR, "cannot read '%s'", path);
	else if (!S_ISREG(st->st_mode))
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"'%s' is no regular file", path);
	if (status == DEED_OK) {
		*out = fd;
	} else {
		(void)close(fd);
		errno = 0;
	}
	return status;
}

/* Has it neither a writer nor anything in it?  tee(2) tells, and takes
 * nothing out. */
static bool is_idle_pipe(int fd)
{
	int to[2];
	bool idle;

	if (pipe2(to, O_CLOEXEC) != 0)
		return false;
	idle = tee(fd, to[1], 1, SPLICE_F_NONBLOCK) == 0;
	(void)close(to[0]);
	(void)close(to[1]);
	return idle;
}

/* One with a writer that has written nothing yet may take its time. */
static enum deed_status wait_for_writer(int fd, const char *path,
					struct deed_error *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct stat st;
	int n;

	if (fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode) || !is_idle_pipe(fd))
		return DEED_OK;
	do
		n = poll(&p, 1, FILE_WRITER_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0 && is_idle_pipe(fd))
		return deed_error_set(err, DEED_IO,
				      "cannot read '%s': nobody writes into it",
				      path);
	return DEED_OK;
}

/* O_NONBLOCK was for the opening alone: reads that follow wait for a writer as
 * they always do, or a slow pipe would look like one at its end. */
static enum deed_status open_to_read(const char *path, int *fd,
				     struct deed_error *err)
{
	enum deed_status status;

	*fd = open_at_once(path);
	if (*fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'", path);
	status = wait_for_writer(*fd, path, err);
	if (status == DEED_OK && !set_blocking(*fd))
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	if (status != DEED_OK) {
		(void)close(*fd);
		*fd = -1;
	}
	return status;
}

enum deed_status file_read_fd(int fd, const char *name, size_t max,
			      struct buf *b, struct deed_error *err)
{
	struct stat st;
	size_t step, total = 0;
	uint8_t *at;
	ssize_t got;

	step = 65536;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return deed_error_errno(err, EISDIR, "cannot read '%s'", name);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uint64_t)st.st_size <= max)
		step = (size_t)st.st_size + 1;
	for (;;) {
		at = buf_reserve(b, step);
		if (at == NULL)
			return buf_status(b, err);
		got = read(fd, at, step);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						name);
		if (got == 0)
			return DEED_OK;
		b->len += (size_t)got;
		total += (size_t)got;
		if (total > max)
			return deed_error_set(err, DEED_LIMIT,
					      "'%s' is larger than %zu bytes",
					      name, max);
		if (step > 65536)
			step = 65536;
	}
}

enum deed_status file_read(const char *path, size_t max, struct buf *b,
			   struct deed_error *err)
{
	enum deed_status status;
	int fd;

	status = open_to_read(path, &fd, err);
	if (status != DEED_OK)
		return status;
	status = file_read_fd(fd, path, max, b, err);
	(void)close(fd);
	return status;
}

/* Straight into guarded memory, never through a buffer that nobody wipes.
 * Only the mode of a regular file matters: what comes through a pipe lies in
 * none. */
enum deed_status file_read_secret(const char *path, struct secret **out,
				  struct deed_error *err)
{
	struct secret *s = NULL;
	enum deed_status status;
	struct stat st;
	size_t len = 0;
	ssize_t got;
	int fd;

	*out = NULL;
	status = open_to_read(path, &fd, err);
	if (status != DEED_OK)
		return status;
	if (fstat(fd, &st) != 0) {
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
		goto out;
	}
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0) {
		status = deed_error_set(err, DEED_REFUSED,
					"'%s' may be read by others: "
					"expected mode 0600",
					path);
		deed_error_hint(err, "chmod 600 '%s'", path);
		goto out;
	}
	status = secret_new(SECRET_MAX, &s, err);
	if (status != DEED_OK)
		goto out;
	while (len < SECRET_MAX) {
		got = read(fd, secret_data(s) + len, SECRET_MAX - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			status = deed_error_errno(err, errno,
						  "cannot read '%s'", path);
			goto out;
		}
		if (got == 0)
			break;
		len += (size_t)got;
	}
	if (len == 0 || len == SECRET_MAX) {
		status = deed_error_set(err, DEED_MALFORMED,
					"'%s' is %s: expected a secret", path,
					len == 0 ? "empty" : "too large");
		goto out;
	}
	secret_shrink(s, len);
	*out = s;
	s = NULL;
out:
	secret_free(s);
	(void)close(fd);
	return status;
}

bool file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool file_same(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Made, or there: a directory. */
static bool make_dir(const char *path, unsigned mode)
{
	struct stat st;

	if (mkdir(path, (mode_t)mode) == 0)
		return true;
	return errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The folder above, and then it. */
static bool make_two(char *path, unsigned mode)
{
	char *slash = strrchr(path, '/');
	bool above;

	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	above = make_dir(path, mode);
	*slash = '/';
	return above && make_dir(path, mode);
}

/* errno is still that of make_dir: nothing may come in between. */
static enum deed_status cannot_make(const char *path, struct deed_error *err)
{
	return deed_error_errno(err, errno, "cannot make directory '%s'", path);
}

enum deed_status file_mkdirs(const char *path, unsigned mode,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *copy, *p;

	/* Mostly only the last is missing, or the last two. */
	if (make_dir(path, mode))
		return DEED_OK;
	if (errno != ENOENT)
		return cannot_make(path, err);
	copy = strdup(path);
	if (copy == NULL)
		return deed_error_memory(err);
	if (make_two(copy, mode))
		goto out;
	if (errno != ENOENT) {
		status = cannot_make(path, err);
		goto out;
	}
	for (p = copy + 1; status == DEED_OK; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (!make_dir(copy, mode))
			status = cannot_make(copy, err);
		*p = c;
		if (c == '\0')
			break;
	}
out:
	free(copy);
	return status;
}

enum deed_status file_sync_parent(const char *path, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *dir = path_dir(path);
	int fd;

	if (dir == NULL)
		return deed_error_memory(err);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		status = deed_error_errno(err, errno,
					  "cannot sync directory '%s'", dir);
	if (fd >= 0)
		(void)close(fd);
	free(dir);
	return status;
}

enum deed_status file_write_fd(int fd, const char *name, const void *data,
			       size_t len, struct deed_error *err)
{
	const uint8_t *p = data;
	ssize_t put;

	while (len > 0) {
		put = write(fd, p, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return deed_error_errno(err, errno, "cannot write '%s'",
						name);
		p += put;
		len -= (size_t)put;
	}
	return DEED_OK;
}

enum deed_status file_remove(const char *path, struct deed_error *err)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return deed_error_errno(err, errno, "cannot remove '%s'", path);
	return DEED_OK;
}

char *path_join(const char *dir, const char *name)
{
	struct buf b = BUF_INIT;

	buf_str(&b, dir);
	if (b.len > 0 && b.data[b.len - 1] != '/')
		buf_byte(&b, '/');
	buf_str(&b, name);
	return buf_take(&b, NULL);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

char *path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return slash == path ? strdup("/")
			     : strndup(path, (size_t)(slash - path));
}

char *path_stem(const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');

	if (dot == NULL || dot == base)
		return strdup(path);
	return strndup(path, (size_t)(dot - path));
}
