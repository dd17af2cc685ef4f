/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

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
#define DIGITS 32
#define FAN 2
#define FILE_MODE 0600
#define DIR_MODE 0700
#define WRITERS 64 /* of one object, at once */

static bool is_digits(const char *name, size_t count)
{
	return strspn(name, "0123456789abcdef") == count && name[count] == '\0';
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

	*there = status == DEED_OK && file_exists(*out);
	if (status != DEED_OK || *there)
		return status;
	status = text(&old, err, where, NULL, folder);
	*there = status == DEED_OK && file_exists(old);
	if (status != DEED_OK || *there) {
		free(*out);
		*out = old;
		return status;
	}
	free(old);
	return DEED_OK;
}

static enum deed_status folder_path(const char *where, const char *folder,
				    char **out, struct deed_error *err)
{
	bool there;

	if (folder == NULL || !is_digits(folder, DIGITS))
		return text(out, err, where, NULL, folder);
	return find_folder(where, folder, out, &there, err);
}

static enum deed_status join(const char *where, const char *folder,
			     const char *name, char **out,
			     struct deed_error *err)
{
	char *dir;
	enum deed_status status = folder_path(where, folder, &dir, err);

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

/* Where no link is followed, a link is as good as nothing. */
static bool is_absent(int why)
{
	return why == ENOENT || why == ENOTDIR || why == ELOOP;
}

static enum deed_status not_found(const char *path, struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'", path);
}

/* Neither a link nor a pipe put there by somebody is followed. */
static enum deed_status read_object(const char *path, size_t max,
				    struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && is_absent(errno))
		return not_found(path, err);
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		status = not_found(path, err);
	else
		status = file_read_fd(fd, path, max, out, err);
	(void)close(fd);
	return status;
}

