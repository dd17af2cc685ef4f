/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_REQUEST_H
#define DEED_CA_REQUEST_H

#include "base/buf.h"
#include "key/signing_key.h"

/*
 * Certification requests (PKCS#10, RFC 2986): written for a CA elsewhere,
 * read from whoever keeps his key to himself.  Of a request only key and
 * name are used; what extensions it asks for is not.
 *
 * Reading is strict DER, linear, at most REQUEST_MAX bytes, and PEM (label
 * CERTIFICATE REQUEST or NEW CERTIFICATE REQUEST) is read too.
 */
#define REQUEST_MAX 65536

struct ca_request {
	uint8_t *der; /* owned; the slices point into it */
	size_t len;
	struct slice subject; /* Name, whole */
	struct slice spki;    /* SubjectPublicKeyInfo, whole */
};

/*
 * Read a request and verify its proof of possession.  DEED_MALFORMED;
 * DEED_BAD_SIGNATURE if it was not signed with the key in it;
 * DEED_UNSUPPORTED; DEED_LIMIT.  Clear with ca_request_clear, also after a
 * failure.
 */
enum deed_status ca_request_read(struct slice file, struct ca_request *out,
				 struct deed_error *err) DEED_MUST_USE;
void ca_request_clear(struct ca_request *r);

/* Append a request for key under the Name subject, in DER. */
enum deed_status ca_request_write(const struct signing_key *key,
				  struct slice subject, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
