/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_JUDGE_PRIVATE_H
#define DEED_JUDGE_JUDGE_PRIVATE_H

#include "judge/judge.h"

/* What judge_cms.c, judge_signer.c and judge_token.c share. */

/* Counter-signatures of counter-signatures are followed this deep. */
#define JUDGE_COUNTER_DEPTH 4

/* Counter-signatures of one SignedData; more is a FORMAT_FAILURE. */
#define JUDGE_COUNTERS 256

/* Time-stamps beyond this many on one signature are a doubt. */
#define JUDGE_TOKENS 64

/* The policy, and the proofs of existence (NULL: none), of these params. */
const struct constraints *judge_constraints(const struct judge_params *params);
const struct existence *judge_existence(const struct judge_params *params);

/* The document's own; params->evidence is not NULL. */
struct existence *judge_evidence_existence(struct judge_evidence *e);

/* Does an outer time-stamp that holds cover what is judged, and does it cover
 * all validation data of the document, too? */
void judge_evidence_outer(const struct judge_evidence *e, bool *stamped,
			  bool *sealed);

/* A source and what it holds above the base, as a SHA-256 to tell it from
 * others by. */
struct judge_source {
	struct pki_source *pki;
	uint8_t material[SHA256_SIZE];
	bool has_revocation; /* CRLs or OCSP responses */
	/* Those alone, also what the base has: NULL where there are none. */
	struct pki_source *carried;
	struct pki_source *copy; /* gets all of it, too; NULL: none is wanted */
};

/* What the document brought. */
const struct judge_source *
judge_evidence_source(const struct judge_evidence *e);

/* Add the certificates, CRLs and OCSP responses of a SignedData to a source
 * of its own that stands on base.  What does not parse is passed over.
 * certs are those of the SignedData, parsed, NULL: to be parsed. */
enum deed_status judge_source_open(const struct judge_source *base,
				   const struct cms_signed *sd,
				   const struct cert_list *certs,
				   struct judge_source *out,
				   struct deed_error *err) DEED_MUST_USE;
void judge_source_clear(struct judge_source *s);

/* Certificates of a source that answer to a signer, appended: what a verifier
 * was given stands in for one that a signature leaves out (EN 319 102-1
 * 5.2.3).  The caller clears the list, also after a failure. */
enum deed_status judge_given_certificates(const struct pki_source *source,
					  const struct cms_signer *signer,
					  struct cert_list *out,
					  struct deed_error *err) DEED_MUST_USE;

/* What a chain is worth at the time of judging: pure data. */
struct past_validation_basic {
	enum pki_outcome outcome;
	enum pki_revocation revocation;
	int64_t until; /* the first of its algorithms to end */
	char what[CONSTRAINTS_WHAT];
	int64_t oldest;	   /* thisUpdate of its revocation data; INT64_MAX */
	bool ahead;	   /* that lists one of it as revoked, from later on: */
	unsigned ahead_at; /* which */
	int64_t ahead_from;
	unsigned chain_len;
	bool chain_whole; /* as in verdict_signature */
	uint8_t chain[PKI_PATH_MAX][VERDICT_HASH];
};

struct past_validation_query;
struct past_validation_answer;

/* c may be NULL: nothing is found, nothing kept. */
bool judge_cache_find(struct judge_cache *c,
		      const struct past_validation_query *q,
		      struct past_validation_basic *out);
void judge_cache_add(struct judge_cache *c,
		     const struct past_validation_query *q,
		     const struct past_validation_basic *basic);

/* Name, organisation, identifier, issuer, certificate; with subject_kind
 * also whether it is a seal. */
void judge_describe(struct verdict_signature *sig, struct cert *c,
		    bool subject_kind);

/* What cms_check_signer found. */
void judge_apply_check(struct verdict_signature *sig,
		       const struct cms_check *check);

/* What the certificate is worth, chain included. */
void judge_apply_answer(struct verdict_signature *sig,
			const struct past_validation_answer *answer);

/* The signature policy that the signer names (EN 319 122-1 5.2.9.1). */
void judge_policy(struct verdict_signature *sig,
		  const struct cms_attributes *attrs,
		  const struct constraints *c);

/* The algorithm of a signature that was checked; no scheme where unknown. */
struct sig_alg judge_algorithm_of(const struct cms_check *check);

/*
 * adbe.x509.rsa_sha1 (ISO 32000-1 12.8.3.2): a bare RSASSA-PKCS1-v1_5
 * signature in an OCTET STRING, over the content itself.  Integrity is told,
 * and what the certificate is worth; it never passes.
 */
