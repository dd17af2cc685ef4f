/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_AUTHORITY_PRIV_H
#define DEED_OFFICE_AUTHORITY_PRIV_H

#include "key/signing_key.h"
#include "office/party/authority.h"

/* What the changes of the house CA share. */

/* The root's key, compared with its certificate: DEED_NO_KEY. */
enum deed_status authority_root_key(const struct home *h, const char *file,
				    const struct secret *passphrase,
				    struct signing_key **out,
				    struct deed_error *err) DEED_MUST_USE;

/* Under the lock: is the CA still the one that was read?  DEED_LOCKED. */
enum deed_status authority_unchanged(const struct home *h,
				     const struct ca_issuers *issuers,
				     struct deed_error *err) DEED_MUST_USE;

#endif
