/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_STAMP_H
#define DEED_SIGN_PADES_STAMP_H

#include "pdf/document.h"
#include "sign/augment.h"
#include "sign/pades.h"

/*
 * A document time-stamp (ISO 32000-2 12.8.5, ETSI EN 319 142-1 5.4.3): an
 * incremental update with a signature field of its own, whose value is a
 * token over everything but itself.  It is no signature by anyone, so DocMDP
 * and locks do not forbid it.  Appends the tail to out; digest is SHA-256
 * over the document as it is, and stays the caller's.
 */
enum deed_status pades_stamp(const struct augment_params *params,
			     struct pdf_document *doc,
			     const struct digest *digest, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* The second half of /ID for an update made now. */
void pades_update_id(const struct digest *digest, int64_t now, const char *what,
		     uint8_t id[SHA256_SIZE]);

#endif
