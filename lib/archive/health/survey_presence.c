/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/layout.h"
#include "archive/place/place.h"
#include "archive/health/survey_priv.h"
#include "crypto/shamir.h"

/* A deposit looked at by names and lengths alone. */

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
