/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/pool.h"
#include "codec/hex.h"
#include "codec/pem.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"
#include "key/signing_key.h"

static void load(const char *name, struct buf *b)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, b, err));
}

static struct secret *import(const char *name)
{
	struct buf b = BUF_INIT;
	struct secret *key;

	load(name, &b);
	assert_ok(pkcs8_import(buf_get(&b), SLICE_NONE, &key, err));
	buf_clear(&b);
	return key;
}

static void check_signs(const struct signing_key *k, const struct sig_alg *alg)
{
	struct buf sig = BUF_INIT;
	struct slice data = slice_str("the contract");
	size_t i;

	assert_ok(signing_key_sign(k, alg, data, &sig, err));
	assert_true(sig.len <= signing_key_max_signature(k));
	assert_ok(pubkey_verify(signing_key_public(k), alg, data, buf_get(&sig),
				err));
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(signing_key_public(k), alg,
				    slice_str("another"), buf_get(&sig), err));
	for (i = 0; i < sig.len; i++) {
		sig.data[i] ^= 4;
		assert_status(DEED_BAD_SIGNATURE,
			      pubkey_verify(signing_key_public(k), alg, data,
					    buf_get(&sig), err));
		assert_status(DEED_BAD_SIGNATURE,
			      pubkey_verify(signing_key_public(k), alg, data,
					    slice_of(sig.data, i), err));
		sig.data[i] ^= 4;
	}
	/* One octet more, before or behind. */
	buf_byte(&sig, 0);
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(signing_key_public(k), alg, data,
				    buf_get(&sig), err));
	sig.len--;
	buf_insert(&sig, 0, "", 1);
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(signing_key_public(k), alg, data,
				    buf_get(&sig), err));
	buf_clear(&sig);
}

static void test_signs(void **state)
{
	static const char *const names[] = { "rsa2048.key", "p256.key",
					     "p384.key",    "p521.key",
					     "ed25519.key", "psskey.key" };
	struct sig_alg alg,
		pss = { SIG_RSA_PSS, DIGEST_SHA384, 48, DIGEST_NONE };
	struct signing_key *k;
	struct secret *pkcs8;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		pkcs8 = import(names[i]);
		assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
		signing_key_default_alg(k, &alg);
		check_signs(k, &alg);
		if (i == 0)
			check_signs(k, &pss);
		signing_key_free(k);
		secret_free(pkcs8);
	}
}

/* What is signed with one salt, padding or digest holds with no other. */
static void test_other_algorithms(void **state)
{
	static const struct sig_alg algs[] = {
		{ SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA384, 48, DIGEST_NONE },
		{ SIG_RSA, DIGEST_SHA256, 0, DIGEST_NONE },
		{ SIG_RSA, DIGEST_SHA512, 0, DIGEST_NONE },
		/* These are not made, but asked for. */
		{ SIG_RSA_PSS, DIGEST_SHA256, 31, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 0, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 2000, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_SHA1 },
		{ SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_SHA512 },
		{ SIG_RSA_PSS, DIGEST_SHA1, 20, DIGEST_NONE },
		{ SIG_RSA, DIGEST_MD5, 0, DIGEST_NONE },
		{ SIG_RSA, DIGEST_SHA3_256, 0, DIGEST_NONE },
		{ SIG_ECDSA, DIGEST_SHA256, 0, DIGEST_NONE },
		{ SIG_ED25519, DIGEST_NONE, 0, DIGEST_NONE },
	};
	struct secret *pkcs8 = import("rsa2048.key");
	struct slice data = slice_str("the contract");
	struct buf sig = BUF_INIT;
	struct signing_key *k;
	size_t i, j;

	(void)state;
	assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
	for (i = 0; i < 4; i++) {
		buf_reset(&sig);
		assert_ok(signing_key_sign(k, &algs[i], data, &sig, err));
		for (j = 0; j < sizeof(algs) / sizeof(algs[0]); j++)
			assert_status(i == j ? DEED_OK : DEED_BAD_SIGNATURE,
				      pubkey_verify(signing_key_public(k),
						    &algs[j], data,
						    buf_get(&sig), err));
	}
	buf_clear(&sig);
	signing_key_free(k);
	secret_free(pkcs8);
}

