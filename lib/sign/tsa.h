/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_TSA_H
#define DEED_SIGN_TSA_H

#include "cms/tst.h"
#include "net/http.h"

/*
 * The client of time-stamp authorities (RFC 3161, over HTTP as 3.4 says).
 * A set holds the authorities of a run, to be tried in order.
 *
 *	tsa_set_new(client, &set, err)
 *	tsa_set_add(set, &authority, err)	one or more
 *	tsa_ask(set, DIGEST_SHA256, digest, &token, err)
 *	tsa_set_free(set)
 *
 * A token is handed out only where it answers the request: the response is
 * granted, the imprint, the nonce and the policy are those that were asked
 * for, its signature holds, signing-certificate names the certificate, and
 * that has timeStamping as its one key purpose, critical (RFC 3161 2.3).
 * Whether the authority leads to a trust anchor is a judge's matter.
 *
 * Once filled, any number of threads may stamp with one set.
 */
#define TSA_AUTHORITIES 16
#define TSA_TOKEN_MAX ((size_t)256 << 10) /* octets of a token */
#define TSA_TOKEN_GUESS 8192		  /* where none was seen yet */

struct tsa_set;

struct tsa_authority {
	const char *url;
	const char *policy; /* dotted OID of reqPolicy; NULL: the default */
	struct http_credentials credentials;
};

/* client is borrowed for the life of the set. */
enum deed_status tsa_set_new(struct http_client *client, struct tsa_set **out,
			     struct deed_error *err) DEED_MUST_USE;
void tsa_set_free(struct tsa_set *set);

/* Everything that authority points to is borrowed for the life of the set.
 * DEED_USAGE for a malformed policy or too many. */
enum deed_status tsa_set_add(struct tsa_set *set,
			     const struct tsa_authority *authority,
			     struct deed_error *err) DEED_MUST_USE;
size_t tsa_set_count(const struct tsa_set *set);

/*
 * A token over a digest (SHA-256 or better, digest_size octets), appended to
 * token in DER.  The first to be asked is the one that answered last, at
 * first the first; where one fails, for whatever reason, log_say warns and
 * the next is asked.  DEED_REMOTE with the last one's fault where
 * none answers; DEED_USAGE for an empty set or a weak digest.
 */
enum deed_status tsa_ask(const struct tsa_set *set, enum digest_alg alg,
			 struct slice digest, struct buf *token,
			 struct deed_error *err) DEED_MUST_USE;

/*
 * Octets to set aside for a token, for sizing /Contents: a little more than
 * the largest that this set has seen, TSA_TOKEN_GUESS before the first.  A
 * token may still be longer: then make room and ask again.
 */
size_t tsa_token_size(const struct tsa_set *set);

/*
 * The pieces, for tests and for who speaks to an authority another way.
 * nonce is an unsigned number of TSA_NONCE octets, its first bit clear.
 */
#define TSA_NONCE 8 /* what every authority takes */

struct tsa_request {
	enum digest_alg alg;
	struct slice digest;
	struct slice policy; /* OID content octets; SLICE_NONE */
	uint8_t nonce[TSA_NONCE];
};

/* TimeStampReq (RFC 3161 2.4.1) with certReq, appended. */
enum deed_status tsa_request_write(const struct tsa_request *request,
				   struct buf *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * TimeStampResp (2.4.2): checks it as above and appends the token.
 * DEED_REMOTE, saying what the authority says (status, statusString,
 * failInfo) or what is wrong with its answer.
 */
enum deed_status tsa_response_read(struct slice response,
				   const struct tsa_request *request,
				   struct buf *token,
				   struct deed_error *err) DEED_MUST_USE;

#endif
