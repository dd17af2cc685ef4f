/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "archive/place/directory.h"
#include "base/array.h"
#include "base/file.h"

/*
 * Everything in order.  At one time there are in memory the names in WHERE,
 * those in one of its folders of two digits, and those in one folder.
 */
struct names {
	char **name;
	size_t count, cap;
};

static void clear(struct names *n)
{
	while (n->count > 0)
		free(n->name[--n->count]);
	free(n->name);
	*n = (struct names){ .count = 0 };
}

/* A place_fn. */
static enum deed_status add(void *arg, const char *name, struct deed_error *err)
{
	struct names *n = arg;

	if (!array_room(&n->name, &n->cap, n->count + 1))
		return deed_error_memory(err);
	n->name[n->count] = strdup(name);
	if (n->name[n->count] == NULL)
		return deed_error_memory(err);
	n->count++;
	return DEED_OK;
}

/* As "FOLDER/": a '-' or '.' comes before the '/'. */
static int compare(const char *a, const char *b)
{
	size_t i = 0;
	int x, y;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	x = a[i] == '\0' ? '/' : (unsigned char)a[i];
	y = b[i] == '\0' ? '/' : (unsigned char)b[i];
	return a[i] == b[i] ? 0 : x - y;
}

/* As a bucket lists its keys, so that a walk can be begun in the middle of
 * either. */
static int by_folder(const void *a, const void *b)
{
	return compare(*(char *const *)a, *(char *const *)b);
}

/* Within one folder the order of octets will do: nothing follows a name. */
static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct walk {
	struct place *place;
	char after[PLACE_NAME + 1]; /* its folder; or "" */
	const char *after_name;	    /* NULL: all of that folder's */
	bool from;		    /* there is an after */
	place_walk_fn *fn;
	void *arg;
};

/* One that went since its folder was listed is not told.  What is no regular
 * file has no size, and is told all the same. */
static enum deed_status tell(const struct walk *w, const char *folder,
			     const char *dir, const char *name,
			     struct deed_error *err)
{
	char *path = path_join(dir, name);
	enum deed_status status = DEED_OK;
	struct stat st;
	bool there;

	if (path == NULL)
		return deed_error_memory(err);
	there = lstat(path, &st) == 0;
	if (!there && errno != ENOENT)
		status = directory_failed(errno, "look at", path, err);
	free(path);
	if (!there)
		return status;
	return w->fn(w->arg, folder, name,
		     S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, err);
}

enum deed_status directory_sizes(struct place *p, const char *folder,
				 place_walk_fn *fn, void *arg,
				 struct deed_error *err)
{
	const struct walk w = { .place = p, .fn = fn, .arg = arg };
	struct names n = { .count = 0 };
	char *dir = NULL;
	enum deed_status status;

	status = directory_folder(p->where, folder, &dir, err);
	if (status == DEED_OK)
		status = directory_list_in(dir, false, add, &n, err);
	place_count(p, PLACE_LIST, 1, 0, 0);
	if (status == DEED_NOT_FOUND && !directory_is_place(p->where))
		status = directory_no_place(p->where, err);
	for (size_t i = 0; i < n.count && status == DEED_OK; i++)
		status = tell(&w, folder, dir, n.name[i], err);
	clear(&n);
	free(dir);
	return status;
}

/* A folder that went meanwhile, or is none, has nothing to be told. */
static enum deed_status walk_folder(const struct walk *w, const char *folder,
				    struct deed_error *err)
{
	int at = w->from ? compare(folder, w->after) : 1;
	struct names n = { .count = 0 };
	enum deed_status status;
	char *dir = NULL;

	if (at < 0 || (at == 0 && w->after_name == NULL))
		return DEED_OK;
	status = directory_folder(w->place->where, folder, &dir, err);
	if (status == DEED_OK)
		status = directory_list_in(dir, false, add, &n, err);
	if (status == DEED_NOT_FOUND)
		status = DEED_OK;
	if (n.count > 0)
		qsort(n.name, n.count, sizeof(*n.name), by_name);
	for (size_t i = 0; i < n.count && status == DEED_OK; i++)
		if (at > 0 || strcmp(n.name[i], w->after_name) > 0)
			status = tell(w, folder, dir, n.name[i], err);
	clear(&n);
	free(dir);
	return status;
}

