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
 *	... pki_judge_path over source or what stands on it ...
 *	online_free(online)
 *
 * It sets itself as the source's finder: whoever judges a path over the
 * source gets what is missing, and finds it in path.evidence.  Nothing
 * fetched is believed; only the source grows.
 *
 * Bounded: ONLINE_FETCHES requests a run, each URL once a run (also where it
 * failed), ONLINE_URLS URLs of one certificate.  http and https alone; other
 * schemes (ldap) are passed over.  log_say tells what could not be had.  Any
 * number of threads.
 *
 * With a cache folder, what was fetched is kept there and taken from there
 * for as long as it is current; without a client it is taken however old, and
 * the judge says what it is worth.
 */
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
	unsigned fetches; /* requests a run; 0: ONLINE_FETCHES */
	bool nonce;	  /* send nonces and demand them: no cached responses */
};

struct online;

/* source is borrowed and outlives it; the cache's path is copied. */
enum deed_status online_new(const struct online_params *params,
			    struct pki_source *source, struct online **out,
			    struct deed_error *err) DEED_MUST_USE;

/* Also takes itself away from the source. */
void online_free(struct online *o);

#endif
