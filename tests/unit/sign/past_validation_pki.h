/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_SIGN_PAST_VALIDATION_PKI_H
#define DEED_TESTS_UNIT_SIGN_PAST_VALIDATION_PKI_H

#include "base/clock.h"
#include "cms/signed_write.h"
#include "judge/judge.h"
#include "key/keygen.h"
#include "sign/cades_extend.h"
#include "test.h"

/* A public key infrastructure in memory, of any time: certificates, CRLs,
 * OCSP responses and time-stamp tokens are made as the test asks. */
static inline int64_t at(const char *text)
{
	int64_t t;

	assert_ok(clock_parse(text, &t, err));
	return t;
}

/* Somebody with a key and a certificate. */
struct entity {
	struct signing_key *key;
	struct cert *cert;
	const char *name;
};

/* USE_ODD has a critical extension that nobody knows. */
enum usage { USE_CA, USE_SIGN, USE_STAMP, USE_NONE, USE_ODD };

static inline struct signing_key *new_key(enum key_alg alg)
{
	struct signing_key *key;
	struct secret *pkcs8;

	assert_ok(keygen(alg, &pkcs8, err));
	assert_ok(signing_key_from_pkcs8(pkcs8, &key, err));
	secret_free(pkcs8);
	return key;
}

static inline void put_name(struct der_writer *w, const char *name)
{
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SET);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_COMMON_NAME);
	der_put_utf8(w, name);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* SEQUENCE { tbs, algorithm, BIT STRING }. */
static inline void sign_tbs(const struct entity *issuer, enum digest_alg digest,
			    struct slice tbs, struct buf *out)
{
	struct buf signature = BUF_INIT;
	struct der_writer w;
	struct sig_alg alg;

	signing_key_default_alg(issuer->key, &alg);
	if (digest != DIGEST_NONE)
		alg.digest = digest;
	assert_ok(signing_key_sign(issuer->key, &alg, tbs, &signature, err));
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, tbs);
	sig_alg_write(&w, &alg);
	der_put_bits(&w, buf_get(&signature));
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	buf_clear(&signature);
}

static inline void put_algorithm(struct der_writer *w,
				 const struct entity *issuer,
				 enum digest_alg digest)
{
	struct sig_alg alg;

	signing_key_default_alg(issuer->key, &alg);
	if (digest != DIGEST_NONE)
		alg.digest = digest;
	sig_alg_write(w, &alg);
}

static inline void put_extension(struct der_writer *w, enum oid oid,
				 bool critical, struct slice value)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, oid);
	if (critical)
		der_put_bool(w, true);
	der_put_octets(w, value);
	der_end(w);
}

static inline void put_extensions(struct der_writer *w, enum usage use)
{
	static const uint8_t ca[] = { 0x30, 3, 1, 1, 0xff };
	static const uint8_t ca_usage[] = { 3, 2, 1, 6 };
	static const uint8_t sign_usage[] = { 3, 2, 6, 0xc0 };
	static const uint8_t crypt_usage[] = { 3, 2, 5, 0x20 };
	static const uint8_t stamp[] = { 0x30, 0x0a, 6, 8, 0x2b, 6,
					 1,    5,    5, 7, 3,	 8 };

	der_begin(w, DER_CONTEXT_CONS(3));
	der_begin(w, DER_SEQUENCE);
	if (use == USE_CA)
		put_extension(w, OID_BASIC_CONSTRAINTS, true,
			      slice_of(ca, sizeof(ca)));
	put_extension(w, OID_KEY_USAGE, true,
		      use == USE_CA ? slice_of(ca_usage, sizeof(ca_usage))
		      : use == USE_NONE
			      ? slice_of(crypt_usage, sizeof(crypt_usage))
			      : slice_of(sign_usage, sizeof(sign_usage)));
	if (use == USE_STAMP)
		put_extension(w, OID_EXTENDED_KEY_USAGE, true,
			      slice_of(stamp, sizeof(stamp)));
	if (use == USE_ODD)
		put_extension(w, OID_AD_OCSP, true, slice_of("\x05", 2));
	der_end(w);
	der_end(w);
}

