/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "pki/path_check.h"

/* CRLReason (RFC 5280 5.3.1): on hold, and of an entry in a delta that takes
 * another back. */
#define CERTIFICATE_HOLD 6
#define REMOVE_FROM_CRL 8

/* What the CRLs at hand say of one certificate. */
struct inquiry {
	const struct cert *cert;
	const struct cert *issuer;
	bool is_ca;
	int64_t time;
	bool good; /* a list that is valid now has it not */
	bool revoked;
	struct crl_entry entry;
	char why[160]; /* why the lists seen do not answer */
};

/*
 * May an entry of this list be believed?  A delta, a part or some reasons are
 * enough to know that a certificate is revoked; an indirect list's entries
 * may be another issuer's.
 */
static bool may_revoke(const struct crl_fields *f)
{
	return !f->unknown_critical && !f->indirect && !f->only_attribute;
}

/* May the absence of an entry be believed: is the list about certificates of
 * this kind, and about all of them (RFC 5280 6.3.3 (b))? */
static bool may_clear(const struct crl_fields *f, const struct inquiry *q)
{
	return !f->delta && !f->only_some_reasons && !f->partition &&
	       !(f->only_user && q->is_ca) && !(f->only_ca && !q->is_ca);
}

/* Signed by the certificate's own issuer, which may sign such lists. */
static bool is_authentic(const struct crl *crl, const struct inquiry *q)
{
	const struct cert_fields *f = cert_fields(q->issuer);

	return (!f->has_key_usage || (f->key_usage & KU_CRL_SIGN) != 0) &&
	       !pki_weak_algorithm(crl_fields(crl)->signature_algorithm) &&
	       crl_signed_by(crl, q->issuer);
}

static bool is_current(const struct crl_fields *f, int64_t time)
{
	return f->this_update <= time && f->has_next_update &&
	       f->next_update >= time;
}

/* Revoked stays revoked, even when the list has grown old; on hold is for as
 * long as the list is valid. */
static bool ask(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	char text[CLOCK_TEXT];
	struct inquiry *q = arg;
	struct crl_entry entry;
	bool listed;

	if (!may_revoke(f)) {
		(void)snprintf(q->why, sizeof(q->why),
			       "a CRL has a scope or extension that is not "
			       "processed");
		return true;
	}
	if (!is_authentic(crl, q)) {
		(void)snprintf(q->why, sizeof(q->why),
			       "a CRL is not signed by the issuer");
		return true;
	}
	if (crl_lookup(crl, cert_fields(q->cert)->serial, &listed, &entry,
		       NULL) != DEED_OK) {
		(void)snprintf(q->why, sizeof(q->why),
			       "a CRL's entries are not understood");
		return true;
	}
	if (listed && entry.revoked_at <= q->time &&
	    (entry.reason != CERTIFICATE_HOLD || is_current(f, q->time)) &&
	    entry.reason != REMOVE_FROM_CRL) {
		q->revoked = true;
		q->entry = entry;
		return false;
	}
	if (!may_clear(f, q)) {
		(void)snprintf(q->why, sizeof(q->why),
			       "a CRL has a scope that is not processed");
	} else if (f->this_update > q->time) {
		clock_format(f->this_update, text);
		(void)snprintf(q->why, sizeof(q->why),
			       "a CRL is not valid before %s", text);
	} else if (!is_current(f, q->time)) {
		clock_format(f->has_next_update ? f->next_update
						: f->this_update,
			     text);
		(void)snprintf(q->why, sizeof(q->why), "a CRL expired at %s",
			       text);
	} else {
		q->good = true;
	}
	return true;
}

static void inquire(struct pki_path *path, unsigned i,
		    const struct pki_params *params)
{
	struct inquiry q = { .cert = path->chain[i],
			     .issuer = path->chain[i + 1],
			     .is_ca = cert_fields(path->chain[i])->is_ca,
			     .time = params->time };
	char text[CLOCK_TEXT];

	pki_source_each_crl(params->source, cert_fields(q.cert)->issuer, ask,
			    &q);
	if (q.revoked) {
		path->revocation = PKI_REVOCATION_REVOKED;
		path->revoked_at = q.entry.revoked_at;
		path->reason = q.entry.reason;
		clock_format(q.entry.revoked_at, text);
		pki_path_fail(path, i, PKI_RULE_REVOKED,
			      "%s certificate was revoked at %s",
			      i == 0 ? "the" : "an issuer's", text);
	} else if (!q.good && path->outcome == PKI_GOOD) {
		path->revocation = PKI_REVOCATION_UNKNOWN;
		pki_path_fail(path, i, PKI_RULE_REVOCATION_UNKNOWN,
			      "%s for %s certificate",
			      q.why[0] == '\0' ? "there is no CRL" : q.why,
			      i == 0 ? "the" : "an issuer's");
	}
}

void pki_check_revocation(struct pki_path *path,
			  const struct pki_params *params)
{
	unsigned i;

	path->revocation = PKI_REVOCATION_GOOD;
	for (i = 0; i + 1 < path->len; i++) {
		inquire(path, i, params);
		/* A missing list hides nothing that is worse further up. */
		if (path->revocation == PKI_REVOCATION_REVOKED)
			return;
	}
}
