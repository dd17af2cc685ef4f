/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_priv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ca/certificate.h"
#include "ca/issuers.h"
#include "ca/store.h"
#include "codec/hex.h"
#include "event/stamps.h"
#include "office/house.h"
#include "office/party/party.h"
#include "office/party/publish.h"
#include "office/party/subject.h"
#include "sign/statement.h"

/* What one act of certifying makes before and under the lock. */
struct certifying {
	struct prove *p;
	struct prove_act *act;
	const struct prove_how *how;
	const struct enrolment *enrolment;
	struct slice spki, deposit_spki;
	const struct signing_key *notary;
	const struct cert_list *notary_chain;
	struct ca_store *store;
	int party;		/* in the transaction */
	struct buf attestation; /* the signed statement */
	struct cert *signature, *deposit;
	struct cert_list chain; /* of the signature certificate */
	struct status status;
	uint8_t ca[32]; /* whose word an external one is */
	struct outside_listed listed;
	bool external; /* the signature certificate is not of this house */
	bool office;   /* the notary renews its own */
};

static void certifying_clear(struct certifying *c)
{
	cert_list_clear(&c->chain);
	buf_clear(&c->attestation);
	cert_free(c->signature);
	cert_free(c->deposit);
	status_clear(&c->status);
}

static void commit_contact(const struct enrolment *e, struct attestation *a)
{
	evidence_commit(e->salt, "id", e->id, a->id);
	if (e->phone != NULL)
		evidence_commit(e->salt, "phone", e->phone, a->phone);
	if (e->email != NULL)
		evidence_commit(e->salt, "email", e->email, a->email);
}

/* Borrows its texts: it is written and forgotten. */
static enum deed_status attest(struct certifying *c, struct deed_error *err)
{
	const struct enrolment *e = c->enrolment;
	struct attestation a = {
		.party = c->p->party,
		.kind = e->kind,
		.name = e->name,
		.method = (char *)(uintptr_t)c->act->method,
		.statement = (char *)(uintptr_t)c->act->statement,
		.location = (char *)(uintptr_t)c->act->location,
		.time = c->how->attested,
		.index = c->how->index,
	};
	json_t *json;
	enum deed_status status;

	memcpy(a.key, e->key, sizeof(a.key));
	memcpy(a.record, c->how->record, sizeof(a.record));
	memcpy(a.attester, cert_sha256(c->notary_chain->items[0]),
	       sizeof(a.attester));
	memcpy(a.ca, c->ca, sizeof(a.ca));
	memcpy(a.list, c->listed.list, sizeof(a.list));
	a.scheme = (char *)(uintptr_t)c->listed.scheme;
	a.operator_name = (char *)(uintptr_t)c->listed.by;
	a.licence = (char *)(uintptr_t)c->listed.licence;
	commit_contact(e, &a);
	json = attestation_json(&a);
	if (json == NULL)
		return deed_error_memory(err);
	status = statement_sign(
		json, c->p->session->notary,
		(const struct cert *const *)c->notary_chain->items,
		c->notary_chain->count, c->p->session->now, &c->attestation,
		err);
	json_decref(json);
	if (status == DEED_OK)
		status = stamps_statement(c->p->session->home->stamps,
					  &c->attestation, err);
	if (status == DEED_OK)
		sha256(buf_get(&c->attestation), c->act->attestation);
	return status;
}

static enum deed_status certify(struct certifying *c, enum ca_profile profile,
				struct slice subject, struct slice spki,
				struct cert **out, struct deed_error *err)
{
	struct ca_template t = {
		.profile = profile,
		.spki = spki,
		.subject = subject,
		.not_before = c->p->session->now,
		.not_after = c->how->not_after,
		.attestation =
			c->how->no_attestation ? NULL : c->act->attestation,
	};
	struct ca_issuers issuers;
	struct publish_urls urls = { NULL, NULL };
	enum deed_status status;

