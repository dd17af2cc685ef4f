/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include "key/pubkey.h"

/*
 * What deed verifies and never makes.  The vectors are openssl 3.0's: pkeyutl
 * -rawin for Ed448, and with rsa_mgf1_md for RSA-PSS.
 */

#define CONTRACT "the contract"

static const char ed448_spki[] =
	"3043300506032b6571033a00211989bd53a7282d5c5a8224f15660976db3"
	"b9257407a32688e27c6556b26f31fde5a869b12d16e97d06e70fde3fd6ce"
	"33b1437de051389300";
static const char ed448_signature[] =
	"cdc9133656ea70a42e7e2d9ffe913824f704d1e5b51e48fa6dc452d05689"
	"4b9a97d9117103f158b89c0e28ecba057b0ec7b00eb83ee2feb88006826d"
	"237a4c478fb2ae811c2b72e93d6043986919b099c222c8bb9fd1d59e2160"
	"34472b8569fbc4fa0b1a888381a685e1ebce681804d20300";

/* Of 1024 bits, and of 1025: there the encoding has an octet less. */
static const char *const rsa_spki[] = {
	"30819f300d06092a864886f70d010101050003818d0030818902818100b0"
	"d36bb9aa74e9a3048610695a78c13997d3bafb2bb971358ee13581aad1d6"
	"133bf42ff768fb31a619856d996443f16cf766ae3b0be121c99cd5cd2d08"
	"b6fffd0d66f8eab611e75cea675845b01bb193dfc43a5d8b0deccd9806e6"
	"d6a91ce8dccc769dc0ef0dabba535dc7ff0bada48716a28856f0de8cf9d9"
	"a7718cf7698c410203010001",
	"30819f300d06092a864886f70d010101050003818d00308189028181014b"
	"c42bdbb7cef57ab630d4509b11cdb27adddb58bcf16fc85a75751d7f3638"
	"bed42bad7a94b527994e04de96d0b61a02c780b8d16619e76bf0fb2e5b58"
	"17cb221c73fe0c3cba28810650b7d7e73b2cdb57ad2548c747c2011c2415"
	"55d9da19b49f144d98cb4e16283e8c868b693e9ac3a57679b5851ffde889"
	"1934d9474ca1ad0203010001",
};

struct pss_case {
	int key;
	struct sig_alg alg;
	const char *signature;
};

static const struct pss_case pss_cases[] = {
	{ 0,
	  { SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_SHA1 },
	  "6cabeba5b06fcf921babbe94ab7aa8ad4cc3167420b7050223a0f4b543f3"
	  "ef017338b8b2788a1c5c30606986470e9c0110fd33cd3a56a7b75866c05a"
	  "db6147ace4461fb172f47112bbcc8d6aa56b344258e1ad04deffdbe73ee6"
	  "24e1262ee4d54d6d27c10b506752f4e48cf0d6969dee4a150e5f6e83c3b7"
	  "41afe3cb7a385e6f" },
	{ 0,
	  { SIG_RSA_PSS, DIGEST_SHA256, 0, DIGEST_SHA512 },
	  "44ec0dd07db76c99969f5ed37858b7cc5fa212874350aeec04d9dc513939"
	  "e0ad391b250359f454c0afaf1f41ba9e1d302206cf47f1a5e06e74b5a43b"
	  "e4d1fe16286144bf607db50abc41352ade9db2c356e427b9cec7edd46ddf"
	  "76b3f4f358cc5586d571a4e2f4337f6a0ad09cb7219095843f93a2be5622"
	  "29f4cf4d0af22e26" },
	{ 0,
	  { SIG_RSA_PSS, DIGEST_SHA1, 20, DIGEST_SHA256 },
	  "68c31837a566dc61b6445ab18c870832f16f2393c849d67f072884adb619"
	  "21fc15541f17bb6bbd90a634e6e3936da86a263a54b01817ef67e8b6180d"
	  "a65a8dfeaa7992b01b34a5498aebac83937005f3cf50cccc94d95866ea69"
	  "637ef85020c635423caf06785c93b8d01e74fc53f889e0e8ad68f2213f0b"
	  "e4dd6c0a6d9098f3" },
	{ 1,
	  { SIG_RSA_PSS, DIGEST_SHA256, 32, DIGEST_SHA1 },
	  "010a79e6264d1f1af468f21d6a312f19921dc12737dfc9702020aa8371db"
	  "1600261af14cbfa86ac64b378f22586c73b510ba0ffed5c4b583e5386f2b"
	  "09018aad6fd6fb6209abdaa142937e7a38ac27915b18fcb3914902dbf7e4"
	  "d9ff02f236c9da1b7a220379be394a7359163956e4ee814ffda32c2c4b16"
	  "708a3ea42650667bb3" },
	{ 1,
	  { SIG_RSA_PSS, DIGEST_SHA256, 0, DIGEST_SHA512 },
	  "011fede40e8f3f5c26c5387340031a8c27cc5f2279dee672d9ca12d10c4e"
	  "918d8063b42546a1ef8b0c77baf8c88d32ffc5db1f970fbb0a3d3afe37b7"
	  "cc91752a001b2cf3aa294e03f8337c5ee0e691e07418108e5be2de34cd72"
	  "d78e8a487cfbd220c31ffbccf2165539c4c9559aef5356cdab4d2a8a4cc0"
	  "0153d9fc572910c456" },
	{ 1,
	  { SIG_RSA_PSS, DIGEST_SHA1, 20, DIGEST_SHA256 },
	  "00f8bd3170885d3d7b98df8ac0d940e260d42b113af5a94786d72ca5d425"
	  "7882934cee869ca7b598f01c70481ece828ba6bda7a01f2f898173145e3a"
	  "7dab240e3b6e699a18de271dd58252983b88d9cad664f3ae75128cae7fcd"
	  "3553a08776e44b2f537844988c3dbd61161d79fe89b91cfa6fb7ee69f42f"
	  "abe02c98dfb64dad15" },
};

