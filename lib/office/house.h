/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HOUSE_H
#define DEED_OFFICE_HOUSE_H

#include "key/cert.h"
#include "office/home.h"

/*
 * What the house itself stands on: the root, the issuing CA and the notary's
 * certificate.  Public data alone are read.
 */

/*
 * May the house certify and state anything at time now?  DEED_CERT_INVALID,
 * with the command that remedies it, where the root, the issuing CA or the
 * notary's certificate has ended, or the last was revoked.
 */
enum deed_status house_check(const struct home *h, int64_t now,
			     struct deed_error *err) DEED_MUST_USE;

/* The same of the root alone. */
enum deed_status house_check_root(const struct home *h, int64_t now,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Is it a certificate that the office itself works with: the notary's, a
 * service's, or the one of its deposit key?  By the ordinary commands it
 * stays: without it no statement of the house is believed.
 */
enum deed_status house_owns(const struct home *h, const struct cert *c,
			    bool *owns, struct deed_error *err) DEED_MUST_USE;

/* DEED_REFUSED: what is of the office is changed by another command. */
enum deed_status house_refuse(const char *what, struct deed_error *err);

#endif
