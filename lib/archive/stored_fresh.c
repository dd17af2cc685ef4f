/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/generations.h"
#include "archive/place/place.h"
#include "archive/stored.h"

/* What was read ahead may be older than what somebody else has just written.
 */
static void ask_each_time(struct archive *a, bool on)
{
	for (size_t i = 0; i < a->count; i++)
		place_fresh(a->place[i], on);
}

/* By number and hash: another of the same number is another manifest. */
static bool is_in_force(const struct stored *d, const struct generation *g)
{
	return g->number == d->m->generation &&
	       !memcmp(g->cms, d->cms_sha256, SHA256_SIZE);
}

/* By number and hash: a manifest under another number was not judged. */
static bool is_past(const struct stored *d, const struct generation *g)
{
	for (size_t i = 0; i < d->past_count; i++)
		if (g->number == d->past[i].number &&
		    !memcmp(g->cms, d->past[i].cms, SHA256_SIZE))
			return true;
	return false;
}

/* Nothing but what was judged before; and what is in force is at as many places
 * as bring it into force. */
static bool is_plain(const struct stored *d, const struct generations *g,
		     uint64_t empty)
{
	bool shown = false;

	if ((d->answered & ~(g->answered | empty)) != 0)
		return false;
	for (size_t i = 0; i < g->count; i++) {
		if (is_in_force(d, &g->item[i]))
			shown = generations_places(g->item[i].places) >=
				d->m->k;
		else if (!is_past(d, &g->item[i]))
			return false;
	}
	return shown;
}

bool stored_stands(struct archive *a, const struct stored *d, uint64_t empty)
{
	struct generations g;
	bool stands;

	ask_each_time(a, true);
	stands = generations_list_at(a, ~empty, d->folder, &g, NULL) ==
			 DEED_OK &&
		 is_plain(d, &g, empty);
	ask_each_time(a, false);
	generations_clear(&g);
	return stands;
}

bool stored_lags(struct archive *a, const struct stored *d, unsigned part,
		 uint64_t *shows)
{
	*shows = 0;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(place_name(a->place[i]), d->m->place[part - 1]) ||
		    !(d->answered >> i & 1))
			continue;
		*shows = d->shows[i];
		return *shows < d->m->generation;
	}
	return false;
}
