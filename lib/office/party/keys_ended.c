/* SPDX-License-Identifier: Apache-2.0 */
#include "office/keys.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/store.h"
#include "office/party/party.h"

/* A party has a handful of keys, so growing by one is enough. */
static enum deed_status add(struct key_hash **list, size_t *count,
			    const uint8_t key[32], struct deed_error *err)
{
	struct key_hash *more = reallocarray(*list, *count + 1, sizeof(*more));

	if (more == NULL)
		return deed_error_memory(err);
	*list = more;
	memcpy(more[(*count)++].bytes, key, 32);
	return DEED_OK;
}

/* By the public halves, so that no passphrase is needed: revoking must not
 * depend on the party. */
static enum deed_status add_public(const struct keystore_entry *e,
				   struct key_hash **list, size_t *count,
				   struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	/* A certificate without a key, which is elsewhere, has none. */
	if ((e->role != KEYSTORE_SIGNATURE && e->role != KEYSTORE_DEPOSIT) ||
	    !file_exists(e->public_path))
		return DEED_OK;
	status = keystore_read_public(e->public_path, &spki, err);
	if (status == DEED_OK) {
		sha256(buf_get(&spki), hash);
		status = add(list, count, hash, err);
	}
	buf_clear(&spki);
	return status;
}

/* A key that is elsewhere is known by its certificate alone.  One that lies
 * here is in the list already. */
static enum deed_status add_certified(const struct home *h, const char *party,
				      struct key_hash **list, size_t *count,
				      struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	enum deed_status status = keys_chain(h, party, &chain, err);
	bool known = false;

	if (status == DEED_OK && chain.count > 0) {
		const uint8_t *key = cert_spki_sha256(chain.items[0]);

		for (size_t i = 0; i < *count; i++)
			known |= memcmp((*list)[i].bytes, key, 32) == 0;
		if (!known)
			status = add(list, count, key, err);
	}
	cert_list_clear(&chain);
	return status;
}

enum deed_status keys_ever(const struct home *h, const char *party,
			   struct key_hash **out, size_t *count,
			   struct deed_error *err)
{
	struct keystore_list entries = { NULL, 0 };
	struct keystore *ks = NULL;
	enum deed_status status = keys_open(h, party, &ks, err);

	*out = NULL;
	*count = 0;
	if (status == DEED_OK)
		status = keystore_list(ks, party, &entries, err);
	for (size_t i = 0; status == DEED_OK && i < entries.count; i++)
		status = add_public(&entries.items[i], out, count, err);
	if (status == DEED_OK)
		status = add_certified(h, party, out, count, err);
	keystore_list_clear(&entries);
	keystore_close(ks);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
		*count = 0;
	}
	return status;
}

enum deed_status keys_check_ended(const struct ca_store *store,
				  const char *party, const uint8_t key[32],
				  struct deed_error *err)
{
	bool ended = false;
	enum deed_status status = ca_store_key_ended(store, key, &ended, err);

	if (status != DEED_OK || !ended)
		return status;
	deed_error_set(err, DEED_REFUSED,
		       "the key of party '%s' was revoked as compromised, and "
		       "is never certified again",
		       party);
	deed_error_remedy(err,
			  strcmp(party, HOME_OFFICE) == 0 ? "rekey-office"
							  : "rekey-lost",
			  party);
	return DEED_REFUSED;
}

enum deed_status keys_check_ended_in(const struct home *h, const char *party,
				     const uint8_t key[32],
				     struct deed_error *err)
{
	struct ca_store *store = NULL;
	enum deed_status status = ca_store_open(h->ca, &store, err);

	if (status == DEED_OK)
		status = keys_check_ended(store, party, key, err);
	ca_store_close(store);
	return status;
}

/* Without a signpost the party is not enrolled, and its key may still be
 * replaced. */
enum deed_status keys_check_import(const struct home *h, const char *party,
				   enum keystore_role role,
				   struct deed_error *err)
{
	uint64_t enrolment;

	if ((role != KEYSTORE_SIGNATURE && role != KEYSTORE_DEPOSIT) ||
	    party_signpost(h, party, &enrolment, NULL) != DEED_OK)
		return DEED_OK;
	deed_error_set(err, DEED_REFUSED,
		       "the %s key of party '%s' is enrolled, and is not "
		       "replaced by an import",
		       keystore_role_name(role), party);
	deed_error_remedy(
		err, strcmp(party, HOME_OFFICE) == 0 ? "rekey-office" : "rekey",
		party);
	return DEED_REFUSED;
}
