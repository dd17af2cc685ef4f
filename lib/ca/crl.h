/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CRL_H
#define DEED_CA_CRL_H

#include "base/buf.h"
#include "key/cert.h"
#include "key/signing_key.h"

/*
 * Certificate revocation lists of the house (RFC 5280 5): version 2, full,
 * with authorityKeyIdentifier and cRLNumber; each entry with a reasonCode
 * unless it is unspecified.
 */

/* How long the issuing CA's CRL holds: 35 days, so that a monthly run is
 * enough; and the root's, whose key is seldom at hand: a year. */
#define CA_CRL_SECONDS (INT64_C(35) * 24 * 60 * 60)
#define CA_ROOT_CRL_SECONDS (INT64_C(366) * 24 * 60 * 60)

/* CRLReason (RFC 5280 5.3.1), those that a house has use for. */
enum ca_reason {
	CA_UNSPECIFIED = 0,
	CA_KEY_COMPROMISE = 1,
	CA_CA_COMPROMISE = 2,
	CA_AFFILIATION_CHANGED = 3,
	CA_SUPERSEDED = 4,
	CA_CESSATION = 5,
	CA_PRIVILEGE_WITHDRAWN = 9,
};

/* "key-compromise" and so on; false, NULL if there is no such reason. */
bool ca_reason_find(const char *name, enum ca_reason *out);
const char *ca_reason_name(enum ca_reason reason);

/* One revoked certificate. */
struct ca_revoked {
	uint8_t serial[32]; /* content octets of the INTEGER */
	size_t serial_len;
	int64_t time;
	enum ca_reason reason;
};

/*
 * Append a CRL of issuer in DER, valid from now for seconds.  number
 * is its cRLNumber, greater than that of every CRL before it.
 */
enum deed_status ca_crl_write(const struct cert *issuer,
			      const struct signing_key *key, uint64_t number,
			      int64_t now, int64_t seconds,
			      const struct ca_revoked *revoked, size_t count,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/* cRLNumber and nextUpdate of a CRL of the house; its signature is not
 * looked at.  DEED_MALFORMED if it is none. */
enum deed_status ca_crl_read(struct slice der, uint64_t *number,
			     int64_t *next_update,
			     struct deed_error *err) DEED_MUST_USE;

#endif
