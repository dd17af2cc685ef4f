/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_XMLDSIG_INFO_H
#define DEED_TRUST_XMLDSIG_INFO_H

#include "base/buf.h"
#include "key/sig_alg.h"

#define XMLDSIG_NS_DS "http://www.w3.org/2000/09/xmldsig#"
#define XMLDSIG_NS_XADES "http://uri.etsi.org/01903/v1.3.2#"

/*
 * SignedInfo of an XML signature, read from its canonical octets.  Only the
 * shape of trust/xmldsig.h reads.
 */
struct xmldsig_reference {
	enum digest_alg digest;
	uint8_t value[DIGEST_MAX]; /* digest_size octets */
	bool exclusive;		   /* exclusive C14N, else none was named */
};

struct xmldsig_info {
	struct sig_alg alg;
	struct xmldsig_reference document, properties;
	struct buf properties_id; /* without the # */
};

/* The caller clears out, also after a failure.  DEED_BAD_SIGNATURE for
 * another shape, DEED_UNSUPPORTED for an algorithm. */
enum deed_status xmldsig_info_read(struct slice signed_info,
				   struct xmldsig_info *out,
				   struct deed_error *err) DEED_MUST_USE;
void xmldsig_info_clear(struct xmldsig_info *info);

/* The digest of that name: SHA-256, SHA-384 or SHA-512; DIGEST_NONE. */
enum digest_alg xmldsig_digest(struct slice uri);

#endif