struct shared {
	const struct signing_key *key;
	struct sig_alg alg;
	atomic_int good;
};

static void sign_one(void *arg, size_t i)
{
	struct shared *s = arg;
	struct buf sig = BUF_INIT;
	uint8_t data[8];

	memcpy(data, &i, sizeof(data));
	if (signing_key_sign(s->key, &s->alg, slice_of(data, sizeof(data)),
			     &sig, NULL) == DEED_OK &&
	    pubkey_verify(signing_key_public(s->key), &s->alg,
			  slice_of(data, sizeof(data)), buf_get(&sig),
			  NULL) == DEED_OK)
		atomic_fetch_add(&s->good, 1);
	buf_clear(&sig);
}

static void test_threads_share_a_key(void **state)
{
	static const char *const names[] = { "rsa2048.key", "p256.key",
					     "ed25519.key" };
	struct secret *pkcs8;
	struct signing_key *k;
	struct shared s;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		pkcs8 = import(names[i]);
		assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
		s.key = k;
		signing_key_default_alg(k, &s.alg);
		atomic_init(&s.good, 0);
		pool_run(4, 100, sign_one, &s);
		assert_int_equal(atomic_load(&s.good), 100);
		signing_key_free(k);
		secret_free(pkcs8);
	}
}

static void test_refuses_to_sign(void **state)
{
	static const struct sig_alg bad[] = {
		{ SIG_RSA, DIGEST_SHA256, 0, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_NONE },
		{ SIG_ED25519, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_NONE, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_ECDSA, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_ECDSA, DIGEST_SHA1, 0, DIGEST_NONE },
	};
	struct secret *pkcs8 = import("p256.key");
	struct buf sig = BUF_INIT;
	struct signing_key *k;
	size_t i;

	(void)state;
	assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(DEED_USAGE,
			      signing_key_sign(k, &bad[i], slice_str("x"), &sig,
					       err));
	assert_int_equal(sig.len, 0);
	signing_key_free(k);
	secret_free(pkcs8);
}

/* RFC 6979 A.2.5 and A.2.6: "sample". */
static void test_deterministic(void **state)
{
	static const struct {
		const char *pkcs8;
		enum digest_alg digest;
		const char *signature;
	} cases[] = {
		{ "308187020100301306072a8648ce3d020106082a8648ce3d030107046d30"
		  "6b0201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b12"
		  "7b8a622b120f6721a1440342000460fed4ba255a9d31c961eb74c6356d68"
		  "c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628"
		  "bc64f2f1b20c2d7e9f5177a3c294d4462299",
		  DIGEST_SHA256,
		  "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c3"
		  "4d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900db"
		  "b9aff4064dc4ab2f843acda8" },
		{ "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b"
		  "02010104306b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9a"
		  "a47740787137d896d5724e4c70a825f872c9ea60d2edf5a16403620004ec"
		  "3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c"
		  "64def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0"
		  "c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd"
		  "2533264720",
		  DIGEST_SHA384,
		  "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d"
		  "64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4602310099ef4aeb"
		  "15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329"
		  "c145786e679e7b82c71a38628ac8" },
	};
	struct buf der = BUF_INIT, sig = BUF_INIT, text = BUF_INIT;
	struct signing_key *k;
	struct secret *pkcs8;
	struct sig_alg alg;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		buf_reset(&der);
		buf_reset(&sig);
		buf_reset(&text);
		assert_true(hex_decode(slice_str(cases[i].pkcs8), &der));
		assert_ok(pkcs8_import(buf_get(&der), SLICE_NONE, &pkcs8, err));
		assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
		alg = (struct sig_alg){ SIG_ECDSA, cases[i].digest, 0,
					DIGEST_NONE };
		assert_ok(signing_key_sign(k, &alg, slice_str("sample"), &sig,
					   err));
		hex_encode(buf_get(&sig), &text);
		buf_byte(&text, 0);
		assert_string_equal((char *)text.data, cases[i].signature);
		signing_key_free(k);
		secret_free(pkcs8);
	}
	buf_clear(&der);
	buf_clear(&sig);
	buf_clear(&text);
}

