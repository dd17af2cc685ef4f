/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SURVEY_H
#define DEED_PDF_SURVEY_H

#include "pdf/changes.h"
#include "pdf/dss.h"
#include "pdf/signature.h"

/*
 * All that a judge wants to know of a PDF, as plain data: where its
 * signatures lie, what they cover, what happened after them.  It is made by
 * whoever parses the document, usually a process that can only compute
 * (judge/parser.h), and read by a judge who believes none of it more than it
 * must: a survey that came over a wire is checked for its form and limits,
 * and the judge takes digests and the signature's bytes from the file itself.
 *
 * What is wrong with a signature, or worth a word, is a finding: the rules of
 * lib/pdf are its authors, and the judge gives it on as it is.
 */
enum pdf_severity {
	PDF_FINDING_NOTE,  /* to be told; changes nothing */
	PDF_FINDING_DOUBT, /* INDETERMINATE, GENERIC */
	PDF_FINDING_FAIL,  /* TOTAL-FAILED, FORMAT_FAILURE */
	PDF_SEVERITY_COUNT,
};

struct pdf_finding {
	enum pdf_severity severity;
	const char *id;	     /* for reasons[].id: "byte-range" */
	const char *message; /* UTF-8, a sentence without its stop */
};

#define PDF_FINDING_ID 47	/* bytes of an id at most */
#define PDF_FINDING_MESSAGE 511 /* and of a message */
#define PDF_SURVEY_FINDINGS 64	/* of one signature */
#define PDF_SURVEY_NAME 65536	/* bytes of a name; longer ones are cut */

/* What a later revision put on a page (struct pdf_change_box). */
struct pdf_survey_box {
	uint32_t revision, page; /* both from 0 */
	double box[4];
	const char *what; /* UTF-8 */
	bool covers;	  /* it is a cause of annotation-covers */
};

#define PDF_SURVEY_CERTIFICATES 32768
#define PDF_SURVEY_BOXES 256	      /* of one signature */
#define PDF_SURVEY_COORDINATE 1000000 /* points from 0 at most */

struct pdf_survey_signature {
	const char *field;	     /* "" if no field holds it */
	const char *sub_filter_name; /* as it stands there */
	enum pdf_sub_filter sub_filter;
	bool document_timestamp;
	uint32_t revision; /* from 0 */
	enum pdf_coverage coverage;
	enum pdf_change changes_after;
	bool has_byte_range;
	uint64_t byte_range[4];
	bool sound; /* the ByteRange holds: what it covers can be hashed */
	struct slice contents; /* the CMS; empty where there is no value */
	bool has_more;	       /* bytes behind it that are no padding */
	/* adbe.x509.rsa_sha1 alone: certificates in DER, one after another,
	 * the signer's first; at most PDF_SURVEY_CERTIFICATES bytes. */
	struct slice certificates;
	char vri_key[PDF_DSS_KEY]; /* of all of /Contents; "" without one */
	bool has_signing_time;	   /* /M */
	int64_t signing_time;
	struct pdf_finding *findings;
	size_t finding_count;
	struct pdf_survey_box *boxes;
	size_t box_count;
	/* Something that is no listed box is a cause of annotation-covers. */
	bool covers_unlisted;
};

/* Validation data that the document carries (ISO 32000-2 12.8.4.3). */
enum pdf_value_kind {
	PDF_VALUE_CERTIFICATE,
	PDF_VALUE_CRL,
	PDF_VALUE_OCSP,
	PDF_VALUE_COUNT,
};

struct pdf_survey_value {
	enum pdf_value_kind kind;
	uint32_t revision; /* the oldest that holds it, from 0 */
	struct slice der;  /* whatever the stream held */
};

#define PDF_SURVEY_VALUES 8192
#define PDF_SURVEY_VALUE_BYTES ((size_t)64 << 20) /* all together */

struct pdf_survey {
	uint32_t revisions;
	/* Where each revision ends, for writing it out alone: the bytes before
	 * are what its signature signed or, without one, the document as it
	 * was saved.  0 if the file does not tell. */
	uint64_t *ends;
	struct pdf_survey_signature *signatures; /* by revision, then offset */
	size_t signature_count;
	struct pdf_survey_value *values;
	size_t value_count;
	struct pdf_arena arena; /* everything lives here */
};

/* As many as a verdict holds. */
#define PDF_SURVEY_SIGNATURES 4096

/*
 * Parse and survey; or survey what is open.  A file that cannot be read but
 * in whose bytes a signature is found has a survey, in which that is the
 * signature's failure (file-broken).  *out is to be cleared by the
 * caller, also after a failure.  Statuses as pdf_open and
 * pdf_signatures_find; DEED_LIMIT for more than PDF_SURVEY_SIGNATURES.
 */
enum deed_status pdf_survey_make(const struct pdf_input *in,
				 struct pdf_survey *out,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_survey_document(struct pdf_document *doc,
				     struct pdf_survey *out,
				     struct deed_error *err) DEED_MUST_USE;
void pdf_survey_clear(struct pdf_survey *s);

/* A further finding, in the survey's arena.  Where there is no room any more
 * it replaces the last one if it is worse, and is lost if not. */
enum deed_status pdf_survey_find(struct pdf_survey *s,
				 struct pdf_survey_signature *sig,
				 enum pdf_severity severity, const char *id,
				 struct deed_error *err, const char *fmt, ...)
	DEED_PRINTF(6, 7) DEED_MUST_USE;

/*
 * Hold a survey of doubtful origin against the file: where a signature is
 * said to be sound, its ByteRange begins at 0, leaves out one hexadecimal
 * string (ISO 32000-2 7.3.4.3) that holds the contents and nothing else, and
 * ends inside the file, at its end if the coverage says so.  Behind the
 * contents stand zeros, and other bytes only if the survey says so.
 * DEED_INDETERMINATE if not: whoever made the survey erred or lied.
 */
enum deed_status pdf_survey_confirm(const struct pdf_survey *s,
				    const struct pdf_input *in,
				    struct deed_error *err) DEED_MUST_USE;

/* As bytes, and back.  DEED_MALFORMED where they are no survey, whoever wrote
 * them; nothing in *out points into in. */
void pdf_survey_write(const struct pdf_survey *s, struct buf *out);
enum deed_status pdf_survey_read(struct slice in, struct pdf_survey *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
