/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/s3.h"

#include <stdlib.h>

#define FAN 2
#define ANY 100 /* keys that are looked at for one of an archive */

/* Of the names in a folder, with their sizes: some ten times what a deposit in
 * MANIFEST_CHUNKS has at a place.  A store that makes names up fills no more
 * memory. */
#define NAMES_MAX (32u << 20)

/* No name has it, and it is behind all that a name has. */
#define BEHIND '~'

/* ---- pages ---- */

/* Keys that begin with prefix, from behind after on, a page at a time. */
struct pager {
	struct s3 *s;
	const char *prefix;
	char after[STORE_KEY_MAX + 1]; /* or empty */
	unsigned limit;
	struct store_answer page;
	bool begun;
};

/* A store that lists so cannot be walked to an end; nothing is concluded from
 * what it did tell. */
static enum deed_status wrong(const struct s3 *s, struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' lists other objects than it was asked for, "
			      "or not in their order",
			      s->d.where);
}

/* In order, each behind the last and within what was asked for: so every walk
 * ends, and no key is told twice. */
static bool in_order(const struct pager *g)
{
	const char *last = g->after;
	size_t len = strlen(g->prefix);

	for (size_t i = 0; i < g->page.item_count; i++) {
		const char *key = g->page.item[i].key;

		if (strncmp(key, g->prefix, len) != 0 ||
		    strcmp(key, last) <= 0 || strlen(key) > STORE_KEY_MAX)
			return false;
		last = key;
	}
	return !g->page.more || g->page.item_count > 0;
}

/* A list has no absence: what says so is no store that lists, and nothing is
 * taken to be missing on its word. */
static enum deed_status next_page(struct pager *g, struct deed_error *err)
{
	const struct store_request r = {
		.method = STORE_LIST,
		.key = g->prefix,
		.after = g->after[0] == '\0' ? NULL : g->after,
		.limit = g->limit,
	};
	enum deed_status status;

	store_answer_clear(&g->page);
	g->page = (struct store_answer)STORE_ANSWER_INIT;
	g->begun = true;
	status = s3_ask(g->s, PLACE_LIST, &r, &g->page, err);
	if (status == DEED_OK && !in_order(g))
		status = wrong(g->s, err);
	if (status == DEED_NOT_FOUND) {
		if (err != NULL)
			err->status = DEED_REMOTE;
		status = DEED_REMOTE;
	}
	return status;
}

/* Also before the first page, of which nothing is known yet. */
static bool has_more(const struct pager *g)
{
	return !g->begun || g->page.more;
}

/* The key was looked at (in_order), or is one of our own: it fits. */
static void go_on_behind(struct pager *g, const char *key)
{
	size_t len = strlen(key);

	memcpy(g->after, key, len + 1);
}

/* The last key of the page that is at hand. */
static const char *last_key(const struct store_answer *page)
{
	return page->item[page->item_count - 1].key;
}

/* ---- keys ---- */

/* Two digits and a slash; what else stands there is a folder of another name.
 */
static bool is_fan(const char *part, size_t len)
{
	return len == FAN && strspn(part, "0123456789abcdef") >= FAN;
}

/*
 * The folder and the name in a key behind the place's prefix, which is cut into
 * them.  What has no folder is a folder itself, as in a directory, with no
 * name.  A folder that does not belong behind its two digits is none: keys come
 * in their order, and so do folders.
 */
static void cut(char *rest, const char **folder, const char **name)
{
	char *slash = strchr(rest, '/');

	if (slash != NULL && is_fan(rest, (size_t)(slash - rest)) &&
	    !strncmp(rest, slash + 1, FAN)) {
		rest = slash + 1;
		slash = strchr(rest, '/');
	}
	*folder = rest;
	*name = "";
	if (slash != NULL) {
		*slash = '\0';
		*name = slash + 1;
	}
}

/* ---- is anything there? ---- */

enum deed_status s3_has_any(struct s3 *s, bool *found, struct deed_error *err)
{
	struct pager g = { .s = s, .prefix = s->prefix, .limit = ANY };
	enum deed_status status = next_page(&g, err);
	char rest[STORE_KEY_MAX + 1];
	const char *folder, *name;

	*found = false;
	for (size_t i = 0; status == DEED_OK && i < g.page.item_count; i++) {
		const char *key = g.page.item[i].key + strlen(s->prefix);

		memcpy(rest, key, strlen(key) + 1);
		cut(rest, &folder, &name);
		if (name[0] != '\0' &&
		    (place_is_deposit(folder) || !strcmp(folder, PLACE_ABOUT)))
			*found = true;
	}
	store_answer_clear(&g.page);
	return status;
}

