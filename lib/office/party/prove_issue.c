/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_issue_priv.h"

#include "base/clock.h"
#include "ca/certificate.h"
#include "ca/issuers.h"
#include "event/event_timestamp.h"
#include "office/house.h"
#include "office/party/publish.h"
#include "office/party/subject.h"
#include "sign/statement.h"

static void issuing_clear(struct prove_issuing *c)
{
	cert_list_clear(&c->chain);
	buf_clear(&c->attestation);
	cert_free(c->signature);
	cert_free(c->deposit);
	status_clear(&c->status);
}

/* Salted commitments and no numbers: an attestation is shown to others. */
static void commit_contact(const struct enrolment *e, struct attestation *a)
{
	evidence_commit(e->salt, "id", e->id, a->id);
	if (e->phone != NULL)
		evidence_commit(e->salt, "phone", e->phone, a->phone);
	if (e->email != NULL)
		evidence_commit(e->salt, "email", e->email, a->email);
}

/* Borrows its texts: it is written and forgotten. */
static enum deed_status attest(struct prove_issuing *c, struct deed_error *err)
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
		status = event_timestamp_statement(
			c->p->session->home->timestamps, &c->attestation, err);
	if (status == DEED_OK)
		sha256(buf_get(&c->attestation), c->act->attestation);
	return status;
}

/* The issuers are loaded for each certificate, as its addresses name the
 * generation of the CA in use. */
static enum deed_status issue(struct prove_issuing *c, enum ca_profile profile,
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
		status = ca_issue(&t, ca_issuers_current(&issuers)->cert,
				  c->p->session->issuing, out, err);
	ca_issuers_clear(&issuers);
	publish_urls_clear(&urls);
	return status;
}

/* Somebody else's certificate: it must be for this key, this name and now,
 * and somebody must have named its CA. */
static enum deed_status take_external(struct prove_issuing *c,
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

/* The deposit certificate is the house's in any case: another CA answers for
 * the signature key alone.  Both have the same name. */
static enum deed_status make_certificates(struct prove_issuing *c,
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
		status = issue(c,
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
		status = issue(c,
			       organisation ? CA_ORGANISATION_DEPOSIT
					    : CA_PERSON_DEPOSIT,
			       buf_get(&subject), c->deposit_spki, &c->deposit,
			       err);
	buf_clear(&subject);
	return status;
}

/* A status ends no later than what it stands on. */
static int64_t status_end(const struct prove_issuing *c)
{
	int64_t end = c->how->not_after;
	int64_t own = cert_fields(c->signature)->not_after;
	const struct cert_list *chain = c->office ? &c->chain : c->notary_chain;
	int64_t notary = cert_fields(chain->items[0])->not_after;

	end = own < end ? own : end;
	return notary < end ? notary : end;
}

/* The status is what everybody looks at: who the party is now, with which
 * keys, and until when. */
static enum deed_status fill_status(struct prove_issuing *c,
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

/*
 * The word of a notary makes others' names believed, so no enrolment makes
 * one: there is the office's own, in the first entry of the log.
 */
static enum deed_status check_kind(struct prove_issuing *c,
				   struct deed_error *err)
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
static enum deed_status check_not_shorter(const struct prove_issuing *c,
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

/* They go into a statement that is kept for good; the limit is for each. */
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
static void fill(struct prove_issuing *c)
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

/* The attestation is made before the certificates, which have its hash in
 * them.  Everything is signed before the lock is taken but the status. */
enum deed_status prove_issue_how(struct prove *p, struct prove_act *act,
				 const struct prove_how *how,
				 struct deed_error *err)
{
	struct prove_issuing c = { .p = p, .act = act, .how = how };
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
		status = prove_record(&c, err);
	}
	issuing_clear(&c);
	return status;
}

enum deed_status prove_issue(struct prove *p, struct prove_act *act,
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

	return status == DEED_OK ? prove_issue_how(p, act, &how, err) : status;
}
