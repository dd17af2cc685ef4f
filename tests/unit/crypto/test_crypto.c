/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include "codec/hex.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/hmac.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "crypto/wrap.h"

/* The octets of a hexadecimal string, in one of a few static buffers. */
static struct slice h(const char *text)
{
	static uint8_t store[8][256];
	static int turn;
	struct buf b = BUF_INIT;
	uint8_t *to = store[turn++ % 8];
	struct slice s;

	assert_true(hex_decode(slice_str(text), &b));
	assert_true(b.len <= sizeof(store[0]));
	if (b.len > 0)
		memcpy(to, b.data, b.len);
	s = slice_of(to, b.len);
	buf_clear(&b);
	return s;
}

static void assert_hex(const void *data, const char *expected)
{
	char text[513];

	hex_text(slice_of(data, strlen(expected) / 2), text);
	assert_string_equal(text, expected);
}

/* FIPS 180-4 and 202 examples: "abc". */
static void check_digests(void)
{
	static const struct {
		enum digest_alg alg;
		const char *abc;
	} cases[] = {
		{ DIGEST_MD5, "900150983cd24fb0d6963f7d28e17f72" },
		{ DIGEST_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ DIGEST_SHA224, "23097d223405d8228642a477bda255b32aadbce4bda0"
				 "b3f7e36c9da7" },
		{ DIGEST_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177"
				 "a9cb410ff61f20015ad" },
		{ DIGEST_SHA384,
		  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1"
		  "631a8b605a43ff5bed8086072ba1e7cc2358baeca134c"
		  "825a7" },
		{ DIGEST_SHA512,
		  "ddaf35a193617abacc417349ae20413112e6fa4e89a97e"
		  "a20a9eeee64b55d39a2192992a274fc1a836ba3c23a3f"
		  "eebbd454d4423643ce80e2a9ac94fa54ca49f" },
		{ DIGEST_SHA3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9"
				   "d525b46bfe24511431532" },
		{ DIGEST_SHAKE256,
		  "483366601360a8771c6863080cc4114d8db44530f8f1e1"
		  "ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e"
		  "1faa9f8726e462a12a4feb06bd8801e751e4" },
	};
	uint8_t out[DIGEST_MAX];
	struct digest *d, *copy;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(digest_size(cases[i].alg),
				 strlen(cases[i].abc) / 2);
		digest_once(cases[i].alg, slice_str("abc"), out);
		assert_hex(out, cases[i].abc);
		assert_ok(digest_new(cases[i].alg, &d, err));
		digest_update(d, "a", 1);
		assert_ok(digest_copy(d, &copy, err));
		digest_update(d, "x", 1);
		digest_update(copy, "bc", 2);
		digest_final(copy, out);
		assert_hex(out, cases[i].abc);
		digest_final(d, out);
		digest_update(d, "abc", 3);
		digest_final(d, out);
		assert_hex(out, cases[i].abc);
		digest_free(d);
		digest_free(copy);
	}
}

/* What hashes few octets, and what hashes many: the same. */
static void test_digests(void **state)
{
	struct digest *before;
	static uint8_t many[100001];
	const struct slice pieces[] = { slice_of(many, 70000), SLICE_NONE,
					slice_of(many + 70000, 30001) };
	uint8_t out[DIGEST_MAX], same[DIGEST_MAX];

	(void)state;
	digest_expect(DIGEST_BULK - 1);
	check_digests();
	assert_ok(digest_new(DIGEST_SHA256, &before, err));
	digest_update(before, "a", 1);
	digest_expect(DIGEST_BULK);
	check_digests();
	digest_update(before, "bc", 2);
	digest_final(before, out);
	assert_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
			"61f20015ad");
	digest_free(before);
	memset(many, 'a', sizeof(many));
	digest_once(DIGEST_SHA256, slice_of(many, sizeof(many)), out);
	sha256_parts(pieces, 3, same);
	assert_memory_equal(out, same, SHA256_SIZE);
}

