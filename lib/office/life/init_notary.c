/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/init_priv.h"

#include <stdlib.h>

#include "office/party/enrolled.h"
#include "office/party/home_events.h"
#include "office/keys.h"
#include "office/party/party.h"
#include "office/party/prove_priv.h"

/* There is no evidence: nobody proved the office's name to itself, and what is
 * zero names no attestation. */
static enum deed_status fill_status(struct init_work *w, struct deed_error *err)
{
	struct status *s = &w->status;

	s->party = strdup(HOME_OFFICE);
	s->kind = strdup(KIND_NOTARY);
	s->name = strdup(w->form->name);
	s->state = strdup(STATE_VERIFIED);
	if (s->party == NULL || s->kind == NULL || s->name == NULL ||
	    s->state == NULL)
		return deed_error_memory(err);
	memcpy(s->key, w->enrolment.key, sizeof(s->key));
	memcpy(s->certificate, cert_sha256(w->notary), 32);
	memcpy(s->deposit_certificate, cert_sha256(w->deposit), 32);
	s->may_sign = true;
	s->may_seal = true;
	s->not_before = w->form->now;
	s->not_after = cert_fields(w->notary)->not_after;
	return DEED_OK;
}

/* The index of the first entry, which signpost and status name, is known under
 * the lock only. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	struct init_work *w = arg;
	enum deed_status status;

	w->status.enrolment = first;
	status = party_signpost_put(w->home, HOME_OFFICE, first, OUTFILE_NEW,
				    ev, err);
	if (status == DEED_OK)
		status = prove_add_status(w->home, w->notary_key, NULL,
					  &w->status, w->form->now, ev, first,
					  checkpoint, err);
	return status;
}

/* The first entry of the log: it has the hash of the root, so that a log and a
 * root that do not belong together are noticed. */
static enum deed_status commit_house(struct init_work *w, struct slice record,
				     struct deed_error *err)
{
	struct keys_public keys = { BUF_INIT, BUF_INIT, { 0 } };
	struct dropbox_reader reader;
	struct event_home *log = NULL;
	struct event *ev = NULL;
	uint64_t index;
	int party, entry;
	enum deed_status status;

	status = keys_of_party(w->home, HOME_OFFICE, &keys, err);
	if (status == DEED_OK) {
		reader = keys_reader(&keys);
		status = home_events_open(w->home, 0, &log, err);
	}
	if (status == DEED_OK)
		status = event_begin(log, w->form->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	if (status == DEED_OK)
		status = event_entry(ev, "enroll", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "party",
				      slice_str(HOME_OFFICE), err);
	if (status == DEED_OK)
		status = event_hash(ev, entry, "root", cert_sha256(w->root),
				    err);
	if (status == DEED_OK)
		status = event_record(ev, entry, party, record, NULL, err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, w, &index, err);
	event_free(ev);
	home_events_close(log);
	keys_public_clear(&keys);
	return status;
}

enum deed_status init_make_notary(struct init_work *w, struct deed_error *err)
{
	struct buf record = BUF_INIT;
	enum deed_status status;

	status = fill_status(w, err);
	if (status == DEED_OK)
		status = enrolled_sign(&w->enrolment, w->notary_key, NULL,
				       w->home->timestamps, &record, err);
	if (status == DEED_OK)
		status = commit_house(w, buf_get(&record), err);
	if (record.data != NULL)
		secret_wipe(record.data, record.len);
	buf_clear(&record);
	return status;
}
