/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/direct.h"
#include "base/file.h"

/*
 * A place in a directory: WHERE/FOLDER/NAME.  A folder named by 32 hexadecimal
 * digits lies in one of its first two, WHERE/AB/ABCD.../NAME, so that no
 * directory becomes large; older places have it in WHERE, where it is found
 * and stays.  An object is written under a temporary name and renamed; the
 * content is made durable by one syncfs for all objects instead of an fsync
 * for each, which is the greater part of a deposit's time on a disk.
 */
#define FILE_MODE 0600
#define DIR_MODE 0700
#define WRITERS 64 /* of one object, at once */

/* Where no link is followed, a link is as good as nothing. */
static bool is_absent(int why)
{
	return why == ENOENT || why == ENOTDIR || why == ELOOP;
}

/* Those of a disk that is another machine's, or that was taken away. */
static bool is_away(int why)
{
	return why == ESTALE || why == ENOTCONN || why == ENODEV ||
	       why == ENXIO || why == ETIMEDOUT || why == EHOSTDOWN ||
	       why == EHOSTUNREACH || why == EREMOTEIO;
}

static bool is_denied(int why)
{
	return why == EACCES || why == EPERM || why == EROFS;
}

enum deed_status directory_failed(int why, const char *what, const char *path,
				  struct deed_error *err)
{
	enum deed_status status =
		deed_error_errno(err, why, "cannot %s '%s'", what, path);

	if (is_away(why))
		status = DEED_REMOTE;
	else if (is_denied(why))
		status = DEED_DENIED;
	if (err != NULL)
		err->status = status;
	return status;
}

/* Is there anything?  That it cannot be told is a failure. */
static enum deed_status look(const char *path, bool *there,
			     struct deed_error *err)
{
	struct stat st;

	*there = lstat(path, &st) == 0;
	return *there || is_absent(errno)
		       ? DEED_OK
		       : directory_failed(errno, "look at", path, err);
}

static enum deed_status text(char **out, struct deed_error *err,
			     const char *where, const char *fan,
			     const char *folder)
{
	struct buf b = BUF_INIT;

	buf_str(&b, where);
	if (fan != NULL)
		buf_printf(&b, "/%.*s", FAN, fan);
	if (folder != NULL)
		buf_printf(&b, "/%s", folder);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Where a folder lies, or would be made. */
static enum deed_status find_folder(const char *where, const char *folder,
				    char **out, bool *there,
				    struct deed_error *err)
{
	enum deed_status status = text(out, err, where, folder, folder);
	char *old = NULL;

	*there = false;
	if (status == DEED_OK)
		status = look(*out, there, err);
	if (status == DEED_OK && !*there)
		status = text(&old, err, where, NULL, folder);
	if (old != NULL)
		status = look(old, there, err);
	if (old != NULL && *there) {
		free(*out);
		*out = old;
		old = NULL;
	}
	free(old);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
	}
	return status;
}

enum deed_status directory_folder(const char *where, const char *folder,
				  char **out, struct deed_error *err)
{
	bool there;

	if (folder == NULL || !place_is_deposit(folder))
		return text(out, err, where, NULL, folder);
	return find_folder(where, folder, out, &there, err);
}

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

