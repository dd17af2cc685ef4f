/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_PATH_CHECK_H
#define DEED_PKI_PATH_CHECK_H

#include "pki/path.h"

/*
 * One path that was built: signatures and names fit, the last certificate is
 * an anchor.  What is left of RFC 5280 6.1 is judged here, from the anchor
 * down; of what breaks, the first is told.  Of no use to anyone but path.c.
 * Fails with DEED_NO_MEMORY alone.
 */
enum deed_status pki_check_path(struct pki_path *path,
				const struct pki_params *params,
				struct deed_error *err) DEED_MUST_USE;

/* Revocation of every certificate but the anchor (RFC 5280 6.3). */
void pki_check_revocation(struct pki_path *path,
			  const struct pki_params *params);

/*
 * Certificate i of the chain breaks this rule: set rule, failed, message and
 * the outcome that rules.def gives for it.
 */
void pki_path_fail(struct pki_path *path, unsigned i, enum pki_rule rule,
		   const char *fmt, ...) DEED_PRINTF(4, 5);

/* MD5 and SHA-1 are broken as a certificate's or a CRL's digest; DSA was
 * withdrawn (FIPS 186-5). */
bool pki_weak_algorithm(struct slice algorithm);

#endif
