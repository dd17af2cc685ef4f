/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_AUTHORITY_H
#define DEED_OFFICE_AUTHORITY_H

#include "ca/crl.h"
#include "office/home.h"
#include "pki/path.h"

/*
 * The house CA as others see it: whom the house believes, what it hands
 * out, and what it takes back.  CRLs and revocations are changed in a
 * transaction of the log.
 */

/*
 * What the house believes: its root as the only anchor, the issuing CA, the
 * newest CRL of both.  *out is the caller's, freed by pki_source_free.
 */
enum deed_status authority_source(const struct home *h, struct pki_source **out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Is the issuing CA's newest CRL still to be relied on at time now?
 * DEED_CERT_INVALID, with the command that makes a new one, if not.
 */
enum deed_status authority_crl_fresh(const struct home *h, int64_t now,
				     struct deed_error *err) DEED_MUST_USE;

/* Root and CRLs in PEM, for "verify --trust"; or the root alone.  Append. */
enum deed_status authority_bundle(const struct home *h, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status authority_root(const struct home *h, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* A new CRL, signed under the lock of the log. */
struct authority_crl {
	const struct secret *passphrase; /* the operator's, or the root's */
	bool root;	      /* of the root CA; else of the issuing CA */
	const char *root_key; /* the root's key file, if kept outside */
	bool dry_run;
	int64_t now;
	unsigned wait;
	uint64_t number;     /* out: its cRLNumber */
	size_t revoked;	     /* out: how many it lists */
	int64_t next_update; /* out */
	uint64_t index;	     /* out: of the log entry */
};
enum deed_status authority_crl(const struct home *h, struct authority_crl *c,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Revoke a certificate of the issuing CA, by party (its signature and its
 * deposit certificate) or by serial number, and publish the CRL that says
 * so.  DEED_NOT_FOUND; DEED_EXISTS if it is revoked already; a party whose
 * certificate is not of this house is DEED_REFUSED, and so is the office's
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

#endif
