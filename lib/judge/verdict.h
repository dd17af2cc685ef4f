/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_VERDICT_H
#define DEED_JUDGE_VERDICT_H

#include "base/error.h"
#include "base/slice.h"
#include "key/cert.h"
#include "look/look.h"

/*
 * What was found in one document, in the words of ETSI EN 319 102-1: the
 * mirror of the JSON that deed-json(5) describes, field for field.  A verdict
 * is data: nothing here judges.  Strings are owned, UTF-8, and cleaned of
 * control characters.
 *
 * Indications only ever get worse: verdict_fail and verdict_doubt keep the
 * first TOTAL-FAILED, otherwise the first INDETERMINATE.
 */
enum indication {
	INDICATION_UNREADABLE, /* null in JSON: the document */
	TOTAL_PASSED,
	INDETERMINATE,
	TOTAL_FAILED,
	NO_SIGNATURE,
};

/* SUB(name, text): the sub-indications of EN 319 102-1 table 5 and 6. */
#define VERDICT_SUBS(SUB)                      \
	SUB(FORMAT_FAILURE)                    \
	SUB(HASH_FAILURE)                      \
	SUB(SIG_CRYPTO_FAILURE)                \
	SUB(REVOKED)                           \
	SUB(EXPIRED)                           \
	SUB(NOT_YET_VALID)                     \
	SUB(SIG_CONSTRAINTS_FAILURE)           \
	SUB(CHAIN_CONSTRAINTS_FAILURE)         \
	SUB(CERTIFICATE_CHAIN_GENERAL_FAILURE) \
	SUB(CRYPTO_CONSTRAINTS_FAILURE)        \
	SUB(POLICY_PROCESSING_ERROR)           \
	SUB(SIGNATURE_POLICY_NOT_AVAILABLE)    \
	SUB(TIMESTAMP_ORDER_FAILURE)           \
	SUB(NO_SIGNING_CERTIFICATE_FOUND)      \
	SUB(NO_CERTIFICATE_CHAIN_FOUND)        \
	SUB(REVOKED_NO_POE)                    \
	SUB(REVOKED_CA_NO_POE)                 \
	SUB(OUT_OF_BOUNDS_NOT_REVOKED)         \
	SUB(OUT_OF_BOUNDS_NO_POE)              \
	SUB(REVOCATION_OUT_OF_BOUNDS_NO_POE)   \
	SUB(CRYPTO_CONSTRAINTS_FAILURE_NO_POE) \
	SUB(NO_POE)                            \
	SUB(TRY_LATER)                         \
	SUB(SIGNED_DATA_NOT_FOUND)             \
	SUB(GENERIC)

enum sub_indication {
	SUB_NONE,
#define VERDICT_SUB_ENUM(name) SUB_##name,
	VERDICT_SUBS(VERDICT_SUB_ENUM)
#undef VERDICT_SUB_ENUM
		SUB_COUNT
};

enum verdict_format {
	FORMAT_UNKNOWN,
	FORMAT_PDF,
	FORMAT_ASIC_E,
	FORMAT_ASIC_S,
	FORMAT_CADES,
};

enum verdict_kind {
	KIND_SIGNATURE,
	KIND_SEAL,
	KIND_DOCUMENT_TIMESTAMP,
	KIND_COUNTER_SIGNATURE,
	KIND_CONTAINER_TIMESTAMP,
};

enum verdict_integrity {
	INTEGRITY_UNKNOWN,
	INTEGRITY_INTACT,
	INTEGRITY_BROKEN,
};

/* NONE, UNSET: the member is null in JSON. */
enum verdict_coverage {
	COVERAGE_UNSET,
	COVERAGE_WHOLE_FILE,
	COVERAGE_WHOLE_REVISION,
	COVERAGE_PARTIAL,
};

enum verdict_changes {
	CHANGES_UNSET,
	CHANGES_NONE,
	CHANGES_ARCHIVAL,
	CHANGES_FORM_FILL,
	CHANGES_ANNOTATION,
	CHANGES_OTHER,
};

