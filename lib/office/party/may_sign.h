/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_MAY_SIGN_H
#define DEED_OFFICE_MAY_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key/cert.h"
#include "office/home.h"

/*
 * The question that sign and seal ask before they touch a key: may this
 * party sign now?  Public data alone decide it: the party's status
 * statement, signed by the notary under the house root; the certificate that
 * the statement names; and the newest CRLs held.  No passphrase is needed.
 */
struct may_sign_answer {
	char *party;	     /* the handle asked for */
	char *name;	     /* the certified name, UTF-8 */
	bool organisation;   /* enterprise, institution: may seal */
	struct cert **chain; /* the signature certificate first, then the CA
			      * certificates that travel with it, no root */
	size_t chain_count;  /* at least 1 */
	int64_t until; /* the earlier end: of the status or the certificate */
	uint64_t log_index; /* of the status statement's event */
	/* Another CA issued the certificate, and the attestation names it:
	 * the house cannot tell whether it was revoked. */
	bool outside;
	uint8_t ca[32]; /* which, by SHA-256; else zero */
};

/*
 * DEED_OK: yes, and how.  *out is the caller's, freed by may_sign_free.
 * DEED_NOT_FOUND: no such party.  DEED_NOT_VERIFIED: registered only,
 * suspended, or the status is expired, for another key, or not by the notary
 * of this house.  DEED_CERT_INVALID: the certificate is expired, not yet
 * valid, revoked, or no CRL is held that is fresh at time now.  Each message
 * says which, and a hint gives the command that remedies it.
 */
enum deed_status may_sign(const struct home *h, const char *party, int64_t now,
			  struct may_sign_answer **out,
			  struct deed_error *err) DEED_MUST_USE;

void may_sign_free(struct may_sign_answer *a);

#endif
