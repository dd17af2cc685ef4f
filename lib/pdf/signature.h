/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SIGNATURE_H
#define DEED_PDF_SIGNATURE_H

#include "pdf/document.h"

/*
 * The signatures of a document: every signature field with a value, in every
 * revision, and signature dictionaries that no field holds any more.  A
 * malformed one is listed with what is wrong with it, never left out.
 *
 * Nothing here looks into the CMS.
 */
enum pdf_sub_filter {
	PDF_SUB_FILTER_UNKNOWN,
	PDF_SUB_FILTER_PKCS7_DETACHED, /* adbe.pkcs7.detached */
	PDF_SUB_FILTER_PKCS7_SHA1,     /* adbe.pkcs7.sha1 */
	PDF_SUB_FILTER_CADES_DETACHED, /* ETSI.CAdES.detached */
	PDF_SUB_FILTER_RFC3161,	       /* ETSI.RFC3161: a document time-stamp */
	PDF_SUB_FILTER_X509_RSA_SHA1,  /* adbe.x509.rsa_sha1: no CMS */
};

enum pdf_coverage {
	PDF_COVERS_PARTIAL,  /* anything that is not one of these: FAILED */
	PDF_COVERS_REVISION, /* all of a revision but the value */
	PDF_COVERS_FILE,     /* all of the newest revision, to the last byte */
};

/* Which fields a signature locks by FieldMDP (ISO 32000-2 12.8.2.4). */
enum pdf_lock {
	PDF_LOCK_NONE,
	PDF_LOCK_ALL,
	PDF_LOCK_INCLUDE, /* those named */
	PDF_LOCK_EXCLUDE, /* all but those named */
};

struct pdf_signature {
	char *field; /* fully qualified name; "" if no field holds it */
	struct pdf_ref field_ref, ref; /* num 0: direct objects */
	const struct pdf_object *dict; /* as it stood when it was signed */
	enum pdf_sub_filter sub_filter;
	struct slice sub_filter_name;
	bool document_timestamp; /* /Type /DocTimeStamp or ETSI.RFC3161 */

	/* The revision that the ByteRange ends; if it ends none, the one in
	 * which the signature first stands. */
	size_t revision;
	enum pdf_coverage coverage;
	uint64_t byte_range[4]; /* zeros if there is none of four numbers */
	bool has_byte_range;
	bool hidden; /* its revision is left out by /Prev */

	/* The CMS (of adbe.x509.rsa_sha1 an OCTET STRING), BER or DER, what
	 * follows it cut off; may be empty.
	 * Padding is of zeros: has_more says where it is not. */
	struct slice contents;
	bool has_more;

	/* Why it fails for its form alone, NULL if it does not: text that
	 * lives with the list.  Such a signature is TOTAL-FAILED,
	 * FORMAT_FAILURE.  problem_id is the reasons[].id for it. */
	const char *problem, *problem_id;

	/* /M, /Name, /Reason, /Location, /ContactInfo as UTF-8, or NULL. */
	char *claimed_time, *name, *reason, *location, *contact;
	int64_t signing_time; /* /M in seconds; has_signing_time says if */
	bool has_signing_time;

	/* DocMDP permission of this signature: 1 to 3, 0 if it is no
	 * certification. */
	int docmdp;

	/* What the /Lock of its field, as it was signed, leaves to others
	 * (/P, ISO 32000-2 table 236): 1 to 3, 0 if it says nothing. */
	int lock_permission;

	enum pdf_lock lock;
	const struct pdf_object *lock_fields; /* array of full names */
};

struct pdf_signatures {
	struct pdf_signature *list; /* in the order of revision, then offset */
	size_t count;
	/* Where the last signed revision ends that the file's history leaves
	 * out, 0 if there is none: nothing that came later can pass. */
	uint64_t hidden;
	struct pdf_arena arena;
};

/* /SubFilter, as one of those that are known. */
enum pdf_sub_filter pdf_sub_filter_of(struct slice name);

/*
 * Find them all.  Fails only where the document cannot be walked at all; then
 * the caller must not say "no signature".
 */
enum deed_status pdf_signatures_find(struct pdf_document *doc,
				     struct pdf_signatures *out,
				     struct deed_error *err) DEED_MUST_USE;
void pdf_signatures_clear(struct pdf_signatures *s);

/* What may change after this signature, by both: 1 nothing, 2 forms, 3
 * annotations too. */
int pdf_signature_permission(const struct pdf_signature *sig);

#endif
