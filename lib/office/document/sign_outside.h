/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_OUTSIDE_H
#define DEED_OFFICE_SIGN_OUTSIDE_H

#include "office/document/materials.h"
#include "office/document/sign.h"
#include "trust/online.h"

/*
 * Of a certificate that another CA issued the house holds no CRL.  Before it
 * signs, what says that it was not revoked has to be younger than this.  The
 * same of the CAs above it has to be current, however old.
 *
 * A party whose attestation names no CA (deed.attestation/1) was taken at the
 * operator's word, and signs as it did until its status ends.
 */
#define SIGN_OUTSIDE_YOUNG (INT64_C(7) * 86400)

struct sign_outside_params {
	const struct materials *materials;  /* files, asked first */
	const struct online_params *online; /* then this; NULL: files alone */
};

/*
 * May the group sign, for all that is known of its certificate today?  A
 * certificate of the house may.  DEED_CERT_INVALID where it was revoked or its
 * path is not good, by the files or by what was fetched; DEED_INDETERMINATE
 * where nothing tells, or nothing young.  *refused: something was not asked
 * because of its address.
 */
enum deed_status sign_group_check_outside(const struct sign_group *g,
					  const struct sign_outside_params *p,
					  bool *refused,
					  struct deed_error *err) DEED_MUST_USE;

#endif
