/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_STORE_H
#define DEED_CA_STORE_H

#include "ca/crl.h"
#include "key/cert.h"

/*
 * The house CA's directory:
 *
 *	root.cer issuing.cer	certificates of root and issuing CA, DER
 *	root.crl issuing.crl	the newest CRL of each, DER
 *	issuing-N.cer -N.crl	of those before it (ca/issuers.h)
 *	issued/SERIAL.cer	every certificate of the issuing CAs
 *	revoked/SERIAL.json	{"schema":"deed.revoked/1", serial, time,
 *				reason} for each that was revoked
 *	ended/KEY.json		{"schema":"deed.ended/1", key, time} for each
 *				key that is never certified again; KEY is the
 *				SHA-256 of its SubjectPublicKeyInfo
 *
 * SERIAL is hexadecimal.  Files are made whole and never changed, but the
 * CRLs, which are replaced; so readers need no lock.  Writers change it in a
 * transaction of the log alone, under its lock.
 */
struct ca_store;

/* Load root and issuing certificate.  DEED_NOT_FOUND, DEED_DAMAGED. */
enum deed_status ca_store_open(const char *dir, struct ca_store **out,
			       struct deed_error *err) DEED_MUST_USE;
void ca_store_close(struct ca_store *store);

/* Borrowed. */
struct cert *ca_store_root(const struct ca_store *store);
struct cert *ca_store_issuing(const struct ca_store *store);

/* Where a certificate, or the word of its revocation, belongs.  Allocated. */
enum deed_status ca_store_issued_path(const struct ca_store *store,
				      const struct cert *c, char **out,
				      struct deed_error *err) DEED_MUST_USE;
enum deed_status ca_store_revoked_path(const struct ca_store *store,
				       const struct cert *c, char **out,
				       struct deed_error *err) DEED_MUST_USE;

/* Did an issuing CA of the house, of now or before, issue just this? */
enum deed_status ca_store_has(const struct ca_store *store,
			      const struct cert *c, bool *has,
			      struct deed_error *err) DEED_MUST_USE;

/* Is there a word of revocation for it? */
enum deed_status ca_store_is_revoked(const struct ca_store *store,
				     const struct cert *c, bool *revoked,
				     struct deed_error *err) DEED_MUST_USE;

/* What it says, where there is one. */
enum deed_status ca_store_revocation(const struct ca_store *store,
				     const struct cert *c,
				     struct ca_revoked *out, bool *revoked,
				     struct deed_error *err) DEED_MUST_USE;

/* Add the certificates that the issuing CA gave this key (SHA-256 of its
 * SPKI) and did not revoke. */
enum deed_status ca_store_of_key(const struct ca_store *store,
				 const uint8_t key[32], struct cert_list *out,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * A key that was revoked as compromised is never certified again: where that
 * is written down (the directory exists afterwards), what is written, and
 * whether it is.  The house's own certificates that were revoked for this
 * reason say so as well.
 */
enum deed_status ca_store_ended_path(const struct ca_store *store,
				     const uint8_t key[32], char **out,
				     struct deed_error *err) DEED_MUST_USE;
enum deed_status ca_ended_write(const uint8_t key[32], int64_t time,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status ca_store_key_ended(const struct ca_store *store,
				    const uint8_t key[32], bool *ended,
				    struct deed_error *err) DEED_MUST_USE;

/* What a revoked/SERIAL.json holds.  Appends to out. */
enum deed_status ca_revoked_write(const struct ca_revoked *r, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/* The entry that a CRL would have for c. */
enum deed_status ca_revoked_of(const struct cert *c, int64_t time,
			       enum ca_reason reason, struct ca_revoked *out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Everything revoked so far, in order of serial numbers; *out is freed with
 * free().  A file that cannot be read is DEED_DAMAGED: a CRL that forgets
 * one would say that it is good.
 */
enum deed_status ca_store_revoked(const struct ca_store *store,
				  struct ca_revoked **out, size_t *count,
				  struct deed_error *err) DEED_MUST_USE;

/* The certificate that the issuing CA gave this number (hexadecimal):
 * DEED_NOT_FOUND. */
enum deed_status ca_store_find(const struct ca_store *store, const char *serial,
			       struct cert **out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
