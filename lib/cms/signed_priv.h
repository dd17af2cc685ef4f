/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_SIGNED_PRIV_H
#define DEED_CMS_SIGNED_PRIV_H

#include "codec/der.h"

/* An Attribute (RFC 5652 5.3): value is what stands in its SET, one value or
 * several, encoded, one after another.  Shared by who writes a SignedData and
 * who adds to one, by nobody else. */
void signed_put_attribute(struct der_writer *w, enum oid type,
			  struct slice value);

#endif
