/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/layout.h"
#include "archive/place/place.h"
#include "archive/health/survey_priv.h"
#include "crypto/shamir.h"

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

/* ---- presence ---- */

/* A place that does not answer, or whose list was wrong, is not asked for
 * objects one by one: that would take its patience for each. */
static bool asked(const struct survey_spot *spot)
{
	return !spot->away && !spot->unlisted;
}

/* What lies for all deposits is asked for by name. */
static enum survey_state present(struct survey *s, unsigned part, size_t i)
{
	struct survey_spot *spot = &s->spot[part];
	struct survey_object *e = &spot->object[i];
	char name[PLACE_NAME + 1];

	if (survey_folder(s, &e->o) == s->d->folder)
		return e->state == SURVEY_GOOD ? SURVEY_GOOD : SURVEY_MISSING;
	if (survey_is_known(s, part, &e->o, &e->size))
		return SURVEY_GOOD;
	object_format(&e->o, name);
	return survey_outcome(s, part,
			      place_head(spot->place, survey_folder(s, &e->o),
					 name, &e->size, NULL));
}

/* Of all lists of sums at that place the length is the same. */
static uint64_t sums_size(const struct manifest *m, unsigned part)
{
	const uint8_t any[SHA256_SIZE] = { 0 };
	struct buf sums = BUF_INIT;
	uint64_t size;

	layout_sums(m, part + 1, any, &sums);
	size = sums.len;
	buf_clear(&sums);
	return size;
}

/* As the manifest says it, or 0. */
static uint64_t said_size(const struct survey *s, const struct object_name *o)
{
	const struct manifest *m = s->d->m;

	if (o->kind == OBJECT_SEGMENT)
		return manifest_part_size(m, (size_t)o->number);
	if (o->kind == OBJECT_SHARE)
		return SHAMIR_SHARE_SIZE;
	if (o->kind == OBJECT_MANIFEST && o->number == m->generation)
		return s->d->cms.len;
	return 0;
}

/* How many places say this length. */
static unsigned as_long(const struct survey *s, size_t i, uint64_t size)
{
	unsigned part, count = 0;

	for (part = 0; part < s->d->m->n; part++)
		count += s->spot[part].object[i].size == size;
	return count;
}

/* ... else as most places have it, of two the longer: all parts are equally
 * long, and the rest is the same everywhere. */
static uint64_t right_size(const struct survey *s, size_t i)
{
	uint64_t best = said_size(s, &s->spot[0].object[i].o);
	unsigned part, most = 0, count;

	for (part = 0; part < s->d->m->n && (best == 0 || most > 0); part++) {
		uint64_t size = s->spot[part].object[i].size;

		count = size == 0 ? 0 : as_long(s, i, size);
		if (count > most || (count == most && size > best)) {
			best = size;
			most = count;
		}
	}
	return best;
}

/* As the others, but never less than what it must hold. */
static bool is_right_size(const struct survey *s, unsigned part,
			  const struct survey_object *e, uint64_t size)
{
	if (e->o.kind == OBJECT_SUMS)
		return e->size == sums_size(s->d->m, part);
	if (e->o.kind == OBJECT_BOX && e->size < manifest_part_size(s->d->m, 0))
		return false;
	return e->size > 0 && e->size == size;
}

/* It is there, and as long as it should be. */
static void count_present(struct survey *s, unsigned part, size_t i,
			  uint64_t size)
{
	struct survey_object *e = &s->spot[part].object[i];

	if (!is_right_size(s, part, e, size)) {
		survey_set(s, part, i, SURVEY_DAMAGED);
		return;
	}
	if (!survey_is_known(s, part, &e->o, NULL))
		survey_know(s, part, &e->o, e->size);
	if (e->state != SURVEY_GOOD)
		survey_set(s, part, i, SURVEY_GOOD);
	if (e->o.kind == OBJECT_SEGMENT)
		s->left[e->o.number]++;
	if (e->o.kind == OBJECT_BOX)
		s->left[0]++;
	if (e->o.kind == OBJECT_SHARE || e->o.kind == OBJECT_BOX)
		s->report->places_left++;
}

/* One object, at all places. */
static void look_at(struct survey *s, size_t i)
{
	enum survey_state state[ERASURE_MAX];
	unsigned part;
	uint64_t size;

	for (part = 0; part < s->d->m->n; part++)
		state[part] = asked(&s->spot[part]) ? present(s, part, i)
						    : SURVEY_AWAY;
	size = right_size(s, i);
	for (part = 0; part < s->d->m->n; part++) {
		if (!asked(&s->spot[part]))
			continue;
		if (state[part] == SURVEY_GOOD)
			count_present(s, part, i, size);
		else
			survey_set(s, part, i, state[part]);
	}
}

void survey_presence(struct survey *s)
{
	for (size_t i = 0; i < s->spot[0].count; i++)
		look_at(s, i);
}
