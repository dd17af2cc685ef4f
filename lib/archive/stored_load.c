/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/each.h"
#include "archive/generations.h"
#include "archive/place/place.h"
#include "archive/successor.h"
#include "codec/hex.h"

/* On the way to the manifest in force. */
struct loading {
	struct archive *archive;
	const char *folder, *id;
	const struct pki_params *trust;
	const struct stored_log *log;
	struct generations g;
	size_t first_at;      /* generation 1, in g */
	struct stored *first; /* ... as it is at first_read */
	size_t first_read;
	struct stored *last; /* the last good one after it, or NULL */
	size_t last_at;
	unsigned strays[ARCHIVE_PLACES_MAX]; /* read, of each place */
	bool again; /* of one there are several wrappings */
	enum stored_word word;
};

/*
 * A later manifest has as many chunks as the first, and as many parts of each
 * as there may be places; what else may differ is small.
 */
#define SLACK (128u << 10)
static size_t largest(const struct loading *l)
{
	size_t most;

	if (l->first == NULL)
		return STATEMENT_MAX;
	most = l->first->cms.len * ERASURE_MAX / l->first->m->n + SLACK;
	return most < STATEMENT_MAX ? most : STATEMENT_MAX;
}

/* The bytes, from the first of its places that has them.  What one that is away
 * has is not known, whatever the others have. */
static enum deed_status fetch(const struct loading *l, struct generation *g,
			      struct buf *out, struct deed_error *err)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = g->number };
	struct deed_error why = { .status = DEED_NOT_FOUND }, one = why;
	enum deed_status status = DEED_NOT_FOUND;

	memcpy(o.sha256, g->cms, SHA256_SIZE);
	for (size_t i = 0; i < l->archive->count && status != DEED_OK &&
			   status != DEED_NO_MEMORY;
	     i++) {
		if (!(g->places >> i & 1))
			continue;
		status = object_get(l->archive->place[i], l->folder, &o,
				    largest(l), out, &one);
		if (status == DEED_OK)
			g->read |= UINT64_C(1) << i;
		if (status == DEED_NO_MEMORY ||
		    (status != DEED_OK && why.status != DEED_REMOTE))
			why = one;
	}
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status == DEED_OK ? DEED_OK : why.status;
}

/* It must be of this folder and number; the first of this id, where one was
 * asked for. */
static enum deed_status compare(const struct loading *l,
				const struct generation *g,
				const struct stored *d, struct deed_error *err)
{
	char id[2 * SHA256_SIZE + 1];
	size_t i = 0;

	hex_text(slice_of(d->id, SHA256_SIZE), id);
	if (!strcmp(d->folder, l->folder) && d->m->generation == g->number &&
	    (g->number > 1 || l->id == NULL || !strcmp(l->id, id)))
		return DEED_OK;
	while (!(g->places >> i & 1))
		i++;
	return deed_error_set(err, DEED_DAMAGED,
			      "the manifest at place %s is of another deposit",
			      place_name(l->archive->place[i]));
}

/*
 * The first at the time that it names itself: a deposit outlives the
 * certificate of whoever signed it, and what the id does not fix nobody asked
 * for.  A later one when it was signed.
 */
static enum deed_status judge(const struct loading *l,
			      const struct generation *g, struct stored *d,
			      struct deed_error *err)
{
	struct pki_params trust = { .time = 0 };
	enum deed_status status;
	json_t *json = NULL;

	status = manifest_peek(buf_get(&d->cms), &d->m, d->id, err);
	if (status != DEED_OK)
		return status;
	manifest_folder(d->m, d->folder);
	if (l->trust == NULL)
		return compare(l, g, d, err);
	trust = *l->trust;
	trust.time = d->m->deposited;
	trust.no_revocation = true;
	if (g->number > 1)
		status = statement_time(buf_get(&d->cms), &trust.time, err);
	if (status == DEED_OK && trust.time < d->m->deposited)
		status = deed_error_set(err, DEED_NOT_VERIFIED,
					"a manifest was signed before its "
					"deposit was made");
	if (status == DEED_OK)
		status = statement_open(buf_get(&d->cms), manifest_type(d->m),
					STATEMENT_BY_SERVICE, &trust, &json,
					NULL, err);
	json_decref(json);
	return status == DEED_OK ? compare(l, g, d, err) : status;
}

/* Read and judged; d->id is its own payload's. */
static enum deed_status load_one(const struct loading *l, struct generation *g,
				 struct stored **out, struct deed_error *err)
{
	struct stored *d = calloc(1, sizeof(*d));
	enum deed_status status;

