/* SPDX-License-Identifier: Apache-2.0 */
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "base/secret.h"
#include "codec/base64.h"
#include "codec/der.h"
#include "codec/pem.h"
#include "key/gnutls_priv.h"
#include "key/pubkey_priv.h"
#include "key/rsa_priv.h"

/*
 * EC private keys without their public half, which RFC 5915 3 leaves out as
 * it likes and Java does; GnuTLS does not read them.
 */

#define SCALAR_MAX 66 /* octets, P-521 */
#define PKCS8_MAX 1024

struct ec_key {
	enum oid curve_oid;
	enum ec_curve curve;
	struct slice scalar;
};

/* ECPrivateKey; the curve is known already or stands in it. */
static bool read_ec_key(struct slice der, struct ec_key *k)
{
	struct der_reader r, params;
	uint64_t version;

	if (!der_open(der, DER_SEQUENCE, &r) || !der_get_uint64(&r, &version) ||
	    version != 1 || !der_get(&r, DER_OCTET_STRING, &k->scalar))
		return false;
	if (der_enter(&r, DER_CONTEXT_CONS(0), &params) &&
	    !der_get_known_oid(&params, &k->curve_oid))
		return false;
	k->curve = pubkey_curve_from_oid(k->curve_oid);
	return k->curve != EC_NONE && k->scalar.len <= SCALAR_MAX;
}

/* PrivateKeyInfo around it, or it alone. */
static bool read_any(struct slice der, struct ec_key *k)
{
	struct der_reader r, algorithm;
	struct slice inner;
	uint64_t version;
	enum oid oid;

	*k = (struct ec_key){ .curve_oid = OID_NONE };
	if (!der_open(der, DER_SEQUENCE, &r) || !der_get_uint64(&r, &version))
		return false;
	if (!der_enter(&r, DER_SEQUENCE, &algorithm))
		return read_ec_key(der, k);
	return der_get_known_oid(&algorithm, &oid) && oid == OID_EC &&
	       der_get_known_oid(&algorithm, &k->curve_oid) &&
	       der_get(&r, DER_OCTET_STRING, &inner) && read_ec_key(inner, k);
}

/* 04 X Y; false if the scalar is out of range. */
static bool public_point(const struct ec_key *k, struct buf *out)
{
	size_t octets = pubkey_curve_octets(k->curve);
	uint8_t point[1 + 2 * SCALAR_MAX] = { 4 };
	struct ecc_scalar scalar;
	struct ecc_point p;
	mpz_t d, x, y;
	bool good;

	mpz_init2(d, 8 * SCALAR_MAX);
	mpz_init(x);
	mpz_init(y);
	ecc_scalar_init(&scalar, pubkey_nettle_curve(k->curve));
	ecc_point_init(&p, pubkey_nettle_curve(k->curve));
	rsa_import(d, k->scalar);
	good = ecc_scalar_set(&scalar, d) != 0;
	if (good) {
		ecc_point_mul_g(&p, &scalar);
		ecc_point_get(&p, x, y);
		(void)rsa_export(x, point + 1, octets);
		(void)rsa_export(y, point + 1 + octets, octets);
		buf_append(out, point, 1 + 2 * octets);
	}
	secret_wipe(scalar.p, octets);
	ecc_scalar_clear(&scalar);
	ecc_point_clear(&p);
	rsa_wipe(d);
	mpz_clear(x);
	mpz_clear(y);
	return good;
}

/* PrivateKeyInfo (RFC 5958 2) around an ECPrivateKey with its point (RFC 5915
 * 3), which GnuTLS reads. */
static void write_key(struct der_writer *w, const struct ec_key *k,
		      struct slice point)
{
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, 0);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_EC);
	der_put_oid(w, k->curve_oid);
	der_end(w);
	der_begin(w, DER_OCTET_STRING);
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, 1);
	der_put_octets(w, k->scalar);
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_bits(w, point);
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* Called for each DER in the file until one is such a key. */
static bool complete(struct slice der, void *context)
{
	struct secret **out = context;
	struct buf point = BUF_INIT, pkcs8 = BUF_INIT;
	struct der_writer w;
	struct ec_key k;
	bool good = false;

	/* Reserved whole, so that growing leaves no copies behind. */
	if (read_any(der, &k) && public_point(&k, &point) &&
	    buf_reserve(&pkcs8, PKCS8_MAX) != NULL) {
		der_writer_init(&w, &pkcs8);
		write_key(&w, &k, buf_get(&point));
		good = der_writer_status(&w, NULL) == DEED_OK &&
		       secret_copy(pkcs8.data, pkcs8.len, out, NULL) == DEED_OK;
	}
	if (pkcs8.cap > 0)
		secret_wipe(pkcs8.data, pkcs8.cap);
	buf_clear(&pkcs8);
	buf_clear(&point);
	return good;
}

bool private_der_any(struct slice file, private_der_fn *fn, void *context)
{
	struct secret *der;
	char label[PEM_LABEL];
	struct slice body;
	bool good = false;
	size_t len;

	if (!pem_looks_like(file))
		return fn(file, context);
	while (!good && pem_next(&file, label, &body, NULL) == DEED_OK) {
		if (strstr(label, "PRIVATE KEY") == NULL || body.len == 0 ||
		    secret_new(base64_decoded_max(body.len), &der, NULL) !=
			    DEED_OK)
			continue;
		good = base64_decode_into(body, true, secret_data(der), &len) &&
		       fn(slice_of(secret_bytes(der), len), context);
		secret_free(der);
	}
	return good;
}

bool pkcs8_complete_ec(struct slice file, struct secret **out)
{
	*out = NULL;
	return private_der_any(file, complete, out);
}