/* r and s that are zero, negative, too long, or not DER. */
static void test_bad_ecdsa(void **state)
{
	static const char *const bad[] = {
		"",
		"30",
		"3000",
		"3003020101",
		"3006020100020100",
		"3006020101020100",
		"3006020100020101",
		"30060201ff020101",
		"30060201010201ff",
		"3081060201010201"
		"01",
		"300602010102010100",
		"3009020101020101020101",
		"300702020001020101",
		"3080020101020101"
		"0000",
		"0006020101020101",
		/* r = s = n */
		"3046022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9"
		"cac2fc632551022100ffffffff00000000ffffffffffffffffbce6faada717"
		"9e84f3b9cac2fc632551",
		"3026022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9"
		"cac2fc632552020101",
	};
	struct sig_alg alg = { SIG_ECDSA, DIGEST_SHA256, 0, DIGEST_NONE };
	struct secret *pkcs8 = import("p256.key");
	struct buf sig = BUF_INIT;
	struct signing_key *k;
	size_t i;

	(void)state;
	assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_reset(&sig);
		assert_true(hex_decode(slice_str(bad[i]), &sig));
		assert_status(DEED_BAD_SIGNATURE,
			      pubkey_verify(signing_key_public(k), &alg,
					    slice_str("x"), buf_get(&sig),
					    err));
	}
	signing_key_free(k);
	secret_free(pkcs8);
	buf_clear(&sig);
}

static void test_bad_public_keys(void **state)
{
	static const struct {
		const char *hex;
		enum deed_status status;
	} bad[] = {
		{ "", DEED_MALFORMED },
		{ "3000", DEED_MALFORMED },
		/* X25519 */
		{ "302a300506032b656e032100000000000000000000000000000000000000"
		  "0000000000000000000000000000",
		  DEED_UNSUPPORTED },
		/* Ed25519 of 31 octets */
		{ "3029300506032b6570032000000000000000000000000000000000000000"
		  "00000000000000000000000000",
		  DEED_MALFORMED },
		/* P-256: the point 0, 0 */
		{ "3059301306072a8648ce3d020106082a8648ce3d03010703420004000000"
		  "000000000000000000000000000000000000000000000000000000000000"
		  "000000000000000000000000000000000000000000000000000000000000"
		  "00",
		  DEED_MALFORMED },
		/* compressed */
		{ "3039301306072a8648ce3d020106082a8648ce3d03010703220002000000"
		  "0000000000000000000000000000000000000000000000000000000000",
		  DEED_UNSUPPORTED },
		/* infinity */
		{ "3019301306072a8648ce3d020106082a8648ce3d03010703020000",
		  DEED_MALFORMED },
		/* no curve */
		{ "3011300b06072a8648ce3d0201050003020004", DEED_UNSUPPORTED },
		/* RSA of 16 bits */
		{ "301c300d06092a864886f70d0101010500030b003008020300800102010"
		  "3",
		  DEED_UNSUPPORTED },
		/* an even modulus */
		{ "301c300d06092a864886f70d0101010500030b003008020300800202010"
		  "3",
		  DEED_MALFORMED },
		/* exponent 1 */
		{ "301c300d06092a864886f70d0101010500030b003008020300800102010"
		  "1",
		  DEED_MALFORMED },
		/* a negative modulus */
		{ "301b300d06092a864886f70d0101010500030a00300702028001020103",
		  DEED_MALFORMED },
	};
	struct buf b = BUF_INIT;
	struct pubkey *pk;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status;

		buf_reset(&b);
		assert_true(hex_decode(slice_str(bad[i].hex), &b));
		status = pubkey_from_spki(buf_get(&b), &pk, NULL);
		if (status != bad[i].status)
			fail_msg("case %zu: expected %s, got %s", i,
				 deed_status_id(bad[i].status),
				 deed_status_id(status));
		assert_null(pk);
	}
	buf_clear(&b);
}