static int open_where(const char *where)
{
	return open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool directory_is_fan(const char *name)
{
	return strspn(name, "0123456789abcdef") == FAN && name[FAN] == '\0';
}

enum deed_status directory_no_place(const char *where, struct deed_error *err)
{
	return deed_error_set(err, DEED_REMOTE,
			      "'%s' is no place: its disk may not be mounted",
			      where);
}

static enum deed_status not_found(const char *path, struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'", path);
}

/* From an offset on, as far as is wanted. */
static enum deed_status read_range(int fd, const char *path, uint64_t size,
				   const struct place_ticket *t,
				   struct buf *out, struct deed_error *err)
{
	uint64_t left = size > t->from ? size - t->from : 0;
	size_t want = left < t->max ? (size_t)left : t->max, got = 0;
	uint8_t *at = buf_reserve(out, want + 1);

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
static enum deed_status read_object(const char *path,
				    const struct place_ticket *t,
				    struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && is_absent(errno))
		return not_found(path, err);
	if (fd < 0)
		return directory_failed(errno, "open", path, err);
	if (fstat(fd, &st) != 0)
		status = directory_failed(errno, "look at", path, err);
	else if (!S_ISREG(st.st_mode))
		status = not_found(path, err);
	else if (t->whole && t->from == 0)
		status = file_read_fd(fd, path, t->max, out, err);
	else
		status =
			read_range(fd, path, (uint64_t)st.st_size, t, out, err);
	(void)close(fd);
	return status;
}

/* Is there a file that holds these bytes? */
static bool holds(const char *path, struct slice bytes)
{
	const struct place_ticket all = { .max = bytes.len, .whole = true };
	struct buf there = BUF_INIT;
	bool same;

	same = read_object(path, &all, &there, NULL) == DEED_OK &&
	       slice_equal(buf_get(&there), bytes);
	buf_clear(&there);
	return same;
}

/*
 * The temporary has the same name at each attempt, so that none is left over;
 * it is locked by who writes it.  DEED_LOCKED: another had it and is done.
 */
static enum deed_status open_temporary(const char *path, const char *temporary,
				       int *out, struct deed_error *err)
{
	enum deed_status status;
	struct stat mine, there;
	int fd = open(temporary,
		      O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		      FILE_MODE);

	*out = -1;
	if (fd < 0)
		return directory_failed(errno, "write", path, err);
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			goto failed;
	if (fstat(fd, &mine) != 0)
		goto failed;
	if (lstat(temporary, &there) != 0 || there.st_ino != mine.st_ino ||
	    there.st_dev != mine.st_dev) {
		(void)close(fd);
		return DEED_LOCKED;
	}
	/* Of a new one it would have ext4 write it out when it is closed. */
	if (mine.st_size > 0 && ftruncate(fd, 0) != 0)
		goto failed;
	*out = fd;
	return DEED_OK;
failed:
	status = directory_failed(errno, "write", path, err);
	(void)close(fd);
	return status;
}

static enum deed_status write_object(const char *path, const char *temporary,
				     struct slice bytes, struct deed_error *err)
{
	enum deed_status status;
	int fd;

	status = open_temporary(path, temporary, &fd, err);
	if (status != DEED_OK)
		return status;
	status = direct_write(fd, path, bytes, err);
	if (status == DEED_OK && rename(temporary, path) != 0)
		status = directory_failed(errno, "write", path, err);
	if (status != DEED_OK)
		(void)unlink(temporary);
	if (close(fd) != 0 && status == DEED_OK)
		status = directory_failed(errno, "write", path, err);
	return status;
}

/* Who waited for another that wrote the same looks whether it is there. */
static enum deed_status write_until(const char *path, const char *temporary,
				    struct slice bytes, struct deed_error *err)
{
	enum deed_status status;
	int left = WRITERS;

	do {
		status = write_object(path, temporary, bytes, err);
		if (status == DEED_LOCKED && holds(path, bytes))
			return DEED_OK;
	} while (status == DEED_LOCKED && --left > 0);
	if (status == DEED_LOCKED)
		status = deed_error_set(err, DEED_LOCKED,
					"others write '%s' all the time", path);
	return status;
}

static bool make_dir(const char *path)
{
	return mkdir(path, DIR_MODE) == 0 || errno == EEXIST;
}

/* A place_fn. */
static enum deed_status see_deposit(void *arg, const char *name,
				    struct deed_error *err)
{
	bool *found = arg;

	(void)err;
	*found = place_is_deposit(name);
	return *found ? DEED_NO : DEED_OK;
}

/* As dir_probe: older places may lack the folder. */
static bool is_place(const char *where)
{
	char *about = path_join(where, PLACE_ABOUT);
	bool found = about != NULL && file_exists(about);

	free(about);
	if (!found)
		(void)!directory_list_in(where, true, see_deposit, &found,
					 NULL);
	return found;
}

/* In a place only, however long a run goes on: if its disk was taken away
 * meanwhile, what belongs on it would be written where it was mounted. */
static enum deed_status make_folder(const char *where, const char *dir,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *fan = path_dir(dir);

	if (fan == NULL)
		return deed_error_memory(err);
	if (!is_place(where))
		status = directory_no_place(where, err);
	else if (!make_dir(dir) &&
		 (errno != ENOENT || !make_dir(fan) || !make_dir(dir)))
		status = directory_failed(errno, "make", dir, err);
	free(fan);
	return status;
}

/* Where there was no folder there is no object to be looked for. */
static enum deed_status put_in(const char *where, const char *dir, bool found,
			       const char *name, struct slice bytes,
			       struct deed_error *err)
{
	char hidden[PLACE_NAME + 2], *path, *temporary;
	enum deed_status status = DEED_OK;
	bool there = false;

	snprintf(hidden, sizeof(hidden), ".%s", name);
	path = path_join(dir, name);
	temporary = path_join(dir, hidden);
	if (path == NULL || temporary == NULL)
		status = deed_error_memory(err);
	else if (found)
		there = holds(path, bytes);
	else
		status = make_folder(where, dir, err);
	if (status == DEED_OK && !there)
		status = write_until(path, temporary, bytes, err);
	free(path);
	free(temporary);
	return status;
}

/*
 * Nothing was found: is it absent, or is the place not there as a whole?  A
 * disk that is not mounted has no object that lies on it.
 */
static enum deed_status absent(const struct place *p, const char *path,
			       struct deed_error *err)
{
	return is_place(p->where) ? not_found(path, err)
				  : directory_no_place(p->where, err);
}

static enum deed_status dir_put(struct place_ticket *t, struct deed_error *err)
{
	const char *where = t->place->where;
	enum deed_status status;
	bool found = false;
	char *dir;

	if (place_is_deposit(t->folder)) {
		status = find_folder(where, t->folder, &dir, &found, err);
	} else {
		status = text(&dir, err, where, NULL, t->folder);
		if (status == DEED_OK)
			status = look(dir, &found, err);
	}
	if (status == DEED_OK)
		status = put_in(where, dir, found, t->name, t->bytes, err);
	if (status == DEED_OK)
		place_count(t->place, PLACE_PUT, 1, t->bytes.len, 0);
	free(dir);
	return status;
}

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

static enum deed_status dir_make(struct place *p, struct deed_error *err)
{
	char *about = path_join(p->where, PLACE_ABOUT);
	enum deed_status status = about == NULL
					  ? deed_error_memory(err)
					  : file_mkdirs(about, DIR_MODE, err);

	free(about);
	return status;
}

static enum deed_status dir_sync(struct place *p, struct deed_error *err)
{
	int fd = open_where(p->where);
	enum deed_status status = DEED_OK;

	if (fd < 0 && is_absent(errno))
		return deed_error_set(err, DEED_REMOTE, "there is no '%s'",
				      p->where);
	if (fd < 0)
		return directory_failed(errno, "open", p->where, err);
	if (syncfs(fd) != 0)
		status = directory_failed(errno, "sync", p->where, err);
	(void)close(fd);
	return status;
}

static enum deed_status dir_get(struct place_ticket *t, const char *path,
				struct deed_error *err)
{
	size_t before = t->out->len;
	enum deed_status status = read_object(path, t, t->out, err);

	place_count(t->place, PLACE_GET, 1, 0, t->out->len - before);
	if (status != DEED_OK)
		t->out->len = before;
	return status;
}

static enum deed_status dir_head(struct place_ticket *t, const char *path,
				 struct deed_error *err)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;

	place_count(t->place, PLACE_HEAD, 1, 0, 0);
	if (!there && !is_absent(errno))
		return directory_failed(errno, "look at", path, err);
	if (!there || !S_ISREG(st.st_mode))
		return not_found(path, err);
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
	bool gone = fd < 0 && is_absent(errno);

	place_count(t->place, PLACE_REMOVE, 1, 0, 0);
	if (gone && !is_place(p->where))
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
	return t->operation == PLACE_PUT ? dir_put(t, err) : DEED_OK;
}

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
		else if (!is_place(p->where))
			status = directory_no_place(p->where, err);
	}
	free(path);
	return status;
}

static enum deed_status list_fan(const char *path, const char *name,
				 place_fn *fn, void *arg,
				 struct deed_error *err)
{
	char *inner = path_join(path, name);
	enum deed_status status;

	if (inner == NULL)
		return deed_error_memory(err);
	status = directory_list_in(inner, false, fn, arg, err);
	free(inner);
	return status;
}

/* Not every file system tells it with the name. */
static bool is_folder(DIR *dir, const char *name)
{
	struct stat st;

	return fstatat(dirfd(dir), name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

enum deed_status directory_list_in(const char *path, bool fan, place_fn *fn,
				   void *arg, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (dir == NULL)
		return is_absent(errno)
			       ? not_found(path, err)
			       : directory_failed(errno, "open", path, err);
	while (status == DEED_OK && (errno = 0, entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (fan && directory_is_fan(name) && is_folder(dir, name))
			status = list_fan(path, name, fn, arg, err);
		else
			status = fn(arg, name, err);
	}
	if (status == DEED_OK && errno != 0)
		status = directory_failed(errno, "read", path, err);
	(void)closedir(dir);
	return status;
}

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
	if (status == DEED_NOT_FOUND && !is_place(p->where))
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
	.walk = directory_walk,
	.modified = directory_modified,
};
