/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/restore_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/tar_wire.h"

/* A home of ten million files. */
#define ENTRIES_MAX 10000000
#define GONE_MAX (64U << 20)
#define WINDOW 65536

/* ---- the folder ---- */

/* What cannot be opened counts as not empty: nothing is restored over it. */
static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	bool empty = dir != NULL;

	while (empty && (e = readdir(dir)) != NULL)
		empty = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
	if (dir != NULL)
		(void)closedir(dir);
	return empty;
}

enum deed_status restore_tree_check(const char *home, struct deed_error *err)
{
	if (!file_exists(home) || is_empty(home))
		return DEED_OK;
	deed_error_set(err, DEED_EXISTS,
		       "'%s' exists: a home is restored into an empty place",
		       home);
	deed_error_remedy(err, "home", NULL);
	return DEED_EXISTS;
}

/* Level 0 is the folder itself, on which the lock is held. */
static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0)
		(void)remove(path);
	return 0;
}

/* All that is in it, not itself. */
static void empty(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* The lock is on the folder itself, so it is gone with the process.  A folder
 * that others can enter, or a link, is not ours, and nothing is emptied there.
 */
static enum deed_status lock_folder(struct restore_tree *t,
				    struct deed_error *err)
{
	struct stat st;

	if (mkdir(t->path, 0700) != 0 && errno != EEXIST)
		return deed_error_errno(err, errno, "cannot make '%s'",
					t->path);
	t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot open '%s'",
					t->path);
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return deed_error_set(err, DEED_REFUSED,
				      "'%s' can be entered by others", t->path);
	if (flock(t->fd, LOCK_EX | LOCK_NB) != 0)
		return deed_error_set(err, DEED_LOCKED,
				      "another run is restoring '%s'", t->home);
	t->there = true;
	empty(t->path);
	if (!is_empty(t->path))
		return deed_error_set(err, DEED_IO, "cannot empty '%s'",
				      t->path);
	return DEED_OK;
}

/* "home/" is "home". */
static char *without_slashes(const char *home)
{
	size_t len = strlen(home);

	while (len > 1 && home[len - 1] == '/')
		len--;
	return strndup(home, len);
}

enum deed_status restore_tree_open(struct restore_tree *t, const char *home,
				   struct deed_error *err)
{
	struct buf name = BUF_INIT;
	enum deed_status status;
	char *dir;

	*t = (struct restore_tree){ .home = without_slashes(home), .fd = -1 };
	dir = t->home == NULL ? NULL : path_dir(t->home);
	status = dir == NULL || t->home == NULL ? deed_error_memory(err)
						: file_mkdirs(dir, 0700, err);
	if (status == DEED_OK) {
		buf_printf(&name, "%s/.%s.deed-restore", dir,
			   path_base(t->home));
		t->path = buf_take(&name, NULL);
		status = t->path == NULL ? deed_error_memory(err)
					 : lock_folder(t, err);
	}
	free(dir);
	return status;
}

/* rename takes the place of an empty folder, and of nothing else. */
enum deed_status restore_tree_commit(struct restore_tree *t,
				     struct deed_error *err)
{
	if (rename(t->path, t->home) != 0)
		return deed_error_errno(err, errno, "cannot make '%s'",
					t->home);
	t->there = false;
	return file_sync_parent(t->home, err);
}

/* Emptied before the lock is let go: another run may take the folder at once.
 */
void restore_tree_close(struct restore_tree *t)
{
	if (t->there) {
		empty(t->path);
		(void)rmdir(t->path);
	}
	if (t->fd >= 0)
		(void)close(t->fd);
	free(t->path);
	free(t->home);
	*t = (struct restore_tree){ .fd = -1 };
}

/* ---- what goes into it ---- */

struct filling {
	struct restore_tree *tree; /* NULL: only read */
	struct backup_reader *r;
	struct buf folder; /* made last */
	struct buf gone;   /* the list, if it was the last entry */
	uint8_t *window;
};

/* A name cannot be both. */
static enum deed_status both(const char *name, struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s' in the backup is both a file and a folder",
			      name);
}

