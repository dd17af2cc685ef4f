/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_CADES_EXTEND_H
#define DEED_SIGN_CADES_EXTEND_H

#include "cms/check.h"
#include "sign/augment.h"

/*
 * CAdES B-T, B-LT and B-LTA (ETSI EN 319 122-1 6) on a SignedData that is
 * there already, made by anyone: signature-time-stamp (5.3), certificates,
 * CRLs and OCSP responses in SignedData (6.3, RFC 5940), and
 * archive-time-stamp-v3 with ats-hash-index-v3 (5.5.2, 5.5.3).
 */

/*
 * Raise every signer of in to params->level and append the result to out.  A
 * signer that has a signature-time-stamp gets no second one; B-LTA adds an
 * archive time-stamp each time, and puts the validation data of what is there
 * before it: that is the renewal.  content is what was signed where it is
 * detached, else NULL.  As augment_gather; DEED_NO_SIGNATURE.
 */
enum deed_status cades_extend(const struct augment_params *params,
			      struct slice in,
			      const struct cms_content *content,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

#endif
