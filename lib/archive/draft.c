/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/draft.h"

#include <stdlib.h>

#include "archive/catalogue.h"
#include "archive/each.h"
#include "archive/object.h"
#include "archive/place/place.h"

/* A flight_fn: an object is there, or its place is to have no more. */
static void landed(void *arg, void *what, unsigned part,
		   enum deed_status status, const struct deed_error *why)
{
	(void)what;
	if (status != DEED_OK)
		(void)!draft_fail(arg, part, why, NULL);
}

enum deed_status draft_new(struct archive *a, struct draft **out,
			   struct deed_error *err)
{
	struct draft *d = calloc(1, sizeof(*d));
	size_t i, most = 0;

	*out = NULL;
	if (d == NULL)
		return deed_error_memory(err);
	/* A failure is to be known before everything is under way. */
	for (i = 0; i < a->count; i++)
		most += place_transfers(a->place[i]);
	d->archive = a;
	(void)pthread_mutex_init(&d->mutex, NULL);
	flight_init(&d->flight, most, landed, d);
	*out = d;
	return DEED_OK;
}

enum deed_status draft_lacks(struct draft *d, unsigned part, bool *lacks,
			     struct deed_error *err)
{
	enum deed_status status;

	(void)pthread_mutex_lock(&d->mutex);
	*lacks = d->spread.lacks[part - 1];
	status = spread_status(&d->spread, err);
	(void)pthread_mutex_unlock(&d->mutex);
	return status;
}

enum deed_status draft_fail(struct draft *d, unsigned part,
			    const struct deed_error *why,
			    struct deed_error *err)
{
	enum deed_status status;

	(void)pthread_mutex_lock(&d->mutex);
	status = spread_fail(&d->spread, d->archive, part - 1, why, err);
	(void)pthread_mutex_unlock(&d->mutex);
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
	memcpy(d->salt, source_salt(s), INDEX_SALT);
	return DEED_OK;
}

struct manifest *draft_manifest(struct draft *d)
{
	return d->m;
}

/* Once for all of them that it has something of. */
static void sync_place(struct archive *a, size_t i,
		       struct draft *const drafts[], size_t count)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	bool asked = false;
	size_t j;

	for (j = 0; j < count; j++) {
		if (drafts[j]->spread.lacks[i])
			continue;
		if (!asked)
			status = place_sync(a->place[i], &why);
		asked = true;
		if (status != DEED_OK)
			(void)!spread_fail(&drafts[j]->spread, a, i, &why,
					   NULL);
	}
}

void archive_sync(struct archive *a, struct draft *const drafts[], size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		flight_settle(&drafts[i]->flight);
	for (i = 0; i < count; i++)
		flight_land(&drafts[i]->flight);
	for (i = 0; i < a->count; i++)
		sync_place(a, i, drafts, count);
}

enum deed_status draft_status(const struct draft *d, struct deed_error *err)
{
	return spread_status(&d->spread, err);
}

/* By the hash of its CMS: nobody has to ask which of two manifests of one
 * number is meant. */
static void manifest_name(const struct draft *d, char out[PLACE_NAME + 1])
{
	struct object_name o = { .kind = OBJECT_MANIFEST,
				 .number = d->m->generation };

	memcpy(o.sha256, d->cms, SHA256_SIZE);
	object_format(&o, out);
}

/* As archive_publish reads it. */
void draft_what(struct draft *d, const uint8_t cms[SHA256_SIZE],
		struct buf *what)
{
	const struct spread *s = &d->spread;
	char name[PLACE_NAME + 1];
	size_t i;

	memcpy(d->cms, cms, SHA256_SIZE);
	manifest_name(d, name);
	buf_printf(what, "%s/%s", d->folder, name);
	if (s->wanted < s->count)
		buf_printf(what, " %zu", s->wanted);
	for (i = 0; i < s->count; i++)
		if (s->lacks[i])
			buf_printf(what, " -%zu", i + 1);
}

size_t draft_lacking(const struct draft *d, const struct archive *a,
		     const char *out[ARCHIVE_PLACES_MAX])
{
	const struct spread *s = &d->spread;
	struct place_ticket *ticket[ARCHIVE_PLACES_MAX] = { NULL };
	char name[PLACE_NAME + 1];
	bool lacks[ARCHIVE_PLACES_MAX];
	size_t i, count = 0;

	if (s->wanted == s->count)
		return 0;
	manifest_name(d, name);
	for (i = 0; i < s->count; i++)
		lacks[i] = s->lacks[i] ||
			   place_head_begin(a->place[i], d->folder, name, NULL,
					    &ticket[i], NULL) != DEED_OK;
	for (i = 0; i < s->count; i++)
		if (place_finish(ticket[i], NULL) != DEED_OK || lacks[i])
			out[count++] = place_name(a->place[i]);
	return count;
}

const uint8_t *draft_sha256(const struct draft *d, size_t i)
{
	return d->sha256[i];
}

const uint8_t *draft_salt(const struct draft *d)
{
	return d->salt;
}

/* Removing what lies in a folder of all places, as far as it goes. */
struct removal {
	struct archive *a;
	const char *folder;
	const bool *nothing; /* places that are known to have none; or NULL */
	bool left[ARCHIVE_PLACES_MAX];
};

/* In one place. */
struct removal_at {
	struct place *place;
	const char *folder;
	struct flight flight;
};

