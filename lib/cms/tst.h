/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_TST_H
#define DEED_CMS_TST_H

#include "cms/check.h"

/*
 * RFC 3161 time-stamp tokens: SignedData over a TSTInfo.  Slices point into
 * sd, which the token owns.
 */
struct tst {
	struct cms_signed *sd;
	struct slice policy;	  /* OID content octets */
	struct slice imprint_oid; /* content octets */
	bool imprint_known;	  /* imprint_digest is meaningful */
	enum digest_alg imprint_digest;
	struct slice imprint;
	struct slice serial; /* INTEGER content octets */
	int64_t time;	     /* genTime, a fraction dropped */
	bool has_nonce;
	struct slice nonce; /* INTEGER content octets */
	struct slice tsa;   /* GeneralName, whole; SLICE_NONE */
};

/*
 * Parse a token, DER or BER.  DEED_MALFORMED where it is no token: not one
 * signer (RFC 3161 2.4.2), another content type, TSTInfo not version 1.
 */
enum deed_status tst_parse(struct slice in, struct tst **out,
			   struct deed_error *err) DEED_MUST_USE;
void tst_free(struct tst *t);

/* Is the imprint the digest of what content covers?  *match is the answer;
 * false too where the algorithm is not known (see imprint_known). */
enum deed_status tst_imprint_matches(const struct tst *t,
				     const struct cms_content *content,
				     bool *match,
				     struct deed_error *err) DEED_MUST_USE;

/* Check the token's own signature; *cert (the caller's to free, may come
 * back NULL) is the authority's certificate, from the token or from extra,
 * which may be NULL: further certificates, extra_count of them. */
enum deed_status tst_check(const struct tst *t, struct cert *const *extra,
			   size_t extra_count, struct cms_check *out,
			   struct cert **cert,
			   struct deed_error *err) DEED_MUST_USE;

#endif
