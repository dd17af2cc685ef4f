/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/draft.h"

#include <stdlib.h>

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
