/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_POE_H
#define DEED_SIGN_POE_H

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
 * POE_MAX objects; a proof beyond that is not recorded, which only makes the
 * answer more cautious.
 */
#define POE_MAX 65536

/* Tokens within tokens are followed this deep. */
#define POE_DEPTH 8

struct poe;

enum deed_status poe_new(struct poe **out,
			 struct deed_error *err) DEED_MUST_USE;
void poe_free(struct poe *p);

/* The object existed at this time. */
enum deed_status poe_add(struct poe *p, struct slice object, int64_t time,
			 struct deed_error *err) DEED_MUST_USE;

/* The earliest time at which it is proven to have existed; false where
 * nothing proves any.  p may be NULL: an empty set. */
bool poe_find(const struct poe *p, struct slice object, int64_t *time);

/* The same where nothing is proven: now. */
int64_t poe_time(const struct poe *p, struct slice object, int64_t now);

/* An OCSP answer is known by its BasicOCSPResponse: that of an OCSPResponse,
 * or value itself. */
struct slice poe_ocsp(struct slice value);

/*
 * A SignedData existed at this time, and with it everything inside: its
 * signature values, certificates, CRLs, OCSP responses, certificate and
 * revocation values, counter-signatures, and its time-stamp tokens with all
 * that is inside them.
 */
enum deed_status poe_add_cms(struct poe *p, const struct cms_signed *sd,
			     int64_t time,
			     struct deed_error *err) DEED_MUST_USE;

/* The same from bytes; what is no SignedData is only the object itself. */
enum deed_status poe_add_cms_bytes(struct poe *p, struct slice in, int64_t time,
				   struct deed_error *err) DEED_MUST_USE;

/* What the values of one attribute hold: tokens, values, counter-signatures;
 * value is one element of the attribute's SET. */
enum deed_status poe_add_attribute(struct poe *p, enum oid type,
				   struct slice value, int64_t time,
				   struct deed_error *err) DEED_MUST_USE;

#endif