static void test_algorithms(void **state)
{
	static const struct sig_alg all[] = {
		{ SIG_RSA, DIGEST_SHA256, 0, DIGEST_NONE },
		{ SIG_RSA, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA1, 20, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA512, 0, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 222, DIGEST_NONE },
		{ SIG_ECDSA, DIGEST_SHA384, 0, DIGEST_NONE },
		{ SIG_ED25519, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_ED448, DIGEST_NONE, 0, DIGEST_NONE },
		{ SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_SHA1 },
		{ SIG_RSA_PSS, DIGEST_SHA1, 20, DIGEST_SHA512 },
	};
	static const struct {
		const char *hex;
		enum deed_status status;
	} bad[] = {
		{ "3005"
		  "06032b656f",
		  DEED_UNSUPPORTED }, /* X448 */
		{ "", DEED_MALFORMED },
		{ "3000", DEED_MALFORMED },
		{ "300d06092a864886f70d01010b0201", DEED_MALFORMED },
		{ "300e06092a864886f70d01010b020101", DEED_MALFORMED },
		{ "300b06092a864886f70d01010a", DEED_MALFORMED },
		/* PSS: trailer 2; huge salt; a mask without its digest */
		{ "301206092a864886f70d01010a3005a303020102",
		  DEED_UNSUPPORTED },
		{ "301406092a864886f70d01010a3007a20502030fffff",
		  DEED_MALFORMED },
		{ "301c06092a864886f70d01010a300fa10d300b06092a864886f70d01010"
		  "8",
		  DEED_MALFORMED },
	};
	struct buf b = BUF_INIT;
	struct sig_alg back;
	struct der_writer w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		buf_reset(&b);
		der_writer_init(&w, &b);
		sig_alg_write(&w, &all[i]);
		assert_ok(der_writer_status(&w, err));
		assert_ok(sig_alg_parse(buf_get(&b), &back, err));
		assert_int_equal(back.scheme, all[i].scheme);
		assert_int_equal(back.digest, all[i].digest);
		assert_int_equal(back.salt_len, all[i].salt_len);
		assert_int_equal(back.mask, all[i].mask);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status;

		buf_reset(&b);
		assert_true(hex_decode(slice_str(bad[i].hex), &b));
		status = sig_alg_parse(buf_get(&b), &back, NULL);
		if (status != bad[i].status)
			fail_msg("case %zu: expected %s, got %s", i,
				 deed_status_id(bad[i].status),
				 deed_status_id(status));
	}
	buf_clear(&b);
}

static void test_keygen(void **state)
{
	struct buf spki = BUF_INIT;
	struct secret *pkcs8;
	struct signing_key *k;
	struct sig_alg alg;
	enum key_alg again;
	int i;

	(void)state;
	for (i = 0; i < KEY_ALG_COUNT; i++) {
		assert_true(key_alg_from_name(key_alg_name((enum key_alg)i),
					      &again));
		assert_int_equal(again, i);
		/* The large RSA keys cost seconds. */
		if (i == KEY_RSA3072 || i == KEY_RSA4096 ||
		    i == KEY_RSA_PSS3072 || i == KEY_RSA_PSS4096)
			continue;
		assert_ok(keygen((enum key_alg)i, &pkcs8, err));
		assert_ok(signing_key_from_pkcs8(pkcs8, &k, err));
		buf_reset(&spki);
		assert_ok(pkcs8_spki(pkcs8, &spki, err));
		assert_true(slice_equal(buf_get(&spki), signing_key_spki(k)));
		signing_key_default_alg(k, &alg);
		check_signs(k, &alg);
		signing_key_free(k);
		secret_free(pkcs8);
	}
	assert_false(key_alg_from_name("rsa1024", &again));
	buf_clear(&spki);
}

