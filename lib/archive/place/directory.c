/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/*
 * A place in a directory: WHERE/FOLDER/NAME.  An object is written under a
 * temporary name and renamed; the content is made durable by one syncfs for
 * all objects instead of an fsync for each, which is the greater part of a
 * deposit's time on a disk.
 */
#define FILE_MODE 0600
#define DIR_MODE 0700

static enum deed_status join(const char *where, const char *folder,
			     const char *name, char **out,
			     struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	buf_str(&b, where);
	if (folder != NULL)
		buf_printf(&b, "/%s", folder);
	if (name != NULL)
		buf_printf(&b, "/%s", name);
	*out = NULL;
	status = buf_status(&b, err);
	if (status == DEED_OK)
		*out = buf_take(&b, NULL);
	if (status == DEED_OK && *out == NULL)
		status = deed_error_memory(err);
	buf_clear(&b);
	return status;
}

/* Is there a file that holds these bytes? */
static bool holds(const char *path, struct slice bytes)
{
	struct buf there = BUF_INIT;
	bool same;

	same = file_read(path, bytes.len, &there, NULL) == DEED_OK &&
	       slice_equal(buf_get(&there), bytes);
	buf_clear(&there);
	return same;
}

static enum deed_status write_object(const char *path, const char *temporary,
				     struct slice bytes, struct deed_error *err)
{
	enum deed_status status;
	int fd;

	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		  FILE_MODE);
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot write '%s'", path);
	status = file_write_fd(fd, path, bytes.data, bytes.len, err);
	if (close(fd) != 0 && status == DEED_OK)
		status =
			deed_error_errno(err, errno, "cannot write '%s'", path);
	if (status == DEED_OK && rename(temporary, path) != 0)
		status =
			deed_error_errno(err, errno, "cannot write '%s'", path);
	if (status != DEED_OK)
		(void)unlink(temporary);
	return status;
}

static enum deed_status dir_put(const char *where, const char *folder,
				const char *name, struct slice bytes,
				struct deed_error *err)
{
	char *dir = NULL, *path = NULL, *temporary = NULL;
	struct buf hidden = BUF_INIT;
	enum deed_status status;

	status = join(where, folder, NULL, &dir, err);
	if (status == DEED_OK)
		status = join(where, folder, name, &path, err);
	/* The same at each attempt, so that none is left over. */
	buf_printf(&hidden, ".%s", name);
	buf_byte(&hidden, 0);
	if (status == DEED_OK)
		status = buf_status(&hidden, err);
	if (status == DEED_OK)
		status = join(where, folder, (const char *)hidden.data,
			      &temporary, err);
	if (status == DEED_OK && file_exists(path) && holds(path, bytes))
		goto out;
	if (status == DEED_OK && !file_exists(dir))
		status = file_mkdirs(dir, DIR_MODE, err);
	if (status == DEED_OK)
		status = write_object(path, temporary, bytes, err);
out:
	buf_clear(&hidden);
	free(dir);
	free(path);
	free(temporary);
	return status;
}

static enum deed_status dir_sync(const char *where, struct deed_error *err)
{
	int fd = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum deed_status status = DEED_OK;

	if (fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'", where);
	if (syncfs(fd) != 0)
		status =
			deed_error_errno(err, errno, "cannot sync '%s'", where);
	(void)close(fd);
	return status;
}

static enum deed_status not_found(const char *path, struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'", path);
}

static enum deed_status dir_get(const char *where, const char *folder,
				const char *name, size_t max, struct buf *out,
				struct deed_error *err)
{
	enum deed_status status;
	struct stat st;
	char *path;
	int fd;

	status = join(where, folder, name, &path, err);
	if (status != DEED_OK)
		return status;
	/* Neither a link nor a pipe put there by somebody is followed. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		status = not_found(path, err);
	else if (fd < 0)
		status = deed_error_errno(err, errno, "cannot open '%s'", path);
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		status = not_found(path, err);
	else
		status = file_read_fd(fd, path, max, out, err);
	if (fd >= 0)
		(void)close(fd);
	free(path);
	return status;
}

static enum deed_status dir_remove(const char *where, const char *folder,
				   const char *name, struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = join(where, folder, name, &path, err);
	if (status == DEED_OK)
		status = file_remove(path, err);
	free(path);
	return status;
}

/* Temporaries that a killed process left are removed with the folder. */
static void remove_hidden(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] == '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
}

static enum deed_status dir_remove_folder(const char *where, const char *folder,
					  struct deed_error *err)
{
	enum deed_status status;
	char *path;

	status = join(where, folder, NULL, &path, err);
	if (status != DEED_OK)
		return status;
	remove_hidden(path);
	if (rmdir(path) != 0 && errno != ENOENT && errno != ENOTEMPTY)
		status = deed_error_errno(err, errno, "cannot remove '%s'",
					  path);
	free(path);
	return status;
}

static enum deed_status dir_list(const char *where, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err)
{
	enum deed_status status;
	struct dirent *entry;
	char *path;
	DIR *dir;

	status = join(where, folder, NULL, &path, err);
	if (status != DEED_OK)
		return status;
	dir = opendir(path);
	if (dir == NULL) {
		status = errno == ENOENT || errno == ENOTDIR
				 ? not_found(path, err)
				 : deed_error_errno(err, errno,
						    "cannot open '%s'", path);
		goto out;
	}
	while (status == DEED_OK && (errno = 0, entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			status = fn(arg, entry->d_name, err);
	if (status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	(void)closedir(dir);
out:
	free(path);
	return status;
}

const struct place_backend place_directory = {
	.put = dir_put,
	.sync = dir_sync,
	.get = dir_get,
	.remove = dir_remove,
	.remove_folder = dir_remove_folder,
	.list = dir_list,
};
