/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/survey.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "archive/each.h"
#include "archive/layout.h"
#include "archive/place/place.h"
#include "archive/health/survey_priv.h"
#include "base/pool.h"
#include "crypto/shamir.h"

#define JOBS_MAX 4

void survey_tell(struct survey *s, unsigned part, const char *name,
		 const char *what)
{
	struct check_place *p = &s->report->place[part];

	(void)pthread_mutex_lock(&s->mutex);
	if (p->problems++ < CHECK_PROBLEMS)
		buf_printf(&p->text, "%s: %s\n", name, what);
	(void)pthread_mutex_unlock(&s->mutex);
}

void survey_no_memory(struct survey *s)
{
	(void)pthread_mutex_lock(&s->mutex);
	s->status = DEED_NO_MEMORY;
	(void)pthread_mutex_unlock(&s->mutex);
}

/* Why, is told once. */
static void go_away(struct survey *s, unsigned part)
{
	struct survey_spot *spot = &s->spot[part];
	struct deed_error why;

	if (atomic_exchange(&spot->away, true))
		return;
	place_failure(spot->place, &why);
	survey_tell(s, part, s->report->place[part].name,
		    why.status == DEED_OK ? "it cannot be read" : why.message);
}

enum survey_state survey_outcome(struct survey *s, unsigned part,
				 enum deed_status status)
{
	struct survey_spot *spot = &s->spot[part];

	if (status == DEED_OK)
		return SURVEY_GOOD;
	if (status == DEED_DAMAGED)
		return SURVEY_DAMAGED;
	if (status == DEED_NO_MEMORY)
		survey_no_memory(s);
	if (status == DEED_NOT_FOUND || spot->anew)
		return SURVEY_MISSING;
	go_away(s, part);
	return SURVEY_AWAY;
}

void survey_unlisted(struct survey *s, unsigned part)
{
	s->spot[part].unlisted = true;
	survey_tell(s, part, s->report->place[part].name,
		    "what it lists cannot be right");
}

/* One of that part, whatever its hash. */
static bool has_share(const struct deleted *d, unsigned part)
{
	struct object_name o;

	for (size_t i = 0; i < d->count; i++)
		if (object_parse(d->item[i].name, &o) &&
		    o.kind == OBJECT_SHARE && o.part == part)
			return true;
	return false;
}

/* The place is asked for versions once. */
static const struct deleted *read_deleted(struct survey *s, unsigned part,
					  const char *folder)
{
	struct survey_spot *spot = &s->spot[part];
	bool shared = folder != s->d->folder;
	struct deleted *d = &spot->deleted[shared];

	if (!spot->deleted_read[shared] && !spot->anew) {
		if (deleted_list(spot->place, folder, d, NULL) != DEED_OK)
			deleted_clear(d);
		s->report->place[part].versions += d->versions;
		spot->deleted_read[shared] = true;
	}
	return d;
}

bool survey_has_deleted(struct survey *s, unsigned part)
{
	bool yes;

	(void)pthread_mutex_lock(&s->deleted);
	yes = read_deleted(s, part, s->d->folder)->count > 0;
	(void)pthread_mutex_unlock(&s->deleted);
	return yes;
}

/* Of what is missing. */
static bool is_deleted(struct survey *s, unsigned part,
		       const struct object_name *o, const char *name)
{
	struct survey_spot *spot = &s->spot[part];
	const struct deleted *d;
	bool yes;

	(void)pthread_mutex_lock(&s->deleted);
	d = read_deleted(s, part, survey_folder(s, o));
	yes = o->kind == OBJECT_SHARE && spot->share == NULL
		      ? has_share(d, o->part)
		      : deleted_find(d, name) != NULL;
	s->report->place[part].deleted += yes;
	(void)pthread_mutex_unlock(&s->deleted);
	return yes;
}

void survey_set(struct survey *s, unsigned part, size_t i,
		enum survey_state state)
{
	static const char *const told[] = {
		[SURVEY_MISSING] = "missing",
		[SURVEY_DAMAGED] = "damaged",
		[SURVEY_TAMPERED] = "not what belongs to the other parts",
		[SURVEY_AWAY] = "cannot be read",
	};
	struct survey_object *e = &s->spot[part].object[i];
	char name[PLACE_NAME + 1];

	(void)pthread_mutex_lock(&s->mutex);
	if (e->state == SURVEY_GOOD)
		s->report->place[part].good--;
	e->state = state;
	if (state == SURVEY_GOOD)
		s->report->place[part].good++;
	(void)pthread_mutex_unlock(&s->mutex);
	if (state == SURVEY_GOOD || state == SURVEY_UNSEEN)
		return;
	object_format(&e->o, name);
	/* Of a share that is nowhere the name is not known. */
	if (e->o.kind == OBJECT_SHARE && s->spot[part].share == NULL)
		memcpy(name, "share", sizeof("share"));
	e->deleted =
		state == SURVEY_MISSING && is_deleted(s, part, &e->o, name);
	if (e->deleted)
		survey_tell(s, part, name,
			    "deleted, and an older version is kept");
	else if (state == SURVEY_DAMAGED && s->options->presence)
		survey_tell(s, part, name, "not as long as it should be");
	else
		survey_tell(s, part, name, told[state]);
}

