/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_again.h"

#include <stdlib.h>

#include "keystore/keystore.h"
#include "office/party/authority.h"
#include "office/party/enroll_repeat.h"
#include "office/party/enrolled.h"
#include "office/house.h"
#include "office/party/party.h"
#include "office/party/rekey_priv.h"

void rekeying_clear(struct rekeying *w)
{
	keys_next_clear(&w->next);
	signing_key_free(w->opened);
	secret_wipe(w->enrolment.salt, sizeof(w->enrolment.salt));
	enrolment_clear(&w->enrolment);
	if (w->record.data != NULL)
		secret_wipe(w->record.data, w->record.len);
	buf_clear(&w->record);
	free(w->lost);
}

/* The passphrase of the new keys must be that of the old ones: one that was
 * mistyped would part them. */
static enum deed_status check_passphrase(const struct rekeying *w,
					 const struct keystore *ks,
					 struct deed_error *err)
{
	struct deposit_key_list list = DEPOSIT_KEY_LIST_INIT;
	enum deed_status status;

	status = keystore_unlock_deposit(ks, w->p->party, KEYSTORE_DEPOSIT,
					 secret_slice(w->r->passphrase), &list,
					 err);
	deposit_key_list_clear(&list);
	return status;
}

/* The old key, which is to speak for the new one. */
static enum deed_status open_old(struct rekeying *w, struct deed_error *err)
{
	const struct secret *secret =
		w->r->pin != NULL ? w->r->pin : w->r->passphrase;
	const char *party = w->p->party;
	struct keystore *ks = NULL;
	enum deed_status status;

	if (w->p->public.spki.len == 0) {
		deed_error_set(err, DEED_REFUSED,
			       "the key of party '%s' is elsewhere, and cannot "
			       "speak for a new one",
			       party);
		deed_error_remedy(err, "rekey-lost", party);
		return DEED_REFUSED;
	}
	status = keystore_open(w->p->session->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = check_passphrase(w, ks, err);
	if (status == DEED_OK)
		status = keystore_unlock_signing(ks, party, KEYSTORE_SIGNATURE,
						 secret_slice(secret),
						 &w->opened, err);
	w->old = w->opened;
	if (status == DEED_WRONG_PASSPHRASE || status == DEED_NO_KEY)
		deed_error_remedy(err, "rekey-lost", party);
	keystore_close(ks);
	return status;
}

/* Who it is stays: only the keys are others. */
static enum deed_status fill(struct rekeying *w, struct deed_error *err)
{
	const struct enrolment *last = w->p->enrolment;
	struct enrolment *e = &w->enrolment;

	e->party = strdup(w->p->party);
	e->kind = strdup(last->kind);
	e->name = strdup(last->name);
	e->id = strdup(last->id);
	if (last->phone != NULL)
		e->phone = strdup(last->phone);
	if (last->email != NULL)
		e->email = strdup(last->email);
	if (e->party == NULL || e->kind == NULL || e->name == NULL ||
	    e->id == NULL || (last->phone != NULL && e->phone == NULL) ||
	    (last->email != NULL && e->email == NULL))
		return deed_error_memory(err);
	/* The salt too, so that the pseudonym stays. */
	memcpy(e->salt, last->salt, sizeof(e->salt));
	memcpy(e->previous, w->p->item->enrolled.id, sizeof(e->previous));
	sha256(buf_get(&w->next.spki), e->key);
	sha256(buf_get(&w->next.deposit_spki), e->deposit_key);
	e->time = w->p->session->now;
	return DEED_OK;
}

enum deed_status rekey_prepare(struct rekeying *w, struct deed_error *err)
{
	const struct enroll_rekey *r = w->r;
	enum deed_status status;

	status = keys_next_make(&w->next, r->key, NULL, r->deposit_key,
				r->passphrase, err);
	if (status == DEED_OK)
		status = fill(w, err);
	if (status == DEED_OK)
		status = enrolled_sign(&w->enrolment, w->next.key, w->old,
				       w->p->session->home->timestamps,
				       &w->record, err);
	if (status == DEED_OK)
		memcpy(w->r->fingerprint, w->enrolment.key, 32);
	return status;
}

/* What makes the new enrolment count, under the lock. */
static enum deed_status add_enrolment(struct rekeying *w, struct event *ev,
				      uint64_t first, int party,
				      uint8_t record[32],
				      struct deed_error *err)
{
	const struct home *h = w->p->session->home;
	enum deed_status status;

