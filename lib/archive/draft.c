/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/draft.h"

#include <stdlib.h>

#include "archive/object.h"
#include "archive/place/place.h"

enum deed_status draft_keep_hashes(struct draft *d, const struct source *s,
				   size_t count, struct deed_error *err)
{
	size_t i;

	d->sha256 = calloc(count, sizeof(*d->sha256));
	if (d->sha256 == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		memcpy(d->sha256[i], source_sha256(s, i), SHA256_SIZE);
	return DEED_OK;
}

struct manifest *draft_manifest(struct draft *d)
{
	return d->m;
}

const uint8_t *draft_sha256(const struct draft *d, size_t i)
{
	return d->sha256[i];
}

/* Removing what lies in a folder of a place, as far as it goes. */
struct removal {
	struct place *place;
	const char *folder;
	bool manifest; /* there is one */
};

static enum deed_status remove_object(void *arg, const char *name,
				      struct deed_error *err)
{
	struct removal *r = arg;

	(void)err;
	(void)!place_remove(r->place, r->folder, name, NULL);
	return DEED_OK;
}

static void remove_folder(struct archive *a, const char *folder)
{
	struct removal r = { .folder = folder };
	size_t i;

	for (i = 0; i < a->count; i++) {
		r.place = a->place[i];
		(void)!place_list(r.place, folder, remove_object, &r, NULL);
		(void)!place_remove_folder(r.place, folder, NULL);
	}
}

void archive_settle(struct archive *a, struct draft *d, enum draft_end end)
{
	if (d == NULL)
		return;
	if (end == DRAFT_DISCARDED && d->marker != NULL)
		remove_folder(a, d->folder);
	marker_release(d->marker, end == DRAFT_UNSURE);
	free(d->sha256);
	manifest_free(d->m);
	free(d);
}

static enum deed_status see_manifest(void *arg, const char *name,
				     struct deed_error *err)
{
	struct removal *r = arg;
	struct object_name o;

	(void)err;
	if (object_parse(name, &o) && o.kind == OBJECT_MANIFEST)
		r->manifest = true;
	return DEED_OK;
}

/* A deposit is one when its manifest lies anywhere. */
static bool published(struct archive *a, const char *folder)
{
	struct removal r = { .folder = folder };
	size_t i;

	for (i = 0; i < a->count; i++)
		(void)!place_list(a->place[i], folder, see_manifest, &r, NULL);
	return r.manifest;
}

struct sweep {
	struct archive *archive;
	archive_recover_fn *recover;
	void *arg;
};

/* A begun_fn: now that its process has ended it logs nothing more. */
static enum deed_status sweep_one(void *arg, const char *folder,
				  struct deed_error *err)
{
	const struct sweep *s = arg;
	enum deed_status status = s->recover(s->arg, err);

	if (status == DEED_OK && !published(s->archive, folder))
		remove_folder(s->archive, folder);
	return status;
}

enum deed_status archive_sweep(struct archive *a, archive_recover_fn *recover,
			       void *arg, struct deed_error *err)
{
	struct sweep s = { .archive = a, .recover = recover, .arg = arg };

	return begun_left(a, sweep_one, &s, err);
}
