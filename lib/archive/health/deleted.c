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

/* What becomes of each of a list. */
enum undo { UNDO_NOT, UNDO_DUE, UNDO_DONE, UNDO_FAILED };

struct undoing {
	struct place *place;
	const char *folder;
	const struct deleted *list;
	enum undo *each;
	size_t due;
	enum deed_status status; /* the first that failed */
	struct deed_error why;
};

static void undo_failed(struct undoing *u, size_t i, enum deed_status status,
			const struct deed_error *why)
{
	u->each[i] = UNDO_FAILED;
	u->due--;
	if (u->status != DEED_OK)
		return;
	u->status = status;
	u->why = *why;
}

static void undo_done(struct undoing *u, size_t i)
{
	u->each[i] = UNDO_DONE;
	u->due--;
}

/* One that does not answer then may be under another marker. */
static void undo_one(struct undoing *u, size_t i, const char *marker)
{
	const char *name = u->list->item[i].name;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status =
		place_undelete(u->place, u->folder, name, marker, &why);

	if (status != DEED_OK)
		undo_failed(u, i, status, &why);
	else if (place_head(u->place, u->folder, name, NULL, NULL) == DEED_OK)
		undo_done(u, i);
}

/* What is deleted still, by a marker beneath: listed once for all of them. */
static enum deed_status undo_again(struct undoing *u, struct deed_error *err)
{
	struct deleted again;
	enum deed_status status =
		deleted_list(u->place, u->folder, &again, err);

	for (size_t i = 0; i < u->list->count && status == DEED_OK; i++) {
		const struct deleted_object *o;

		if (u->each[i] != UNDO_DUE)
			continue;
		o = deleted_find(&again, u->list->item[i].name);
		if (o == NULL)
			undo_done(u, i);
		else
			undo_one(u, i, o->marker);
	}
	deleted_clear(&again);
	return status;
}

/* Those of the list that are due, and any marker beneath.  One that fails
 * keeps none of the others; the first is told. */
static enum deed_status undo_all(struct undoing *u, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; i < u->list->count; i++)
		u->due += u->each[i] == UNDO_DUE;
	for (size_t i = 0; i < u->list->count; i++)
		if (u->each[i] == UNDO_DUE)
			undo_one(u, i, u->list->item[i].marker);
	for (int i = 1; i < DELETED_DEPTH && u->due > 0; i++) {
		status = undo_again(u, err);
		if (status != DEED_OK)
			return status;
	}
	if (u->status != DEED_OK && err != NULL)
		*err = u->why;
	return u->status;
}

/* At one place; what is undone of the list is. */
static size_t manifests_at(struct place *p, const char *folder, bool undo)
{
	struct undoing u = { .place = p, .folder = folder };
	struct object_name o;
	struct deleted d;
	size_t count = 0;

	if (deleted_list(p, folder, &d, NULL) == DEED_OK && d.count > 0)
		u.each = calloc(d.count, sizeof(*u.each));
	u.list = &d;
	for (size_t i = 0; i < d.count && u.each != NULL; i++)
		if (object_parse(d.item[i].name, &o) &&
		    o.kind == OBJECT_MANIFEST)
			u.each[i] = undo ? UNDO_DUE : UNDO_DONE;
	if (u.each != NULL)
		(void)!undo_all(&u, NULL);
	for (size_t i = 0; i < d.count && u.each != NULL; i++)
		count += u.each[i] == UNDO_DONE;
	free(u.each);
	deleted_clear(&d);
	return count;
}

size_t deleted_manifests(struct archive *a, const char *folder, bool undo)
{
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++)
		count += manifests_at(a->place[i], folder, undo);
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

static bool is_wanted(const struct stored *d, unsigned part, const char *folder,
		      const char *name)
{
	struct object_name o;

	return object_parse(name, &o) && is_named(d, part, &o) &&
	       layout_folder(d->m, o.kind, d->folder) == folder;
}

/* One that is not what it should be stays for whoever makes it anew, which is
 * a version more; but a share of something else is deleted again. */
static enum deed_status look_at_undone(const struct stored *d, unsigned part,
				       const struct undoing *u, size_t i,
				       size_t *undone, struct deed_error *err)
{
	const char *name = u->list->item[i].name;
	enum deed_status status = DEED_OK;
	struct object_name o;

	if (!object_parse(name, &o))
		return DEED_OK;
	if (comes_back(d, part, u->place, u->folder, &o))
		(*undone)++;
	else if (o.kind == OBJECT_SHARE || o.kind == OBJECT_SUMS)
		status = place_remove(u->place, u->folder, name, err);
	return status;
}

/* What could be undone is looked at, whatever became of the others; and what is
 * deleted still after all that is tried (DELETED_DEPTH). */
static enum deed_status restore_these(const struct stored *d, unsigned part,
				      struct undoing *u, size_t *undone,
				      struct deed_error *err)
{
	enum deed_status status, looked = DEED_OK;

	for (size_t i = 0; i < u->list->count; i++)
		if (is_wanted(d, part, u->folder, u->list->item[i].name))
			u->each[i] = UNDO_DUE;
	status = undo_all(u, err);
	for (size_t i = 0; i < u->list->count && looked == DEED_OK; i++)
		if (u->each[i] == UNDO_DONE ||
		    (u->each[i] == UNDO_DUE && status == DEED_OK))
			looked = look_at_undone(d, part, u, i, undone,
						status == DEED_OK ? err : NULL);
	return status != DEED_OK ? status : looked;
}

/* The list is that of before: what is undone here leaves the others as they
 * were told. */
static enum deed_status restore_in(const struct stored *d, unsigned part,
				   struct place *p, const char *folder,
				   size_t *undone, struct deed_error *err)
{
	struct undoing u = { .place = p, .folder = folder };
	struct deleted list;
	enum deed_status status = deleted_list(p, folder, &list, err);

	u.list = &list;
	if (status == DEED_OK && list.count > 0) {
		u.each = calloc(list.count, sizeof(*u.each));
		status = u.each == NULL
				 ? deed_error_memory(err)
				 : restore_these(d, part, &u, undone, err);
	}
	free(u.each);
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
