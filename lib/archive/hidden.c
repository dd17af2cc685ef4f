/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/hidden.h"

#include <stdlib.h>

#include "archive/answering.h"
#include "archive/object.h"
#include "archive/place/place.h"

struct looking {
	struct archive *a;
	struct catalogue *c;
	hidden_fn *fn;
	void *arg;
};

/* Folders come in their order: a store then tells many of them with one list.
 */
static void ahead(struct archive *a, bool on)
{
	for (size_t i = 0; i < a->count; i++)
		place_ascending(a->place[i], on);
}

struct name {
	char text[PLACE_NAME + 1];
	bool found;
};

/* A place_fn. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct name *n = arg;

	(void)err;
	n->found = n->found || !strcmp(name, n->text);
	return DEED_OK;
}

/* A list of many names is one request at a store, a name each time one. */
static bool is_shown(const struct archive *a, const char *folder,
		     uint64_t number, const uint8_t cms[SHA256_SIZE])
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = number };
	struct name n = { .found = false };

	memcpy(o.sha256, cms, SHA256_SIZE);
	object_format(&o, n.text);
	for (size_t i = 0; i < a->count && !n.found; i++) {
		struct place *p = a->place[i];

		if (place_is_local(p))
			n.found = place_head(p, folder, n.text, NULL, NULL) ==
				  DEED_OK;
		/* A list that broke off says nothing. */
		else if (place_list(p, folder, on_name, &n, NULL) != DEED_OK)
			n.found = false;
	}
	return n.found;
}

/* Only of those that seem to be hidden is asked once more without reading
 * ahead: they are few. */
static enum deed_status look_for(const struct looking *l, const char *folder,
				 uint64_t number,
				 const uint8_t cms[SHA256_SIZE],
				 struct deed_error *err)
{
	bool there = is_shown(l->a, folder, number, cms);

	/* It may have come since the place read ahead. */
	if (!there) {
		ahead(l->a, false);
		there = is_shown(l->a, folder, number, cms);
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
	enum deed_status status, there[ARCHIVE_PLACES_MAX];

	/* All at once, what does not answer costs its time. */
	answering_probe(a, there, NULL);
	ahead(a, true);
	status = catalogue_list(c, &all, on_row, &l, err);
	ahead(a, false);
	return status;
}
