/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cms/check.h"
#include "cms/signed_write.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"
#include "key/signing_key.h"

/*
 * A private key need not know what its certificate binds it to: a token tells
 * an RSA key as rsaEncryption, where the certificate says id-RSASSA-PSS.  It is
 * the same key, and signs as the certificate says.
 */

static void load(const char *name, struct buf *b)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, b, err));
}

/* The key of psskey.der, as one that is bound to nothing. */
static struct secret *unbound(void)
{
	struct buf b = BUF_INIT;
	struct secret *pss, *out;
	struct der_reader r;
	struct der_writer w;
	struct slice key;
	uint64_t version;

	load("psskey.key", &b);
	assert_ok(pkcs8_import(buf_get(&b), SLICE_NONE, &pss, err));
	buf_reset(&b);
	assert_true(der_open(secret_slice(pss), DER_SEQUENCE, &r));
	assert_true(der_get_uint64(&r, &version));
	assert_true(der_skip(&r));
	assert_true(der_get(&r, DER_OCTET_STRING, &key));
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, version);
	der_put_algorithm(&w, OID_RSA, true);
	der_put_octets(&w, key);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	assert_ok(secret_copy(b.data, b.len, &out, err));
	secret_free(pss);
	buf_clear(&b);
	return out;
}

/* That key, its certificate behind another's. */
struct bound {
	struct secret *pkcs8;
	struct signing_key *key;
	struct cert_list certs;
};

static void bound_init(struct bound *t)
{
	struct buf b = BUF_INIT;

	*t = (struct bound){ .pkcs8 = unbound() };
	assert_ok(signing_key_from_pkcs8(t->pkcs8, &t->key, err));
	load("rsa2048.der", &b);
	load("psskey.der", &b);
	assert_ok(cert_list_load(&t->certs, buf_get(&b), "both", err));
	buf_clear(&b);
}

static void bound_clear(struct bound *t)
{
	signing_key_free(t->key);
	cert_list_clear(&t->certs);
	secret_free(t->pkcs8);
}

static void test_same(void **state)
{
	struct slice spki, pss, other;
	struct bound t;

	(void)state;
	bound_init(&t);
	spki = signing_key_spki(t.key);
	other = cert_fields(t.certs.items[0])->spki;
	pss = cert_fields(t.certs.items[1])->spki;
	assert_false(slice_equal(spki, pss));
	assert_true(spki_same_key(spki, pss));
	assert_true(spki_same_key(pss, spki));
	assert_true(spki_same_key(other, other));
	assert_false(spki_same_key(spki, other));
	assert_false(spki_same_key(pss, other));
	assert_false(spki_same_key(spki, SLICE_NONE));
	assert_false(spki_same_key(spki, slice_of(pss.data, pss.len - 1)));
	bound_clear(&t);
}

/* Of the certificates in the file that of the key comes first. */
static void test_pkcs12(void **state)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct buf file = BUF_INIT;
	struct secret *back;
	struct bound t;

	(void)state;
	bound_init(&t);
	assert_ok(pkcs12_export(t.pkcs8, &t.certs, NULL, slice_str("geheim"),
				&file, err));
	assert_ok(pkcs12_import(buf_get(&file), slice_str("geheim"), &back,
				&chain, err));
	assert_int_equal(chain.count, 2);
	assert_true(cert_equal(chain.items[0], t.certs.items[1]));
	secret_free(back);
	cert_list_clear(&chain);
	buf_clear(&file);
	bound_clear(&t);
}

static void test_algorithm(void **state)
{
	const struct pubkey *certified;
	struct buf value = BUF_INIT;
	struct sig_alg alg;
	struct bound t;

	(void)state;
	bound_init(&t);
	signing_key_default_alg(t.key, &alg);
	assert_int_equal(alg.scheme, SIG_RSA);
	assert_ok(cert_pubkey(t.certs.items[1], &certified, err));
	signing_key_alg_for(t.key, certified, &alg);
	assert_int_equal(alg.scheme, SIG_RSA_PSS);
	assert_ok(signing_key_sign(t.key, &alg, slice_str("x"), &value, err));
	assert_ok(pubkey_verify(certified, &alg, slice_str("x"),
				buf_get(&value), err));
	assert_ok(cert_pubkey(t.certs.items[0], &certified, err));
	signing_key_alg_for(t.key, certified, &alg);
	assert_int_equal(alg.scheme, SIG_RSA);
	buf_clear(&value);
	bound_clear(&t);
}

/* An SPKI with the same numbers, bound to one form of RSA-PSS. */
static struct pubkey *bound_to(const struct bound *t, const struct sig_alg *alg)
{
	struct buf b = BUF_INIT;
	struct der_reader r;
	struct der_writer w;
	struct pubkey *pk;
	struct slice bits;

	assert_true(der_open(signing_key_spki(t->key), DER_SEQUENCE, &r));
	assert_true(der_skip(&r));
	assert_true(der_get_bits(&r, &bits, NULL));
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	sig_alg_write(&w, alg);
	der_put_bits(&w, bits);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	assert_ok(pubkey_from_spki(buf_get(&b), &pk, err));
	buf_clear(&b);
	return pk;
}

