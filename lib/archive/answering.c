/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/answering.h"

#include "archive/each.h"
#include "archive/place/place.h"

struct looking {
	const struct archive *a;
	enum deed_status *status;
	struct deed_error *why;
};

/* A pool_fn. */
static void look_at(void *arg, size_t i)
{
	const struct looking *l = arg;

	l->status[i] =
		place_probe(l->a->place[i], l->why == NULL ? NULL : &l->why[i]);
}

void answering_probe(const struct archive *a, enum deed_status status[],
		     struct deed_error why[])
{
	struct looking l = { .a = a, .status = status, .why = why };

	each_run(a, a->count, look_at, &l);
}

enum deed_status answering_look(struct archive *a, struct answering *out,
				struct deed_error *err)
{
	enum deed_status status[ARCHIVE_PLACES_MAX];
	size_t i;

	memset(out, 0, sizeof(*out));
	answering_probe(a, status, NULL);
	for (i = 0; i < a->count; i++) {
		if (status[i] == DEED_NO_MEMORY)
			return deed_error_memory(err);
		out->away[i] = status[i] != DEED_OK;
	}
	return DEED_OK;
}
