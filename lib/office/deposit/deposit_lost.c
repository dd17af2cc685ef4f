/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_lost.h"

#include <stdlib.h>

#include "archive/stored.h"
#include "base/file.h"
#include "keystore/keystore.h"
#include "office/party/authority.h"
#include "office/deposit/deposit.h"

/* The party's deposit keys, by what manifests call them. */
struct key_ids {
	uint8_t (*id)[KEY_ID_SIZE];
	size_t count;
};

static enum deed_status add_key(struct key_ids *ids,
				const struct keystore_entry *e,
				struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	void *more;
	enum deed_status s;

	if (e->role != KEYSTORE_DEPOSIT || !file_exists(e->public_path))
		return DEED_OK;
	more = reallocarray(ids->id, ids->count + 1, sizeof(*ids->id));
	if (more == NULL)
		return deed_error_memory(err);
	ids->id = more;
	s = keystore_read_public(e->public_path, &spki, err);
	if (s == DEED_OK && spki_key_id(buf_get(&spki), ids->id[ids->count]))
		ids->count++;
	buf_clear(&spki);
	return s;
}

static enum deed_status load_keys(const struct home *h, const char *party,
				  struct key_ids *ids, struct deed_error *err)
{
	struct keystore_list list = { NULL, 0 };
	struct keystore *ks = NULL;
	enum deed_status s = keystore_open(h->keystore, &ks, err);

	if (s == DEED_OK)
		s = keystore_list(ks, party, &list, err);
	for (size_t i = 0; s == DEED_OK && i < list.count; i++)
		s = add_key(ids, &list.items[i], err);
	keystore_list_clear(&list);
	keystore_close(ks);
	return s;
}

static bool is_mine(const struct key_ids *ids,
		    const struct manifest_recipient *r)
{
	for (size_t i = 0; i < ids->count; i++)
		if (r->key_id_len == KEY_ID_SIZE &&
		    memcmp(r->key_id, ids->id[i], KEY_ID_SIZE) == 0)
			return true;
	return false;
}

/* Nobody else reads it. */
static bool only_mine(struct archive *a, const struct catalogue_item *item,
		      const struct key_ids *ids, const struct pki_params *trust)
{
	struct stored *d = NULL;
	bool mine =
		stored_load(a, item->folder, NULL, trust, &d, NULL) == DEED_OK;

	for (size_t i = 0; mine && i < d->m->recipient_count; i++)
		mine = is_mine(ids, &d->m->recipient[i]);
	mine = mine && d->m->recipient_count > 0;
	stored_free(d);
	return mine;
}

enum deed_status deposit_only_of(const struct home *h, const char *party,
				 int64_t now, struct catalogue_item **out,
				 size_t *count, struct deed_error *err)
{
	struct pki_params trust = { .time = now };
	struct pki_source *source = NULL;
	struct key_ids ids = { NULL, 0 };
	struct archive *a = NULL;
	size_t all = 0;
	enum deed_status s;

	*out = NULL;
	*count = 0;
	s = load_keys(h, party, &ids, err);
	if (s == DEED_OK)
		s = authority_source(h, &source, err);
	trust.source = source;
	if (s == DEED_OK)
		s = deposit_list(h, NULL, out, &all, err);
	if (s == DEED_OK)
		s = archive_open(h->archive, &a, err);
	for (size_t i = 0; s == DEED_OK && i < all; i++)
		if (only_mine(a, &(*out)[i], &ids, &trust))
			(*out)[(*count)++] = (*out)[i];
	archive_close(a);
	pki_source_free(source);
	free(ids.id);
	return s;
}
