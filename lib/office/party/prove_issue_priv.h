/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PROVE_ISSUE_PRIV_H
#define DEED_OFFICE_PROVE_ISSUE_PRIV_H

#include "office/party/prove_priv.h"

/* What prove_issue.c and prove_record.c share. */

/* What one act of issuing makes before and under the lock. */
struct prove_issuing {
	struct prove *p;
	struct prove_act *act;
	const struct prove_how *how;
	const struct enrolment *enrolment;
	struct slice spki, deposit_spki;
	const struct signing_key *notary;
	const struct cert_list *notary_chain;
	struct ca_store *store;
	int party;		/* in the transaction */
	struct buf attestation; /* the signed statement */
	struct cert *signature, *deposit;
	struct cert_list chain; /* of the signature certificate */
	struct status status;
	uint8_t ca[32]; /* whose word an external one is */
	struct outside_listed listed;
	bool external; /* the signature certificate is not of this house */
	bool office;   /* the notary renews its own */
};

/* Put what was made on record: one transaction with its entry in the log, the
 * certificates, the attestation and the status.  prove_record.c. */
enum deed_status prove_record(struct prove_issuing *c,
			      struct deed_error *err) DEED_MUST_USE;

#endif
