/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/*
 * A place in a directory: WHERE/FOLDER/NAME.  A folder named by 32 hexadecimal
 * digits lies in one of its first two, WHERE/AB/ABCD.../NAME, so that no
 * directory becomes large; older places have it in WHERE, where it is found
 * and stays.  An object is written under a temporary name and renamed; the
 * content is made durable by one syncfs for all objects instead of an fsync
 * for each, which is the greater part of a deposit's time on a disk.
 */

/* By the folder that is there, or that would be made; the name was checked and
 * has no slash. */
static enum deed_status join(const char *where, const char *folder,
			     const char *name, char **out,
			     struct deed_error *err)
{
	char *dir;
	enum deed_status status = directory_folder(where, folder, &dir, err);

	*out = NULL;
	if (status != DEED_OK)
		return status;
	*out = path_join(dir, name);
	free(dir);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* The place itself may be a link: its owner has put it there. */
static int open_where(const char *where)
{
	return open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* From an offset on, as far as is wanted; out only counts what is filled in. */
static enum deed_status read_range(int fd, const char *path, uint64_t size,
				   const struct place_ticket *t,
				   struct buf *out, struct deed_error *err)
{
	uint64_t left = size > t->from ? size - t->from : 0;
	size_t want = left < t->max ? (size_t)left : t->max, got = 0;
	uint8_t *at = t->into != NULL ? t->into : buf_reserve(out, want + 1);

	if (at == NULL)
		return buf_status(out, err);
	if (t->whole && left > t->max)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %zu bytes", path,
				      t->max);
	while (got < want) {
		ssize_t n =
			pread(fd, at + got, want - got, (off_t)(t->from + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return directory_failed(errno, "read", path, err);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	out->len += got;
	return DEED_OK;
}

/* Neither a link nor a pipe put there by somebody is followed. */
enum deed_status directory_read(const char *path, const struct place_ticket *t,
				struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && directory_is_absent(errno))
		return directory_not_found(path, err);
	if (fd < 0)
		return directory_failed(errno, "open", path, err);
	if (fstat(fd, &st) != 0)
		status = directory_failed(errno, "look at", path, err);
	else if (!S_ISREG(st.st_mode))
		status = directory_not_found(path, err);
	else if (t->whole && t->from == 0 && t->into == NULL)
		status = file_read_fd(fd, path, t->max, out, err);
	else
		status =
			read_range(fd, path, (uint64_t)st.st_size, t, out, err);
	(void)close(fd);
	return status;
}

/*
 * Nothing was found: is it absent, or is the place not there as a whole?  A
 * disk that is not mounted has no object that lies on it.
 */
static enum deed_status absent(const struct place *p, const char *path,
			       struct deed_error *err)
{
	return directory_is_place(p->where) ? directory_not_found(path, err)
					    : directory_no_place(p->where, err);
}

/* Nothing is looked at: a place whose disk is away can be opened, and says so
 * when it is asked. */
static enum deed_status
dir_open(struct place *p, const struct place_description *d, const char *base,
	 const struct place_means *means, struct deed_error *err)
{
	const char *path = d->where + strlen(place_directory.scheme);

	(void)means;
	if (path[0] == '\0')
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no place: expected dir:PATH",
				      d->where);
	p->where = path[0] == '/' ? strdup(path) : path_join(base, path);
	return p->where == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Nothing of it stays open: a disk can be taken away between two transfers. */
static void dir_close(struct place *p)
{
	(void)p;
}

/* A place_fn: one name of an archive is enough. */
static enum deed_status stop(void *arg, const char *name,
			     struct deed_error *err)
{
	bool *found = arg;

	(void)err;
	if (!place_is_deposit(name) && strcmp(name, PLACE_ABOUT) != 0)
		return DEED_OK;
	*found = true;
	return DEED_NO;
}

/* One name is enough, and what is not of an archive counts for nothing: where
 * a disk is not mounted there may be other files. */
static enum deed_status dir_probe(struct place *p, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	bool found = false;
	enum deed_status status =
		directory_list_in(p->where, true, stop, &found, &why);

	if (found)
		return DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_OK)
		return deed_error_set(err, DEED_REMOTE,
				      "does not answer: '%s' has nothing of "
				      "an archive in it, as where a disk is "
				      "not mounted",
				      p->where);
	return deed_error_set(err,
			      status == DEED_DENIED ? DEED_DENIED : DEED_REMOTE,
			      "does not answer: %s", why.message);
}

/* PLACE_ABOUT is what tells a place from the folder that a disk is mounted on;
 * nothing need be in it. */
static enum deed_status dir_make(struct place *p, const char **marker,
				 struct deed_error *err)
{
	char *about = path_join(p->where, PLACE_ABOUT);
	enum deed_status status = about == NULL
					  ? deed_error_memory(err)
					  : file_mkdirs(about, DIR_MODE, err);

	(void)marker;
	free(about);
	return status;
}

/* All that was written to the file system, by one call: content, names and
 * folders, whoever wrote them. */
static enum deed_status dir_sync(struct place *p, struct deed_error *err)
{
	int fd = open_where(p->where);
	enum deed_status status = DEED_OK;

	if (fd < 0 && directory_is_absent(errno))
		return deed_error_set(err, DEED_REMOTE, "there is no '%s'",
				      p->where);
	if (fd < 0)
		return directory_failed(errno, "open", p->where, err);
	if (syncfs(fd) != 0)
		status = directory_failed(errno, "sync", p->where, err);
	(void)close(fd);
	return status;
}

/* Counted is what has arrived.  After a failure out is as it was. */
static enum deed_status dir_get(struct place_ticket *t, const char *path,
				struct deed_error *err)
{
	struct buf filled = { .data = t->into, .cap = t->max };
	struct buf *out = t->into != NULL ? &filled : t->out;
	size_t before = out->len;
	enum deed_status status = directory_read(path, t, out, err);

	place_count(t->place, PLACE_GET, 1, 0, out->len - before);
	t->filled = filled.len;
	if (status != DEED_OK)
		out->len = before;
	return status;
}

/* A link is not followed: what it leads to is not at this place. */
static enum deed_status dir_head(struct place_ticket *t, const char *path,
				 struct deed_error *err)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;

	place_count(t->place, PLACE_HEAD, 1, 0, 0);
	if (!there && !directory_is_absent(errno))
		return directory_failed(errno, "look at", path, err);
	if (!there || !S_ISREG(st.st_mode))
		return directory_not_found(path, err);
	if (t->size != NULL)
		*t->size = (uint64_t)st.st_size;
	return DEED_OK;
}

/* A folder in one that is open, which is closed; or -1. */
static int step(int from, const char *name)
{
	int fd, why;

	if (from < 0)
		return -1;
	fd = openat(from, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	why = errno;
	(void)close(from);
	errno = why;
	return fd;
}

/*
 * A folder to remove from, or -1.  No link there is followed: whoever can
 * write at one place could have what lies at another removed.
 */
static int open_folder(const char *where, const char *folder)
{
	const char fan[FAN + 1] = { folder[0], folder[1] };
	int fd;

	if (place_is_deposit(folder)) {
		fd = step(step(open_where(where), fan), folder);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	return step(open_where(where), folder);
}

/* path is for messages. */
static enum deed_status dir_remove(struct place_ticket *t, const char *path,
				   struct deed_error *err)
{
	const struct place *p = t->place;
	enum deed_status status = DEED_OK;
	int fd = open_folder(p->where, t->folder);
	bool gone = fd < 0 && directory_is_absent(errno);

	place_count(t->place, PLACE_REMOVE, 1, 0, 0);
	if (gone && !directory_is_place(p->where))
		status = directory_no_place(p->where, err);
	else if (!gone &&
		 (fd < 0 || (unlinkat(fd, t->name, 0) != 0 && errno != ENOENT)))
		status = directory_failed(errno, "remove", path, err);
	if (fd >= 0)
		(void)close(fd);
	return status;
}

/* Nothing of it waits for a disk but this: it is done when its turn is, but
 * for what is put, whose bytes are there only now. */
static enum deed_status dir_begin(struct place_ticket *t,
				  struct deed_error *err)
{
	return t->operation == PLACE_PUT ? directory_put(t, err) : DEED_OK;
}

/* That something is absent is said only where the place itself is there
 * (absent).  What was put was done when it began. */
static enum deed_status dir_finish(struct place_ticket *t,
				   struct deed_error *err)
{
	enum deed_status status;
	char *path;

	if (t->operation == PLACE_PUT)
		return DEED_OK;
	status = join(t->place->where, t->folder, t->name, &path, err);
	if (status == DEED_OK && t->operation == PLACE_GET)
		status = dir_get(t, path, err);
	else if (status == DEED_OK && t->operation == PLACE_HEAD)
		status = dir_head(t, path, err);
	else if (status == DEED_OK)
		status = dir_remove(t, path, err);
	if (status == DEED_NOT_FOUND)
		status = absent(t->place, path, err);
	free(path);
	return status;
}

/* Temporaries that a killed process left are removed with the folder. */
static void remove_hidden(const char *where, const char *folder)
{
	int fd = open_folder(where, folder);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] == '.')
			(void)unlinkat(fd, entry->d_name, 0);
	(void)closedir(dir);
}

/* A folder with anything in it stays, which is no failure: somebody else may
 * have written there. */
static enum deed_status dir_remove_folder(struct place *p, const char *folder,
					  struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = directory_folder(p->where, folder, &path, err);
	if (status != DEED_OK)
		return status;
	remove_hidden(p->where, folder);
	if (rmdir(path) != 0 && errno != ENOTEMPTY) {
		if (errno != ENOENT)
			status = directory_failed(errno, "remove", path, err);
		else if (!directory_is_place(p->where))
			status = directory_no_place(p->where, err);
	}
	free(path);
	return status;
}

/* Without a folder that which is listed may be the mount point of a disk that
 * is away: it is a place, or the list says nothing. */
static enum deed_status dir_list(struct place *p, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = directory_folder(p->where, folder, &path, err);
	if (status == DEED_OK)
		status = directory_list_in(path, folder == NULL, fn, arg, err);
	place_count(p, PLACE_LIST, 1, 0, 0);
	/* Nor is an empty folder that of a place without a deposit. */
	if ((status == DEED_NOT_FOUND ||
	     (status == DEED_OK && folder == NULL)) &&
	    !directory_is_place(p->where))
		status = directory_no_place(p->where, err);
	free(path);
	return status;
}

const struct place_backend place_directory = {
	.scheme = "dir:",
	.local = true,
	.open = dir_open,
	.close = dir_close,
	.probe = dir_probe,
	.make = dir_make,
	.begin = dir_begin,
	.finish = dir_finish,
	.sync = dir_sync,
	.remove_folder = dir_remove_folder,
	.list = dir_list,
	.sizes = directory_sizes,
	.walk = directory_walk,
	.modified = directory_modified,
};
