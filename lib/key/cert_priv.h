/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_CERT_PRIV_H
#define DEED_KEY_CERT_PRIV_H

#include "key/cert.h"

/* What the files behind key/cert.h share. */

/* DEED_MALFORMED, with what is wrong. */
enum deed_status cert_malformed(struct deed_error *err, const char *what);

/*
 * Take the extensions (RFC 5280 4.2; explicit is the content of their [3]) into
 * *out, allocated, the caller's also after a failure; f gets their count and
 * what those say that nearly every use of a certificate asks for.
 * DEED_MALFORMED, DEED_LIMIT.
 */
enum deed_status cert_read_extensions(struct slice explicit,
				      struct cert_fields *f,
				      struct cert_extension **out,
				      struct deed_error *err) DEED_MUST_USE;

#endif
