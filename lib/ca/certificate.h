/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CERTIFICATE_H
#define DEED_CA_CERTIFICATE_H

#include "base/buf.h"
#include "key/cert.h"
#include "key/signing_key.h"

/*
 * Certificates of the house CA (RFC 5280 4), written by deed's own DER
 * writer.  What each profile carries:
 *
 *	profile			keyUsage (critical)		others
 *	ROOT			keyCertSign cRLSign		CA, pathLen 1
 *	ISSUING			keyCertSign cRLSign		CA, pathLen 0,
 *								anyPolicy
 *	..._SIGNATURE, SERVICE	digitalSignature nonRepudiation	no EKU
 *	..._DEPOSIT		keyAgreement (EC) or
 *				keyEncipherment (RSA)
 *	ENROLMENT		digitalSignature		self-signed
 *
 * Where the template has URLs, all but the self-signed have a
 * cRLDistributionPoints and an authorityInfoAccess with caIssuers (RFC 5280
 * 4.2.1.13, 4.2.2.1), so that a stranger finds the list and the issuer.
 *
 * All have basicConstraints (critical) and subjectKeyIdentifier, all but the
 * self-signed an authorityKeyIdentifier, and leaves a certificatePolicies
 * with the OID of what they are: by it a statement's reader tells whose word
 * it is (sign/statement.h).  The serial number is 128 random bits.
 */
enum ca_profile {
	CA_ROOT,
	CA_ISSUING,
	CA_PERSON_SIGNATURE,
	CA_PERSON_DEPOSIT,
	CA_ORGANISATION_SIGNATURE,
	CA_ORGANISATION_DEPOSIT,
	CA_NOTARY_SIGNATURE, /* an organisation whose word is evidence */
	CA_SERVICE,	     /* profile `office`: the manifest's key */
	CA_ENROLMENT, /* vouches for nothing: carries an enrolment's key */
	CA_PROFILE_COUNT
};

struct ca_template {
	enum ca_profile profile;
	struct slice spki;    /* SubjectPublicKeyInfo, whole */
	struct slice subject; /* Name, whole (ca/subject.h) */
	int64_t not_before;
	int64_t not_after;	    /* cut to the issuer's */
	const uint8_t *attestation; /* its SHA-256, 32 bytes, or NULL */
	/* Where the issuer's list and certificate are published: NULL leaves
	 * cRLDistributionPoints and caIssuers out. */
	const char *crl_url, *issuer_url;
};

/*
 * Issue: issuer NULL makes a self-signed certificate of key.  *out is the
 * caller's.  DEED_CERT_INVALID: the issuer's own validity does not cover
 * not_before.  DEED_UNSUPPORTED: a deposit key that can neither agree nor
 * decipher.
 */
enum deed_status ca_issue(const struct ca_template *t,
			  const struct cert *issuer,
			  const struct signing_key *key, struct cert **out,
			  struct deed_error *err) DEED_MUST_USE;

/* The serial number in hexadecimal, lower case, without a leading 00. */
#define CA_SERIAL_TEXT 65
bool ca_serial_text(const struct cert *c, char out[CA_SERIAL_TEXT]);

#endif