	*out = NULL;
	if (d == NULL)
		return deed_error_memory(err);
	memcpy(d->cms_sha256, g->cms, SHA256_SIZE);
	status = fetch(l, g, &d->cms, err);
	if (status == DEED_OK)
		status = judge(l, g, d, err);
	if (status == DEED_OK)
		*out = d;
	else
		stored_free(d);
	return status;
}

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

static void accept(struct loading *l, size_t i, const struct stored *d,
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

static bool is_expected(const struct loading *l, const struct generation *g)
{
	return l->log != NULL && l->log->expected != NULL &&
	       !memcmp(l->log->expected, g->cms, SHA256_SIZE);
}

/* Is there a later one, which was expected, though the first is not listed?  A
 * store may list it late; what a folder does not list it has not. */
static bool may_come(const struct loading *l)
{
	if (each_is_local(l->archive))
		return false;
	for (size_t i = 0; i < l->g.count; i++)
		if (l->g.item[i].number > 1 && is_expected(l, &l->g.item[i]))
			return true;
	return false;
}

static enum deed_status no_first(const struct loading *l,
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
static enum deed_status find_first(struct loading *l, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_NOT_FOUND;
	int round;
	size_t i;

	for (round = 0; round < 2; round++)
		for (i = 0; i < l->g.count && l->g.item[i].number == 1; i++) {
			struct generation *g = &l->g.item[i];

			if (is_expected(l, g) != (round == 0))
				continue;
			status = load_one(l, g, &l->first, &why);
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
static bool worth(struct loading *l, const struct generation *g)
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
static void see_first(struct loading *l, size_t i, const struct stored *d)
{
	if (memcmp(d->id, l->first->id, SHA256_SIZE) != 0)
		return;
	accept(l, i, d, GENERATION_NONE);
	l->again = true;
}

/* Does it follow one that holds, and may it? */
static bool follows(struct loading *l, size_t i, const struct stored *d)
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
static enum deed_status look_at_rest(struct loading *l, struct deed_error *err)
{
	for (size_t i = 0; i < l->g.count; i++) {
		struct generation *g = &l->g.item[i];
		enum deed_status status;
		struct stored *d;

		if (g->state != GENERATION_UNREAD || !worth(l, g))
			continue;
		status = load_one(l, g, &d, NULL);
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

static bool was_read(const struct generation *g)
{
	return g->state == GENERATION_GOOD || g->state == GENERATION_AGAIN ||
	       g->state == GENERATION_UNKNOWN;
}

/* Is there one beside the chain, ahead of it, or another than expected? */
static bool doubtful(const struct loading *l,
		     const struct generations_choice *c)
{
	if (l->log == NULL)
		return false;
	if (l->log->expected != NULL && !is_expected(l, &l->g.item[c->chosen]))
		return true;
	for (size_t i = 0; i < l->g.count; i++)
		if (was_read(&l->g.item[i]) &&
		    !generations_in_chain(&l->g, c->chosen, i))
			return true;
	return false;
}

static void settle(struct loading *l, struct generations_choice *c)
{
	if (l->again) {
		generations_settle(&l->g);
		l->first_at = generations_find(&l->g, 1, l->first->id);
	}
	generations_choose(&l->g, l->first_at, c);
}

/* The log, about all that were read. */
static enum deed_status ask(struct loading *l, uint8_t (*cms)[SHA256_SIZE],
			    bool *named, bool *ahead)
{
	uint8_t newest[SHA256_SIZE];
	enum deed_status status;
	size_t i, n = 0;

	for (i = 0; i < l->g.count; i++)
		if (was_read(&l->g.item[i]))
			memcpy(cms[n++], l->g.item[i].cms, SHA256_SIZE);
	status = l->log->ask(l->log->arg, (const uint8_t(*)[SHA256_SIZE])cms, n,
			     named, ahead, newest, NULL);
	for (i = n = 0; i < l->g.count && status == DEED_OK; i++)
		if (was_read(&l->g.item[i]))
			l->g.item[i].logged = named[n++];
	return status;
}

/* ... and choose again.  A log that cannot be read is no reason to keep a
 * deposit from its parties. */
static enum deed_status ask_log(struct loading *l, struct generations_choice *c,
				struct deed_error *err)
{
	uint8_t(*cms)[SHA256_SIZE] = calloc(l->g.count, sizeof(*cms));
	bool *named = calloc(l->g.count, sizeof(*named)), ahead = false;
	enum deed_status status = DEED_NO_MEMORY;

	if (cms != NULL && named != NULL)
		status = ask(l, cms, named, &ahead);
	free(cms);
	free(named);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	settle(l, c);
	if (status != DEED_OK)
		l->word = STORED_SILENT;
	else if (ahead)
		l->word = STORED_BEHIND;
	else
		l->word = l->g.item[c->chosen].logged ? STORED_LOGGED
						      : STORED_UNLOGGED;
	return DEED_OK;
}

static void write_places(const struct archive *a, uint64_t places,
			 struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < a->count; i++)
		if (places >> i & 1) {
			buf_printf(out, "%s%s", before,
				   place_name(a->place[i]));
			before = ", ";
		}
}

static enum deed_status tell_fork(const struct loading *l,
				  const struct generations_choice *c,
				  struct deed_error *err)
{
	const struct generation *one = &l->g.item[c->one],
				*other = &l->g.item[c->other];
	char hex[2][2 * SHA256_SIZE + 1];
	struct buf at = BUF_INIT, beside = BUF_INIT;
	enum deed_status status;

	hex_text(slice_of(one->cms, SHA256_SIZE), hex[0]);
	hex_text(slice_of(other->cms, SHA256_SIZE), hex[1]);
	write_places(l->archive, one->places, &at);
	write_places(l->archive, other->places, &beside);
	buf_byte(&at, 0);
	buf_byte(&beside, 0);
	if (at.failed || beside.failed)
		status = deed_error_memory(err);
	else
		status = deed_error_set(
			err, DEED_INDETERMINATE,
			"there are two manifests of generation %" PRIu64
			", sha256:%s at place %.200s and sha256:%s at place "
			"%.200s, and %s which one stands",
			one->number, hex[0], (const char *)at.data, hex[1],
			(const char *)beside.data,
			l->log != NULL ? "the log does not say"
				       : "there is no log here that says");
	buf_clear(&at);
	buf_clear(&beside);
	return status;
}

/* One that this version cannot read may forbid what it would do. */
static enum deed_status check_unknown(struct loading *l, size_t chosen,
				      struct deed_error *err)
{
	for (size_t i = 0; i < l->g.count; i++) {
		struct generation *g = &l->g.item[i];
		enum deed_status status;
		struct stored *d;

		if (g->state != GENERATION_UNKNOWN ||
		    g->number < l->g.item[chosen].number ||
		    !(g->logged ||
		      generations_places(g->places) >= l->first->m->k))
			continue;
		status = load_one(l, g, &d, err);
		if (status != DEED_OK)
			return status;
		stored_free(d);
	}
	return DEED_OK;
}

static enum deed_status choose(struct loading *l, size_t *chosen,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct generations_choice c;

	settle(l, &c);
	if (doubtful(l, &c))
		status = ask_log(l, &c, err);
	if (status == DEED_OK && c.fork)
		status = tell_fork(l, &c, err);
	if (status == DEED_OK)
		status = check_unknown(l, c.chosen, err);
	*chosen = c.chosen;
	return status;
}

/* What is before it, and what lies aside. */
static enum deed_status fill_in(const struct loading *l, size_t chosen,
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
static enum deed_status take(struct loading *l, size_t chosen,
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
		status = load_one(l, &l->g.item[chosen], out, err);
	}
	if (status == DEED_OK)
		memcpy((*out)->id, l->g.item[l->first_at].payload, SHA256_SIZE);
	return status;
}

/* Of what places show. */
static enum deed_status load(struct loading *l, struct stored **out,
			     struct deed_error *err)
{
	enum deed_status status = find_first(l, err);
	size_t chosen = 0;

	if (status == DEED_OK)
		status = look_at_rest(l, err);
	if (status == DEED_OK)
		status = choose(l, &chosen, err);
	if (status == DEED_OK)
		status = take(l, chosen, out, err);
	if (status == DEED_OK)
		status = fill_in(l, chosen, *out, err);
	if (status != DEED_OK) {
		stored_free(*out);
		*out = NULL;
	}
	return status;
}

static void clear(struct loading *l)
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
	struct loading l = { .archive = a,
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
		status = load(&l, out, err);
	clear(&l);
	return status;
}

enum deed_status stored_load_shown(struct archive *a, const char *folder,
				   const struct folders_one *shown,
				   const struct pki_params *trust,
				   struct stored **out, struct deed_error *err)
{
	struct loading l = { .archive = a, .folder = folder, .trust = trust };
	enum deed_status status = generations_shown(shown, &l.g, err);

	*out = NULL;
	if (status == DEED_OK)
		status = load(&l, out, err);
	clear(&l);
	return status;
}

enum deed_status stored_load(struct archive *a, const char *folder,
			     const char *id, const struct pki_params *trust,
			     struct stored **out, struct deed_error *err)
{
	return stored_load_logged(a, folder, id, trust, NULL, out, err);
}
