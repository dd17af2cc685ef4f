/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PKI_FORGE_H
#define DEED_TESTS_UNIT_PKI_FORGE_H

#include "key/signing_key.h"
#include "pki/path.h"

/*
 * Certificates, CRLs and OCSP responses made for a test, of any shape.  Names
 * are one CN; keys are P-256, of which forge_key has FORGE_KEYS, made once.
 */
#define FORGE_KEYS 6
#define FORGE_TIME INT64_C(1767225600) /* 2026-01-01 */
#define FORGE_DAY 86400

const struct signing_key *forge_key(unsigned i);
void forge_end(void); /* free the keys */

/* Append Name { CN = cn }. */
void forge_name(struct der_writer *w, const char *cn);

/* Append Extension. */
void forge_extension(struct der_writer *w, enum oid oid, bool critical,
		     struct slice value);

struct forge_cert {
	const char *subject, *issuer;
	unsigned key, issuer_key;
	unsigned serial;
	int64_t from, to; /* 0: a year around FORGE_TIME */
	bool ca;
	uint32_t key_usage; /* 0: none */
	struct slice extra; /* Extensions, one after another */
};
struct cert *forge_cert(const struct forge_cert *spec);

struct forge_entry {
	unsigned serial;
	int64_t at;
	int reason;	    /* -1: none */
	const char *issuer; /* certificateIssuer */
	bool unknown;	    /* with a critical extension nobody knows */
};

struct forge_crl {
	const char *issuer;
	unsigned key;
	int64_t this_update, next_update; /* next 0: none */
	const struct forge_entry *entries;
	unsigned entry_count;
	unsigned number, base; /* 0: none */
	struct slice idp;      /* value; SLICE_NONE */
	int64_t expired_since; /* 0: none */
	struct slice extra;
};
struct crl *forge_crl(const struct forge_crl *spec);

struct forge_ocsp {
	const struct cert *cert, *issuer;
	unsigned key;	     /* of the responder */
	const char *by_name; /* NULL: by key */
	enum digest_alg digest;
	enum ocsp_status status;
	int64_t this_update, next_update; /* next 0: none */
	int64_t produced_at;		  /* 0: thisUpdate */
	int64_t revoked_at;
	int reason; /* -1 */
	int64_t archive_cutoff;
	bool unknown_critical;
	struct cert *with; /* the responder's certificate */
	bool bare;	   /* a BasicOCSPResponse alone */
};
void forge_ocsp_der(const struct forge_ocsp *spec, struct buf *out);
struct ocsp *forge_ocsp(const struct forge_ocsp *spec);

/* An issuingDistributionPoint's value, appended: directory name of its point
 * (NULL: none), flags. */
#define FORGE_IDP_USER 1u
#define FORGE_IDP_CA 2u
#define FORGE_IDP_INDIRECT 4u
#define FORGE_IDP_ATTRIBUTE 8u
#define FORGE_IDP_RELATIVE 16u /* the name is relative to the issuer */
void forge_idp(struct buf *out, const char *point, unsigned flags,
	       uint32_t reasons);

/* A CRLDistributionPoints extension with one point, appended. */
void forge_cdp(struct buf *out, const char *point, bool relative,
	       uint32_t reasons, const char *crl_issuer);

/* The same with one point, whose cRLIssuer is so often that name. */
void forge_cdp_repeated(struct buf *out, unsigned count,
			const char *crl_issuer);

/* The same with several points of no issuer's, of a reason each (bit 1, 2, ...)
 * or all of them. */
void forge_cdps(struct buf *out, unsigned count, bool by_reason);

/* The root (key 0, serial 1) and the CA under it (key 1, serial 2), which may
 * sign certificates and CRLs. */
struct cert *forge_root(void);
struct cert *forge_ca(void);

#endif
