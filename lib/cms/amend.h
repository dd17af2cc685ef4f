/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_AMEND_H
#define DEED_CMS_AMEND_H

#include "cms/signed.h"
#include "cms/signed_write.h"

/*
 * Adding to a SignedData what no signature in it covers: unsigned attributes,
 * certificates, CRLs and OCSP responses.  Everything that is there stays as
 * it is, octet for octet, so that signatures and archive time-stamps hold;
 * a set that was in the order of DER is so afterwards.
 */
struct cms_amend_attribute {
	unsigned signer; /* index in sd->signers */
	struct cms_write_attribute attribute;
};

struct cms_amendment {
	const struct cms_amend_attribute *attributes;
	size_t attribute_count;
	const struct slice *certificates; /* X.509 */
	size_t certificate_count;
	const struct slice *crls; /* CertificateList */
	size_t crl_count;
	/* OCSPResponse: other revocation information of the format
	 * id-ri-ocsp-response (RFC 5940 2). */
	const struct slice *ocsps;
	size_t ocsp_count;
};

/*
 * Append the amended ContentInfo to out.  What is in a set already is not
 * added again.  SignedData's version becomes 5 where RFC 5652 5.1 asks it.
 * DEED_USAGE for a signer that is not there.
 */
enum deed_status cms_amend(const struct cms_signed *sd,
			   const struct cms_amendment *what, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
