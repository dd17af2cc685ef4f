/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_REVOCATION_CRL_PRIV_H
#define DEED_PKI_REVOCATION_CRL_PRIV_H

#include "pki/revocation_priv.h"

/*
 * What revocation_crl.c, which goes through the CRLs, has to share with those
 * who say whose each is (revocation_crl_signer.c) and what they say together
 * (revocation_crl_parts.c).
 */
#define CRL_SEEN_MAX 512		 /* looked at for one certificate */
#define CRL_LOOKS_MAX (8 * CRL_SEEN_MAX) /* at them, for all its points */
#define CRL_PARTS_MAX 64		 /* that answer for one certificate */
#define CRL_SIGNERS_MAX 8		 /* judged, remembered */

#define CRL_WHAT "a CRL" /* in reasons */

/* A CRL that speaks about the certificate, with the delta that goes with
 * it, and for which reasons. */
struct crl_part {
	struct crl *crl, *delta; /* borrowed from the source */
	uint32_t reasons;
	bool listed;
	struct crl_entry entry;
	struct cert *signer;
	struct object_times times;
};

/* A CRL that was looked at, once for all points that lead to it.  Whose it is
 * hangs on whether the point names a cRLIssuer, and on no more of it. */
struct crl_seen {
	const struct crl *crl;
	struct {
		bool known;
		struct cert *signer; /* borrowed; NULL: nobody who may */
	} whose[2];
};

/* What the CRLs say about one certificate. */
struct crl_survey {
	struct inquiry *in;
	const struct dist_point *point; /* that led to the CRL at hand */
	struct crl_seen seen[CRL_SEEN_MAX];
	struct crl_part parts[CRL_PARTS_MAX];
	unsigned seen_count, looks, part_count, deltas;
	struct {
		struct cert *cert;
		int64_t time;
		bool good;
	} signers[CRL_SIGNERS_MAX];
	unsigned signer_count;
};

/* A list does not count, for this reason; one that says "revoked" leaves a
 * doubt (inquiry_reject). */
void crl_survey_reject(struct crl_survey *s, const struct crl *crl,
		       enum nearness near, const char *why);

/* Does the list say "revoked", where nothing better is known? */
bool crl_survey_accuses(const struct crl_survey *s, const struct crl *crl);

/* 6.3.3 (f), (g): who signed the list, and may; borrowed, from the path or the
 * source.  NULL where there is nobody, and the reason is told. */
struct cert *crl_survey_signer(struct crl_survey *s, const struct crl *crl);

/* The part says "revoked", for good or at the time asked: an answer. */
void crl_survey_revoked(struct crl_survey *s, const struct crl_part *p);

/* 6.3.3 (l): what the parts say together, once there are no more. */
void crl_survey_conclude(struct crl_survey *s);

#endif
