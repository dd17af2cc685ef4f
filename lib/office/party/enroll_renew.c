/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_again.h"

#include "base/clock.h"
#include "office/party/enroll_repeat.h"
#include "office/party/party.h"

#define DAY INT64_C(86400)

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
		s = repeat_end(h, party, &status, &r->old_end, &revoked, &why);
	if (s != DEED_OK && err != NULL)
		*err = why;
	r->due = s == DEED_OK && !revoked &&
		 strcmp(status.state, STATE_VERIFIED) == 0 &&
		 r->old_end - now <= r->within;
	status_clear(&status);
	return s;
}

/* A certificate that ends no later is none that a nightly run should make
 * again and again: say whose end it is. */
static enum deed_status check_end(struct repeat *w,
				  const struct enroll_renewal *r,
				  struct deed_error *err)
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
	w->how.not_after = session->now + DAY * r->days;
	if (w->how.not_after <= w->old_end) {
		clock_format(w->old_end, text);
		deed_error_set(err, DEED_REFUSED,
			       "in %u days party '%s' would end no later than "
			       "it does, at %s",
			       r->days, p->party, text);
		deed_error_remedy(err, "days", NULL);
		return DEED_REFUSED;
	}
	if (w->how.not_after > end)
		w->how.not_after = end;
	if (w->how.not_after > w->old_end)
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

/* What nobody looked at for so long is looked at again. */
static enum deed_status check_age(const struct repeat *w,
				  const struct enroll_renewal *r,
				  struct deed_error *err)
{
	const struct prove *p = w->p;
	char text[CLOCK_TEXT];

	if (w->how.no_attestation ||
	    p->session->now - w->evidence.time <= r->evidence_age)
		return DEED_OK;
	clock_format(w->evidence.time, text);
	deed_error_set(err, DEED_REFUSED,
		       "the name of party '%s' was proven at %s, over %lld "
		       "days ago",
		       p->party, text, (long long)(r->evidence_age / DAY));
	deed_error_remedy(err, "verify-id", p->party);
	deed_error_remedy(err, "amend", p->party);
	return DEED_REFUSED;
}

/* Age first, then the end: evidence that is too old stands against any
 * renewal.  The ends are told in a dry run, too. */
static enum deed_status renew(struct repeat *w, struct enroll_renewal *r,
			      struct deed_error *err)
{
	struct prove *p = w->p;
	enum deed_status status;

	status = check_age(w, r, err);
	if (status == DEED_OK)
		status = check_end(w, r, err);
	r->old_end = w->old_end;
	r->not_after = w->how.not_after;
	if (status != DEED_OK || r->dry_run)
		return status;
	w->how.event = "renew";
	status = prove_issue_how(p, &w->act, &w->how, err);
	if (status == DEED_OK) {
		memcpy(r->certificate, w->act.certificate, 32);
		r->not_after = w->act.not_after;
		r->index = w->act.index;
	}
	/* The next party of the session is certified by the new one. */
	if (w->office)
		cert_list_clear(&p->session->notary_chain);
	return status;
}

enum deed_status enroll_renew(struct prove_session *session, const char *party,
			      struct enroll_renewal *r, struct deed_error *err)
{
	struct repeat w = { .office = false };
	struct prove *p = NULL;
	enum deed_status status;

	r->due = true;
	status = prove_open_in(session, party, &p, err);
	if (status == DEED_OK)
		status = repeat_open(&w, p, err);
	if (status == DEED_OK)
		status = renew(&w, r, err);
	repeat_clear(&w);
	prove_close(p);
	return status;
}
