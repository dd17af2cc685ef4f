/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HEADS_ISSUERS_H
#define DEED_OFFICE_HEADS_ISSUERS_H

#include "office/party/heads.h"

/*
 * The certificates of the house's earlier issuing CAs (ca/issuers.h) in the
 * heads of a home, as the member "issuers".  Without the one that issued it a
 * certificate leads nowhere, and what was revoked is not found to be.
 *
 * Heads that an earlier version of the program wrote lack the member.  They
 * have the list of each such CA, and so much is known of its certificate that
 * it must be there, and be of the key that signed the list.
 */

/* Is it the certificate of an earlier CA?  folder is the CA's, as targets of a
 * change are. */
bool heads_issuers_concern(const char *folder, const char *target);

/* Nothing is done to heads that lack the member. */
enum deed_status heads_issuers_apply(json_t *heads, const char *folder,
				     const struct event_change *change,
				     struct deed_error *err) DEED_MUST_USE;

/* Put the member in, of the home as it is. */
enum deed_status heads_issuers_build(const struct home *h, json_t *heads,
				     struct deed_error *err) DEED_MUST_USE;

/* The same for heads that lack it, unless a certificate is missing or
 * another's: that is not taken over in silence. */
enum deed_status heads_issuers_begin(const struct home *h, json_t *heads,
				     struct deed_error *err) DEED_MUST_USE;

/* As an earlier version would have written them, unless one is missing. */
enum deed_status heads_issuers_forget(const struct home *h, json_t *heads,
				      struct deed_error *err) DEED_MUST_USE;

/* What is missing, another than the heads say or unknown to them, as findings
 * "heads". */
enum deed_status heads_issuers_compare(const struct home *h,
				       const json_t *heads,
				       struct audit_report *r,
				       struct deed_error *err) DEED_MUST_USE;

#endif