/* Those in a folder of two digits that belong there. */
static enum deed_status list_fan(const struct walk *w, const char *fan,
				 struct names *out, struct deed_error *err)
{
	char *dir = path_join(w->place->where, fan);
	struct names all = { .count = 0 };
	enum deed_status status;

	if (dir == NULL)
		return deed_error_memory(err);
	status = directory_list_in(dir, false, add, &all, err);
	if (status == DEED_NOT_FOUND)
		status = DEED_OK;
	for (size_t i = 0; i < all.count && status == DEED_OK; i++)
		if (place_is_deposit(all.name[i]) &&
		    !strncmp(all.name[i], fan, FAN))
			status = add(out, all.name[i], err);
	if (out->count > 0)
		qsort(out->name, out->count, sizeof(*out->name), by_folder);
	clear(&all);
	free(dir);
	return status;
}

/* What a folder of two digits has, merged with what lies beside it as older
 * places have it; *at is moved behind that. */
static enum deed_status walk_fan(const struct walk *w, const struct names *top,
				 size_t *at, struct deed_error *err)
{
	const char *fan = top->name[(*at)++];
	struct names in = { .count = 0 };
	enum deed_status status = DEED_OK;
	size_t i = 0;

	if (!w->from || strncmp(w->after, fan, FAN) <= 0)
		status = list_fan(w, fan, &in, err);
	while (status == DEED_OK && i < in.count) {
		int order = *at < top->count
				    ? compare(in.name[i], top->name[*at])
				    : -1;

		if (order <= 0)
			status = walk_folder(w, in.name[i++], err);
		else
			status = walk_folder(w, top->name[*at], err);
		*at += order >= 0;
	}
	clear(&in);
	return status;
}

/* Not through a link. */
enum deed_status directory_modified(struct place *p, const char *folder,
				    const char *name, int64_t *out,
				    struct deed_error *err)
{
	char *dir = NULL, *path = NULL;
	enum deed_status status = directory_folder(p->where, folder, &dir, err);
	struct stat st;

	if (status == DEED_OK) {
		path = path_join(dir, name);
		if (path == NULL)
			status = deed_error_memory(err);
	}
	if (status == DEED_OK && lstat(path, &st) == 0)
		*out = st.st_mtime;
	else if (status == DEED_OK && directory_is_absent(errno))
		status = directory_is_place(p->where)
				 ? directory_not_found(path, err)
				 : directory_no_place(p->where, err);
	else if (status == DEED_OK)
		status = directory_failed(errno, "look at", path, err);
	place_count(p, PLACE_HEAD, 1, 0, 0);
	free(dir);
	free(path);
	return status;
}

/* A link to a folder is walked like one, as directory_list_in does it. */
static bool is_folder(const struct place *p, const char *name)
{
	char *path = path_join(p->where, name);
	struct stat st;
	bool is = path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return is;
}

enum deed_status directory_walk(struct place *p, const char *after,
				place_walk_fn *fn, void *arg,
				struct deed_error *err)
{
	struct walk w = { .place = p, .fn = fn, .arg = arg };
	struct names top = { .count = 0 };
	enum deed_status status;
	size_t at = 0, len;

	if (after != NULL) {
		len = strcspn(after, "/");
		if (len > PLACE_NAME)
			return deed_error_set(err, DEED_MALFORMED,
					      "'%s' is no name of an object",
					      after);
		memcpy(w.after, after, len);
		w.after_name = after[len] == '/' ? after + len + 1 : NULL;
		w.from = true;
	}
	status = directory_list_in(p->where, false, add, &top, err);
	if (status == DEED_NOT_FOUND ||
	    (status == DEED_OK && !directory_is_place(p->where)))
		status = directory_no_place(p->where, err);
	if (top.count > 0)
		qsort(top.name, top.count, sizeof(*top.name), by_folder);
	while (status == DEED_OK && at < top.count) {
		if (directory_is_fan(top.name[at]) &&
		    is_folder(p, top.name[at]))
			status = walk_fan(&w, &top, &at, err);
		else
			status = walk_folder(&w, top.name[at++], err);
	}
	place_count(p, PLACE_LIST, 1, 0, 0);
	clear(&top);
	return status;
}