/* ---- all of it ---- */

/* Where a walk goes on: behind a folder, or behind an object in it. */
static void begin_after(struct pager *g, const char *after)
{
	const char *slash = strchr(after, '/');
	char folder[PLACE_NAME + 1];
	size_t len = slash == NULL ? strlen(after) : (size_t)(slash - after);
	char end[] = { BEHIND, '\0' };

	if (len > PLACE_NAME)
		len = PLACE_NAME;
	memcpy(folder, after, len);
	folder[len] = '\0';
	s3_key(g->s, folder,
	       slash == NULL			? end
	       : strlen(slash + 1) > PLACE_NAME ? end
						: slash + 1,
	       g->after);
}

/* The key is copied, as cut writes into it and the page is needed for where to
 * go on. */
static enum deed_status tell_page(struct pager *g, place_walk_fn *fn, void *arg,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char rest[STORE_KEY_MAX + 1];
	const char *folder, *name;

	for (size_t i = 0; status == DEED_OK && i < g->page.item_count; i++) {
		const char *key = g->page.item[i].key + strlen(g->prefix);

		memcpy(rest, key, strlen(key) + 1);
		cut(rest, &folder, &name);
		status = fn(arg, folder, name, g->page.item[i].size, err);
	}
	return status;
}

/* A place that has nothing may be none. */
static enum deed_status walk_from(struct pager *g, place_walk_fn *fn, void *arg,
				  struct deed_error *err)
{
	enum deed_status status = s3_seen(g->s, err);

	while (status == DEED_OK && has_more(g)) {
		status = next_page(g, err);
		if (status == DEED_OK)
			status = tell_page(g, fn, arg, err);
		if (status == DEED_OK && g->page.more)
			go_on_behind(g, last_key(&g->page));
	}
	store_answer_clear(&g->page);
	return status;
}

enum deed_status s3_walk(struct place *p, const char *after, place_walk_fn *fn,
			 void *arg, struct deed_error *err)
{
	struct s3 *s = p->state;
	struct pager g = { .s = s, .prefix = s->prefix };

	if (after != NULL)
		begin_after(&g, after);
	return walk_from(&g, fn, arg, err);
}

/* ---- folders ---- */

struct folders {
	place_fn *fn;
	void *arg;
	char last[STORE_KEY_MAX + 1];
};

/* A place_walk_fn. */
static enum deed_status on_folder(void *arg, const char *folder,
				  const char *name, uint64_t size,
				  struct deed_error *err)
{
	struct folders *f = arg;

	(void)name;
	(void)size;
	if (!strcmp(folder, f->last))
		return DEED_OK;
	memcpy(f->last, folder, strlen(folder) + 1);
	return f->fn(f->arg, folder, err);
}

/* ---- a folder ---- */

/* The first of a page that is not before a key: it is in their order. */
static size_t first_from(const struct store_answer *page, const char *key)
{
	size_t from = 0, to = page->item_count;

	while (from < to) {
		size_t at = from + (to - from) / 2;

		if (strcmp(page->item[at].key, key) < 0)
			from = at + 1;
		else
			to = at;
	}
	return from;
}

/* The names in it that a page has, appended: a NUL and the size behind each. */
static void names_of(const struct store_answer *page, const char *prefix,
		     struct buf *names)
{
	size_t len = strlen(prefix);

	for (size_t i = first_from(page, prefix); i < page->item_count; i++) {
		const char *key = page->item[i].key;

		if (strncmp(key, prefix, len) != 0)
			break;
		if (key[len] == '\0')
			continue;
		buf_str(names, key + len);
		buf_byte(names, 0);
		buf_slice(names, slice_of((const uint8_t *)&page->item[i].size,
					  sizeof(uint64_t)));
	}
}

/* The names are kept until the list has come to its end: the caller's function
 * may ask the same store, and a list that breaks off tells nothing. */
static enum deed_status read_names(struct s3 *s, const char *prefix,
				   struct buf *names, struct deed_error *err)
{
	struct pager g = { .s = s, .prefix = prefix };
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && has_more(&g)) {
		status = next_page(&g, err);
		if (status != DEED_OK)
			break;
		names_of(&g.page, prefix, names);
		if (g.page.more)
			go_on_behind(&g, last_key(&g.page));
		status = buf_status(names, err);
		if (status == DEED_OK && names->len > NAMES_MAX)
			status = deed_error_set(err, DEED_DAMAGED,
						"'%s' lists more objects than "
						"a folder has",
						s->d.where);
	}
	store_answer_clear(&g.page);
	return status;
}