/* Without the public half, as Java writes them: RFC 6979 A.2.5's key. */
static void test_pkcs8_without_public(void **state)
{
	static const char *const forms[] = {
		"3041020100301306072a8648ce3d020106082a8648ce3d030107"
		"042730250201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36"
		"e89b127b8a622b120f6721",
		"30310201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b"
		"127b8a622b120f6721a00a06082a8648ce3d030107",
	};
	static const char *const bad[] = {
		/* Zero; the group's order; a curve that is not known. */
		"30310201010420"
		"000000000000000000000000000000000000000000000000000000000000"
		"0000a00a06082a8648ce3d030107",
		"30310201010420ffffffff00000000ffffffffffffffffbce6faada7179e"
		"84f3b9cac2fc632551a00a06082a8648ce3d030107",
		"302e0201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b"
		"127b8a622b120f6721a00706052b8104000a",
	};
	struct buf b = BUF_INIT, spki = BUF_INIT, pem = BUF_INIT;
	struct secret *key;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		buf_reset(&b);
		buf_reset(&spki);
		buf_reset(&pem);
		assert_true(hex_decode(slice_str(forms[i]), &b));
		assert_ok(pkcs8_import(buf_get(&b), SLICE_NONE, &key, err));
		assert_ok(pkcs8_spki(key, &spki, err));
		assert_memory_equal(spki.data + spki.len - 64,
				    "\x60\xfe\xd4\xba\x25\x5a\x9d\x31", 8);
		secret_free(key);
		pem_encode(&pem, i == 0 ? "PRIVATE KEY" : "EC PRIVATE KEY",
			   buf_get(&b));
		assert_ok(pkcs8_import(buf_get(&pem), SLICE_NONE, &key, err));
		secret_free(key);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_reset(&b);
		assert_true(hex_decode(slice_str(bad[i]), &b));
		assert_true(pkcs8_import(buf_get(&b), SLICE_NONE, &key, NULL) !=
			    DEED_OK);
		assert_null(key);
	}
	buf_clear(&b);
	buf_clear(&spki);
	buf_clear(&pem);
}

static void test_pkcs8(void **state)
{
	struct secret *key = import("p256.key"), *back;
	struct buf b = BUF_INIT;

	(void)state;
	assert_ok(pkcs8_export(key, slice_str("geheim"), &b, err));
	assert_true(pkcs8_is_encrypted(buf_get(&b)));
	assert_ok(pkcs8_import(buf_get(&b), slice_str("geheim"), &back, err));
	assert_true(secret_equal(secret_slice(key), secret_slice(back)));
	secret_free(back);
	assert_status(
		DEED_WRONG_PASSPHRASE,
		pkcs8_import(buf_get(&b), slice_str("Geheim"), &back, err));
	assert_status(DEED_NO_PASSPHRASE,
		      pkcs8_import(buf_get(&b), SLICE_NONE, &back, err));
	assert_status(DEED_USAGE, pkcs8_import(buf_get(&b), slice_of("a\0b", 3),
					       &back, err));
	assert_status(DEED_MALFORMED, pkcs8_import(slice_str("nothing"),
						   SLICE_NONE, &back, err));
	assert_status(DEED_MALFORMED,
		      pkcs8_import(SLICE_NONE, SLICE_NONE, &back, err));
	assert_null(back);
	assert_false(pkcs8_is_encrypted(secret_slice(key)));
	secret_free(key);
	buf_clear(&b);
}

