/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_CRL_H
#define DEED_PKI_CRL_H

#include "key/cert.h"
#include "pki/dist_point.h"

/*
 * Certificate revocation lists (RFC 5280 5).  A crl owns its DER; slices
 * point into it.  Immutable after parsing and counted by reference, so it
 * is shared between threads.  Nothing here is believed: whose word it is,
 * and about what, is pki/revocation.h's matter.
 *
 * Limits: CRL_MAX bytes.  The entries are read once, at the first question,
 * and put in order; each question after that is a binary search.
 */
#define CRL_MAX (64u << 20)

struct crl;

struct crl_fields {
	struct slice der, tbs, signature_algorithm, signature;
	struct slice issuer; /* whole Name */
	int64_t this_update;
	bool has_next_update;
	int64_t next_update;
	struct slice revoked;	       /* content of revokedCertificates */
	struct slice authority_key_id; /* keyIdentifier, SLICE_NONE */
	struct slice number;	       /* cRLNumber, INTEGER content octets */
	bool unknown_critical; /* a critical extension deed does not process */

	bool delta;		  /* deltaCRLIndicator */
	struct slice base_number; /* its BaseCRLNumber */

	/* issuingDistributionPoint (5.2.5). */
	struct slice idp; /* the whole value, SLICE_NONE */
	struct dist_point_name name;
	bool only_user, only_ca, only_attribute, indirect;
	bool only_some_reasons;
	uint32_t reasons; /* REASONS_ALL where not */

	struct slice freshest;	     /* freshestCRL, the value, SLICE_NONE */
	struct slice authority_info; /* authorityInfoAccess, the value */

	/* Entries of certificates that expired since then are kept
	 * (X.509 9.5.2.8). */
	bool has_expired_since;
	int64_t expired_since;
};

struct crl_entry {
	int64_t revoked_at;
	int reason; /* CRLReason; -1 where it is not said */
};

enum deed_status crl_parse(struct slice der, struct crl **out,
			   struct deed_error *err) DEED_MUST_USE;
struct crl *crl_ref(struct crl *c);
void crl_free(struct crl *c);
const struct crl_fields *crl_fields(const struct crl *c);

/*
 * Is this serial (INTEGER content octets) of this issuer (whole Name, or
 * SLICE_NONE: the CRL's own) listed?  False where it is not.  In an indirect
 * CRL an entry is of the issuer that it or the nearest one before it names
 * (5.3.3).  DEED_MALFORMED where the entries cannot be read or one of them
 * carries a critical extension that is not processed: then the whole list
 * answers nothing (5.3).
 */
enum deed_status crl_lookup(const struct crl *c, struct slice issuer,
			    struct slice serial, bool *listed,
			    struct crl_entry *entry,
			    struct deed_error *err) DEED_MUST_USE;

/* Did the holder of this certificate's key sign it?  Checked once for a
 * key. */
bool crl_signed_by(const struct crl *c, const struct cert *issuer);

/* Compare two numbers of CRLs (INTEGER content octets): below, at or above
 * zero. */
int crl_number_compare(struct slice a, struct slice b);

#endif
