/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored_load_priv.h"

#include <stdlib.h>

#include "archive/each.h"
#include "archive/place/place.h"
#include "archive/successor.h"

/* Those of the places that a manifest names. */
static uint64_t named_places(const struct archive *a, const struct manifest *m)
{
	uint64_t places = 0;

	for (size_t i = 0; i < a->count; i++)
		for (unsigned j = 0; j < m->n; j++)
			if (!strcmp(place_name(a->place[i]), m->place[j]))
				places |= UINT64_C(1) << i;
	return places;
}

/* A place where an earlier generation lies shows the later one too, as long as
 * it has the deposit: so it counts for it. */
static void accept(struct stored_loading *l, size_t i, const struct stored *d,
		   size_t parent)
{
	struct generation *g = &l->g.item[i];

	g->state = GENERATION_GOOD;
	memcpy(g->payload, d->id, SHA256_SIZE);
	g->k = d->m->k;
	g->parent = parent;
	g->named = named_places(l->archive, d->m);
	if (parent != GENERATION_NONE)
		g->named |= l->g.item[parent].named;
}

/* Is there a later one, which was expected, though the first is not listed?  A
 * store may list it late; what a folder does not list it has not. */
static bool may_come(const struct stored_loading *l)
{
	if (each_is_local(l->archive))
		return false;
	for (size_t i = 0; i < l->g.count; i++)
		if (l->g.item[i].number > 1 &&
		    stored_is_expected(l, &l->g.item[i]))
			return true;
	return false;
}

/* Where one was expected that a store may yet list, nothing is said to be
 * absent. */
static enum deed_status no_first(const struct stored_loading *l,
				 struct deed_error *err)
{
	const char *id = l->id == NULL ? l->folder : l->id;

	if (may_come(l))
		return deed_error_set(err, DEED_REMOTE,
				      "no place lists the first manifest of "
				      "'%s', and a later one is there",
				      id);
	return generations_none(l->archive, &l->g, id, err);
}

/*
 * The first that holds: that which is expected, then by how many places show
 * it.
 */
static enum deed_status find_first(struct stored_loading *l,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_NOT_FOUND;
	int round;
	size_t i;

	for (round = 0; round < 2; round++)
		for (i = 0; i < l->g.count && l->g.item[i].number == 1; i++) {
			struct generation *g = &l->g.item[i];

			if (stored_is_expected(l, g) != (round == 0))
				continue;
			status = stored_load_one(l, g, &l->first, &why);
			if (status == DEED_OK) {
				l->first_at = l->first_read = i;
				accept(l, i, l->first, GENERATION_NONE);
				return DEED_OK;
			}
			if (status == DEED_NO_MEMORY)
				return deed_error_memory(err);
			g->state = GENERATION_BAD;
		}
	if (status == DEED_NOT_FOUND)
		return no_first(l, err);
	if (err != NULL)
		*err = why;
	return status;
}

/* Of what few places show each may have only so many looked at, so that one
 * of them cannot keep a reader busy. */
static bool worth(struct stored_loading *l, const struct generation *g)
{
	unsigned few = generations_places(l->g.answered);
	bool yes = false;

	if (few > l->first->m->k)
		few = l->first->m->k;
	if (generations_places(g->places) >= few)
		return true;
	for (size_t i = 0; i < l->archive->count; i++)
		if ((g->places >> i & 1) && l->strays[i] < GENERATIONS_STRAYS) {
			l->strays[i]++;
			yes = true;
		}
	return yes;
}

/* It may be the first, wrapped otherwise. */
static void see_first(struct stored_loading *l, size_t i,
		      const struct stored *d)
{
	if (memcmp(d->id, l->first->id, SHA256_SIZE) != 0)
		return;
	accept(l, i, d, GENERATION_NONE);
	l->again = true;
}

/* Does it follow one that holds, and may it? */
static bool follows(struct stored_loading *l, size_t i, const struct stored *d)
{
	uint64_t number = l->g.item[i].number;
	size_t parent = generations_find(&l->g, number - 1, d->m->previous);

	if (parent == GENERATION_NONE ||
	    successor_check(l->first->m, d->m, NULL) != DEED_OK)
		return false;
	l->again |= generations_find(&l->g, number, d->id) != GENERATION_NONE;
	accept(l, i, d, parent);
	return true;
}