/* e gets a certificate by issuer (itself for a root). */
static inline void certify(struct entity *e, const struct entity *issuer,
			   enum usage use, const char *from, const char *to,
			   enum digest_alg digest)
{
	static uint64_t serial = 100;
	struct buf tbs = BUF_INIT, der = BUF_INIT;
	struct der_writer w;

	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_put_uint64(&w, 2);
	der_end(&w);
	der_put_uint64(&w, serial++);
	put_algorithm(&w, issuer, digest);
	put_name(&w, issuer->name);
	der_begin(&w, DER_SEQUENCE);
	der_put_time(&w, at(from));
	der_put_time(&w, at(to));
	der_end(&w);
	put_name(&w, e->name);
	der_put_raw(&w, signing_key_spki(e->key));
	put_extensions(&w, use);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	sign_tbs(issuer, digest, buf_get(&tbs), &der);
	cert_free(e->cert);
	assert_ok(cert_parse(buf_get(&der), &e->cert, err));
	buf_clear(&tbs);
	buf_clear(&der);
}

static inline void entity_init(struct entity *e, const char *name,
			       const struct entity *issuer, enum usage use,
			       const char *from, const char *to)
{
	*e = (struct entity){ .key = new_key(KEY_P256), .name = name };
	certify(e, issuer == NULL ? e : issuer, use, from, to, DIGEST_NONE);
}

static inline void entity_clear(struct entity *e)
{
	signing_key_free(e->key);
	cert_free(e->cert);
}

/* Append a CRL; revoked (NULL: nobody) since when. */
static inline void crl_make(const struct entity *issuer, const char *from,
			    const char *to, const struct cert *revoked,
			    const char *since, struct buf *out)
{
	static uint64_t number = 1;
	struct buf tbs = BUF_INIT, value = BUF_INIT;
	struct der_writer w, v;

	der_writer_init(&v, &value);
	der_put_uint64(&v, number++);
	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 1);
	put_algorithm(&w, issuer, DIGEST_NONE);
	put_name(&w, issuer->name);
	der_put_time(&w, at(from));
	der_put_time(&w, at(to));
	if (revoked != NULL) {
		der_begin(&w, DER_SEQUENCE);
		der_begin(&w, DER_SEQUENCE);
		der_put_integer(&w, cert_fields(revoked)->serial);
		der_put_time(&w, at(since));
		der_end(&w);
		der_end(&w);
	}
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	put_extension(&w, OID_CRL_NUMBER, false, buf_get(&value));
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	sign_tbs(issuer, DIGEST_NONE, buf_get(&tbs), out);
	buf_clear(&tbs);
	buf_clear(&value);
}

static inline void add_crl(struct pki_source *s, const struct entity *issuer,
			   const char *from, const char *to,
			   const struct cert *revoked, const char *since)
{
	struct buf der = BUF_INIT;
	struct crl *crl;

	crl_make(issuer, from, to, revoked, since, &der);
	assert_ok(crl_parse(buf_get(&der), &crl, err));
	assert_ok(pki_source_add_crl(s, crl, err));
	crl_free(crl);
	buf_clear(&der);
}

/* Append a token over this digest. */
static inline void token_make(const struct entity *tsa,
			      const struct entity *authority, int64_t time,
			      enum digest_alg alg, struct slice digest,
			      struct buf *out)
{
	static uint64_t serial = 1;
	const struct cert *chain[] = { tsa->cert, authority == NULL
							  ? NULL
							  : authority->cert };
	struct cms_sign_params params = { .key = tsa->key,
					  .chain = chain,
					  .chain_len =
						  authority == NULL ? 1 : 2,
					  .content_type = OID_TST_INFO,
					  .embed = true };
	struct buf info = BUF_INIT, token = BUF_INIT;
	struct der_writer w;

	der_writer_init(&w, &info);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 1);
	der_put_oid(&w, OID_AD_OCSP); /* some policy */
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, digest_oid(alg), false);
	der_put_octets(&w, digest);
	der_end(&w);
	der_put_uint64(&w, serial++);
	der_put_generalized(&w, time);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	params.content = buf_get(&info);
	assert_ok(cms_sign(&params, SLICE_NONE, &token, err));
	buf_slice(out, buf_get(&token));
	buf_clear(&info);
	buf_clear(&token);
}

/* A time-stamp authority with a clock, for augment_params. */
struct authority {
	const struct entity *tsa, *authority;
	int64_t now;
};

static inline enum deed_status stamp(void *arg, enum digest_alg alg,
				     struct slice digest, struct buf *token,
				     struct deed_error *e)
{
	const struct authority *s = arg;

	(void)e;
	token_make(s->tsa, s->authority, s->now, alg, digest, token);
	return DEED_OK;
}

#endif
