/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored_load_priv.h"

#include <stdlib.h>

#include "archive/place/place.h"
#include "codec/hex.h"

/*
 * A later manifest has as many chunks as the first, and as many parts of each
 * as there may be places; what else may differ is small.
 */
#define SLACK (128u << 10)
/* Before anything of a later manifest is believed: a place could otherwise
 * have us read as much as it likes, for every name it shows. */
static size_t largest(const struct stored_loading *l)
{
	size_t most;

	if (l->first == NULL)
		return STATEMENT_MAX;
	most = l->first->cms.len * ERASURE_MAX / l->first->m->n + SLACK;
	return most < STATEMENT_MAX ? most : STATEMENT_MAX;
}

/* The bytes, from the first of its places that has them.  What one that is away
 * has is not known, whatever the others have. */
static enum deed_status fetch(const struct stored_loading *l,
			      struct generation *g, struct buf *out,
			      struct deed_error *err)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = g->number };
	struct deed_error why = { .status = DEED_NOT_FOUND }, one = why;
	enum deed_status status = DEED_NOT_FOUND;
	size_t i;

	memcpy(o.sha256, g->cms, SHA256_SIZE);
	for (i = 0; i < l->archive->count && status != DEED_OK &&
		    status != DEED_NO_MEMORY;
	     i++) {
		if (!(g->places >> i & 1))
			continue;
		status = object_get(l->archive->place[i], l->folder, &o,
				    largest(l), out, &one);
		if (status == DEED_OK)
			g->read |= UINT64_C(1) << i;
		if (status == DEED_NO_MEMORY ||
		    (status != DEED_OK && why.status != DEED_REMOTE))
			why = one;
	}
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status == DEED_OK ? DEED_OK : why.status;
}

/* It must be of this folder and number; the first of this id, where one was
 * asked for. */
static enum deed_status check_deposit(const struct stored_loading *l,
				      const struct generation *g,
				      const struct stored *d,
				      struct deed_error *err)
{
	char id[2 * SHA256_SIZE + 1];
	size_t i = 0;

	hex_text(slice_of(d->id, SHA256_SIZE), id);
	if (!strcmp(d->folder, l->folder) && d->m->generation == g->number &&
	    (g->number > 1 || l->id == NULL || !strcmp(l->id, id)))
		return DEED_OK;
	while (!(g->places >> i & 1))
		i++;
	return deed_error_set(err, DEED_DAMAGED,
			      "the manifest at place %s is of another deposit",
			      place_name(l->archive->place[i]));
}

/*
 * The first at the time that it names itself: a deposit outlives the
 * certificate of whoever signed it, and what the id does not fix nobody asked
 * for.  A later one when it was signed.
 */
static enum deed_status judge_manifest(const struct stored_loading *l,
				       const struct generation *g,
				       struct stored *d, struct deed_error *err)
{
	struct pki_params trust = { .time = 0 };
	enum deed_status status;
	json_t *json = NULL;

	status = manifest_peek(buf_get(&d->cms), &d->m, d->id, err);
	if (status != DEED_OK)
		return status;
	manifest_folder(d->m, d->folder);
	if (l->trust == NULL)
		return check_deposit(l, g, d, err);
	trust = *l->trust;
	trust.time = d->m->deposited;
	trust.no_revocation = true;
	if (g->number > 1)
		status = statement_time(buf_get(&d->cms), &trust.time, err);
	if (status == DEED_OK && trust.time < d->m->deposited)
		status = deed_error_set(err, DEED_NOT_VERIFIED,
					"a manifest was signed before its "
					"deposit was made");
	if (status == DEED_OK)
		status = statement_open(buf_get(&d->cms), manifest_type(d->m),
					STATEMENT_BY_SERVICE, &trust, &json,
					NULL, err);
	json_decref(json);
	return status == DEED_OK ? check_deposit(l, g, d, err) : status;
}

/* Read and judged; d->id is its own payload's. */
enum deed_status stored_load_one(const struct stored_loading *l,
				 struct generation *g, struct stored **out,
				 struct deed_error *err)
{
	struct stored *d = calloc(1, sizeof(*d));
	enum deed_status status;

	*out = NULL;
	if (d == NULL)
		return deed_error_memory(err);
	memcpy(d->cms_sha256, g->cms, SHA256_SIZE);
	status = fetch(l, g, &d->cms, err);
	if (status == DEED_OK)
		status = judge_manifest(l, g, d, err);
	if (status == DEED_OK)
		*out = d;
	else
		stored_free(d);
	return status;
}
