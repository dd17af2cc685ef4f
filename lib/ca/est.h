/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_EST_H
#define DEED_CA_EST_H

#include "ca/remote.h"

/*
 * Enrolment over Secure Transport (RFC 7030, as RFC 8951 clears it up):
 * cacerts, which shows the CA's intermediates, then simpleenroll.  Who the
 * office is shows by basic authentication, by a certificate of its own, or
 * both; always over https.
 *
 * A CA that answers 202 gets the same request again, octet by octet; it knows
 * it by that.  Nothing is confirmed to it.
 */
extern const struct ca_protocol ca_protocol_est;

/*
 * Add the certificates of a body: base64, broken into lines or not, or DER,
 * whatever Content-Transfer-Encoding said (RFC 8951 3.1), of a PKCS #7 that
 * has certificates only (RFC 7030 4.1.3).  At most CA_REMOTE_ANSWER_MAX octets
 * and CA_REMOTE_CERTIFICATES certificates; linear.  DEED_MALFORMED says why
 * it is none, DEED_LIMIT.
 */
enum deed_status est_read(struct slice body, struct cert_list *out,
			  struct deed_error *err) DEED_MUST_USE;

#endif
