/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_STATEMENT_H
#define DEED_SIGN_STATEMENT_H

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "key/cert.h"
#include "key/signing_key.h"
#include "pki/path.h"

/*
 * A statement: what one party asserts to others (attestation, status,
 * enrolment, manifest, ...).  One form for all of them: canonical JSON
 * (RFC 8785; integers and ASCII member names only) with a member "type" such
 * as "deed.status/1", as the embedded content (id-data) of a CMS SignedData
 * (RFC 5652) with exactly one signer, content-type, message-digest,
 * signing-time and signing-certificate-v2 signed, and the signer's chain
 * beside it.  `openssl cms -verify -cades` reads it.  See deed-statement(5).
 *
 * Reading is strict: DER only, canonical JSON byte for byte, one signer, no
 * unsigned attribute but one signature-time-stamp, which must be of this
 * signature and intact.  Limits: STATEMENT_MAX bytes, 8
 * certificates.
 */
#define STATEMENT_MAX (16U * 1024 * 1024)
#define STATEMENT_CERTS 8
#define STATEMENT_CERTS_BESIDE 1000
#define STATEMENT_COUNTERS 16

/* Whose word it must be; told from the policies in the certificate. */
enum statement_signer {
	STATEMENT_BY_NOTARY,  /* the office's own party: attestation, status */
	STATEMENT_BY_SERVICE, /* profile `office`: manifests */
	STATEMENT_BY_ANYONE,  /* anyone whom an anchor certifies */
	STATEMENT_BY_ITSELF,  /* the certificate vouches for nothing (an
			      * enrolment): the caller compares the key */
};

/*
 * Sign json, which must have a member "type", with key; chain[0] is its
 * certificate, the others go beside it (no root needed).  time becomes
 * signing-time.  Appends DER to out.
 */
enum deed_status statement_sign(const json_t *json,
				const struct signing_key *key,
				const struct cert *const *chain,
				size_t chain_count, int64_t time,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Judge and read one.  trust says whom to believe and at which time (its
 * purpose is not looked at); the certificates in the statement are built
 * with, and only its anchors are believed.  trust may be NULL with
 * STATEMENT_BY_ITSELF.  *json (a new reference) and *signer (may be NULL if
 * not wanted) are the caller's.  DEED_MALFORMED: not a statement, not
 * canonical, or not of this type.  DEED_BAD_SIGNATURE: the signature does
 * not hold.  DEED_NOT_VERIFIED: it holds, but the signer is not whom the
 * anchors vouch for, or not in that role.
 */
enum deed_status statement_open(struct slice der, const char *type,
				enum statement_signer who,
				const struct pki_params *trust, json_t **json,
				struct cert **signer,
				struct deed_error *err) DEED_MUST_USE;

/*
 * What lies beside the payload of a statement that is about certificates: up
 * to STATEMENT_CERTS_BESIDE of them, those of the signers among them; and who
 * counter-signed it (RFC 5652 11.4), up to STATEMENT_COUNTERS.
 */
struct statement_beside {
	struct cert_list certificates;
	struct cert_list countersigners; /* their own certificates */
};

/*
 * Read such a statement and judge its signatures, the counter-signatures too:
 * one that does not hold is DEED_BAD_SIGNATURE.  No chain is judged: whether
 * signer and countersigners are whom the caller believes is for the caller
 * to compare.  All three are the caller's; *beside is cleared by
 * statement_beside_clear.
 */
enum deed_status statement_open_beside(struct slice der, const char *type,
				       json_t **json, struct cert **signer,
				       struct statement_beside *beside,
				       struct deed_error *err) DEED_MUST_USE;
void statement_beside_clear(struct statement_beside *beside);

/* The signing-time of a statement, which statement_open has judged. */
enum deed_status statement_time(struct slice der, int64_t *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
