/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/lock.h"
#include "ca/request.h"
#include "ca/store.h"
#include "ca/subject.h"
#include "crypto/random.h"
#include "key/x509_name.h"
#include "office/party/enrolled.h"
#include "office/party/home_events.h"
#include "office/keys.h"
#include "office/party/party.h"

/* What one enrolment holds on to while it goes on. */
struct first_enrolment {
	const struct home *home;
	struct enrolling *in;
	struct event_home *log;
	struct enroll_checked checked;
	struct ca_request request;
	struct signing_key *key; /* NULL if it is elsewhere */
	struct keys_public public;
	struct enrolment record;
};

/* The salt makes the pseudonym (subject_write): whoever knows it can try
 * identity numbers, so it is wiped. */
static void work_clear(struct first_enrolment *w)
{
	ca_request_clear(&w->request);
	signing_key_free(w->key);
	keys_public_clear(&w->public);
	enrolment_clear(&w->record);
	home_events_close(w->log);
	secret_wipe(w->record.salt, sizeof(w->record.salt));
}

/* A request binds the key to a name: it must be the name that is enrolled. */
static enum deed_status check_request_name(const struct first_enrolment *w,
					   struct deed_error *err)
{
	struct buf name = BUF_INIT;
	bool same;

	same = x509_name_get(w->request.subject, OID_COMMON_NAME, &name) &&
	       slice_equal_str(buf_get(&name), w->in->form.name);
	buf_clear(&name);
	if (same)
		return DEED_OK;
	return deed_error_set(err, DEED_REFUSED,
			      "the certification request is not for '%s' "
			      "(commonName)",
			      w->in->form.name);
}

/* The keys come before the log knows the party, so that a run that ends in
 * between leaves keys that nobody has, and not a party without keys. */
static enum deed_status make_keys(struct first_enrolment *w,
				  struct deed_error *err)
{
	const struct enrolling *in = w->in;
	enum deed_status status;

	if (in->request.data != NULL) {
		status = ca_request_read(in->request, &w->request, err);
		if (status == DEED_OK)
			status = check_request_name(w, err);
		if (status != DEED_OK)
			return status;
	}
	/* The handle is free, so what keys are there were never enrolled. */
	status = keys_put_aside(w->home, in->form.party, err);
	if (status == DEED_OK && in->token != NULL)
		status = keys_take_token(w->home, in->form.party, in->token,
					 in->pin, in->of_certificate, &w->key,
					 err);
	else if (status == DEED_OK && in->pkcs8 != NULL)
		status = keys_take_signature(w->home, in->form.party, in->pkcs8,
					     in->passphrase, &w->key, err);
	else if (status == DEED_OK && in->request.data == NULL)
		status = keys_make_signature(w->home, in->form.party, in->key,
					     in->passphrase, &w->key, err);
	if (status == DEED_OK)
		status =
			keys_make_deposit(w->home, in->form.party,
					  in->deposit_key, in->passphrase, err);
	if (status == DEED_OK)
		status =
			keys_of_party(w->home, in->form.party, &w->public, err);
	return status;
}

