/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_EXTEND_H
#define DEED_SIGN_PADES_EXTEND_H

#include "pdf/input.h"
#include "sign/augment.h"
#include "sign/pades.h"

/*
 * PAdES B-T, B-LT and B-LTA on a document that is signed already, by anyone
 * (ETSI EN 319 142-1 5.4, 5.5, 6): incremental updates with document security
 * stores and document time-stamps.  A signature that has no time-stamp gets
 * B-T by a document time-stamp, because what lies in /Contents may be covered
 * by a later signature.
 *
 * The bytes that are there stay: what is added is handed out as one tail
 * after another, and takes effect behind the document's last byte.
 */

/* The bytes that are added, in order; they are the file's from then on: the
 * next step reads them back through in. */
struct pades_extend {
	const struct augment_params *params;
	pades_write_fn *write;
	void *arg;
	/* Opens what the document is now, after the writes so far; *fd is lent
	 * and the same file. */
	enum deed_status (*reopen)(void *arg, struct pdf_input **in, int *fd,
				   struct deed_error *err);
	struct parser *parser; /* as in pades_params */
};

/*
 * Raise all signatures of the document.  *steps is the number of revisions
 * that were added: none where it has the level already.  DEED_NO_SIGNATURE
 * where there is nothing to raise; DEED_REFUSED where DocMDP or a limit
 * forbids an update; as augment_gather.
 */
enum deed_status pades_extend(const struct pades_extend *e, unsigned *steps,
			      struct deed_error *err) DEED_MUST_USE;

#endif
