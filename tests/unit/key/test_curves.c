/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include <stdio.h>

#include "key/pubkey.h"

/*
 * Curves that Nettle lacks.  The vectors are openssl 3.0's dgst -sign; for
 * SM2 with distid:1234567812345678.  Where libgcrypt is not there they are
 * skipped.
 */
#define CONTRACT "the contract"

static const struct {
	const char *text;
	unsigned bits;
	enum pubkey_type type;
	struct sig_alg alg;
	const char *spki;
	const char *signature;
} vectors[] = {
	{ "EC brainpoolP256r1",
	  256,
	  PUBKEY_BRAINPOOL,
	  { .scheme = SIG_ECDSA, .digest = DIGEST_SHA256 },
	  "305a301406072a8648ce3d020106092b240303020801010703420004"
	  "2789ff3d55dbf6a09bd389de69dd4cb8accbd24cec14d6cff669b4b0"
	  "a8f1b5677df790097599ccae297f3556ad1c1aa749ebae1d15567158"
	  "17743782ca7a3d26",
	  "30440220440d75b54ff4b5512371267a92d19b067fd335d84ba86aee"
	  "9f3abcffc78ca02c02207b2b235f607d94902816d15308db7adae7e6"
	  "a13dff9eb917c6f3a05c42eb84ea" },
	{ "EC brainpoolP384r1",
	  384,
	  PUBKEY_BRAINPOOL,
	  { .scheme = SIG_ECDSA, .digest = DIGEST_SHA384 },
	  "307a301406072a8648ce3d020106092b240303020801010b03620004"
	  "887c89007e9a27212095967b3faae30668475d1d6ebf78c615881455"
	  "a5a5664170d1808e914bf0bcbbc63d79b4840b3a5dad07cbae8ab61d"
	  "f6a162091f1c6f4cc3624591f685f55cf134f953159fb2fba8454ef3"
	  "561f01bf8b033a804db38831",
	  "30640230569a60f7bd1e8858f5b5157d2da6bc97742b2284a8eaf22f"
	  "9dac1b2994079ac34fd782ad3f91597dbbaeccb868ca238402307d90"
	  "2acfd299686edbed0286e39bda46613dc7f677321012648dd2c1e14c"
	  "6461ba1586c40ddd506879b901b7886f9ee6" },
	{ "EC brainpoolP512r1",
	  512,
	  PUBKEY_BRAINPOOL,
	  { .scheme = SIG_ECDSA, .digest = DIGEST_SHA512 },
	  "30819b301406072a8648ce3d020106092b240303020801010d038182"
	  "00044a3f1b33215d1c75d980a48b4621655e3df6bedae3bf70ece3b4"
	  "55812389891fb09499639cea7463dc83c2ea9969ff57b502ce69d3f3"
	  "07b71502130f81295d955daac4732786ead64e5cb0c82ac34b8d8ed4"
	  "fd055c18337fce16a91e2328c80682582dfcc31df1342dcf98a5ad7b"
	  "67d5427c0025a03f176f7cec9f1b75ce4369",
	  "30818402400dc3acd027b4807f2610337259d05e6fa9ba95a491a845"
	  "4ac25f0e1779511501bcac5301b793053c7d0763393e98dcfeae06a0"
	  "da9cb547f91d86052a893b74fe02407ca7931d283b5f46f13fe79b28"
	  "e04dfab447cdb87d24e445c52300e7da536244987f621060421a6aec"
	  "3f5746b0aa1271fbbaa129c282942a0cb4d8e71fd95246" },
	{ "SM2",
	  256,
	  PUBKEY_SM2,
	  { .scheme = SIG_SM2, .digest = DIGEST_SM3 },
	  "3059301306072a8648ce3d020106082a811ccf5501822d03420004d3"
	  "5593e542f07594fdcad1009e660d5dfb18ac64f766895cc81050284e"
	  "5150795613d55976e1e4e53a29770f888767ff0c637e93a1e4f34041"
	  "7a73d182ddbd0a",
	  "3045022100c93978b92dcd52055a8d545cd78a73053b89db1274f3ab"
	  "6cde0df3b1896f550d0220329e4d7fcfcdc8cb35a7ae34c59ef9dfca"
	  "4a27348c5eed041f999a1b3d18c7c6" },
	{ "EC brainpoolP256r1",
	  256,
	  PUBKEY_BRAINPOOL,
	  { .scheme = SIG_ECDSA, .digest = DIGEST_SHA512 },
	  "305a301406072a8648ce3d020106092b240303020801010703420004"
	  "2789ff3d55dbf6a09bd389de69dd4cb8accbd24cec14d6cff669b4b0"
	  "a8f1b5677df790097599ccae297f3556ad1c1aa749ebae1d15567158"
	  "17743782ca7a3d26",
	  "304402204c98d57df3ecba90fea250084f4c1b69e21d46cf0b460b32"
	  "de9d3cdf98a0dc72022075399af9694ec3003231794d4dd683b0a1b7"
	  "05061538960a9731d6f906c83497" },
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static struct buf spki, signature;

static void read_key(size_t i, struct pubkey **pk)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	buf_reset(&spki);
	buf_reset(&signature);
	assert_true(hex_decode(slice_str(vectors[i].spki), &spki));
	assert_true(hex_decode(slice_str(vectors[i].signature), &signature));
	status = pubkey_from_spki(buf_get(&spki), pk, &why);
	if (status == DEED_UNSUPPORTED &&
	    strstr(why.message, "libgcrypt") != NULL)
		skip();
	assert_int_equal(status, DEED_OK);
}

