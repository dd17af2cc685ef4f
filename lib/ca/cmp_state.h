/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CMP_STATE_H
#define DEED_CA_CMP_STATE_H

#include "ca/cmp_message.h"
#include "crypto/digest.h"

/*
 * What a transaction needs to go on, kept while it waits: a SEQUENCE in DER.
 * No secrets.
 */
struct cmp_state {
	uint8_t transaction[CMP_NONCE];
	uint8_t first[CMP_NONCE]; /* our nonce of the request */
	uint8_t theirs[CMP_NONCE_MAX];
	size_t theirs_len;
	bool minus_one; /* certReqId */
	uint8_t hash[DIGEST_MAX];
	size_t hash_len; /* of the certificate; 0 while it is pending */
	bool sha512;	 /* hashAlg is said in certConf */
};

enum deed_status cmp_state_write(const struct cmp_state *s, struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

/* DEED_MALFORMED. */
enum deed_status cmp_state_read(struct slice in, struct cmp_state *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
