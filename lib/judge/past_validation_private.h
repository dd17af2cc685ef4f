/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_PAST_VALIDATION_PRIVATE_H
#define DEED_JUDGE_PAST_VALIDATION_PRIVATE_H

#include "judge/judge_private.h"
#include "judge/past_validation.h"

/* What the past_validation*.c files share. */

/* Why the time slid back last. */
enum past_validation_cause {
	PAST_NOTHING,
	PAST_REVOKED,
	PAST_STALE,   /* the revocation data ends there */
	PAST_WEAK,    /* an algorithm of the chain ended */
	PAST_EXPIRED, /* an authority did, and revocation is not asked for */
};

/* Why there is no revocation data that may be used. */
enum past_validation_lack {
	PAST_LACKS_NOTHING,
	PAST_LACKS_DATA,
	PAST_LACKS_PROOF,	/* it is there, but only since too late */
	PAST_LACKS_CERTIFICATE, /* nor is a certificate older */
	PAST_LACKS_SIGNER,	/* it is there only since its signer expired */
};

/* One walk down a chain. */
struct past_validation_slide {
	const struct past_validation_query *q;
	const struct constraints *policy;
	const struct pki_path *path; /* the leaf's first, the anchor last */
	int64_t when;		     /* the proven time of the signature */
	int64_t control;	     /* to where it slid */
	enum past_validation_cause cause;
	unsigned at; /* which certificate was the cause or lacks something */
	enum past_validation_lack lack;
	char why[240]; /* what lacks, or what is weak */
	bool revoked;  /* some certificate, at or before when */
	unsigned revoked_cert;
	int64_t revoked_at;
	int reason;
	bool leaf_known; /* the leaf's status is known, and it is good */
};

enum deed_status past_validation_slide(struct past_validation_slide *s,
				       struct deed_error *err) DEED_MUST_USE;

/* One question under work. */
struct past_validation_question {
	const struct past_validation_query *q;
	const struct constraints *policy;
	struct past_validation_answer *out;
	struct past_validation_basic
		now;	      /* what is so at the time of judging */
	struct pki_path path; /* the same, with its certificates */
	bool has_path;
	int64_t when; /* the proven time, or now */
};

/* ---- what is answered, and in which words (past_validation_answer.c) ---- */

void past_validation_say(struct past_validation_question *w,
			 enum sub_indication sub, const char *id,
			 const char *fmt, ...) DEED_PRINTF(4, 5);

/* What is so at the time of judging: the outcome of the path, and what is
 * listed as revoked from later on. */
void past_validation_say_present(struct past_validation_question *w);
void past_validation_say_unknown(struct past_validation_question *w);
void past_validation_note_ahead(struct past_validation_question *w);

/* What the walk found; path is that at the proven time. */
void past_validation_say_revoked(struct past_validation_question *w,
				 const struct past_validation_slide *s);
void past_validation_say_bounds(struct past_validation_question *w,
				const struct pki_path *path,
				const struct past_validation_slide *s);
void past_validation_say_lack(struct past_validation_question *w,
			      const struct past_validation_slide *s);
void past_validation_say_younger(struct past_validation_question *w,
				 const struct past_validation_slide *s);
void past_validation_note_proof(struct past_validation_question *w,
				const struct past_validation_slide *s);

/* 5.2.8 for the signature itself: its own algorithms, at its own time. */
enum deed_status
past_validation_say_algorithm(struct past_validation_question *w,
			      struct deed_error *err) DEED_MUST_USE;

#endif
