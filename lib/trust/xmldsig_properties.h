/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_XMLDSIG_PROPERTIES_H
#define DEED_TRUST_XMLDSIG_PROPERTIES_H

#include "key/cert.h"

/*
 * SignedProperties of an XML signature (ETSI EN 319 132-1), read from their
 * canonical octets: is their Id the one that was referred to, and whose
 * certificate do they name?
 *
 * SigningCertificate and SigningCertificateV2, where they are there, each
 * have the digest of the signer's certificate (5.2.2), or of one in KeyInfo
 * with the same key: a certificate may have been made anew.  SHA-1 is taken
 * here, as it is the key that was believed; what IssuerSerial says is not
 * compared.
 */
struct xmldsig_signer {
	const struct cert *signer;
	const struct cert_list *named; /* in KeyInfo */
};

/*
 * DEED_BAD_SIGNATURE if it is another Id or another certificate,
 * DEED_UNSUPPORTED for a digest that is not known.
 */
enum deed_status xmldsig_check_properties(struct slice properties,
					  struct slice id,
					  const struct xmldsig_signer *signer,
					  struct deed_error *err) DEED_MUST_USE;

#endif
