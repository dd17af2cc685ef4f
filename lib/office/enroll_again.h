/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_AGAIN_H
#define DEED_OFFICE_ENROLL_AGAIN_H

#include "ca/crl.h"
#include "key/keygen.h"
#include "office/enroll.h"
#include "office/prove.h"

/*
 * What comes after a party's first enrolment.  Each is one transaction of
 * the log: there is the old state or the new one.
 */

/*
 * The same key, a new certificate, on the same evidence: a new attestation
 * repeats when, how and by what the name was proven.
 */
struct enroll_renewal {
	int64_t within;	      /* due if it ends so soon, in seconds; -1: now */
	int64_t evidence_age; /* no older than so many seconds */
	unsigned days;	      /* how long the new certificate holds */
	bool dry_run;

	/* Out. */
	bool due; /* else nothing was done */
	uint8_t certificate[32];
	int64_t old_end, not_after;
	uint64_t index;
};

/*
 * Is it due, as far as public data tell?  A party that is not proven, is
 * suspended, or whose certificate was revoked is none: renewing is not how
 * it goes on.  r->old_end is set.
 */
enum deed_status enroll_due(const struct home *h, const char *party,
			    int64_t now, struct enroll_renewal *r,
			    struct deed_error *err) DEED_MUST_USE;

/* DEED_REFUSED and DEED_NOT_VERIFIED name the way. */
enum deed_status enroll_renew(struct prove_session *session, const char *party,
			      struct enroll_renewal *r,
			      struct deed_error *err) DEED_MUST_USE;

#endif