struct judge_pkcs1 {
	struct slice value;		   /* the OCTET STRING */
	struct slice certificates;	   /* DER, the signer's first */
	const struct cms_content *content; /* or NULL */
	bool proven;			   /* it existed at this time */
	int64_t proven_at;
};

/* params has evidence.  One verdict_signature is added. */
enum deed_status judge_pkcs1(const struct judge_pkcs1 *in,
			     const struct judge_params *params,
			     struct verdict_document *doc,
			     struct deed_error *err) DEED_MUST_USE;

/* ---- files ---- */

/* A CMS in whichever wrapping (cms/wrapping.h): all of a file, by name.
 * DEED_NO_SIGNATURE where it is the refusal of a time-stamp. */
enum deed_status judge_wrapped(struct slice in, const char *name,
			       const struct judge_params *params,
			       struct verdict_document *doc,
			       struct deed_error *err) DEED_MUST_USE;

/* A detached content that lies in a file, for the signers of sd; path outlives
 * it.  Close it also after a failure. */
struct judge_given;
enum deed_status judge_given_open(const char *path, const struct cms_signed *sd,
				  struct judge_given **out,
				  struct deed_error *err) DEED_MUST_USE;
const struct cms_content *judge_given_content(const struct judge_given *g);
void judge_given_close(struct judge_given *g);

/* ---- tokens ---- */

/* What a token inside a signature is found to be. */
struct judge_token {
	enum indication indication;
	enum sub_indication sub;
	bool has_time;
	int64_t time;
	bool wrong_certificate; /* its signing-certificate names none there */
	char message[440];	/* why it has not passed */
	char ahead[160];	/* as past_validation_answer has it */
};

/* Parse; *t is NULL where it is none, and out TOTAL_FAILED then. */
enum deed_status judge_token_open(struct slice in, struct tst **t,
				  struct judge_token *out,
				  struct deed_error *err) DEED_MUST_USE;

/* content is what it should cover; NULL: it is not compared, and the token
 * INDETERMINATE at best.  out is as judge_token_open left it. */
enum deed_status judge_token(const struct tst *t,
			     const struct cms_content *content,
			     const struct judge_source *source,
			     const struct judge_params *params,
			     struct judge_token *out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Digests of the elements of a set, by algorithm, each taken once however
 * often it is asked for: hostile input may ask often.
 */
#define JUDGE_ELEMENTS 4096

/* Comparisons within one set; an index that needs more names nothing. */
#define JUDGE_COMPARISONS (1u << 20)

struct judge_digests {
	struct slice set; /* elements one after another */
	size_t compared;
	uint8_t (*list[DIGEST_COUNT])[DIGEST_MAX];
	size_t count[DIGEST_COUNT];
	bool no_memory; /* a list is missing for that, and says nothing */
};

void judge_digests_clear(struct judge_digests *d);

/* What archive time-stamps of one SignedData share. */
struct judge_archive {
	const struct cms_signed *sd;
	struct judge_digests certificates, crls;
};

/* The archive-time-stamp-v3 (EN 319 122-1 5.5.3) of one signer. */
enum deed_status judge_archive_token(
	const struct tst *t, struct judge_archive *archive,
	const struct cms_signer *signer, const struct cms_content *content,
	const struct judge_source *source, const struct judge_params *params,
	struct judge_token *out, struct deed_error *err) DEED_MUST_USE;

/* It passed: what it names existed at its time. */
enum deed_status judge_archive_prove(const struct tst *t,
				     struct judge_archive *archive,
				     const struct cms_signer *signer,
				     struct existence *existence,
				     struct deed_error *err) DEED_MUST_USE;

/* What the tokens of one signer amount to. */
struct judge_tokens {
	bool good_signature_token, good_archive_token; /* they hold */
	bool made_after; /* a content-time-stamp that passed */
	int64_t after;
};

/*
 * Judge all time-stamps of a signer, from the outermost inwards, tell them
 * in the verdict at this index, and add what they prove to the document's
 * proofs.  params has evidence.  certificate is the signer's, or NULL.
 */
struct judge_timestamped {
	struct judge_archive *archive;
	const struct cms_signer *signer;
	const struct cms_content *content; /* NULL where it is missing */
	const struct cert *certificate;
	const struct judge_source *source;
	const struct judge_params *params;
	struct verdict_document *doc;
	size_t at;
};

enum deed_status judge_signer_tokens(const struct judge_timestamped *s,
				     struct judge_tokens *out,
				     struct deed_error *err) DEED_MUST_USE;

#endif
