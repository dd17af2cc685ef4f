/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_REVOCATION_H
#define DEED_PKI_REVOCATION_H

#include "pki/source.h"

/*
 * Is a certificate revoked?  From the CRLs (RFC 5280 6.3: complete, delta,
 * indirect, partitioned by distribution point and by reason) and OCSP
 * responses (RFC 6960) of a source, at a time that is an argument.
 *
 * Every object is checked before it is believed: its signature, the right of
 * its signer to speak for this issuer (and the signer's own path, to the same
 * anchor, and that certificate's own status), its scope, its critical
 * extensions, its times.  What was made after the time of judging counts only
 * where it says that the certificate was revoked before that.  Checks of
 * signers nest at most PKI_REVOCATION_DEPTH deep and never ask about what is
 * being asked.
 *
 * Threads: as the source.
 */
#define PKI_REVOCATION_DEPTH 4

/* Clocks differ: an object may be dated this much after the time asked. */
#define PKI_CLOCK_SKEW 300

/* An object without nextUpdate says that newer information is there at any
 * time; it counts as current for a day. */
#define PKI_FRESH_SECONDS 86400

/* CRLs that together answer for one certificate: parts by reason. */
#define PKI_EVIDENCE_CRLS 8

enum pki_revocation {
	PKI_REVOCATION_NOT_CHECKED,
	PKI_REVOCATION_GOOD,
	PKI_REVOCATION_REVOKED,
	PKI_REVOCATION_UNKNOWN,
};

/* CRLReason (RFC 5280 5.3.1). */
enum pki_reason {
	PKI_REASON_NONE = -1, /* it is not said */
	PKI_REASON_UNSPECIFIED = 0,
	PKI_REASON_KEY_COMPROMISE = 1,
	PKI_REASON_CA_COMPROMISE = 2,
	PKI_REASON_AFFILIATION_CHANGED = 3,
	PKI_REASON_SUPERSEDED = 4,
	PKI_REASON_CESSATION = 5,
	PKI_REASON_HOLD = 6,
	PKI_REASON_REMOVE_FROM_CRL = 8,
	PKI_REASON_PRIVILEGE_WITHDRAWN = 9,
	PKI_REASON_AA_COMPROMISE = 10,
};

enum pki_evidence_kind {
	PKI_EVIDENCE_NONE,
	PKI_EVIDENCE_CRL,
	PKI_EVIDENCE_OCSP,
};

/*
 * What decided about one certificate.  It holds references of its own:
 * pki_evidence_clear.  The CRLs that were needed for the answer are all
 * listed, deltas after their bases, the deciding one first.
 */
struct pki_evidence {
	/* At the time asked.  A certificate that was revoked later is GOOD,
	 * with listed set and revoked_at after that time. */
	enum pki_revocation status;
	enum pki_evidence_kind kind;
	struct crl *crls[PKI_EVIDENCE_CRLS];
	unsigned crl_count;
	struct ocsp *ocsp;
	struct cert *signer; /* who signed the deciding object */
	bool listed;	     /* revoked, at whatever time */
	int64_t revoked_at;  /* if listed */
	int reason;	     /* enum pki_reason */
	/* The deciding object's; produced_at is the OCSP response's, a CRL's
	 * is its thisUpdate. */
	int64_t this_update, produced_at;
	bool has_next_update;
	int64_t next_update;
	bool later; /* it was issued after the time asked */
	/* UNKNOWN, and something that does not count says "revoked": a list
	 * that is signed wrong, is about others, has grown old, … */
	bool suspect;
	char message[240]; /* why UNKNOWN, in words: "there is no CRL" */
};

#define PKI_EVIDENCE_INIT                 \
	{                                 \
		.reason = PKI_REASON_NONE \
	}

/* One object that might be used, for the caller to say whether it may: such
 * as whether its existence at some time is proven.  One of the two is NULL. */
typedef bool pki_usable_fn(void *arg, const struct crl *crl,
			   const struct ocsp *ocsp);

/*
 * Use what was issued after the time asked, up to the time of judging
 * (latest), too: to judge the past.  What
 * such an object does not list was not revoked at that time, unless the
 * certificate had expired before the object was made, which may then have
 * dropped it; an expiredCertsOnCRL (X.509 9.5.2.8) or archiveCutoff (RFC 6960
 * 4.4.4) that reaches back far enough says that it did not.  Of several
 * objects the first after the time is preferred, else the newest before.
 */
#define PKI_REVOCATION_LATER 1u
/* An object that is no longer current at the time asked may be used:
 * freshness is the caller's matter. */
#define PKI_REVOCATION_STALE 2u
/* Weak algorithms and short keys are the caller's matter, of revocation data
 * as of chains: it knows until when they could be relied upon. */
#define PKI_REVOCATION_WEAK 4u

struct pki_nesting; /* of revocation.c: who is being asked about */

struct pki_revocation_query {
	/* The certificate, its issuer, and on to the anchor, which is last;
	 * at least two.  With open_end the last need not be the anchor. */
	struct cert *const *chain;
	unsigned len;
	bool open_end;
	const struct pki_source *source;
	int64_t time;
	unsigned flags;
	int64_t latest; /* with PKI_REVOCATION_LATER: the time of judging */
	pki_usable_fn *usable; /* NULL: all may be used */
	void *usable_arg;
	const struct pki_nesting *within; /* NULL */
};

/* Answer; UNKNOWN is an answer.  DEED_NO_MEMORY alone fails. */
enum deed_status pki_revocation_of(const struct pki_revocation_query *q,
				   struct pki_evidence *out,
				   struct deed_error *err) DEED_MUST_USE;
void pki_evidence_clear(struct pki_evidence *e);

/* "keyCompromise"; "" where no reason is said.  Static storage. */
const char *pki_reason_text(int reason);

#endif
