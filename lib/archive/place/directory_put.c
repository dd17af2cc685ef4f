/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/direct.h"
#include "base/file.h"

#define FILE_MODE 0600
#define WRITERS 64 /* of one object, at once */

/* Is there a file that holds these bytes? */
static bool holds(const char *path, struct slice bytes)
{
	const struct place_ticket all = { .max = bytes.len, .whole = true };
	struct buf there = BUF_INIT;
	bool same;

	same = directory_read(path, &all, &there, NULL) == DEED_OK &&
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

/* The rename comes before the lock is let go, so that who waits for it finds
 * the object there.  On failure the temporary goes as well, under the lock. */
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

/* That it exists is enough: two runs may make it at the same time. */
static bool make_dir(const char *path)
{
	return mkdir(path, DIR_MODE) == 0 || errno == EEXIST;
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
	if (!directory_is_place(where))
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

enum deed_status directory_put(struct place_ticket *t, struct deed_error *err)
{
	const char *where = t->place->where;
	enum deed_status status;
	bool found = false;
	char *dir;

	status = directory_find(where, t->folder, &dir, &found, err);
	if (status == DEED_OK)
		status = put_in(where, dir, found, t->name, t->bytes, err);
	if (status == DEED_OK)
		place_count(t->place, PLACE_PUT, 1, t->bytes.len, 0);
	free(dir);
	return status;
}
