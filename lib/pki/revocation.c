/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/revocation.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "pki/path_check.h"
#include "pki/revocation_priv.h"

void pki_evidence_clear(struct pki_evidence *e)
{
	while (e->crl_count > 0)
		crl_free(e->crls[--e->crl_count]);
	ocsp_free(e->ocsp);
	cert_free(e->signer);
	*e = (struct pki_evidence)PKI_EVIDENCE_INIT;
}

void inquiry_why(struct inquiry *in, enum nearness near, const char *fmt, ...)
{
	va_list args;

	if (near < in->near || in->have_best)
		return;
	in->near = near;
	va_start(args, fmt);
	(void)vsnprintf(in->best->message, sizeof(in->best->message), fmt,
			args);
	va_end(args);
}

void inquiry_reject(struct inquiry *in, enum nearness near, const char *what,
		    bool listed, const char *why)
{
	in->best->suspect = in->best->suspect || (listed && !in->have_best);
	inquiry_why(in, listed ? NEAR_LISTED : near, "%s%s %s", what,
		    listed ? " that lists the certificate as revoked" : "",
		    why);
}

bool inquiry_accepts_algorithm(const struct inquiry *in, struct slice algorithm)
{
	return (in->q->flags & PKI_REVOCATION_WEAK) != 0 ||
	       !pki_weak_algorithm(algorithm);
}

/* Is it dated after the time of judging?  Clocks may differ. */
static bool inquiry_is_ahead(const struct inquiry *in,
			     const struct object_times *t)
{
	int64_t limit = in->nesting.budget->latest + PKI_CLOCK_SKEW;

	return t->this_update > limit || t->produced_at > limit;
}

bool inquiry_is_current(const struct inquiry *in, const struct object_times *t)
{
	int64_t time = in->q->time;

	if (inquiry_is_ahead(in, t))
		return false;
	if (t->this_update > time + PKI_CLOCK_SKEW)
		return (in->q->flags & PKI_REVOCATION_LATER) != 0;
	if ((in->q->flags & PKI_REVOCATION_STALE) != 0)
		return true;
	if (t->has_next_update)
		return t->next_update >= time;
	return time - t->this_update <= PKI_FRESH_SECONDS;
}

/* The time stands between how and rest.  It is only told where nothing nearer
 * to an answer was met. */
static void tell_time(struct inquiry *in, const char *what, bool listed,
		      const char *how, int64_t time, const char *rest)
{
	char why[120], text[CLOCK_TEXT];

	clock_format(time, text);
	(void)snprintf(why, sizeof(why), "%s %s%s", how, text, rest);
	inquiry_reject(in, NEAR_TIME, what, listed, why);
}

/* Why it is not current. */
static void tell_times(struct inquiry *in, const struct object_times *t,
		       const char *what, bool listed)
{
	int64_t made = t->this_update > t->produced_at ? t->this_update
						       : t->produced_at;

	if (inquiry_is_ahead(in, t))
		tell_time(in, what, listed, "is not valid before", made,
			  ": it is dated after the time of judging");
	else if (t->this_update > in->q->time)
		tell_time(in, what, listed, "is not valid before",
			  t->this_update, "");
	else
		tell_time(in, what, listed, "expired at",
			  t->has_next_update
				  ? t->next_update
				  : t->this_update + PKI_FRESH_SECONDS,
			  "");
}

bool inquiry_in_time(struct inquiry *in, const struct object_times *t,
		     const char *what, bool listed)
{
	int64_t not_after = cert_fields(in->cert)->not_after;

	if (!inquiry_is_current(in, t)) {
		tell_times(in, t, what, listed);
		return false;
	}
	/* RFC 5280 3.3: after that an entry may be gone. */
	if (t->this_update > not_after &&
	    !(t->keeps && t->keeps_since <= not_after)) {
		inquiry_reject(in, NEAR_TIME, what, listed,
			       "was made after the certificate expired, and "
			       "may no longer list it");
		return false;
	}
	return true;
}

void inquiry_unusable(struct inquiry *in, const struct object_times *t,
		      const char *what, bool listed)
{
	if (inquiry_is_ahead(in, t))
		tell_times(in, t, what, listed);
	else
		inquiry_reject(in, NEAR_SCOPE, what, listed,
			       "is not proven to be old enough");
}