	status = event_record_now(ev, 0, party, buf_get(&w->record), record,
				  err);
	if (status == DEED_OK)
		status = keys_next_add(&w->next, h, w->p->party, ev, err);
	if (status == DEED_OK)
		status = party_signpost_put(h, w->p->party, first,
					    OUTFILE_REPLACE, ev, err);
	return status;
}

enum deed_status rekey_more(void *arg, struct event *ev, uint64_t first,
			    int party, struct status *status,
			    struct deed_error *err)
{
	status->enrolment = first;
	return add_enrolment(arg, ev, first, party, status->record, err);
}

/* The old key speaks for the new one: certified at once. */
static enum deed_status succeed(struct rekeying *w, struct deed_error *err)
{
	struct repeat repeat;
	enum deed_status status;

	status = repeat_open(&repeat, w->p, err);
	if (status == DEED_OK)
		status = open_old(w, err);
	w->r->not_after = repeat.old_end;
	if (status == DEED_OK && !w->r->dry_run)
		status = rekey_prepare(w, err);
	if (status == DEED_OK && !w->r->dry_run) {
		repeat.how.event = "rekey";
		repeat.how.not_after = repeat.old_end;
		repeat.how.keys = &w->next;
		repeat.how.enrolment = &w->enrolment;
		repeat.how.more = rekey_more;
		repeat.how.arg = w;
		status = prove_issue_how(w->p, &repeat.act, &repeat.how, err);
		memcpy(w->r->certificate, repeat.act.certificate, 32);
		w->r->not_after = repeat.act.not_after;
		w->r->index = repeat.act.index;
	}
	repeat_clear(&repeat);
	return status;
}

/* The new enrolment and the revocation of everything the old keys have are one
 * transaction: there is no time at which both keys count, or neither. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	struct rekeying *w = arg;
	const struct prove_session *session = w->p->session;
	uint8_t record[32];
	enum deed_status status;

	(void)checkpoint;
	status = prove_unchanged(w->p, err);
	if (status == DEED_OK)
		status = add_enrolment(w, ev, first, w->party, record, err);
	if (status == DEED_OK)
		status = authority_revoke_in(
			session->home, session->issuing, session->passphrase,
			w->lost, w->lost_count, w->r->reason, session->now, ev,
			&w->r->revoked, err);
	return status;
}

/* The record is for the new deposit key: the old one may be in other hands, or
 * gone. */
static enum deed_status commit_rekey(struct rekeying *w, struct deed_error *err)
{
	const struct prove_session *session = w->p->session;
	const struct dropbox_reader reader = {
		.spki = buf_get(&w->next.deposit_spki),
	};
	struct event *ev = NULL;
	int entry;
	enum deed_status status;

	status = event_begin(session->log, session->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &w->party, err);
	if (status == DEED_OK)
		status = event_entry(ev, "rekey", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, w->party, "party",
				      slice_str(w->p->party), err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, w->party, "key",
				      slice_of(w->enrolment.key, 32), err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, w, &w->r->index, err);
	event_free(ev);
	return status;
}

/* Nothing signs for the new key, so nothing is certified here: the name is to
 * be proven anew.  The keys to be revoked are gathered before the new one is
 * made. */
static enum deed_status replace_lost(struct rekeying *w, struct deed_error *err)
{
	struct prove_session *session = w->p->session;
	enum deed_status status;

	status = house_check(session->home, session->now, err);
	if (status == DEED_OK)
		status = prove_session_keys(session, err);
	if (status == DEED_OK)
		status = keys_ever(session->home, w->p->party, &w->lost,
				   &w->lost_count, err);
	if (status == DEED_OK && !w->r->dry_run)
		status = rekey_prepare(w, err);
	if (status == DEED_OK && !w->r->dry_run)
		status = commit_rekey(w, err);
	return status;
}

enum deed_status enroll_rekey(struct prove_session *session, const char *party,
			      struct enroll_rekey *r, struct deed_error *err)
{
	struct rekeying w = { .r = r, .next = KEYS_NEXT_INIT };
	enum deed_status status;

	if (strcmp(party, HOME_OFFICE) == 0) {
		deed_error_set(err, DEED_REFUSED,
			       "the office's keys are not those of a party");
		deed_error_remedy(err, "rekey-office", NULL);
		return DEED_REFUSED;
	}
	status = prove_open_in(session, party, &w.p, err);
	if (status == DEED_OK)
		status = r->lost ? replace_lost(&w, err) : succeed(&w, err);
	rekeying_clear(&w);
	prove_close(w.p);
	return status;
}
