/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_TIMESTAMP_H
#define DEED_SIGN_PADES_TIMESTAMP_H

#include "crypto/digest.h"
#include "pdf/input.h"
#include "sign/augment.h"

struct parser;

/*
 * A document time-stamp (ISO 32000-2 12.8.5, ETSI EN 319 142-1 5.4.3): an
 * incremental update with a signature field of its own, whose value is a
 * token over everything but itself.  It is no signature by anyone, so DocMDP
 * and locks do not forbid it.
 */
struct pades_timestamped {
	const struct pdf_input *in;
	int fd;			     /* the same file */
	struct parser *parser;	     /* as in pades_params */
	const struct digest *digest; /* SHA-256 over all of it */
};

/* Appends the tail to out. */
enum deed_status pades_timestamp(const struct augment_params *params,
				 const struct pades_timestamped *what,
				 struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