int64_t inquiry_signer_time(const struct inquiry *in, int64_t signed_at)
{
	/* Another time than the one asked is judged by what was then. */
	if (signed_at > in->q->time ||
	    (in->q->flags & PKI_REVOCATION_STALE) != 0)
		return signed_at;
	return in->q->time;
}

bool inquiry_is_final(const struct inquiry *in, int64_t revoked_at, int reason)
{
	return revoked_at <= in->q->time && reason != PKI_REASON_HOLD &&
	       reason != PKI_REASON_REMOVE_FROM_CRL;
}

/* Revoked for good beats all; then what was issued first after the time
 * asked, then the newest before it. */
static bool better(const struct pki_evidence *a, const struct pki_evidence *b)
{
	bool x = a->status == PKI_REVOCATION_REVOKED &&
		 a->reason != PKI_REASON_HOLD;
	bool y = b->status == PKI_REVOCATION_REVOKED &&
		 b->reason != PKI_REASON_HOLD;

	if (x != y)
		return x;
	if (x && a->revoked_at != b->revoked_at)
		return a->revoked_at < b->revoked_at;
	if (a->later != b->later)
		return a->later;
	if (a->this_update != b->this_update)
		return a->later == (a->this_update < b->this_update);
	return a->kind == PKI_EVIDENCE_OCSP && b->kind != PKI_EVIDENCE_OCSP;
}

void inquiry_offer(struct inquiry *in, struct pki_evidence *e)
{
	e->later = e->this_update > in->q->time + PKI_CLOCK_SKEW;
	e->message[0] = '\0';
	if (in->have_best && !better(e, in->best)) {
		pki_evidence_clear(e);
		return;
	}
	pki_evidence_clear(in->best);
	*in->best = *e;
	*e = (struct pki_evidence)PKI_EVIDENCE_INIT;
	in->have_best = true;
}

/* One budget for whatever nests: signers of signers do not multiply it. */
bool inquiry_spend_signature(struct inquiry *in)
{
	if (in->nesting.budget->signatures == INQUIRY_SIGNATURES) {
		inquiry_why(in, NEAR_TIME, "too many signatures to check");
		in->nesting.budget->cut = true;
		return false;
	}
	in->nesting.budget->signatures++;
	return true;
}

/* By name and key, as an anchor may be there as several certificates. */
static bool same_anchor(const struct cert *a, const struct cert *b)
{
	return cert_equal(a, b) ||
	       (slice_equal(cert_fields(a)->spki, cert_fields(b)->spki) &&
		x509_name_equal(cert_fields(a)->subject,
				cert_fields(b)->subject));
}

/* RFC 5280 6.3.3 (f): the trust anchor is that of the certificate's path. */
bool inquiry_good_signer(struct inquiry *in, struct cert *signer, int64_t time)
{
	const struct pki_revocation_query *q = in->q;
	struct pki_params params = { .source = q->source,
				     .time = time,
				     .revocation_flags = q->flags,
				     .latest = q->latest,
				     .purpose = PKI_ANY,
				     .within = &in->nesting };
	struct pki_path path;
	bool good = false;

	if (in->nesting.budget->paths == INQUIRY_PATHS) {
		in->nesting.budget->cut = true;
		inquiry_why(in, NEAR_SIGNER,
			    "too many signers would have to be judged");
		return false;
	}
	in->nesting.budget->paths++;
	if (pki_judge_path(signer, &params, &path, NULL) != DEED_OK)
		in->no_memory = true;
	else if (path.outcome != PKI_GOOD)
		inquiry_why(in, NEAR_SIGNER,
			    "the signer of a CRL is not to be believed: %s",
			    path.message);
	else if (!q->open_end &&
		 !same_anchor(path.chain[path.len - 1], q->chain[q->len - 1]))
		inquiry_why(in, NEAR_SIGNER,
			    "the signer of a CRL leads to another trust "
			    "anchor");
	else
		good = true;
	pki_path_clear(&path);
	return good;
}

