/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_ENVELOPE_PRIV_H
#define DEED_CMS_ENVELOPE_PRIV_H

#include "base/secret.h"

/*
 * The key-encryption key of dhSinglePass-stdDH-sha256kdf-scheme with AES-256
 * wrap (RFC 5753 7.2): X9.63 with SHA-256 over z and the ECC-CMS-SharedInfo.
 * Used by both ends of cms/envelope, by nobody else.
 */
enum deed_status envelope_ecdh_kek(const struct secret *z, struct slice ukm,
				   struct secret **kek,
				   struct deed_error *err) DEED_MUST_USE;

#endif
