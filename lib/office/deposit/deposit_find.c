/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_find.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "office/deposit/deposit_label.h"
#include "office/deposit/deposit_log.h"
#include "office/party/authority.h"

/* The catalogue knows labels under a key only (deposit_label): whoever has a
 * copy of it without the keystore cannot try names. */
static enum deed_status hash_label(const struct home *h, const char *label,
				   uint8_t out[SHA256_SIZE],
				   struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status = keystore_open(h->keystore, &ks, err);

	if (status == DEED_OK)
		status = deposit_label(ks, label, out, err);
	keystore_close(ks);
	return status;
}

/* Its manifest, judged. */
static enum deed_status load(const struct home *h, struct archive *a,
			     const struct catalogue_item *item,
			     struct stored **d, struct deed_error *err)
{
	struct pki_source *source = NULL;
	struct pki_params trust = { .time = 0 };
	struct stored_log log;
	enum deed_status status = authority_source(h, &source, err);

	trust.source = source;
	deposit_log(h, item->cms, item->generation, &log);
	if (status == DEED_OK) {
		status = stored_load_logged(a, item->folder, item->id, &trust,
					    &log, d, err);
		/* The catalogue knows it: that its manifest is gone is
		 * damage. */
		if (status == DEED_NOT_FOUND)
			status = deed_error_set(err, DEED_DAMAGED,
						"no place has the manifest of "
						"'%s' any more",
						item->id);
	}
	pki_source_free(source);
	return status;
}

/* Nothing was found: may that be the catalogue's fault? */
static void suggest(const struct home *h, struct catalogue *c,
		    struct deed_error *err)
{
	bool lacks = false;

	if (deposit_follow(h, c, &lacks, NULL) == DEED_OK && lacks)
		deed_error_remedy(err, "reindex", NULL);
}

/* The catalogue is closed before any place is asked, which may take long. */
enum deed_status deposit_find(const struct home *h, const char *id,
			      struct archive **a, struct stored **d,
			      struct deed_error *err)
{
	struct catalogue *c = NULL;
	struct catalogue_item item;
	enum deed_status status;

	*d = NULL;
	status = archive_open(h->archive, h->places, a, err);
	if (status == DEED_OK)
		status = catalogue_open(*a, &c, err);
	if (status == DEED_OK) {
		status = catalogue_find(c, id, &item, err);
		if (status == DEED_NOT_FOUND)
			suggest(h, c, err);
	}
	catalogue_close(c);
	if (status == DEED_OK)
		status = load(h, *a, &item, d, err);
	if (status != DEED_OK) {
		archive_close(*a);
		*a = NULL;
	}
	return status;
}

/* The first two of those that bear a label. */
struct labelled {
	size_t count;
	struct catalogue_item item;
};

/* A catalogue_fn. */
static enum deed_status on_labelled(void *arg,
				    const struct catalogue_item *item,
				    struct deed_error *err)
{
	struct labelled *l = arg;

	(void)err;
	if (l->count++ == 0)
		l->item = *item;
	return DEED_OK;
}

/* Two rows are enough to know that it is not unique; how many bear a label is
 * not counted. */
static enum deed_status find_label(struct catalogue *c, const char *label,
				   const uint8_t *hash, struct labelled *l,
				   struct deed_error *err)
{
	const struct catalogue_query query = { .label = hash, .limit = 2 };
	enum deed_status status =
		catalogue_list(c, &query, on_labelled, l, err);

	if (status == DEED_OK && l->count == 0)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "no deposit bears the label '%s'", label);
	if (status != DEED_OK || l->count == 1)
		return status;
	status = deed_error_set(err, DEED_USAGE,
				"several deposits bear the label '%s'", label);
	deed_error_remedy(err, "list-label", label);
	return status;
}

/* A row of the catalogue brings no other deposit than was asked for. */
static enum deed_status bears(const struct stored *d, const char *label,
			      const uint8_t *hash, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (!d->m->has_label || memcmp(d->m->label, hash, SHA256_SIZE) != 0) {
		status = deed_error_set(err, DEED_DAMAGED,
					"the catalogue names a deposit that "
					"does not bear the label '%s'",
					label);
		deed_error_remedy(err, "reindex", NULL);
	}
	return status;
}

