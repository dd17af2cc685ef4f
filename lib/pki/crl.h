/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_CRL_H
#define DEED_PKI_CRL_H

#include "key/cert.h"

/*
 * Certificate revocation lists (RFC 5280 5).  A crl owns its DER; slices
 * point into it.  Immutable after parsing and counted by reference, so it
 * is shared between threads.  Limits: CRL_MAX bytes; the entries are read
 * in one pass per question.
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
	bool indirect;	       /* issuingDistributionPoint says so */
	bool only_user, only_ca, only_attribute, only_some_reasons;
	bool delta;
	bool partition;	  /* it names a distribution point: not all */
	struct slice idp; /* the whole issuingDistributionPoint value */
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

/* Is this serial (INTEGER content octets) listed?  False where it is not.
 * DEED_MALFORMED where the entries cannot be read or one of them carries a
 * critical extension that is not processed. */
enum deed_status crl_lookup(const struct crl *c, struct slice serial,
			    bool *listed, struct crl_entry *entry,
			    struct deed_error *err) DEED_MUST_USE;

/* Did the holder of this certificate's key sign it? */
bool crl_signed_by(const struct crl *c, const struct cert *issuer);

#endif
