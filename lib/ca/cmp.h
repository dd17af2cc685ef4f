/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_CMP_H
#define DEED_CA_CMP_H

#include "ca/remote.h"

/*
 * CMP (RFC 4210, RFC 9480) over HTTP (RFC 6712), as RFC 9483 profiles it: a
 * PKCS#10 in a p10cr (4.1.4), polling (4.4), confirmation (4.1).  The office
 * protects its messages with the passphrase of its account (user is the
 * reference), or else signs them with its certificate and key.
 *
 * Of an answer nothing is believed before its protection, its transaction
 * and its nonce were found right; what fails there is DEED_REMOTE.  A secret
 * of fewer than CMP_SECRET_MIN octets goes over https only (DEED_CONFIG).
 */
#define CMP_SECRET_MIN 16

extern const struct ca_protocol ca_protocol_cmp;

#endif
