/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_lost.h"

#include <stdlib.h>

#include "archive/stored.h"
#include "office/party/authority.h"
#include "office/deposit/deposit_find.h"

struct search {
	struct archive *archive;
	const struct catalogue_key *key;
	size_t key_count;
	const struct pki_params *trust;
	struct catalogue_item *item;
	size_t count;
};

/* By the identifier in the manifest, as the catalogue has it: no key is
 * opened. */
static bool is_mine(const struct search *s, const struct manifest_recipient *r)
{
	for (size_t i = 0; i < s->key_count; i++)
		if (r->key_id_len == s->key[i].len &&
		    memcmp(r->key_id, s->key[i].id, r->key_id_len) == 0)
			return true;
	return false;
}

/* Nobody else reads it.  Where its manifest is not at hand the catalogue says
 * how many do: a place that is away comes back, a key does not. */
static bool only_mine(const struct search *s, const struct catalogue_item *item)
{
	struct stored *d = NULL;
	bool mine = true;

	if (stored_load(s->archive, item->folder, item->id, s->trust, &d,
			NULL) != DEED_OK)
		return item->recipients == 1;
	for (size_t i = 0; mine && i < d->m->recipient_count; i++)
		mine = is_mine(s, &d->m->recipient[i]);
	mine = mine && d->m->recipient_count > 0;
	stored_free(d);
	return mine;
}

/* A catalogue_fn. */
static enum deed_status see(void *arg, const struct catalogue_item *item,
			    struct deed_error *err)
{
	struct search *s = arg;
	struct catalogue_item *more;

	if (!only_mine(s, item))
		return DEED_OK;
	more = reallocarray(s->item, s->count + 1, sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	s->item = more;
	s->item[s->count++] = *item;
	return DEED_OK;
}

enum deed_status deposit_only_of(const struct home *h, const char *party,
				 int64_t now, struct catalogue_item **out,
				 size_t *count, struct deed_error *err)
{
	const struct deposit_query query = { .party = party };
	struct pki_params trust = { .time = now };
	struct pki_source *source = NULL;
	struct search search = { .trust = &trust };
	struct catalogue_key *key = NULL;
	enum deed_status status;

	*out = NULL;
	*count = 0;
	status = deposit_keys(h, party, &key, &search.key_count, err);
	search.key = key;
	if (status == DEED_OK)
		status = authority_source(h, &source, err);
	trust.source = source;
	if (status == DEED_OK)
		status = archive_open(h->archive, h->places, &search.archive,
				      err);
	if (status == DEED_OK)
		status = deposit_list(h, &query, see, &search, err);
	archive_close(search.archive);
	pki_source_free(source);
	free(key);
	*out = search.item;
	*count = search.count;
	return status;
}
