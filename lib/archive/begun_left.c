/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/begun_priv.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/lock.h"

/* What lies there: left by processes that have ended, or of those at work. */

/* A list that was not synced before its machine went down may have anything in
 * it: only what can be a deposit's folder is a name. */
static bool is_folder(const char *text, size_t len)
{
	return len == BEGUN_DIGITS &&
	       strspn(text, "0123456789abcdef") >= BEGUN_DIGITS;
}

/* What is no name of a folder is passed over: a list that was not synced. */
static enum deed_status tell_names(const char *list, const char *own,
				   begun_fn *fn, void *arg, bool *keep,
				   struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	char *line, *end;

	if (!file_exists(list))
		return fn(arg, own, keep, err);
	status = file_read(list, BEGUN_NAMES_MAX, &text, err);
	buf_byte(&text, 0);
	if (status == DEED_OK)
		status = buf_status(&text, err);
	line = status == DEED_OK ? (char *)text.data : NULL;
	for (; line != NULL && status == DEED_OK; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (is_folder(line, strlen(line)))
			status = fn(arg, line, keep, err);
	}
	buf_clear(&text);
	return status;
}

/* Who makes deposits holds the lock as long as one of them is not settled: one
 * that can be had at once is of a process that has ended.  A list that is to
 * be kept is looked at again by the next sweep. */
static enum deed_status left_one(struct archive *a, const char *name,
				 begun_fn *fn, void *arg,
				 struct deed_error *err)
{
	char *path = NULL, *names = NULL;
	struct lock *lock = NULL;
	enum deed_status status;
	bool busy = false; /* somebody is at it */
	bool keep = false;

	status = begun_path(a, name, "", &path, err);
	if (status == DEED_OK)
		status = begun_path(a, name, BEGUN_NAMES, &names, err);
	if (status == DEED_OK) {
		status = lock_acquire(path, 0, &lock, NULL);
		busy = status == DEED_LOCKED;
		if (status != DEED_OK && !busy)
			status = deed_error_set(err, status, "cannot lock '%s'",
						path);
	}
	if (lock != NULL)
		status = tell_names(names, name, fn, arg, &keep, err);
	if (status == DEED_OK && !keep)
		status = file_remove(names, err);
	if (status == DEED_OK && !keep)
		status = file_remove(path, err);
	lock_release(lock);
	free(path);
	free(names);
	return busy ? DEED_OK : status;
}

/* Called with the name of each file that is locked, or was. */
typedef enum deed_status file_fn(void *arg, const char *name,
				 struct deed_error *err);

/* Names of another form, the lists beside the files that are locked among
 * them, are passed over. */
static enum deed_status each_file(const struct archive *a, file_fn *fn,
				  void *arg, struct deed_error *err)
{
	enum deed_status status;
	struct dirent *entry;
	char *path;
	DIR *dir;

	status = begun_path(a, "", "", &path, err);
	if (status != DEED_OK)
		return status;
	dir = opendir(path);
	if (dir == NULL && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot open '%s'", path);
	while (dir != NULL && status == DEED_OK &&
	       (errno = 0, entry = readdir(dir)) != NULL)
		if (is_folder(entry->d_name, strlen(entry->d_name)))
			status = fn(arg, entry->d_name, err);
	if (dir != NULL && status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	if (dir != NULL)
		(void)closedir(dir);
	free(path);
	return status;
}

struct leaving {
	struct archive *a;
	begun_fn *fn;
	void *arg;
};

/* A file_fn. */
static enum deed_status see_left(void *arg, const char *name,
				 struct deed_error *err)
{
	const struct leaving *l = arg;

	return left_one(l->a, name, l->fn, l->arg, err);
}

enum deed_status begun_left(struct archive *a, begun_fn *fn, void *arg,
			    struct deed_error *err)
{
	struct leaving l = { .a = a, .fn = fn, .arg = arg };

	return each_file(a, see_left, &l, err);
}

struct telling {
	const struct archive *a;
	begun_folder_fn *fn;
	void *arg;
};

/* A begun_fn. */
static enum deed_status tell_one(void *arg, const char *folder, bool *keep,
				 struct deed_error *err)
{
	const struct telling *t = arg;

	(void)keep;
	return t->fn(t->arg, folder, err);
}

/* A file_fn.  A list that its process takes away meanwhile has nothing to be
 * told: what it named is settled. */
static enum deed_status see_folders(void *arg, const char *name,
				    struct deed_error *err)
{
	struct telling *t = arg;
	char *names = NULL;
	bool keep = false;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status =
		begun_path(t->a, name, BEGUN_NAMES, &names, err);

	if (status != DEED_OK)
		return status;
	status = tell_names(names, name, tell_one, t, &keep, &why);
	if (status != DEED_OK && !file_exists(names))
		status = DEED_OK;
	if (status != DEED_OK && err != NULL)
		*err = why;
	free(names);
	return status;
}

enum deed_status begun_folders(const struct archive *a, begun_folder_fn *fn,
			       void *arg, struct deed_error *err)
{
	struct telling t = { .a = a, .fn = fn, .arg = arg };

	return each_file(a, see_folders, &t, err);
}
