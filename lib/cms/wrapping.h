/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_WRAPPING_H
#define DEED_CMS_WRAPPING_H

#include "cms/tst_response.h"

/*
 * What a SignedData lies in when it comes as a file or by mail, told by the
 * bytes, not by a name:
 *
 *	nothing		DER or BER
 *	PEM		a block CMS, PKCS7 or PKCS #7 SIGNED DATA, the first
 *	base64		without armour, on one line or many, padded or not
 *	S/MIME		application/pkcs7-mime, and multipart/signed, which
 *			brings what it signs (RFC 8551 3.5)
 *
 * and in each of these, a TimeStampResp around a token.  One wrapping is
 * taken off: what is wrapped twice is refused.  The input is at most as long
 * as cms/signed.h says; time and memory are linear in it.
 */
#define WRAPPING_SNIFF 4096 /* octets that cms_wrapping_likely wants to see */

struct cms_wrapping {
	struct slice cms;	  /* what should be a ContentInfo; SLICE_NONE */
	bool has_content;	  /* multipart/signed: what is signed */
	struct slice content;	  /* its first part, line ends CRLF */
	struct slice plain;	  /* the same as it stands in the file */
	bool message;		  /* it is S/MIME */
	bool mail;		  /* there are fields that nobody signed */
	bool is_response;	  /* a TimeStampResp */
	bool refused;		  /* which does not grant one */
	struct slice rest;	  /* what follows its end, or the message's */
	struct tst_response said; /* what the authority said */
	struct buf bytes, part;	  /* owned */
};

#define CMS_WRAPPING_INIT                                                      \
	{                                                                      \
		.said = TST_RESPONSE_INIT, .bytes = BUF_INIT, .part = BUF_INIT \
	}

/* May a file that begins so be one of these?  head is its beginning, up to
 * WRAPPING_SNIFF octets. */
bool cms_wrapping_likely(struct slice head);

/*
 * Take the wrapping off.  out is CMS_WRAPPING_INIT and is cleared by the
 * caller, also after a failure; its slices point into in or into what out
 * owns.  cms is SLICE_NONE only where a response holds no token.
 * DEED_UNSUPPORTED where it is none of the above, DEED_MALFORMED where it is
 * and cannot be read; DEED_LIMIT.
 */
enum deed_status cms_unwrap(struct slice in, struct cms_wrapping *out,
			    struct deed_error *err) DEED_MUST_USE;
void cms_wrapping_clear(struct cms_wrapping *w);

/* Does this begin as a SignedData, DER or BER?  64 octets do. */
bool cms_begins_signed(struct slice in);

/* Is this a SignedData, in whichever wrapping?  What is wrapped in a way that
 * cannot be read is none.  DEED_NO_MEMORY. */
enum deed_status cms_is_signed(struct slice in, bool *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
