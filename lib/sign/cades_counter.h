/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_CADES_COUNTER_H
#define DEED_SIGN_CADES_COUNTER_H

#include "sign/cades.h"

/*
 * Counter-signing (RFC 5652 11.4, ETSI EN 319 122-1 5.2.7): a signature over
 * the signature value of each signer of a SignedData, as an unsigned
 * attribute beside it.  The counter-signer's chain joins the certificates.
 * Appends the result to out.  DEED_NO_SIGNATURE; DEED_REFUSED where this
 * certificate has counter-signed every one of them already.
 */
enum deed_status cades_counter_sign(const struct cades_params *params,
				    struct slice in, struct buf *out,
				    struct deed_error *err) DEED_MUST_USE;

#endif
