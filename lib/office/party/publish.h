/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PUBLISH_H
#define DEED_OFFICE_PUBLISH_H

#include "ca/certificate.h"
#include "office/home.h"

/*
 * What a web server hands out, so that whoever is sent a document can judge it
 * with the root alone:
 *
 *	root.cer root.crl		the root and its list
 *	issuing-N.cer issuing-N.crl	each issuing CA and its list, the one
 *					in use too
 *	bundle.pem			as "deed ca bundle" prints it
 *
 * Certificates and lists are in DER.  A name stays that of its CA, whatever
 * is renewed: certificates point to it.
 */

/*
 * Write them into a folder, which is made where it is not there; each file is
 * replaced at once, the bundle last.  count (may be NULL) receives how many.
 */
enum deed_status publish_files(const struct home *h, const char *folder,
			       size_t *count,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Where a certificate of the issuing CA of this generation, or with 0 of the
 * root, finds its issuer's list and certificate: those of the home's folders.
 * Set into t, which borrows from urls; clear that when t has been used.
 */
struct publish_urls {
	char *crl, *issuer; /* NULL where the home has no such folder */
};
enum deed_status publish_point(const struct home *h, unsigned generation,
			       struct publish_urls *urls, struct ca_template *t,
			       struct deed_error *err) DEED_MUST_USE;
void publish_urls_clear(struct publish_urls *urls);

#endif