/* Those that are later, and what else there is of the first. */
static enum deed_status look_at_rest(struct stored_loading *l,
				     struct deed_error *err)
{
	for (size_t i = 0; i < l->g.count; i++) {
		struct generation *g = &l->g.item[i];
		enum deed_status status;
		struct stored *d;

		if (g->state != GENERATION_UNREAD || !worth(l, g))
			continue;
		status = stored_load_one(l, g, &d, NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		g->state = status == DEED_UNSUPPORTED && g->number > 1
				   ? GENERATION_UNKNOWN
				   : GENERATION_BAD;
		if (status == DEED_OK && g->number == 1) {
			see_first(l, i, d);
			stored_free(d);
		} else if (status == DEED_OK && follows(l, i, d)) {
			stored_free(l->last);
			l->last = d;
			l->last_at = i;
		} else {
			stored_free(d);
		}
	}
	return DEED_OK;
}

/* What is before it, and what lies aside. */
static enum deed_status fill_in(const struct stored_loading *l, size_t chosen,
				struct stored *d, struct deed_error *err)
{
	size_t i, j;

	d->past = calloc(l->g.count, sizeof(*d->past));
	d->aside = calloc(l->g.count, sizeof(*d->aside));
	if (d->past == NULL || d->aside == NULL)
		return deed_error_memory(err);
	for (i = 0; i < l->g.count; i++) {
		const struct generation *g = &l->g.item[i];
		bool in_chain = generations_in_chain(&l->g, chosen, i);

		for (j = 0; in_chain && j < l->archive->count; j++)
			if (g->places >> j & 1)
				d->shows[j] = g->number;
		if (in_chain && i != chosen) {
			struct stored_past *p = &d->past[d->past_count++];

			p->number = g->number;
			p->read = g->read;
			memcpy(p->cms, g->cms, SHA256_SIZE);
		} else if (!in_chain && (g->state == GENERATION_GOOD ||
					 g->state == GENERATION_AGAIN)) {
			struct stored_aside *p = &d->aside[d->aside_count++];

			p->number = g->number;
			p->places = g->places;
			p->logged = g->logged;
			memcpy(p->cms, g->cms, SHA256_SIZE);
		}
	}
	d->read = l->g.item[chosen].read;
	d->answered = l->g.answered;
	d->word = l->word;
	return DEED_OK;
}

/* Of those that were read the one in force is mostly at hand. */
static enum deed_status take_chosen(struct stored_loading *l, size_t chosen,
				    struct stored **out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (chosen == l->first_read) {
		*out = l->first;
		l->first = NULL;
	} else if (l->last != NULL && chosen == l->last_at) {
		*out = l->last;
		l->last = NULL;
	} else {
		status = stored_load_one(l, &l->g.item[chosen], out, err);
	}
	if (status == DEED_OK)
		memcpy((*out)->id, l->g.item[l->first_at].payload, SHA256_SIZE);
	return status;
}

/* Of what places show. */
static enum deed_status load_in_force(struct stored_loading *l,
				      struct stored **out,
				      struct deed_error *err)
{
	enum deed_status status = find_first(l, err);
	size_t chosen = 0;

	if (status == DEED_OK)
		status = look_at_rest(l, err);
	if (status == DEED_OK)
		status = stored_choose(l, &chosen, err);
	if (status == DEED_OK)
		status = take_chosen(l, chosen, out, err);
	if (status == DEED_OK)
		status = fill_in(l, chosen, *out, err);
	if (status != DEED_OK) {
		stored_free(*out);
		*out = NULL;
	}
	return status;
}

/* What was handed over was set to NULL before. */
static void loading_clear(struct stored_loading *l)
{
	stored_free(l->first);
	stored_free(l->last);
	generations_clear(&l->g);
}

enum deed_status stored_load_logged(struct archive *a, const char *folder,
				    const char *id,
				    const struct pki_params *trust,
				    const struct stored_log *log,
				    struct stored **out, struct deed_error *err)
{
	struct stored_loading l = { .archive = a,
				    .folder = folder,
				    .id = id,
				    .trust = trust,
				    .log = log };
	enum deed_status status;

	*out = NULL;
	status = generations_list(a, folder, &l.g, err);
	if (status == DEED_OK && log != NULL && log->expected != NULL)
		status = generations_ask(a, folder, log->generation,
					 log->expected, &l.g, err);
	if (status == DEED_OK)
		status = load_in_force(&l, out, err);
	loading_clear(&l);
	return status;
}

enum deed_status stored_load_shown(struct archive *a, const char *folder,
				   const struct folders_one *shown,
				   const struct pki_params *trust,
				   struct stored **out, struct deed_error *err)
{
	struct stored_loading l = { .archive = a,
				    .folder = folder,
				    .trust = trust };
	enum deed_status status = generations_shown(shown, &l.g, err);

	*out = NULL;
	if (status == DEED_OK)
		status = load_in_force(&l, out, err);
	loading_clear(&l);
	return status;
}

enum deed_status stored_load(struct archive *a, const char *folder,
			     const char *id, const struct pki_params *trust,
			     struct stored **out, struct deed_error *err)
{
	return stored_load_logged(a, folder, id, trust, NULL, out, err);
}
