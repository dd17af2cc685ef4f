/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_again.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/log.h"
#include "office/party/authority.h"
#include "office/party/enroll_repeat.h"
#include "office/party/home_events.h"
#include "office/party/party.h"
#include "office/party/rekey_priv.h"
#include "sign/statement.h"

#define STATUS_MAX 262144
#define NOTARY_SECONDS (INT64_C(5) * 366 * 86400)

/*
 * Three steps, each of whole transactions, in an order in which every
 * statement of the house is believed at any time:
 *
 *	the new key, with its enrolment, certificate and the office's status
 *	each party attested and certified anew, by the new key
 *	the old key's certificates revoked
 *
 * Where it stands is told by what there is: an old key of the office that has
 * a certificate is a run that was interrupted, and a party whose status is by
 * an old key is one that is to come.
 */
struct office {
	const struct home *home;
	struct rekey_office *r;
	struct key_hash *old; /* every key of the office but the newest */
	size_t old_count;
	struct cert_list live; /* what they have of certificates */
};

static void office_clear(struct office *o)
{
	free(o->old);
	cert_list_clear(&o->live);
}

/* Which of the office's keys are old, and what certifies them. */
static enum deed_status find_old(struct office *o, struct deed_error *err)
{
	struct keys_public public = { BUF_INIT, BUF_INIT, { 0 } };
	struct ca_store *store = NULL;
	uint8_t now[2][SHA256_SIZE];
	size_t all = 0;
	enum deed_status status;

	office_clear(o);
	o->old = NULL;
	o->old_count = 0;
	status = keys_ever(o->home, HOME_OFFICE, &o->old, &all, err);
	if (status == DEED_OK)
		status = keys_of_party(o->home, HOME_OFFICE, &public, err);
	if (status == DEED_OK)
		status = ca_store_open(o->home->ca, &store, err);
	sha256(buf_get(&public.spki), now[0]);
	sha256(buf_get(&public.deposit_spki), now[1]);
	for (size_t i = 0; status == DEED_OK && i < all; i++) {
		const uint8_t *key = o->old[i].bytes;

		if (memcmp(key, now[0], 32) == 0 ||
		    memcmp(key, now[1], 32) == 0)
			continue;
		status = ca_store_of_key(store, key, &o->live, err);
		o->old[o->old_count++] = o->old[i];
	}
	ca_store_close(store);
	keys_public_clear(&public);
	return status;
}

/* The old key speaks for the new one, and the status is signed by the new one
 * already: both are of the house until the old one is revoked, so every
 * statement is believed in between. */
static enum deed_status new_key(struct office *o, struct prove_session *session,
				struct deed_error *err)
{
	struct enroll_rekey r = { .key = KEY_P256,
				  .deposit_key = KEY_P256,
				  .passphrase = o->r->passphrase };
	struct rekeying w = { .r = &r, .next = KEYS_NEXT_INIT };
	struct repeat repeat = { .office = true };
	enum deed_status status;

	status = prove_open_in(session, HOME_OFFICE, &w.p, err);
	if (status == DEED_OK)
		status = repeat_open(&repeat, w.p, err);
	if (status == DEED_OK && !o->r->dry_run) {
		w.old = session->notary;
		status = rekey_prepare(&w, err);
	}
	if (status == DEED_OK && !o->r->dry_run) {
		repeat.how.event = "rekey";
		repeat.how.not_after = session->now + NOTARY_SECONDS;
		repeat.how.keys = &w.next;
		repeat.how.enrolment = &w.enrolment;
		repeat.how.notary = w.next.key;
		repeat.how.more = rekey_more;
		repeat.how.arg = &w;
		status = prove_issue_how(w.p, &repeat.act, &repeat.how, err);
		o->r->index = repeat.act.index;
	}
	repeat_clear(&repeat);
	rekeying_clear(&w);
	prove_close(w.p);
	return status;
}

/* By which key of the notary is the status in use? */
static enum deed_status is_by_notary(const struct prove *p, bool *is,
				     struct deed_error *err)
{
	const struct prove_session *session = p->session;
	struct pki_params trust = { .time = session->now };
	struct pki_source *source = NULL;
	struct cert *signer = NULL;
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	char *path = NULL;
	enum deed_status status;

	*is = false;
	status = authority_source(session->home, &source, err);
	trust.source = source;
	if (status == DEED_OK)
		status = home_status_path(session->home, p->party, &path, err);
	if (status == DEED_OK)
		status = file_read(path, STATUS_MAX, &der, err);
	if (status == DEED_OK)
		status = statement_open(buf_get(&der), STATUS_TYPE,
					STATEMENT_BY_NOTARY, &trust, &json,
					&signer, err);
	if (status == DEED_OK)
		*is = memcmp(cert_spki_sha256(signer),
			     cert_spki_sha256(session->notary_chain.items[0]),
			     32) == 0;
	json_decref(json);
	cert_free(signer);
	pki_source_free(source);
	buf_clear(&der);
	free(path);
	return status;
}

/* What was proven, though another enrolment may wait to be; false where it
 * is of a key that is no longer the party's. */
static bool take_proven(struct prove *p)
{
	const struct roll_item *item =
		roll_of_record(&p->chain, p->status.record);

	if (item == NULL ||
	    memcmp(item->enrolled.enrolment.key, p->enrolment->key, 32) != 0)
		return false;
	p->item = item;
	p->enrolment = &item->enrolled.enrolment;
	return true;
}

