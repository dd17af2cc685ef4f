/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_MANIFEST_PRIV_H
#define DEED_ASIC_MANIFEST_PRIV_H

#include "asic/manifest.h"

/* What manifest.c, which reads, and manifest_write.c share. */

#define NS_ASIC "http://uri.etsi.org/02918/v1.2.1#"
#define NS_DS "http://www.w3.org/2000/09/xmldsig#"

/* How XML names a digest; "" for one that it does not. */
const char *asic_digest_uri(enum digest_alg alg);

#endif
