/* SPDX-License-Identifier: Apache-2.0 */
#include "office/enroll_again.h"

#include "base/clock.h"
#include "office/evidence_held.h"
#include "office/house.h"
#include "office/party.h"
#include "office/prove_priv.h"

#define DAY INT64_C(86400)

/* Certificate and status end at different times: the earlier one counts. */
static enum deed_status own_end(const struct home *h, const char *party,
				const struct status *status, int64_t *end,
				bool *revoked, struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct ca_store *store = NULL;
	enum deed_status s;

	*end = status->not_after;
	*revoked = false;
	s = keys_chain(h, party, &chain, err);
	if (s == DEED_OK)
		s = ca_store_open(h->ca, &store, err);
	if (s == DEED_OK && chain.count > 0) {
		int64_t own = cert_fields(chain.items[0])->not_after;

		*end = own < *end ? own : *end;
		s = ca_store_is_revoked(store, chain.items[0], revoked, err);
	}
	ca_store_close(store);
	cert_list_clear(&chain);
	return s;
}

enum deed_status enroll_due(const struct home *h, const char *party,
			    int64_t now, struct enroll_renewal *r,
			    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct status status;
	uint64_t signpost;
	bool revoked = false;
	enum deed_status s;

	r->due = false;
	memset(&status, 0, sizeof(status));
	s = party_signpost(h, party, &signpost, err);
	if (s != DEED_OK)
		return s;
	s = party_status(h, party, now, &status, &why);
	if (s == DEED_NOT_VERIFIED) {
		status_clear(&status);
		return DEED_OK;
	}
	if (s == DEED_OK)
		s = own_end(h, party, &status, &r->old_end, &revoked, &why);
	if (s != DEED_OK && err != NULL)
		*err = why;
	r->due = s == DEED_OK && !revoked &&
		 strcmp(status.state, STATE_VERIFIED) == 0 &&
		 r->old_end - now <= r->within;
	status_clear(&status);
	return s;
}

struct renewing {
	struct prove *p;
	struct enroll_renewal *r;
	struct attestation evidence;
	struct cert_list chain; /* whose name is taken over */
	struct prove_act act;
	struct prove_how how;
	bool office;
};

/* May the party's certificate be made again without the party? */
static enum deed_status check_state(struct renewing *w, struct deed_error *err)
{
	const struct prove *p = w->p;
	bool revoked = false;
	enum deed_status s;

	if (!p->has_status) {
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "the identity of party '%s' is not verified",
			       p->party);
		deed_error_remedy(err, "verify-id", p->party);
		return DEED_NOT_VERIFIED;
	}
	if (strcmp(p->status.state, STATE_VERIFIED) != 0) {
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "party '%s' is suspended", p->party);
		deed_error_remedy(err, "lift", p->party);
		return DEED_NOT_VERIFIED;
	}
	if (p->status.enrolment != p->item->index) {
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "party '%s' was enrolled anew since its name "
			       "was proven",
			       p->party);
		deed_error_remedy(err, "verify-id", p->party);
		return DEED_NOT_VERIFIED;
	}
	s = own_end(p->session->home, p->party, &p->status, &w->r->old_end,
		    &revoked, err);
	/* An ended key is told so, with its own way. */
	if (s == DEED_OK)
		s = keys_check_ended_in(p->session->home, p->party,
					p->status.key, err);
	if (s == DEED_OK && revoked) {
		deed_error_set(err, DEED_REFUSED,
			       "the certificate of party '%s' is revoked",
			       p->party);
		deed_error_remedy(err, "verify-id", p->party);
		s = DEED_REFUSED;
	}
	return s;
}

/* The office's own name was proven by nobody: init has no attestation. */
static enum deed_status check_evidence(struct renewing *w,
				       struct deed_error *err)
{
	static const uint8_t none[32];
	const struct prove *p = w->p;
	char text[CLOCK_TEXT];
	enum deed_status s;

	if (w->office && memcmp(p->status.evidence, none, 32) == 0) {
		w->how.no_attestation = true;
		return DEED_OK;
	}
	s = evidence_held(p->session->home, &p->status, &w->evidence, err);
	if (s != DEED_OK ||
	    p->session->now - w->evidence.time <= w->r->evidence_age)
		return s;
	clock_format(w->evidence.time, text);
	deed_error_set(err, DEED_REFUSED,
		       "the name of party '%s' was proven at %s, over %lld "
		       "days ago",
		       p->party, text, (long long)(w->r->evidence_age / DAY));
	deed_error_remedy(err, "verify-id", p->party);
	deed_error_remedy(err, "amend", p->party);
	return DEED_REFUSED;
}

