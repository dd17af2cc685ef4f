/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_JUDGE_PRIVATE_H
#define DEED_SIGN_JUDGE_PRIVATE_H

#include "sign/judge.h"

/* What judge_cms.c, judge_signer.c and judge_token.c share. */

/* Counter-signatures of counter-signatures are followed this deep. */
#define JUDGE_COUNTER_DEPTH 4

/* Counter-signatures of one SignedData; more is a FORMAT_FAILURE. */
#define JUDGE_COUNTERS 256

/* Time-stamps beyond this many on one signature are a doubt. */
#define JUDGE_TOKENS 64

/* Add the certificates and CRLs of a SignedData to a source of its own that
 * stands on base.  What does not parse is passed over. */
enum deed_status judge_source_new(const struct pki_source *base,
				  const struct cms_signed *sd,
				  struct pki_source **out,
				  struct deed_error *err) DEED_MUST_USE;

/* Name, organisation, identifier, issuer, certificate; with subject_kind
 * also whether it is a seal. */
void judge_describe(struct verdict_signature *sig, const struct cert *c,
		    bool subject_kind);

/* What cms_check_signer found. */
void judge_apply_check(struct verdict_signature *sig,
		       const struct cms_check *check);

/* Judge the certificate's path and say what it means. */
enum deed_status judge_apply_path(struct verdict_signature *sig, struct cert *c,
				  const struct pki_source *source,
				  enum pki_purpose purpose,
				  const struct judge_params *params,
				  struct deed_error *err) DEED_MUST_USE;

/* A time-stamp inside a signature: fits it what it should cover? */
struct judge_token {
	enum indication indication;
	bool has_time;
	int64_t time;
	bool wrong_certificate; /* its signing-certificate names none there */
	char message[200];	/* why it is TOTAL_FAILED */
};

enum deed_status judge_token(struct slice in, const struct cms_content *content,
			     const struct pki_source *source,
			     const struct judge_params *params,
			     struct judge_token *out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Digests of the elements of a set, by algorithm, each taken once however
 * often it is asked for: hostile input may ask often.
 */
#define JUDGE_ELEMENTS 4096

struct judge_digests {
	struct slice set; /* elements one after another */
	uint8_t (*list[DIGEST_COUNT])[DIGEST_MAX];
	size_t count[DIGEST_COUNT];
};

void judge_digests_clear(struct judge_digests *d);

/* What archive time-stamps of one SignedData share. */
struct judge_archive {
	const struct cms_signed *sd;
	struct judge_digests certificates, crls;
};

/* The archive-time-stamp-v3 (EN 319 122-1 5.5.3) of one signer. */
enum deed_status judge_archive_token(
	struct slice in, struct judge_archive *archive,
	const struct cms_signer *signer, const struct cms_content *content,
	const struct pki_source *source, const struct judge_params *params,
	struct judge_token *out, struct deed_error *err) DEED_MUST_USE;

#endif
