/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/draft.h"
#include "archive/each.h"
#include "archive/place/place.h"

/* Removing what lies in a folder of all places, as far as it goes. */
struct removal {
	struct archive *a;
	const char *folder;
	const bool *nothing; /* places that are known to have none; or NULL */
	bool left[ARCHIVE_PLACES_MAX];
};

/* In one place. */
struct removal_at {
	struct place *place;
	const char *folder;
	struct flight flight;
};

/* A place_fn. */
static enum deed_status remove_object(void *arg, const char *name,
				      struct deed_error *err)
{
	struct removal_at *r = arg;
	struct place_ticket *ticket;

	(void)err;
	if (place_remove_begin(r->place, r->folder, name, &ticket, NULL) ==
	    DEED_OK)
		flight_add(&r->flight, ticket, NULL, 0);
	return DEED_OK;
}

/* A place_fn. */
static enum deed_status pass(void *arg, const char *name,
			     struct deed_error *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return DEED_OK;
}

/* A pool_fn.  Nothing is left where a place says so afterwards. */
static void remove_at(void *arg, size_t i)
{
	struct removal *all = arg;
	struct removal_at r = { all->a->place[i], all->folder, { .most = 0 } };

	if (all->nothing != NULL && all->nothing[i])
		return;
	flight_init(&r.flight, place_transfers(r.place), NULL, NULL);
	(void)!place_list(r.place, r.folder, remove_object, &r, NULL);
	flight_clear(&r.flight);
	(void)!place_remove_folder(r.place, r.folder, NULL);
	all->left[i] = place_list(r.place, r.folder, pass, NULL, NULL) !=
		       DEED_NOT_FOUND;
}

bool draft_remove(struct archive *a, const char *folder, const bool *nothing)
{
	struct removal r = { .a = a, .folder = folder, .nothing = nothing };
	bool left = false;
	size_t i;

	each_run(a, a->count, remove_at, &r);
	for (i = 0; i < a->count; i++)
		left = left || r.left[i];
	return !left;
}

void archive_settle(struct archive *a, struct draft *d, enum draft_end end)
{
	bool unsure = end == DRAFT_UNSURE;

	if (d == NULL)
		return;
	flight_clear(&d->flight);
	if (end == DRAFT_DISCARDED && d->marker != NULL)
		unsure = !draft_remove(a, d->folder, d->spread.away);
	marker_release(d->marker, unsure);
	(void)pthread_mutex_destroy(&d->mutex);
	free(d->sha256);
	manifest_free(d->m);
	free(d);
}