/* As the certificate before has it; of one from elsewhere the house wrote
 * the deposit certificate's. */
static enum deed_status take_subject(struct renewing *w, struct deed_error *err)
{
	const struct prove *p = w->p;
	enum deed_status s;

	s = p->enrolment->external
		    ? keys_deposit_chain(p->session->home, p->party, &w->chain,
					 err)
		    : keys_chain(p->session->home, p->party, &w->chain, err);
	if (s == DEED_OK && w->chain.count == 0)
		s = deed_error_set(err, DEED_NOT_VERIFIED,
				   "party '%s' has no certificate", p->party);
	if (s == DEED_OK)
		w->how.subject = cert_fields(w->chain.items[0])->subject;
	return s;
}

/* A certificate that ends no later is none that a nightly run should make
 * again and again: say whose end it is. */
static enum deed_status check_end(struct renewing *w, struct deed_error *err)
{
	const struct prove *p = w->p;
	struct prove_session *session = p->session;
	const struct cert *limit = w->office ? ca_store_issuing(session->store)
					     : session->notary_chain.items[0];
	const char *whose = w->office ? "the issuing CA" : "the office";
	int64_t end = cert_fields(limit)->not_after;
	bool elsewhere = false;
	char text[CLOCK_TEXT];

	if (p->external.count > 0 &&
	    cert_fields(p->external.items[0])->not_after < end) {
		end = cert_fields(p->external.items[0])->not_after;
		whose = "another CA";
		elsewhere = true;
	}
	w->how.not_after = session->now + DAY * w->r->days;
	if (w->how.not_after <= w->r->old_end) {
		clock_format(w->r->old_end, text);
		deed_error_set(err, DEED_REFUSED,
			       "in %u days party '%s' would end no later than "
			       "it does, at %s",
			       w->r->days, p->party, text);
		deed_error_remedy(err, "days", NULL);
		return DEED_REFUSED;
	}
	if (w->how.not_after > end)
		w->how.not_after = end;
	if (w->how.not_after > w->r->old_end)
		return DEED_OK;
	clock_format(end, text);
	deed_error_set(err, DEED_REFUSED,
		       "renewed, party '%s' would end no later: the "
		       "certificate of %s holds to %s",
		       p->party, whose, text);
	deed_error_remedy(err,
			  !elsewhere ? w->office ? "ca-renew" : "renew-office"
			  : kind_is_organisation(p->enrolment->kind)
				  ? "enroll-org"
				  : "enroll-person",
			  p->party);
	return DEED_REFUSED;
}

static enum deed_status renew(struct renewing *w, struct deed_error *err)
{
	struct prove *p = w->p;
	enum deed_status s;

	w->office = strcmp(p->party, HOME_OFFICE) == 0;
	s = house_check(p->session->home, p->session->now, err);
	if (s == DEED_OK)
		s = check_state(w, err);
	if (s == DEED_OK)
		s = check_evidence(w, err);
	if (s == DEED_OK)
		s = take_subject(w, err);
	if (s == DEED_OK)
		s = prove_session_keys(p->session, err);
	if (s == DEED_OK)
		s = check_end(w, err);
	if (s != DEED_OK || w->r->dry_run) {
		w->r->not_after = w->how.not_after;
		return s;
	}
	w->act.method = w->evidence.method;
	w->act.statement = w->evidence.statement;
	w->act.location = w->evidence.location;
	w->how.event = "renew";
	w->how.attested = w->evidence.time;
	w->how.record = w->evidence.record;
	w->how.index = w->evidence.index;
	w->how.state = STATE_VERIFIED;
	s = prove_certify_how(p, &w->act, &w->how, err);
	if (s == DEED_OK) {
		memcpy(w->r->certificate, w->act.certificate, 32);
		w->r->not_after = w->act.not_after;
		w->r->index = w->act.index;
	}
	/* The next party of the session is certified by the new one. */
	if (w->office)
		cert_list_clear(&p->session->notary_chain);
	return s;
}

enum deed_status enroll_renew(struct prove_session *session, const char *party,
			      struct enroll_renewal *r, struct deed_error *err)
{
	struct renewing w = { .r = r };
	enum deed_status s;

	r->due = true;
	s = prove_open_in(session, party, &w.p, err);
	if (s == DEED_OK)
		s = renew(&w, err);
	attestation_clear(&w.evidence);
	cert_list_clear(&w.chain);
	prove_close(w.p);
	return s;
}