static void test_digest_names(void **state)
{
	int i;

	(void)state;
	for (i = DIGEST_NONE + 1; i < DIGEST_COUNT; i++) {
		enum digest_alg alg = (enum digest_alg)i;

		assert_int_equal(digest_from_name(digest_name(alg)), alg);
		assert_int_equal(digest_from_oid(digest_oid(alg)), alg);
	}
	assert_int_equal(digest_from_name("sha257"), DIGEST_NONE);
	assert_int_equal(
		digest_from_algorithm(h("300d06096086480165030402010500")),
		DIGEST_SHA256);
	assert_int_equal(digest_from_algorithm(h("300b0609608648016503040201")),
			 DIGEST_SHA256);
	assert_int_equal(
		digest_from_algorithm(h("300e0609608648016503040201020100")),
		DIGEST_NONE);
	assert_int_equal(
		digest_from_algorithm(h("300b060960864801650304020100")),
		DIGEST_NONE);
	assert_int_equal(digest_from_algorithm(h("0500")), DIGEST_NONE);
	/* id-shake256; id-shake256-len with 512, 256, nothing, NULL */
	assert_int_equal(digest_from_algorithm(h("300b060960864801650304020c")),
			 DIGEST_SHAKE256);
	assert_int_equal(
		digest_from_algorithm(h("300f060960864801650304021202020200")),
		DIGEST_SHAKE256);
	assert_int_equal(
		digest_from_algorithm(h("300f060960864801650304021202020100")),
		DIGEST_NONE);
	assert_int_equal(digest_from_algorithm(h("300b0609608648016503040212")),
			 DIGEST_NONE);
	assert_int_equal(
		digest_from_algorithm(h("300d06096086480165030402120500")),
		DIGEST_NONE);
}

