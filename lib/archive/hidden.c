/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/hidden.h"

#include <stdlib.h>

#include "archive/manifests.h"
#include "archive/place/place.h"

struct looking {
	struct archive *a;
	struct catalogue *c;
	hidden_fn *fn;
	void *arg;
};

static void ahead(struct archive *a, bool on)
{
	for (size_t i = 0; i < a->count; i++)
		place_ascending(a->place[i], on);
}

static enum deed_status look_for(const struct looking *l, const char *folder,
				 uint64_t number,
				 const uint8_t cms[SHA256_SIZE],
				 struct deed_error *err)
{
	bool there = manifests_shown(l->a, folder, number, cms, NULL) > 0;

	/* It may have come since the place read ahead. */
	if (!there) {
		ahead(l->a, false);
		there = manifests_shown(l->a, folder, number, cms, NULL) > 0;
		ahead(l->a, true);
	}
	return there ? DEED_OK : l->fn(l->arg, cms, err);
}

/* A catalogue_fn. */
static enum deed_status on_row(void *arg, const struct catalogue_item *item,
			       struct deed_error *err)
{
	const struct looking *l = arg;
	struct stored_past *past = NULL;
	enum deed_status status;
	size_t count = 0;

	status = look_for(l, item->folder, item->generation, item->cms, err);
	if (status == DEED_OK && item->generation > 1)
		status = catalogue_past(l->c, item, &past, &count, err);
	for (size_t i = 0; i < count && status == DEED_OK; i++)
		status = look_for(l, item->folder, past[i].number, past[i].cms,
				  err);
	free(past);
	return status;
}

enum deed_status hidden_manifests(struct archive *a, struct catalogue *c,
				  hidden_fn *fn, void *arg,
				  struct deed_error *err)
{
	const struct catalogue_query all = { .by_folder = true };
	struct looking l = { .a = a, .c = c, .fn = fn, .arg = arg };

	enum deed_status status;

	ahead(a, true);
	status = catalogue_list(c, &all, on_row, &l, err);
	ahead(a, false);
	return status;
}
