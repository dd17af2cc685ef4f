/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_EVIDENCE_HELD_H
#define DEED_OFFICE_EVIDENCE_HELD_H

#include "office/home.h"
#include "proof/evidence.h"

#define EVIDENCE_HELD_MAX 262144 /* octets of an attestation's file */

/*
 * The attestation that a status which is believed names by its SHA-256: the
 * notary vouches for it through the status, so it is believed as it was when
 * it was signed.  DEED_INCONSISTENT where it is gone or another.  Clear *out
 * in any case.
 */
enum deed_status evidence_held(const struct home *h,
			       const struct status *status,
			       struct attestation *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
