/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_REPEAT_H
#define DEED_OFFICE_ENROLL_REPEAT_H

#include "office/party/prove_priv.h"

/*
 * To certify a party once more on the evidence that the house holds: what
 * enroll renew and enroll rekey share.
 */
struct repeat {
	struct prove *p;
	bool office;
	int64_t old_end; /* of what the party has now */
	struct attestation evidence;
	struct cert_list chain; /* whose name is taken over */
	struct prove_act act;
	struct prove_how how;
};

/*
 * Fill r for p: the party is proven by its newest enrolment, neither
 * suspended nor revoked, its key not ended; r->how and r->act repeat the
 * evidence under the same name.  The caller sets how's event and not_after.
 * DEED_NOT_VERIFIED and DEED_REFUSED name the way.
 */
enum deed_status repeat_open(struct repeat *r, struct prove *p,
			     struct deed_error *err) DEED_MUST_USE;

/* The same without a look at the party's state. */
enum deed_status repeat_take(struct repeat *r, struct prove *p,
			     struct deed_error *err) DEED_MUST_USE;
void repeat_clear(struct repeat *r);

/* The earlier end of a party's status and certificate, and whether that is
 * revoked. */
enum deed_status repeat_end(const struct home *h, const char *party,
			    const struct status *status, int64_t *end,
			    bool *revoked,
			    struct deed_error *err) DEED_MUST_USE;

#endif
