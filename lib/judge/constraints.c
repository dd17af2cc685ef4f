/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/constraints.h"

#include <stdio.h>

/* A key below the smallest size that is listed is never accepted.  The sizes
 * grow (read_sizes), so that the first one above the key ends the search. */
static int64_t of_sizes(const struct constraints_size *list, size_t count,
			unsigned bits)
{
	int64_t until = CONSTRAINTS_NEVER;
	size_t i;

	/* The largest size that the key reaches. */
	for (i = 0; i < count && list[i].bits <= bits; i++)
		until = list[i].until;
	return until;
}

int64_t constraints_digest_until(const struct constraints *c,
				 enum digest_alg alg)
{
	return alg == DIGEST_NONE ? CONSTRAINTS_OPEN : c->digest[alg];
}

/* Brainpool and SM2 curves go by their size as the others do.  A kind of key
 * that stands in no list is never accepted. */
static int64_t constraints_key_until(const struct constraints *c,
				     const struct pubkey *pk)
{
	switch (pubkey_type(pk)) {
	case PUBKEY_RSA:
	case PUBKEY_RSA_PSS:
		return of_sizes(c->rsa, c->rsa_count, pubkey_bits(pk));
	case PUBKEY_EC:
	case PUBKEY_BRAINPOOL:
	case PUBKEY_SM2:
		return of_sizes(c->ec, c->ec_count, pubkey_bits(pk));
	case PUBKEY_ED25519:
		return c->ed25519;
	case PUBKEY_ED448:
		return c->ed448;
	case PUBKEY_DSA: /* withdrawn, FIPS 186-5 */
		break;
	}
	return CONSTRAINTS_NEVER;
}

/* A scheme that the policy has no row for is never accepted: what a later
 * library can check does not become acceptable by that alone. */
static int64_t scheme_until(const struct constraints *c, enum sig_scheme scheme)
{
	switch (scheme) {
	case SIG_RSA:
		return c->pkcs1;
	case SIG_RSA_PSS:
		return c->pss;
	case SIG_ECDSA:
		return c->ecdsa;
	case SIG_ED25519:
		return c->ed25519;
	case SIG_ED448:
		return c->ed448;
	case SIG_SM2:
		return c->sm2;
	case SIG_DSA:
	case SIG_NONE:
		break;
	}
	return CONSTRAINTS_NEVER;
}

int64_t constraints_until(const struct constraints *c,
			  const struct sig_alg *alg, const struct pubkey *pk,
			  char what[CONSTRAINTS_WHAT])
{
	int64_t until = constraints_digest_until(c, alg->digest), t;
	const char *name = digest_name(alg->digest);

	t = scheme_until(c, alg->scheme);
	if (t < until) {
		until = t;
		name = sig_scheme_name(alg->scheme);
	}
	if (pk != NULL) {
		t = constraints_key_until(c, pk);
		if (t < until) {
			until = t;
			name = pubkey_text(pk);
		}
	}
	if (what != NULL)
		(void)snprintf(what, CONSTRAINTS_WHAT, "%s", name);
	return until;
}

void constraints_purposes(const struct constraints *c,
			  struct slice out[CONSTRAINTS_PURPOSES])
{
	size_t i;

	for (i = 0; i < c->purpose_count; i++)
		out[i] = slice_of(c->purposes[i].oid, c->purposes[i].oid_len);
}