/* Does the page at hand have all of the folder? */
static bool covers(const struct s3 *s, const char *prefix)
{
	const char *last;

	if (s->from[0] == '\0' || strcmp(s->from, prefix) > 0)
		return false;
	if (!s->page.more)
		return true;
	last = last_key(&s->page);
	return strcmp(last, prefix) > 0 &&
	       strncmp(last, prefix, strlen(prefix)) != 0;
}

/* The page that begins with a folder. */
static enum deed_status read_ahead(struct s3 *s, const char *prefix,
				   struct deed_error *err)
{
	struct pager g = { .s = s, .prefix = s->prefix };
	enum deed_status status;

	go_on_behind(&g, prefix);
	store_answer_clear(&s->page);
	s->page = (struct store_answer)STORE_ANSWER_INIT;
	s->from[0] = '\0';
	status = next_page(&g, err);
	if (status != DEED_OK) {
		store_answer_clear(&g.page);
		return status;
	}
	s->page = g.page;
	memcpy(s->from, prefix, strlen(prefix) + 1);
	return DEED_OK;
}

/* From the page at hand, or the next; *done where the folder is all in it. */
static enum deed_status names_ahead(struct s3 *s, const char *prefix,
				    struct buf *names, bool *done,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool ahead;

	*done = false;
	(void)pthread_mutex_lock(&s->ahead_mutex);
	ahead = s->ahead && !s->fresh;
	if (ahead && !covers(s, prefix))
		status = read_ahead(s, prefix, err);
	if (status == DEED_OK && ahead && covers(s, prefix)) {
		names_of(&s->page, prefix, names);
		status = buf_status(names, err);
		*done = true;
	}
	(void)pthread_mutex_unlock(&s->ahead_mutex);
	return status;
}

/* As names_of wrote them: the bytes of the size lie unaligned behind the name.
 */
static enum deed_status tell_names(const struct buf *names, const char *folder,
				   place_walk_fn *fn, void *arg,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t at = 0;
	uint64_t size;

	while (status == DEED_OK && at < names->len) {
		const char *name = (const char *)names->data + at;

		at += strlen(name) + 1;
		memcpy(&size, names->data + at, sizeof(size));
		at += sizeof(size);
		status = fn(arg, folder, name, size, err);
	}
	return status;
}

enum deed_status s3_sizes(struct place *p, const char *folder,
			  place_walk_fn *fn, void *arg, struct deed_error *err)
{
	struct s3 *s = p->state;
	struct buf names = BUF_INIT;
	char prefix[STORE_KEY_MAX + 1];
	enum deed_status status;
	bool done;

	s3_key(s, folder, NULL, prefix);
	status = names_ahead(s, prefix, &names, &done, err);
	if (status == DEED_OK && !done)
		status = read_names(s, prefix, &names, err);
	if (status == DEED_OK && names.len == 0)
		status = s3_seen(s, err);
	if (status == DEED_OK && names.len == 0)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is nothing in '%s' at '%s'",
					folder, s->d.where);
	if (status == DEED_OK)
		status = tell_names(&names, folder, fn, arg, err);
	buf_clear(&names);
	return status;
}

struct name_only {
	place_fn *fn;
	void *arg;
};

/* A place_walk_fn. */
static enum deed_status pass_name(void *arg, const char *folder,
				  const char *name, uint64_t size,
				  struct deed_error *err)
{
	const struct name_only *n = arg;

	(void)folder;
	(void)size;
	return n->fn(n->arg, name, err);
}

enum deed_status s3_list(struct place *p, const char *folder, place_fn *fn,
			 void *arg, struct deed_error *err)
{
	struct folders f = { .fn = fn, .arg = arg };
	struct name_only n = { .fn = fn, .arg = arg };

	if (folder != NULL)
		return s3_sizes(p, folder, pass_name, &n, err);
	return s3_walk(p, NULL, on_folder, &f, err);
}

void s3_ascending(struct place *p, bool on)
{
	struct s3 *s = p->state;

	(void)pthread_mutex_lock(&s->ahead_mutex);
	s->ahead = on;
	s->fresh = false;
	s->from[0] = '\0';
	(void)pthread_mutex_unlock(&s->ahead_mutex);
}

void s3_fresh(struct place *p, bool on)
{
	struct s3 *s = p->state;

	(void)pthread_mutex_lock(&s->ahead_mutex);
	s->fresh = on;
	(void)pthread_mutex_unlock(&s->ahead_mutex);
}
