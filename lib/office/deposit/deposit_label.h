/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_LABEL_H
#define DEED_OFFICE_DEPOSIT_LABEL_H

#include "crypto/digest.h"
#include "keystore/keystore.h"

/* A label as manifest and catalogue know it: HMAC-SHA256 of its text under
 * the catalogue's key. */
enum deed_status deposit_label(const struct keystore *ks, const char *label,
			       uint8_t out[SHA256_SIZE],
			       struct deed_error *err) DEED_MUST_USE;

#endif