/* Why a party is left as it is; NULL where it is to be attested. */
static enum deed_status why_not(struct prove *p, const char **why,
				struct deed_error *err)
{
	struct deed_error ended = DEED_ERROR_INIT;
	bool revoked = false, is = false;
	int64_t end = 0;
	enum deed_status status;

	*why = "nothing of it is proven";
	if (!p->has_status)
		return DEED_OK;
	status = is_by_notary(p, &is, err);
	if (status == DEED_OK)
		status = repeat_end(p->session->home, p->party, &p->status,
				    &end, &revoked, err);
	if (status != DEED_OK)
		return status;
	if (is)
		*why = "";
	else if (end < p->session->now)
		*why = "its certificate or status has ended";
	else if (revoked)
		*why = "its certificate is revoked";
	else if (keys_check_ended(p->session->store, p->party, p->status.key,
				  &ended) != DEED_OK)
		*why = "its key is ended";
	else if (!take_proven(p))
		*why = "its new key is not proven yet";
	else
		*why = NULL;
	return DEED_OK;
}

/* As it was, to the end that it had, in the state that it is in: only whose
 * word it is changes. */
static enum deed_status attest(struct office *o, struct prove *p,
			       struct deed_error *err)
{
	struct repeat repeat;
	enum deed_status status;

	status = repeat_take(&repeat, p, err);
	if (status == DEED_OK) {
		repeat.how.event = "attest";
		repeat.how.not_after = repeat.old_end;
		repeat.how.state = p->status.state;
		repeat.how.reason = p->status.reason;
		status = prove_issue_how(p, &repeat.act, &repeat.how, err);
	}
	if (status == DEED_OK)
		o->r->attested++;
	repeat_clear(&repeat);
	return status;
}

/* A party that is left as it is is told of and no failure, else one that has
 * ended would keep the old key in use for ever. */
static enum deed_status see_party(struct office *o,
				  struct prove_session *session,
				  const char *party, struct deed_error *err)
{
	struct prove *p = NULL;
	const char *why = NULL;
	enum deed_status status = prove_open_in(session, party, &p, err);

	if (status == DEED_OK)
		status = why_not(p, &why, err);
	if (status == DEED_OK && why == NULL)
		status = attest(o, p, err);
	else if (status == DEED_OK && why[0] != '\0')
		log_say(LOG_STEP, "party '%s' is not attested anew: %s", party,
			why);
	if (status != DEED_OK)
		deed_error_prefix(err, "party '%s'", party);
	prove_close(p);
	return status;
}

/* The keys are opened anew in this session: the notary's is the new one now.
 */
static enum deed_status attest_all(struct office *o,
				   struct prove_session *session,
				   struct deed_error *err)
{
	char **names = NULL;
	size_t count = 0;
	enum deed_status status = prove_session_keys(session, err);

	if (status == DEED_OK)
		status = party_names(o->home, &names, &count, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++)
		if (strcmp(names[i], HOME_OFFICE) != 0)
			status = see_party(o, session, names[i], err);
	party_names_free(names, count);
	return status;
}

struct revoking {
	struct office *office;
	struct prove_session *session;
};

/* The old keys are revoked by the CA in use; the passphrase opens earlier
 * ones, which may have certified them. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct revoking *r = arg;
	struct office *o = r->office;

	(void)first;
	(void)checkpoint;
	return authority_revoke_in(o->home, r->session->issuing,
				   r->session->passphrase, o->old, o->old_count,
				   o->r->reason, r->session->now, ev,
				   &o->r->revoked, err);
}

/* What is old is looked for again, since the attesting took a while.  Where
 * nothing is live any more a run before has done it. */
static enum deed_status revoke_old(struct office *o,
				   struct prove_session *session,
				   struct deed_error *err)
{
	struct revoking r = { o, session };
	struct event *ev = NULL;
	uint64_t index;
	int entry;
	enum deed_status status = find_old(o, err);

	if (status != DEED_OK || o->live.count == 0)
		return status;
	status = event_begin(session->log, session->now, &ev, err);
	if (status == DEED_OK)
		status = event_entry(ev, "revoke", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, EVENT_ALL, "party",
				      slice_str(HOME_OFFICE), err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, &r, &index, err);
	event_free(ev);
	return status;
}

static enum deed_status open_session(struct office *o,
				     struct prove_session **session,
				     struct deed_error *err)
{
	prove_session_close(*session);
	return prove_session_open(o->home, o->r->passphrase, o->r->now,
				  o->r->wait, session, err);
}

/* A session reads the roll once, so it is opened anew when the office's own
 * enrolment has changed. */
enum deed_status enroll_rekey_office(const struct home *h,
				     struct rekey_office *r,
				     struct deed_error *err)
{
	struct office o = { .home = h, .r = r };
	struct prove_session *session = NULL;
	enum deed_status status;

	/* What was interrupted is finished before it is looked at. */
	status = open_session(&o, &session, err);
	if (status == DEED_OK)
		status = find_old(&o, err);
	r->resumed = o.live.count > 0;
	if (status == DEED_OK && !r->resumed)
		status = new_key(&o, session, err);
	if (status == DEED_OK && !r->dry_run)
		status = open_session(&o, &session, err);
	if (status == DEED_OK && !r->dry_run)
		status = attest_all(&o, session, err);
	if (status == DEED_OK && !r->dry_run)
		status = revoke_old(&o, session, err);
	office_clear(&o);
	prove_session_close(session);
	return status;
}
