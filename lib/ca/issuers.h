/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_ISSUERS_H
#define DEED_CA_ISSUERS_H

#include "key/cert.h"

/*
 * The issuing CAs that a house has had.  One is in use; each before it keeps
 * its certificate and its list under the number of its generation:
 *
 *	issuing.cer issuing.crl		the one in use
 *	issuing-1.cer issuing-1.crl	the first, once there is a second
 *
 * Certificates of an earlier one stay good, so its list goes on being made
 * until its own certificate has ended.  No two have the same name.
 */
#define CA_ISSUERS_MAX 100 /* DEED_LIMIT */

struct ca_issuer {
	unsigned generation; /* from 1 */
	struct cert *cert;
	char *cert_path, *crl_path; /* where its files are now */
};

struct ca_issuers {
	struct ca_issuer *item; /* by generation; the last is in use */
	size_t count;
};

#define CA_ISSUERS_INIT \
	{               \
		NULL, 0 \
	}

/*
 * Read them from the CA's directory.  No lock is needed: a change of the CA
 * first puts the earlier one under its number.  DEED_NOT_FOUND, DEED_DAMAGED.
 * Clear afterwards, also after a failure.
 */
enum deed_status ca_issuers_load(const char *dir, struct ca_issuers *out,
				 struct deed_error *err) DEED_MUST_USE;
void ca_issuers_clear(struct ca_issuers *l);

const struct ca_issuer *ca_issuers_current(const struct ca_issuers *l);

/* That which issued c; NULL if none did. */
const struct ca_issuer *ca_issuers_of(const struct ca_issuers *l,
				      const struct cert *c);

/* "DIR/issuing-N.cer", or with crl ".crl", allocated. */
enum deed_status ca_issuers_path(const char *dir, unsigned generation, bool crl,
				 char **out,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Append the Name of the next generation: that of c, with the number behind
 * its commonName ("Issuing CA 2"), cut to that alone where it gets too long.
 */
enum deed_status ca_issuers_name(const struct cert *c, unsigned generation,
				 struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
