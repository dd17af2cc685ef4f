/* SPDX-License-Identifier: Apache-2.0 */
#include "past_validation_world.h"

/* What the policy demands: algorithms, freshness, signature policies; and
 * what no proof of existence mends. */

/* ---- algorithms ---- */

static void test_algorithms(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	w.policy.ecdsa = at("2026-06-01");
	sign(&w);
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, "ECDSA");
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", TOTAL_PASSED, SUB_NONE);
	/* A time-stamp from after the end does not help. */
	sign(&w);
	raise(&w, &w.tsa, "2026-06-01T00:00:00Z", LEVEL_B_T);
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	/* What is never accepted no proof saves. */
	w.policy.ecdsa = CONSTRAINTS_NEVER;
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "not accepted");
	/* The time-stamp's own algorithm ends: it proves nothing more. */
	w.policy = *constraints_default();
	w.policy.ecdsa = at("2026-06-01");
	w.policy.ed25519 = at("2026-06-01");
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	/* So does the digest of its imprint. */
	w.policy = *constraints_default();
	w.policy.ecdsa = at("2026-06-01");
	w.policy.digest[DIGEST_SHA256] = at("2026-06-01");
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	world_close(&w);
}

/* Only the signer's own key is too weak; its chain is not. */
static void test_algorithm_of_signature(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	entity_clear(&w.ca);
	w.ca.key = new_key(KEY_ED25519);
	w.ca.cert = NULL;
	certify(&w.ca, &w.root, USE_CA, "2020-01-01", "2040-01-01",
		DIGEST_NONE);
	certify(&w.leaf, &w.ca, USE_SIGN, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	forget(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	w.policy.ecdsa = at("2026-06-01");
	sign(&w);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    "the signature relies on ECDSA");
	sign_after(&w, &w.tsa, "2026-06-01T12:00:00Z");
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "made later");
	w.policy.ecdsa = CONSTRAINTS_NEVER;
	sign(&w);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "never");
	world_close(&w);
}

/* A chain over a digest from when that was good. */
static void test_old_chain(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	certify(&w.leaf, &w.ca, USE_SIGN, "2026-01-01", "2028-01-01",
		DIGEST_SHA384);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	w.policy.digest[DIGEST_SHA384] = at("2026-06-01");
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, "sha384");
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* ---- freshness ---- */

static void test_freshness(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	good_lists(&w, "2026-05-09", "2026-06-09");
	expect(&w, "2026-05-11", TOTAL_PASSED, SUB_NONE);
	w.policy.freshness = FRESHNESS_AFTER_SIGNATURE;
	expect(&w, "2026-05-11", INDETERMINATE, SUB_TRY_LATER);
	good_lists(&w, "2026-05-11", "2026-06-11");
	expect(&w, "2026-05-11", TOTAL_PASSED, SUB_NONE);
	/* An age, at the time of judging. */
	w.policy = *constraints_default();
	w.policy.has_age = true;
	w.policy.age = 86400;
	expect(&w, "2026-05-11T12:00:00Z", TOTAL_PASSED, SUB_NONE);
	sign(&w);
	expect(&w, "2026-05-20", INDETERMINATE, SUB_TRY_LATER);
	/* However old. */
	w.policy = *constraints_default();
	expect(&w, "2026-07-01", INDETERMINATE, SUB_TRY_LATER);
	w.policy.freshness = FRESHNESS_ANY;
	expect(&w, "2026-07-01", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* ---- what else a chain or a signature may lack ---- */

static void test_constraints(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	certify(&w.leaf, &w.ca, USE_NONE, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	expect(&w, SIGNED, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE);
	certify(&w.leaf, &w.ca, USE_ODD, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	sign(&w);
	expect(&w, SIGNED, INDETERMINATE,
	       SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE);
	certify(&w.leaf, &w.ca, USE_NONE, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	sign(&w);
	/* No proof mends that. */
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2028-02-02", INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE);
	world_close(&w);
}

/* A value that the key did not make. */
static void test_forged(void **state)
{
	struct verdict_document *doc;
	struct cms_signed *sd;
	struct world w;
	size_t i;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	assert_ok(cms_signed_parse(buf_get(&w.cms), &sd, err));
	for (i = 0; i + 8 <= w.cms.len; i++) {
		if (memcmp(w.cms.data + i,
			   sd->signers[0].signature.data +
				   sd->signers[0].signature.len - 8,
			   8) == 0)
			w.cms.data[i + 7] ^= 1;
	}
	cms_signed_free(sd);
	doc = judge(&w, SIGNED);
	assert_int_equal(doc->signatures[0].indication, TOTAL_FAILED);
	assert_int_equal(doc->signatures[0].sub, SUB_SIG_CRYPTO_FAILURE);
	assert_int_equal(doc->signatures[0].level, LEVEL_NONE);
	verdict_document_free(doc);
	world_close(&w);
}

static void sign_policy(struct world *w, struct slice value)
{
	struct cms_write_attribute attr = { .type = OID_SIGNATURE_POLICY,
					    .value = value };

	sign_with(w, &attr);
}

static void test_policy(void **state)
{
	struct buf value = BUF_INIT, oid = BUF_INIT;
	struct der_writer w;
	struct world world;
	uint8_t hash[SHA256_SIZE] = { 7 };

	(void)state;
	world_open(&world);
	good_lists(&world, "2026-05-10", "2026-06-10");
	assert_true(oid_encode("2.16.76.1.7", &oid));
	der_writer_init(&w, &value);
	der_begin(&w, DER_SEQUENCE);
	der_put(&w, DER_OID, buf_get(&oid));
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, OID_SHA256, false);
	der_put_octets(&w, slice_of(hash, sizeof(hash)));
	der_end(&w);
	der_end(&w);
	sign_policy(&world, buf_get(&value));
	expect_says(&world, SIGNED, TOTAL_PASSED, SUB_NONE, "2.16.76.1.7");
	world.policy.any_policy = false;
	expect(&world, SIGNED, INDETERMINATE,
	       SUB_SIGNATURE_POLICY_NOT_AVAILABLE);
	world.policy.policy_count = 1;
	world.policy.policies[0].oid_len = oid.len;
	memcpy(world.policy.policies[0].oid, oid.data, oid.len);
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	world.policy.policies[0].has_sha256 = true;
	expect(&world, SIGNED, INDETERMINATE, SUB_POLICY_PROCESSING_ERROR);
	memcpy(world.policy.policies[0].sha256, hash, sizeof(hash));
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	/* In no form that is known; and implied. */
	sign_policy(&world, slice_of("\x04\x01\x00", 3));
	expect(&world, SIGNED, INDETERMINATE, SUB_POLICY_PROCESSING_ERROR);
	sign_policy(&world, slice_of("\x05\x00", 2));
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	buf_clear(&value);
	buf_clear(&oid);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_algorithm_of_signature),
		cmocka_unit_test(test_old_chain),
		cmocka_unit_test(test_freshness),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_policy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
