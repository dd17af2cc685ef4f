/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_XMLDSIG_H
#define DEED_TRUST_XMLDSIG_H

#include "base/buf.h"
#include "key/cert.h"

/*
 * XML signatures (XML Signature 1.1, ETSI EN 319 132-1) in the one shape that
 * trusted lists have (ETSI TS 119 612 5.7.1), and no other: one ds:Signature,
 * last child of the root; SignedInfo in exclusive C14N without a prefix list;
 * exactly two references, the whole document (URI "", enveloped-signature
 * then exclusive C14N) and the one SignedProperties by its unique Id
 * (exclusive C14N, or no transform: then C14N 1.0).  Where these name the
 * signer's certificate, it must be that one (trust/xmldsig_properties.h).
 *
 * SignedInfo is read from its own canonical octets, and nothing that it says
 * counts unless the signature value holds over these; what was signed is the
 * first reference's octets and nothing else.  The key is one of the caller's
 * signers: KeyInfo only selects among them.  Signatures by RSA (PKCS #1 v1.5
 * and PSS) and ECDSA; SHA-256, SHA-384 and SHA-512 (SHA-1 and MD5 are
 * unsupported: they bind nothing any more).
 * Limits: codec/xml.h, codec/xml_signed.h, XMLDSIG_SIGNERS.
 */
#define XMLDSIG_SIGNERS 4096

struct xmldsig {
	struct buf content;  /* the document that was signed, canonical */
	struct cert *signer; /* a reference */
	uint8_t sha256[32];  /* of the document as it stands */
};

/*
 * Verify; name is for messages.  out is the caller's to clear, also after a
 * failure, and holds content only after success.  DEED_NO_SIGNATURE;
 * DEED_BAD_SIGNATURE: another shape, changed afterwards, or by nobody among
 * the signers, and the message tells which; DEED_UNSUPPORTED: an algorithm;
 * DEED_MALFORMED and DEED_LIMIT as codec/xml.h.
 */
enum deed_status xmldsig_verify(struct slice document, const char *name,
				const struct cert_list *signers,
				struct xmldsig *out,
				struct deed_error *err) DEED_MUST_USE;
void xmldsig_clear(struct xmldsig *x);

#endif
