/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

/* Where no link is followed, a link is as good as nothing. */
bool directory_is_absent(int why)
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

/* A disk that is mounted read-only refuses like one whose owner does. */
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
	return *there || directory_is_absent(errno)
		       ? DEED_OK
		       : directory_failed(errno, "look at", path, err);
}

/* WHERE, and behind it what is given: the two digits, the folder. */
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

enum deed_status directory_find(const char *where, const char *folder,
				char **out, bool *there, struct deed_error *err)
{
	bool fans = place_is_deposit(folder);
	enum deed_status status =
		text(out, err, where, fans ? folder : NULL, folder);
	char *old = NULL;

	*there = false;
	if (status == DEED_OK)
		status = look(*out, there, err);
	if (status == DEED_OK && !*there && fans)
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
	return directory_find(where, folder, out, &there, err);
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

enum deed_status directory_not_found(const char *path, struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'", path);
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
bool directory_is_place(const char *where)
{
	char *about = path_join(where, PLACE_ABOUT);
	bool found = about != NULL && file_exists(about);

	free(about);
	if (!found)
		(void)!directory_list_in(where, true, see_deposit, &found,
					 NULL);
	return found;
}

/* One level down and no further: a fan in a fan is told as a name. */
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
		return directory_is_absent(errno)
			       ? directory_not_found(path, err)
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
