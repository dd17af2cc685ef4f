/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_ARCHIVE_FAR_H
#define DEED_TESTS_UNIT_ARCHIVE_FAR_H

#include "test.h"

#include <pthread.h>
#include <stdlib.h>

#include "archive/archive.h"
#include "archive/place/backend.h"

/*
 * Places that are folders, but behave as if they were elsewhere: each transfer
 * is a thread's, one of them may fall silent after it was probed, and one may
 * list what cannot be right; or all leave out what has a word in its name.
 */
static atomic_int far_silent = -1; /* which of them; from 0 */
static atomic_int far_wrong = -1;  /* likewise */
static const char *far_unlisted;
static atomic_int far_under_way, far_most, far_begun;

struct far_call {
	pthread_t thread;
	struct place_ticket inner;
	struct buf bytes, got;
	uint64_t size;
	enum deed_status status;
	struct deed_error why;
};

static bool far_is_silent(const struct place *p)
{
	return atoi(p->name) - 1 == far_silent;
}

static enum deed_status far_away(struct deed_error *err)
{
	return deed_error_set(err, DEED_REMOTE, "no answer");
}

static void *far_do(void *arg)
{
	struct far_call *c = arg;

	c->status = far_is_silent(c->inner.place)
			    ? far_away(&c->why)
			    : place_directory.begin(&c->inner, &c->why);
	if (c->status == DEED_OK)
		c->status = place_directory.finish(&c->inner, &c->why);
	return NULL;
}

static enum deed_status far_begin(struct place_ticket *t,
				  struct deed_error *err)
{
	struct far_call *c = calloc(1, sizeof(*c));
	int now = ++far_under_way;

	(void)err;
	assert_non_null(c);
	far_begun++;
	if (now > far_most)
		far_most = now;
	buf_slice(&c->bytes, t->bytes);
	c->inner = *t;
	c->inner.bytes = buf_get(&c->bytes);
	c->inner.out = &c->got;
	c->inner.size = &c->size;
	t->call = c;
	assert_int_equal(pthread_create(&c->thread, NULL, far_do, c), 0);
	return DEED_OK;
}

static enum deed_status far_finish(struct place_ticket *t,
				   struct deed_error *err)
{
	struct far_call *c = t->call;
	enum deed_status status;

	assert_int_equal(pthread_join(c->thread, NULL), 0);
	far_under_way--;
	status = c->status;
	t->filled = c->inner.filled;
	if (status == DEED_OK && t->operation == PLACE_GET && t->into == NULL)
		buf_slice(t->out, buf_get(&c->got));
	if (status == DEED_OK && t->size != NULL)
		*t->size = c->size;
	if (status != DEED_OK && err != NULL)
		*err = c->why;
	buf_clear(&c->bytes);
	buf_clear(&c->got);
	free(c);
	return status;
}

struct far_names {
	place_fn *fn;
	void *arg;
};

static enum deed_status far_name(void *arg, const char *name,
				 struct deed_error *err)
{
	const struct far_names *n = arg;

	return far_unlisted != NULL && strstr(name, far_unlisted) != NULL
		       ? DEED_OK
		       : n->fn(n->arg, name, err);
}

static enum deed_status far_list(struct place *p, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err)
{
	struct far_names n = { fn, arg };

	if (atoi(p->name) - 1 == far_wrong)
		return deed_error_set(err, DEED_DAMAGED, "not in order");
	return far_is_silent(p)
		       ? far_away(err)
		       : place_directory.list(p, folder, far_name, &n, err);
}

struct far_sizes {
	place_walk_fn *fn;
	void *arg;
};

static enum deed_status far_size(void *arg, const char *folder,
				 const char *name, uint64_t size,
				 struct deed_error *err)
{
	const struct far_sizes *n = arg;

	return far_unlisted != NULL && strstr(name, far_unlisted) != NULL
		       ? DEED_OK
		       : n->fn(n->arg, folder, name, size, err);
}

static enum deed_status far_sizes(struct place *p, const char *folder,
				  place_walk_fn *fn, void *arg,
				  struct deed_error *err)
{
	struct far_sizes n = { fn, arg };

	if (atoi(p->name) - 1 == far_wrong)
		return deed_error_set(err, DEED_DAMAGED, "not in order");
	return far_is_silent(p)
		       ? far_away(err)
		       : place_directory.sizes(p, folder, far_size, &n, err);
}

static enum deed_status far_remove_folder(struct place *p, const char *folder,
					  struct deed_error *err)
{
	return far_is_silent(p) ? far_away(err)
				: place_directory.remove_folder(p, folder, err);
}

static inline void far_make(struct archive *a)
{
	static struct place_backend far;

	far = place_directory;
	far.local = false;
	far.begin = far_begin;
	far.finish = far_finish;
	far.list = far_list;
	far.sizes = far_sizes;
	far.remove_folder = far_remove_folder;
	for (size_t i = 0; i < a->count; i++) {
		a->place[i]->backend = &far;
		a->place[i]->transfers = STORE_TRANSFERS;
	}
}

#endif