	status = ca_issuers_load(c->p->session->home->ca, &issuers, err);
	if (status == DEED_OK)
		status = publish_point(c->p->session->home,
				       (unsigned)issuers.count, &urls, &t, err);
	if (status == DEED_OK)
		status = ca_certify(&t, ca_issuers_current(&issuers)->cert,
				    c->p->session->issuing, out, err);
	ca_issuers_clear(&issuers);
	publish_urls_clear(&urls);
	return status;
}

/* Somebody else's certificate: it must be for this key, this name and now,
 * and somebody must have named its CA. */
static enum deed_status take_external(struct certifying *c,
				      struct deed_error *err)
{
	struct outside_party party = prove_outside(c->p);
	enum deed_status status;

	party.name = c->enrolment->name;
	party.id = c->enrolment->id;
	party.key = c->enrolment->key;
	if (c->chain.count == 0) {
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "the certificate of party '%s' has not come yet",
			       c->p->party);
		deed_error_remedy(err,
				  kind_is_organisation(c->enrolment->kind)
					  ? "enroll-org"
					  : "enroll-person",
				  c->p->party);
		return DEED_NOT_VERIFIED;
	}
	status = prove_judge_outside(c->p, &party, &c->chain, c->act, c->ca,
				     &c->listed, err);
	if (status == DEED_OK)
		c->signature = cert_ref(c->chain.items[0]);
	return status;
}

static enum deed_status make_certificates(struct certifying *c,
					  struct deed_error *err)
{
	bool organisation = kind_is_organisation(c->enrolment->kind);
	struct buf subject = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (c->how->subject.data != NULL)
		buf_slice(&subject, c->how->subject);
	else
		status =
			subject_write(c->enrolment, &c->p->id,
				      c->act->real_number, NULL, &subject, err);
	if (status == DEED_OK)
		status = buf_status(&subject, err);
	if (status == DEED_OK && !c->external) {
		status =
			certify(c,
				c->office      ? CA_NOTARY_SIGNATURE
				: organisation ? CA_ORGANISATION_SIGNATURE
					       : CA_PERSON_SIGNATURE,
				buf_get(&subject), c->spki, &c->signature, err);
		cert_list_clear(&c->chain);
		if (status == DEED_OK)
			status = cert_list_add(&c->chain, c->signature, err);
		if (status == DEED_OK)
			status = cert_list_add(&c->chain,
					       ca_store_issuing(c->store), err);
	}
	if (status == DEED_OK)
		status = certify(c,
				 organisation ? CA_ORGANISATION_DEPOSIT
					      : CA_PERSON_DEPOSIT,
				 buf_get(&subject), c->deposit_spki,
				 &c->deposit, err);
	buf_clear(&subject);
	return status;
}

/* A status ends no later than what it stands on. */
static int64_t status_end(const struct certifying *c)
{
	int64_t end = c->how->not_after;
	int64_t own = cert_fields(c->signature)->not_after;
	const struct cert_list *chain = c->office ? &c->chain : c->notary_chain;
	int64_t notary = cert_fields(chain->items[0])->not_after;

	end = own < end ? own : end;
	return notary < end ? notary : end;
}

static enum deed_status fill_status(struct certifying *c,
				    struct deed_error *err)
{
	const struct enrolment *e = c->enrolment;
	struct status *s = &c->status;

	s->party = strdup(c->p->party);
	s->kind = strdup(e->kind);
	s->name = strdup(e->name);
	s->state = strdup(c->how->state);
	if (c->how->reason != NULL)
		s->reason = strdup(c->how->reason);
	if (s->party == NULL || s->kind == NULL || s->name == NULL ||
	    s->state == NULL || (c->how->reason != NULL && s->reason == NULL))
		return deed_error_memory(err);
	memcpy(s->key, e->key, sizeof(s->key));
	memcpy(s->certificate, cert_sha256(c->signature), 32);
	memcpy(s->deposit_certificate, cert_sha256(c->deposit), 32);
	memcpy(s->evidence, c->act->attestation, 32);
	memcpy(s->record, c->p->item->record, 32);
	s->enrolment = c->p->item->index;
	s->may_sign = true;
	s->may_seal = kind_is_organisation(e->kind);
	s->not_before = c->p->session->now;
	s->not_after = status_end(c);
	return DEED_OK;
}

