/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_PAST_VALIDATION_PRIVATE_H
#define DEED_JUDGE_PAST_VALIDATION_PRIVATE_H

#include "judge/past_validation.h"

/* What past_validation.c and past_validation_slide.c share. */

/* Why the time slid back last. */
enum past_validation_cause {
	PAST_NOTHING,
	PAST_REVOKED,
	PAST_STALE,   /* the revocation data ends there */
	PAST_WEAK,    /* an algorithm of the chain ended */
	PAST_EXPIRED, /* an authority did, and revocation is not asked for */
};

/* Why there is no revocation data that may be used. */
enum past_validation_lack {
	PAST_LACKS_NOTHING,
	PAST_LACKS_DATA,
	PAST_LACKS_PROOF,	/* it is there, but only since too late */
	PAST_LACKS_CERTIFICATE, /* nor is a certificate older */
	PAST_LACKS_SIGNER,	/* it is there only since its signer expired */
};

/* One walk down a chain. */
struct past_validation_slide {
	const struct past_validation_query *q;
	const struct constraints *policy;
	const struct pki_path *path; /* the leaf's first, the anchor last */
	int64_t when;		     /* the proven time of the signature */
	int64_t control;	     /* to where it slid */
	enum past_validation_cause cause;
	unsigned at; /* which certificate was the cause or lacks something */
	enum past_validation_lack lack;
	char why[240]; /* what lacks, or what is weak */
	bool revoked;  /* some certificate, at or before when */
	unsigned revoked_cert;
	int64_t revoked_at;
	int reason;
	bool leaf_known; /* the leaf's status is known, and it is good */
};

enum deed_status past_validation_slide(struct past_validation_slide *s,
				       struct deed_error *err) DEED_MUST_USE;

#endif