static void test_pkcs12(void **state)
{
	struct cert_list chain = CERT_LIST_INIT, again = CERT_LIST_INIT;
	struct buf b = BUF_INIT, cert = BUF_INIT;
	struct secret *key = import("p256.key"), *back;

	(void)state;
	load("p256.der", &cert);
	load("rsa2048.der", &cert);
	assert_ok(cert_list_load(&chain, buf_get(&cert), "both", err));
	assert_ok(pkcs12_export(key, &chain, "wang", slice_str("geheim"), &b,
				err));
	assert_true(pkcs12_looks_like(buf_get(&b)));
	assert_false(pkcs12_looks_like(buf_get(&cert)));
	assert_ok(pkcs12_import(buf_get(&b), slice_str("geheim"), &back, &again,
				err));
	assert_true(secret_equal(secret_slice(key), secret_slice(back)));
	assert_int_equal(again.count, 2);
	assert_true(cert_equal(again.items[0], chain.items[0]));
	secret_free(back);
	cert_list_clear(&again);
	assert_status(
		DEED_WRONG_PASSPHRASE,
		pkcs12_import(buf_get(&b), slice_str("x"), &back, &again, err));
	assert_null(back);
	assert_status(DEED_MALFORMED,
		      pkcs12_import(buf_get(&cert), slice_str("x"), &back,
				    &again, err));
	b.len--;
	assert_status(DEED_MALFORMED,
		      pkcs12_import(buf_get(&b), slice_str("geheim"), &back,
				    &again, err));
	cert_list_clear(&chain);
	cert_list_clear(&again);
	secret_free(key);
	buf_clear(&b);
	buf_clear(&cert);
}

static void test_oaep(void **state)
{
	struct secret *pkcs8 = import("rsa2048.key"), *out;
	struct buf ct = BUF_INIT;
	struct deposit_key *k;
	uint8_t plain[190];
	size_t len;

	(void)state;
	assert_ok(deposit_key_from_pkcs8(pkcs8, &k, err));
	memset(plain, 0, sizeof(plain));
	for (len = 1; len <= sizeof(plain); len += 63) {
		buf_reset(&ct);
		assert_ok(pubkey_oaep(deposit_key_public(k), DIGEST_SHA256,
				      slice_of(plain, len), &ct, err));
		assert_int_equal(ct.len, 256);
		assert_ok(deposit_key_oaep(k, DIGEST_SHA256, buf_get(&ct), &out,
					   err));
		assert_true(
			secret_equal(slice_of(plain, len), secret_slice(out)));
		secret_free(out);
	}
	assert_status(DEED_LIMIT,
		      pubkey_oaep(deposit_key_public(k), DIGEST_SHA256,
				  slice_of(plain, 191), &ct, err));
	assert_status(
		DEED_NOT_RECIPIENT,
		deposit_key_oaep(k, DIGEST_SHA1, buf_get(&ct), &out, err));
	for (len = 0; len < ct.len; len += 5) {
		ct.data[len] ^= 1;
		assert_status(DEED_NOT_RECIPIENT,
			      deposit_key_oaep(k, DIGEST_SHA256, buf_get(&ct),
					       &out, err));
		ct.data[len] ^= 1;
	}
	assert_status(DEED_NOT_RECIPIENT,
		      deposit_key_oaep(k, DIGEST_SHA256, slice_of(ct.data, 255),
				       &out, err));
	memset(ct.data, 0xff, ct.len);
	assert_status(
		DEED_NOT_RECIPIENT,
		deposit_key_oaep(k, DIGEST_SHA256, buf_get(&ct), &out, err));
	memset(ct.data, 0, ct.len);
	assert_status(
		DEED_NOT_RECIPIENT,
		deposit_key_oaep(k, DIGEST_SHA256, buf_get(&ct), &out, err));
	assert_status(DEED_USAGE,
		      deposit_key_agree(k, buf_get(&ct), &out, err));
	deposit_key_free(k);
	secret_free(pkcs8);
	buf_clear(&ct);
}