static struct pubkey *key(const char *hex)
{
	struct buf b = BUF_INIT;
	struct pubkey *pk;

	assert_true(hex_decode(slice_str(hex), &b));
	assert_ok(pubkey_from_spki(buf_get(&b), &pk, err));
	buf_clear(&b);
	return pk;
}

/* Every bit of the signature changed, an octet less, an octet more. */
static void check_holds_alone(const struct pubkey *pk,
			      const struct sig_alg *alg, const char *hex)
{
	struct slice data = slice_str(CONTRACT);
	struct buf sig = BUF_INIT;
	size_t i, end;

	assert_true(hex_decode(slice_str(hex), &sig));
	end = sig.len;
	assert_ok(pubkey_verify(pk, alg, data, buf_get(&sig), err));
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(pk, alg, slice_str("The contract"),
				    buf_get(&sig), err));
	for (i = 0; i < 8 * end; i++) {
		sig.data[i / 8] ^= (uint8_t)(1 << i % 8);
		if (pubkey_verify(pk, alg, data, buf_get(&sig), NULL) !=
		    DEED_BAD_SIGNATURE)
			fail_msg("bit %zu changed, and it holds", i);
		sig.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	assert_status(
		DEED_BAD_SIGNATURE,
		pubkey_verify(pk, alg, data, slice_of(sig.data, end - 1), err));
	buf_byte(&sig, 0);
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(pk, alg, data, buf_get(&sig), err));
	buf_clear(&sig);
}

static void test_ed448(void **state)
{
	static const struct sig_alg alg = { .scheme = SIG_ED448 };
	static const struct sig_alg other = { .scheme = SIG_ED25519 };
	struct pubkey *pk = key(ed448_spki);
	struct buf sig = BUF_INIT;

	(void)state;
	assert_int_equal(pubkey_type(pk), PUBKEY_ED448);
	assert_string_equal(pubkey_text(pk), "Ed448");
	check_holds_alone(pk, &alg, ed448_signature);
	assert_true(hex_decode(slice_str(ed448_signature), &sig));
	assert_status(DEED_BAD_SIGNATURE,
		      pubkey_verify(pk, &other, slice_str(CONTRACT),
				    buf_get(&sig), err));
	/* A hash is not what it signs. */
	assert_status(DEED_UNSUPPORTED,
		      pubkey_verify_hash(pk, &alg, slice_str(CONTRACT),
					 buf_get(&sig), err));
	buf_clear(&sig);
	pubkey_free(pk);
}

