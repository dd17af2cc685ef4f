/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/spread.h"

#include <stdlib.h>

#include "archive/answering.h"
#include "archive/place/place.h"

size_t spread_least(size_t needed, size_t count)
{
	return needed < count ? needed + 1 : count;
}

enum deed_status spread_status(const struct spread *s, struct deed_error *err)
{
	size_t left = s->count - s->lacking;

	if (left >= s->wanted)
		return DEED_OK;
	if (err != NULL) {
		*err = s->why;
		if (s->lacking > 1)
			deed_error_prefix(err, "%zu of %zu places are left",
					  left, s->count);
	}
	return s->why.status;
}

enum deed_status spread_fail(struct spread *s, const struct archive *a,
			     size_t i, const struct deed_error *why,
			     struct deed_error *err)
{
	if (!s->lacks[i]) {
		s->lacks[i] = true;
		s->lacking++;
		s->why = *why;
		/* What it answers cannot be right: it is no use as it is. */
		if (s->why.status == DEED_DAMAGED)
			s->why.status = DEED_REMOTE;
		deed_error_prefix(&s->why, "place '%s'",
				  place_name(a->place[i]));
	}
	return spread_status(s, err);
}

/* One more than bring it back, where there are so many: no deposit is made
 * which the next loss would destroy. */
static enum deed_status check_wanted(const struct archive *a, size_t wanted,
				     struct deed_error *err)
{
	size_t least = spread_least(a->needed, a->count);

	if (wanted >= least && wanted <= a->count)
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "%zu places cannot be what a deposit needs at "
			      "least: from %zu to %zu can, for %u bring it "
			      "back and there are %zu",
			      wanted, least, a->count, a->needed, a->count);
}

enum deed_status spread_open(struct archive *a, size_t min_places,
			     struct spread *out, struct deed_error *err)
{
	enum deed_status status, there[ARCHIVE_PLACES_MAX];
	struct deed_error *why;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->count = a->count;
	out->wanted = min_places == 0 ? a->count : min_places;
	status = check_wanted(a, out->wanted, err);
	if (status != DEED_OK)
		return status;
	why = calloc(a->count, sizeof(*why));
	if (why == NULL)
		return deed_error_memory(err);
	answering_probe(a, there, why);
	for (i = 0; i < a->count && status == DEED_OK; i++) {
		if (there[i] == DEED_OK)
			continue;
		if (there[i] == DEED_NO_MEMORY)
			status = deed_error_memory(err);
		out->away[i] = true;
		(void)!spread_fail(out, a, i, &why[i], NULL);
	}
	free(why);
	if (status == DEED_OK)
		status = spread_status(out, err);
	if (status == DEED_REMOTE || status == DEED_DENIED) {
		deed_error_remedy(err, "min-places", NULL);
		deed_error_remedy(err, "abandon", NULL);
	}
	return status;
}
