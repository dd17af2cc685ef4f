/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PKI_FORGE_WORLD_H
#define DEED_TESTS_UNIT_PKI_FORGE_WORLD_H

#include "pki/forge.h"

/*
 * A root (key 0), a CA (key 1) and a certificate (key 4) under it, whose
 * revocation is asked for.  The source has the root as its anchor, and what a
 * test adds.
 */
#define SERIAL 77u /* of the certificate */
#define T FORGE_TIME
#define DAY ((int64_t)FORGE_DAY)

struct world {
	struct cert *root, *ca, *cert;
	struct pki_source *source;
	struct pki_evidence e; /* of the last question */
	unsigned flags;	       /* PKI_REVOCATION_… */
	int64_t time, latest;  /* T, and long after it */
};

void world_init(struct world *w);
void world_clear(struct world *w);

/* The same as set-up and tear-down of a test, whose state it is. */
int world_begin(void **state);
int world_end(void **state);

/* Another certificate in question, with these extensions. */
void world_certify(struct world *w, struct slice extra);

void world_add_crl(struct world *w, const struct forge_crl *spec);
void world_add_cert(struct world *w, const struct forge_cert *spec);

/* Ask; and it must be so, with why in the message unless that is NULL. */
void world_ask(struct world *w);
void world_is(struct world *w, enum pki_revocation status, const char *why);

#define is_good(w) world_is(w, PKI_REVOCATION_GOOD, NULL)
#define is_revoked(w) world_is(w, PKI_REVOCATION_REVOKED, NULL)
#define is_unknown(w, why) world_is(w, PKI_REVOCATION_UNKNOWN, why)

#endif
