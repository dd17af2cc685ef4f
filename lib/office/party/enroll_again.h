/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_AGAIN_H
#define DEED_OFFICE_ENROLL_AGAIN_H

#include "ca/crl.h"
#include "key/keygen.h"
#include "office/party/enroll.h"
#include "office/party/prove.h"

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

/*
 * New keys.  The old signature key speaks for the new one, and the house
 * certifies it at once on the evidence it holds, to the end that the old
 * certificate has; that one stays valid.
 *
 * Where the old key cannot speak any more (lost), every certificate of the
 * house for the party's keys is revoked in the same transaction, and the name
 * is to be proven anew.
 */
struct enroll_rekey {
	bool lost;
	enum key_alg key, deposit_key;
	const struct secret *passphrase; /* opens the old, protects the new */
	const struct secret *pin;	 /* of an old key on a token; or NULL */
	enum ca_reason reason;		 /* lost */
	bool dry_run;

	/* Out. */
	uint8_t fingerprint[32]; /* of the new signature key */
	uint8_t certificate[32]; /* not lost */
	int64_t not_after;	 /* not lost */
	size_t revoked;		 /* lost: how many certificates */
	uint64_t index;
};
enum deed_status enroll_rekey(struct prove_session *session, const char *party,
			      struct enroll_rekey *r,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * The office's own: a new key, all parties attested again by it, the old
 * key's certificates revoked last.  A run that was interrupted is gone on
 * with by the next.
 */
struct rekey_office {
	const struct secret *passphrase; /* the operator's */
	enum ca_reason reason;		 /* of the revocation */
	bool dry_run;
	int64_t now;
	unsigned wait;

	/* Out. */
	bool resumed;
	size_t attested; /* parties */
	size_t revoked;	 /* certificates */
	uint64_t index;	 /* of the new key's entry; 0 where resumed */
};
enum deed_status enroll_rekey_office(const struct home *h,
				     struct rekey_office *r,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Another name, number or contact: what is NULL in the form stays.  Signed
 * with the party's key; what the house certified stays until the new
 * enrolment is proven.  DEED_EXISTS where nothing is new.
 */
struct enroll_amendment {
	struct enroll_form form;	 /* kind is not looked at */
	const struct secret *passphrase; /* opens the record and the key */
	const struct secret *pin;	 /* of a key on a token; or NULL */
	struct slice request; /* of a key elsewhere, for the new name */
	bool dry_run;
	int64_t now;
	unsigned wait;
	uint64_t index; /* out */
};
enum deed_status enroll_amend(const struct home *h, struct enroll_amendment *a,
			      struct deed_error *err) DEED_MUST_USE;

#endif
