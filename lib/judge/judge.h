/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_JUDGE_H
#define DEED_JUDGE_JUDGE_H

#include "cms/check.h"
#include "cms/tst.h"
#include "judge/constraints.h"
#include "judge/existence.h"
#include "judge/verdict.h"
#include "pki/path.h"

struct parser;

/*
 * Judging documents.  A bad signature is no error: these answer DEED_OK and
 * lower the indication of a verdict_signature.  An error means that it could
 * not be judged (I/O, memory, no format that deed reads).
 *
 * Everything is thread-safe as long as each thread has a document of its
 * own; params and what they point to are read only.
 */
struct judge_params {
	int64_t at;			 /* the time at which is judged */
	const struct pki_source *source; /* anchors, CRLs; not NULL */
	bool no_revocation;
	const char *content; /* path of a detached content, NULL */
	const struct secret *document_password; /* of PDFs, or NULL */
	const struct constraints *constraints;	/* NULL: the default */
	struct judge_cache *cache;		/* NULL: nothing is kept */
	struct judge_evidence *evidence;	/* of one document; NULL */
	/* Takes what the document carries: certificates, CRLs, OCSP
	 * responses; without threads then.  NULL: nobody wants it. */
	struct pki_source *carried;
	struct parser *parser; /* of PDFs and containers; NULL: of CMS alone */
	struct look *look;     /* paints PDFs; NULL: nobody looks */
	bool pictures;	       /* of pages that look different */
	bool documents_only;   /* what is none is not hashed either */
	struct judge_content *signed_content; /* wanted; NULL: not */
};

/*
 * What the signatures of one CMS were judged over, where its file holds it: a
 * copy, since the file may change after it was judged.  Zeroed before, and
 * bytes cleared after, by the caller.
 */
struct judge_content {
	bool found;
	struct buf bytes;
};

/*
 * Answers about certificates that were found while judging with one source,
 * one time and one policy, kept for the next document: a thousand documents
 * by one signer have one chain.  Any number of threads may use one at once.
 * At most JUDGE_CACHE_MAX answers are kept; further ones are not.
 */
#define JUDGE_CACHE_MAX 4096

struct judge_cache;

enum deed_status judge_cache_new(struct judge_cache **out,
				 struct deed_error *err) DEED_MUST_USE;
void judge_cache_free(struct judge_cache *c);

/*
 * What one document brings to be judged with, and what its outer time-stamps
 * prove (EN 319 102-1 5.6.2.3).  Whoever judges a format makes one for a
 * document, adds the validation data that the document carries outside its
 * signatures (a PDF's DSS), and then judges from the outermost signature
 * inwards with judge_evidence_params: a PDF's last revision first, an ASiC
 * container's last archive manifest first.  Where a document or container
 * time-stamp is TOTAL_PASSED in the end, judge_evidence_prove tells what it
 * proves before what lies inside is judged.
 */
struct judge_evidence;

enum judge_value {
	JUDGE_CERTIFICATE,
	JUDGE_CRL,
	JUDGE_OCSP, /* OCSPResponse, or a BasicOCSPResponse */
};

/* params outlives it. */
enum deed_status judge_evidence_new(const struct judge_params *params,
				    struct judge_evidence **out,
				    struct deed_error *err) DEED_MUST_USE;
void judge_evidence_free(struct judge_evidence *e);

/* Like the params it was made from, with what was added. */
const struct judge_params *
judge_evidence_params(const struct judge_evidence *e);

/* Add a value that came with this revision (from 0; formats without give 0).
 * What does not parse is passed over.  der outlives e. */
enum deed_status judge_evidence_add(struct judge_evidence *e,
				    enum judge_value kind, struct slice der,
				    unsigned revision,
				    struct deed_error *err) DEED_MUST_USE;

/* Everything that was added with a revision up to this one existed at this
 * time, and so did a SignedData with all that is in it. */
enum deed_status judge_evidence_prove(struct judge_evidence *e,
				      unsigned revision, int64_t time,
				      struct deed_error *err) DEED_MUST_USE;
enum deed_status judge_evidence_prove_cms(struct judge_evidence *e,
					  struct slice cms, int64_t time,
					  struct deed_error *err) DEED_MUST_USE;

/*
 * Does what is judged next lie inside a time-stamp that holds, whether or not
 * it is believed, which covers this revision with all before?  The levels
 * B-T and B-LTA follow from it.
 */
void judge_evidence_timestamped(struct judge_evidence *e, bool stamped,
				unsigned revision);

#define JUDGE_FILE_MAX (INT64_C(64) << 30)