const char *survey_folder(const struct survey *s, const struct object_name *o)
{
	return layout_folder(s->d->m, o->kind, s->d->folder);
}

/* Which places answer was found out before, once for all deposits of a run. */
static const struct answering *places(const struct survey *s)
{
	return s->options->places;
}

/* Why it is away, or nothing. */
static void tell_away(struct survey *s, unsigned part)
{
	struct survey_spot *spot = &s->spot[part];
	struct deed_error why = DEED_ERROR_INIT;
	const char *name = s->report->place[part].name;

	if (spot->place == NULL) {
		spot->away = true;
		survey_tell(s, part, name,
			    "the archive has no place of this name");
	} else if (spot->away) {
		(void)!place_probe(spot->place, &why);
		survey_tell(s, part, name, why.message);
	}
}

/* Room for what should be there, and whether the place answers. */
static enum deed_status open_spot(struct survey *s, unsigned part,
				  struct deed_error *err)
{
	const struct manifest *m = s->d->m;
	struct survey_spot *spot = &s->spot[part];
	struct check_place *report = &s->report->place[part];
	size_t i;

	report->name = m->place[part];
	for (i = 0; i < s->archive->count; i++) {
		struct place *p = s->archive->place[i];

		if (strcmp(place_name(p), m->place[part]) != 0)
			continue;
		spot->place = p;
		spot->at = i;
		spot->away = places(s)->away[i];
		spot->anew = places(s)->anew[i];
	}
	tell_away(s, part);
	spot->count =
		layout_count(m) + s->d->past_count + (m->edition == 1 ? 2 : 1);
	report->objects = spot->count;
	spot->object = calloc(spot->count, sizeof(*spot->object));
	return spot->object == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Whole, by its name, and yet it does not hold what the manifest says. */
static bool lies(struct survey *s, unsigned part, const struct object_name *o)
{
	struct buf bytes = BUF_INIT;
	bool whole = object_get(s->spot[part].place, s->d->folder, o,
				PLACE_OBJECT_MAX, &bytes, NULL) == DEED_OK;

	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.cap);
	buf_clear(&bytes);
	return whole;
}

/* A box that does not hold what the manifest says is read once more, to tell a
 * disk that failed from somebody who wrote it.  Its share is copied, as the
 * bytes are kept for the segment. */
static enum deed_status read_box(struct survey *s, unsigned part,
				 struct deed_error *err)
{
	struct survey_spot *spot = &s->spot[part];
	enum deed_status status;
	enum survey_state state;

	status = spot->empty ? DEED_NOT_FOUND
			     : stored_box(s->archive, s->d, part + 1,
					  &spot->box_bytes, &spot->box, NULL);
	rate_take(s->options->rate, spot->box_bytes.len);
	state = survey_outcome(s, part, status);
	if (state == SURVEY_DAMAGED && lies(s, part, &spot->object[0].o))
		state = SURVEY_TAMPERED;
	survey_set(s, part, 0, state);
	if (state != SURVEY_GOOD)
		return DEED_OK;
	spot->has_share = true;
	return secret_copy(spot->box.share.data, spot->box.share.len,
			   &spot->share, err);
}

/* A share has no name that is known: it is told of only when all of them were
 * read and the others could make its name (name_objects). */
static enum deed_status read_share(struct survey *s, unsigned part,
				   struct deed_error *err)
{
	struct survey_spot *spot = &s->spot[part];
	enum deed_status status;

	if (manifest_boxed(s->d->m))
		return read_box(s, part, err);
	status = spot->empty ? DEED_NOT_FOUND
			     : stored_share(s->archive, s->d, part + 1,
					    &spot->share, NULL, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	spot->has_share = status == DEED_OK;
	(void)survey_outcome(s, part, status);
	return DEED_OK;
}

/* The shares that are lost, from k of those that are there; without the
 * secret.  One that does not fit its commitment is none. */
static enum deed_status make_shares(struct survey *s, struct deed_error *err)
{
	const struct manifest *m = s->d->m;
	const struct secret *pick[ERASURE_MAX];
	enum deed_status status = DEED_OK;
	unsigned part, count = 0;