/* A place_fn. */
static enum deed_status remove_object(void *arg, const char *name,
				      struct deed_error *err)
{
	struct removal_at *r = arg;
	struct place_ticket *ticket;

	(void)err;
	if (place_remove_begin(r->place, r->folder, name, &ticket, NULL) ==
	    DEED_OK)
		flight_add(&r->flight, ticket, NULL, 0);
	return DEED_OK;
}

/* A place_fn. */
static enum deed_status pass(void *arg, const char *name,
			     struct deed_error *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return DEED_OK;
}

/* A pool_fn.  Nothing is left where a place says so afterwards. */
static void remove_at(void *arg, size_t i)
{
	struct removal *all = arg;
	struct removal_at r = { all->a->place[i], all->folder, { .most = 0 } };

	if (all->nothing != NULL && all->nothing[i])
		return;
	flight_init(&r.flight, place_transfers(r.place), NULL, NULL);
	(void)!place_list(r.place, r.folder, remove_object, &r, NULL);
	flight_clear(&r.flight);
	(void)!place_remove_folder(r.place, r.folder, NULL);
	all->left[i] = place_list(r.place, r.folder, pass, NULL, NULL) !=
		       DEED_NOT_FOUND;
}

/* All that the places have in it; but not where it is known that nothing
 * is.  Is nothing left? */
static bool remove_folder(struct archive *a, const char *folder,
			  const bool *nothing)
{
	struct removal r = { .a = a, .folder = folder, .nothing = nothing };
	bool left = false;
	size_t i;

	each_run(a, a->count, remove_at, &r);
	for (i = 0; i < a->count; i++)
		left = left || r.left[i];
	return !left;
}

void archive_settle(struct archive *a, struct draft *d, enum draft_end end)
{
	bool unsure = end == DRAFT_UNSURE;

	if (d == NULL)
		return;
	flight_clear(&d->flight);
	if (end == DRAFT_DISCARDED && d->marker != NULL)
		unsure = !remove_folder(a, d->folder, d->spread.away);
	marker_release(d->marker, unsure);
	(void)pthread_mutex_destroy(&d->mutex);
	free(d->sha256);
	manifest_free(d->m);
	free(d);
}

/* What the places show of a folder. */
struct seeing {
	struct archive *a;
	const char *folder;
	bool manifest[ARCHIVE_PLACES_MAX], away[ARCHIVE_PLACES_MAX];
};

/* A place_fn. */
static enum deed_status see_manifest(void *arg, const char *name,
				     struct deed_error *err)
{
	struct object_name o;
	bool *manifest = arg;

	(void)err;
	if (object_parse(name, &o) && o.kind == OBJECT_MANIFEST)
		*manifest = true;
	return DEED_OK;
}

/* A pool_fn.  Nothing but a list to its end says what is not there. */
static void see_place(void *arg, size_t i)
{
	struct seeing *s = arg;
	enum deed_status status = place_list(
		s->a->place[i], s->folder, see_manifest, &s->manifest[i], NULL);

	s->away[i] = status != DEED_OK && status != DEED_NOT_FOUND;
}

/* A catalogue_fn: the first that is not before it. */
static enum deed_status see_row(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	(void)err;
	*(struct catalogue_item *)arg = *item;
	return DEED_OK;
}

/*
 * What was published was entered then, too: a place elsewhere may list it
 * later than it has it.
 */
static bool is_entered(struct archive *a, const char *folder)
{
	struct catalogue_item before = { .generation = 1 }, row = before;
	const struct catalogue_query q = { .by_folder = true,
					   .limit = 1,
					   .after = &before };
	struct catalogue *c = NULL;

	memcpy(before.folder, folder, strlen(folder) + 1);
	memset(before.id, '0', CATALOGUE_ID);
	if (catalogue_open_as_is(a, &c, NULL) == DEED_OK)
		(void)!catalogue_list(c, &q, see_row, &row, NULL);
	catalogue_close(c);
	return !strcmp(row.folder, folder);
}

struct sweep {
	struct archive *archive;
	archive_recover_fn *recover;
	void *arg;
};

/*
 * A begun_fn: now that its process has ended it logs nothing more.  What was
 * published lies at more places than a deposit needs: if no more than that are
 * away, one that answers would show it.
 */
static enum deed_status sweep_one(void *arg, const char *folder, bool *keep,
				  struct deed_error *err)
{
	const struct sweep *s = arg;
	struct archive *a = s->archive;
	struct seeing seen = { .a = a, .folder = folder };
	enum deed_status status = s->recover(s->arg, err);
	size_t i, away = 0;

	if (status != DEED_OK || is_entered(a, folder))
		return status;
	each_run(a, a->count, see_place, &seen);
	for (i = 0; i < a->count; i++) {
		/* A deposit is one when its manifest lies anywhere. */
		if (seen.manifest[i])
			return DEED_OK;
		away += seen.away[i];
	}
	if (away > a->needed || !remove_folder(a, folder, NULL))
		*keep = true;
	return DEED_OK;
}

enum deed_status archive_sweep(struct archive *a, archive_recover_fn *recover,
			       void *arg, struct deed_error *err)
{
	struct sweep s = { .archive = a, .recover = recover, .arg = arg };

	return begun_left(a, sweep_one, &s, err);
}
