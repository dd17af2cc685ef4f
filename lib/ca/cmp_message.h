/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CMP_MESSAGE_H
#define DEED_CA_CMP_MESSAGE_H

#include "codec/der.h"

/*
 * PKIMessages of CMP (RFC 4210 5, RFC 9480, profile RFC 9483): what a client
 * needs of them, read and written.  Reading is strict DER, linear, at most
 * CMP_MESSAGE_MAX octets and CMP_DEPTH levels; slices point into the message.
 * Nothing that is read here is verified: see ca/cmp_protect.h.
 */
#define CMP_MESSAGE_MAX ((size_t)1 << 20)
#define CMP_DEPTH 32
#define CMP_NONCE 16	 /* octets of ours, and of a transactionID */
#define CMP_NONCE_MAX 64 /* of theirs */

/* The bodies, by their tag (5.1.2). */
enum cmp_body {
	CMP_CP = 3,
	CMP_P10CR = 4,
	CMP_PKICONF = 19,
	CMP_ERROR = 23,
	CMP_CERTCONF = 24,
	CMP_POLLREQ = 25,
	CMP_POLLREP = 26,
};

/* PKIStatus, 5.2.3. */
#define CMP_ACCEPTED 0
#define CMP_GRANTED_WITH_MODS 1
#define CMP_REJECTION 2
#define CMP_WAITING 3

struct cmp_message {
	struct slice header;	 /* whole element */
	struct slice sender;	 /* the Name in it; or SLICE_NONE */
	struct slice algorithm;	 /* of the protection, whole; or none */
	struct slice sender_kid; /* or none */
	struct slice transaction;
	struct slice sender_nonce;
	struct slice recip_nonce;
	unsigned type;		 /* tag number of the body */
	struct slice body_whole; /* whole element */
	struct slice body;	 /* what is within the tag */
	struct slice protection; /* octets of the BIT STRING; or none */
	struct slice certs;	 /* extraCerts: certificates, one by one */
};

/* DEED_MALFORMED, DEED_LIMIT. */
enum deed_status cmp_message_read(struct slice in, struct cmp_message *out,
				  struct deed_error *err) DEED_MUST_USE;

/* What a body of CP, POLLREP or ERROR says. */
struct cmp_reply {
	uint64_t status;	  /* PKIStatus; of POLLREP: CMP_WAITING */
	bool minus_one;		  /* certReqId is -1, not 0 */
	struct slice certificate; /* CP: whole; or none */
	struct slice ca_pubs;	  /* CP: certificates, one by one */
	uint64_t check_after;	  /* POLLREP: seconds */
	struct buf words;	  /* the CA's, as they came; then what failed */
};

/* Clear words afterwards, always.  DEED_MALFORMED: the body is another, or
 * speaks of more than the one request. */
enum deed_status cmp_reply_read(const struct cmp_message *m,
				struct cmp_reply *out,
				struct deed_error *err) DEED_MUST_USE;

/* What goes into a header; algorithm is an AlgorithmIdentifier, sender and
 * recipient are Names; those not needed are SLICE_NONE. */
struct cmp_header {
	bool version_3; /* RFC 9480 2.20: for hashAlg */
	struct slice sender;
	struct slice recipient;
	int64_t time;
	struct slice algorithm;
	struct slice sender_kid;
	struct slice transaction;
	struct slice sender_nonce;
	struct slice recip_nonce;
};

void cmp_header_write(struct der_writer *w, const struct cmp_header *h);

/* The bodies of a client, with their tag. */
void cmp_write_p10cr(struct der_writer *w, struct slice request);
void cmp_write_pollreq(struct der_writer *w, bool minus_one);

/* rejected is NULL where the certificate is accepted.  sha512: hashAlg is
 * said, because the certificate's signature names no hash. */
void cmp_write_certconf(struct der_writer *w, bool minus_one, struct slice hash,
			bool sha512, const char *rejected);

#endif