enum deed_status
prove_add_status(const struct home *h, const struct signing_key *notary,
		 const struct cert_list *chain, struct status *status,
		 int64_t now, struct event *ev, uint64_t index,
		 struct slice checkpoint, struct deed_error *err)
{
	struct cert_list own = CERT_LIST_INIT;
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	char *path = NULL;
	enum deed_status s;

	/* Under the lock: no other run ends the key meanwhile. */
	s = keys_check_ended_in(h, status->party, status->key, err);
	if (s != DEED_OK)
		return s;
	free(status->checkpoint);
	status->checkpoint =
		strndup((const char *)checkpoint.data, checkpoint.len);
	status->index = index;
	json = status->checkpoint != NULL ? status_json(status) : NULL;
	s = json == NULL ? deed_error_memory(err) : DEED_OK;
	if (s == DEED_OK && chain == NULL) {
		s = keys_notary_chain(h, &own, err);
		chain = &own;
	}
	if (s == DEED_OK)
		s = statement_sign(json, notary,
				   (const struct cert *const *)chain->items,
				   chain->count, now, &der, err);
	if (s == DEED_OK)
		s = status_keep(h, status->party, ev, err);
	if (s == DEED_OK)
		s = home_status_path(h, status->party, &path, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
				       buf_get(&der), err);
	json_decref(json);
	cert_list_clear(&own);
	buf_clear(&der);
	free(path);
	return s;
}

enum deed_status prove_stamp_status(const struct home *h, const char *party,
				    struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status = home_status_path(h, party, &path, err);

	if (status == DEED_OK)
		status = stamps_file(h->stamps, path, err);
	free(path);
	return status;
}

static enum deed_status add_issued(const struct certifying *c, struct event *ev,
				   const struct cert *cert,
				   struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	status = ca_store_issued_path(c->store, cert, &path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
					    cert_fields(cert)->der, err);
	free(path);
	return status;
}

static enum deed_status add_chain(const struct certifying *c, struct event *ev,
				  bool deposit, struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	if (deposit) {
		cert_pem(c->deposit, &pem);
		cert_pem(ca_store_issuing(c->store), &pem);
	} else {
		for (size_t i = 0; i < c->chain.count; i++)
			cert_pem(c->chain.items[i], &pem);
	}
	status = buf_status(&pem, err);
	if (status == DEED_OK && c->how->keys != NULL)
		status = keys_next_chain_path(c->p->session->home, c->p->party,
					      deposit, &path, err);
	else if (status == DEED_OK)
		status = keys_certificate_path(c->p->session->home, c->p->party,
					       deposit, &path, err);
	if (status == DEED_OK && c->how->keys == NULL)
		status = keys_keep_chain(c->p->session->home, c->p->party,
					 deposit, ev, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
					    buf_get(&pem), err);
	buf_clear(&pem);
	free(path);
	return status;
}

static enum deed_status add_attestation(const struct certifying *c,
					struct event *ev,
					struct deed_error *err)
{
	struct buf path = BUF_INIT;
	enum deed_status status;

	buf_printf(&path, "%s/", c->p->session->home->attestations);
	hex_encode(slice_of(c->act->attestation, 32), &path);
	buf_printf(&path, ".cms%c", 0);
	status = buf_status(&path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, (const char *)path.data,
					    OUTFILE_NEW,
					    buf_get(&c->attestation), err);
	buf_clear(&path);
	return status;
}

enum deed_status prove_unchanged(const struct prove *p, struct deed_error *err)
{
	uint64_t signpost;
	enum deed_status status;

	status = party_signpost(p->session->home, p->party, &signpost, err);
	if (status == DEED_OK && signpost != p->signpost)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"party '%s' was enrolled anew meanwhile; "
			"try again",
			p->party);
	return status;
}

