/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_EXTEND_H
#define DEED_OFFICE_EXTEND_H

#include "base/file.h"
#include "office/document/materials.h"
#include "sign/augment.h"
#include "sign/tsa.h"

/*
 * The use case of deed extend: raise or renew the signatures of a document
 * that anyone made.  Needs no home and no key.
 *
 *	extend_open(&params, &x, err)
 *	extend_file(x, &item, &result, err)	any number, by any thread
 *	extend_close(x)
 */
struct extend;

struct extend_params {
	enum verdict_level level; /* LEVEL_B_T, _LT or _LTA */
	int64_t now;
	struct materials materials;
	const struct tsa_set *tsa;  /* borrowed; NULL: none */
	struct http_client *client; /* borrowed; NULL: nothing is fetched */
	unsigned online_ms;	    /* as budget_ms of trust/online.h */
	const char *content;	    /* of detached signatures, or NULL */
	const struct secret *document_password; /* of PDFs, or NULL */
};

struct extend_item {
	const char *input;  /* path */
	const char *name;   /* for messages; NULL: the path */
	const char *output; /* path; may be the input's (in place) */
	enum outfile_mode mode;
	bool dry_run; /* everything, time-stamps too, but the output */
};

struct extend_result {
	unsigned steps;	    /* what was added; 0: it has the level already, and
			 * nothing was written */
	uint8_t sha256[32]; /* of the output */
	uint64_t size;
};

enum deed_status extend_open(const struct extend_params *params,
			     struct extend **out,
			     struct deed_error *err) DEED_MUST_USE;
void extend_close(struct extend *x);

/* Was something not fetched because of its address? */
bool extend_refused(const struct extend *x);

/*
 * DEED_ALREADY_FAILED where a signature is TOTAL-FAILED: raising it would
 * only make it look better.  DEED_NO_SIGNATURE, DEED_INDETERMINATE where
 * certificates or revocation data are missing, DEED_CERT_INVALID,
 * DEED_REMOTE where no authority answers; nothing is left behind.
 */
enum deed_status extend_file(struct extend *x, const struct extend_item *item,
			     struct extend_result *result,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Is the output, which exists, what an earlier run made of the input: the same
 * signatures, intact, and each of the level?  Of PDFs and CMS; a container,
 * which is written anew, is never taken for one.
 */
enum deed_status extend_already(const struct extend *x,
				const struct extend_item *item, bool *already,
				struct deed_error *err) DEED_MUST_USE;

#endif
