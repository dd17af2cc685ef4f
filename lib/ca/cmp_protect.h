/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CMP_PROTECT_H
#define DEED_CA_CMP_PROTECT_H

#include "base/secret.h"
#include "ca/cmp_message.h"
#include "key/cert.h"
#include "key/signing_key.h"

/*
 * The protection of PKIMessages (RFC 4210 5.1.3), made and checked, by one of
 * two credentials: a secret shared with the CA (PasswordBasedMac), or a key
 * with its certificate.  An answer is protected as its request was: by the
 * same secret, or by a signature of the CA (RFC 9483 3.2), so that neither
 * stands in for the other.
 *
 * A MAC of an answer is computed with the iterations that the answer asks
 * for, CMP_ITERATIONS_MAX at most.
 */
#define CMP_ITERATIONS 10000
#define CMP_ITERATIONS_MIN 100 /* RFC 4210 5.1.3.1 */
#define CMP_ITERATIONS_MAX 100000
#define CMP_SALT_MAX 128
#define CMP_CERTIFICATES 16 /* of extraCerts that are looked at */

/* Who we are to the CA.  secret and reference are borrowed; either there is
 * a secret, or key with the certificate that is first of chain. */
struct cmp_credentials {
	const struct secret *secret;
	const char *reference;	  /* senderKID with a secret; or NULL */
	struct signing_key *key;  /* owned */
	struct cert_list chain;	  /* owned */
	struct cert_list anchors; /* owned; the CA's */
	int64_t now;
};

#define CMP_CREDENTIALS_INIT                                       \
	{                                                          \
		.chain = CERT_LIST_INIT, .anchors = CERT_LIST_INIT \
	}

void cmp_credentials_clear(struct cmp_credentials *c);

/*
 * Append a protected message: h's transaction, nonces and version are the
 * caller's, the rest of it is filled in here; body is a whole PKIBody.
 */
enum deed_status cmp_protect(const struct cmp_credentials *c,
			     struct cmp_header *h, struct slice body,
			     struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Does the protection of m hold?  DEED_OK; DEED_BAD_SIGNATURE where there is
 * none, it is of the other kind, it does not hold, or its signer may not
 * speak for the CA, has a key that is not for signing, or is the office
 * itself; DEED_UNSUPPORTED; DEED_LIMIT; DEED_MALFORMED.
 */
enum deed_status cmp_verify(const struct cmp_credentials *c,
			    const struct cmp_message *m,
			    struct deed_error *err) DEED_MUST_USE;

/* The signer of m: of ca/cmp_signer.c.  Signature-protected m only. */
enum deed_status cmp_verify_signature(const struct cmp_credentials *c,
				      const struct cmp_message *m,
				      struct slice protected_part,
				      struct deed_error *err) DEED_MUST_USE;

/* Add the certificates of a SEQUENCE's content, up to max in all. */
enum deed_status cmp_certificates(struct slice certs, size_t max,
				  struct cert_list *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