static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	struct certifying *c = arg;
	enum deed_status status;

	status = prove_unchanged(c->p, err);
	if (status == DEED_OK && c->how->more != NULL)
		status = c->how->more(c->how->arg, ev, first, c->party,
				      &c->status, err);
	if (status == DEED_OK)
		status = event_number(ev, 0, "enrolment", c->status.enrolment,
				      err);
	if (status == DEED_OK && !c->how->no_attestation)
		status = add_attestation(c, ev, err);
	if (status == DEED_OK && !c->external) {
		status = add_issued(c, ev, c->signature, err);
		if (status == DEED_OK)
			status = add_chain(c, ev, false, err);
	}
	if (status == DEED_OK)
		status = add_issued(c, ev, c->deposit, err);
	if (status == DEED_OK)
		status = add_chain(c, ev, true, err);
	/* Last: it is what makes the rest count. */
	if (status == DEED_OK)
		status = prove_add_status(c->p->session->home, c->notary,
					  c->office ? &c->chain : NULL,
					  &c->status, c->p->session->now, ev,
					  first, checkpoint, err);
	return status;
}

static enum deed_status begin(struct certifying *c, struct event **ev,
			      struct deed_error *err)
{
	const struct prove_session *session = c->p->session;
	const struct dropbox_reader reader = {
		.spki = c->deposit_spki,
	};
	int entry;
	enum deed_status status;

	status = event_begin(session->log, session->now, ev, err);
	if (status == DEED_OK)
		status = event_party(*ev, &reader, &c->party, err);
	if (status == DEED_OK)
		status = event_entry(*ev, c->how->event, &entry, err);
	if (status == DEED_OK)
		status = event_commit(*ev, entry, c->party, "party",
				      slice_str(c->p->party), err);
	if (status == DEED_OK && c->how->keys != NULL)
		status = event_commit(*ev, entry, c->party, "key",
				      slice_of(c->enrolment->key, 32), err);
	if (status == DEED_OK && !c->how->no_attestation)
		status = event_commit(*ev, entry, c->party, "attestation",
				      slice_of(c->act->attestation, 32), err);
	if (status == DEED_OK)
		status = event_commit(*ev, entry, c->party, "certificate",
				      slice_of(c->act->certificate, 32), err);
	return status;
}

static enum deed_status commit(struct certifying *c, struct deed_error *err)
{
	struct event *ev = NULL;
	enum deed_status status = begin(c, &ev, err);

	if (status == DEED_OK)
		status = event_finish(ev, locked, c, &c->act->index, err);
	event_free(ev);
	if (status == DEED_OK)
		status = prove_stamp_status(c->p->session->home, c->p->party,
					    err);
	return status;
}

/*
 * The word of a notary makes others' names believed, so no enrolment makes
 * one: there is the office's own, in the first entry of the log.
 */
static enum deed_status check_kind(struct certifying *c, struct deed_error *err)
{
	const struct prove *p = c->p;

	c->office = strcmp(p->party, HOME_OFFICE) == 0;
	if (c->office && p->chain.item[0]->index == 0 &&
	    strcmp(c->enrolment->kind, KIND_NOTARY) == 0)
		return DEED_OK;
	if (c->office || strcmp(c->enrolment->kind, KIND_NOTARY) == 0)
		return deed_error_set(err, DEED_REFUSED,
				      "party '%s' is enrolled as a notary, and "
				      "a home has one only",
				      p->party);
	return DEED_OK;
}

/* What was stated until the office's end would be believed no longer. */
static enum deed_status check_not_shorter(const struct certifying *c,
					  struct deed_error *err)
{
	const struct cert *present = c->notary_chain->items[0];
	char text[CLOCK_TEXT], asked[CLOCK_TEXT];

	if (!c->office ||
	    c->status.not_after >= cert_fields(present)->not_after)
		return DEED_OK;
	clock_format(cert_fields(present)->not_after, text);
	clock_format(c->status.not_after, asked);
	deed_error_set(err, DEED_REFUSED,
		       "the office's certificate holds to %s and is not "
		       "shortened to %s",
		       text, asked);
	deed_error_remedy(err, "office-days", NULL);
	deed_error_remedy(err, "rekey-office", NULL);
	return DEED_REFUSED;
}