static enum deed_status verify(const struct pubkey *pk, size_t i,
			       const char *text)
{
	return pubkey_verify(pk, &vectors[i].alg, slice_str(text),
			     buf_get(&signature), NULL);
}

static void test_vectors(void **state)
{
	struct pubkey *pk;
	size_t i;

	(void)state;
	for (i = 0; i < VECTORS; i++) {
		read_key(i, &pk);
		assert_string_equal(pubkey_text(pk), vectors[i].text);
		assert_int_equal(pubkey_type(pk), vectors[i].type);
		assert_int_equal(pubkey_bits(pk), vectors[i].bits);
		assert_int_equal(pubkey_curve(pk), EC_NONE);
		assert_true(pubkey_verifies_only(pk));
		assert_int_equal(verify(pk, i, CONTRACT), DEED_OK);
		assert_int_equal(verify(pk, i, "the contracT"),
				 DEED_BAD_SIGNATURE);
		pubkey_free(pk);
	}
}

/* Each octet of the signature matters, now this bit and now that, and no
 * length is too odd. */
static void test_changed(void **state)
{
	struct pubkey *pk;
	size_t i, k, len;

	(void)state;
	for (i = 0; i < VECTORS; i++) {
		read_key(i, &pk);
		len = signature.len;
		for (k = 0; k < 8 * len; k += 7) {
			signature.data[k / 8] ^= (uint8_t)(1u << (k % 8));
			assert_int_equal(verify(pk, i, CONTRACT),
					 DEED_BAD_SIGNATURE);
			signature.data[k / 8] ^= (uint8_t)(1u << (k % 8));
		}
		for (signature.len = 0; signature.len < len; signature.len++)
			assert_int_equal(verify(pk, i, CONTRACT),
					 DEED_BAD_SIGNATURE);
		pubkey_free(pk);
	}
}

/* (0, 0), (1, 1), a number longer than the curve's. */
static void test_numbers(void **state)
{
	static const char *const hex[] = {
		"3006020100020100", "3006020101020101",
		"300602017f020180", /* negative */
	};
	char longest[2 * 140];
	struct pubkey *pk;
	size_t i, k;

	(void)state;
	(void)snprintf(longest, sizeof(longest), "304702420100%0128d020101", 0);
	for (i = 0; i < VECTORS; i++) {
		read_key(i, &pk);
		for (k = 0; k < 4; k++) {
			buf_reset(&signature);
			assert_true(
				hex_decode(slice_str(k < 3 ? hex[k] : longest),
					   &signature));
			assert_int_equal(verify(pk, i, CONTRACT),
					 DEED_BAD_SIGNATURE);
		}
		pubkey_free(pk);
	}
}

