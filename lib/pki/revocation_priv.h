/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_REVOCATION_PRIV_H
#define DEED_PKI_REVOCATION_PRIV_H

#include "pki/path.h"

/*
 * What revocation.c, revocation_crl.c and revocation_ocsp.c share: one
 * question under work.
 */

/* Checks that hostile objects can cause for one question from outside,
 * whatever nests: signatures over objects, paths of their signers. */
#define INQUIRY_SIGNATURES 256
#define INQUIRY_PATHS 16

struct inquiry_budget {
	unsigned signatures, paths;
	int64_t latest; /* the time of judging, for all that nests */
	/* A bound was reached: something that may say "revoked" was not
	 * looked at, so that nothing else says "good". */
	bool cut;
};

/* Who is being asked about, up to the question from outside. */
struct pki_nesting {
	const struct pki_nesting *up;
	const struct cert *cert;
	unsigned depth;
	struct inquiry_budget *budget;
};

/* Why an object does not answer: what is nearest to an answer is told. */
enum nearness {
	NEAR_NOTHING,
	NEAR_SCOPE,
	NEAR_SIGNER,
	NEAR_CONTENT,
	NEAR_TIME,
	NEAR_ANSWER, /* the responder does not know the certificate */
	NEAR_LISTED, /* it says "revoked", and does not count */
};

struct inquiry {
	const struct pki_revocation_query *q;
	struct cert *cert, *issuer;
	struct pki_nesting nesting;
	struct pki_evidence *best;
	bool have_best;
	enum nearness near;
	bool no_memory;
};

/* Remember why, unless something nearer is known. */
void inquiry_why(struct inquiry *in, enum nearness near, const char *fmt, ...)
	DEED_PRINTF(3, 4);

/*
 * An object does not count, for this reason, which is told with "a CRL" or
 * "an OCSP response" before it; listed: it says "revoked".
 */
void inquiry_reject(struct inquiry *in, enum nearness near, const char *what,
		    bool listed, const char *why);

/* When an object speaks. */
struct object_times {
	int64_t this_update;
	int64_t produced_at; /* of an OCSP response; else thisUpdate */
	bool has_next_update;
	int64_t next_update;
	bool keeps; /* entries of certificates that expired since: */
	int64_t keeps_since;
};

/* May the absence of an entry in such an object be believed, at the time
 * asked?  what and listed as for inquiry_reject, where not. */
bool inquiry_in_time(struct inquiry *in, const struct object_times *t,
		     const char *what, bool listed);

/* The caller of pki_revocation_of will not have it used; what and listed as
 * for inquiry_reject. */
void inquiry_unusable(struct inquiry *in, const struct object_times *t,
		      const char *what, bool listed);

/* Is it valid at the time asked, or the flags say that this is not asked? */
bool inquiry_is_current(const struct inquiry *in, const struct object_times *t);

/* The time at which the signer of an object that was signed at this time must
 * be good. */
int64_t inquiry_signer_time(const struct inquiry *in, int64_t signed_at);

/* Has an entry of this time and reason taken effect, and does it for good? */
bool inquiry_is_final(const struct inquiry *in, int64_t revoked_at, int reason);

/* An answer, whose references are taken over: kept where it is better than
 * what there is. */
void inquiry_offer(struct inquiry *in, struct pki_evidence *e);

/* Does the flag WEAK or the algorithm itself allow this one? */
bool inquiry_accepts_algorithm(const struct inquiry *in,
			       struct slice algorithm);

/* One more signature over an object may be checked; false where too many were,
 * for whatever nests.  That is told, and leaves no "good". */
bool inquiry_spend_signature(struct inquiry *in);

/*
 * May this certificate sign for the path's anchor at this time: has it a
 * good path of its own, not revoked, to the same anchor?  Says why not.
 */
bool inquiry_good_signer(struct inquiry *in, struct cert *signer, int64_t time);

/* Ask what the CRLs, what the OCSP responses of the source say. */
void inquiry_crls(struct inquiry *in);
void inquiry_ocsps(struct inquiry *in);

#endif
