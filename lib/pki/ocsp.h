/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_OCSP_H
#define DEED_PKI_OCSP_H

#include "key/cert.h"

/*
 * OCSP responses (RFC 6960 4.2), and requests (4.1).  A struct ocsp owns its
 * DER; slices point into it.  Immutable after parsing and counted by
 * reference, so it is shared between threads.  Nothing here is believed: who
 * may answer for whom is pki/revocation.h's matter.
 *
 * Limits: OCSP_MAX octets, OCSP_SINGLES answers and OCSP_CERTS certificates
 * in one response.
 */
#define OCSP_MAX (4u << 20)
#define OCSP_SINGLES 4096
#define OCSP_CERTS 16

struct ocsp;

/* OCSPResponseStatus (4.2.1). */
enum ocsp_answer {
	OCSP_SUCCESSFUL = 0,
	OCSP_MALFORMED_REQUEST = 1,
	OCSP_INTERNAL_ERROR = 2,
	OCSP_TRY_LATER = 3,
	OCSP_SIG_REQUIRED = 5,
	OCSP_UNAUTHORIZED = 6,
};

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

struct ocsp_fields {
	/* An OCSPResponse, made around the basic one where that came alone:
	 * what a DSS or id-ri-ocsp-response takes. */
	struct slice der;
	struct slice basic; /* BasicOCSPResponse: what ocspVals takes */
	struct slice tbs, signature_algorithm, signature;
	struct slice responder_name; /* byName: whole Name, or SLICE_NONE */
	struct slice responder_key;  /* byKey: SHA-1 of the key, or NONE */
	int64_t produced_at;
	struct slice nonce;    /* its octets, or SLICE_NONE */
	bool unknown_critical; /* an extension that deed does not process */
	size_t cert_count;
	size_t single_count;
};

/* One SingleResponse; the slices are the response's. */
struct ocsp_single {
	enum digest_alg digest; /* DIGEST_NONE: one that deed cannot compute */
	struct slice name_hash, key_hash;
	struct slice serial; /* INTEGER content octets */
	enum ocsp_status status;
	int64_t revoked_at; /* where revoked */
	int reason;	    /* CRLReason; -1 where it is not said */
	int64_t this_update;
	bool has_next_update;
	int64_t next_update;
	bool has_archive_cutoff; /* 4.4.4 */
	int64_t archive_cutoff;
	bool unknown_critical;
};

/*
 * Parse an OCSPResponse or a BasicOCSPResponse in DER; der is copied.
 * DEED_MALFORMED; DEED_LIMIT; DEED_UNSUPPORTED for another response type;
 * DEED_REMOTE where the responder says that it does not answer, naming why
 * ("unauthorized").
 */
enum deed_status ocsp_parse(struct slice der, struct ocsp **out,
			    struct deed_error *err) DEED_MUST_USE;
struct ocsp *ocsp_ref(struct ocsp *o);
void ocsp_free(struct ocsp *o);
const struct ocsp_fields *ocsp_fields(const struct ocsp *o);

/* i is less than single_count. */
const struct ocsp_single *ocsp_single_at(const struct ocsp *o, size_t i);

/* A certificate that came with it, i less than cert_count; borrowed. */
struct cert *ocsp_cert_at(const struct ocsp *o, size_t i);

/*
 * The answer about this certificate of this issuer (its name and key), the
 * one with the newest thisUpdate; NULL where there is none.  The hashes of
 * the certID may be of any algorithm that deed computes.
 */
const struct ocsp_single *ocsp_find(const struct ocsp *o,
				    const struct cert *cert,
				    const struct cert *issuer);

/* Is this certificate's key the one that the responder ID names? */
bool ocsp_names(const struct ocsp *o, const struct cert *responder);

/* Did the holder of this certificate's key sign it?  The check is done once
 * for a key. */
bool ocsp_signed_by(const struct ocsp *o, const struct cert *responder);

/* Does it look like an OCSPResponse or BasicOCSPResponse? */
bool ocsp_looks_like(struct slice der);

/*
 * Append an OCSPRequest about one certificate with a SHA-1 certID, which
 * every responder understands (RFC 5019 2.1.1), and a nonce where it is not
 * SLICE_NONE (RFC 8954: 1 to 32 octets).
 */
enum deed_status ocsp_request(const struct cert *cert,
			      const struct cert *issuer, struct slice nonce,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

#endif
