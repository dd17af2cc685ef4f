/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/folders.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Names, each with its NUL. */
struct names {
	struct buf text;
	size_t count;
};

/* The bound is for names, not folders: a walk that meets a huge tree ends here
 * and not without memory. */
static enum deed_status add(struct names *n, const char *name,
			    struct deed_error *err)
{
	if (n->count == OPERANDS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a batch takes at most %d files",
				      OPERANDS_MAX);
	buf_append(&n->text, name, strlen(name) + 1);
	n->count++;
	return buf_status(&n->text, err);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Called before and after a folder. */
static enum deed_status add_entry(struct names *n, FTS *walk, FTSENT *e,
				  struct deed_error *err)
{
	bool hidden = e->fts_level > 0 && e->fts_name[0] == '.';

	if (hidden && e->fts_info == FTS_D)
		(void)fts_set(walk, e, FTS_SKIP);
	if (hidden)
		return DEED_OK;
	switch (e->fts_info) {
	case FTS_F:
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return add(n, e->fts_path, err);
	default:
		return DEED_OK;
	}
}

/* In the order of names, so that two runs do the same.  Links inside of the
 * folder are not followed, which could lead out of it or in a circle; the
 * folder itself may be one. */
static enum deed_status add_folder(struct names *n, const char *name,
				   struct deed_error *err)
{
	char *copy = strdup(name), *list[2] = { copy, NULL };
	enum deed_status status = DEED_OK;
	FTS *walk = NULL;
	FTSENT *e;

	if (copy != NULL)
		walk = fts_open(list,
				FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
				by_name);
	if (copy == NULL)
		status = deed_error_memory(err);
	else if (walk == NULL)
		status = deed_error_errno(err, errno, "cannot read '%s'", name);
	while (status == DEED_OK && (errno = 0, e = fts_read(walk)) != NULL)
		status = add_entry(n, walk, e, err);
	if (status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", name);
	if (walk != NULL)
		(void)fts_close(walk);
	free(copy);
	return status;
}

static bool is_folder(const char *name)
{
	struct stat st;

	return strcmp(name, "-") != 0 && stat(name, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* The pointers are made last: the text moves while it grows.  The old list is
 * let go only now, for its names were copied. */
static enum deed_status take(struct names *n, struct operands *o,
			     struct deed_error *err)
{
	const char **item = calloc(n->count + 1, sizeof(*item)), *at;
	size_t i;

	if (item == NULL)
		return deed_error_memory(err);
	at = (const char *)n->text.data;
	for (i = 0; i < n->count; i++) {
		item[i] = at;
		at += strlen(at) + 1;
	}
	operands_free(o);
	o->item = item;
	o->count = n->count;
	o->text = n->text;
	n->text = (struct buf)BUF_INIT;
	return DEED_OK;
}

enum deed_status operands_open_folders(struct operands *o,
				       struct deed_error *err)
{
	struct names n = { BUF_INIT, 0 };
	enum deed_status status = DEED_OK;
	bool any = false;
	size_t i;

	for (i = 0; i < o->count && !any; i++)
		any = is_folder(o->item[i]);
	if (!any)
		return DEED_OK;
	for (i = 0; i < o->count && status == DEED_OK; i++)
		status = is_folder(o->item[i]) ? add_folder(&n, o->item[i], err)
					       : add(&n, o->item[i], err);
	if (status == DEED_OK)
		status = take(&n, o, err);
	buf_clear(&n.text);
	return status;
}
