/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "key/pubkey_priv.h"
#include "key/rsa_priv.h"

#define P_BITS_MIN 1024
#define P_BITS_MAX 3072

/* Bounded before GMP computes with it, or a hostile certificate would decide
 * how long a verification takes. */
static bool read_number(struct der_reader *r, mpz_t out)
{
	struct slice number;

	if (!der_get_unsigned(r, &number) || number.len > P_BITS_MAX / 8)
		return false;
	rsa_import(out, number);
	return true;
}

/* Dss-Parms (RFC 3279 2.3.2); without them they would be inherited from the
 * issuer's key (RFC 5280 6.1.4 (e)), which deed does not do. */
static enum deed_status read_params(struct pubkey *pk, struct der_reader *r,
				    struct deed_error *err)
{
	struct der_reader p;

	if (der_at_end(r) || der_peek(r, DER_NULL))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "a DSA key without parameters of its "
				      "own is not supported");
	if (!der_enter(r, DER_SEQUENCE, &p) || !der_at_end(r) ||
	    !read_number(&p, pk->dsa.p) || !read_number(&p, pk->dsa.q) ||
	    !read_number(&p, pk->dsa.g) || !der_at_end(&p))
		return deed_error_set(err, DEED_MALFORMED,
				      "the DSA parameters are malformed");
	return DEED_OK;
}

/* Numbers that GMP and Nettle may be given: odd moduli, g and y within. */
static bool is_sane(const struct pubkey *pk)
{
	const struct dsa_params *d = &pk->dsa;

	return mpz_odd_p(d->p) && mpz_odd_p(d->q) &&
	       mpz_sizeinbase(d->q, 2) >= 160 &&
	       mpz_sizeinbase(d->q, 2) <= 256 && mpz_cmp_ui(d->g, 1) > 0 &&
	       mpz_cmp(d->g, d->p) < 0 && mpz_cmp_ui(pk->dsa_y, 1) > 0 &&
	       mpz_cmp(pk->dsa_y, d->p) < 0;
}

enum deed_status dsa_read(struct pubkey *pk, struct der_reader *params,
			  struct deed_error *err)
{
	enum deed_status status;
	struct der_reader r;

	dsa_params_init(&pk->dsa);
	mpz_init(pk->dsa_y);
	pk->is_dsa = true;
	status = read_params(pk, params, err);
	if (status != DEED_OK)
		return status;
	der_init(&r, pk->bits);
	if (!read_number(&r, pk->dsa_y) || !der_at_end(&r) || !is_sane(pk))
		return deed_error_set(err, DEED_MALFORMED,
				      "the DSA public key is malformed");
	pk->size = (unsigned)mpz_sizeinbase(pk->dsa.p, 2);
	if (pk->size < P_BITS_MIN)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "a DSA key of %u bits is not supported",
				      pk->size);
	(void)snprintf(pk->text, sizeof(pk->text), "DSA %u", pk->size);
	return DEED_OK;
}

bool dsa_holds(const struct pubkey *pk, struct slice hash,
	       struct slice signature)
{
	struct dsa_signature value;
	struct der_reader der;
	bool good;

	if (!der_open(signature, DER_SEQUENCE, &der))
		return false;
	dsa_signature_init(&value);
	good = read_number(&der, value.r) && read_number(&der, value.s) &&
	       der_at_end(&der) &&
	       dsa_verify(&pk->dsa, pk->dsa_y, hash.len, hash.data, &value);
	dsa_signature_clear(&value);
	return good;
}

void dsa_forget(struct pubkey *pk)
{
	if (!pk->is_dsa)
		return;
	dsa_params_clear(&pk->dsa);
	mpz_clear(pk->dsa_y);
}