static void test_pss_masks(void **state)
{
	const struct pss_case *c;
	struct sig_alg other;
	struct buf sig = BUF_INIT;
	struct pubkey *pk;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pss_cases) / sizeof(pss_cases[0]); i++) {
		c = &pss_cases[i];
		pk = key(rsa_spki[c->key]);
		check_holds_alone(pk, &c->alg, c->signature);
		buf_reset(&sig);
		assert_true(hex_decode(slice_str(c->signature), &sig));
		/* With the digest's own mask, another, another salt. */
		other = c->alg;
		other.mask = DIGEST_NONE;
		assert_status(DEED_BAD_SIGNATURE,
			      pubkey_verify(pk, &other, slice_str(CONTRACT),
					    buf_get(&sig), err));
		other.mask = DIGEST_SHA384;
		assert_status(DEED_BAD_SIGNATURE,
			      pubkey_verify(pk, &other, slice_str(CONTRACT),
					    buf_get(&sig), err));
		other = c->alg;
		for (other.salt_len = 0; other.salt_len < 2048;
		     other.salt_len++)
			assert_int_equal(pubkey_verify(pk, &other,
						       slice_str(CONTRACT),
						       buf_get(&sig), NULL),
					 other.salt_len == c->alg.salt_len
						 ? DEED_OK
						 : DEED_BAD_SIGNATURE);
		pubkey_free(pk);
	}
	buf_clear(&sig);
}

/* What is not known is called by its name and its object identifier. */
static void test_names(void **state)
{
	static const struct {
		bool is_key;
		const char *hex;
		const char *says;
	} cases[] = {
		/* brainpoolP256t1, secp256k1, a curve of 1.2.3, by numbers */
		{ true,
		  "301c301406072a8648ce3d020106092b240303020801010803040004"
		  "0000",
		  "brainpoolP256t1 (1.3.36.3.3.2.8.1.1.8)" },
		{ true, "3018301006072a8648ce3d020106052b8104000a030400040000",
		  "secp256k1 (1.3.132.0.10)" },
		{ true, "3015300d06072a8648ce3d020106022a03030400040000",
		  "curve 1.2.3 is" },
		{ true, "3013300b06072a8648ce3d02013000030400040000",
		  "given by its numbers" },
		/* X448, ML-DSA-65, 1.2.3 */
		{ true, "300d300506032b656f030400040000",
		  "X448 (1.3.101.111)" },
		{ true, "3013300b0609608648016503040312030400040000",
		  "id-ml-dsa-65 (2.16.840.1.101.3.4.3.18)" },
		{ true, "300c300406022a03030400040000", "algorithm 1.2.3 is" },
		/* RSA with a negative modulus; Ed448 of four octets less */
		{ true,
		  "301b300d06092a864886f70d0101010500030a003007020280010201"
		  "03",
		  "its RSA modulus is negative" },
		{ true,
		  "303f300506032b657103360000000000000000000000000000000000"
		  "00000000000000000000000000000000000000000000000000000000"
		  "000000000000000000",
		  "its point is not of the curve's size" },
		/* Signature algorithms. */
		{ false, "300406022a03", "algorithm 1.2.3 is not known" },
		{ false, "300a06082a85030701010302", "1.2.643.7.1.1.3.2" },
		{ false, "300a06082b06010505070621",
		  "id-ecdsa-with-shake256 (1.3.6.1.5.5.7.6.33)" },
		/* PSS over RIPEMD; with MGF 1.2.3; MGF1 over it, over
		 * SHAKE256; trailer 2 */
		{ false,
		  "301a06092a864886f70d01010a300da00b300906052b240302010500",
		  "hash of RSA-PSS ripemd160 (1.3.36.3.2.1)" },
		{ false, "301506092a864886f70d01010a3008a106300406022a03",
		  "mask generation function of RSA-PSS 1.2.3 is" },
		{ false,
		  "302506092a864886f70d01010a3018a116301406092a864886f70d01"
		  "0108300706052b24030201",
		  "hash of MGF1, the mask generation function of RSA-"
		  "PSS, ripemd160 (1.3.36.3.2.1) is" },
		{ false,
		  "302906092a864886f70d01010a301ca11a301806092a864886f70d01"
		  "0108300b060960864801650304020c",
		  "RSA-PSS, shake256 (2.16.840.1.101.3.4.2.12) is" },
		{ false, "301206092a864886f70d01010a3005a303020102",
		  "trailer field 2" },
	};
	struct deed_error why;
	struct buf b = BUF_INIT;
	enum deed_status status;
	struct sig_alg alg;
	struct pubkey *pk;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why = (struct deed_error)DEED_ERROR_INIT;
		buf_reset(&b);
		assert_true(hex_decode(slice_str(cases[i].hex), &b));
		status = cases[i].is_key
				 ? pubkey_from_spki(buf_get(&b), &pk, &why)
				 : sig_alg_parse(buf_get(&b), &alg, &why);
		if (status == DEED_OK ||
		    strstr(why.message, cases[i].says) == NULL)
			fail_msg("case %zu: %s: %s", i, deed_status_id(status),
				 why.message);
	}
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed448),
		cmocka_unit_test(test_pss_masks),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
