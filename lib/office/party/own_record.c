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
	enum deed_status status = DEED_NOT_RECIPIENT;

	for (size_t i = 0; status == DEED_NOT_RECIPIENT && i < w->readers.count;
	     i++) {
		const struct deposit_key *key = w->readers.items[i];

		status =
			dropbox_open(h->box, hash,
				     slice_of(deposit_key_id(key), KEY_ID_SIZE),
				     key, &plain, err);
	}
	if (status == DEED_OK && enrolled_is(buf_get(&plain))) {
		status = enrolled_read(buf_get(&plain), &w->last, err);
		*found = status == DEED_OK;
	}
	if (plain.data != NULL)
		secret_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return status == DEED_NOT_RECIPIENT ? DEED_OK : status;
}

/* The signpost says where to look and nothing more: an entry without a record
 * that the party's own key opens is told as inconsistent. */
static enum deed_status read_last(const struct home *h, const char *party,
				  struct event_home *log, struct own_record *w,
				  struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	bool found = false;
	enum deed_status status;

	status = audit_entry(log, w->signpost, &e, NULL, err);
	for (size_t i = 0; status == DEED_OK && !found && i < e.records; i++)
		status = try_record(h, w, e.record[i].hash, &found, err);
	entry_clear(&e);
	if (status == DEED_OK && !found)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"log entry %llu names no enrolment of party "
			"'%s' that its key opens",
			(unsigned long long)w->signpost, party);
	return status;
}

/* Every deposit key is opened, as the record may have been sealed for an
 * earlier one.  A signature key that is elsewhere is not asked for. */
static enum deed_status open_keys(const struct home *h, const char *party,
				  const struct secret *passphrase,
				  const struct secret *pin,
				  struct own_record *w, struct deed_error *err)
{
	const struct secret *secret = pin != NULL ? pin : passphrase;
	enum deed_status status;

	status = keystore_open(h->keystore, &w->ks, err);
	if (status == DEED_OK)
		status = keys_of_party(h, party, &w->public, err);
	if (status == DEED_OK)
		status = keystore_unlock_deposit(w->ks, party, KEYSTORE_DEPOSIT,
						 secret_slice(passphrase),
						 &w->readers, err);
	if (status == DEED_OK && w->public.spki.len > 0)
		status = keystore_unlock_signing(
			w->ks, party, KEYSTORE_SIGNATURE, secret_slice(secret),
			&w->key, err);
	if (status == DEED_WRONG_PASSPHRASE)
		deed_error_remedy(err, "rekey-lost", party);
	return status;
}

enum deed_status own_record_open(const struct home *h, const char *party,
				 const struct secret *passphrase,
				 const struct secret *pin,
				 struct event_home *log, struct own_record *out,
				 struct deed_error *err)
{
	/* What is read in two ways leaves why it was not the first. */
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status =
		party_signpost(h, party, &out->signpost, &why);

	if (status == DEED_OK)
		status = open_keys(h, party, passphrase, pin, out, &why);
	if (status == DEED_OK)
		status = read_last(h, party, log, out, &why);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

void own_record_clear(struct own_record *w)
{
	deposit_key_list_clear(&w->readers);
	signing_key_free(w->key);
	keys_public_clear(&w->public);
	enrolled_clear(&w->last);
	keystore_close(w->ks);
}
