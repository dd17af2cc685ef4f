/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/own_record.h"

#include "event/audit.h"
#include "office/party/party.h"

/* A record of the entry that one of the party's keys opens. */
static enum deed_status try_record(const struct home *h, struct own_record *w,
				   const uint8_t hash[32], bool *found,
				   struct deed_error *err)
{
	struct buf plain = BUF_INIT;
	enum deed_status s = DEED_NOT_RECIPIENT;

	for (size_t i = 0; s == DEED_NOT_RECIPIENT && i < w->readers.count;
	     i++) {
		const struct deposit_key *key = w->readers.items[i];

		s = dropbox_open(h->box, hash,
				 slice_of(deposit_key_id(key), KEY_ID_SIZE),
				 key, &plain, err);
	}
	if (s == DEED_OK && enrolled_is(buf_get(&plain))) {
		s = enrolled_read(buf_get(&plain), &w->last, err);
		*found = s == DEED_OK;
	}
	if (plain.data != NULL)
		secret_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return s == DEED_NOT_RECIPIENT ? DEED_OK : s;
}

static enum deed_status read_last(const struct home *h, const char *party,
				  struct event_home *log, struct own_record *w,
				  struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	bool found = false;
	enum deed_status s;

	s = audit_entry(log, w->signpost, &e, NULL, err);
	for (size_t i = 0; s == DEED_OK && !found && i < e.records; i++)
		s = try_record(h, w, e.record[i].hash, &found, err);
	entry_clear(&e);
	if (s == DEED_OK && !found)
		s = deed_error_set(err, DEED_INCONSISTENT,
				   "log entry %llu names no enrolment of party "
				   "'%s' that its key opens",
				   (unsigned long long)w->signpost, party);
	return s;
}

static enum deed_status open_keys(const struct home *h, const char *party,
				  const struct secret *passphrase,
				  const struct secret *pin,
				  struct own_record *w, struct deed_error *err)
{
	const struct secret *secret = pin != NULL ? pin : passphrase;
	enum deed_status s;

	s = keystore_open(h->keystore, &w->ks, err);
	if (s == DEED_OK)
		s = keys_of_party(h, party, &w->public, err);
	if (s == DEED_OK)
		s = keystore_unlock_deposit(w->ks, party, KEYSTORE_DEPOSIT,
					    secret_slice(passphrase),
					    &w->readers, err);
	if (s == DEED_OK && w->public.spki.len > 0)
		s = keystore_unlock_signing(w->ks, party, KEYSTORE_SIGNATURE,
					    secret_slice(secret), &w->key, err);
	if (s == DEED_WRONG_PASSPHRASE)
		deed_error_remedy(err, "rekey-lost", party);
	return s;
}

enum deed_status own_record_open(const struct home *h, const char *party,
				 const struct secret *passphrase,
				 const struct secret *pin,
				 struct event_home *log, struct own_record *out,
				 struct deed_error *err)
{
	/* What is read in two ways leaves why it was not the first. */
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status s = party_signpost(h, party, &out->signpost, &why);

	if (s == DEED_OK)
		s = open_keys(h, party, passphrase, pin, out, &why);
	if (s == DEED_OK)
		s = read_last(h, party, log, out, &why);
	if (s != DEED_OK && err != NULL)
		*err = why;
	return s;
}

void own_record_clear(struct own_record *w)
{
	deposit_key_list_clear(&w->readers);
	signing_key_free(w->key);
	keys_public_clear(&w->public);
	enrolled_clear(&w->last);
	keystore_close(w->ks);
}
