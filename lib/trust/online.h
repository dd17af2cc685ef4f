/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_ONLINE_H
#define DEED_TRUST_ONLINE_H

#include "net/http.h"
#include "pki/path.h"

/*
 * Completes a pki_source over the network: issuers' certificates by
 * authorityInfoAccess (RFC 5280 4.2.2.1: a certificate in DER or PEM, or a
 * certs-only CMS), OCSP responses (RFC 6960), CRLs by distribution points
 * and their deltas by freshestCRL.
 *
 *	online_new(&params, source, &online, err)
 *	online_begin(online, "a.pdf", &document, err)
 *	... pki_judge_path over online_source(document) ...
 *	online_end(document)
 *	online_free(online)
 *
 * It sets itself as the source's finder: whoever judges a path over the
 * source gets what is missing, and finds it in path.evidence.  Nothing
 * fetched is believed; only the source grows, for all documents.
 *
 * OCSP responses and CRLs are asked for only where the chain leads to an
 * anchor; of who leads to none, a missing issuer is, and nothing else.
 *
 * Bounded.  A document has a budget of time, from its first request; a
 * request half of it at most; and ONLINE_ISSUERS missing issuers.  A run has
 * ONLINE_FETCHES requests, each URL once (also where it failed), and a host
 * that stalled, or gave no answer twice running, is left alone.  A certificate
 * has ONLINE_URLS URLs.
 * Whoever judges over the source itself, as for an own signature, has the
 * limits of the run alone.  http and https alone; other schemes (ldap) are
 * passed over; to which addresses is the client's matter.  log_say tells what
 * could not be had.  Any number of threads, a document in one.
 *
 * With a cache folder, what was fetched is kept there and taken from there
 * for as long as it is current; without a client it is taken however old, and
 * the judge says what it is worth.
 */
#define ONLINE_ISSUERS 4
#define ONLINE_LACKS 64 /* that are told of a document */
#define ONLINE_FETCHES 1024
#define ONLINE_URLS 8
#define ONLINE_CRL_MAX ((size_t)64 << 20)
#define ONLINE_OCSP_MAX ((size_t)1 << 20)
#define ONLINE_CERT_MAX ((size_t)1 << 20)

struct online_params {
	struct http_client *client; /* borrowed; NULL: the cache alone */
	int64_t now;		    /* the session's: what is still current */
	/* The folder that keeps what is fetched (trust/cache.h); NULL: none
	 * does. */
	const char *cache;
	unsigned fetches;   /* requests a run; 0: ONLINE_FETCHES */
	unsigned budget_ms; /* of a document; 0: it has none */
	bool nonce; /* send nonces and demand them: no cached responses */
};

struct online;

/* source is borrowed and outlives it; the cache's path is copied. */
enum deed_status online_new(const struct online_params *params,
			    struct pki_source *source, struct online **out,
			    struct deed_error *err) DEED_MUST_USE;

/* Also takes itself away from the source. */
void online_free(struct online *o);

/* Was something not asked because of its address?  o may be NULL. */
bool online_refused(const struct online *o);

/* What is fetched for one document; name is for messages.  It ends before o
 * does.  NULL does nothing in online_end. */
struct online_document;

enum deed_status online_begin(struct online *o, const char *name,
			      struct online_document **out,
			      struct deed_error *err) DEED_MUST_USE;
const struct pki_source *online_source(const struct online_document *d);
void online_end(struct online_document *d);

/* What was wanted for it and did not come, from i = 0; false at the end. */
bool online_lack(const struct online_document *d, size_t i, const char **url,
		 const char **why);

#endif