	for (part = 0; part < m->n; part++) {
		s->report->places_left += s->spot[part].has_share;
		if (s->spot[part].has_share && count < m->k)
			pick[count++] = s->spot[part].share;
	}
	for (part = 0; part < m->n && count == m->k; part++) {
		struct survey_spot *spot = &s->spot[part];

		if (spot->share != NULL)
			continue;
		status =
			shamir_extend(pick, count, part + 1, &spot->share, err);
		if (status == DEED_NO_MEMORY)
			return status;
		if (status == DEED_OK &&
		    !stored_share_fits(s->d, part + 1,
				       secret_slice(spot->share))) {
			secret_free(spot->share);
			spot->share = NULL;
		}
	}
	return DEED_OK;
}

/* The list has the share's hash in it: without a share its name is not known
 * either. */
static enum deed_status name_sums(struct survey *s, unsigned part,
				  const uint8_t share[SHA256_SIZE],
				  struct object_name *o, struct deed_error *err)
{
	struct buf sums = BUF_INIT;
	enum deed_status status;

	layout_sums(s->d->m, part + 1, share, &sums);
	status = buf_status(&sums, err);
	if (status == DEED_OK)
		sha256(buf_get(&sums), o->sha256);
	o->kind = OBJECT_SUMS;
	buf_clear(&sums);
	return status;
}

/* A manifest's name has number and hash, and no part: it is the same at every
 * place. */
static void name_manifest(struct object_name *o, uint64_t number,
			  const uint8_t cms[SHA256_SIZE])
{
	o->kind = OBJECT_MANIFEST;
	o->number = number;
	memcpy(o->sha256, cms, SHA256_SIZE);
}

/* What should lie there, by name. */
static enum deed_status name_objects(struct survey *s, unsigned part,
				     struct deed_error *err)
{
	const struct manifest *m = s->d->m;
	struct survey_spot *spot = &s->spot[part];
	size_t i, count = layout_count(m);
	uint8_t share[SHA256_SIZE] = { 0 };

	if (spot->share != NULL)
		sha256(secret_slice(spot->share), share);
	for (i = 0; i < count; i++)
		layout_object(m, part + 1, share, i, &spot->object[i].o);
	for (i = 0; i < s->d->past_count; i++)
		name_manifest(&spot->object[count++].o, s->d->past[i].number,
			      s->d->past[i].cms);
	name_manifest(&spot->object[count].o, m->generation, s->d->cms_sha256);
	if (m->edition > 1)
		return DEED_OK;
	return name_sums(s, part, share, &spot->object[count + 1].o, err);
}

/* Did that place give the manifest when the deposit was loaded? */
static bool was_read(const struct survey *s, unsigned part,
		     const struct object_name *o)
{
	const struct stored *d = s->d;
	size_t at = s->spot[part].at;

	if (o->kind != OBJECT_MANIFEST)
		return false;
	for (size_t i = 0; i < d->past_count; i++)
		if (d->past[i].number == o->number &&
		    !memcmp(d->past[i].cms, o->sha256, SHA256_SIZE))
			return d->past[i].read >> at & 1;
	return d->read >> at & 1;
}

/* Nothing is asked for where nothing is. */
static bool is_absent(const struct survey *s, unsigned part,
		      const struct object_name *o)
{
	const struct survey_spot *spot = &s->spot[part];

	if (o->kind == OBJECT_SHARE)
		return !spot->has_share;
	return (o->kind == OBJECT_SUMS && spot->share == NULL) ||
	       (spot->empty && survey_folder(s, o) == s->d->folder);
}

/* What lies beside the parts. */
static void read_other(struct survey *s, unsigned part, size_t i)
{
	struct survey_spot *spot = &s->spot[part];
	const struct object_name *o = &spot->object[i].o;
	struct buf bytes = BUF_INIT;
	enum deed_status status;

	if (survey_is_known(s, part, o, NULL) || was_read(s, part, o)) {
		survey_set(s, part, i, SURVEY_GOOD);
		return;
	}
	if (is_absent(s, part, o))
		status = DEED_NOT_FOUND;
	else if (o->kind == OBJECT_SHARE)
		status = DEED_OK;
	else
		status = object_get(spot->place, survey_folder(s, o), o,
				    PLACE_OBJECT_MAX, &bytes, NULL);
	rate_take(s->options->rate, bytes.len);
	if (status == DEED_OK)
		survey_know(s, part, o, bytes.len);
	survey_set(s, part, i, survey_outcome(s, part, status));
	buf_clear(&bytes);
}

/* A place that fails meanwhile is away from then on, and is not asked for the
 * rest.  Segments and boxes are read with their chunks. */
static enum deed_status read_others(struct survey *s, unsigned part,
				    struct deed_error *err)
{
	struct survey_spot *spot = &s->spot[part];
	size_t i;

