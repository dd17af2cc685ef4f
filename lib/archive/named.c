/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/named.h"

#include <stdlib.h>

#include "archive/catalogue.h"
#include "archive/manifest.h"
#include "archive/object.h"
#include "base/array.h"

/* Manifests of one deposit that are looked at before the one in force: few lie
 * there at an honest place. */
#define MANIFESTS_MAX 256

/* Going through the folders of one place. */
struct walk {
	struct place *wanted; /* is it needed? */
	struct place *place;
	struct catalogue *catalogue; /* or NULL */
	const char *folder;
	struct object_name *manifests; /* there */
	size_t count, cap;
};

/* A place_fn. */
static enum deed_status on_object(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	struct object_name o;

	if (!object_parse(name, &o) || o.kind != OBJECT_MANIFEST)
		return DEED_OK;
	if (!array_room(&w->manifests, &w->cap, w->count + 1))
		return deed_error_memory(err);
	w->manifests[w->count++] = o;
	return DEED_OK;
}

/* Refused rather than passed over: what cannot be read may name the place, and
 * removing it would take a part from a deposit. */
static enum deed_status unknown(const struct walk *w, struct deed_error *err)
{
	return deed_error_set(err, DEED_REFUSED,
			      "some manifests at place '%s' cannot be read: "
			      "what they name is unknown",
			      place_name(w->place));
}

/* Where the place itself shows a manifest that does not name it, the deposit
 * was moved away and something is left: it is to be removed by rebalance
 * first. */
static enum deed_status compare(const struct walk *w, const struct manifest *m,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->place[i], place_name(w->wanted))) {
			status = deed_error_set(err, DEED_REFUSED,
						"place '%s' is named by the "
						"manifest of a deposit",
						place_name(w->wanted));
			/* Which of them is in force is not known. */
			if (w->catalogue == NULL)
				deed_error_remedy(err, "reindex", NULL);
			return status;
		}
	if (w->place == w->wanted) {
		status = deed_error_set(err, DEED_REFUSED,
					"place '%s' still has something of a "
					"deposit that was moved",
					place_name(w->wanted));
		deed_error_remedy(err, "rebalance", NULL);
	}
	return status;
}

/* By the catalogue, which has none in force that too few places show.  Where it
 * cannot be asked, or knows another one, none is. */
static bool in_force(const struct walk *w, const struct object_name *o)
{
	struct catalogue_item item;

	return w->catalogue != NULL &&
	       catalogue_find_manifest(w->catalogue, o->sha256, &item, NULL,
				       NULL) == DEED_OK &&
	       !memcmp(item.cms, o->sha256, SHA256_SIZE) &&
	       item.generation == o->number && !strcmp(item.folder, w->folder);
}

/* One that is damaged is whole elsewhere, or nobody's any more.  *last: it is
 * whole and in force, what was before it does not count. */
static enum deed_status read_one(const struct walk *w,
				 const struct object_name *o, bool *last,
				 struct deed_error *err)
{
	uint8_t payload[SHA256_SIZE];
	struct buf bytes = BUF_INIT;
	struct manifest *m = NULL;
	enum deed_status status;

	status = object_get(w->place, w->folder, o, PLACE_OBJECT_MAX, &bytes,
			    NULL);
	if (status == DEED_OK)
		status = manifest_peek(buf_get(&bytes), &m, payload, NULL);
	*last = status == DEED_OK && in_force(w, o);
	if (status == DEED_OK)
		status = compare(w, m, err);
	else if (status == DEED_NO_MEMORY)
		(void)deed_error_memory(err);
	else if (status == DEED_NOT_FOUND || status == DEED_DAMAGED ||
		 status == DEED_MALFORMED)
		status = DEED_OK;
	else
		status = unknown(w, err);
	manifest_free(m);
	buf_clear(&bytes);
	return status;
}

static int newest_first(const void *a, const void *b)
{
	const struct object_name *x = a, *y = b;

	return (x->number < y->number) - (x->number > y->number);
}

/* From the newest generation to the one in force, and what is of the same
 * number; all of them where that is not here, or not known: whoever can write
 * there could else hide what is named, by any manifest under a high number. */
static enum deed_status read_newest(const struct walk *w,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool last, any = false;
	size_t i;

	for (i = 0; status == DEED_OK && i < w->count; i++) {
		if (any && w->manifests[i].number != w->manifests[i - 1].number)
			break;
		if (i == MANIFESTS_MAX)
			return unknown(w, err);
		status = read_one(w, &w->manifests[i], &last, err);
		any = any || last;
	}
	return status;
}

/* A place_fn. */
static enum deed_status on_folder(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	enum deed_status status;

	if (name[0] == '.')
		return DEED_OK;
	w->folder = name;
	w->count = 0;
	status = place_list(w->place, name, on_object, w, err);
	if (status == DEED_NO_MEMORY)
		return status;
	if (status != DEED_OK)
		return status == DEED_NOT_FOUND ? DEED_OK : unknown(w, err);
	if (w->count > 0)
		qsort(w->manifests, w->count, sizeof(*w->manifests),
		      newest_first);
	return read_newest(w, err);
}

enum deed_status named_nowhere(struct archive *a, struct place *place,
			       struct deed_error *err)
{
	struct walk w = { .wanted = place };
	enum deed_status status = DEED_OK;
	size_t i;

	if (catalogue_open_as_is(a, &w.catalogue, NULL) != DEED_OK)
		w.catalogue = NULL;
	for (i = 0; i < a->count && status == DEED_OK; i++) {
		w.place = a->place[i];
		status = place_list(w.place, NULL, on_folder, &w, err);
		if (status != DEED_OK && status != DEED_REFUSED &&
		    status != DEED_NO_MEMORY)
			status = unknown(&w, err);
	}
	catalogue_close(w.catalogue);
	free(w.manifests);
	return status;
}
