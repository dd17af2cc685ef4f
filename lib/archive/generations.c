/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/generations.h"

#include <stdlib.h>

#include "archive/each.h"
#include "base/array.h"

_Static_assert(ARCHIVE_PLACES_MAX <= 64, "a bit for each place");

/* The folder of one place, while it is listed. */
struct listing {
	struct generations g;
	uint64_t place; /* its bit */
	size_t count;
	enum deed_status status;
};

/* All of them, at the same time. */
struct listings {
	struct archive *a;
	const char *folder;
	uint64_t places;
	struct listing of[ARCHIVE_PLACES_MAX];
};

/* Nothing is known of it but what its name says: the rest is set by who reads
 * it. */
static enum deed_status add(struct generations *g, const struct object_name *o,
			    uint64_t place, struct deed_error *err)
{
	struct generation *one;

	if (!array_room(&g->item, &g->cap, g->count + 1))
		return deed_error_memory(err);
	one = &g->item[g->count++];
	*one = (struct generation){ .number = o->number,
				    .places = place,
				    .parent = GENERATION_NONE };
	memcpy(one->cms, o->sha256, SHA256_SIZE);
	return DEED_OK;
}

/* A place_fn.  Names beyond the limits are passed over: check tells them. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct listing *l = arg;
	struct object_name o;

	if (!object_parse(name, &o) || o.kind != OBJECT_MANIFEST ||
	    o.number < 1 || o.number > GENERATIONS_MAX ||
	    l->count == 2 * (size_t)GENERATIONS_MAX)
		return DEED_OK;
	l->count++;
	return add(&l->g, &o, l->place, err);
}

/* Equal ones lie together, so that merge adds up their places. */
static int by_name(const void *a, const void *b)
{
	const struct generation *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return memcmp(x->cms, y->cms, SHA256_SIZE);
}

/* By number, so that a parent comes before those that follow it; the rest of
 * the order makes it the same on every run. */
static int by_places(const void *a, const void *b)
{
	const struct generation *x = a, *y = b;
	unsigned n = generations_places(x->places),
		 m = generations_places(y->places);

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (n != m)
		return n > m ? -1 : 1;
	return memcmp(x->cms, y->cms, SHA256_SIZE);
}

/* One for each name. */
static void merge(struct generations *g)
{
	size_t i, n = 0;

	if (g->count == 0)
		return;
	qsort(g->item, g->count, sizeof(*g->item), by_name);
	for (i = 1; i < g->count; i++)
		if (by_name(&g->item[n], &g->item[i]) == 0)
			g->item[n].places |= g->item[i].places;
		else
			g->item[++n] = g->item[i];
	g->count = n + 1;
	qsort(g->item, g->count, sizeof(*g->item), by_places);
}

/* A pool_fn. */
static void list_place(void *arg, size_t i)
{
	struct listings *all = arg;
	struct listing *l = &all->of[i];

	l->place = UINT64_C(1) << i;
	l->status = DEED_REMOTE;
	if (!(all->places & l->place))
		return;
	l->status = place_list(all->a->place[i], all->folder, on_name, l, NULL);
}

/* What one place has, to what the others have.  Where it could not be listed to
 * its end, what was seen is there all the same. */
static enum deed_status take(struct generations *g, const struct listing *l)
{
	struct object_name o = { .kind = OBJECT_MANIFEST };
	enum deed_status status = l->status;

	if (status == DEED_OK || status == DEED_NOT_FOUND)
		g->answered |= l->place;
	if (status != DEED_NO_MEMORY)
		status = DEED_OK;
	for (size_t i = 0; i < l->g.count && status == DEED_OK; i++) {
		o.number = l->g.item[i].number;
		memcpy(o.sha256, l->g.item[i].cms, SHA256_SIZE);
		status = add(g, &o, l->place, NULL);
	}
	return status;
}

enum deed_status generations_list(struct archive *a, const char *folder,
				  struct generations *out,
				  struct deed_error *err)
{
	return generations_list_at(a, UINT64_MAX, folder, out, err);
}

/* A place that cannot be listed is no failure here: answered says which did,
 * and what the others show may be enough. */
