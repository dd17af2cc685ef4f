/* SPDX-License-Identifier: Apache-2.0 */
#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"

struct beneath {
	char *dir;
	int root;
	char *last; /* the folder that was used last, and it */
	int last_fd;
};

/* The kernel resolves the whole name and lets no part of it leave the folder,
 * so that nobody can put a link in its way between a check and the opening.
 * EAGAIN says that something was renamed meanwhile. */
static int open_in(int folder, const char *name, int flags, unsigned mode)
{
	const struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve =
			RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	long fd;

	do
		fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return (int)fd;
}

/* RESOLVE_NO_SYMLINKS answers ELOOP, RESOLVE_BENEATH and RESOLVE_NO_XDEV
 * answer EXDEV: those are no accidents of the disk but a trap or a
 * misconfigured folder, and are refused. */
static enum deed_status cannot(const char *what, const char *dir,
			       const char *name, struct deed_error *err)
{
	if (errno == ELOOP || errno == EXDEV)
		return deed_error_set(err, DEED_REFUSED,
				      "'%s' leads out of '%s', by a link or "
				      "into another file system",
				      name, dir);
	return deed_error_errno(err, errno, "cannot %s '%s/%s'", what, dir,
				name);
}

/* openat2 is tried at once, on the folder itself: that the kernel lacks it is
 * told before anything is written. */
enum deed_status beneath_open(const char *dir, struct beneath **out,
			      struct deed_error *err)
{
	enum deed_status status = file_mkdirs(dir, 0700, err);
	struct beneath *b;
	int fd;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		return deed_error_memory(err);
	b->last_fd = -1;
	b->dir = strdup(dir);
	b->root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (b->dir == NULL)
		status = deed_error_memory(err);
	else if (b->root < 0)
		status = deed_error_errno(err, errno, "cannot open '%s'", dir);
	if (status == DEED_OK) {
		fd = open_in(b->root, ".", O_PATH | O_DIRECTORY, 0);
		if (fd >= 0)
			(void)close(fd);
		else if (errno == ENOSYS)
			status = deed_error_set(err, DEED_UNSUPPORTED,
						"this kernel has no openat2 "
						"(Linux 5.6), without which "
						"nothing keeps names within "
						"'%s'",
						dir);
		else
			status = cannot("open", dir, ".", err);
	}
	if (status == DEED_OK)
		*out = b;
	else
		beneath_close(b);
	return status;
}

/* The descriptor and the name belong together: with last_fd at -1 the name is
 * never compared. */
static void forget(struct beneath *b)
{
	if (b->last_fd >= 0)
		(void)close(b->last_fd);
	b->last_fd = -1;
	free(b->last);
	b->last = NULL;
}

void beneath_close(struct beneath *b)
{
	if (b == NULL)
		return;
	forget(b);
	if (b->root >= 0)
		(void)close(b->root);
	free(b->dir);
	free(b);
}

/* Open one folder in another, and make it if it is not there. */
static int step(int folder, const char *part)
{
	int fd = open_in(folder, part, O_PATH | O_DIRECTORY, 0);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(folder, part, 0700) != 0 && errno != EEXIST)
		return -1;
	return open_in(folder, part, O_PATH | O_DIRECTORY, 0);
}

/* Folder by folder; path is cut at its slashes. */
static int walk(int root, char *path)
{
	int fd = fcntl(root, F_DUPFD_CLOEXEC, 0), next, why;
	char *part, *rest = NULL;

	for (part = strtok_r(path, "/", &rest); fd >= 0 && part != NULL;
	     part = strtok_r(NULL, "/", &rest)) {
		next = step(fd, part);
		why = errno;
		(void)close(fd);
		errno = why;
		fd = next;
	}
	return fd;
}

/* The folder of a name, made if it is not there; b's own.  Names come by
 * folders: the last one is kept. */
static enum deed_status folder_of(struct beneath *b, const char *name,
				  struct deed_error *err)
{
	size_t len = (size_t)(path_base(name) - name);
	char *path, *copy;
	enum deed_status status = DEED_OK;

	if (b->last_fd >= 0 && strlen(b->last) == len &&
	    !memcmp(b->last, name, len))
		return DEED_OK;
	forget(b);
	path = strndup(name, len);
	copy = strndup(name, len);
	if (path == NULL || copy == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK) {
		b->last_fd = walk(b->root, copy);
		if (b->last_fd < 0)
			status = cannot("make", b->dir, path, err);
	}
	free(copy);
	if (status == DEED_OK)
		b->last = path;
	else
		free(path);
	return status;
}

