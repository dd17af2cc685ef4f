/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_again.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/request.h"
#include "crypto/random.h"
#include "key/x509_name.h"
#include "office/party/enrolled.h"
#include "office/party/home_events.h"
#include "office/keys.h"
#include "office/party/own_record.h"
#include "office/party/party.h"

/*
 * The party itself opens its record, with its deposit key, and signs the new
 * one with its signature key: the operator has no part in it before
 * verify-id.
 */
struct amending {
	const struct home *home;
	struct enroll_amendment *in;
	struct event_home *log;
	struct own_record own;
	struct ca_request request;
	struct enrolment next;
};

/* The salt of the new enrolment may be that of the old one, and is as secret.
 */
static void amending_clear(struct amending *w)
{
	own_record_clear(&w->own);
	ca_request_clear(&w->request);
	secret_wipe(w->next.salt, sizeof(w->next.salt));
	enrolment_clear(&w->next);
	home_events_close(w->log);
}

/* The new text, or the old one. */
static enum deed_status take(char **where, const char *text, const char *old,
			     struct deed_error *err)
{
	if (text == NULL)
		text = old;
	if (text == NULL)
		return DEED_OK;
	*where = strdup(text);
	return *where == NULL ? deed_error_memory(err) : DEED_OK;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Everything that is not given stays as it was; the record before is named by
 * its hash, so that enrolments of a party are a chain. */
static enum deed_status fill(struct amending *w, struct deed_error *err)
{
	const struct enrolment *last = &w->own.last.enrolment;
	struct enroll_form form = w->in->form;
	struct enrolment *e = &w->next;
	struct enroll_checked checked;
	enum deed_status status;

	form.kind = last->kind;
	form.name = form.name != NULL ? form.name : last->name;
	form.id = form.id != NULL ? form.id : last->id;
	form.phone = form.phone != NULL ? form.phone : last->phone;
	form.email = form.email != NULL ? form.email : last->email;
	status = enroll_check(&form, &checked, err);
	if (status == DEED_OK)
		status = take(&e->party, form.party, NULL, err);
	if (status == DEED_OK)
		status = take(&e->kind, last->kind, NULL, err);
	if (status == DEED_OK)
		status = take(&e->name, form.name, NULL, err);
	if (status == DEED_OK)
		status = take(&e->id, checked.id_text, NULL, err);
	if (status == DEED_OK && form.phone != NULL)
		status = take(&e->phone, checked.phone.value, NULL, err);
	if (status == DEED_OK && form.email != NULL)
		status = take(&e->email, checked.email.value, NULL, err);
	if (status != DEED_OK)
		return status;
	memcpy(e->previous, w->own.last.id, sizeof(e->previous));
	memcpy(e->key, last->key, sizeof(e->key));
	memcpy(e->deposit_key, last->deposit_key, sizeof(e->deposit_key));
	e->external = last->external;
	e->time = w->in->now;
	if (same(e->name, last->name) && same(e->id, last->id) &&
	    same(e->phone, last->phone) && same(e->email, last->email)) {
		deed_error_set(err, DEED_EXISTS,
			       "party '%s' is enrolled so already", e->party);
		deed_error_remedy(err, "verify-id", e->party);
		return DEED_EXISTS;
	}
	/* Who keeps his number keeps his pseudonym. */
	if (!same(e->id, last->id))
		return random_bytes(e->salt, sizeof(e->salt), err);
	memcpy(e->salt, last->salt, sizeof(e->salt));
	return DEED_OK;
}

/* A key that is elsewhere signs a request over the new name. */
static enum deed_status read_request(struct amending *w, struct deed_error *err)
{
	struct buf name = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	if (w->in->request.data == NULL) {
		deed_error_set(err, DEED_NO_KEY,
			       "the key of party '%s' is elsewhere: a request "
			       "signed with it is needed",
			       w->in->form.party);
		deed_error_remedy(err, "amend-request", w->in->form.party);
		return DEED_NO_KEY;
	}
	status = ca_request_read(w->in->request, &w->request, err);
	if (status != DEED_OK)
		return status;
	sha256(w->request.spki, hash);
	if (memcmp(hash, w->next.key, sizeof(hash)) != 0)
		status = deed_error_set(
			err, DEED_REFUSED,
			"the certification request is not for the "
			"key of party '%s'",
			w->in->form.party);
	else if (!x509_name_get(w->request.subject, OID_COMMON_NAME, &name) ||
		 !slice_equal_str(buf_get(&name), w->next.name))
		status = deed_error_set(
			err, DEED_REFUSED,
			"the certification request is not for '%s' "
			"(commonName)",
			w->next.name);
	buf_clear(&name);
	return status;
}

/* The key is the one that was enrolled, whether it is here or elsewhere: an
 * amendment never changes it. */
static enum deed_status write_record(struct amending *w, struct buf *out,
				     struct deed_error *err)
{
	enum deed_status status;

	if (w->own.key != NULL)
		return enrolled_sign(&w->next, w->own.key, NULL,
				     w->home->timestamps, out, err);
	status = read_request(w, err);
	if (status == DEED_OK)
		status = enrolled_request(
			&w->next, slice_of(w->request.der, w->request.len), out,
			err);
	return status;
}

/* Under the lock: nobody else enrolled the party anew meanwhile. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct amending *w = arg;
	const char *party = w->in->form.party;
	enum deed_status status;

	(void)checkpoint;
	status = party_unchanged(w->home, party, w->own.signpost, err);
	if (status == DEED_OK)
		status = party_signpost_put(w->home, party, first,
					    OUTFILE_REPLACE, ev, err);
	return status;
}

/* Nothing of what the house certified is touched here: the old status and
 * certificate hold until the new enrolment is proven. */
static enum deed_status commit_amendment(struct amending *w,
					 struct slice record,
					 struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(&w->own.public);
	struct event *ev = NULL;
	int party, entry;
	enum deed_status status;

	status = event_begin(w->log, w->in->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	if (status == DEED_OK)
		status = event_entry(ev, "amend", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "party",
				      slice_str(w->next.party), err);
	if (status == DEED_OK)
		status = event_record(ev, entry, party, record, NULL, err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, w, &w->in->index, err);
	event_free(ev);
	return status;
}

enum deed_status enroll_amend(const struct home *h, struct enroll_amendment *in,
			      struct deed_error *err)
{
	struct amending w = { .home = h, .in = in };
	struct buf record = BUF_INIT;
	enum deed_status status;

	status = party_signpost(h, in->form.party, &w.own.signpost, err);
	if (status == DEED_OK)
		status = home_events_open(h, in->wait, &w.log, err);
	if (status == DEED_OK)
		status = event_recover(w.log, in->now, err);
	if (status == DEED_OK)
		status = own_record_open(h, in->form.party, in->passphrase,
					 in->pin, w.log, &w.own, err);
	if (status == DEED_OK)
		status = fill(&w, err);
	if (status == DEED_OK)
		status =
			keys_check_ended_in(h, in->form.party, w.next.key, err);
	if (status == DEED_OK)
		status = write_record(&w, &record, err);
	if (status == DEED_OK && !in->dry_run)
		status = commit_amendment(&w, buf_get(&record), err);
	if (record.data != NULL)
		secret_wipe(record.data, record.len);
	buf_clear(&record);
	amending_clear(&w);
	return status;
}