/* Does a file stand where this folder, or one above it, is to be? */
static bool in_the_way(char *dir)
{
	struct stat st;
	char *slash;

	while (lstat(dir, &st) != 0) {
		slash = strrchr(dir, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	return S_ISREG(st.st_mode);
}

/* The folders above a file; files of one folder come together. */
static enum deed_status make_parent(struct filling *f, const char *path,
				    const char *name, struct deed_error *err)
{
	char *dir = path_dir(path);
	enum deed_status status = DEED_OK;

	if (dir == NULL)
		return deed_error_memory(err);
	if (!slice_equal(buf_get(&f->folder), slice_str(dir))) {
		status = file_mkdirs(dir, 0700, err);
		buf_reset(&f->folder);
		buf_str(&f->folder, dir);
		if (status != DEED_OK && in_the_way(dir))
			status = both(name, err);
	}
	free(dir);
	return status == DEED_OK ? buf_status(&f->folder, err) : status;
}

/* A window at a time.  Without a descriptor it is only read, which compares
 * and decrypts every piece. */
static enum deed_status copy(struct filling *f, int fd, const char *path,
			     uint64_t size, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	while (size > 0 && status == DEED_OK) {
		size_t part = size < WINDOW ? (size_t)size : WINDOW;

		status = backup_read(f->r, f->window, part, err);
		if (status == DEED_OK && fd >= 0)
			status = file_write_fd(fd, path, f->window, part, err);
		size -= part;
	}
	return status;
}

/* O_TRUNC: a file that occurs twice is the later one.  Only two modes are
 * known, as the home's files have no others.  Nothing is synced here; syncfs
 * does it for all of them. */
static enum deed_status write_file(struct filling *f, const struct tar_entry *e,
				   struct deed_error *err)
{
	char *path = path_join(f->tree->path, e->name);
	enum deed_status status;
	int fd = -1;

	if (path == NULL)
		return deed_error_memory(err);
	status = make_parent(f, path, e->name, err);
	if (status == DEED_OK) {
		fd = open(path,
			  O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			  (e->mode & 044) != 0 ? 0644 : 0600);
		if (fd < 0 && errno == EISDIR)
			status = both(e->name, err);
		else if (fd < 0)
			status = deed_error_errno(err, errno,
						  "cannot make '%s'", path);
	}
	if (status == DEED_OK)
		status = copy(f, fd, path, e->size, err);
	if (fd >= 0 && close(fd) != 0 && status == DEED_OK)
		status =
			deed_error_errno(err, errno, "cannot write '%s'", path);
	free(path);
	return status;
}

/* Files that ceased to be while the backup was made. */
static enum deed_status read_gone(struct filling *f, const struct tar_entry *e,
				  struct deed_error *err)
{
	enum deed_status status;
	uint8_t *room;

	if (e->size > GONE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'" BACKUP_GONE "' has over %u bytes",
				      GONE_MAX);
	buf_reset(&f->gone);
	room = buf_reserve(&f->gone, (size_t)e->size + 1);
	if (room == NULL)
		return deed_error_memory(err);
	status = backup_read(f->r, room, e->size, err);
	room[e->size] = '\0';
	if (status == DEED_OK)
		f->gone.len = (size_t)e->size;
	return status;
}

/* The list counts as the last entry alone: before that it is a file of the home
 * of this name, which older programs took into the backup. */
static enum deed_status remove_gone(struct filling *f, struct deed_error *err)
{
	char *list = (char *)f->gone.data;
	enum deed_status status = DEED_OK;
	size_t at, end;

	for (at = 0; at < f->gone.len && status == DEED_OK; at = end + 1) {
		char *path;

		for (end = at; end < f->gone.len && list[end] != '\n'; end++)
			;
		list[end] = '\0';
		if (!tar_name_valid(slice_str(list + at)))
			return deed_error_set(err, DEED_MALFORMED,
					      "'" BACKUP_GONE "' lists no "
					      "file of a home");
		if (f->tree == NULL)
			continue;
		path = path_join(f->tree->path, list + at);
		status = path == NULL ? deed_error_memory(err)
				      : file_remove(path, err);
		free(path);
	}
	return status;
}

/* The size is compared with what can follow before anything is made, so a
 * header alone fills no disk. */
static enum deed_status take(struct filling *f, const struct tar_entry *e,
			     uint64_t *files, struct deed_error *err)
{
	const bool gone = strcmp(e->name, BACKUP_GONE) == 0;
	enum deed_status status;

	if (e->size > backup_left(f->r))
		return deed_error_set(err, DEED_DAMAGED,
				      "'%s' in '%s' has %llu bytes by its "
				      "header, more than there are",
				      e->name, f->r->name,
				      (unsigned long long)e->size);
	*files += !gone;
	if (!gone)
		buf_reset(&f->gone);
	if (gone)
		status = read_gone(f, e, err);
	else if (f->tree == NULL)
		status = copy(f, -1, e->name, e->size, err);
	else
		status = write_file(f, e, err);
	return status == DEED_OK
		       ? backup_read(f->r, NULL, tar_padding(e->size), err)
		       : status;
}

enum deed_status restore_tree_fill(struct restore_tree *t,
				   struct backup_reader *r,
				   backup_progress_fn *progress,
				   void *progress_arg, uint64_t *files,
				   struct deed_error *err)
{
	struct filling f = {
		.tree = t, .r = r, .folder = BUF_INIT, .gone = BUF_INIT
	};
	struct tar_entry e;
	struct tar *tar = NULL;
	enum deed_status status = tar_start(&tar, err);

	*files = 0;
	f.window = malloc(WINDOW);
	if (status == DEED_OK && f.window == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		tar_limit(tar, ENTRIES_MAX);
	while (status == DEED_OK) {
		status = tar_next(tar, backup_read, r, &e, err);
		if (status == DEED_OK)
			status = take(&f, &e, files, err);
		if (status == DEED_OK && progress != NULL)
			progress(progress_arg, r->file_size - r->left);
	}
	if (status == DEED_NOT_FOUND) {
		status = remove_gone(&f, err);
		if (status == DEED_OK)
			status = backup_read_rest(r, err);
	}
	if (status == DEED_MALFORMED)
		deed_error_prefix(err, "what '%s' holds", r->name);
	tar_stop(tar);
	/* One for all of them, and their folders. */
	if (status == DEED_OK && t != NULL && syncfs(t->fd) != 0)
		status = deed_error_errno(err, errno, "cannot sync '%s'",
					  t->path);
	if (f.window != NULL)
		secret_wipe(f.window, WINDOW);
	free(f.window);
	buf_clear(&f.folder);
	buf_clear(&f.gone);
	return status;
}
