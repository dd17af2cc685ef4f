/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge.h"

#include <stdio.h>

#include "key/keygen.h"

#define YEAR ((int64_t)365 * FORGE_DAY)

static struct signing_key *keys[FORGE_KEYS];

const struct signing_key *forge_key(unsigned i)
{
	struct secret *pkcs8;

	if (keys[i] == NULL) {
		assert_ok(keygen(KEY_P256, &pkcs8, err));
		assert_ok(signing_key_from_pkcs8(pkcs8, &keys[i], err));
		secret_free(pkcs8);
	}
	return keys[i];
}

void forge_end(void)
{
	unsigned i;

	for (i = 0; i < FORGE_KEYS; i++) {
		signing_key_free(keys[i]);
		keys[i] = NULL;
	}
}

void forge_name(struct der_writer *w, const char *cn)
{
	const struct x509_attribute a = { OID_COMMON_NAME, cn };

	x509_name_write(w, &a, 1);
}

void forge_extension(struct der_writer *w, enum oid oid, bool critical,
		     struct slice value)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, oid);
	if (critical)
		der_put_bool(w, true);
	der_put_octets(w, value);
	der_end(w);
}

/* SEQUENCE { tbs, algorithm, signature }, and [0] { with }. */
static void seal(struct slice tbs, unsigned key, struct slice with,
		 struct buf *out)
{
	struct buf signature = BUF_INIT;
	struct der_writer w;
	struct sig_alg alg;

	signing_key_default_alg(forge_key(key), &alg);
	assert_ok(signing_key_sign(forge_key(key), &alg, tbs, &signature, err));
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, tbs);
	sig_alg_write(&w, &alg);
	der_put_bits(&w, buf_get(&signature));
	if (with.data != NULL) {
		der_begin(&w, DER_CONTEXT_CONS(0));
		der_begin(&w, DER_SEQUENCE);
		der_put_raw(&w, with);
		der_end(&w);
		der_end(&w);
	}
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	buf_clear(&signature);
}

static void put_algorithm(struct der_writer *w, unsigned key)
{
	struct sig_alg alg;

	signing_key_default_alg(forge_key(key), &alg);
	sig_alg_write(w, &alg);
}

static void put_constraints(struct der_writer *w, const struct forge_cert *c)
{
	struct buf value = BUF_INIT;
	struct der_writer v;

	der_writer_init(&v, &value);
	der_begin(&v, DER_SEQUENCE);
	if (c->ca)
		der_put_bool(&v, true);
	der_end(&v);
	forge_extension(w, OID_BASIC_CONSTRAINTS, true, buf_get(&value));
	if (c->key_usage != 0) {
		buf_reset(&value);
		der_writer_init(&v, &value);
		der_put_named_bits(&v, c->key_usage);
		forge_extension(w, OID_KEY_USAGE, true, buf_get(&value));
	}
	buf_clear(&value);
}

struct cert *forge_cert(const struct forge_cert *c)
{
	struct buf tbs = BUF_INIT, der = BUF_INIT;
	struct der_writer w;
	struct cert *cert;

	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_put_uint64(&w, 2);
	der_end(&w);
	der_put_uint64(&w, c->serial);
	put_algorithm(&w, c->issuer_key);
	forge_name(&w, c->issuer);
	der_begin(&w, DER_SEQUENCE);
	der_put_time(&w, c->from == 0 ? FORGE_TIME - YEAR : c->from);
	der_put_time(&w, c->to == 0 ? FORGE_TIME + YEAR : c->to);
	der_end(&w);
	forge_name(&w, c->subject);
	der_put_raw(&w, signing_key_spki(forge_key(c->key)));
	der_begin(&w, DER_CONTEXT_CONS(3));
	der_begin(&w, DER_SEQUENCE);
	put_constraints(&w, c);
	der_put_raw(&w, c->extra);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	seal(buf_get(&tbs), c->issuer_key, SLICE_NONE, &der);
	assert_ok(cert_parse(buf_get(&der), &cert, err));
	buf_clear(&tbs);
	buf_clear(&der);
	return cert;
}

/* ---- CRLs ---- */

