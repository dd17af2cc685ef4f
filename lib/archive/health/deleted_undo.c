/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/deleted_priv.h"

#include <stdlib.h>

#include "archive/object.h"

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

enum deed_status deleted_undo(struct undoing *u, struct deed_error *err)
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
		(void)!deleted_undo(&u, NULL);
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
