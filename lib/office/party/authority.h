/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_AUTHORITY_H
#define DEED_OFFICE_AUTHORITY_H

#include "ca/crl.h"
#include "ca/issuers.h"
#include "event/event.h"
#include "keystore/keyfile.h"
#include "office/home.h"
#include "office/keys.h"
#include "pki/path.h"

/*
 * The house CA as others see it: whom the house believes, what it hands
 * out, and what it takes back.  CRLs and revocations are changed in a
 * transaction of the log.
 */

/*
 * What the house believes: its root as the only anchor, the issuing CAs it
 * has had, the newest CRL of each.  *out is the caller's, freed by
 * pki_source_free.
 */
enum deed_status authority_source(const struct home *h, struct pki_source **out,
				  struct deed_error *err) DEED_MUST_USE;

/* Is it a certificate of the house?  One that leads to no CA that the house
 * holds may be, where the certificate of an earlier CA is missing: it is told
 * by what was issued. */
enum deed_status authority_issued(const struct home *h, const struct cert *c,
				  bool *ours,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Are the newest CRLs still to be relied on at time now?  Of an earlier
 * issuing CA only until its own certificate has ended.
 * DEED_CERT_INVALID, with the command that makes a new one, if not.
 */
enum deed_status authority_crl_fresh(const struct home *h, int64_t now,
				     struct deed_error *err) DEED_MUST_USE;

/* Root and CRLs in PEM, for "verify --trust"; or the root alone.  Append. */
enum deed_status authority_bundle(const struct home *h, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;
/* That of the home at a path, which is opened for it. */
enum deed_status authority_bundle_of(const char *home, struct buf *out,
				     struct deed_error *err) DEED_MUST_USE;
enum deed_status authority_root(const struct home *h, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* One CRL that was made. */
struct authority_list {
	unsigned generation; /* of the issuing CA; 0: the root */
	uint64_t number;     /* its cRLNumber */
	size_t revoked;	     /* how many it names */
	int64_t next_update;
};

/*
 * New CRLs, signed under the lock of the log: of the root, or of the issuing
 * CA and of each earlier one whose certificate has not ended.
 */
struct authority_crl {
	const struct secret *passphrase; /* the operator's, or the root's */
	bool root;	      /* of the root CA; else of the issuing CA */
	const char *root_key; /* the root's key file, if kept outside */
	bool dry_run;
	int64_t now;
	unsigned wait;
	struct authority_list list[CA_ISSUERS_MAX]; /* out: the newest first */
	size_t lists;				    /* out: at least 1 */
	uint64_t index;				    /* out: of the log entry */
};
enum deed_status authority_crl(const struct home *h, struct authority_crl *c,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * A new issuing CA under the root takes the place of the one in use, which
 * becomes an earlier one (ca/issuers.h): what it certified stays good.  The
 * archive's key is certified by the new one in the same transaction.
 * DEED_CERT_INVALID: the root has ended.
 */
struct authority_renewal {
	const struct secret *operator_passphrase; /* of the issuing CA's keys */
	const struct secret *root_passphrase;
	const char *root_key; /* the root's key file, if kept outside */
	unsigned days;	      /* of validity; cut to the root's */
	bool dry_run;
	int64_t now;
	unsigned wait;
	unsigned generation;	 /* out: the new CA is the N-th */
	uint8_t certificate[32]; /* out: its SHA-256 */
	int64_t not_after;	 /* out */
	uint64_t index;		 /* out: of the log entry */
	/* Out: slots of the present key that the new one lacks. */
	char slot[KEYFILE_MAX_SLOTS][KEYFILE_LABEL_MAX + 1];
	size_t slots;
};
enum deed_status authority_renew(const struct home *h,
				 struct authority_renewal *r,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Revoke a certificate of an issuing CA, by party (all that its keys have) or
 * by serial number, and publish the CRLs that say so.  A key that is
 * compromised is ended: all its certificates are revoked, and it is never
 * certified again (ca/store.h).  DEED_NOT_FOUND; DEED_EXISTS if it is
 * revoked already; a party whose certificate is not of this house is
 * DEED_REFUSED, and so is the office's
 * own unless office is set, as by who replaces it.
 */
struct authority_revocation {
	const struct secret *passphrase; /* the operator's */
	const char *party;		 /* or NULL */
	const char *serial;		 /* or NULL */
	enum ca_reason reason;
	bool office; /* also what the office works with (office/house.h) */
	bool dry_run;
	int64_t now;
	unsigned wait;
	size_t revoked; /* out: how many certificates */
	uint64_t index; /* out: of the log entry */
};
enum deed_status authority_revoke(const struct home *h,
				  struct authority_revocation *r,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * The same within a transaction, under the lock: revoke every certificate of
 * the house for these keys, with new CRLs; nothing where there is none.
 * issuing is the key of the CA in use; the passphrase opens those of earlier
 * ones.
 */
enum deed_status authority_revoke_in(const struct home *h,
				     const struct signing_key *issuing,
				     const struct secret *passphrase,
				     const struct key_hash *keys, size_t count,
				     enum ca_reason reason, int64_t now,
				     struct event *ev, size_t *revoked,
				     struct deed_error *err) DEED_MUST_USE;

#endif