static char *copy(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

/* What was checked and brought into one form is kept, not what was typed. */
static enum deed_status fill_record(struct first_enrolment *w,
				    struct deed_error *err)
{
	const struct enroll_form *form = &w->in->form;
	struct enrolment *e = &w->record;

	e->party = copy(form->party);
	e->kind = copy(form->kind);
	e->name = copy(form->name);
	e->id = copy(w->checked.id_text);
	if (form->phone != NULL)
		e->phone = copy(w->checked.phone.value);
	if (form->email != NULL)
		e->email = copy(w->checked.email.value);
	if (e->party == NULL || e->kind == NULL || e->name == NULL ||
	    e->id == NULL || (form->phone != NULL && e->phone == NULL) ||
	    (form->email != NULL && e->email == NULL))
		return deed_error_memory(err);
	sha256(w->key != NULL ? signing_key_spki(w->key) : w->request.spki,
	       e->key);
	sha256(buf_get(&w->public.deposit_spki), e->deposit_key);
	e->external = w->in->external;
	e->time = w->in->now;
	return random_bytes(e->salt, sizeof(e->salt), err);
}

/* A key that was revoked as compromised comes back under no handle. */
static enum deed_status check_ended(const struct first_enrolment *w,
				    struct deed_error *err)
{
	struct ca_store *store = NULL;
	bool ended = false;
	enum deed_status status;

	status = ca_store_open(w->home->ca, &store, err);
	if (status == DEED_OK)
		status = ca_store_key_ended(store, w->record.key, &ended, err);
	if (status == DEED_OK && ended) {
		status = deed_error_set(
			err, DEED_REFUSED,
			"this key was revoked as compromised, and is "
			"never certified again");
		deed_error_remedy(err, "another-key", NULL);
	}
	ca_store_close(store);
	return status;
}

/* A key that is here signs a statement; for one elsewhere its request is all
 * the signature there is. */
static enum deed_status write_record(const struct first_enrolment *w,
				     struct buf *out, struct deed_error *err)
{
	if (w->key != NULL)
		return enrolled_sign(&w->record, w->key, NULL,
				     w->home->timestamps, out, err);
	return enrolled_request(
		&w->record, slice_of(w->request.der, w->request.len), out, err);
}

/* The request for another CA: the name as this house would write it. */
static enum deed_status write_request(const struct first_enrolment *w,
				      struct deed_error *err)
{
	const struct ca_subject subject = {
		.organisation = kind_is_organisation(w->record.kind),
		.name = w->record.name,
	};
	struct buf name = BUF_INIT;
	enum deed_status status;

	status = ca_subject_write(&subject, &name, err);
	if (status == DEED_OK)
		status = ca_request_write(w->key, buf_get(&name),
					  w->in->request_out, err);
	buf_clear(&name);
	return status;
}

/* Under the lock: only now is the index known that the signpost tells. */
static enum deed_status add_signpost(void *arg, struct event *ev,
				     uint64_t first, struct slice checkpoint,
				     struct deed_error *err)
{
	const struct first_enrolment *w = arg;

	(void)checkpoint;
	return party_signpost_put(w->home, w->in->form.party, first,
				  OUTFILE_NEW, ev, err);
}

/* The party reads the record with its deposit key, as does the register.  Name
 * and number are in the record alone; the log has commitments to handle and
 * key. */
static enum deed_status commit_enrolment(struct first_enrolment *w,
					 struct slice record,
					 struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(&w->public);
	struct event *ev = NULL;
	int party, entry;
	enum deed_status status;

	status = event_begin(w->log, w->in->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	if (status == DEED_OK)
		status = event_entry(ev, "enroll", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "party",
				      slice_str(w->record.party), err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "key",
				      slice_of(w->record.key, 32), err);
	if (status == DEED_OK)
		status = event_record(ev, entry, party, record, NULL, err);
	if (status == DEED_OK)
		status = event_finish(ev, add_signpost, w, &w->in->index, err);
	event_free(ev);
	return status;
}

/* Two runs that enroll one handle must not take each other's keys away. */
static enum deed_status lock(const struct first_enrolment *w, struct lock **out,
			     struct deed_error *err)
{
	char *path = path_join(w->home->parties, ".lock");
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = lock_acquire(path, w->in->wait, out, err);
	free(path);
	return status;
}

enum deed_status enroll_party(const struct home *h, struct enrolling *e,
			      struct deed_error *err)
{
	struct first_enrolment w = { .home = h, .in = e };
	struct buf record = BUF_INIT;
	struct lock *held = NULL;
	enum deed_status status;

	status = enroll_check(&e->form, &w.checked, err);
	if (status == DEED_OK)
		status = lock(&w, &held, err);
	/* Whoever was interrupted may have enrolled the handle: finish that
	 * before keys are taken for ones that nobody needs. */
	if (status == DEED_OK)
		status = home_events_open(h, e->wait, &w.log, err);
	if (status == DEED_OK)
		status = event_recover(w.log, e->now, err);
	if (status == DEED_OK)
		status = enroll_free(h, e->form.party, err);
	if (status == DEED_OK)
		status = make_keys(&w, err);
	if (status == DEED_OK)
		status = fill_record(&w, err);
	if (status == DEED_OK)
		status = check_ended(&w, err);
	if (status == DEED_OK)
		status = write_record(&w, &record, err);
	if (status == DEED_OK && e->request_out != NULL)
		status = write_request(&w, err);
	if (status == DEED_OK)
		status = commit_enrolment(&w, buf_get(&record), err);
	if (status == DEED_OK) {
		memcpy(e->fingerprint, w.record.key, 32);
		memcpy(e->deposit_fingerprint, w.record.deposit_key, 32);
	}
	if (record.data != NULL)
		secret_wipe(record.data, record.len);
	buf_clear(&record);
	work_clear(&w);
	lock_release(held);
	return status;
}
