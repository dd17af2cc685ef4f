/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_EXISTENCE_H
#define DEED_JUDGE_EXISTENCE_H

#include "cms/signed.h"
#include "crypto/digest.h"

/*
 * Proofs of existence (EN 319 102-1 5.6.2.3): which object is proven to have
 * existed at which time.  An object is named by the SHA-256 of its bytes: the
 * DER of a certificate, CRL, OCSP response or time-stamp token, the octets of
 * a signature value.  Of several proofs for one object the earliest counts.
 * What no proof names exists now, at the time of judging, and not before.
 *
 * A set belongs to the judging of one document, and to one thread.  Limit:
 * EXISTENCE_MAX objects; a proof beyond that is not recorded, which only
 * makes the answer more cautious.
 */
#define EXISTENCE_MAX 65536

/* Tokens within tokens are followed this deep. */
#define EXISTENCE_DEPTH 8

struct existence;

enum deed_status existence_new(struct existence **out,
			       struct deed_error *err) DEED_MUST_USE;
void existence_free(struct existence *p);

/* The object existed at this time. */
enum deed_status existence_add(struct existence *p, struct slice object,
			       int64_t time,
			       struct deed_error *err) DEED_MUST_USE;

/* The earliest time at which it is proven to have existed; false where
 * nothing proves any.  p may be NULL: an empty set. */
bool existence_find(const struct existence *p, struct slice object,
		    int64_t *time);

/* The same where nothing is proven: now. */
int64_t existence_time(const struct existence *p, struct slice object,
		       int64_t now);

/* An OCSP answer is known by its BasicOCSPResponse: that of an OCSPResponse,
 * or value itself. */
struct slice existence_ocsp(struct slice value);

/*
 * A SignedData existed at this time, and with it everything inside: its
 * signature values, certificates, CRLs, OCSP responses, certificate and
 * revocation values, counter-signatures, and its time-stamp tokens with all
 * that is inside them.  What is no SignedData is only the object itself.
 */
enum deed_status existence_add_cms(struct existence *p, struct slice in,
				   int64_t time,
				   struct deed_error *err) DEED_MUST_USE;

/* What the values of one attribute hold: tokens, values, counter-signatures;
 * value is one element of the attribute's SET. */
enum deed_status existence_add_attribute(struct existence *p, enum oid type,
					 struct slice value, int64_t time,
					 struct deed_error *err) DEED_MUST_USE;

#endif
