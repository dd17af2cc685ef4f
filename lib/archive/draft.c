/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/draft.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "archive/object.h"
#include "archive/place/place.h"
#include "base/file.h"

/* A file for each deposit that is being made, locked by who makes it: what
 * is here and not locked was left by a process that died. */
#define BEGUN "begun"

static enum deed_status marker_path(const struct archive *a, const char *folder,
				    char **out, struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/" BEGUN "%s%s", a->dir, folder[0] ? "/" : "",
		   folder);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status draft_mark(struct archive *a, struct draft *d,
			    struct deed_error *err)
{
	enum deed_status status;
	char *dir = NULL;

	status = marker_path(a, "", &dir, err);
	if (status == DEED_OK)
		status = file_mkdirs(dir, 0700, err);
	if (status == DEED_OK)
		status = marker_path(a, d->folder, &d->marker, err);
	if (status == DEED_OK)
		status = lock_acquire(d->marker, LOCK_WAIT, &d->lock, err);
	if (status == DEED_OK)
		status = file_sync_parent(d->marker, err);
	free(dir);
	return status;
}

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
	if (end == DRAFT_DISCARDED && d->lock != NULL)
		remove_folder(a, d->folder);
	if (end != DRAFT_UNSURE && d->lock != NULL)
		(void)!file_remove(d->marker, NULL);
	lock_release(d->lock);
	free(d->marker);
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

static enum deed_status sweep_one(struct archive *a, const char *folder,
				  struct deed_error *err)
{
	struct lock *lock = NULL;
	enum deed_status status;
	char *marker = NULL;

	status = marker_path(a, folder, &marker, err);
	if (status == DEED_OK)
		status = lock_acquire(marker, 0, &lock, NULL);
	if (status == DEED_OK) {
		if (!published(a, folder))
			remove_folder(a, folder);
		status = file_remove(marker, err);
	} else if (status == DEED_LOCKED) {
		status = DEED_OK; /* somebody is at it */
	} else {
		status = deed_error_set(err, status, "cannot lock '%s'",
					marker == NULL ? folder : marker);
	}
	lock_release(lock);
	free(marker);
	return status;
}

enum deed_status archive_sweep(struct archive *a, struct deed_error *err)
{
	enum deed_status status;
	struct dirent *entry;
	char *path;
	DIR *dir;

	status = marker_path(a, "", &path, err);
	if (status != DEED_OK)
		return status;
	dir = opendir(path);
	if (dir == NULL && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot open '%s'", path);
	while (dir != NULL && status == DEED_OK &&
	       (entry = readdir(dir)) != NULL)
		if (strlen(entry->d_name) == 2 * ARCHIVE_DEPOSIT)
			status = sweep_one(a, entry->d_name, err);
	if (dir != NULL)
		(void)closedir(dir);
	free(path);
	return status;
}
