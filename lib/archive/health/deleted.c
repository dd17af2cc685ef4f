/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/deleted.h"

#include <stdlib.h>

#include "archive/place/place.h"
#include "base/array.h"

struct entry {
	char name[PLACE_NAME + 1];
	char *version;
	bool latest, marker;
};

struct entries {
	struct entry *item;
	size_t count, cap;
};

/* The names lie in the items; only the versions are allocated. */
static void clear(struct entries *e)
{
	while (e->count > 0)
		free(e->item[--e->count].version);
	free(e->item);
}

/* A place_version_fn: names that no object has are nobody's. */
static enum deed_status on_version(void *arg, const struct place_version *v,
				   struct deed_error *err)
{
	struct entries *e = arg;
	struct entry *one;

	if (strlen(v->name) > PLACE_NAME)
		return DEED_OK;
	if (e->count == DELETED_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a folder has more than %d versions",
				      DELETED_MAX);
	if (!array_room(&e->item, &e->cap, e->count + 1))
		return deed_error_memory(err);
	one = &e->item[e->count];
	*one = (struct entry){ .latest = v->latest, .marker = v->marker };
	memcpy(one->name, v->name, strlen(v->name) + 1);
	one->version = strdup(v->version);
	if (one->version == NULL)
		return deed_error_memory(err);
	e->count++;
	return DEED_OK;
}

/* Versions of one object lie side by side then. */
static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Of the versions of one object: is it deleted, and anything kept? */
static enum deed_status look_at_one(const struct entry *e, size_t count,
				    struct deleted *out, struct deed_error *err)
{
	struct deleted_object *o = &out->item[out->count];
	const char *marker = NULL;
	bool kept = false;
	size_t i;

	for (i = 0; i < count; i++) {
		out->versions += !e[i].latest;
		kept = kept || !e[i].marker;
		if (e[i].marker && e[i].latest)
			marker = e[i].version;
	}
	if (marker == NULL || !kept)
		return DEED_OK;
	memcpy(o->name, e->name, sizeof(o->name));
	o->marker = strdup(marker);
	if (o->marker == NULL)
		return deed_error_memory(err);
	out->count++;
	return DEED_OK;
}

/* Sorted by name, so that the versions of one object lie together and
 * out->item is in the order of names. */
static enum deed_status look(struct entries *e, struct deleted *out,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i, next;

	if (e->count == 0)
		return DEED_OK;
	qsort(e->item, e->count, sizeof(*e->item), by_name);
	out->item = calloc(e->count, sizeof(*out->item));
	if (out->item == NULL)
		return deed_error_memory(err);
	for (i = 0; i < e->count && status == DEED_OK; i = next) {
		for (next = i + 1; next < e->count; next++)
			if (strcmp(e->item[i].name, e->item[next].name) != 0)
				break;
		status = look_at_one(&e->item[i], next - i, out, err);
	}
	return status;
}

enum deed_status deleted_list(struct place *p, const char *folder,
			      struct deleted *out, struct deed_error *err)
{
	struct entries e = { .count = 0 };
	enum deed_status status;

	*out = (struct deleted){ .count = 0 };
	status = place_versions(p, folder, on_version, &e, err);
	if (status == DEED_OK)
		status = look(&e, out, err);
	clear(&e);
	return status;
}

void deleted_clear(struct deleted *d)
{
	while (d->count > 0)
		free(d->item[--d->count].marker);
	free(d->item);
	*d = (struct deleted){ .count = 0 };
}

const struct deleted_object *deleted_find(const struct deleted *d,
					  const char *name)
{
	size_t from = 0, to = d->count;

	while (from < to) {
		size_t at = from + (to - from) / 2;
		int order = strcmp(d->item[at].name, name);

		if (order == 0)
			return &d->item[at];
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return NULL;
}
