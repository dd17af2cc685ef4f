/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_SIGNING_GNUTLS_H
#define DEED_KEY_SIGNING_GNUTLS_H

#include <gnutls/abstract.h>

#include "key/signing_key_priv.h"

/* Sign with a key of GnuTLS, wherever it lies: what the back ends share.
 * flags go to GnuTLS. */
enum deed_status signing_gnutls(gnutls_privkey_t key, const struct sig_alg *alg,
				unsigned flags, struct slice in,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
