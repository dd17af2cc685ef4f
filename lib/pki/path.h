/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_PATH_H
#define DEED_PKI_PATH_H

#include "pki/rules.h"
#include "pki/revocation.h"

/*
 * Certification path building and validation (RFC 5280 6), over unordered,
 * cross-signed and looping sets.  All time is an argument.  Every rule of
 * 6.1 is worked through: names chain as 7.1 has them, name constraints of
 * the forms that name_constraints.h lists, policies with mapping (the graph
 * of RFC 9618), path length, uses.  A critical extension that is not
 * processed keeps a path from being good.  What a trust anchor's certificate
 * says of authority, use, length and names holds too (RFC 5937); its
 * policies do not.
 *
 * Building is bounded: PKI_PATH_MAX certificates a path, PKI_SIGNATURES_MAX
 * signature checks, PKI_STEPS_MAX steps and PKI_WEIGHED_MAX whole paths a
 * question.  Where one path fails others are tried, and of those that fail
 * the one that is nearest to good is told.
 */
#define PKI_PATH_MAX 12
#define PKI_SIGNATURES_MAX 128
#define PKI_STEPS_MAX 4096
#define PKI_WEIGHED_MAX 64
#define PKI_POLICIES_MAX 32

/* The kinds of outcome; which rule it was is struct pki_path's rule. */
enum pki_outcome {
	PKI_GOOD,
	PKI_NO_PATH,	   /* leads to no trust anchor */
	PKI_EXPIRED,	   /* the leaf, at the time asked */
	PKI_NOT_YET_VALID, /* the leaf */
	PKI_CONSTRAINTS,   /* basicConstraints, keyUsage, path length, … */
	PKI_UNPROCESSED,   /* a critical extension that is not processed */
	PKI_REVOKED,	   /* the leaf */
	PKI_CA_REVOKED,
	PKI_NO_REVOCATION, /* no valid revocation data for some certificate */
	PKI_CA_EXPIRED,	   /* a certificate above the leaf, at that time */
	PKI_WEAK,     /* an algorithm that is not accepted (MD5, short RSA) */
	PKI_TOO_HARD, /* the bounds above were reached */
};

/* What the leaf is for. */
enum pki_purpose {
	PKI_SIGNATURE, /* digitalSignature or nonRepudiation, if keyUsage;
			  one of purposes, if a critical extKeyUsage */
	PKI_TIMESTAMP, /* and the critical key purpose timeStamping */
	PKI_ANY,
};

struct pki_params {
	const struct pki_source *source;
	int64_t time;
	bool no_revocation;	   /* do not ask for revocation data */
	unsigned revocation_flags; /* PKI_REVOCATION_… */
	int64_t latest;		   /* with PKI_REVOCATION_LATER */
	enum pki_purpose purpose;
	/* Content octets of the key purposes that fit PKI_SIGNATURE, borrowed;
	 * NULL: all do. */
	const struct slice *purposes;
	size_t purpose_count;
	const struct pki_nesting *within; /* of revocation.c: NULL */

	/*
	 * The inputs of RFC 5280 6.1.1 (c), (e) to (i), borrowed; zero is
	 * the default of that clause: any policy, nothing required or
	 * inhibited, every name permitted.  policies: policy_count content
	 * octets of object identifiers.  name_constraints: the DER of a
	 * NameConstraints (4.2.1.10) that holds beside the anchor's own.
	 */
	const struct slice *policies;
	size_t policy_count;
	bool explicit_policy;
	bool inhibit_policy_mapping;
	bool inhibit_any_policy;
	struct slice name_constraints;
};

struct pki_path {
	enum pki_outcome outcome;
	enum pki_revocation revocation; /* of the whole path */
	unsigned len; /* leaf first, anchor last; what could be built */
	struct cert *chain[PKI_PATH_MAX]; /* references of its own */
	/* Of chain[i], but of the anchor; as far as it was asked. */
	struct pki_evidence evidence[PKI_PATH_MAX];
	bool anchored;	    /* the last one is a trust anchor */
	int64_t revoked_at; /* if revoked */
	int reason;	    /* CRLReason, -1 */
	enum pki_rule rule; /* which failed, if not good */
	unsigned failed;    /* by which certificate: index into chain */
	char message[256];  /* why not, in words */

	/*
	 * If good, the policies the whole path is valid for, within those
	 * asked (RFC 5280 6.1.6, user-constrained): content octets, borrowed
	 * from the chain or params; the first PKI_POLICIES_MAX of them.
	 * any_policy: all that were asked, or any.
	 */
	bool any_policy;
	unsigned policy_count;
	struct slice policies[PKI_POLICIES_MAX];
};

/* Judge: DEED_OK with the outcome.  pki_path_clear afterwards, always. */
enum deed_status pki_judge_path(struct cert *leaf,
				const struct pki_params *params,
				struct pki_path *out,
				struct deed_error *err) DEED_MUST_USE;
void pki_path_clear(struct pki_path *path);

/*
 * Is the certificate, by its key purposes, one for signing documents: has it
 * one of those listed, or no critical extKeyUsage?  out has those that it has
 * where it is not, for messages; NULL: all fit.
 */
#define PKI_PURPOSES_TEXT 121
bool pki_purpose_fits(const struct cert *c, const struct slice *purposes,
		      size_t count, char out[PKI_PURPOSES_TEXT]);

#endif