static enum deed_status check_texts(const struct prove_act *act,
				    struct deed_error *err)
{
	const char *const texts[] = { act->statement, act->location };

	for (size_t i = 0; i < 2; i++) {
		if (strlen(texts[i]) > 2048)
			return deed_error_set(err, DEED_USAGE,
					      "a text of %zu bytes is over the "
					      "limit of 2048",
					      strlen(texts[i]));
	}
	return DEED_OK;
}

enum deed_status prove_session_keys(struct prove_session *session,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (session->notary_chain.count == 0)
		status = keys_notary_chain(session->home,
					   &session->notary_chain, err);
	if (status == DEED_OK && session->store == NULL)
		status = ca_store_open(session->home->ca, &session->store, err);
	if (status == DEED_OK && session->notary == NULL)
		status = keys_notary(session->home, session->passphrase,
				     &session->notary, err);
	if (status == DEED_OK && session->issuing == NULL)
		status = keys_issuing(session->home, session->passphrase,
				      &session->issuing, err);
	return status;
}

/* Whose keys, and by whose word. */
static void fill(struct certifying *c)
{
	const struct prove *p = c->p;

	c->enrolment =
		c->how->enrolment != NULL ? c->how->enrolment : p->enrolment;
	/* Keys that are new are the house's. */
	c->external = c->enrolment->external ||
		      (c->how->keys == NULL && p->external.count > 0);
	c->spki = buf_get(c->how->keys != NULL ? &c->how->keys->spki
					       : &p->item->enrolled.spki);
	c->deposit_spki =
		buf_get(c->how->keys != NULL ? &c->how->keys->deposit_spki
					     : &p->public.deposit_spki);
	c->notary =
		c->how->notary != NULL ? c->how->notary : p->session->notary;
	c->notary_chain = &p->session->notary_chain;
	c->store = p->session->store;
}

enum deed_status prove_certify_how(struct prove *p, struct prove_act *act,
				   const struct prove_how *how,
				   struct deed_error *err)
{
	struct certifying c = { .p = p, .act = act, .how = how };
	enum deed_status status;

	status = house_check(p->session->home, p->session->now, err);
	if (status == DEED_OK)
		status = prove_session_keys(p->session, err);
	if (status != DEED_OK)
		return status;
	fill(&c);
	status = check_kind(&c, err);
	if (status == DEED_OK)
		status = keys_check_ended(c.store, p->party, c.enrolment->key,
					  err);
	if (status == DEED_OK)
		status = keys_check_ended(c.store, p->party,
					  c.enrolment->deposit_key, err);
	for (size_t i = 0; status == DEED_OK && i < p->external.count; i++)
		status = cert_list_add(&c.chain, p->external.items[i], err);
	if (status == DEED_OK && c.external)
		status = take_external(&c, err);
	if (status == DEED_OK && !how->no_attestation)
		status = attest(&c, err);
	if (status == DEED_OK)
		status = make_certificates(&c, err);
	if (status == DEED_OK)
		status = fill_status(&c, err);
	if (status == DEED_OK)
		status = check_not_shorter(&c, err);
	if (status == DEED_OK) {
		memcpy(act->certificate, cert_sha256(c.signature), 32);
		act->not_after = c.status.not_after;
		status = commit(&c, err);
	}
	certifying_clear(&c);
	return status;
}

enum deed_status prove_certify(struct prove *p, struct prove_act *act,
			       struct deed_error *err)
{
	const struct prove_how how = {
		.event = "verify-id",
		.attested = p->session->now,
		.record = p->item->record,
		.index = p->item->index,
		.not_after = p->session->now + INT64_C(86400) * act->days,
		.state = STATE_VERIFIED,
	};
	enum deed_status status = check_texts(act, err);

	return status == DEED_OK ? prove_certify_how(p, act, &how, err)
				 : status;
}
