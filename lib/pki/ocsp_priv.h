/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_OCSP_PRIV_H
#define DEED_PKI_OCSP_PRIV_H

#include "codec/der.h"
#include "pki/ocsp.h"

/* What ocsp.c and ocsp_single.c share. */

/* Sees an extension; false: it is malformed. */
typedef bool ocsp_extension_fn(void *arg, enum oid id, bool critical,
			       struct slice value);

/* Each of Extensions, which stand alone in the content of an explicit tag;
 * false where fn said so, or they are malformed. */
bool ocsp_each_extension(struct slice explicit_content, ocsp_extension_fn *fn,
			 void *arg);

/* A SingleResponse (RFC 6960 4.2.1), whole; false where it is malformed. */
bool ocsp_parse_single(struct slice whole, struct ocsp_single *s);

#endif