enum deed_status deposit_find_label(const struct home *h, const char *label,
				    struct archive **a, struct stored **d,
				    struct deed_error *err)
{
	struct labelled l = { .count = 0 };
	uint8_t hash[SHA256_SIZE];
	struct catalogue *c = NULL;
	enum deed_status status;

	*a = NULL;
	*d = NULL;
	status = hash_label(h, label, hash, err);
	if (status == DEED_OK)
		status = archive_open(h->archive, h->places, a, err);
	if (status == DEED_OK)
		status = catalogue_open(*a, &c, err);
	if (status == DEED_OK) {
		status = find_label(c, label, hash, &l, err);
		if (status == DEED_NOT_FOUND)
			suggest(h, c, err);
	}
	catalogue_close(c);
	if (status == DEED_OK)
		status = load(h, *a, &l.item, d, err);
	if (status == DEED_OK)
		status = bears(*d, label, hash, err);
	if (status != DEED_OK) {
		stored_free(*d);
		*d = NULL;
		archive_close(*a);
		*a = NULL;
	}
	return status;
}

enum deed_status deposit_list(const struct home *h,
			      const struct deposit_query *query,
			      catalogue_fn *fn, void *arg,
			      struct deed_error *err)
{
	struct catalogue_query q = { .has_since = query->has_since,
				     .has_until = query->has_until,
				     .has_state = query->has_state,
				     .since = query->since,
				     .until = query->until,
				     .state = query->state,
				     .limit = query->limit };
	struct catalogue_item after;
	struct catalogue_key *key = NULL;
	uint8_t hash[SHA256_SIZE];
	struct archive *a = NULL;
	struct catalogue *c = NULL;
	enum deed_status status = DEED_OK;

	if (query->label != NULL) {
		status = hash_label(h, query->label, hash, err);
		q.label = hash;
	}
	if (status == DEED_OK && query->party != NULL)
		status = deposit_keys(h, query->party, &key, &q.key_count, err);
	q.key = key;
	if (status == DEED_OK)
		status = archive_open(h->archive, h->places, &a, err);
	if (status == DEED_OK)
		status = catalogue_open(a, &c, err);
	if (status == DEED_OK && query->after != NULL) {
		status = catalogue_find(c, query->after, &after, err);
		if (status == DEED_NOT_FOUND)
			suggest(h, c, err);
		q.after = &after;
	}
	/* A party without a key has no deposit; no key at all would be any. */
	if (status == DEED_OK && (query->party == NULL || q.key_count > 0))
		status = catalogue_list(c, &q, fn, arg, err);
	catalogue_close(c);
	archive_close(a);
	free(key);
	return status;
}

/* Does its row name the earlier generations, too? */
static enum deed_status agrees_on_past(struct catalogue *c,
				       const struct stored *d, bool *agreed,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct catalogue_item row;
	char id[CATALOGUE_ID + 1];
	uint64_t number;

	hex_text(slice_of(d->id, SHA256_SIZE), id);
	for (size_t i = 0; *agreed && i < d->past_count; i++) {
		status = catalogue_find_manifest(c, d->past[i].cms, &row,
						 &number, err);
		*agreed = status == DEED_OK && number == d->past[i].number &&
			  !strcmp(row.id, id);
	}
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

enum deed_status deposit_note(struct archive *a, struct catalogue *c,
			      const struct stored *d,
			      enum catalogue_state state, bool *agreed,
			      struct deed_error *err)
{
	char id[CATALOGUE_ID + 1];
	enum deed_status status;

	*agreed = false;
	status = catalogue_agrees(c, d->m, d->id, d->cms_sha256, agreed, err);
	if (status == DEED_OK)
		status = agrees_on_past(c, d, agreed, err);
	/* A row of a later generation than the places show stays: it tells. */
	if (status == DEED_OK && !*agreed && d->word != STORED_BEHIND)
		status = catalogue_add_stored(a, d, err);
	hex_text(slice_of(d->id, SHA256_SIZE), id);
	if (status == DEED_OK)
		status = catalogue_set_state(c, id, state, err);
	return status;
}
