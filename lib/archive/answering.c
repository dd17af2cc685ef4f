/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/answering.h"

#include "archive/each.h"
#include "archive/place/place.h"

struct looking {
	struct archive *a;
	enum deed_status status[ARCHIVE_PLACES_MAX];
};

/* A pool_fn. */
static void look_at(void *arg, size_t i)
{
	struct looking *l = arg;

	l->status[i] = place_probe(l->a->place[i], NULL);
}

enum deed_status answering_look(struct archive *a, struct answering *out,
				struct deed_error *err)
{
	struct looking l = { .a = a };
	size_t i;

	memset(out, 0, sizeof(*out));
	each_run(a, a->count, look_at, &l);
	for (i = 0; i < a->count; i++) {
		if (l.status[i] == DEED_NO_MEMORY)
			return deed_error_memory(err);
		out->away[i] = l.status[i] != DEED_OK;
	}
	return DEED_OK;
}
