/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_CERT_PEEK_H
#define DEED_KEY_CERT_PEEK_H

#include "codec/der.h"

/*
 * What can be said of a certificate that cert_parse does not take: whom it
 * names, and what is wrong with it.  Nothing here is to be relied upon.
 */
struct cert_peek {
	struct slice serial;  /* content octets of the INTEGER */
	struct slice issuer;  /* the whole element, perhaps no Name */
	struct slice subject; /* the same; SLICE_NONE where it cannot be read */
	struct slice subject_key_id; /* SLICE_NONE where there is none */
};

/* The slices point into der.  False where not even serial number and issuer
 * can be read. */
bool cert_peek(struct slice der, struct cert_peek *out);

/* What is wrong with the element that r stands before, which der_get_time
 * does not take; static storage. */
const char *cert_time_fault(const struct der_reader *r);

#endif
