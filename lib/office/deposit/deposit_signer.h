/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_SIGNER_H
#define DEED_OFFICE_DEPOSIT_SIGNER_H

#include <jansson.h>

#include "key/cert.h"
#include "key/signing_key.h"
#include "keystore/keystore.h"

/* The office's unattended key for manifests, and its certificate. */
struct deposit_signer {
	struct signing_key *key;
	struct cert_list chain;
};

/*
 * A manifest is judged by when it was signed, and what is logged stays: where
 * the certificate does not hold at now (seconds since 1970) it is
 * DEED_CERT_INVALID, before anything is begun.  Clear it in any case.
 */
enum deed_status deposit_signer_open(struct keystore *ks, int64_t now,
				     struct deposit_signer *out,
				     struct deed_error *err) DEED_MUST_USE;
void deposit_signer_clear(struct deposit_signer *s);

/* Append the statement of a manifest's JSON. */
enum deed_status deposit_signer_sign(const struct deposit_signer *s,
				     const json_t *manifest, int64_t now,
				     struct buf *cms,
				     struct deed_error *err) DEED_MUST_USE;

#endif
