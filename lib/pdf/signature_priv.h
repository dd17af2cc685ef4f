/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SIGNATURE_PRIV_H
#define DEED_PDF_SIGNATURE_PRIV_H

#include "pdf/core.h"
#include "pdf/signature.h"

/*
 * What the signature*.c files share.  What is wrong with a signature stands in
 * it; only a failure of the machine ends the search.
 */
struct signature_finder {
	struct pdf_document *doc; /* the newest view */
	struct pdf_signatures *out;
	size_t cap;
	/* Memory or I/O that failed on the way: no verdict can rest on that. */
	enum deed_status failed;
};

/* Whether a step went well; a failure of the machine is remembered. */
bool signature_well(struct signature_finder *f, enum deed_status status);

/* What such a failure is to the caller. */
enum deed_status signature_failed(const struct signature_finder *f,
				  struct deed_error *err) DEED_MUST_USE;

/* One more, which f->out then owns. */
enum deed_status signature_add(struct signature_finder *f,
			       const struct pdf_signature *sig,
			       struct deed_error *err) DEED_MUST_USE;

/* What is wrong with it; the first thing stays. */
void signature_problem(struct pdf_signature *sig, const char *id,
		       const char *problem);

/* The signatures that fields of a view hold (signature_field.c), compared with
 * how they stood when they were signed; now says that the view is the newest,
 * otherwise those that are known already are passed over. */
enum deed_status signature_fields(struct signature_finder *f,
				  struct pdf_document *view,
				  const struct pdf_field *fields, size_t count,
				  bool now,
				  struct deed_error *err) DEED_MUST_USE;

/* What the dictionary says (signature_claims.c): its kind, texts and time;
 * and, when the revision is known, what may change after it (/Reference,
 * 12.8.2). */
void signature_claims(struct signature_finder *f, struct pdf_signature *sig);
void signature_transforms(struct signature_finder *f,
			  struct pdf_signature *sig);

/* /ByteRange and /Contents (signature_range.c), by the rules that make a
 * ByteRange mean what a reader thinks it does. */
void signature_range(struct signature_finder *f, struct pdf_signature *sig);

#endif
