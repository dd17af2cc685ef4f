/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/backup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/file.h"
#include "office/life/backup_format.h"

static const char *const left_out[] = {
	"archive/places",
	"archive/begun",
	"archive/catalogue.db",
	"archive/catalogue.db-journal",
	"archive/catalogue.db.new",
	"audit/pending",
	"audit/lock",
	BACKUP_GONE, /* would be taken for the list at the end of a backup */
};

/* A temporary would be wrong in another home, and the places of the archive are
 * copies themselves.  A name with ".deed-" in it is one that outfile makes. */
static bool belongs(const char *path)
{
	const char *name = path_base(path);
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (!strcmp(path, left_out[i]))
			return false;
	return name[0] != '.' || strstr(name, ".deed-") == NULL;
}

/* Of a file: a party's folder may end so.  Its holder writes to it and cuts it,
 * at any time, so it cannot be copied as other files are. */
static bool is_lock(const char *path)
{
	size_t len = strlen(path);

	return len >= 5 && strcmp(path + len - 5, ".lock") == 0;
}

int backup_order(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	/* The folder before its longer brothers: "a/b" before "a.c". */
	return (*a == '/' ? 1 : (unsigned char)*a) -
	       (*b == '/' ? 1 : (unsigned char)*b);
}

struct names {
	char **item;
	size_t count, cap;
};

static void names_clear(struct names *n)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		free(n->item[i]);
	free(n->item);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool names_add(struct names *n, const char *name)
{
	if (!array_room(&n->item, &n->cap, n->count + 1))
		return false;
	n->item[n->count] = strdup(name);
	return n->item[n->count] != NULL && ++n->count > 0;
}

/* Sorted, so that both rounds go in one order.  A folder that vanished has
 * nothing in it. */
static enum deed_status list(const char *path, struct names *out,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	DIR *dir = opendir(path);
	struct dirent *e;

	if (dir == NULL && errno == ENOENT)
		return DEED_OK;
	if (dir == NULL)
		return deed_error_errno(err, errno, "cannot open '%s'", path);
	while (status == DEED_OK && (errno = 0, e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 && !names_add(out, e->d_name))
			status = deed_error_memory(err);
	if (status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	(void)closedir(dir);
	if (out->count > 0)
		qsort(out->item, out->count, sizeof(*out->item), by_name);
	return status;
}

struct walk {
	const char *root;
	backup_file_fn *fn;
	void *arg;
};

static enum deed_status folder(const struct walk *w, const char *path,
			       unsigned depth, struct deed_error *err);

/* What is gone since the folder was listed is passed over: a run may have
 * finished beside. */
static enum deed_status one(const struct walk *w, const char *path,
			    unsigned depth, struct deed_error *err)
{
	char *full = path_join(w->root, path);
	enum deed_status status = DEED_OK;
	struct stat st;

	if (full == NULL)
		return deed_error_memory(err);
	if (lstat(full, &st) != 0) {
		if (errno != ENOENT)
			status = deed_error_errno(err, errno,
						  "cannot look at '%s'", full);
	} else if (S_ISDIR(st.st_mode)) {
		status = folder(w, path, depth + 1, err);
	} else if (S_ISREG(st.st_mode)) {
		if (!is_lock(path))
			status = w->fn(w->arg, path, &st, err);
	} else {
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"'%s' is neither a file nor a folder; "
					"a backup cannot hold it",
					full);
	}
	free(full);
	return status;
}

/* Sorted, so that two backups of one home differ only where the home does. */
static enum deed_status folder(const struct walk *w, const char *path,
			       unsigned depth, struct deed_error *err)
{
	struct names names = { NULL, 0, 0 };
	char *full = path_join(w->root, path);
	enum deed_status status;
	size_t i;

	if (full == NULL)
		return deed_error_memory(err);
	if (depth > BACKUP_DEPTH)
		status = deed_error_set(err, DEED_LIMIT,
					"'%s' is over %d folders deep", full,
					BACKUP_DEPTH);
	else
		status = list(full, &names, err);
	for (i = 0; i < names.count && status == DEED_OK; i++) {
		char *next = path[0] == '\0' ? strdup(names.item[i])
					     : path_join(path, names.item[i]);

		if (next == NULL)
			status = deed_error_memory(err);
		else if (belongs(next))
			status = one(w, next, depth, err);
		free(next);
	}
	names_clear(&names);
	free(full);
	return status;
}

enum deed_status backup_walk(const char *root, backup_file_fn *fn, void *arg,
			     struct deed_error *err)
{
	const struct walk w = { root, fn, arg };

	return folder(&w, "", 0, err);
}