/* Is there a file that holds these bytes? */
static bool holds(const char *path, struct slice bytes)
{
	struct buf there = BUF_INIT;
	bool same;

	same = read_object(path, bytes.len, &there, NULL) == DEED_OK &&
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
	struct stat mine, there;
	int fd = open(temporary,
		      O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		      FILE_MODE);

	*out = -1;
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot write '%s'", path);
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
	(void)deed_error_errno(err, errno, "cannot write '%s'", path);
	(void)close(fd);
	return DEED_IO;
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
		status =
			deed_error_errno(err, errno, "cannot write '%s'", path);
	if (status != DEED_OK)
		(void)unlink(temporary);
	if (close(fd) != 0 && status == DEED_OK)
		status =
			deed_error_errno(err, errno, "cannot write '%s'", path);
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

/* Each name in a directory; with fan what is in its folders of two digits
 * instead of those. */
static enum deed_status list_in(const char *path, bool fan, place_fn *fn,
				void *arg, struct deed_error *err);

/* A place_fn. */
static enum deed_status see_deposit(void *arg, const char *name,
				    struct deed_error *err)
{
	bool *found = arg;

	(void)err;
	*found = is_digits(name, DIGITS);
	return *found ? DEED_NO : DEED_OK;
}

/* As place_probe: older places may lack the folder. */
static bool is_place(const char *where)
{
	char *about = path_join(where, PLACE_ABOUT);
	bool found = about != NULL && file_exists(about);

	free(about);
	if (!found)
		(void)!list_in(where, true, see_deposit, &found, NULL);
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
		status = deed_error_set(err, DEED_REMOTE,
					"'%s' is no place: its disk may not "
					"be mounted",
					where);
	else if (!make_dir(dir) &&
		 (errno != ENOENT || !make_dir(fan) || !make_dir(dir)))
		status = deed_error_errno(err, errno, "cannot make '%s'", dir);
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

static enum deed_status dir_put(const char *where, const char *folder,
				const char *name, struct slice bytes,
				struct deed_error *err)
{
	enum deed_status status;
	bool found = false;
	char *dir;

	if (is_digits(folder, DIGITS)) {
		status = find_folder(where, folder, &dir, &found, err);
	} else {
		status = text(&dir, err, where, NULL, folder);
		found = status == DEED_OK && file_exists(dir);
	}
	if (status == DEED_OK)
		status = put_in(where, dir, found, name, bytes, err);
	free(dir);
	return status;
}

static enum deed_status dir_make(const char *where, struct deed_error *err)
{
	char *about = path_join(where, PLACE_ABOUT);
	enum deed_status status = about == NULL
					  ? deed_error_memory(err)
					  : file_mkdirs(about, DIR_MODE, err);

	free(about);
	return status;
}

static enum deed_status dir_sync(const char *where, struct deed_error *err)
{
	int fd = open_where(where);
	enum deed_status status = DEED_OK;

	if (fd < 0 && is_absent(errno))
		return deed_error_set(err, DEED_REMOTE, "there is no '%s'",
				      where);
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'", where);
	if (syncfs(fd) != 0)
		status =
			deed_error_errno(err, errno, "cannot sync '%s'", where);
	(void)close(fd);
	return status;
}

static enum deed_status dir_get(const char *where, const char *folder,
				const char *name, size_t max, struct buf *out,
				struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = join(where, folder, name, &path, err);
	if (status == DEED_OK)
		status = read_object(path, max, out, err);
	free(path);
	return status;
}

static bool dir_has(const char *where, const char *folder, const char *name)
{
	struct stat st;
	bool has = false;
	char *path;

	if (join(where, folder, name, &path, NULL) == DEED_OK)
		has = lstat(path, &st) == 0 && S_ISREG(st.st_mode);
	free(path);
	return has;
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

	if (is_digits(folder, DIGITS)) {
		fd = step(step(open_where(where), fan), folder);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	return step(open_where(where), folder);
}

static enum deed_status dir_remove(const char *where, const char *folder,
				   const char *name, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	int fd = open_folder(where, folder);

	if (fd < 0 && is_absent(errno))
		return DEED_OK;
	if (fd < 0 || (unlinkat(fd, name, 0) != 0 && errno != ENOENT))
		status =
			deed_error_errno(err, errno, "cannot remove '%s/%s/%s'",
					 where, folder, name);
	if (fd >= 0)
		(void)close(fd);
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

static enum deed_status dir_remove_folder(const char *where, const char *folder,
					  struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = folder_path(where, folder, &path, err);
	if (status != DEED_OK)
		return status;
	remove_hidden(where, folder);
	if (rmdir(path) != 0 && errno != ENOENT && errno != ENOTEMPTY)
		status = deed_error_errno(err, errno, "cannot remove '%s'",
					  path);
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
	status = list_in(inner, false, fn, arg, err);
	free(inner);
	return status;
}

/* Not every file system tells it with the name. */
static bool is_folder(DIR *dir, const char *name)
{
	struct stat st;

	return fstatat(dirfd(dir), name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static enum deed_status list_in(const char *path, bool fan, place_fn *fn,
				void *arg, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (dir == NULL)
		return errno == ENOENT || errno == ENOTDIR
			       ? not_found(path, err)
			       : deed_error_errno(err, errno,
						  "cannot open '%s'", path);
	while (status == DEED_OK && (errno = 0, entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (fan && is_digits(name, FAN) && is_folder(dir, name))
			status = list_fan(path, name, fn, arg, err);
		else
			status = fn(arg, name, err);
	}
	if (status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	(void)closedir(dir);
	return status;
}

static enum deed_status dir_list(const char *where, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = folder_path(where, folder, &path, err);
	if (status == DEED_OK)
		status = list_in(path, folder == NULL, fn, arg, err);
	free(path);
	return status;
}

const struct place_backend place_directory = {
	.make = dir_make,
	.put = dir_put,
	.sync = dir_sync,
	.get = dir_get,
	.has = dir_has,
	.remove = dir_remove,
	.remove_folder = dir_remove_folder,
	.list = dir_list,
};
