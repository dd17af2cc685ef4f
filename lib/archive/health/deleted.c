/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/deleted.h"

#include <stdlib.h>

#include "archive/layout.h"
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

/* Is it deleted still, by another marker? */
static enum deed_status next_marker(struct place *p, const char *folder,
				    const char *name, char **marker,
				    struct deed_error *err)
{
	const struct deleted_object *o;
	enum deed_status status;
	struct deleted d;

	free(*marker);
	*marker = NULL;
	status = deleted_list(p, folder, &d, err);
	o = status == DEED_OK ? deleted_find(&d, name) : NULL;
	if (o != NULL) {
		*marker = strdup(o->marker);
		if (*marker == NULL)
			status = deed_error_memory(err);
	}
	deleted_clear(&d);
	return status;
}

/* Undo it, and any marker beneath. */
static enum deed_status deleted_undo(struct place *p, const char *folder,
				     const struct deleted_object *o,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *marker = strdup(o->marker);
	int left = DELETED_DEPTH;

	if (marker == NULL)
		return deed_error_memory(err);
	while (status == DEED_OK && marker != NULL && left-- > 0) {
		status = place_undelete(p, folder, o->name, marker, err);
		if (status == DEED_OK &&
		    place_head(p, folder, o->name, NULL, NULL) == DEED_OK)
			break;
		if (status == DEED_OK)
			status = next_marker(p, folder, o->name, &marker, err);
	}
	free(marker);
	return status;
}

size_t deleted_manifests(struct archive *a, const char *folder, bool undo)
{
	struct object_name o;
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++) {
		struct deleted d;
		enum deed_status status =
			deleted_list(a->place[i], folder, &d, NULL);

		for (size_t j = 0; j < d.count && status == DEED_OK; j++)
			if (object_parse(d.item[j].name, &o) &&
			    o.kind == OBJECT_MANIFEST &&
			    (!undo ||
			     deleted_undo(a->place[i], folder, &d.item[j],
					  NULL) == DEED_OK))
				count++;
		deleted_clear(&d);
	}
	return count;
}

/* ---- what a deposit should have at a place ---- */

/* By its hash alone; number and part are compared by the caller. */
static bool same(const uint8_t *hash, const struct object_name *o)
{
	return !memcmp(hash, o->sha256, SHA256_SIZE);
}

/* The one in force and those before it: any other is none of the deposit's. */
static bool is_manifest(const struct stored *d, const struct object_name *o)
{
	for (size_t i = 0; i < d->past_count; i++)
		if (d->past[i].number == o->number && same(d->past[i].cms, o))
			return true;
	return d->m->generation == o->number && same(d->cms_sha256, o);
}

/* Of a share the manifest has no hash: what comes back is held against its
 * commitment. */
static bool is_named(const struct stored *d, unsigned part,
		     const struct object_name *o)
{
	const struct manifest *m = d->m;

	if (o->part != 0 && o->part != part)
		return false;
	switch (o->kind) {
	case OBJECT_SEGMENT:
		return !manifest_boxed(m) && o->number < m->chunk_count &&
		       same(m->chunk[o->number].segment[part - 1], o);
	case OBJECT_BOX:
		return manifest_boxed(m) && same(m->box[part - 1], o);
	case OBJECT_SHARE:
		return !manifest_boxed(m);
	case OBJECT_KEYS:
		return !manifest_boxed(m) && same(m->keys, o);
	case OBJECT_README:
		return same(m->readme, o);
	case OBJECT_SCRIPT:
		return same(m->script, o);
	case OBJECT_SUMS:
		return m->edition == 1;
	case OBJECT_MANIFEST:
		return is_manifest(d, o);
	}
	return false;
}

/* Any version may have been under the marker, one that somebody put there too:
 * only what its name says counts. */
static bool comes_back(const struct stored *d, unsigned part, struct place *p,
		       const char *folder, const struct object_name *o)
{
	struct buf bytes = BUF_INIT;
	bool whole = object_get(p, folder, o, PLACE_OBJECT_MAX, &bytes, NULL) ==
		     DEED_OK;

	if (whole && o->kind == OBJECT_SHARE)
		whole = stored_share_fits(d, part, buf_get(&bytes));
	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.cap);
	buf_clear(&bytes);
	return whole;
}

/* One that is not what it should be stays for whoever makes it anew, which is
 * a version more; but a share of something else is deleted again. */
static enum deed_status restore_one(const struct stored *d, unsigned part,
				    struct place *p, const char *folder,
				    const struct deleted_object *one,
				    size_t *undone, struct deed_error *err)
{
	enum deed_status status;
	struct object_name o;

	if (!object_parse(one->name, &o) || !is_named(d, part, &o) ||
	    layout_folder(d->m, o.kind, d->folder) != folder)
		return DEED_OK;
	status = deleted_undo(p, folder, one, err);
	if (status != DEED_OK)
		return status;
	if (comes_back(d, part, p, folder, &o))
		(*undone)++;
	else if (o.kind == OBJECT_SHARE || o.kind == OBJECT_SUMS)
		status = place_remove(p, folder, one->name, err);
	return status;
}

/* The list is that of before: what is undone here leaves the others as they
 * were told. */
static enum deed_status restore_in(const struct stored *d, unsigned part,
				   struct place *p, const char *folder,
				   size_t *undone, struct deed_error *err)
{
	struct deleted list;
	enum deed_status status = deleted_list(p, folder, &list, err);

	for (size_t i = 0; i < list.count && status == DEED_OK; i++)
		status = restore_one(d, part, p, folder, &list.item[i], undone,
				     err);
	deleted_clear(&list);
	return status;
}

enum deed_status deleted_restore(const struct stored *d, unsigned part,
				 struct place *p, size_t *undone,
				 struct deed_error *err)
{
	const char *about = layout_folder(d->m, OBJECT_README, d->folder);
	enum deed_status status =
		restore_in(d, part, p, d->folder, undone, err);

	if (status == DEED_OK && about != d->folder)
		status = restore_in(d, part, p, about, undone, err);
	return status;
}