/* Points beside the curve, beyond its field, compressed, cut, at infinity. */
static void test_points(void **state)
{
	struct pubkey *pk, *bad;
	size_t i, at, bits;

	(void)state;
	for (i = 0; i < VECTORS; i++) {
		read_key(i, &pk);
		bits = 1 + 2 * ((pubkey_bits(pk) + 7) / 8);
		pubkey_free(pk);
		for (at = spki.len - bits + 1; at < spki.len; at += 7) {
			spki.data[at] ^= 4;
			assert_int_equal(
				pubkey_from_spki(buf_get(&spki), &bad, NULL),
				DEED_MALFORMED);
			spki.data[at] ^= 4;
		}
		at = spki.len - bits;
		spki.data[at] = 6;
		assert_int_equal(pubkey_from_spki(buf_get(&spki), &bad, NULL),
				 DEED_MALFORMED);
		spki.data[at] = 4;
		memset(spki.data + at + 1, 0xff, bits - 1);
		assert_int_equal(pubkey_from_spki(buf_get(&spki), &bad, NULL),
				 DEED_MALFORMED);
		memset(spki.data + at + 1, 0, bits - 1);
		assert_int_equal(pubkey_from_spki(buf_get(&spki), &bad, NULL),
				 DEED_MALFORMED);
	}
}

static void test_sm2(void **state)
{
	static const struct sig_alg ecdsa = { .scheme = SIG_ECDSA,
					      .digest = DIGEST_SHA256 };
	static const struct sig_alg sha = { .scheme = SIG_SM2,
					    .digest = DIGEST_SHA256 };
	static const struct sig_alg sm3 = { .scheme = SIG_SM2,
					    .digest = DIGEST_SM3 };
	uint8_t hash[SHA256_SIZE] = { 0 };
	struct pubkey *pk;

	(void)state;
	read_key(3, &pk);
	/* Not judged, and so never said not to hold. */
	assert_int_equal(pubkey_verify(pk, &ecdsa, slice_str(CONTRACT),
				       buf_get(&signature), NULL),
			 DEED_UNSUPPORTED);
	assert_int_equal(pubkey_verify(pk, &sha, slice_str(CONTRACT),
				       buf_get(&signature), NULL),
			 DEED_UNSUPPORTED);
	assert_int_equal(pubkey_verify_hash(pk, &sm3,
					    slice_of(hash, sizeof(hash)),
					    buf_get(&signature), NULL),
			 DEED_UNSUPPORTED);
	pubkey_free(pk);
	read_key(0, &pk);
	assert_int_equal(pubkey_verify(pk, &sm3, slice_str(CONTRACT),
				       buf_get(&signature), NULL),
			 DEED_BAD_SIGNATURE);
	pubkey_free(pk);
}

static void test_sm3(void **state)
{
	uint8_t out[DIGEST_MAX];
	struct buf hex = BUF_INIT;

	(void)state;
	/* GB/T 32905 A.1. */
	digest_once(DIGEST_SM3, slice_str("abc"), out);
	assert_true(hex_decode(
		slice_str("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297d"
			  "a02b8f4ba8e0"),
		&hex));
	assert_int_equal(digest_size(DIGEST_SM3), hex.len);
	assert_memory_equal(out, hex.data, hex.len);
	buf_clear(&hex);
}

static int clear(void **state)
{
	(void)state;
	buf_clear(&spki);
	buf_clear(&signature);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_changed),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_points),
		cmocka_unit_test(test_sm2),	cmocka_unit_test(test_sm3),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, clear);
}
