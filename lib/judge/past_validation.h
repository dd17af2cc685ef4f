/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_PAST_VALIDATION_H
#define DEED_JUDGE_PAST_VALIDATION_H

#include "judge/judge.h"

/*
 * Is a certificate to be believed for a signature that is proven to have
 * existed at some time (EN 319 102-1 5.2.6, 5.6.2.1 to 5.6.2.4)?
 *
 * It is asked as of the time of judging first (5.2.6, X.509 certificate
 * validation).  Where the answer is no for a reason that time brings about,
 * the chain is walked from the anchor down, and with each certificate the
 * time for which everything above is known to have been good slides back: to
 * its revocation, to the end of what its revocation data says, to the end of
 * its algorithms (5.6.2.2, validation time sliding).  A signature that is
 * proven to have existed before that time is as good as it was then.
 */
struct past_validation_query {
	struct cert *cert;
	const struct pki_source *source;
	const uint8_t *material; /* SHA-256 of what source has above the base */
	enum pki_purpose purpose;
	const struct judge_params *params;
	/* What the signature itself rests upon; no scheme: not known. */
	struct sig_alg algorithm;
	bool proven; /* it existed at this time; else it exists now */
	int64_t proven_at;
	bool made_after; /* it was made after this time, and that is proven */
	int64_t after;
};

struct past_validation_answer {
	enum indication indication;
	enum sub_indication sub;
	char id[40];
	char message[440];
	/* Passed in the light of a proof alone: which, in words. */
	bool by_proof;
	char note[300];
	char ahead[160]; /* revoked from later on, in words; or "" */
	enum verdict_revocation revocation;
	unsigned chain_len;
	bool chain_whole;			   /* as in verdict_signature */
	uint8_t chain[PKI_PATH_MAX][VERDICT_HASH]; /* the leaf's first */
};

enum deed_status past_validation_judge(const struct past_validation_query *q,
				       struct past_validation_answer *out,
				       struct deed_error *err) DEED_MUST_USE;

#endif