static void put_number(struct der_writer *w, enum oid oid, bool critical,
		       uint64_t number)
{
	struct buf value = BUF_INIT;
	struct der_writer v;

	der_writer_init(&v, &value);
	der_put_uint64(&v, number);
	forge_extension(w, oid, critical, buf_get(&value));
	buf_clear(&value);
}

static void put_directory(struct der_writer *w, const char *cn)
{
	der_begin(w, DER_CONTEXT_CONS(4));
	forge_name(w, cn);
	der_end(w);
}

static void put_issuer(struct der_writer *w, const char *issuer)
{
	struct buf value = BUF_INIT;
	struct der_writer v;

	der_writer_init(&v, &value);
	der_begin(&v, DER_SEQUENCE);
	put_directory(&v, issuer);
	der_end(&v);
	forge_extension(w, OID_CERTIFICATE_ISSUER, true, buf_get(&value));
	buf_clear(&value);
}

static void put_entry(struct der_writer *w, const struct forge_entry *e)
{
	uint8_t reason[] = { DER_ENUMERATED, 1, (uint8_t)e->reason };

	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, e->serial);
	der_put_time(w, e->at);
	if (e->reason >= 0 || e->issuer != NULL || e->unknown) {
		der_begin(w, DER_SEQUENCE);
		if (e->reason >= 0)
			forge_extension(w, OID_CRL_REASON, false,
					slice_of(reason, sizeof(reason)));
		if (e->issuer != NULL)
			put_issuer(w, e->issuer);
		if (e->unknown)
			forge_extension(w, OID_SUBJECT_INFO, true,
					slice_of(reason, sizeof(reason)));
		der_end(w);
	}
	der_end(w);
}

static void put_crl_extensions(struct der_writer *w, const struct forge_crl *c)
{
	struct buf value = BUF_INIT;
	struct der_writer v;

	if (c->number != 0)
		put_number(w, OID_CRL_NUMBER, false, c->number);
	if (c->base != 0)
		put_number(w, OID_DELTA_CRL, true, c->base);
	if (c->idp.data != NULL)
		forge_extension(w, OID_ISSUING_DISTRIBUTION_POINT, true,
				c->idp);
	if (c->expired_since != 0) {
		der_writer_init(&v, &value);
		der_put_generalized(&v, c->expired_since);
		forge_extension(w, OID_EXPIRED_CERTS_ON_CRL, false,
				buf_get(&value));
	}
	der_put_raw(w, c->extra);
	buf_clear(&value);
}

struct crl *forge_crl(const struct forge_crl *c)
{
	struct buf tbs = BUF_INIT, der = BUF_INIT;
	struct der_writer w;
	struct crl *crl;
	unsigned i;

	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 1);
	put_algorithm(&w, c->key);
	forge_name(&w, c->issuer);
	der_put_time(&w, c->this_update);
	if (c->next_update != 0)
		der_put_time(&w, c->next_update);
	if (c->entry_count > 0) {
		der_begin(&w, DER_SEQUENCE);
		for (i = 0; i < c->entry_count; i++)
			put_entry(&w, &c->entries[i]);
		der_end(&w);
	}
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	put_crl_extensions(&w, c);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	seal(buf_get(&tbs), c->key, SLICE_NONE, &der);
	assert_ok(crl_parse(buf_get(&der), &crl, err));
	buf_clear(&tbs);
	buf_clear(&der);
	return crl;
}

/* DistributionPointName, inside its [0]. */
static void put_point_name(struct der_writer *w, const char *point,
			   bool relative)
{
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, relative ? DER_CONTEXT_CONS(1) : DER_CONTEXT_CONS(0));
	if (relative) {
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_COMMON_NAME);
		der_put_utf8(w, point);
		der_end(w);
	} else {
		put_directory(w, point);
	}
	der_end(w);
	der_end(w);
}

/* Named bits with another tag. */
static void put_reasons(struct der_writer *w, unsigned tag, uint32_t reasons)
{
	struct buf bits = BUF_INIT;
	struct der_writer b;

	der_writer_init(&b, &bits);
	der_put_named_bits(&b, reasons);
	bits.data[0] = (uint8_t)DER_CONTEXT(tag);
	der_put_raw(w, buf_get(&bits));
	buf_clear(&bits);
}

