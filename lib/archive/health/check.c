/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/check.h"

#include "archive/health/check_priv.h"
#include "archive/place/place.h"

const char *check_state_name(enum check_state state)
{
	static const char *const words[] = {
		[CHECK_HEALTHY] = "healthy",
		[CHECK_AWAY] = "away",
		[CHECK_DEGRADED] = "degraded",
		[CHECK_UNREADABLE] = "unreadable",
		[CHECK_TAMPERED] = "tampered",
	};

	return words[state];
}

enum deed_status check_state_status(enum check_state state)
{
	if (state == CHECK_HEALTHY)
		return DEED_OK;
	return state == CHECK_AWAY ? DEED_REMOTE : DEED_DAMAGED;
}

/* Is enough left of everything to make the rest anew? */
static bool repairable(const struct survey *s)
{
	const struct manifest *m = s->d->m;
	bool keys = false;
	unsigned part;
	size_t i;

	for (part = 0; part < m->n; part++)
		for (i = 0; i < s->spot[part].count; i++) {
			const struct survey_object *e =
				&s->spot[part].object[i];

			if (e->o.kind == OBJECT_KEYS || e->o.kind == OBJECT_BOX)
				keys |= e->state == SURVEY_GOOD;
		}
	for (i = 0; i < m->chunk_count; i++)
		if (s->left[i] < m->k)
			return false;
	return keys && s->report->places_left >= m->k;
}

/* Was it not read, and may be there? */
static bool may_have(const struct survey_spot *spot, size_t i)
{
	enum survey_state state = spot->object[i].state;

	return (spot->away || spot->unlisted) &&
	       (state == SURVEY_UNSEEN || state == SURVEY_AWAY ||
		state == SURVEY_MISSING);
}

/* What is left, and what places may have that are away, of a chunk. */
static unsigned at_most_left(const struct survey *s, size_t chunk)
{
	size_t at = manifest_boxed(s->d->m) ? 0 : chunk;
	unsigned part, count = s->left[chunk];

	for (part = 0; part < s->d->m->n; part++)
		count += may_have(&s->spot[part], at);
	return count;
}

/* Would enough be left, were all that is away to come back as it was? */
static bool may_be_left(const struct survey *s)
{
	const struct manifest *m = s->d->m;
	unsigned part, shares = s->report->places_left;
	size_t i;

	for (part = 0; part < m->n; part++)
		shares += !s->spot[part].has_share &&
			  (s->spot[part].away || s->spot[part].unlisted);
	for (i = 0; i < m->chunk_count; i++)
		if (at_most_left(s, i) < m->k)
			return false;
	return shares >= m->k;
}

/* That a list is wrong is told as a problem itself, and makes nothing
 * degraded: it is as if the place had not answered. */
static void conclude_place(struct survey *s, unsigned part)
{
	struct check_place *p = &s->report->place[part];
	const struct survey_spot *spot = &s->spot[part];
	size_t i;

	for (i = 0; i < spot->count; i++)
		if (spot->object[i].state == SURVEY_TAMPERED)
			p->state = CHECK_TAMPERED;
	if (p->state == CHECK_TAMPERED)
		return;
	if (spot->away)
		p->state = CHECK_AWAY;
	else if (p->problems > spot->unlisted)
		p->state = CHECK_DEGRADED;
	else if (spot->unlisted)
		p->state = CHECK_AWAY;
}

/* A list that is wrong counts as a place that did not answer. */
static bool has_away(const struct survey *s)
{
	for (unsigned part = 0; part < s->d->m->n; part++)
		if (s->spot[part].away || s->spot[part].unlisted)
			return true;
	return false;
}

void check_conclude(struct survey *s)
{
	struct check_report *r = s->report;
	unsigned part;

	for (part = 0; part < r->n; part++) {
		conclude_place(s, part);
		if (r->place[part].state > r->state)
			r->state = r->place[part].state;
	}
	/* Its newest manifest is lost. */
	if (s->d->word == STORED_BEHIND && r->state < CHECK_DEGRADED)
		r->state = CHECK_DEGRADED;
	r->whole = r->state == CHECK_HEALTHY;
	r->repairable = repairable(s);
	r->waits = !r->repairable && has_away(s) && may_be_left(s);
	if (!r->repairable && !r->waits && r->state < CHECK_UNREADABLE)
		r->state = CHECK_UNREADABLE;
}

/* A place_fn. */
static enum deed_status count_object(void *arg, const char *name,
				     struct deed_error *err)
{
	size_t *count = arg;

	(void)err;
	*count += name[0] != '.';
	return DEED_OK;
}

/* By the name of the place, as the manifest has it. */
static bool is_named(const struct manifest *m, const struct place *p)
{
	for (unsigned i = 0; i < m->n; i++)
		if (!strcmp(m->place[i], place_name(p)))
			return true;
	return false;
}

/* What places have that are none of the deposit's any more. */
static void check_former_places(struct archive *a, const struct stored *d,
				struct check_report *r)
{
	for (size_t i = 0; i < a->count && d->past_count > 0; i++) {
		struct check_former *f = &r->former[r->former_count];

		f->name = place_name(a->place[i]);
		f->objects = 0;
		if (is_named(d->m, a->place[i]) ||
		    place_list(a->place[i], d->folder, count_object,
			       &f->objects, NULL) != DEED_OK)
			continue;
		r->former_count += f->objects > 0;
	}
}

/* Whether places answer is found out once: by the caller for many deposits, or
 * here for one. */
enum deed_status check_deposit(struct archive *a, const struct stored *d,
			       const struct check_options *options,
			       struct check_report *out, struct deed_error *err)
{
	struct check_options asked = *options;
	struct answering places;
	struct survey s = { .archive = a,
			    .d = d,
			    .options = &asked,
			    .report = out,
			    .mutex = PTHREAD_MUTEX_INITIALIZER,
			    .deleted = PTHREAD_MUTEX_INITIALIZER };
	enum deed_status status = DEED_OK;

	memset(out, 0, sizeof(*out));
	if (options->places == NULL) {
		status = answering_look(a, &places, err);
		asked.places = &places;
	}
	if (status == DEED_OK)
		status = survey_run(&s, err);
	if (status == DEED_OK)
		check_conclude(&s);
	if (status == DEED_OK)
		check_former_places(a, d, out);
	survey_clear(&s);
	return status;
}

void check_clear(struct check_report *r)
{
	unsigned i;

	for (i = 0; i < r->n; i++)
		buf_clear(&r->place[i].text);
}

bool check_is_amiss(const struct check_report *r)
{
	unsigned i;

	for (i = 0; i < r->n; i++)
		if (r->place[i].state > CHECK_AWAY)
			return true;
	return r->state == CHECK_DEGRADED;
}