/* RFC 4055 1.2, 3.1: that hash, that mask, and no shorter salt. */
static void test_bound_to(void **state)
{
	static const struct sig_alg made = { .scheme = SIG_RSA_PSS,
					     .digest = DIGEST_SHA384,
					     .salt_len = 48 };
	static const struct {
		struct sig_alg to;
		const char *why; /* NULL: holds */
	} cases[] = {
		{ { SIG_RSA_PSS, DIGEST_SHA384, 48, DIGEST_NONE }, NULL },
		{ { SIG_RSA_PSS, DIGEST_SHA384, 20, DIGEST_NONE }, NULL },
		{ { SIG_RSA_PSS, DIGEST_SHA384, 49, DIGEST_NONE }, "salt" },
		{ { SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_NONE }, "bound" },
		{ { SIG_RSA_PSS, DIGEST_SHA384, 48, DIGEST_SHA1 }, "mask" },
	};
	struct deed_error e = DEED_ERROR_INIT;
	struct buf value = BUF_INIT;
	struct sig_alg alg;
	struct pubkey *pk;
	struct bound t;
	size_t i;

	(void)state;
	bound_init(&t);
	assert_ok(signing_key_sign(t.key, &made, slice_str("x"), &value, err));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pk = bound_to(&t, &cases[i].to);
		if (cases[i].why == NULL) {
			assert_ok(pubkey_verify(pk, &made, slice_str("x"),
						buf_get(&value), err));
			signing_key_alg_for(t.key, pk, &alg);
			assert_int_equal(alg.digest, DIGEST_SHA384);
			assert_int_equal(alg.salt_len, 48);
		} else {
			assert_int_equal(pubkey_verify(pk, &made,
						       slice_str("x"),
						       buf_get(&value), &e),
					 DEED_BAD_SIGNATURE);
			assert_non_null(strstr(e.message, cases[i].why));
		}
		pubkey_free(pk);
	}
	buf_clear(&value);
	bound_clear(&t);
}

/* A private key takes the name, and what it is bound to, octet by octet. */
static void test_renamed(void **state)
{
	static const struct sig_alg to = { SIG_RSA_PSS, DIGEST_SHA384, 40,
					   DIGEST_NONE };
	struct buf spki = BUF_INIT;
	struct signing_key *key;
	struct sig_alg alg;
	struct pubkey *pk;
	struct bound t;

	(void)state;
	bound_init(&t);
	pk = bound_to(&t, &to);
	assert_ok(
		pkcs8_bind(&t.pkcs8, cert_fields(t.certs.items[0])->spki, err));
	assert_ok(pkcs8_spki(t.pkcs8, &spki, err));
	assert_true(slice_equal(buf_get(&spki), signing_key_spki(t.key)));
	assert_ok(pkcs8_bind(&t.pkcs8, pubkey_spki(pk), err));
	buf_reset(&spki);
	assert_ok(pkcs8_spki(t.pkcs8, &spki, err));
	assert_true(slice_equal(buf_get(&spki), pubkey_spki(pk)));
	assert_ok(signing_key_from_pkcs8(t.pkcs8, &key, err));
	signing_key_default_alg(key, &alg);
	buf_reset(&spki);
	assert_ok(signing_key_sign(key, &alg, slice_str("x"), &spki, err));
	assert_ok(pubkey_verify(pk, &alg, slice_str("x"), buf_get(&spki), err));
	signing_key_free(key);
	pubkey_free(pk);
	buf_clear(&spki);
	bound_clear(&t);
}

static void test_cms(void **state)
{
	static const char text[] = "Hello, contract.";
	struct cms_sign_params params = { .chain_len = 1,
					  .embed = true,
					  .content = slice_str(text) };
	const struct cert *chain[1];
	struct buf out = BUF_INIT;
	struct cms_content content;
	struct cms_signed *sd;
	struct cms_check check;
	struct bound t;

	(void)state;
	bound_init(&t);
	chain[0] = t.certs.items[1];
	params.key = t.key;
	params.chain = chain;
	assert_ok(cms_sign(&params, SLICE_NONE, &out, err));
	assert_ok(cms_signed_parse(buf_get(&out), &sd, err));
	cms_content_memory(&content, &sd->content);
	assert_ok(cms_check_signer(sd, &sd->signers[0], t.certs.items[1],
				   &content, &check, err));
	assert_int_equal(check.outcome, CMS_INTACT);
	cms_signed_free(sd);

	buf_reset(&out);
	params.algorithm =
		(struct sig_alg){ .scheme = SIG_RSA, .digest = DIGEST_SHA256 };
	assert_status(DEED_REFUSED, cms_sign(&params, SLICE_NONE, &out, err));
	assert_int_equal(out.len, 0);
	buf_clear(&out);
	bound_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_pkcs12),
		cmocka_unit_test(test_algorithm),
		cmocka_unit_test(test_bound_to),
		cmocka_unit_test(test_renamed),
		cmocka_unit_test(test_cms),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