enum verdict_revocation {
	REVOCATION_NOT_CHECKED,
	REVOCATION_GOOD,
	REVOCATION_REVOKED,
	REVOCATION_UNKNOWN,
};

enum verdict_level {
	LEVEL_NONE,
	LEVEL_B_B,
	LEVEL_B_T,
	LEVEL_B_LT,
	LEVEL_B_LTA,
};

enum verdict_time_source {
	TIME_UNSET,
	TIME_CLAIMED,
	TIME_TIMESTAMP,
};

#define VERDICT_HASH 32 /* SHA-256 */

struct verdict_reason {
	char *id; /* "message-digest": for programs, never translated */
	char *message;
	bool fails; /* alone it would make the signature TOTAL-FAILED */
};

/* What a time-stamp inside a signature covers. */
enum verdict_timestamp_over {
	TIMESTAMP_OVER_SIGNATURE,  /* its value */
	TIMESTAMP_OVER_CONTENT,	   /* what is signed, before it was signed */
	TIMESTAMP_OVER_ALL,	   /* everything */
	TIMESTAMP_OVER_REFERENCES, /* references to validation data */
};

struct verdict_timestamp {
	enum verdict_timestamp_over over;
	int64_t time;
	enum indication indication;
	enum sub_indication sub;
};

/* What a later revision put on a page of a PDF. */
struct verdict_box {
	unsigned revision, page; /* both from 1 */
	double box[4];		 /* left, bottom, right, top, in points */
	char *what;
};

/* What one trust list says of the signer (trust/qualify.h). */
struct verdict_qualification {
	const char *is;		 /* "qualified", ...; static storage */
	const char *at_issuance; /* the same at each of the two times */
	const char *at_best_time;
	const char *why;    /* a word, where it is not as asked; NULL; static */
	const char *device; /* "yes", "no", "unknown", NULL; static */
	bool qualifies;	    /* the list can make somebody qualified */
	bool named;	    /* the list names somebody above the signer */
	bool for_signatures, for_seals, for_websites;
	int64_t at; /* the time that decided */
	uint8_t list[VERDICT_HASH];
	char *scheme, *message;
	/* Where somebody is named; each may be NULL. */
	char *by, *service, *licence, *compiler;
};

struct verdict_signature {
	char *field; /* PDF field or ASiC signature file; NULL is null */
	enum verdict_kind kind;
	enum indication indication;
	enum sub_indication sub;
	enum verdict_integrity integrity;
	enum verdict_coverage coverage;
	enum verdict_changes changes_after;
	struct verdict_box *boxes;
	size_t box_count;
	/* What deed-look saw; NULL where nobody asked it, or nothing followed
	 * this signature. */
	struct look_seen *look;
	enum verdict_revocation revocation;
	enum verdict_level level;
	unsigned revision; /* from 1; 0 is null */
	bool has_byte_range;
	uint64_t byte_range[4];
	char *digest_algorithm;	   /* "sha256"; NULL where not known */
	char *signature_algorithm; /* "rsa", "rsa-pss", "ecdsa", "ed25519" */
	bool has_signing_time;
	int64_t signing_time;
	enum verdict_time_source time_source;
	int64_t best_time; /* where time_source is set */
	struct verdict_timestamp *timestamps;
	size_t timestamp_count;
	uint8_t (*chain)[VERDICT_HASH]; /* signer's first */
	size_t chain_count;
	bool chain_whole; /* it ends with one that issued itself */
	bool has_signer;
	struct cert *signer; /* NULL without; for who asks more of it */
	char *name, *organisation, *identifier, *issuer; /* NULL is null */
	uint8_t certificate[VERDICT_HASH];
	struct verdict_reason *reasons;
	size_t reason_count;
	/* By list, the one that decides first; none where nobody asked. */
	struct verdict_qualification *qualifications;
	size_t qualification_count;
};