enum deed_status beneath_read(struct beneath *b, const char *name, int *fd,
			      struct deed_error *err)
{
	struct stat st;

	*fd = open_in(b->root, name, O_RDONLY | O_NONBLOCK, 0);
	if (*fd >= 0 && fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return DEED_OK;
	if (*fd < 0 && errno == ENOENT)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "'%s/%s' is not there", b->dir, name);
	if (*fd < 0 && errno != ELOOP && errno != EXDEV && errno != ENXIO &&
	    errno != ENOTDIR)
		return deed_error_errno(err, errno, "cannot open '%s/%s'",
					b->dir, name);
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	return deed_error_set(err, DEED_EXISTS,
			      "'%s/%s' exists, and is no file", b->dir, name);
}

/* Nobody who watches the folder can guess it; O_EXCL decides where it is taken
 * all the same. */
static bool random_name(char out[32])
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return false;
	snprintf(out, 32, ".deed-%016llx", (unsigned long long)number);
	return true;
}

/* Without a name, or where a file must have one with one that is random. */
static enum deed_status open_file(const struct beneath *b,
				  struct beneath_file *f,
				  struct deed_error *err)
{
	f->fd = open_in(b->last_fd, ".", O_TMPFILE | O_RDWR, 0600);
	if (f->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR) &&
	    random_name(f->temporary)) {
		f->fd = open_in(b->last_fd, f->temporary,
				O_RDWR | O_CREAT | O_EXCL, 0600);
		if (f->fd < 0)
			f->temporary[0] = '\0';
	}
	return f->fd >= 0 ? DEED_OK : cannot("write", b->dir, f->name, err);
}

enum deed_status beneath_create(struct beneath *b, const char *name,
				struct beneath_file *f, struct deed_error *err)
{
	enum deed_status status;

	*f = (struct beneath_file){ .fd = -1 };
	f->path = path_join(b->dir, name);
	if (f->path == NULL)
		return deed_error_memory(err);
	f->name = f->path + strlen(f->path) - strlen(name);
	status = folder_of(b, name, err);
	if (status == DEED_OK)
		status = open_file(b, f, err);
	if (status != DEED_OK)
		beneath_drop(b, f);
	return status;
}

enum deed_status beneath_sync(struct beneath *b, struct deed_error *err)
{
	return syncfs(b->root) == 0
		       ? DEED_OK
		       : deed_error_errno(err, errno, "cannot sync '%s'",
					  b->dir);
}

/* Give what has no name this one in its folder; errno says why not. */
static bool link_file(const struct beneath *b, const struct beneath_file *f,
		      const char *name)
{
	char self[64];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", f->fd);
	return linkat(AT_FDCWD, self, b->last_fd, name, AT_SYMLINK_FOLLOW) ==
		       0 ||
	       (errno == ENOENT &&
		linkat(f->fd, "", b->last_fd, name, AT_EMPTY_PATH) == 0);
}

/* What replaces a file has another name first: a link never overwrites. */
static bool give_name(const struct beneath *b, struct beneath_file *f,
		      bool replace)
{
	const char *base = path_base(f->name);
	char other[sizeof(f->temporary)];

	if (f->temporary[0] == '\0' && !replace)
		return link_file(b, f, base);
	if (f->temporary[0] == '\0') {
		if (!random_name(other) || !link_file(b, f, other))
			return false;
		memcpy(f->temporary, other, sizeof(other));
	}
	if (!replace)
		return linkat(b->last_fd, f->temporary, b->last_fd, base, 0) ==
		       0;
	if (renameat(b->last_fd, f->temporary, b->last_fd, base) != 0)
		return false;
	f->temporary[0] = '\0';
	return true;
}

enum deed_status beneath_name(struct beneath *b, struct beneath_file *f,
			      bool replace, struct deed_error *err)
{
	enum deed_status status = folder_of(b, f->name, err);

	if (status != DEED_OK || give_name(b, f, replace))
		return status;
	if (errno != EEXIST)
		return deed_error_errno(err, errno, "cannot write '%s'",
					f->path);
	deed_error_set(err, DEED_EXISTS, "'%s' exists", f->path);
	deed_error_remedy(err, "overwrite", NULL);
	return DEED_EXISTS;
}

void beneath_drop(struct beneath *b, struct beneath_file *f)
{
	if (f->temporary[0] != '\0' && folder_of(b, f->name, NULL) == DEED_OK)
		(void)unlinkat(b->last_fd, f->temporary, 0);
	f->temporary[0] = '\0';
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	free(f->path);
	f->path = NULL;
}