/* Would the answer hang on itself? */
static bool is_circular(const struct pki_nesting *up, const struct cert *cert)
{
	for (; up != NULL; up = up->up) {
		if (cert_equal(up->cert, cert))
			return true;
	}
	return false;
}

/* What was not looked at may say "revoked": whoever can add worthless objects
 * to a document must not hide it behind them. */
static void doubt_cut(struct inquiry *in)
{
	if (!in->nesting.budget->cut || in->best->status != PKI_REVOCATION_GOOD)
		return;
	pki_evidence_clear(in->best);
	in->best->status = PKI_REVOCATION_UNKNOWN;
	in->have_best = false;
	in->near = NEAR_NOTHING;
	inquiry_why(in, NEAR_TIME,
		    "there are too many CRLs or OCSP responses to look at "
		    "them all");
}

/* Nothing spoke of this issuer: never "there is none" of what there is. */
static void tell_nothing(struct inquiry *in)
{
	bool crls = pki_source_has_crls(in->q->source);
	bool ocsps = pki_source_has_ocsps(in->q->source);
	struct buf name = BUF_INIT;

	if (in->near != NEAR_NOTHING || in->have_best || !(crls || ocsps))
		return;
	x509_name_display(cert_fields(in->cert)->issuer, &name);
	buf_byte(&name, 0);
	if (!crls)
		inquiry_why(in, NEAR_NOTHING,
			    "the OCSP responses at hand are about other "
			    "certificates, and there is no CRL");
	else
		inquiry_why(in, NEAR_NOTHING,
			    "the CRLs at hand are of other issuers than "
			    "'%.80s', and %s",
			    name.failed ? "" : (const char *)name.data,
			    ocsps ? "the OCSP responses are about other "
				    "certificates"
				  : "there is no OCSP response");
	buf_clear(&name);
}

enum deed_status pki_revocation_of(const struct pki_revocation_query *q,
				   struct pki_evidence *out,
				   struct deed_error *err)
{
	struct inquiry_budget budget = {
		.latest = (q->flags & PKI_REVOCATION_LATER) != 0 ? q->latest
								 : q->time,
	};
	struct inquiry in = {
		.q = q,
		.cert = q->chain[0],
		.issuer = q->chain[1],
		.nesting = { .up = q->within,
			     .cert = q->chain[0],
			     .depth = q->within == NULL ? 0
							: q->within->depth + 1,
			     .budget = q->within == NULL ? &budget
							 : q->within->budget },
		.best = out,
	};

	*out = (struct pki_evidence)PKI_EVIDENCE_INIT;
	out->status = PKI_REVOCATION_UNKNOWN;
	(void)snprintf(out->message, sizeof(out->message),
		       "there is no CRL or OCSP response");
	if (in.nesting.depth > PKI_REVOCATION_DEPTH ||
	    is_circular(q->within, in.cert)) {
		inquiry_why(&in, NEAR_SIGNER,
			    "the answer would hang on itself");
		return DEED_OK;
	}
	inquiry_ocsps(&in);
	inquiry_crls(&in);
	doubt_cut(&in);
	tell_nothing(&in);
	if (in.no_memory) {
		pki_evidence_clear(out);
		return deed_error_memory(err);
	}
	return DEED_OK;
}

const char *pki_reason_text(int reason)
{
	static const char *const text[] = {
		[PKI_REASON_UNSPECIFIED] = "unspecified",
		[PKI_REASON_KEY_COMPROMISE] = "keyCompromise",
		[PKI_REASON_CA_COMPROMISE] = "cACompromise",
		[PKI_REASON_AFFILIATION_CHANGED] = "affiliationChanged",
		[PKI_REASON_SUPERSEDED] = "superseded",
		[PKI_REASON_CESSATION] = "cessationOfOperation",
		[PKI_REASON_HOLD] = "certificateHold",
		[PKI_REASON_REMOVE_FROM_CRL] = "removeFromCRL",
		[PKI_REASON_PRIVILEGE_WITHDRAWN] = "privilegeWithdrawn",
		[PKI_REASON_AA_COMPROMISE] = "aACompromise",
	};

	if (reason < 0 || reason > PKI_REASON_AA_COMPROMISE ||
	    text[reason] == NULL)
		return "";
	return text[reason];
}
