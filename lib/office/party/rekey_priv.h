/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_REKEY_PRIV_H
#define DEED_OFFICE_REKEY_PRIV_H

#include "office/party/enroll_again.h"
#include "office/party/prove_priv.h"

/* A new enrolment whose keys take the place of the old ones: what
 * enroll_rekey.c makes, also for rekey_office.c. */
struct rekeying {
	struct prove *p;
	struct enroll_rekey *r;
	struct keys_next next;
	const struct signing_key *old; /* speaks for the new one; or NULL */
	struct signing_key *opened;    /* the same, if it is ours to free */
	struct enrolment enrolment;
	struct buf record;
	struct key_hash *lost; /* the keys that are revoked */
	size_t lost_count;
	int party; /* in the transaction */
};

void rekeying_clear(struct rekeying *w);

/* The keys, the enrolment and its record. */
enum deed_status rekey_prepare(struct rekeying *w,
			       struct deed_error *err) DEED_MUST_USE;

/* For prove_how's more; arg is the struct rekeying. */
enum deed_status rekey_more(void *arg, struct event *ev, uint64_t first,
			    int party, struct status *status,
			    struct deed_error *err) DEED_MUST_USE;

#endif
