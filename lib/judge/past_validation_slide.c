/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/past_validation_private.h"

#include <stdio.h>

#include "judge/judge_private.h"

/* ---- what may be used ---- */

struct filter {
	const struct past_validation_slide *slide;
	bool refused; /* something was there, but too late */
};

static int64_t time_of(const struct judge_params *params, struct slice object)
{
	return existence_time(judge_existence(params), object, params->at);
}

static bool is_usable(void *arg, const struct crl *crl, const struct ocsp *ocsp)
{
	struct filter *f = arg;
	const struct judge_params *params = f->slide->q->params;
	struct slice object =
		crl != NULL ? crl_fields(crl)->der : ocsp_fields(ocsp)->basic;
	int64_t issued = crl != NULL ? crl_fields(crl)->this_update
				     : ocsp_fields(ocsp)->produced_at;

	/* 5.6.2.2 a), b): issued, and proven to exist, by the time for which
	 * its issuer is known to be good. */
	if (issued - PKI_CLOCK_SKEW <= f->slide->control &&
	    time_of(params, object) <= f->slide->control)
		return true;
	f->refused = true;
	return false;
}

/* The proven time of a CRL or OCSP response, now where none is. */
static int64_t evidence_time(const struct judge_params *params,
			     const struct pki_evidence *e)
{
	int64_t latest = INT64_MIN, t;
	unsigned i;

	if (e->ocsp != NULL)
		return time_of(params, ocsp_fields(e->ocsp)->basic);
	for (i = 0; i < e->crl_count; i++) {
		t = time_of(params, crl_fields(e->crls[i])->der);
		latest = t > latest ? t : latest;
	}
	return e->crl_count == 0 ? params->at : latest;
}

/* ---- one certificate ---- */

/* Time goes down only, and the cause is that of the last step down. */
static void slide_to(struct past_validation_slide *s, unsigned i, int64_t time,
		     enum past_validation_cause cause)
{
	if (time >= s->control)
		return;
	s->control = time;
	s->cause = cause;
	s->at = i;
}

/* Lists and answers of an authority that has expired since: they say
 * something only if they are proven to be older than that. */
static bool signer_was_good(const struct past_validation_slide *s,
			    const struct pki_evidence *e)
{
	return e->signer == NULL || evidence_time(s->q->params, e) <=
					    cert_fields(e->signer)->not_after;
}

/* Data that is newer than the time asked for may be used, and weak algorithms
 * are let through: what these do to the control time is the matter of
 * slide_weak. */
static enum deed_status ask(struct past_validation_slide *s, unsigned i,
			    int64_t time, unsigned flags, struct filter *filter,
			    struct pki_evidence *e, struct deed_error *err)
{
	struct pki_revocation_query query = {
		.chain = s->path->chain + i,
		.len = s->path->len - i,
		.source = s->q->source,
		.time = time,
		.flags = flags | PKI_REVOCATION_LATER | PKI_REVOCATION_WEAK,
		.latest = s->q->params->at,
		.usable = is_usable,
		.usable_arg = filter,
	};

	pki_evidence_clear(e);
	return pki_revocation_of(&query, e, err);
}

/* What is current says most; then what is newest; then what was said after
 * the signature. */
static enum deed_status ask_all(struct past_validation_slide *s, unsigned i,
				struct filter *filter, struct pki_evidence *e,
				struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(s->path->chain[i]);
	int64_t time = f->not_after < s->control ? f->not_after : s->control;
	char why[sizeof(e->message)];
	enum deed_status status;

	status = ask(s, i, time, 0, filter, e, err);
	memcpy(why, e->message, sizeof(why));
	if (status == DEED_OK && e->status == PKI_REVOCATION_UNKNOWN)
		status = ask(s, i, time, PKI_REVOCATION_STALE, filter, e, err);
	if (status == DEED_OK && e->status == PKI_REVOCATION_UNKNOWN &&
	    s->when < time)
		status = ask(s, i, s->when, PKI_REVOCATION_STALE, filter, e,
			     err);
	/* What was wrong in the first place is told. */
	if (status == DEED_OK && e->status == PKI_REVOCATION_UNKNOWN)
		memcpy(e->message, why, sizeof(why));
	return status;
}

/* What is not listed is good until the data ends (5.2.5, 5.6.2.2 c)). */
static void slide_fresh(struct past_validation_slide *s, unsigned i,
			const struct pki_evidence *e)
{
	int64_t until = e->has_next_update ? e->next_update
					   : e->this_update + PKI_FRESH_SECONDS;

	/* For what is proven; else the time of signing is now, and nothing
	 * is newer than that. */
	if (s->policy->freshness == FRESHNESS_AFTER_SIGNATURE && s->q->proven &&
	    e->this_update < s->when)
		until = e->this_update;
	if (s->policy->has_age && e->this_update + s->policy->age < until)
		until = e->this_update + s->policy->age;
	if (s->policy->freshness != FRESHNESS_ANY && until < s->control)
		slide_to(s, i, until, PAST_STALE);
}

