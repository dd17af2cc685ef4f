/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_repeat.h"

#include "office/party/evidence_held.h"
#include "office/house.h"

void repeat_clear(struct repeat *r)
{
	attestation_clear(&r->evidence);
	cert_list_clear(&r->chain);
}

/* Certificate and status end at different times: the earlier one counts. */
enum deed_status repeat_end(const struct home *h, const char *party,
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

/* May the party's certificate be made again without the party? */
static enum deed_status check_state(struct repeat *w, struct deed_error *err)
{
	const struct prove *p = w->p;
	bool revoked = false;
	enum deed_status status;

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
	status = repeat_end(p->session->home, p->party, &p->status, &w->old_end,
			    &revoked, err);
	/* An ended key is told so, with its own way. */
	if (status == DEED_OK)
		status = keys_check_ended_in(p->session->home, p->party,
					     p->status.key, err);
	if (status == DEED_OK && revoked) {
		deed_error_set(err, DEED_REFUSED,
			       "the certificate of party '%s' is revoked",
			       p->party);
		deed_error_remedy(err, "verify-id", p->party);
		status = DEED_REFUSED;
	}
	return status;
}

/* The office's own name was proven by nobody: init has no attestation. */
static enum deed_status take_evidence(struct repeat *w, struct deed_error *err)
{
	static const uint8_t none[32];
	const struct prove *p = w->p;
	enum deed_status status;

	if (w->office && memcmp(p->status.evidence, none, 32) == 0) {
		w->how.no_attestation = true;
		w->how.state = STATE_VERIFIED;
		return DEED_OK;
	}
	status = evidence_held(p->session->home, &p->status, &w->evidence, err);
	w->act.method = w->evidence.method;
	w->act.statement = w->evidence.statement;
	w->act.location = w->evidence.location;
	/* A CA that a list named is to be named by one still. */
	if (attestation_is_outside(&w->evidence) &&
	    !attestation_is_listed(&w->evidence))
		w->act.accept_ca = w->evidence.ca;
	w->how.attested = w->evidence.time;
	w->how.record = w->evidence.record;
	w->how.index = w->evidence.index;
	w->how.state = STATE_VERIFIED;
	return status;
}

/* As the certificate before has it; of one from elsewhere the house wrote
 * the deposit certificate's. */
static enum deed_status take_subject(struct repeat *w, struct deed_error *err)
{
	const struct prove *p = w->p;
	enum deed_status status;

	status = p->enrolment->external || p->external.count > 0
			 ? keys_deposit_chain(p->session->home, p->party,
					      &w->chain, err)
			 : keys_chain(p->session->home, p->party, &w->chain,
				      err);
	if (status == DEED_OK && w->chain.count == 0)
		status = deed_error_set(err, DEED_NOT_VERIFIED,
					"party '%s' has no certificate",
					p->party);
	if (status == DEED_OK)
		w->how.subject = cert_fields(w->chain.items[0])->subject;
	return status;
}

/* The keys of the session are opened last: what is refused is refused without
 * them. */
static enum deed_status take(struct repeat *r, struct deed_error *err)
{
	enum deed_status status = take_evidence(r, err);

	if (status == DEED_OK)
		status = take_subject(r, err);
	if (status == DEED_OK)
		status = prove_session_keys(r->p->session, err);
	return status;
}

static void begin(struct repeat *r, struct prove *p)
{
	memset(r, 0, sizeof(*r));
	r->p = p;
	r->office = strcmp(p->party, HOME_OFFICE) == 0;
}

enum deed_status repeat_take(struct repeat *r, struct prove *p,
			     struct deed_error *err)
{
	bool revoked;
	enum deed_status status;

	begin(r, p);
	status = repeat_end(p->session->home, p->party, &p->status, &r->old_end,
			    &revoked, err);
	return status == DEED_OK ? take(r, err) : status;
}

enum deed_status repeat_open(struct repeat *r, struct prove *p,
			     struct deed_error *err)
{
	enum deed_status status;

	begin(r, p);
	status = house_check(p->session->home, p->session->now, err);
	if (status == DEED_OK)
		status = check_state(r, err);
	return status == DEED_OK ? take(r, err) : status;
}
