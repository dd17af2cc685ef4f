/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_H
#define DEED_OFFICE_VERIFY_H

#include "judge/judge.h"
#include "judge/parser.h"
#include "net/http.h"
#include "office/document/materials.h"
#include "office/document/verify_lists.h"

/*
 * The use case of deed verify: read whom to trust once, then judge any number
 * of documents.  Needs no home, and reads one only where trust says "home".
 * After verify_open a context is read only; any number of threads may judge
 * with it.
 */
#define VERIFY_TRUST_MAX (64u << 20) /* bytes of one file of trust */
#define VERIFY_REQUIRES 64

struct verify_params {
	const struct secret *document_password; /* of PDFs, or NULL */
	int64_t at;
	bool no_revocation;
	const char *policy; /* a policy file; NULL: the one built in */
	struct materials materials;
	/* What is missing is fetched with this; NULL: nothing is.  With
	 * materials from the home, what is kept there is used and added to.
	 */
	struct http_client *client;
	bool ocsp_nonce;    /* as online_params */
	unsigned online_ms; /* as budget_ms there */
	bool look;	    /* paint PDFs; a policy may require it */
	bool pictures;	    /* and keep pictures of pages that look different */
	const char *content; /* of detached signatures, or NULL */
	struct verify_lists_params lists;
	const char *const *requires; /* signer=CERT, count=N, … */
	size_t require_count;
};

struct verify;

/* DEED_USAGE for a requirement of another form, or of trust lists without
 * one; DEED_INDETERMINATE for a trust list that cannot be used; DEED_CONFIG
 * for a policy that is none; DEED_MALFORMED, DEED_IO. */
enum deed_status verify_open(const struct verify_params *params,
			     struct verify **out,
			     struct deed_error *err) DEED_MUST_USE;
void verify_close(struct verify *v);

/* The trust anchors, but those of trust lists; and the lists. */
size_t verify_anchor_count(const struct verify *v);
const struct cert *verify_anchor(const struct verify *v, size_t i);

const struct verify_lists *verify_trust_lists(const struct verify *v);

/* Was something not fetched because of its address? */
bool verify_refused(const struct verify *v);

/* The policy by which is judged; lives as long as v. */
const struct constraints *verify_policy(const struct verify *v);

/* Told of each URL that was asked for in vain, and why. */
typedef void verify_lack_fn(void *arg, const char *url, const char *why);

/* What more is wanted of one file. */
struct verify_wants {
	struct judge_content *content; /* kept what a CMS was judged over */
	verify_lack_fn *lack;
	void *arg;
};

/* Judge one file; as judge_file.  wants, and its members, may be NULL. */
enum deed_status verify_file(const struct verify *v, const char *path,
			     const struct verify_wants *wants,
			     struct verdict_document **out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * What the document does not meet of what is required: NULL where it meets
 * requirement i, else the requirement as it was given; false at the end.
 */
bool verify_require(const struct verify *v, const struct verdict_document *doc,
		    size_t i, const char **unmet);

/*
 * Write the document as it was at a revision (from 1) of a PDF, that is what
 * a signature of that revision covers, its own value included.  to is a
 * descriptor.  DEED_NOT_FOUND where there is no such revision,
 * DEED_UNSUPPORTED where the file is no PDF.
 */
enum deed_status verify_revision(const struct verify *v, const char *path,
				 unsigned revision, int to, const char *to_name,
				 struct deed_error *err) DEED_MUST_USE;

#endif