/* An algorithm that cannot be read is never accepted, and slides as far as it
 * goes.  Where the key of the signer is not known, the algorithm alone
 * decides. */
static enum deed_status slide_weak(struct past_validation_slide *s, unsigned i,
				   struct slice algorithm,
				   const struct cert *signer, const char *of,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const struct pubkey *pk = NULL;
	char what[CONSTRAINTS_WHAT];
	struct sig_alg alg;
	int64_t until;

	if (signer != NULL)
		status = cert_pubkey(signer, &pk, NULL);
	/* Else the size of the key would not be asked for. */
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (sig_alg_parse(algorithm, &alg, NULL) != DEED_OK) {
		until = CONSTRAINTS_NEVER;
		(void)snprintf(what, sizeof(what), "an unknown algorithm");
	} else {
		until = constraints_until(s->policy, &alg, pk, what);
	}
	if (until > s->control)
		return DEED_OK;
	slide_to(s, i,
		 until == CONSTRAINTS_NEVER ? CONSTRAINTS_NEVER : until - 1,
		 PAST_WEAK);
	(void)snprintf(s->why, sizeof(s->why), "%s (%s)", what, of);
	return DEED_OK;
}

/* Revocation data is worth no more than its own signature: forged with a
 * broken algorithm it could say that everything is good. */
static enum deed_status slide_weak_evidence(struct past_validation_slide *s,
					    unsigned i,
					    const struct pki_evidence *e,
					    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned k;

	if (e->ocsp != NULL)
		status = slide_weak(s, i,
				    ocsp_fields(e->ocsp)->signature_algorithm,
				    e->signer, "an OCSP response", err);
	for (k = 0; status == DEED_OK && k < e->crl_count; k++)
		status = slide_weak(s, i,
				    crl_fields(e->crls[k])->signature_algorithm,
				    e->signer, "a CRL", err);
	return status;
}

/* The first revocation that is met is the one nearest to the anchor, and it is
 * the one to tell.  An entry from after the proven time only lowers the
 * control time. */
static enum deed_status apply(struct past_validation_slide *s, unsigned i,
			      const struct pki_evidence *e,
			      struct deed_error *err)
{
	if (e->listed) {
		if (e->revoked_at <= s->when && !s->revoked) {
			s->revoked = true;
			s->revoked_at = e->revoked_at;
			s->reason = e->reason;
			s->revoked_cert = i;
		}
		slide_to(s, i, e->revoked_at, PAST_REVOKED);
	} else {
		s->leaf_known = s->leaf_known || i == 0;
		slide_fresh(s, i, e);
	}
	return slide_weak_evidence(s, i, e, err);
}

/* Data that was there but refused lacks a proof of its time and not data: the
 * reader is told to get another time-stamp, not a newer list. */
static enum deed_status revocation(struct past_validation_slide *s, unsigned i,
				   struct deed_error *err)
{
	struct filter filter = { .slide = s };
	struct pki_evidence e = PKI_EVIDENCE_INIT;
	enum deed_status status;

	status = ask_all(s, i, &filter, &e, err);
	if (status != DEED_OK)
		goto out;
	if (e.status == PKI_REVOCATION_UNKNOWN ||
	    e.status == PKI_REVOCATION_NOT_CHECKED) {
		s->lack = filter.refused ? PAST_LACKS_PROOF : PAST_LACKS_DATA;
		s->at = i;
		(void)snprintf(s->why, sizeof(s->why), "%s", e.message);
	} else if (!signer_was_good(s, &e)) {
		s->lack = PAST_LACKS_SIGNER;
		s->at = i;
	} else {
		status = apply(s, i, &e, err);
	}
out:
	pki_evidence_clear(&e);
	return status;
}

/* 5.6.2.2 b): what an authority issued counts where it is proven to be from
 * the time for which the authority is known to be good. */
static bool is_proven(struct past_validation_slide *s, unsigned i)
{
	const struct cert *c = s->path->chain[i];

	if (time_of(s->q->params, cert_fields(c)->der) <= s->control)
		return true;
	s->lack = PAST_LACKS_CERTIFICATE;
	s->at = i;
	return false;
}

enum deed_status past_validation_slide(struct past_validation_slide *s,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	s->control = s->q->params->at;
	for (i = s->path->len; status == DEED_OK && i-- > 1;) {
		const struct cert *c = s->path->chain[i - 1];

		if (!is_proven(s, i - 1))
			return DEED_OK;
		if (s->q->params->no_revocation) {
			if (i - 1 > 0)
				slide_to(s, i - 1, cert_fields(c)->not_after,
					 PAST_EXPIRED);
		} else {
			status = revocation(s, i - 1, err);
		}
		if (status != DEED_OK || s->lack != PAST_LACKS_NOTHING)
			return status;
		status = slide_weak(s, i - 1,
				    cert_fields(c)->signature_algorithm,
				    s->path->chain[i], "a certificate", err);
	}
	return status;
}