	for (i = 0; i < spot->count; i++)
		if (spot->object[i].o.kind != OBJECT_SEGMENT &&
		    spot->object[i].o.kind != OBJECT_BOX && !spot->away)
			read_other(s, part, i);
	(void)err;
	return DEED_OK;
}

/* What is done at the place of each part, at the same time. */
typedef enum deed_status part_fn(struct survey *s, unsigned part,
				 struct deed_error *err);

struct parts {
	struct survey *s;
	part_fn *fn;
};

/* A pool_fn. */
static void do_part(void *arg, size_t i)
{
	const struct parts *p = arg;

	if (!p->s->spot[i].away && p->fn(p->s, (unsigned)i, NULL) != DEED_OK)
		survey_no_memory(p->s);
}

/* What a part_fn cannot do for want of memory is told once, by the survey's
 * status. */
static enum deed_status each_part(struct survey *s, part_fn *fn,
				  struct deed_error *err)
{
	struct parts p = { s, fn };

	each_run(s->archive, s->d->m->n, do_part, &p);
	return s->status == DEED_OK ? DEED_OK : deed_error_memory(err);
}

/* A pool_fn. */
static void look_at_chunk(void *arg, size_t chunk)
{
	survey_parts(arg, chunk);
}

/* A place_fn. */
static enum deed_status any_name(void *arg, const char *name,
				 struct deed_error *err)
{
	(void)arg;
	(void)name;
	return deed_error_set(err, DEED_NO, "there is something");
}

/* Is a place that is made anew empty still? */
static void look_whether_empty(struct survey *s, unsigned part)
{
	struct survey_spot *spot = &s->spot[part];

	spot->empty = spot->anew && !spot->away &&
		      place_list(spot->place, s->d->folder, any_name, NULL,
				 NULL) == DEED_NOT_FOUND;
}

/* Shares come first: what the missing ones are called follows from them, and
 * the names say what is strange in a list.  The chunks, which are most of it,
 * come last. */
static enum deed_status read_all(struct survey *s, struct deed_error *err)
{
	const struct manifest *m = s->d->m;
	enum deed_status status = DEED_OK;
	unsigned part;

	for (part = 0; part < m->n; part++)
		look_whether_empty(s, part);

	/* The hash in a box's name is the manifest's: its share follows. */
	for (part = 0; part < m->n && manifest_boxed(m); part++)
		if (status == DEED_OK)
			status = name_objects(s, part, err);
	if (status == DEED_OK)
		status = each_part(s, read_share, err);
	if (status == DEED_OK)
		status = make_shares(s, err);
	for (part = 0; part < m->n && status == DEED_OK; part++)
		status = name_objects(s, part, err);
	if (status == DEED_OK)
		status = each_part(s, survey_list, err);
	if (status == DEED_OK)
		status = each_part(s, read_others, err);
	if (status == DEED_OK)
		pool_run(each_jobs(s->archive, JOBS_MAX), m->chunk_count,
			 look_at_chunk, s);
	return status;
}

/* By names alone. */
static enum deed_status look_for_all(struct survey *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned part;

	for (part = 0; part < s->d->m->n && status == DEED_OK; part++)
		status = name_objects(s, part, err);
	if (status == DEED_OK)
		status = each_part(s, survey_list, err);
	if (status == DEED_OK)
		survey_presence(s);
	return status;
}

enum deed_status survey_run(struct survey *s, struct deed_error *err)
{
	const struct manifest *m = s->d->m;
	enum deed_status status;
	unsigned part;

	s->report->n = m->n;
	s->left = calloc(m->chunk_count, sizeof(*s->left));
	status = s->left == NULL ? deed_error_memory(err)
				 : erasure_new(m->k, m->n, &s->code, err);
	for (part = 0; part < m->n && status == DEED_OK; part++)
		status = open_spot(s, part, err);
	if (status == DEED_OK)
		status = s->options->presence ? look_for_all(s, err)
					      : read_all(s, err);
	if (status == DEED_OK && s->status != DEED_OK)
		status = deed_error_memory(err);
	for (part = 0; part < m->n && status == DEED_OK; part++)
		status = buf_status(&s->report->place[part].text, err);
	return status;
}

void survey_clear(struct survey *s)
{
	unsigned part;

	for (part = 0; part < s->d->m->n; part++) {
		struct survey_spot *spot = &s->spot[part];

		free(spot->object);
		secret_free(spot->share);
		deleted_clear(&spot->deleted[0]);
		deleted_clear(&spot->deleted[1]);
		if (spot->box_bytes.data != NULL)
			secret_wipe(spot->box_bytes.data, spot->box_bytes.cap);
		buf_clear(&spot->box_bytes);
	}
	erasure_free(s->code);
	free(s->left);
	(void)pthread_mutex_destroy(&s->mutex);
	(void)pthread_mutex_destroy(&s->deleted);
}
