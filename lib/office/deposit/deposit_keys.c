/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_find.h"

#include <stdlib.h>

#include "base/file.h"
#include "key/cert.h"
#include "key/deposit_key.h"
#include "keystore/keystore.h"

struct key_list {
	struct catalogue_key *key;
	size_t count;
};

/* An identifier that no manifest can hold is passed over: no deposit is for
 * it. */
static enum deed_status add(struct key_list *list, struct slice id,
			    struct deed_error *err)
{
	struct catalogue_key *more;

	if (id.len == 0 || id.len > MANIFEST_KEY_ID)
		return DEED_OK;
	more = reallocarray(list->key, list->count + 1, sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	list->key = more;
	more += list->count++;
	memset(more, 0, sizeof(*more));
	memcpy(more->id, id.data, id.len);
	more->len = id.len;
	return DEED_OK;
}

/* A key of which there is no identifier opens no deposit, so it is left out
 * and nothing fails. */
static enum deed_status add_spki(struct key_list *list, struct slice spki,
				 struct deed_error *err)
{
	uint8_t id[KEY_ID_SIZE];

	if (!spki_key_id(spki, id))
		return DEED_OK;
	return add(list, slice_of(id, sizeof(id)), err);
}

/* The public half is enough, so that no passphrase is asked for.  An entry
 * without one is passed over. */
static enum deed_status add_entry(struct key_list *list,
				  const struct keystore_entry *e,
				  struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status;

	if (e->role != KEYSTORE_DEPOSIT || !file_exists(e->public_path))
		return DEED_OK;
	status = keystore_read_public(e->public_path, &spki, err);
	if (status == DEED_OK)
		status = add_spki(list, buf_get(&spki), err);
	buf_clear(&spki);
	return status;
}

/* All keys that the party ever had, not the newest alone: what was deposited
 * before a rekey is still its own. *there tells a party without a deposit key
 * from a name that is none. */
static enum deed_status from_keystore(const struct home *h, const char *party,
				      struct key_list *list, bool *there,
				      struct deed_error *err)
{
	struct keystore_list entries = { NULL, 0 };
	struct keystore *ks = NULL;
	enum deed_status status = keystore_open(h->keystore, &ks, err);

	if (status == DEED_OK)
		status = keystore_list(ks, party, &entries, err);
	for (size_t i = 0; status == DEED_OK && i < entries.count; i++)
		status = add_entry(list, &entries.items[i], err);
	*there = entries.count > 0;
	keystore_list_clear(&entries);
	keystore_close(ks);
	return status;
}

/* What a deposit calls the key of a certificate from outside. */
static enum deed_status from_file(const char *path, struct key_list *list,
				  struct deed_error *err)
{
	struct cert_list certs = CERT_LIST_INIT;
	struct buf bytes = BUF_INIT;
	const struct cert_fields *f;
	enum deed_status status = file_read(path, CERT_MAX_SIZE, &bytes, err);

	if (status == DEED_OK)
		status = cert_list_load(&certs, buf_get(&bytes), path, err);
	if (status == DEED_OK) {
		f = cert_fields(certs.items[0]);
		status = f->subject_key_id.len > 0
				 ? add(list, f->subject_key_id, err)
				 : add_spki(list, f->spki, err);
	}
	cert_list_clear(&certs);
	buf_clear(&bytes);
	return status;
}

enum deed_status deposit_keys(const struct home *h, const char *party,
			      struct catalogue_key **out, size_t *count,
			      struct deed_error *err)
{
	struct key_list list = { NULL, 0 };
	enum deed_status status = DEED_OK;
	bool there = false;

	*out = NULL;
	*count = 0;
	if (home_check_party(party, NULL) == DEED_OK)
		status = from_keystore(h, party, &list, &there, err);
	if (status == DEED_OK && !there && file_exists(party))
		status = from_file(party, &list, err);
	else if (status == DEED_OK && !there)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no party and no certificate "
					"'%s'",
					party);
	if (status != DEED_OK) {
		free(list.key);
		return status;
	}
	*out = list.key;
	*count = list.count;
	return DEED_OK;
}