/*
 * Judge a file: PDF, ASiC container, CMS in DER, BER, PEM, base64 or S/MIME,
 * or time-stamp response, told by its content, not its name; a regular file,
 * of JUDGE_FILE_MAX bytes at most.  *out is the caller's, with everything
 * filled in, also after an error that concerns this file alone (unreadable,
 * malformed, unsupported: then its error member says so and the status is
 * still DEED_OK).  DEED_NO_MEMORY is the only status beside DEED_OK.
 */
enum deed_status judge_file(const char *path, const struct judge_params *params,
			    struct verdict_document **out,
			    struct deed_error *err) DEED_MUST_USE;

/* The same of a file that is open for reading; name is for messages. */
enum deed_status judge_fd(int fd, const char *name,
			  const struct judge_params *params,
			  struct verdict_document **out,
			  struct deed_error *err) DEED_MUST_USE;

/*
 * The same for integrity alone, believing nobody: without anchors and without
 * revocation data, so that what is TOTAL_FAILED fails for everyone.  Of params
 * the time, the content, the password, the parser, carried and documents_only
 * are looked at.
 */
enum deed_status judge_intact(const char *path,
			      const struct judge_params *params,
			      struct verdict_document **out,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status judge_intact_fd(int fd, const char *name,
				 const struct judge_params *params,
				 struct verdict_document **out,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * The formats.  fd is open for reading at any position (they use pread) and
 * name is for messages; they add signatures to doc and set format and
 * revisions.  judge_pdf: judge/judge_pdf.c; judge_asic: judge/judge_asic.c.
 */
enum deed_status judge_pdf(int fd, const char *name,
			   const struct judge_params *params,
			   struct verdict_document *doc,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status judge_asic(int fd, const char *name,
			    const struct judge_params *params,
			    struct verdict_document *doc,
			    struct deed_error *err) DEED_MUST_USE;

/* judge_asic where its directory is at hand, as zip_open left both. */
struct zip;
struct zip_fault;
enum deed_status judge_asic_zip(int fd, const char *name, const struct zip *zip,
				const struct zip_fault *fault,
				const struct judge_params *params,
				struct verdict_document *doc,
				struct deed_error *err) DEED_MUST_USE;

/* How a SignedData stands to its content. */
enum judge_profile {
	JUDGE_CMS,	/* a file by itself: its own content, or the detached */
	JUDGE_DETACHED, /* PAdES: eContent is a FORMAT_FAILURE */
	JUDGE_CONTAINED, /* ASiC: the same, but where it equals the content */
	JUDGE_PDF_SHA1,	 /* adbe.pkcs7.sha1: eContent is SHA-1 of content */
};

#define JUDGE_ONE_SIGNER 1u /* more than one is a FORMAT_FAILURE (PDF) */
#define JUDGE_CADES 2u	    /* the format demands signing-certificate */

/*
 * Judge every signer of a SignedData, and their counter-signatures: one
 * verdict_signature each, in the order of the SET, each counter-signature
 * after what it signs; none at all is a FORMAT_FAILURE, but with JUDGE_CMS no
 * signature.  The caller then fills in field, revision, byte range, coverage
 * and changes of those it finds from the index that signature_count was
 * before.  sd with certificates but without content is fine where content is
 * given; content NULL is SIGNED_DATA_NOT_FOUND.
 */
enum deed_status judge_cms(const struct cms_signed *sd,
			   const struct cms_content *content,
			   enum judge_profile profile, unsigned flags,
			   const struct judge_params *params,
			   struct verdict_document *doc,
			   struct deed_error *err) DEED_MUST_USE;

/* Judge bytes that should be a SignedData: as judge_cms, and bytes that are
 * none add one signature that is a FORMAT_FAILURE. */
enum deed_status judge_cms_bytes(struct slice in,
				 const struct cms_content *content,
				 enum judge_profile profile, unsigned flags,
				 const struct judge_params *params,
				 struct verdict_document *doc,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Judge a time-stamp token that stands for itself (a document time-stamp, a
 * token over a manifest) over content: one verdict_signature of this kind.
 */
enum deed_status judge_tst(struct slice in, const struct cms_content *content,
			   enum verdict_kind kind,
			   const struct judge_params *params,
			   struct verdict_document *doc,
			   struct deed_error *err) DEED_MUST_USE;

/* A source with what a SignedData brings, above base: certificates, CRLs and
 * OCSP responses.  What does not parse is passed over. */
enum deed_status judge_source_new(const struct pki_source *base,
				  const struct cms_signed *sd,
				  struct pki_source **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
