/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_CHECK_PRIV_H
#define DEED_CMS_CHECK_PRIV_H

#include "cms/check.h"

/* What check.c, check_value.c and signer_certificate.c share. */

/* One check in progress. */
struct cms_checking {
	const struct cms_signed *sd; /* NULL: a counter-signature */
	const struct cms_signer *signer;
	const struct cert *cert;
	const struct cms_content *content;
	struct cms_check *out;
	bool content_matches; /* message-digest is the content's */
	bool malformed_algorithm;
	struct deed_error unknown; /* what is not known of the algorithm */
};

/* Keep the first finding: rules are checked in the order of their weight. */
void cms_fault(struct cms_check *out, enum cms_outcome o, const char *id,
	       const char *fmt, ...) DEED_PRINTF(4, 5);

/* Does the signature value hold, as far as that can be told?  check_value.c. */
enum deed_status cms_check_value(struct cms_checking *s,
				 struct deed_error *err) DEED_MUST_USE;

/* ESSCertID or ESSCertIDv2: does the first name this certificate?
 * signer_certificate.c. */
bool cms_ess_matches(struct slice value, bool v2, const struct cert *c);

#endif
