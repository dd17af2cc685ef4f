/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_TST_RESPONSE_H
#define DEED_CMS_TST_RESPONSE_H

#include "base/buf.h"

/*
 * TimeStampResp (RFC 3161 2.4.2), what an authority answers: a status in
 * words, and the token where it grants one.  Reading says what is written;
 * whether the token holds is cms/tst.h.  Time and memory are linear in the
 * input; the words are cut off after TST_RESPONSE_TEXT octets.
 */
#define TST_RESPONSE_TEXT 512

struct tst_response {
	bool granted;	    /* PKIStatus 0 or 1 */
	struct buf said;    /* "rejects the request: …", clean UTF-8 */
	struct slice token; /* ContentInfo, whole; SLICE_NONE */
	size_t used;	    /* octets of the input; the rest is not read */
	struct buf owned;   /* what BER was rewritten to */
};

#define TST_RESPONSE_INIT                           \
	{                                           \
		.said = BUF_INIT, .owned = BUF_INIT \
	}

/*
 * Parse an answer, DER or BER, into out, which is TST_RESPONSE_INIT and is
 * cleared by the caller, also after a failure.  token points into in or into
 * owned.  DEED_MALFORMED where it is no TimeStampResp.
 */
enum deed_status tst_response_parse(struct slice in, struct tst_response *out,
				    struct deed_error *err) DEED_MUST_USE;
void tst_response_clear(struct tst_response *r);

#endif
