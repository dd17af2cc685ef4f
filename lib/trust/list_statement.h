/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_LIST_STATEMENT_H
#define DEED_TRUST_LIST_STATEMENT_H

#include "sign/statement.h"
#include "trust/trust_list.h"

/*
 * A trust list as others get it: the statement deed.trust-list/1 (see
 * sign/statement.h), with the certificates of its services beside the
 * payload, signed by whoever made it and perhaps counter-signed by others.
 * Nobody is believed because of what a list says of itself: whose list counts
 * is what list_statement_believe is told.
 */
struct list_statement {
	struct trust_list *list;
	struct cert *signer;		/* who made it */
	struct statement_beside beside; /* all certificates; who else signed */
	uint8_t sha256[32];		/* of the payload */
	/* Set by list_statement_believe. */
	bool by_signer;	 /* the signer is believed */
	bool by_counter; /* somebody who counter-signed it is */
};

/* Sign l, which trust_list_check has passed: appends DER to out. */
enum deed_status list_statement_sign(const struct trust_list *l,
				     const struct signing_key *key,
				     const struct cert_list *chain,
				     int64_t time, struct buf *out,
				     struct deed_error *err) DEED_MUST_USE;

/* Read one, and check every signature on it.  As statement_open_beside and
 * trust_list_read.  *out is freed by list_statement_free. */
enum deed_status list_statement_open(struct slice der,
				     struct list_statement **out,
				     struct deed_error *err) DEED_MUST_USE;
void list_statement_free(struct list_statement *s);

/*
 * Is it signed or counter-signed with a key of these certificates?  By key,
 * so that a renewed certificate is still its signer's.  DEED_NOT_VERIFIED
 * names who signed it.
 */
enum deed_status list_statement_believe(struct list_statement *s,
					struct cert *const *signers,
					size_t count,
					struct deed_error *err) DEED_MUST_USE;

/*
 * Does the list speak of its signer's own house?  ca is a certificate that a
 * service is identified by, operator the service's, or NULL: true where ca has
 * a key of the signer's chain, or its subject or issuer is a subject or issuer
 * there; of a YAML list also where the operator's name, folded, is that of the
 * compiler, or a name in the signer's certificate.  Names suffice, for what is
 * wrongly taken for one's own lacks a countersigner only.  Such a licence
 * meets nothing unless by_counter.
 */
bool list_statement_own(const struct list_statement *s, const struct cert *ca,
			const struct trust_operator *operator);

/* Who made it, for people: the name in the signer's certificate. */
enum deed_status
list_statement_signer_name(const struct list_statement *s, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
