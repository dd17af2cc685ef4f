/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PKI_MAKER_H
#define DEED_TESTS_UNIT_PKI_MAKER_H

#include <stdlib.h>

#include "crypto/ed25519.h"
#include "hex_decode.h"
#include "key/cert.h"

/*
 * Certificates for tests of paths: small, of Ed25519, with any extensions in
 * whatever state.  Key n is the seed of 32 octets n.  What cannot be made
 * aborts.  Valid from 2020 to 2050.
 */
#define MAKER_EXTENSIONS 12
#define MAKER_NOW INT64_C(1780000000) /* 2026-05-28 */

struct maker_extension {
	const char *oid; /* dotted; NULL ends the list */
	bool critical;
	struct slice value;
};

struct maker {
	const char *subject, *issuer; /* CN; "" is an empty name */
	uint8_t subject_key, issuer_key;
	bool ca;
	int path_len; /* with ca; -1: none */
	bool no_basic_constraints;
	unsigned version;  /* 0: 3 */
	int64_t not_after; /* 0: 2050 */
	struct maker_extension extensions[MAKER_EXTENSIONS];
};

static inline void maker_key(struct der_writer *w, uint8_t key)
{
	uint8_t seed[ED25519_SEED], pub[ED25519_PUBLIC];

	memset(seed, key, sizeof(seed));
	ed25519_public(seed, pub);
	der_begin(w, DER_SEQUENCE);
	der_put_algorithm(w, OID_ED25519, false);
	der_put_bits(w, slice_of(pub, sizeof(pub)));
	der_end(w);
}

static inline void maker_extension(struct der_writer *w, const char *oid,
				   bool critical, struct slice value)
{
	struct buf encoded = BUF_INIT;

	if (!oid_encode(oid, &encoded))
		abort();
	der_begin(w, DER_SEQUENCE);
	der_put(w, DER_OID, buf_get(&encoded));
	if (critical)
		der_put_bool(w, true);
	der_put_octets(w, value);
	der_end(w);
	buf_clear(&encoded);
}

static inline void maker_extensions(struct der_writer *w, const struct maker *m)
{
	const struct maker_extension *e;
	struct buf constraints = BUF_INIT;
	struct der_writer inner;

	der_begin(w, DER_CONTEXT_CONS(3));
	der_begin(w, DER_SEQUENCE);
	if (!m->no_basic_constraints) {
		der_writer_init(&inner, &constraints);
		der_begin(&inner, DER_SEQUENCE);
		if (m->ca)
			der_put_bool(&inner, true);
		if (m->ca && m->path_len >= 0)
			der_put_uint64(&inner, (uint64_t)m->path_len);
		der_end(&inner);
		maker_extension(w, "2.5.29.19", true, buf_get(&constraints));
		buf_clear(&constraints);
	}
	for (e = m->extensions;
	     e < m->extensions + MAKER_EXTENSIONS && e->oid != NULL; e++)
		maker_extension(w, e->oid, e->critical, e->value);
	der_end(w);
	der_end(w);
}

static inline void maker_name(struct der_writer *w, const char *cn)
{
	const struct x509_attribute attribute = { OID_COMMON_NAME, cn };

	x509_name_write(w, &attribute, 1);
}

static inline void maker_tbs(struct buf *out, const struct maker *m)
{
	static uint64_t serial;
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	if (m->version != 1) {
		der_begin(&w, DER_CONTEXT_CONS(0));
		der_put_uint64(&w, m->version == 0 ? 2 : m->version - 1);
		der_end(&w);
	}
	der_put_uint64(&w, ++serial);
	der_put_algorithm(&w, OID_ED25519, false);
	maker_name(&w, m->issuer);
	der_begin(&w, DER_SEQUENCE);
	der_put_time(&w, INT64_C(1577836800));
	der_put_time(&w,
		     m->not_after == 0 ? INT64_C(2524608000) : m->not_after);
	der_end(&w);
	maker_name(&w, m->subject);
	maker_key(&w, m->subject_key);
	if (m->version == 0 || m->version == 3)
		maker_extensions(&w, m);
	der_end(&w);
	if (der_writer_status(&w, NULL) != DEED_OK)
		abort();
}

/* DEED_MALFORMED where the extensions are such that it cannot be parsed. */
static inline enum deed_status maker_try(const struct maker *m,
					 struct cert **out)
{
	struct buf tbs = BUF_INIT, der = BUF_INIT;
	uint8_t seed[ED25519_SEED], signature[ED25519_SIGNATURE];
	enum deed_status status;
	struct der_writer w;

	maker_tbs(&tbs, m);
	memset(seed, m->issuer_key, sizeof(seed));
	ed25519_sign(seed, buf_get(&tbs), signature);
	der_writer_init(&w, &der);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, buf_get(&tbs));
	der_put_algorithm(&w, OID_ED25519, false);
	der_put_bits(&w, slice_of(signature, sizeof(signature)));
	der_end(&w);
	status = cert_parse(buf_get(&der), out, NULL);
	buf_clear(&tbs);
	buf_clear(&der);
	return status;
}

static inline struct cert *make_cert(const struct maker *m)
{
	struct cert *c;

	if (maker_try(m, &c) != DEED_OK)
		abort();
	return c;
}

/* Appends what hexadecimal says (for a value that lives as long as b). */
static inline struct slice maker_hex(struct buf *b, const char *hex)
{
	buf_reset(b);
	if (!hex_decode(slice_str(hex), b))
		abort();
	return buf_get(b);
}

#endif
