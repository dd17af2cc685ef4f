/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/deleted_priv.h"

#include <stdlib.h>

#include "archive/layout.h"

/* What a deposit should have at a place, of what was deleted there. */

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
	status = deleted_undo(u, err);
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
