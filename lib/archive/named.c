/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/named.h"

#include <stdlib.h>

#include "archive/manifest.h"
#include "archive/object.h"
#include "base/array.h"

/* Manifests of one deposit that are looked at, where a place has damaged ones
 * before a whole one: an honest place has none. */
#define DAMAGED_MAX 256

/* Going through the folders of one place. */
struct walk {
	struct place *wanted; /* is it needed? */
	struct place *place;
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
		if (!strcmp(m->place[i], place_name(w->wanted)))
			return deed_error_set(err, DEED_REFUSED,
					      "place '%s' is named by the "
					      "manifest of a deposit",
					      place_name(w->wanted));
	if (w->place == w->wanted) {
		status = deed_error_set(err, DEED_REFUSED,
					"place '%s' still has something of a "
					"deposit that was moved",
					place_name(w->wanted));
		deed_error_remedy(err, "rebalance", NULL);
	}
	return status;
}

/* By where it lies and how it is named. */
static bool is_what_it_says(const struct walk *w, const struct object_name *o,
			    const struct manifest *m)
{
	char folder[2 * ARCHIVE_DEPOSIT + 1];

	manifest_folder(m, folder);
	return m->generation == o->number && strcmp(folder, w->folder) == 0;
}

/* One that is damaged, *whole is false then, is whole elsewhere, or nobody's
 * any more. */
static enum deed_status read_one(const struct walk *w,
				 const struct object_name *o, bool *whole,
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
	*whole = status == DEED_OK && is_what_it_says(w, o, m);
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

/* All of the newest generation, as any of them may be the one in force; and of
 * the one before it where none of those is what its name says: whoever can
 * write there could else hide what is named, by any bytes under a high number.
 */
static enum deed_status read_newest(const struct walk *w,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool whole, any = false;
	size_t i;

	for (i = 0; status == DEED_OK && i < w->count; i++) {
		if (any && w->manifests[i].number != w->manifests[i - 1].number)
			break;
		if (i == DAMAGED_MAX)
			return unknown(w, err);
		status = read_one(w, &w->manifests[i], &whole, err);
		any = any || whole;
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

	for (i = 0; i < a->count && status == DEED_OK; i++) {
		w.place = a->place[i];
		status = place_list(w.place, NULL, on_folder, &w, err);
		if (status != DEED_OK && status != DEED_REFUSED &&
		    status != DEED_NO_MEMORY)
			status = unknown(&w, err);
	}
	free(w.manifests);
	return status;
}