void forge_idp(struct buf *out, const char *point, unsigned flags,
	       uint32_t reasons)
{
	static const uint8_t yes = 0xff;
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	if (point != NULL)
		put_point_name(&w, point, (flags & FORGE_IDP_RELATIVE) != 0);
	if ((flags & FORGE_IDP_USER) != 0)
		der_put(&w, DER_CONTEXT(1), slice_of(&yes, 1));
	if ((flags & FORGE_IDP_CA) != 0)
		der_put(&w, DER_CONTEXT(2), slice_of(&yes, 1));
	if (reasons != 0)
		put_reasons(&w, 3, reasons);
	if ((flags & FORGE_IDP_INDIRECT) != 0)
		der_put(&w, DER_CONTEXT(4), slice_of(&yes, 1));
	if ((flags & FORGE_IDP_ATTRIBUTE) != 0)
		der_put(&w, DER_CONTEXT(5), slice_of(&yes, 1));
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
}

void forge_cdp(struct buf *out, const char *point, bool relative,
	       uint32_t reasons, const char *crl_issuer)
{
	struct buf value = BUF_INIT;
	struct der_writer w;

	der_writer_init(&w, &value);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	if (point != NULL)
		put_point_name(&w, point, relative);
	if (reasons != 0)
		put_reasons(&w, 1, reasons);
	if (crl_issuer != NULL) {
		der_begin(&w, DER_CONTEXT_CONS(2));
		put_directory(&w, crl_issuer);
		der_end(&w);
	}
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	der_writer_init(&w, out);
	forge_extension(&w, OID_CRL_DISTRIBUTION_POINTS, false,
			buf_get(&value));
	buf_clear(&value);
}

void forge_cdp_repeated(struct buf *out, unsigned count, const char *crl_issuer)
{
	struct buf value = BUF_INIT;
	struct der_writer w;
	unsigned i;

	der_writer_init(&w, &value);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(2));
	for (i = 0; i < count; i++)
		put_directory(&w, crl_issuer);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	der_writer_init(&w, out);
	forge_extension(&w, OID_CRL_DISTRIBUTION_POINTS, false,
			buf_get(&value));
	buf_clear(&value);
}

void forge_cdps(struct buf *out, unsigned count, bool by_reason)
{
	struct buf value = BUF_INIT;
	struct der_writer w;
	char name[32];
	unsigned i;

	der_writer_init(&w, &value);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "point %u", i);
		der_begin(&w, DER_SEQUENCE);
		put_point_name(&w, name, false);
		if (by_reason)
			put_reasons(&w, 1, 1u << (i + 1));
		der_end(&w);
	}
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	der_writer_init(&w, out);
	forge_extension(&w, OID_CRL_DISTRIBUTION_POINTS, false,
			buf_get(&value));
	buf_clear(&value);
}

/* ---- OCSP ---- */

static struct slice key_octets(struct slice spki)
{
	struct slice ignored, key = SLICE_NONE;
	struct der_reader r;

	assert_true(der_open(spki, DER_SEQUENCE, &r) &&
		    der_get_element(&r, DER_SEQUENCE, &ignored) &&
		    der_get_bits(&r, &key, NULL));
	return key;
}

static void put_hash(struct der_writer *w, enum digest_alg alg, struct slice of)
{
	uint8_t hash[DIGEST_MAX];

	digest_once(alg, of, hash);
	der_put_octets(w, slice_of(hash, digest_size(alg)));
}

static void put_cert_id(struct der_writer *w, const struct forge_ocsp *o)
{
	enum digest_alg alg =
		o->digest == DIGEST_NONE ? DIGEST_SHA1 : o->digest;

	der_begin(w, DER_SEQUENCE);
	der_put_algorithm(w, digest_oid(alg), true);
	put_hash(w, alg, cert_fields(o->issuer)->subject);
	put_hash(w, alg, key_octets(cert_fields(o->issuer)->spki));
	der_put_integer(w, cert_fields(o->cert)->serial);
	der_end(w);
}