/* NIST CAVS, KAS ECC CDH primitive, P-256, count 0. */
static void test_agrees_as_nist(void **state)
{
	struct buf der = BUF_INIT, point = BUF_INIT, text = BUF_INIT;
	struct deposit_key *k;
	struct secret *pkcs8, *z;

	(void)state;
	assert_true(
		hex_decode(slice_str("308187020100301306072a8648ce3d020106082a8"
				     "648ce3d030107046d30"
				     "6b02010104207d7dc5f71eb29ddaf80d6214632ee"
				     "ae03d9058af1fb6d22e"
				     "d80badb62bc1a534a14403420004ead218590119e"
				     "8876b29146ff89ca617"
				     "70c4edbbf97d38ce385ed281d8a6b23028af61281"
				     "fd35e2fa7002523acc8"
				     "5a429cb06ee6648325389f59edfce1405141"),
			   &der));
	assert_true(hex_decode(
		slice_str("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42c"
			  "e7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46"
			  "fbf640dfe0441782cab85fa4ac"),
		&point));
	assert_ok(pkcs8_import(buf_get(&der), SLICE_NONE, &pkcs8, err));
	assert_ok(deposit_key_from_pkcs8(pkcs8, &k, err));
	assert_ok(deposit_key_agree(k, buf_get(&point), &z, err));
	hex_encode(secret_slice(z), &text);
	buf_byte(&text, 0);
	assert_string_equal(
		(char *)text.data,
		"46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040"
		"dd7778997bd7b");
	secret_free(z);
	deposit_key_free(k);
	secret_free(pkcs8);
	buf_clear(&der);
	buf_clear(&point);
	buf_clear(&text);
}

static void test_agrees(void **state)
{
	struct secret *pkcs8 = import("p256.key"), *a, *b;
	struct buf point = BUF_INIT;
	struct deposit_key *k;
	size_t i;

	(void)state;
	assert_ok(deposit_key_from_pkcs8(pkcs8, &k, err));
	for (i = 0; i < 20; i++) {
		buf_reset(&point);
		assert_ok(pubkey_agree(deposit_key_public(k), &point, &a, err));
		assert_ok(deposit_key_agree(k, buf_get(&point), &b, err));
		assert_true(secret_equal(secret_slice(a), secret_slice(b)));
		secret_free(a);
		secret_free(b);
	}
	/* Keys of GnuTLS, half of which have a high bit. */
	for (i = 0; i < 16; i++) {
		struct deposit_key *own;
		struct secret *made;

		assert_ok(keygen(KEY_P256, &made, err));
		assert_ok(deposit_key_from_pkcs8(made, &own, err));
		deposit_key_free(own);
		secret_free(made);
	}
	/* Off the curve, of another form, empty. */
	for (i = 0; i < point.len; i++) {
		point.data[i] ^= 1;
		assert_status(DEED_NOT_RECIPIENT,
			      deposit_key_agree(k, buf_get(&point), &b, err));
		point.data[i] ^= 1;
	}
	assert_status(DEED_NOT_RECIPIENT,
		      deposit_key_agree(k, slice_of("\0", 1), &b, err));
	assert_status(DEED_NOT_RECIPIENT,
		      deposit_key_agree(k, SLICE_NONE, &b, err));
	assert_status(DEED_USAGE, deposit_key_oaep(k, DIGEST_SHA256,
						   buf_get(&point), &b, err));
	deposit_key_free(k);
	secret_free(pkcs8);
	pkcs8 = import("ed25519.key");
	assert_status(DEED_UNSUPPORTED, deposit_key_from_pkcs8(pkcs8, &k, err));
	secret_free(pkcs8);
	pkcs8 = import("p384.key");
	assert_status(DEED_UNSUPPORTED, deposit_key_from_pkcs8(pkcs8, &k, err));
	secret_free(pkcs8);
	buf_clear(&point);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_other_algorithms),
		cmocka_unit_test(test_threads_share_a_key),
		cmocka_unit_test(test_refuses_to_sign),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_bad_ecdsa),
		cmocka_unit_test(test_bad_public_keys),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_keygen),
		cmocka_unit_test(test_pkcs8_without_public),
		cmocka_unit_test(test_pkcs8),
		cmocka_unit_test(test_pkcs12),
		cmocka_unit_test(test_oaep),
		cmocka_unit_test(test_agrees_as_nist),
		cmocka_unit_test(test_agrees),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