/* RFC 4231, cases 1, 2 and 6. */
static void test_hmac(void **state)
{
	struct slice parts[2] = { slice_str("what do ya want "),
				  slice_str("for nothing?") };
	uint8_t out[DIGEST_MAX], key[131];

	(void)state;
	hmac(DIGEST_SHA256, h("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
	     slice_str("Hi There"), out);
	assert_hex(out,
		   "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376"
		   "c2e32cff7");
	hmac_parts(DIGEST_SHA256, slice_str("Jefe"), parts, 2, out);
	assert_hex(out,
		   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b"
		   "964ec3843");
	memset(key, 0xaa, sizeof(key));
	hmac(DIGEST_SHA512, slice_of(key, sizeof(key)),
	     slice_str("Test Using Larger Than Block-Size Key - Hash Key "
		       "First"),
	     out);
	assert_hex(out,
		   "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013"
		   "783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0a"
		   "ec8b915a985d786598");
}

/* RFC 5869 A.1, A.2 (lengths) and A.3. */
static void test_hkdf(void **state)
{
	uint8_t out[82];

	(void)state;
	hkdf(DIGEST_SHA256, h("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
	     h("000102030405060708090a0b0c"), h("f0f1f2f3f4f5f6f7f8f9"), out,
	     42);
	assert_hex(out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d"
			"56ecc4c5bf34007208d5b887185865");
	hkdf(DIGEST_SHA256, h("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
	     SLICE_NONE, SLICE_NONE, out, 42);
	assert_hex(out, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e"
			"5f3c738d2d9d201395faa4b61a96c8");
	hkdf(DIGEST_SHA256,
	     h("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"
	       "1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d"
	       "3e3f404142434445464748494a4b4c4d4e4f"),
	     h("606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e"
	       "7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d"
	       "9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf"),
	     h("b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdce"
	       "cfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebeced"
	       "eeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
	     out, 82);
	assert_hex(out, "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc"
			"4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f"
			"09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d"
			"87");
}

/* NIST CAVS ansx963_2001: SHA-256, the first of each shared info length. */
static void test_x963(void **state)
{
	uint8_t out[128];

	(void)state;
	x963_kdf(DIGEST_SHA256,
		 h("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08"),
		 SLICE_NONE, out, 16);
	assert_hex(out, "443024c3dae66b95e6f5670601558f71");
	x963_kdf(DIGEST_SHA256,
		 h("22518b10e70f2a3f243810ae3254139efbee04aa57c7af7d"),
		 h("75eef81aa3041e33b80971203d2c0c52"), out, 128);
	assert_hex(out,
		   "c498af77161cc59f2962b9a713e2b215152d139766ce34a776df11"
		   "866a69bf2e52a13d9c7c6fc878c50c5ea0bc7b00e0da2447cfd874f"
		   "6cf92f30d0097111485500c90c3af8b487872d04685d14c8d1dc8d7"
		   "fa08beb0ce0ababc11f0bd496269142d43525a78e5bc79a17f59676"
		   "a5706dc54d54d4d1f0bd7e386128ec26afc21");
}

/* GCM specification (McGrew, Viega), cases 13 to 16: AES-256. */
static void test_gcm(void **state)
{
	static const char key[] = "feffe9928665731c6d6a8f9467308308"
				  "feffe9928665731c6d6a8f9467308308";
	static const char plain[] =
		"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a"
		"721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
	static const char cipher[] =
		"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1"
		"aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
	static const char aad[] = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
	uint8_t out[64], tag[AEAD_TAG];
	struct slice in = h(plain);
	struct aead *a;

	(void)state;
	assert_ok(aead_seal(h("00000000000000000000000000000000000000000000000"
			      "00000000000000000")
				    .data,
			    h("000000000000000000000000").data, SLICE_NONE,
			    SLICE_NONE, out, tag, err));
	assert_hex(tag, "530f8afbc74536b9a963b4f1c4cb738b");
	assert_ok(aead_seal(h(key).data, h("cafebabefacedbaddecaf888").data,
			    h(aad), in, out, tag, err));
	assert_hex(out, cipher);
	assert_hex(tag, "76fc6ece0f4e1768cddf8853bb2d551b");
	/* In place, and in pieces. */
	assert_ok(aead_open(h(key).data, h("cafebabefacedbaddecaf888").data,
			    h(aad), slice_of(out, in.len), tag, out, err));
	assert_hex(out, plain);
	assert_ok(aead_new(h(key).data, h("cafebabefacedbaddecaf888").data,
			   true, h(aad), &a, err));
	assert_ok(aead_update(a, slice_of(out, 32), out, err));
	assert_ok(
		aead_update(a, slice_of(out + 32, in.len - 32), out + 32, err));
	aead_tag(a, tag);
	aead_free(a);
	assert_hex(out, cipher);
	assert_hex(tag, "76fc6ece0f4e1768cddf8853bb2d551b");
	assert_ok(aead_open(h(key).data, h("cafebabefacedbaddecaf888").data,
			    h(aad), slice_of(out, in.len), tag, out, err));
	assert_hex(out, plain);
}

static void test_gcm_refuses_each_changed_bit(void **state)
{
	uint8_t key[AEAD_KEY] = { 1 }, nonce[AEAD_NONCE] = { 2 };
	uint8_t text[20] = "twenty octets long..", sealed[20], tag[AEAD_TAG];
	uint8_t out[20], zero[20] = { 0 };
	struct slice aad = slice_str("a");
	size_t i;

	(void)state;
	assert_ok(aead_seal(key, nonce, aad, slice_of(text, 20), sealed, tag,
			    err));
	for (i = 0; i < (20 + AEAD_TAG) * 8; i++) {
		uint8_t *at = i < 160 ? sealed + i / 8 : tag + (i - 160) / 8;

		*at ^= (uint8_t)(1 << i % 8);
		assert_status(DEED_DAMAGED,
			      aead_open(key, nonce, aad, slice_of(sealed, 20),
					tag, out, err));
		assert_memory_equal(out, zero, 20);
		*at ^= (uint8_t)(1 << i % 8);
	}
	assert_status(DEED_DAMAGED,
		      aead_open(key, nonce, slice_str("b"),
				slice_of(sealed, 20), tag, out, err));
	assert_ok(aead_open(key, nonce, aad, slice_of(sealed, 20), tag, out,
			    err));
}

/* RFC 3394 4.1, 4.2, 4.3, 4.6. */
static void test_wrap(void **state)
{
	static const struct {
		const char *kek, *key, *wrapped;
	} cases[] = {
		{ "000102030405060708090a0b0c0d0e0f",
		  "00112233445566778899aabbccddeeff",
		  "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5" },
		{ "000102030405060708090a0b0c0d0e0f1011121314151617",
		  "00112233445566778899aabbccddeeff",
		  "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d" },
		{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
		  "1d1e1f",
		  "00112233445566778899aabbccddeeff",
		  "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7" },
		{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
		  "1d1e1f",
		  "00112233445566778899aabbccddeeff000102030405060708090a0b0c"
		  "0d0e0f",
		  "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a"
		  "99f43bfb988b9b7a02dd21" },
	};
	struct buf b = BUF_INIT;
	struct secret *key;
	size_t i, bit;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice kek = h(cases[i].kek);

		buf_reset(&b);
		assert_ok(
			wrap_key(kek.data, kek.len, h(cases[i].key), &b, err));
		assert_int_equal(b.len, strlen(cases[i].wrapped) / 2);
		assert_hex(b.data, cases[i].wrapped);
		assert_ok(
			unwrap_key(kek.data, kek.len, buf_get(&b), &key, err));
		assert_hex(secret_bytes(key), cases[i].key);
		secret_free(key);
		for (bit = 0; bit < b.len * 8; bit++) {
			b.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_status(DEED_DAMAGED,
				      unwrap_key(kek.data, kek.len, buf_get(&b),
						 &key, err));
			assert_null(key);
			b.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
	buf_clear(&b);
}

static void test_wrap_lengths(void **state)
{
	static const size_t bad[] = { 0, 1, 8, 15, 17, 23, 520, 1024 };
	uint8_t kek[32] = { 0 }, key[1032] = { 0 };
	struct buf b = BUF_INIT;
	struct secret *out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(
			DEED_LIMIT,
			wrap_key(kek, 32, slice_of(key, bad[i]), &b, err));
		assert_status(DEED_MALFORMED,
			      unwrap_key(kek, 32, slice_of(key, bad[i] + 8),
					 &out, err));
	}
	assert_status(DEED_MALFORMED,
		      unwrap_key(kek, 32, slice_of(key, 7), &out, err));
	buf_clear(&b);
}

/* RFC 8032 7.1, tests 1 to 3. */
static void test_ed25519(void **state)
{
	static const struct {
		const char *seed, *pub, *message, *signature;
	} cases[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031ca"
		  "e7f60",
		  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70"
		  "7511a",
		  "",
		  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224"
		  "901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141"
		  "438e7a100b" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb"
		  "8a6fb",
		  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af"
		  "4660c",
		  "72",
		  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebd"
		  "b69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d29"
		  "1612bb0c00" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4"
		  "458f7",
		  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb9115489"
		  "08025",
		  "af82",
		  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5"
		  "ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027be"
		  "ceea1ec40a" },
	};
	uint8_t out[64];
	size_t i, bit;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice seed = h(cases[i].seed);
		struct slice message = h(cases[i].message);

		ed25519_public(seed.data, out);
		assert_hex(out, cases[i].pub);
		ed25519_sign(seed.data, message, out);
		assert_hex(out, cases[i].signature);
		assert_true(ed25519_verify(h(cases[i].pub).data, message, out));
		for (bit = 0; bit < 512; bit += 7) {
			out[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(ed25519_verify(h(cases[i].pub).data,
						    message, out));
			out[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		/* S + L, which a sloppy verifier takes (RFC 8032 5.1.7). */
		out[63] |= 0x20;
		assert_false(
			ed25519_verify(h(cases[i].pub).data, message, out));
	}
}

static void test_random(void **state)
{
	struct secret *a, *b;

	(void)state;
	assert_ok(random_secret(32, &a, err));
	assert_ok(random_secret(32, &b, err));
	assert_false(secret_equal(secret_slice(a), secret_slice(b)));
	secret_free(a);
	secret_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_digest_names),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_hkdf),
		cmocka_unit_test(test_x963),
		cmocka_unit_test(test_gcm),
		cmocka_unit_test(test_gcm_refuses_each_changed_bit),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_lengths),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_random),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