struct verdict_error {
	enum deed_status status;
	char *message;
	char *hint; /* NULL */
};

struct verdict_document {
	char *file;
	bool has_sha256;
	uint8_t sha256[VERDICT_HASH];
	enum verdict_format format;
	enum indication indication;
	unsigned revisions;		      /* 0 is null: not a PDF */
	struct verdict_signature *signatures; /* NULL while there is none */
	size_t signature_count;
	/* Why it could not be judged; INDICATION_UNREADABLE then. */
	struct verdict_error *error;
};

/* The most signatures a document may hold; more is DEED_LIMIT. */
#define VERDICT_SIGNATURES 4096

enum deed_status verdict_document_new(const char *file,
				      struct verdict_document **out,
				      struct deed_error *err) DEED_MUST_USE;
void verdict_document_free(struct verdict_document *doc);

/*
 * Append a signature, TOTAL_PASSED until told otherwise.  *out is borrowed
 * and valid until the next one is added: keep its index instead.
 */
enum deed_status verdict_add(struct verdict_document *doc,
			     struct verdict_signature **out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Lower the indication, and add the reason either way; of several that lower
 * it as far the first gives the sub-indication, but that what was signed is
 * not there comes before what is known of the signer.  Memory that cannot
 * be had for a reason's text loses the text, never the indication; so does
 * one beyond VERDICT_REASONS of a signature, or twice as many where it fails.
 */
#define VERDICT_REASONS 128

void verdict_fail(struct verdict_signature *sig, enum sub_indication sub,
		  const char *id, const char *fmt, ...) DEED_PRINTF(4, 5);
void verdict_doubt(struct verdict_signature *sig, enum sub_indication sub,
		   const char *id, const char *fmt, ...) DEED_PRINTF(4, 5);

/* A reason that changes no indication: something to be told. */
void verdict_note(struct verdict_signature *sig, const char *id,
		  const char *fmt, ...) DEED_PRINTF(3, 4);

/* Replace an owned string with a cleaned copy of text (may be NULL). */
void verdict_text(char **where, const char *text);
void verdict_text_slice(char **where, struct slice text);

void verdict_add_timestamp(struct verdict_signature *sig,
			   enum verdict_timestamp_over over, int64_t time,
			   enum indication indication, enum sub_indication sub);
void verdict_add_box(struct verdict_signature *sig, unsigned revision,
		     unsigned page, const double box[4], const char *what);
/* One more, zeroed; NULL without memory. */
struct verdict_qualification *
verdict_add_qualification(struct verdict_signature *sig);
void verdict_add_chain(struct verdict_signature *sig,
		       const uint8_t sha256[VERDICT_HASH]);

/* Reverse the order of some signatures of a document. */
void verdict_reverse(struct verdict_signature *list, size_t count);

/* The first so many signatures become the last. */
void verdict_rotate(struct verdict_document *doc, size_t count);

/* The document's indication from its signatures: the worst, NO_SIGNATURE
 * where there is none. */
void verdict_conclude(struct verdict_document *doc);

/* Record why a document could not be judged; copies err. */
void verdict_unreadable(struct verdict_document *doc,
			const struct deed_error *err);

/* As JSON writes them; NULL where JSON has null.  Static storage. */
const char *indication_text(enum indication i);
const char *sub_indication_text(enum sub_indication s);
const char *verdict_format_text(enum verdict_format f);
const char *verdict_kind_text(enum verdict_kind k);
const char *verdict_integrity_text(enum verdict_integrity i);
const char *verdict_coverage_text(enum verdict_coverage c);
const char *verdict_changes_text(enum verdict_changes c);
const char *verdict_revocation_text(enum verdict_revocation r);
const char *verdict_level_text(enum verdict_level l);
const char *verdict_time_source_text(enum verdict_time_source t);
const char *verdict_timestamp_over_text(enum verdict_timestamp_over s);

#endif
