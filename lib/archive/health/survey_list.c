/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"
#include "archive/health/survey_priv.h"

/* One place, while its folder is listed. */
struct listing {
	struct survey *s;
	unsigned part;
	size_t strangers; /* read so far */
};

/* Which of those expected it is: the segments come first.  Of a share and of
 * the sums the hash may not be known. */
static bool expected(const struct listing *l, const struct object_name *o,
		     size_t *out)
{
	const struct survey *s = l->s;
	const struct survey_spot *spot = &s->spot[l->part];
	size_t i = manifest_boxed(s->d->m) ? 0 : s->d->m->chunk_count;

	if (o->kind == OBJECT_SEGMENT && o->number < i)
		i = (size_t)o->number;
	for (; i < spot->count; i++) {
		const struct object_name *e = &spot->object[i].o;
		bool unknown =
			spot->share == NULL &&
			(e->kind == OBJECT_SHARE || e->kind == OBJECT_SUMS);

		if (e->kind == o->kind && e->number == o->number &&
		    e->part == o->part &&
		    (unknown || !memcmp(e->sha256, o->sha256, SHA256_SIZE)) &&
		    survey_folder(s, e) == s->d->folder) {
			*out = i;
			return true;
		}
		if (o->kind == OBJECT_SEGMENT)
			return false;
	}
	return false;
}

/* Does another place of this deposit have it? */
static bool of_another(const struct listing *l, const struct object_name *o)
{
	const struct manifest *m = l->s->d->m;

	if (o->part == 0 || o->part > m->n || o->part == l->part + 1)
		return false;
	if (o->kind == OBJECT_SEGMENT)
		return o->number < m->chunk_count &&
		       !memcmp(m->chunk[o->number].segment[o->part - 1],
			       o->sha256, SHA256_SIZE);
	if (o->kind == OBJECT_BOX)
		return manifest_boxed(m) &&
		       !memcmp(m->box[o->part - 1], o->sha256, SHA256_SIZE);
	return o->kind == OBJECT_SHARE;
}

/* A manifest of a later generation, which was not there when the others were
 * judged. */
static bool is_new(const struct listing *l, const struct object_name *o)
{
	const struct stored *d = l->s->d;

	if (o->kind != OBJECT_MANIFEST || o->number <= d->m->generation)
		return false;
	for (size_t i = 0; i < d->aside_count; i++)
		if (!memcmp(d->aside[i].cms, o->sha256, SHA256_SIZE))
			return false;
	return true;
}

/*
 * It has the form of an object.  One that holds what its own name says was
 * made by somebody: no disk that fails writes that.
 */
static void stranger(struct listing *l, const char *name,
		     const struct object_name *o)
{
	struct survey *s = l->s;
	struct survey_spot *spot = &s->spot[l->part];
	struct buf bytes = BUF_INIT;
	bool whole = false;

	s->report->place[l->part].strangers++;
	if (is_new(l, o)) {
		(void)pthread_mutex_lock(&s->mutex);
		s->report->newer = true;
		(void)pthread_mutex_unlock(&s->mutex);
	}
	if (of_another(l, o)) {
		survey_tell(s, l->part, name, "belongs to another place");
		return;
	}
	if (!s->options->presence && l->strangers++ < CHECK_PROBLEMS) {
		whole = object_get(spot->place, s->d->folder, o,
				   PLACE_OBJECT_MAX, &bytes, NULL) == DEED_OK;
		rate_take(s->options->rate, bytes.len);
		buf_clear(&bytes);
	}
	if (!whole) {
		survey_tell(s, l->part, name, "does not belong to the deposit");
		return;
	}
	survey_tell(s, l->part, name,
		    "is whole, and does not belong to the deposit");
	s->report->place[l->part].state = CHECK_TAMPERED;
}

/* A place_walk_fn. */
static enum deed_status on_name(void *arg, const char *folder, const char *name,
				uint64_t size, struct deed_error *err)
{
	struct listing *l = arg;
	struct object_name o;
	size_t i;

	(void)folder;
	(void)err;
	/* What somebody is writing, or was when he was killed. */
	if (name[0] == '.' && object_parse(name + 1, &o))
		return DEED_OK;
	if (!object_parse(name, &o)) {
		l->s->report->place[l->part].strangers++;
		survey_tell(l->s, l->part, name,
			    "does not belong to the deposit");
	} else if (!expected(l, &o, &i)) {
		stranger(l, name, &o);
	} else if (l->s->options->presence) {
		survey_set(l->s, l->part, i, SURVEY_GOOD);
		l->s->spot[l->part].object[i].size = size;
	}
	return DEED_OK;
}

/* A place_fn: sizes are not asked for where all is read. */
static enum deed_status on_name_only(void *arg, const char *name,
				     struct deed_error *err)
{
	return on_name(arg, NULL, name, 0, err);
}

/* Sizes cost a look at each file of a folder, and are of use only where
 * nothing is read. */
static enum deed_status list_spot(struct listing *l)
{
	const struct survey_spot *spot = &l->s->spot[l->part];
	const char *folder = l->s->d->folder;

	if (spot->empty)
		return DEED_NOT_FOUND;
	return l->s->options->presence
		       ? place_sizes(spot->place, folder, on_name, l, NULL)
		       : place_list(spot->place, folder, on_name_only, l, NULL);
}

enum deed_status survey_list(struct survey *s, unsigned part,
			     struct deed_error *err)
{
	struct listing l = { .s = s, .part = part };
	enum deed_status status = list_spot(&l);

	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_NOT_FOUND)
		survey_tell(s, part, s->report->place[part].name,
			    "nothing of the deposit is here");
	else if (status == DEED_DAMAGED)
		survey_unlisted(s, part);
	else
		(void)survey_outcome(s, part, status);
	return DEED_OK;
}