enum deed_status generations_list_at(struct archive *a, uint64_t places,
				     const char *folder,
				     struct generations *out,
				     struct deed_error *err)
{
	struct listings *all = calloc(1, sizeof(*all));
	enum deed_status status = DEED_OK;
	size_t i;

	*out = (struct generations){ .count = 0 };
	if (all == NULL)
		return deed_error_memory(err);
	all->a = a;
	all->folder = folder;
	all->places = places;
	each_run(a, a->count, list_place, all);
	for (i = 0; i < a->count; i++) {
		if (status == DEED_OK)
			status = take(out, &all->of[i]);
		generations_clear(&all->of[i].g);
	}
	free(all);
	if (status != DEED_OK) {
		generations_clear(out);
		return deed_error_memory(err);
	}
	merge(out);
	return DEED_OK;
}

enum deed_status generations_shown(const struct folders_one *shown,
				   struct generations *out,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	*out = (struct generations){ .answered = shown->listed };
	for (size_t i = 0; i < shown->count && status == DEED_OK; i++)
		if (shown->name[i].o.number <= GENERATIONS_MAX)
			status = add(out, &shown->name[i].o,
				     shown->name[i].places, err);
	if (status == DEED_OK)
		merge(out);
	else
		generations_clear(out);
	return status;
}

/* By name alone: it was not read yet. */
static bool is_listed(const struct generations *g, uint64_t number,
		      const uint8_t cms[SHA256_SIZE])
{
	for (size_t i = 0; i < g->count; i++)
		if (g->item[i].number == number &&
		    !memcmp(g->item[i].cms, cms, SHA256_SIZE))
			return true;
	return false;
}

/* For a manifest that is expected and in no list: a store may list late what
 * it has. */
enum deed_status generations_ask(struct archive *a, const char *folder,
				 uint64_t number,
				 const uint8_t cms[SHA256_SIZE],
				 struct generations *g, struct deed_error *err)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = number };
	struct place_ticket *ticket[ARCHIVE_PLACES_MAX];
	bool begun[ARCHIVE_PLACES_MAX];
	char name[PLACE_NAME + 1];
	uint64_t places = 0;
	size_t i;

	if (number < 1 || number > GENERATIONS_MAX || is_listed(g, number, cms))
		return DEED_OK;
	memcpy(o.sha256, cms, SHA256_SIZE);
	object_format(&o, name);
	for (i = 0; i < a->count; i++)
		begun[i] = place_head_begin(a->place[i], folder, name, NULL,
					    &ticket[i], NULL) == DEED_OK;
	for (i = 0; i < a->count; i++)
		if (begun[i] && place_finish(ticket[i], NULL) == DEED_OK)
			places |= UINT64_C(1) << i;
	if (places == 0)
		return DEED_OK;
	if (add(g, &o, places, err) != DEED_OK)
		return deed_error_memory(err);
	merge(g);
	return DEED_OK;
}

/* Why the first of those has not answered. */
static void why_away(const struct archive *a, uint64_t answered,
		     struct deed_error *why)
{
	for (size_t i = 0; i < a->count && why->status == DEED_OK; i++)
		if (!(answered >> i & 1) &&
		    place_probe(a->place[i], why) == DEED_OK)
			place_failure(a->place[i], why);
}

enum deed_status generations_none(const struct archive *a,
				  const struct generations *g, const char *id,
				  struct deed_error *err)
{
	unsigned answered = generations_places(g->answered);
	enum deed_status away;
	struct deed_error why = DEED_ERROR_INIT;

	if (answered == a->count)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "no place has the manifest of '%s'", id);
	why_away(a, g->answered, &why);
	away = why.status == DEED_NO_KEY || why.status == DEED_NO_PASSPHRASE
		       ? why.status
		       : DEED_REMOTE;
	return deed_error_set(err, away,
			      "%zu of %zu places do not answer, and no other "
			      "has the manifest of '%s'%s%s",
			      a->count - answered, a->count, id,
			      why.status == DEED_OK ? "" : ": ", why.message);
}

void generations_clear(struct generations *g)
{
	free(g->item);
	*g = (struct generations){ .count = 0 };
}