static void put_status(struct der_writer *w, const struct forge_ocsp *o)
{
	uint8_t reason[] = { DER_ENUMERATED, 1, (uint8_t)o->reason };

	if (o->status == OCSP_GOOD) {
		der_put(w, DER_CONTEXT(0), SLICE_NONE);
	} else if (o->status == OCSP_UNKNOWN) {
		der_put(w, DER_CONTEXT(2), SLICE_NONE);
	} else {
		der_begin(w, DER_CONTEXT_CONS(1));
		der_put_generalized(w, o->revoked_at);
		if (o->reason >= 0)
			der_put(w, DER_CONTEXT_CONS(0),
				slice_of(reason, sizeof(reason)));
		der_end(w);
	}
}

static void put_single_extensions(struct der_writer *w,
				  const struct forge_ocsp *o)
{
	struct buf value = BUF_INIT;
	struct der_writer v;

	if (o->archive_cutoff == 0 && !o->unknown_critical)
		return;
	der_writer_init(&v, &value);
	der_put_generalized(&v, o->archive_cutoff);
	der_begin(w, DER_CONTEXT_CONS(1));
	der_begin(w, DER_SEQUENCE);
	if (o->archive_cutoff != 0)
		forge_extension(w, OID_OCSP_ARCHIVE_CUTOFF, false,
				buf_get(&value));
	if (o->unknown_critical)
		forge_extension(w, OID_SUBJECT_INFO, true, buf_get(&value));
	der_end(w);
	der_end(w);
	buf_clear(&value);
}

static void put_responder(struct der_writer *w, const struct forge_ocsp *o)
{
	if (o->by_name != NULL) {
		der_begin(w, DER_CONTEXT_CONS(1));
		forge_name(w, o->by_name);
	} else {
		der_begin(w, DER_CONTEXT_CONS(2));
		put_hash(w, DIGEST_SHA1,
			 key_octets(signing_key_spki(forge_key(o->key))));
	}
	der_end(w);
}

static void put_single(struct der_writer *w, const struct forge_ocsp *o)
{
	der_begin(w, DER_SEQUENCE);
	put_cert_id(w, o);
	put_status(w, o);
	der_put_generalized(w, o->this_update);
	if (o->next_update != 0) {
		der_begin(w, DER_CONTEXT_CONS(0));
		der_put_generalized(w, o->next_update);
		der_end(w);
	}
	put_single_extensions(w, o);
	der_end(w);
}

static void wrap(struct slice basic, struct buf *out)
{
	static const uint8_t successful = 0;
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put(&w, DER_ENUMERATED, slice_of(&successful, 1));
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_OCSP_BASIC);
	der_put_octets(&w, basic);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
}

void forge_ocsp_der(const struct forge_ocsp *o, struct buf *out)
{
	struct buf tbs = BUF_INIT, basic = BUF_INIT;
	struct der_writer w;

	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	put_responder(&w, o);
	der_put_generalized(&w, o->produced_at != 0 ? o->produced_at
						    : o->this_update);
	der_begin(&w, DER_SEQUENCE);
	put_single(&w, o);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	seal(buf_get(&tbs), o->key,
	     o->with == NULL ? SLICE_NONE : cert_fields(o->with)->der, &basic);
	if (o->bare)
		buf_slice(out, buf_get(&basic));
	else
		wrap(buf_get(&basic), out);
	buf_clear(&tbs);
	buf_clear(&basic);
}

struct ocsp *forge_ocsp(const struct forge_ocsp *spec)
{
	struct buf der = BUF_INIT;
	struct ocsp *o;

	forge_ocsp_der(spec, &der);
	assert_ok(ocsp_parse(buf_get(&der), &o, err));
	buf_clear(&der);
	return o;
}

struct cert *forge_root(void)
{
	return forge_cert(&(struct forge_cert){ .subject = "root",
						.issuer = "root",
						.serial = 1,
						.ca = true,
						.key_usage = KU_CERT_SIGN |
							     KU_CRL_SIGN });
}

struct cert *forge_ca(void)
{
	return forge_cert(&(struct forge_cert){ .subject = "ca",
						.issuer = "root",
						.key = 1,
						.serial = 2,
						.ca = true,
						.key_usage = KU_CERT_SIGN |
							     KU_CRL_SIGN });
}
